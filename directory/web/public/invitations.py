"""What somebody reads who was given the link to a circle. It needs no account; to answer does."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.http.headers import unlisted
from directory.lib import clock
from directory.models import NotFound
from directory.services import circles

bp = Blueprint("public_invitations", __name__)


@bp.get("/circle-invitations/<string(maxlength=64):token>")
@anyone
def show(token: str) -> ResponseReturnValue:
    """Who asks, and what it means. The same page for an invitation that is over as for one that never was."""
    try:
        invitation = circles.look(token, at=clock.now())
    except NotFound:
        return unlisted(render_template("public/invitations/over.html"), 404)
    return unlisted(render_template("public/invitations/show.html", invitation=invitation))
