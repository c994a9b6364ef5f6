"""What moderators decide about recommendations: whether one for everybody is shown, and whether any stays so.

Nobody decides about a note that they wrote, or about one on a listing of theirs. Every decision locks the note, so that
of two people one wins. A decision is an event, a line in the ledger, and letters.
"""

import datetime as dt
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from directory.db import db, locked
from directory.lib.mailboxes import mailbox
from directory.models import (
    Account,
    Audience,
    HiddenBefore,
    InvalidTransition,
    NotFound,
    Recommendation,
    RecommendationState,
    Reply,
)
from directory.services import events, ledger, outbox
from directory.services.recommendations.allowed import keeper, mailboxes, why_not
from directory.services.recommendations.reasons import REASONS
from directory.services.recommendations.refusals import Conflict, NotAllowed


class OwnNote(InvalidTransition):
    """Nobody decides about a note of their own, or about one on their own listing."""


def publish(note: Recommendation, *, by: Account, at: dt.datetime, revision: int) -> Recommendation:
    """Show a note that waits to everybody, and tell its writer and the practitioner.

    Raises Conflict when it was changed since `revision`, InvalidTransition when it does not wait any more, OwnNote, and
    NotAllowed where its writer may not write one now, whatever has changed since they did.
    """
    found = _seen(note, RecommendationState.HELD, by, revision)
    reason = why_not(found.practitioner, found.writer)
    if reason is not None:
        raise NotAllowed(reason)
    _settle(found, RecommendationState.SHOWN, None, by=by, at=at)
    _record("recommendation-published", found, by=by, at=at)
    _write_to_writer("recommendation-published", found, at=at)
    answer = db.session.get(Reply, found.id)
    is_answered = answer is not None and answer.state is RecommendationState.HELD
    tell_practitioner("recommendation-received", found, at=at, is_answered=is_answered)
    return found


def refuse(note: Recommendation, reason: str, *, by: Account, at: dt.datetime, revision: int) -> Recommendation:
    """Do not show a note that waits; its writer reads why, and may change it. Raises as `publish`."""
    _check_reason(reason, is_against=True)
    found = _seen(note, RecommendationState.HELD, by, revision)
    _settle(found, RecommendationState.REFUSED, reason, by=by, at=at)
    _record("recommendation-refused", found, by=by, at=at, reason=reason)
    _write_to_writer("recommendation-refused", found, at=at, reason=reason)
    return found


def hide(
    note: Recommendation,
    reason: str,
    *,
    by: Account | None,
    at: dt.datetime,
    tell: bool = False,
    revision: int | None = None,
) -> Recommendation:
    """Hide a note that is shown, whomever it is for, until it is restored or its writer changes it.

    `by`: who decides; None for a clock, a switch or a rule. `tell`: write to both sides, which whoever calls this
    otherwise does. `revision`: as it was seen; None does not compare. Raises InvalidTransition when it is not shown,
    Conflict when it was changed since, and OwnNote.
    """
    _check_reason(reason, is_against=True)
    found = _seen(note, RecommendationState.SHOWN, by, revision)
    _settle(found, RecommendationState.HIDDEN, reason, by=by, at=at)
    _record("recommendation-hidden", found, by=by, at=at, reason=reason)
    if tell:
        _write_to_both("recommendation-hidden", found, at=at, reason=reason)
    return found


def restore(
    note: Recommendation,
    reason: str,
    *,
    by: Account | None,
    at: dt.datetime,
    tell: bool = False,
    revision: int | None = None,
) -> Recommendation:
    """Show a hidden note again to those it is for. `reason` is one that speaks for it; all else as in `hide`."""
    _check_reason(reason, is_against=False)
    found = _seen(note, RecommendationState.HIDDEN, by, revision)
    _settle(found, RecommendationState.SHOWN, None, by=by, at=at)
    _record("recommendation-restored", found, by=by, at=at, reason=reason)
    if tell:
        _write_to_both("recommendation-restored", found, at=at, reason=reason)
    return found


def keep_hidden(note: Recommendation, reason: str, *, by: Account | None, at: dt.datetime) -> Recommendation:
    """Let a note that is hidden stay so, for another reason: that of a decision, where it was that of a clock. Nobody
    is told. Raises InvalidTransition when it is not hidden, and OwnNote."""
    _check_reason(reason, is_against=True)
    found = _seen(note, RecommendationState.HIDDEN, by)
    _settle(found, RecommendationState.HIDDEN, reason, by=by, at=at)
    return found


def lock(recommendation_id: int) -> Recommendation:
    """A note with its practitioner and its writer, that nobody else changes until this transaction ends. Raises
    NotFound."""
    db.session.flush()
    query = select(Recommendation).where(Recommendation.id == recommendation_id)
    with_sides = query.options(joinedload(Recommendation.practitioner), joinedload(Recommendation.writer))
    found = db.session.scalars(locked(with_sides, of=Recommendation)).one_or_none()
    if found is None:
        raise NotFound(f"no recommendation {recommendation_id}")
    return found


def is_own(note: Recommendation, by: Account) -> bool:
    """Whether somebody wrote a note or keeps its listing, be it by another account of theirs."""
    theirs = mailboxes(note.practitioner, keeper(note.practitioner))
    return mailbox(by.email) in {mailbox(note.writer.email), *theirs}


def refuse_own(note: Recommendation, by: Account) -> None:
    """Raises OwnNote."""
    if is_own(note, by):
        raise OwnNote("nobody decides about a note of their own, or on their own listing")


def tell_practitioner(
    kind: str, note: Recommendation, *, at: dt.datetime, reason: str | None = None, **more: Any
) -> None:
    """Write to whoever keeps the listing what became of a note that everybody could read; `kind` is that of the letter.
    Of a note for a friend or a circle the practitioner never learns."""
    if note.audience is not Audience.PUBLIC:
        return
    kept_by = keeper(note.practitioner)
    if kept_by is not None:
        outbox.queue(
            kind,
            kept_by.email,
            cause=f"{kind}:{note.public_id}:practitioner:{at.isoformat()}",
            at=at,
            account_id=kept_by.id,
            **_values(note, reason, is_writer=False),
            **more,
        )


def _seen(
    note: Recommendation, state: RecommendationState, by: Account | None, revision: int | None = None
) -> Recommendation:
    """A note, locked; in that state, and as it was seen."""
    found = lock(note.id)
    if by is not None:
        refuse_own(found, by)
    if found.state is not state:
        raise InvalidTransition(f"this note is {found.state}, not {state}")
    if revision not in {None, found.revision}:
        raise Conflict(found)
    return found


def _settle(
    note: Recommendation, state: RecommendationState, reason: str | None, *, by: Account | None, at: dt.datetime
) -> None:
    note.state, note.reason = state, reason
    note.decided_at, note.decided_by_id = at, by.id if by is not None else None
    if state is RecommendationState.SHOWN:
        hidden = (HiddenBefore.writer_id == note.writer_id, HiddenBefore.practitioner_id == note.practitioner_id)
        db.session.execute(delete(HiddenBefore).where(*hidden))
    db.session.flush()


def _check_reason(reason: str, *, is_against: bool) -> None:
    if reason not in REASONS or REASONS[reason].is_against is not is_against:
        raise ValueError(f"{reason!r} is no reason for this decision")


def _record(kind: str, note: Recommendation, *, by: Account | None, at: dt.datetime, reason: str | None = None) -> None:
    """What a practitioner never saw stands in no event of theirs."""
    is_seen = note.audience is Audience.PUBLIC and kind != "recommendation-refused"
    said = {"reason": reason} if reason else {}
    events.record(
        kind,
        at=at,
        by=by,
        account_id=note.writer_id,
        practitioner_id=note.practitioner_id if is_seen else None,
        **said,
    )
    ledger.append(kind, at=at, by=by, subject=f"account:{note.writer_id}", **said)


def _write_to_both(kind: str, note: Recommendation, *, at: dt.datetime, reason: str) -> None:
    _write_to_writer(kind, note, at=at, reason=reason)
    tell_practitioner(kind, note, at=at, reason=reason)


def _write_to_writer(kind: str, note: Recommendation, *, at: dt.datetime, reason: str | None = None) -> None:
    outbox.queue(
        kind,
        note.writer.email,
        cause=f"{kind}:{note.id}:writer:{at.isoformat()}",
        at=at,
        account_id=note.writer_id,
        **_values(note, reason, is_writer=True),
    )


def _values(note: Recommendation, reason: str | None, *, is_writer: bool) -> dict[str, Any]:
    """What fills a letter: nothing that the writer wrote, so that nothing of it is left in a letter once it is gone."""
    listing, why = note.practitioner, REASONS.get(reason or "")
    return {
        "name": listing.name,
        "path": f"/practitioners/{listing.public_id}/{listing.slug}",
        "is_writer": is_writer,
        "why": (why.to_author if is_writer else why.to_others) if why else None,
    }
