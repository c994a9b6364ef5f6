"""The components in use, for developers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import developer

bp = Blueprint("public_styleguide", __name__)


@bp.get("/styleguide")
@developer
def show() -> ResponseReturnValue:
    """Not yet."""
    return ""
