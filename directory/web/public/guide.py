"""The guide."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_guide", __name__)


@bp.get("/guide")
@anyone
def index() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/statuses")
@anyone
def statuses() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/before-you-go")
@anyone
def before_you_go() -> ResponseReturnValue:
    """Not yet."""
    return ""
