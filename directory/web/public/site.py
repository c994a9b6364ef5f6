"""About this site."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.services import retention

bp = Blueprint("public_site", __name__)


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
