"""Photographs that listings show."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.services import photos

bp = Blueprint("public_photos", __name__)

# Asked again each time: a listing that is hidden shows no photograph from that moment on.
KEEP_AND_ASK = "public, no-cache"


@bp.get("/photos/<string(maxlength=64):digest>.jpg")
@anyone
def show(digest: str) -> ResponseReturnValue:
    """A photograph, while a public listing shows it."""
    photo = photos.get_public(digest)
    response = Response(photo.content, mimetype="image/jpeg")
    response.set_etag(photo.digest)
    response.headers["Cache-Control"] = KEEP_AND_ASK
    return response.make_conditional(request)
