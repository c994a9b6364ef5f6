"""Is shiatsu regulated here?"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_regulation", __name__)


@bp.get("/regulation")
@anyone
def index() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/regulation/<country>")
@anyone
def show(country: str) -> ResponseReturnValue:
    """Not yet."""
    return ""
