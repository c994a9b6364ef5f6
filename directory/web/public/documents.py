"""The terms and the rules for listings, in every version that anybody has agreed to."""

import datetime as dt

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.lib.words import N_
from directory.services import guide
from directory.services.agreements import DOCUMENTS, MINIMUM_AGE

bp = Blueprint("public_documents", __name__)

TITLES = {"terms": N_("Terms"), "listing-rules": N_("Rules for listings")}
# Every version there was: the newest holds. A text that was agreed to is not changed; it gets a new version.
TEXTS = {
    "terms": {"2026-11-21": "public/documents/terms_2026_11_21.html"},
    "listing-rules": {"2026-11-21": "public/documents/listing_rules_2026_11_21.html"},
}
# What the rules rest on.
GUIDANCE = ("cap-health", "terms-regulated", "psa-wording", "dmcc-trustmark")


@bp.get("/terms")
@anyone
@lasting()
def terms() -> ResponseReturnValue:
    """The terms as they are now."""
    return _page("terms", DOCUMENTS["terms"])


@bp.get("/terms/<string(maxlength=10):version>")
@anyone
@lasting()
def terms_of(version: str) -> ResponseReturnValue:
    """The terms as they were."""
    return _page("terms", version)


@bp.get("/listing-rules")
@anyone
@lasting()
def listing_rules() -> ResponseReturnValue:
    """The rules for listings as they are now."""
    return _page("listing-rules", DOCUMENTS["listing-rules"])


@bp.get("/listing-rules/<string(maxlength=10):version>")
@anyone
@lasting()
def listing_rules_of(version: str) -> ResponseReturnValue:
    """The rules for listings as they were."""
    return _page("listing-rules", version)


def _page(document: str, version: str) -> ResponseReturnValue:
    if version not in TEXTS[document]:
        abort(404)
    endpoint = f".{document.replace('-', '_')}"
    return render_template(
        "public/documents/show.html",
        title=TITLES[document],
        text=TEXTS[document][version],
        version=version,
        holds_from=dt.date.fromisoformat(version),
        is_newest=version == DOCUMENTS[document],
        newest_endpoint=endpoint,
        version_endpoint=f"{endpoint}_of",
        others={one: dt.date.fromisoformat(one) for one in sorted(TEXTS[document], reverse=True) if one != version},
        minimum_age=MINIMUM_AGE,
        guidance=[one for one in map(guide.find, GUIDANCE) if one is not None],
    )
