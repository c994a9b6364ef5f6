"""Search, profiles, comparison."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_practitioners", __name__)


@bp.get("/practitioners")
@anyone
def index() -> ResponseReturnValue:
    """Not yet."""
    return ""
