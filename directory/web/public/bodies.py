"""Professional bodies."""

from collections.abc import Iterable

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.http.words import country_name
from directory.lib import clock
from directory.lib.words import N_
from directory.services import bodies, figures, modalities

bp = Blueprint("public_bodies", __name__)

MAX_CODE = 20
# What a body is, in a few words, and in a sentence.
KINDS: dict[str, tuple[str, str]] = {
    "membership_body": (
        N_("Membership body"),
        N_("People join it. What it asks of them is its own affair, not the law’s."),
    ),
    "psa_accredited_register": (
        N_("Voluntary register"),
        N_("A register that people may join if they wish. No law asks them to."),
    ),
    "statutory_regulator": (
        N_("Regulator set up by law"),
        N_("The law says that only people on its register may use the title, or do the work."),
    ),
    "licensing_authority": (N_("Licensing authority"), N_("A public authority that gives, and takes away, a licence.")),
    "umbrella_body": (
        N_("Umbrella of other bodies"),
        N_("Its members are organisations. It lists no practitioners of its own."),
    ),
    "oversight_body": (
        N_("Oversight of registers"),
        N_("It looks at those who keep registers, and never at a practitioner."),
    ),
    "certification_body": (
        N_("Certification body"),
        N_("It examines people and gives a certificate. That is not a licence."),
    ),
    "quality_register": (N_("Quality register"), N_("A register kept for insurers and clients. Joining is a choice.")),
    "training_body": (N_("Training body"), N_("It trains, or sets what is taught.")),
}
UNKNOWN_KIND = (N_("Professional body"), N_("We do not know more about its nature."))
# In the order in which they are asked about. The name in the reference data, and the words for it.
CHECKS = (
    ("training", N_("Training")),
    ("insurance", N_("Insurance")),
    ("cpd", N_("Further training")),
    ("criminal_record", N_("Criminal record")),
    ("first_aid", N_("First aid")),
)


@bp.get("/bodies")
@anyone
@lasting()
def index() -> ResponseReturnValue:
    """Every body, by country; of one country with `country`."""
    everybody = bodies.list_all()
    known = _by_name({body.country for body in everybody})
    asked = request.args.get("country", "").strip()[:MAX_CODE].upper()
    country = asked if asked in known else None
    return render_template(
        "public/bodies/index.html",
        groups=[
            (code, [body for body in everybody if body.country == code])
            for code in known
            if country is None or code == country
        ],
        countries=[(code, sum(body.country == code for body in everybody)) for code in known],
        country=country,
        unknown=asked if asked and country is None else None,
        total=len(everybody),
        kinds=KINDS,
        unknown_kind=UNKNOWN_KIND,
        section="bodies",
    )


@bp.get("/bodies/<body_id>")
@anyone
@lasting()
def show(body_id: str) -> ResponseReturnValue:
    """What a body is and checks, and how many here state a membership of it."""
    body = bodies.get(body_id)
    stating, checked = figures.of_body(body.id, clock.today(_settings().zone))
    names = {modality.id: modality for modality in modalities.list_all()}
    return render_template(
        "public/bodies/show.html",
        body=body,
        kind=KINDS.get(body.kind, UNKNOWN_KIND),
        checks=CHECKS,
        register=_address(body.register_url),
        register_note=body.register_url if body.register_url and not _address(body.register_url) else None,
        scope=[names[modality_id] for modality_id in body.details.get("scope", []) if modality_id in names],
        stating=stating,
        checked=checked,
        held=figures.lists_of(body.id),
        section="bodies",
    )


def _by_name(codes: Iterable[str]) -> list[str]:
    """Countries by name, the site's own first."""
    own = _settings().country
    return sorted(codes, key=lambda code: (code != own, country_name(code)))


def _address(text: str | None) -> str | None:
    """The address in front of a note in brackets, if there is one."""
    first = (text or "").split(" ", 1)[0]
    return first if first.startswith(("https://", "http://")) else None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
