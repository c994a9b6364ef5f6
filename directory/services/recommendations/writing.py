"""Notes about practitioners as their writers keep them: written, changed, removed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import joinedload

from directory.db import db, locked
from directory.lib import tokens
from directory.models import (
    Account,
    Audience,
    HiddenBefore,
    NotFound,
    Practitioner,
    Recommendation,
    RecommendationState,
    Relation,
    Reply,
    ShownAs,
)
from directory.services import events
from directory.services.recommendations import allowed, links
from directory.services.recommendations.refusals import Conflict, NotAllowed


@dataclass(frozen=True)
class Given:
    """What somebody says of a practitioner, with their consent. `month` is the first of a month; `reward` is what they
    got for it, None: nothing; `text` is plain, 1 to 600 characters; `name` is theirs, as friends know it."""

    audience: Audience
    relation: Relation
    was_treated: bool
    month: dt.date
    modality_id: str | None
    reward: str | None
    text: str
    name: str
    shown_as: ShownAs = ShownAs.FIRST_NAME

    @classmethod
    def of(cls, note: Recommendation) -> "Given":
        """What a note says now."""
        return cls(**{name: getattr(note, name) for name in cls.__dataclass_fields__})


def of_writer(account: Account) -> Sequence[Recommendation]:
    """The notes that somebody wrote, with their practitioners, the one changed last first."""
    query = select(Recommendation).where(Recommendation.writer_id == account.id)
    ordered = query.order_by(Recommendation.changed_at.desc(), Recommendation.id.desc())
    return db.session.scalars(ordered.options(joinedload(Recommendation.practitioner))).all()


def get_own(account: Account, public_id: str) -> Recommendation:
    """A note that somebody wrote, with its practitioner. Raises NotFound, also for a note of somebody else."""
    found = _find(Recommendation.writer_id == account.id, Recommendation.public_id == public_id)
    if found is None:
        raise NotFound(f"no note {public_id} of this account")
    return found


def find_own(account: Account, practitioner: Practitioner) -> Recommendation | None:
    """The note that somebody wrote about a practitioner, if any."""
    return _find(Recommendation.writer_id == account.id, Recommendation.practitioner_id == practitioner.id)


def _find(*conditions: ColumnElement[bool]) -> Recommendation | None:
    query = select(Recommendation).where(*conditions).options(joinedload(Recommendation.practitioner))
    return db.session.scalars(query).one_or_none()


def write(
    practitioner: Practitioner,
    given: Given,
    *,
    by: Account,
    network: str | None,
    at: dt.datetime,
    revision: int | None = None,
) -> Recommendation:
    """Write a note about a practitioner, or change the one there is; what is for the public waits to be read first.

    `revision`: of the note as the writer saw it, 0 where there was none; None does not compare. To say the same again
    changes nothing. Raises NotAllowed, and Conflict when the note was changed, written or removed meanwhile.
    """
    reason = allowed.why_not(practitioner, by)
    if reason is not None:
        raise NotAllowed(reason)
    known = _lock(Recommendation.writer_id == by.id, Recommendation.practitioner_id == practitioner.id)
    if known is not None and Given.of(known) == given:
        return known
    if revision is not None and revision != (known.revision if known is not None else 0):
        raise Conflict(known)
    note = known or Recommendation(
        public_id=tokens.public_id(),
        practitioner_id=practitioner.id,
        writer_id=by.id,
        made_at=at,
        revision=0,
        is_from_same_network=False,
    )
    # All that asks the database first: what is half changed must not be written.
    is_near, hidden = allowed.is_network_of(practitioner, network), hidden_before(by.id, practitioner.id)
    before = known.audience if known is not None else None
    if known is not None:
        _cut_off(known, given, at)
    for name in Given.__dataclass_fields__:
        setattr(note, name, getattr(given, name))
    _set_state(note, hidden)
    note.consented_at = note.changed_at = at
    note.revision += 1
    note.is_from_same_network = note.is_from_same_network or is_near
    db.session.add(note)
    db.session.flush()
    _record(before, given.audience, by=by, network=network, at=at)
    return note


def _record(
    before: Audience | None, after: Audience | None, *, by: Account, network: str | None = None, at: dt.datetime
) -> None:
    """Write down that somebody wrote: without the practitioner, who must not learn from their own events that there is
    a note. That there is one for a circle is known to nobody outside of it: for administrators, who read events, it is
    as if there were none."""
    kinds = {(False, True): "written", (True, True): "changed", (True, False): "removed"}
    told = [one if one is not Audience.CIRCLE else None for one in (before, after)]
    kind, audience = kinds.get((told[0] is not None, told[1] is not None)), told[1] or told[0]
    if kind is not None and audience is not None:
        events.record(
            f"recommendation-{kind}", at=at, by=by, account_id=by.id, network=network, audience=audience.value
        )


def hidden_before(writer_id: int, practitioner_id: int) -> HiddenBefore | None:
    """That a note by somebody about a practitioner was hidden, if none was let through since; see its model."""
    return db.session.get(HiddenBefore, (writer_id, practitioner_id), populate_existing=True)


def is_hidden_from_friends(practitioner: Practitioner, account: Account) -> bool:
    """Whether what somebody writes about a practitioner now for a friend or a circle is hidden, since a note was."""
    known = find_own(account, practitioner)
    is_hidden = known is not None and known.state is RecommendationState.HIDDEN
    return is_hidden or hidden_before(account.id, practitioner.id) is not None


def _set_state(note: Recommendation, hidden: HiddenBefore | None) -> None:
    """Give a note that is written or changed now its state. Nobody brings a hidden one back by changing it, nor by
    writing it anew, but a moderator who reads it again."""
    if note.audience is Audience.PUBLIC:
        note.state = RecommendationState.HELD
    elif hidden is not None:
        note.state = RecommendationState.HIDDEN
        note.reason, note.decided_at, note.decided_by_id = "hidden-before", hidden.hidden_at, None
    elif note.state is not RecommendationState.HIDDEN:
        note.state = RecommendationState.SHOWN
    if note.state is not RecommendationState.HIDDEN:
        note.decided_at = note.decided_by_id = note.reason = None


def _remember(note: Recommendation) -> None:
    """Keep that a note was hidden, which is about to be so no more."""
    if hidden_before(note.writer_id, note.practitioner_id) is None:
        hidden_at = note.decided_at or note.changed_at
        ids = {"writer_id": note.writer_id, "practitioner_id": note.practitioner_id}
        db.session.add(HiddenBefore(**ids, reason=note.reason, hidden_at=hidden_at))


def _cut_off(known: Recommendation, given: Given, at: dt.datetime) -> None:
    """End what belonged to a note as it was: private links, when it is no longer for one friend; and the reply to
    words that are about to change waits to be read beside the new ones, or goes with its public."""
    if given.audience is not Audience.FRIEND:
        links.end_all(known, at=at)
    if given.audience is not Audience.PUBLIC:
        db.session.execute(delete(Reply).where(Reply.recommendation_id == known.id))
        return
    if known.state is RecommendationState.HIDDEN:
        _remember(known)
    reply = db.session.scalars(locked(select(Reply).where(Reply.recommendation_id == known.id))).one_or_none()
    if reply is not None:
        # Whoever looks at it now sees it beside other words.
        reply.revision += 1
        if reply.state is RecommendationState.SHOWN:
            reply.state = RecommendationState.HELD
            reply.decided_at = reply.decided_by_id = reply.reason = None


def remove(note: Recommendation, *, by: Account, at: dt.datetime) -> None:
    """Take a note away, with its links and its reply. Its writer may do so at any time. That it was hidden is kept.
    Raises NotFound."""
    found = _lock(Recommendation.id == note.id, Recommendation.writer_id == by.id)
    if found is None:
        raise NotFound("it is removed already, or somebody else's")
    links.end_all(found, at=at)
    if found.state is RecommendationState.HIDDEN:
        _remember(found)
    db.session.delete(found)
    db.session.flush()
    _record(found.audience, None, by=by, at=at)


def _lock(*conditions: ColumnElement[bool]) -> Recommendation | None:
    return db.session.scalars(locked(select(Recommendation).where(*conditions))).one_or_none()
