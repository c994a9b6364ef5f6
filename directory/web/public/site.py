"""About this site."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_site", __name__)


@bp.get("/accessibility")
@anyone
def accessibility() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/privacy")
@anyone
def privacy() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/credits")
@anyone
def credits() -> ResponseReturnValue:
    """Not yet."""
    return ""
