"""What practitioners answer to notes that everybody can read: once to each, and read by a moderator first.

A reply that waits or was refused can be written anew; one that is shown can only be taken back, or down by a moderator.
When the writer changes the note, its reply waits again beside the new words (services/recommendations/writing).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from directory.db import db, locked
from directory.models import (
    Account,
    Audience,
    InvalidTransition,
    Kept,
    NotFound,
    Practitioner,
    Recommendation,
    RecommendationState,
    Reply,
)
from directory.services import events, ledger, outbox
from directory.services.recommendations import deciding, refusals
from directory.services.recommendations.allowed import keeper, why_off
from directory.services.recommendations.reasons import REASONS
from directory.services.recommendations.refusals import NotAllowed


class ReplyChanged(InvalidTransition):
    """The reply is another now than the one that was looked at."""


@dataclass(frozen=True)
class Answerable:
    """A note that everybody can read about somebody's own listing, with the reply to it, if any."""

    note: Recommendation
    reply: Reply | None

    @property
    def can_write(self) -> bool:
        return self.reply is None or self.reply.state is not RecommendationState.SHOWN


def of_listing(account: Account) -> list[Answerable]:
    """The notes that are shown on the page of the listing that `account` keeps, the newest first, with its replies."""
    return [Answerable(note, answer) for note, answer in _answerable(account)]


def get_answerable(account: Account, public_id: str) -> Answerable:
    """One of these notes. Raises NotFound, also for a note on another listing, and for one that is not shown."""
    found = _answerable(account, public_id)
    if not found:
        raise NotFound(f"no note {public_id} on a listing of this account")
    return Answerable(*found[0])


def _answerable(account: Account, public_id: str | None = None) -> Sequence[tuple[Recommendation, Reply | None]]:
    query = (
        select(Recommendation, Reply)
        .join(Kept, Kept.practitioner_id == Recommendation.practitioner_id)
        .join(Practitioner, Practitioner.id == Recommendation.practitioner_id)
        .outerjoin(Reply, Reply.recommendation_id == Recommendation.id)
        .where(
            Kept.account_id == account.id,
            Recommendation.audience == Audience.PUBLIC,
            Recommendation.state == RecommendationState.SHOWN,
        )
        .options(contains_eager(Recommendation.practitioner))
        .order_by(Recommendation.month.desc(), Recommendation.id.desc())
    )
    if public_id is not None:
        query = query.where(Recommendation.public_id == public_id)
    return [(note, answer) for note, answer in db.session.execute(query)]


def reply(note: Recommendation, text: str, *, by: Account, at: dt.datetime) -> Reply:
    """Answer a note, or write anew what waits or was refused; it is held until a moderator has read it.

    `text`: plain, 1 to 600 characters. Raises NotFound for whoever does not keep the listing, InvalidTransition when
    the note is not shown to everybody, or the reply is, and NotAllowed where no notes are shown.
    """
    found = deciding.lock(note.id)
    _check_keeper(found, by)
    if found.audience is not Audience.PUBLIC or found.state is not RecommendationState.SHOWN:
        raise InvalidTransition("this note is not shown")
    if why_off(found.practitioner) is not None:
        raise NotAllowed(refusals.SWITCHED_OFF)
    known = _lock(found.id)
    if known is not None and known.state is RecommendationState.SHOWN:
        raise InvalidTransition("this note is answered")
    if known is not None and known.state is RecommendationState.HELD and known.text == text:
        return known
    answer = known or Reply(recommendation_id=found.id, revision=0)
    answer.text, answer.state, answer.made_at = text, RecommendationState.HELD, at
    answer.decided_at = answer.decided_by_id = answer.reason = None
    answer.revision += 1
    db.session.add(answer)
    db.session.flush()
    events.record("reply-written", at=at, by=by, account_id=by.id, practitioner_id=found.practitioner_id)
    return answer


def take_back(note: Recommendation, *, by: Account, at: dt.datetime) -> None:
    """Take a reply away, whether it is shown or not. Raises NotFound."""
    found = deciding.lock(note.id)
    _check_keeper(found, by)
    answer = _lock(found.id)
    if answer is None:
        raise NotFound("there is no reply to this note")
    db.session.delete(answer)
    db.session.flush()
    events.record("reply-taken-back", at=at, by=by, account_id=by.id, practitioner_id=found.practitioner_id)


def publish_reply(note: Recommendation, *, by: Account, at: dt.datetime, revision: int) -> Reply:
    """Show the reply to a note that waits, and tell both sides.

    Raises ReplyChanged when it, or its note, is another than at `revision`; InvalidTransition when none waits, or its
    note is not shown; and OwnNote.
    """
    found, answer = _seen(note, revision, by, RecommendationState.HELD)
    _settle("reply-published", found, answer, RecommendationState.SHOWN, None, by=by, at=at)
    outbox.queue(
        "recommendation-answered",
        found.writer.email,
        cause=f"recommendation-answered:{found.id}:{at.isoformat()}",
        at=at,
        account_id=found.writer_id,
        **_values(found, None),
    )
    return answer


def refuse_reply(note: Recommendation, reason: str, *, by: Account, at: dt.datetime, revision: int) -> Reply:
    """Do not show a reply that waits, or one that is shown any more; the practitioner reads why, and may write it anew.
    Raises as `publish_reply`."""
    if reason not in REASONS or not REASONS[reason].is_against:
        raise ValueError(f"{reason!r} is no reason for this decision")
    found, answer = _seen(note, revision, by, RecommendationState.HELD, RecommendationState.SHOWN)
    _settle("reply-refused", found, answer, RecommendationState.REFUSED, reason, by=by, at=at)
    return answer


def _seen(
    note: Recommendation, revision: int, by: Account, *states: RecommendationState
) -> tuple[Recommendation, Reply]:
    """A note and the reply to it, locked; in one of these states, and as it was seen."""
    found = deciding.lock(note.id)
    deciding.refuse_own(found, by)
    answer = _lock(found.id)
    if found.state is not RecommendationState.SHOWN or answer is None or answer.state not in states:
        raise InvalidTransition("there is no reply to decide about")
    if answer.revision != revision:
        raise ReplyChanged("the reply is another now")
    return found, answer


def _settle(
    kind: str,
    note: Recommendation,
    answer: Reply,
    state: RecommendationState,
    reason: str | None,
    *,
    by: Account,
    at: dt.datetime,
) -> None:
    answer.state, answer.reason = state, reason
    answer.decided_at, answer.decided_by_id = at, by.id
    db.session.flush()
    said = {"reason": reason} if reason else {}
    listing = note.practitioner
    kept_by = keeper(listing)
    keeper_id = kept_by.id if kept_by is not None else None
    events.record(kind, at=at, by=by, account_id=keeper_id, practitioner_id=listing.id, **said)
    ledger.append(kind, at=at, by=by, subject=f"practitioner:{listing.public_id}", **said)
    if kept_by is not None:
        outbox.queue(
            kind,
            kept_by.email,
            cause=f"{kind}:{note.id}:{at.isoformat()}",
            at=at,
            account_id=kept_by.id,
            **_values(note, reason),
        )


def _values(note: Recommendation, reason: str | None) -> dict[str, Any]:
    listing = note.practitioner
    return {
        "name": listing.name,
        "path": f"/practitioners/{listing.public_id}/{listing.slug}",
        "why": REASONS[reason].to_author if reason else None,
    }


def _check_keeper(note: Recommendation, by: Account) -> None:
    kept_by = keeper(note.practitioner)
    if kept_by is None or kept_by.id != by.id:
        raise NotFound(f"no note {note.public_id} on a listing of this account")


def _lock(recommendation_id: int) -> Reply | None:
    return db.session.scalars(locked(select(Reply).where(Reply.recommendation_id == recommendation_id))).one_or_none()
