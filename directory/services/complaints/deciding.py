"""What is decided about complaints: by an administrator with a published reason, or by a clock where nobody did."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, or_, select

from directory.db import db
from directory.models import (
    Account,
    Complaint,
    ComplaintState,
    InvalidTransition,
    Recommendation,
    RecommendationState,
    Ruling,
    StepKind,
)
from directory.services import events, ledger, recommendations
from directory.services.complaints import cases, telling
from directory.services.recommendations import AGAINST, FOR


def decide(complaint_id: int, ruling: Ruling, reason: str, *, by: Account, at: dt.datetime, revision: int) -> Complaint:
    """Decide that a note is shown, or hidden, for a published reason; about an appeal that is for good. Both sides, and
    the practitioner where everybody reads the note, are told.

    Raises NotFound, InvalidTransition when it changed since `revision`, is decided or its note removed, and OwnCase.
    """
    if reason not in (AGAINST if ruling is Ruling.HIDE else FOR):
        raise ValueError(f"{reason!r} is no reason for this decision")
    case, note = cases.lock(complaint_id)
    if note is None or case.state not in cases.WAITING or case.revision != revision:
        raise InvalidTransition("this case is another now")
    if cases.is_own(case, note, by, at=at):
        raise cases.OwnCase("somebody else decides about this")
    return _rule(case, note, ruling, reason, by=by, at=at)


def _rule(
    case: Complaint, note: Recommendation, ruling: Ruling, reason: str, *, by: Account | None, at: dt.datetime
) -> Complaint:
    is_appeal = case.state is ComplaintState.APPEALED
    if ruling is Ruling.HIDE:
        is_changed = cases.hide(case, note, reason, by=by, at=at)
    else:
        is_changed = cases.show(case, note, reason, by=by, at=at)
    case.ruling, case.reason = ruling, reason
    case.state = ComplaintState.FINAL if is_appeal else ComplaintState.DECIDED
    if not is_appeal:
        case.decided_at, case.decided_by_id = at, by.id if by is not None else None
    case.ended_at, case.due_at = at, None
    kind = StepKind.APPEAL_DECIDED if is_appeal else StepKind.DECIDED
    cases.step(case, kind, at=at, by=by, ruling=ruling, reason=reason)
    name = "complaint-appeal-decided" if is_appeal else "complaint-decided"
    events.record(name, at=at, by=by, account_id=note.writer_id, ruling=ruling.value, reason=reason)
    ledger.append(
        name, at=at, by=by, subject=f"account:{note.writer_id}", ground=case.ground, ruling=ruling, reason=reason
    )
    telling.decided(case, note, at=at)
    if is_changed:
        letter = "recommendation-restored" if ruling is Ruling.KEEP else "recommendation-hidden"
        recommendations.tell_practitioner(letter, note, at=at, reason=reason)
    return case


def due(at: dt.datetime) -> list[int]:
    """The cases in which a clock has something to do."""
    is_late = and_(Complaint.state.in_(cases.WAITING), Complaint.due_at <= at)
    query = select(Complaint.id).where(or_(is_late, _is_unanswered(at), _is_gone()))
    return list(db.session.scalars(query.order_by(Complaint.id)))


def _is_unanswered(at: dt.datetime) -> ColumnElement[bool]:
    return and_(
        Complaint.state == ComplaintState.OPEN,
        Complaint.answered_at.is_(None),
        Complaint.made_at <= at - cases.ANSWER_WITHIN,
    )


def _is_gone() -> ColumnElement[bool]:
    return and_(Complaint.recommendation_id.is_(None), Complaint.state.in_(cases.WAITING))


def tend(complaint_id: int, *, at: dt.datetime) -> None:
    """Do what a clock has to do in a case: end it where its note is gone; decide it where the writer was asked and did
    not answer in five days; hide the note where we have not decided in 48 hours; say that an appeal has waited for a
    week. To do it again changes nothing.
    """
    case, note = cases.lock(complaint_id)
    if case.state not in cases.WAITING:
        return
    if note is None:
        _end(case, at)
    elif case.state is ComplaintState.OPEN:
        _run_clocks(case, note, at)
    elif case.due_at is not None and case.due_at <= at:
        # What was decided holds all the same: to appeal must not be a way to hide a note.
        case.due_at = None
        telling.appeal_waits(case, note, at=at)


def _run_clocks(case: Complaint, note: Recommendation, at: dt.datetime) -> None:
    # Whoever changed what was objected to has answered by that: somebody reads it again.
    is_as_it_was = note.revision == case.note_revision
    if case.answered_at is None and cases.answer_until(case) <= at and is_as_it_was:
        _rule(case, note, Ruling.HIDE, "not-answered", by=None, at=at)
    elif case.due_at is not None and case.due_at <= at:
        _hide_late(case, note, at)


def _hide_late(case: Complaint, note: Recommendation, at: dt.datetime) -> None:
    """One that waits to be read by a moderator, or that one has refused or hidden, nobody reads anyhow."""
    if note.state not in {RecommendationState.SHOWN, RecommendationState.HIDDEN} or cases.is_hidden_besides(note):
        return
    case.due_at = None
    if note.state is RecommendationState.SHOWN:
        cases.hide(case, note, "undecided", by=None, at=at)
        recommendations.tell_practitioner("recommendation-hidden", note, at=at, reason="undecided")
    case.holds = True
    cases.step(case, StepKind.HIDDEN_LATE, at=at, reason="undecided")
    telling.hidden_late(case, note, at=at)


def _end(case: Complaint, at: dt.datetime) -> None:
    case.state, case.ended_at, case.due_at, case.holds = ComplaintState.GONE, at, None, False
    cases.step(case, StepKind.GONE, at=at)
    telling.gone(case, at=at)
