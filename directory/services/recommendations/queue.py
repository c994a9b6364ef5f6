"""The desk of recommendations: what waits to be read, oldest first, and all that is needed to decide about one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from directory.db import db
from directory.lib.words import N_
from directory.models import (
    PUBLIC_STATES,
    Account,
    Audience,
    HiddenBefore,
    NotFound,
    Practitioner,
    Recommendation,
    RecommendationState,
    Reply,
)
from directory.services.recommendations.allowed import keeper, why_not
from directory.services.recommendations.phrases import NoteHint, hints
from directory.services.recommendations.writing import hidden_before

PAGE = 50
# So many other notes of a writer, and on a listing, stand beside one.
BESIDE = 10


class What(StrEnum):
    """What waits."""

    NOTE = "note"
    REPLY = "reply"

    @property
    def label(self) -> str:
        return {What.NOTE: N_("A note for everybody"), What.REPLY: N_("A reply of the practitioner")}[self]


@dataclass(frozen=True)
class Waiting:
    """A note or a reply in the queue: whose listing it is about, and since when. `is_flagged`: it came from a network
    from which the practitioner signs in."""

    what: What
    recommendation_id: int
    name: str
    since: dt.datetime
    is_flagged: bool


@dataclass(frozen=True)
class Case:
    """A note for everybody with its listing, its writer, and the reply to it. `hints` are about the note, `of_reply`
    about the reply. `others` are further notes by the same writer, `beside` those on the same listing. `why_not`: why
    the note may not be shown now, a key of refusals.WHY_NOT_SHOWN; `hidden`: that an earlier one was, of the writer."""

    note: Recommendation
    listing: Practitioner
    writer: Account
    keeper: Account | None
    reply: Reply | None
    hints: list[NoteHint]
    of_reply: list[NoteHint]
    others: Sequence[Recommendation]
    beside: Sequence[Recommendation]
    why_not: str | None
    hidden: HiddenBefore | None

    @property
    def is_reply_older(self) -> bool:
        """Whether the practitioner replied to what the note said before."""
        return self.reply is not None and self.reply.made_at < self.note.changed_at

    @property
    def account_ids(self) -> set[int]:
        """Everybody who decided something here."""
        found = {self.note.decided_by_id, self.reply.decided_by_id if self.reply else None}
        return {one for one in found if one is not None}


# A note about a listing that is not shown now waits for that first.
_IS_OF_SHOWN = Recommendation.practitioner_id.in_(select(Practitioner.id).where(Practitioner.state.in_(PUBLIC_STATES)))
_NOTE_WAITS = (Recommendation.state == RecommendationState.HELD, _IS_OF_SHOWN)
# It cannot be read without its note.
_REPLY_WAITS = (
    Reply.state == RecommendationState.HELD,
    Recommendation.audience == Audience.PUBLIC,
    Recommendation.state == RecommendationState.SHOWN,
    _IS_OF_SHOWN,
)


def waiting() -> list[Waiting]:
    """Everything that waits, oldest first. A reply waits only while its note is shown."""
    notes = db.session.execute(
        select(Recommendation.id, Practitioner.name, Recommendation.changed_at, Recommendation.is_from_same_network)
        .join(Practitioner, Practitioner.id == Recommendation.practitioner_id)
        .where(*_NOTE_WAITS)
    )
    replies = db.session.execute(
        select(Recommendation.id, Practitioner.name, Reply.made_at)
        .join(Reply, Reply.recommendation_id == Recommendation.id)
        .join(Practitioner, Practitioner.id == Recommendation.practitioner_id)
        .where(*_REPLY_WAITS)
    )
    found = [Waiting(What.NOTE, *row) for row in notes]
    found += [Waiting(What.REPLY, *row, is_flagged=False) for row in replies]
    return sorted(found, key=lambda one: (one.since, one.recommendation_id))


def how_many() -> int:
    """How much waits."""
    notes = select(func.count()).select_from(Recommendation).where(*_NOTE_WAITS)
    replies = select(func.count()).select_from(Reply).join(Reply.recommendation).where(*_REPLY_WAITS)
    return (db.session.scalar(notes) or 0) + (db.session.scalar(replies) or 0)


def list_notes(state: RecommendationState, *, before: int | None = None, most: int = PAGE) -> Sequence[Recommendation]:
    """Notes for everybody in a state, with their listings, the newest first; older than the one of number `before`."""
    query = (
        select(Recommendation)
        .where(Recommendation.audience == Audience.PUBLIC, Recommendation.state == state)
        .options(joinedload(Recommendation.practitioner))
        .order_by(Recommendation.id.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(Recommendation.id < before)
    return db.session.scalars(query).all()


def case_of(recommendation_id: int) -> Case:
    """All about one note. Raises NotFound, also for one that was written for a friend or a circle: nobody here reads
    those."""
    query = (
        select(Recommendation)
        .where(Recommendation.id == recommendation_id, Recommendation.audience == Audience.PUBLIC)
        .options(joinedload(Recommendation.practitioner), joinedload(Recommendation.writer))
    )
    note = db.session.scalars(query).one_or_none()
    if note is None:
        raise NotFound(f"no note {recommendation_id} for everybody")
    answer = db.session.get(Reply, note.id)
    return Case(
        note,
        note.practitioner,
        note.writer,
        keeper(note.practitioner),
        answer,
        hints(note.text, note.practitioner),
        hints(answer.text, note.practitioner) if answer else [],
        _further(note, Recommendation.writer_id == note.writer_id),
        _further(note, Recommendation.practitioner_id == note.practitioner_id),
        why_not(note.practitioner, note.writer),
        hidden_before(note.writer_id, note.practitioner_id),
    )


def _further(note: Recommendation, which: ColumnElement[bool]) -> Sequence[Recommendation]:
    query = (
        select(Recommendation)
        .where(which, Recommendation.id != note.id, Recommendation.audience == Audience.PUBLIC)
        .options(joinedload(Recommendation.practitioner))
        .order_by(Recommendation.id.desc())
        .limit(BESIDE)
    )
    return db.session.scalars(query).all()
