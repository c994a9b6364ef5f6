"""Whoever got a letter that somebody else had us send can end all such mail, without an account."""

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.http.headers import unlisted
from directory.lib import clock
from directory.services import mail_stops

bp = Blueprint("public_mail_stops", __name__)


def init_app(app: Flask) -> None:
    """Take these two buttons from whoever has the address of the page: programs that read mail press the first for
    their owner (RFC 8058), without having seen a form. So the page sets no cookie either."""
    for view in (stop, lift):
        app.extensions["csrf"].exempt(view)


@bp.get("/mail-stop/<string(maxlength=64):token>")
@anyone
def show(token: str) -> ResponseReturnValue:
    """A page with one button, which stops such mail or lets it come again."""
    page = render_template("public/mail_stops/show.html", token=token, is_stopped=mail_stops.is_stopped_by(token))
    return unlisted(page)


@bp.post("/mail-stop/<string(maxlength=64):token>")
@anyone
def stop(token: str) -> ResponseReturnValue:
    """Stop it."""
    mail_stops.stop_by(token, at=clock.now())
    return redirect(url_for(".show", token=token), 303)


@bp.post("/mail-stop/<string(maxlength=64):token>/lifting")
@anyone
def lift(token: str) -> ResponseReturnValue:
    """Let it come again."""
    mail_stops.allow_by(token)
    return redirect(url_for(".show", token=token), 303)
