"""The components in use, for developers."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import developer
from directory.lib import clock
from directory.services import guide, search, statuses

bp = Blueprint("public_styleguide", __name__)


@bp.get("/styleguide")
@developer
def show() -> ResponseReturnValue:
    """Every component, with invented content."""
    settings: Settings = current_app.extensions["settings"]
    return render_template(
        "public/styleguide/show.html",
        standings=statuses.examples(clock.today(settings.zone)),
        distances=search.distances(settings.distance_unit),
        flags=guide.red_flags({"lower-back-pain"}),
        law=guide.regulation_for(settings.country),
    )
