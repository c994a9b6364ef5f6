"""Is shiatsu regulated here?"""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.http.words import country_name
from directory.lib.words import N_
from directory.models import Regulation
from directory.services import bodies, guide

bp = Blueprint("public_regulation", __name__)

# In the order in which a reader of this directory wants to know them.
PROFESSIONS = {
    "shiatsu": N_("Shiatsu"),
    "massage": N_("Massage"),
    "acupuncture": N_("Acupuncture"),
    "osteopathy": N_("Osteopathy"),
    "chiropractic": N_("Chiropractic"),
    "physiotherapy": N_("Physiotherapy"),
}
# Parts of countries as the records name them. Names of places are not translated.
SUBDIVISIONS = {
    "GB": {"LND": "London", "ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"},
    "US": {
        "MA": "Massachusetts", "ID": "Idaho", "GA": "Georgia", "CA": "California", "KS": "Kansas", "MN": "Minnesota",
        "WY": "Wyoming", "VT": "Vermont",
    },
    "CA": {
        "ON": "Ontario", "BC": "British Columbia", "NB": "New Brunswick", "NL": "Newfoundland and Labrador",
        "PE": "Prince Edward Island", "AB": "Alberta", "SK": "Saskatchewan", "MB": "Manitoba", "QC": "Quebec",
        "NS": "Nova Scotia",
    },
}  # fmt: skip


@bp.get("/regulation")
@anyone
@lasting()
def index() -> ResponseReturnValue:
    """What the law says of shiatsu and of massage, country by country."""
    own = _own_country()
    shiatsu, massage = guide.regulation_by_country("shiatsu"), guide.regulation_by_country("massage")
    codes = sorted({*shiatsu, *massage}, key=lambda code: (code != own, country_name(code)))
    return render_template(
        "public/regulation/index.html",
        rows=[(code, shiatsu.get(code), massage.get(code)) for code in codes],
        law=guide.regulation_for(own),
        section="guide",
    )


@bp.get("/regulation/<country>")
@anyone
@lasting()
def show(country: str) -> ResponseReturnValue:
    """Every record of the law in a country, and in its parts."""
    records = guide.regulation_of(country)
    whole = [record for record in records if record.subdivision is None]
    return render_template(
        "public/regulation/show.html",
        country=country,
        whole=sorted(whole, key=_order),
        parts=_parts(country, [record for record in records if record.subdivision is not None]),
        professions=PROFESSIONS,
        bodies={body.id: body for body in bodies.named(sorted({key for record in records for key in record.body_ids}))},
        section="guide",
    )


def _parts(country: str, records: list[Regulation]) -> list[tuple[str, list[Regulation]]]:
    """Records of parts of a country, by the name of the part."""
    names = SUBDIVISIONS.get(country, {})
    found: dict[str, list[Regulation]] = {}
    for record in sorted(records, key=_order):
        code = record.subdivision or ""
        found.setdefault(names.get(code, code), []).append(record)
    return sorted(found.items())


def _order(record: Regulation) -> int:
    known = list(PROFESSIONS)
    return known.index(record.profession) if record.profession in known else len(known)


def _own_country() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.country
