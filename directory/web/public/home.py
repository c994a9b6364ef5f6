"""The first page."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Concern, Modality, Status
from directory.services import concerns, figures, guide, modalities, search, statuses

bp = Blueprint("public_home", __name__)

ROWS = 8
BACK = "lower-back-pain"
FOUR = (
    (
        Status.CHECKED,
        N_("Checked"),
        N_("We looked at the body’s register on the day in the seal, and the name and the number agreed."),
    ),
    (
        Status.SELF_REPORTED,
        N_("Said, not checked"),
        N_("The practitioner says so. Nobody here has looked yet, so the place for the seal is empty."),
    ),
    (
        Status.CHECK_DUE,
        N_("A check is due"),
        N_("It was confirmed once, on the day in the seal. That day is too long ago to rely on."),
    ),
    (
        Status.ENDED,
        N_("Ended"),
        N_("The register showed an end on that day. People leave for many reasons, an unpaid fee among them."),
    ),
)


@bp.get("/")
@anyone
@lasting()
def show() -> ResponseReturnValue:
    """Search, what this is, how checking works, and the numbers of the directory."""
    settings: Settings = current_app.extensions["settings"]
    day = clock.today(settings.zone)
    found = figures.on(day)
    pairing = figures.pairs_concerns(settings.country, switched_on=settings.concern_pairing)
    return render_template(
        "public/home/show.html",
        distances=search.distances(settings.distance_unit),
        within=search.usual_within(settings.distance_unit),
        law=guide.regulation_for(settings.country),
        specimen=statuses.example(Status.CHECKED, day),
        four=[(statuses.example(status, day), name, words) for status, name, words in FOUR],
        flags=guide.red_flags({BACK}),
        methods=_methods(found.by_modality),
        concerns=_concerns(found.by_concern) if pairing else [],
        doctor_first=[concern for concern in concerns.list_all() if not concern.lists_practitioners],
        listed=found.listed,
        statements=figures.statements(day),
        bodies=figures.described_bodies(),
    )


def _methods(counts: dict[str, int]) -> list[tuple[Modality, int]]:
    """The kinds of treatment that most listings offer; before there are any, those that the directory is about."""
    found = [
        (modality, counts.get(modality.id, 0))
        for members in modalities.by_family().values()
        for modality in sorted(members, key=lambda modality: (modality.id != "shiatsu", not modality.is_shiatsu))
        if modality.tier == "core" or modality.id in counts
    ]
    return sorted(found, key=lambda row: -row[1])[:ROWS]


def _concerns(counts: dict[str, int]) -> list[tuple[Concern, int]]:
    """What most practitioners say they often work with."""
    found = [(concern, counts.get(concern.id, 0)) for concern in concerns.list_all() if concern.lists_practitioners]
    return sorted(found, key=lambda row: -row[1])[:ROWS]
