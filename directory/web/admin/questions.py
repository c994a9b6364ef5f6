"""Questions to friends that somebody who has the link reported: read by administrators, ended or left."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import permitted
from directory.lib import clock
from directory.models import Permission
from directory.services import questions
from directory.web.admin import desk
from directory.web.forms.questions import ReadingForm

bp = Blueprint("admin_questions", __name__, url_prefix="/admin/questions")


@bp.get("")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def index() -> ResponseReturnValue:
    """What was reported and is still open, the oldest first."""
    return render_template("admin/questions/index.html", found=questions.list_reported(at=clock.now()))


@bp.post("/<string(maxlength=32):question_id>/decision")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def judge(question_id: str) -> ResponseReturnValue:
    """End one of them, or leave it."""
    form = ReadingForm()
    if not form.validate():
        abort(422)
    ends = form.decision.data == "end"
    questions.judge(question_id, ends=ends, by=desk.administrator(), at=clock.now())
    flash(gettext("The question is ended, and the asker was told.") if ends else gettext("The question stays."))
    return redirect(url_for(".index"), 303)
