"""About this site."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Outcome
from directory.services import claims, retention

bp = Blueprint("public_site", __name__)

# What each outcome is called for the public.
OUTCOMES = {
    Outcome.CONFIRMED: N_("On the register, and tied to the listing"),
    Outcome.NOT_FOUND: N_("Not found on the register"),
    Outcome.ENDED: N_("Shown there as ended"),
    Outcome.RESTRICTED: N_("A notice of the body"),
}


@bp.get("/how-we-check")
@anyone
def how_we_check() -> ResponseReturnValue:
    """Who looks at statements and how, how long it takes, and what came out."""
    day, at = clock.today(current_app.extensions["settings"].zone), clock.now()
    figures = claims.figures(day, at=at)
    return render_template(
        "public/site/how_we_check.html",
        figures=figures,
        outcomes=[(words, figures.outcomes.get(outcome, 0)) for outcome, words in OUTCOMES.items()],
    )


@bp.get("/accessibility")
@anyone
@lasting()
def accessibility() -> ResponseReturnValue:
    """How the site is made for everybody, and where it falls short."""
    return render_template("public/site/accessibility.html")


@bp.get("/privacy")
@anyone
@lasting()
def privacy() -> ResponseReturnValue:
    """What the site knows about visitors and practitioners, why, and for how long."""
    return render_template("public/site/privacy.html", rules=retention.RULES)


@bp.get("/credits", endpoint="credits")
@anyone
@lasting()
def credits_page() -> ResponseReturnValue:
    """Where the data comes from."""
    return render_template("public/site/credits.html")
