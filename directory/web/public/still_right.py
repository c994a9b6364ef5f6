"""The page behind the link of a letter: is the listing still right? One button, and no account is needed."""

import datetime as dt

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.lib import clock
from directory.models import NotFound
from directory.services import freshness
from directory.web.forms.base import Form

bp = Blueprint("public_still_right", __name__, url_prefix="/still-right")


@bp.get("/<string(maxlength=64):token>")
@anyone
def show(token: str) -> ResponseReturnValue:
    """Programs that read mail follow links, so it takes a button."""
    try:
        kept = freshness.look(token, at=clock.now())
    except NotFound:
        return render_template("public/still_right/used.html"), 404
    return render_template("public/still_right/show.html", form=Form(), token=token, kept=kept)


@bp.post("/<string(maxlength=64):token>")
@anyone
def confirm(token: str) -> ResponseReturnValue:
    """The listing is still right."""
    if not Form().validate():
        return redirect(url_for(".show", token=token), 303)
    try:
        freshness.confirm(token, at=clock.now())
    except NotFound:
        return render_template("public/still_right/used.html"), 404
    return redirect(url_for(".thanks"), 303)


@bp.get("/thanks")
@anyone
def thanks() -> ResponseReturnValue:
    """It was kept."""
    today: dt.date = clock.today(current_app.extensions["settings"].zone)
    return render_template("public/still_right/thanks.html", day=today)
