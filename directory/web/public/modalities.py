"""Kinds of treatment."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.http.access import anyone

bp = Blueprint("public_modalities", __name__)


@bp.get("/modalities")
@anyone
def index() -> ResponseReturnValue:
    """Not yet."""
    return ""


@bp.get("/modalities/<modality_id>")
@anyone
def show(modality_id: str) -> ResponseReturnValue:
    """Not yet."""
    return ""
