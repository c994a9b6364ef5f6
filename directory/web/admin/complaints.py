"""Objections to notes at the desk: what waits, one case with what both sides say, and the decision."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sanity
from directory.http.access import permitted
from directory.lib import clock
from directory.lib.words import N_
from directory.models import ComplaintState, InvalidTransition, Permission, Ruling
from directory.services import complaints, modalities, moderation, questions, recommendations
from directory.services.complaints import Case
from directory.services.recommendations import AGAINST, FOR, REASONS, Reason
from directory.web.admin import desk
from directory.web.forms.recommendation_decisions import NoteDecisionForm

bp = Blueprint("admin_complaints", __name__, url_prefix="/admin/complaints")


@dataclass(frozen=True)
class Choice:
    """What can be decided, by which key, and in which words."""

    value: Ruling
    key: str
    label: str


RULINGS = (
    Choice(Ruling.KEEP, "S", N_("The note is shown: nothing stands against it")),
    Choice(Ruling.HIDE, "H", N_("The note is hidden: the objection is right")),
)
FITTING: Mapping[str, Mapping[str, Reason]] = {Ruling.KEEP: FOR, Ruling.HIDE: AGAINST}


class Which(StrEnum):
    """Which list."""

    WAITING = "waiting"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return {Which.WAITING: N_("Waiting"), Which.ENDED: N_("Ended")}[self]


@bp.get("")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def index() -> ResponseReturnValue:
    """What waits, the oldest first; or what has ended, the newest first."""
    which, most = desk.chosen(Which, "list") or Which.WAITING, complaints.PAGE
    total = complaints.how_many()
    if which is Which.WAITING:
        found = complaints.waiting(most=most)
        older = None
    else:
        found = complaints.list_ended(before=sanity.number("before"), most=most + 1)
        is_more = len(found) > most
        found = found[:most]
        older = url_for(".index", list=which.value, before=found[-1].complaint.id) if is_more else None
    return render_template(
        "admin/complaints/index.html",
        found=found,
        older=older,
        which=which,
        lists=Which,
        total=total,
        reported=questions.how_many_reported(at=clock.now()),
        reasons=REASONS,
        hours=int(complaints.DECIDE_WITHIN / dt.timedelta(hours=1)),
    )


@bp.get("/<int:complaint_id>")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def show(complaint_id: int) -> ResponseReturnValue:
    """One case, with what is needed to decide."""
    case = complaints.case_of(complaint_id)
    return _page(case, NoteDecisionForm(formdata=None, revision=case.complaint.revision))


@bp.post("/<int:complaint_id>/decision")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def decide(complaint_id: int) -> ResponseReturnValue:
    """Decide, and go on to the next case."""
    case = complaints.case_of(complaint_id)
    form = NoteDecisionForm()
    _offer(form)
    if not form.validate():
        return _page(case, form), 422
    ruling, name = Ruling(form.decision.data), case.listing.name if case.listing else ""
    try:
        complaints.decide(
            complaint_id,
            ruling,
            form.reason.data,
            by=desk.administrator(),
            at=clock.now(),
            revision=form.revision.data,
        )
    except InvalidTransition:
        return _too_late(complaint_id)
    flash(
        gettext("%(name)s: the note is shown, and both sides were told why.", name=name)
        if ruling is Ruling.KEEP
        else gettext("%(name)s: the note is hidden, and both sides were told why.", name=name)
    )
    following = complaints.waiting(most=1)
    if not following:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".show", complaint_id=following[0].complaint.id), 303)


def _offer(form: NoteDecisionForm) -> None:
    reasons = {key: gettext(one.label) for key, one in {**AGAINST, **FOR}.items()}
    form.offer({one.value: gettext(one.label) for one in RULINGS}, reasons, FITTING)


def _page(case: Case, form: NoteDecisionForm) -> str:
    _offer(form)
    complaint, note = case.complaint, case.note
    return render_template(
        "admin/complaints/show.html",
        case=case,
        complaint=complaint,
        note=note,
        form=form,
        rulings=RULINGS,
        pieces=recommendations.in_pieces(note.text, complaints.hints_of(case)) if note else [],
        kind=modalities.by_id().get(note.modality_id or "") if note else None,
        reasons=REASONS,
        groups={Ruling.KEEP: FOR, Ruling.HIDE: AGAINST},
        names=moderation.names_of(case.account_ids),
        is_own=complaints.is_own(case, desk.administrator(), at=clock.now()),
        can_decide=note is not None and complaint.state in complaints.WAITING,
        is_appeal=complaint.state is ComplaintState.APPEALED,
        answer_until=complaints.answer_until(complaint),
        waited=desk.waited,
    )


def _too_late(complaint_id: int) -> ResponseReturnValue:
    """Somebody was first, or may not: what it is now."""
    case = complaints.case_of(complaint_id)
    page = render_template(
        "admin/complaints/too_late.html",
        case=case,
        complaint=case.complaint,
        is_own=complaints.is_own(case, desk.administrator(), at=clock.now()),
        reasons=REASONS,
        names=moderation.names_of(case.account_ids),
    )
    return page, 409
