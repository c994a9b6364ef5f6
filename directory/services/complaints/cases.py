"""What every part of complaints shares: a case that is locked, what shows and hides its note, and its steps."""

import datetime as dt

from sqlalchemy import exists, or_, select, update

from directory.db import db, locked
from directory.lib.mailboxes import mailbox
from directory.models import (
    Account,
    Complaint,
    ComplaintState,
    ComplaintStep,
    ComplaintWords,
    InvalidTransition,
    NotFound,
    Recommendation,
    RecommendationState,
    Ruling,
    Side,
    StepKind,
)
from directory.services import accounts, recommendations

# How long the site has to decide before it hides a note; the model is the clock of 48 hours in the Defamation
# (Operators of Websites) Regulations 2013.
DECIDE_WITHIN = dt.timedelta(hours=48)
# How long a writer has to answer.
ANSWER_WITHIN = dt.timedelta(days=5)
# How long a decision can be appealed against, once.
APPEAL_WITHIN = dt.timedelta(days=30)
# How long somebody else has to decide about an appeal; and after how long whoever decided first may look at it anew,
# where there is nobody else.
DECIDE_APPEAL_WITHIN = dt.timedelta(days=7)
LOOK_AGAIN_AFTER = dt.timedelta(days=3)
WAITING = (ComplaintState.OPEN, ComplaintState.APPEALED)


class OwnCase(InvalidTransition):
    """Nobody decides about an objection to a note of their own, on their own listing, or made by themselves; nor about
    an appeal against their own decision."""


def lock(complaint_id: int) -> tuple[Complaint, Recommendation | None]:
    """A complaint and its note, that nobody else changes until this transaction ends; the note is None where it was
    removed. Raises NotFound.

    The note is locked first, as it is by whoever removes it.
    """
    db.session.flush()
    note_id = db.session.scalar(select(Complaint.recommendation_id).where(Complaint.id == complaint_id))
    note = _note(note_id)
    found = db.session.scalars(locked(select(Complaint).where(Complaint.id == complaint_id))).one_or_none()
    if found is None:
        raise NotFound(f"no complaint {complaint_id}")
    return found, note if found.recommendation_id is not None else None


def _note(note_id: int | None) -> Recommendation | None:
    if note_id is None:
        return None
    try:
        return recommendations.lock(note_id)
    except NotFound:
        return None


def is_own(case: Complaint, note: Recommendation, by: Account, *, at: dt.datetime) -> bool:
    """Whether somebody may not decide about a case, because they have a part in it.

    Whose note or listing it is never may. The address that whoever objected typed proves nothing, and whoever decided
    first is no stranger to it: these may not while somebody without a part can, and about an appeal not for three days.
    """
    if recommendations.is_own(note, by):
        return True
    if not _has_part(case, by):
        return False
    is_soon = _decided_first(case, by) and case.appealed_at is not None and at < case.appealed_at + LOOK_AGAIN_AFTER
    return is_soon or not all(_has_part(case, one) for one in _in_the_end(note))


def deciders(case: Complaint, note: Recommendation) -> list[Account]:
    """Who is asked to decide: those without a part, else all who may in the end."""
    everybody = _in_the_end(note)
    return [one for one in everybody if not _has_part(case, one)] or everybody


def _in_the_end(note: Recommendation) -> list[Account]:
    """All who may decide in the end: those whose note and listing it is not."""
    return [one for one in accounts.list_administrators() if not recommendations.is_own(note, one)]


def _has_part(case: Complaint, by: Account) -> bool:
    """Whether somebody objected or decided first, by what is known of either."""
    is_objector = case.reply_to is not None and mailbox(case.reply_to) == mailbox(by.email)
    return is_objector or _decided_first(case, by)


def _decided_first(case: Complaint, by: Account) -> bool:
    return case.state is ComplaintState.APPEALED and case.decided_by_id == by.id


def losing_side(case: Complaint) -> Side | None:
    """Who can appeal against what was decided; None where nothing was, or it is final."""
    if case.state is not ComplaintState.DECIDED:
        return None
    return Side.WRITER if case.ruling is Ruling.HIDE else Side.OBJECTOR


def appeal_until(case: Complaint) -> dt.datetime | None:
    """Until when the losing side can appeal."""
    return case.ended_at + APPEAL_WITHIN if case.ended_at and losing_side(case) else None


def answer_until(case: Complaint) -> dt.datetime:
    """Until when the writer can answer."""
    return case.made_at + ANSWER_WITHIN


def can_answer(case: Complaint, *, at: dt.datetime) -> bool:
    """Whether the writer can answer now: once, and in time."""
    return case.state is ComplaintState.OPEN and case.answered_at is None and at < answer_until(case)


def can_appeal(case: Complaint, side: Side, *, at: dt.datetime) -> bool:
    """Whether one side can appeal now."""
    until = appeal_until(case)
    return losing_side(case) is side and until is not None and at < until


def hide(case: Complaint, note: Recommendation, reason: str, *, by: Account | None, at: dt.datetime) -> bool:
    """Let nobody read a note on account of a case; whether that changes what is read.

    One that waits to be read by a moderator, since its writer changed it, is refused by whoever decides.
    """
    if note.state is RecommendationState.SHOWN:
        # Somebody has let new words through since: what was decided about the old ones holds nothing any more.
        of_old_words = Complaint.recommendation_id == note.id, Complaint.state.not_in(WAITING)
        db.session.execute(update(Complaint).where(*of_old_words).values(holds=False))
        case.holds = True
        recommendations.hide(note, reason, by=by, at=at)
        return True
    case.holds = True
    if note.state is RecommendationState.HIDDEN and not is_hidden_besides(note):
        recommendations.keep_hidden(note, reason, by=by, at=at)
    elif note.state is RecommendationState.HELD and by is not None:
        recommendations.refuse(note, reason, by=by, at=at, revision=note.revision)
    return False


def show(case: Complaint, note: Recommendation, reason: str, *, by: Account | None, at: dt.datetime) -> bool:
    """Hide a note no longer on account of this case; whether it is read again. It stays hidden where another case, or a
    moderator, holds it."""
    held, case.holds = case.holds, False
    db.session.flush()
    if not held or note.state is not RecommendationState.HIDDEN:
        return False
    be_alone_with(note)
    if is_held(note) or is_hidden_besides(note):
        return False
    recommendations.restore(note, reason, by=by, at=at)
    return True


def be_alone_with(note: Recommendation) -> None:
    """Write a locked note anew as it is, before what is decided rests on other cases of it. Who waited for its row on
    PostgreSQL goes on with what they saw of those when they began, unless the row is another: then they begin again."""
    as_it_is = update(Recommendation).where(Recommendation.id == note.id).values(decided_at=Recommendation.decided_at)
    db.session.execute(as_it_is, execution_options={"synchronize_session": False})


def is_hidden_besides(note: Recommendation) -> bool:
    """Whether a moderator hid a note where notes are read, and not by a decision about an objection to it."""
    if note.state is not RecommendationState.HIDDEN or note.decided_by_id is None:
        return False
    in_a_case = exists().where(
        Complaint.recommendation_id == note.id,
        ComplaintStep.complaint_id == Complaint.id,
        ComplaintStep.by_id == note.decided_by_id,
        ComplaintStep.at == note.decided_at,
    )
    return not db.session.scalar(select(in_a_case))


def is_held(note: Recommendation) -> bool:
    """Whether a note is kept from its readers on account of an objection: it is hidden for one, or waits to be read
    anew while one waits to be decided. Words that its writer changed after a decision are read as any others."""
    open_or_hidden = or_(Complaint.state.in_(WAITING), Recommendation.state == RecommendationState.HIDDEN)
    query = select(Complaint.id).join(Recommendation, Recommendation.id == Complaint.recommendation_id)
    found = query.where(Recommendation.id == note.id, Complaint.holds, open_or_hidden).limit(1)
    return db.session.scalar(found) is not None


def step(
    case: Complaint,
    kind: StepKind,
    *,
    at: dt.datetime,
    by: Account | None = None,
    ruling: Ruling | None = None,
    reason: str | None = None,
) -> None:
    """Write down what happened."""
    case.revision += 1
    db.session.add(
        ComplaintStep(complaint_id=case.id, kind=kind, at=at, by_id=by.id if by else None, ruling=ruling, reason=reason)
    )
    db.session.flush()


def say(case: Complaint, side: Side, text: str, *, at: dt.datetime) -> None:
    """Keep what one side says, for as long as the note is there."""
    db.session.add(
        ComplaintWords(complaint_id=case.id, recommendation_id=case.recommendation_id, side=side, text=text, said_at=at)
    )
    db.session.flush()
