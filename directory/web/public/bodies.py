"""Professional bodies."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_bodies", __name__)


@bp.get("/bodies")
@anyone
def index() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/bodies/<body_id>")
@anyone
def show(body_id: str) -> ResponseReturnValue:
    """Not yet."""
    return ""
