"""A note for one friend, behind a private link: no account is needed to read it, and no search engine keeps it."""

from functools import partial

from flask import Blueprint, Response, current_app, render_template, request

from directory.config import Settings
from directory.http import afterwards, sign_ins
from directory.http.access import anyone
from directory.http.headers import unlisted
from directory.lib import clock
from directory.lib.link_previews import is_preview
from directory.models import NotFound, RecommendationLink
from directory.services import modalities, profiles, recommendations

bp = Blueprint("public_notes", __name__)


@bp.errorhandler(NotFound)
def _over(_error: NotFound) -> Response:
    """The same page for a link that was ended as for one that never was."""
    return unlisted(render_template("public/notes/over.html"), 404)


@bp.get("/notes/<string(maxlength=64):token>")
@anyone
def show(token: str) -> Response:
    """The note, with what the practitioner's statements of membership amount to today."""
    settings: Settings = current_app.extensions["settings"]
    link = recommendations.links.look(token, at=clock.now())
    note = link.recommendation
    page = render_template(
        "public/notes/show.html",
        link=link,
        note=note,
        profile=profiles.get(note.practitioner.public_id, clock.today(settings.zone)),
        kind=modalities.by_id().get(note.modality_id or ""),
    )
    response = unlisted(page)
    if _is_read(link):
        afterwards.do(response, partial(recommendations.links.opened, link.id), "opening-not-counted")
    return response


def _is_read(link: RecommendationLink) -> bool:
    """Whether somebody else than its writer opened it, as far as can be told."""
    reader = sign_ins.current()
    is_writer = reader is not None and reader.id == link.recommendation.writer_id
    return request.method == "GET" and not is_writer and not is_preview(dict(request.headers))
