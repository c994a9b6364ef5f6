"""What a listing is, for practitioners who think of making one."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.lib import clock
from directory.models import Status
from directory.services import statuses

bp = Blueprint("public_for_practitioners", __name__)


@bp.get("/for-practitioners")
@anyone
@lasting()
def show() -> ResponseReturnValue:
    """How to be listed, what is shown, and how to leave."""
    today = clock.today(current_app.extensions["settings"].zone)
    return render_template(
        "public/for_practitioners/show.html",
        said=statuses.example(Status.SELF_REPORTED, today),
        checked=statuses.example(Status.CHECKED, today),
    )
