"""Objections to one's own notes: what was said, one's answer, what was decided, and one's appeal."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sign_ins
from directory.http.access import member
from directory.lib import clock
from directory.models import RecommendationState, Side
from directory.services import complaints, limits, modalities
from directory.services.recommendations import REASONS
from directory.web.forms.base import Form
from directory.web.forms.complaints import AnswerForm, AppealForm

bp = Blueprint("member_complaints", __name__, url_prefix="/member/complaints")


@bp.get("")
@member
def index() -> ResponseReturnValue:
    """Every objection to a note of one's own, the newest first."""
    at = clock.now()
    return render_template(
        "member/complaints/index.html",
        cases=complaints.of_writer(sign_ins.member()),
        reasons=REASONS,
        can_answer=lambda case: complaints.can_answer(case, at=at),
        answer_until=complaints.answer_until,
    )


@bp.get("/<string(maxlength=32):complaint_name>")
@member
def show(complaint_name: str) -> ResponseReturnValue:
    """One of them."""
    return _page(complaint_name)


@bp.post("/<string(maxlength=32):complaint_name>/answer")
@member
def answer(complaint_name: str) -> ResponseReturnValue:
    """Answer it, once."""
    complaints.get_own(sign_ins.member(), complaint_name)
    form = AnswerForm()
    if not form.validate():
        return _page(complaint_name, answer_form=form), 422
    at = clock.now()
    limits.spend("complaint-answer", account=sign_ins.member().id, at=at)
    case = complaints.get_own(sign_ins.member(), complaint_name)
    complaints.answer(case, form.text.data, by=sign_ins.member(), at=at)
    note = complaints.get_own(sign_ins.member(), complaint_name).recommendation
    flash(
        gettext("Your answer is kept. The note is shown until we have decided.")
        if note is not None and note.state is RecommendationState.SHOWN
        else gettext("Your answer is kept. We read it before we decide.")
    )
    return redirect(url_for(".show", complaint_name=complaint_name), 303)


@bp.post("/<string(maxlength=32):complaint_name>/appeal")
@member
def appeal(complaint_name: str) -> ResponseReturnValue:
    """Have somebody else decide again, for good."""
    complaints.get_own(sign_ins.member(), complaint_name)
    form = AppealForm()
    if not form.validate():
        return _page(complaint_name, appeal_form=form), 422
    at = clock.now()
    limits.spend("complaint-answer", account=sign_ins.member().id, at=at)
    case = complaints.get_own(sign_ins.member(), complaint_name)
    complaints.appeal(case, Side.WRITER, form.text.data, by=sign_ins.member(), at=at)
    flash(gettext("It is decided again, for good. We write to you."))
    return redirect(url_for(".show", complaint_name=complaint_name), 303)


def _page(complaint_name: str, *, answer_form: AnswerForm | None = None, appeal_form: AppealForm | None = None) -> str:
    case, at = complaints.get_own(sign_ins.member(), complaint_name), clock.now()
    note = case.recommendation
    if note is None:
        abort(404)
    form: Form | None = answer_form or appeal_form
    if form is None and complaints.can_answer(case, at=at):
        form = AnswerForm(formdata=None)
    elif form is None and complaints.can_appeal(case, Side.WRITER, at=at):
        form = AppealForm(formdata=None)
    return render_template(
        "member/complaints/show.html",
        case=case,
        note=note,
        kind=modalities.by_id().get(note.modality_id or ""),
        words=complaints.words_of(case),
        steps=complaints.steps_of(case),
        reasons=REASONS,
        form=form,
        can_answer=complaints.can_answer(case, at=at),
        answer_until=complaints.answer_until(case),
        can_appeal=complaints.can_appeal(case, Side.WRITER, at=at),
        appeal_until=complaints.appeal_until(case),
    )
