"""What both sides do in a case: its writer answers, and either appeals once."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from directory.db import db
from directory.models import (
    Account,
    Complaint,
    ComplaintState,
    ComplaintStep,
    ComplaintWords,
    InvalidTransition,
    NotFound,
    Recommendation,
    Side,
    StepKind,
)
from directory.services import events, recommendations
from directory.services.complaints import cases, telling
from directory.services.recommendations import REASONS


def of_writer(account: Account) -> Sequence[Complaint]:
    """The objections to somebody's notes, with the notes, the newest first."""
    return _own(account)


def get_own(account: Account, public_id: str) -> Complaint:
    """One of these. Raises NotFound, also for one about a note of somebody else."""
    found = _own(account, public_id)
    if not found:
        raise NotFound(f"no complaint {public_id} about a note of this account")
    return found[0]


def _own(account: Account, public_id: str | None = None) -> Sequence[Complaint]:
    query = (
        select(Complaint)
        .join(Complaint.recommendation)
        .join(Recommendation.practitioner)
        .where(Recommendation.writer_id == account.id)
        .options(contains_eager(Complaint.recommendation).contains_eager(Recommendation.practitioner))
        .order_by(Complaint.id.desc())
    )
    if public_id is not None:
        query = query.where(Complaint.public_id == public_id)
    return db.session.scalars(query).all()


def of_token(token: str) -> Complaint:
    """The case that somebody follows who objected, with the note. Raises NotFound, also a year after it ended."""
    note = joinedload(Complaint.recommendation).joinedload(Recommendation.practitioner)
    found = db.session.scalars(select(Complaint).where(Complaint.token == token).options(note)).one_or_none()
    if found is None:
        raise NotFound("no such case")
    return found


def steps_of(case: Complaint) -> Sequence[ComplaintStep]:
    """What happened, the oldest first."""
    query = select(ComplaintStep).where(ComplaintStep.complaint_id == case.id)
    return db.session.scalars(query.order_by(ComplaintStep.id)).all()


def words_of(case: Complaint, side: Side | None = None) -> Sequence[ComplaintWords]:
    """What was said, by both sides or by one, the oldest first; nothing once it is forgotten."""
    query = select(ComplaintWords).where(ComplaintWords.complaint_id == case.id)
    if side is not None:
        query = query.where(ComplaintWords.side == side)
    return db.session.scalars(query.order_by(ComplaintWords.id)).all()


def answer(case: Complaint, text: str, *, by: Account, at: dt.datetime) -> Complaint:
    """The writer answers, once, in five days. It brings back a note that only we have let wait, and gives us 48 hours
    anew. What was hidden for safety or private life stays hidden until somebody decides.

    Raises NotFound, and InvalidTransition when it is too late, answered or decided.
    """
    found, note = cases.lock(case.id)
    if note is None or note.writer_id != by.id:
        raise NotFound(f"no complaint {case.public_id} about a note of this account")
    if not cases.can_answer(found, at=at):
        raise InvalidTransition("it is answered, decided, or too late")
    found.answered_at = at
    cases.say(found, Side.WRITER, text, at=at)
    cases.step(found, StepKind.ANSWERED, at=at)
    events.record("complaint-answered", at=at, by=by, account_id=by.id)
    if found.holds and _was_hidden_at_once(found):
        return found
    found.due_at = at + cases.DECIDE_WITHIN
    if cases.show(found, note, "answer-waits", by=None, at=at):
        cases.step(found, StepKind.BROUGHT_BACK, at=at, reason="answer-waits")
        telling.brought_back(found, note, at=at)
        recommendations.tell_practitioner("recommendation-restored", note, at=at, reason="answer-waits")
    return found


def _was_hidden_at_once(case: Complaint) -> bool:
    """It was for safety or private life, and nothing was decided about it before."""
    at_once = [one for one in steps_of(case) if one.kind is StepKind.HIDDEN_AT_ONCE]
    return REASONS[case.ground].hides_at_once and bool(at_once)


def appeal(case: Complaint, side: Side, text: str, *, at: dt.datetime, by: Account | None = None) -> Complaint:
    """The side that a decision went against has somebody else decide again, for good. `by`: the writer.

    Raises NotFound, and InvalidTransition when it is too late, or not theirs to appeal against.
    """
    found, note = cases.lock(case.id)
    if note is None or (side is Side.WRITER and (by is None or note.writer_id != by.id)):
        raise NotFound("no such case")
    if not cases.can_appeal(found, side, at=at):
        raise InvalidTransition("it cannot be appealed against now")
    found.state = ComplaintState.APPEALED
    found.appealed_at, found.appealed_by, found.due_at = at, side, at + cases.DECIDE_APPEAL_WITHIN
    cases.say(found, side, text, at=at)
    cases.step(found, StepKind.APPEALED, at=at)
    events.record("complaint-appealed", at=at, by=by, account_id=note.writer_id, side=side.value)
    telling.appealed(found, note, at=at)
    return found
