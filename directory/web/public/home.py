"""The first page."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_home", __name__)


@bp.get("/")
@anyone
def show() -> ResponseReturnValue:
    """Not yet."""
    return ""
