"""What people come with."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_concerns", __name__)


@bp.get("/concerns")
@anyone
def index() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/concerns/<concern_id>")
@anyone
def show(concern_id: str) -> ResponseReturnValue:
    """Not yet."""
    return ""
