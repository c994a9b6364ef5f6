"""The photograph of one's own listing, before the public sees it."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from directory.http import sign_ins
from directory.http.access import member
from directory.models import NotFound
from directory.services import listings, photos

bp = Blueprint("member_photos", __name__)


@bp.get("/member/photo")
@member
def show() -> ResponseReturnValue:
    """The photograph that was sent last."""
    kept = listings.of_account(sign_ins.member())
    if kept is None:
        raise NotFound("no listing, so no photograph")
    return Response(photos.get_own(kept.practitioner_id).content, mimetype="image/jpeg")
