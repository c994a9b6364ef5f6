"""Letters on their way: who sends which, when it is tried again, and when that ends."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from directory.config import Settings
from directory.db import db, upsert
from directory.lib import tokens
from directory.models import DirectoryError, Letter, LetterState, Pulse
from directory.services import events, sealing

# Longer than any conversation with a mail server may take (lib/mail_transport).
CLAIM = dt.timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=6)
WORKER = "worker"
# When something that was sealed was last erased, and what was left of it last overwritten (services/traces).
ERASED, LOG_CLEANED, FILE_CLEANED = "sealed-erased", "sealed-log-cleaned", "sealed-file-cleaned"
KEPT_TRYING = dt.timedelta(days=5)


def claim(*, at: dt.datetime) -> Letter | None:
    """The letter that has waited longest, for the caller to send; None when none is due.

    Nobody else gets it for five minutes: then its sender is taken to be dead. Call it in a transaction of its own, and
    send after that.
    """
    query = select(Letter).where(_is_due(at)).order_by(Letter.next_at, Letter.id).limit(1)
    letter = db.session.scalars(
        query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).one_or_none()
    if letter is None:
        return None
    letter.state, letter.claimed_until = LetterState.SENDING, at + CLAIM
    letter.tries += 1
    db.session.flush()
    # What follows happens outside of the transaction.
    db.session.expunge(letter)
    return letter


def _is_due(at: dt.datetime) -> ColumnElement[bool]:
    return or_(
        and_(Letter.state == LetterState.WAITING, Letter.next_at <= at),
        and_(Letter.state == LetterState.SENDING, Letter.claimed_until <= at),
    )


@dataclass(frozen=True)
class Opened:
    """What a letter says, to whom, and where an answer goes (None: nowhere)."""

    to: str
    reply_to: str | None
    values: Mapping[str, Any]


class Unopened(DirectoryError):
    """A sealed letter whose key is forgotten, or that was altered: nobody can read it any more."""


def opened(letter: Letter, settings: Settings, *, at: dt.datetime) -> Opened:
    """A letter as it is sent. What this returns is nowhere in the database: keep it nowhere. Raises Unopened."""
    if letter.sealed is None:
        return Opened(letter.to, None, letter.values)
    said = sealing.unseal(letter.sealed, about=letter.cause, settings=settings, at=at)
    if said is None:
        raise Unopened("nobody can open it any more")
    return Opened(said["to"] or letter.to, said["reply_to"], said["values"])


def note_sent(letter: Letter, *, at: dt.datetime) -> None:
    """The server has accepted it. Whatever it said, tokens too, is forgotten here."""
    db.session.execute(
        update(Letter)
        .where(Letter.id == letter.id, Letter.state != LetterState.SENT)
        .values(state=LetterState.SENT, sent_at=at, claimed_until=None, problem=None, values={}, sealed=None)
    )
    if letter.sealed is not None:
        note(ERASED, at=at)


def put_off(letter: Letter, problem: str, *, at: dt.datetime) -> bool:
    """It did not go: try again after a pause that doubles, up to six hours, or give it up where that would be later
    than five days after it was queued; whether it was given up."""
    next_at = at + pause(letter.tries)
    if next_at - letter.queued_at >= KEPT_TRYING:
        return give_up(letter, problem, at=at)
    db.session.execute(
        update(Letter)
        .where(*_ours(letter))
        .values(state=LetterState.WAITING, next_at=next_at, claimed_until=None, problem=problem)
    )
    return False


def pause(tries: int) -> dt.timedelta:
    """How long to wait after so many tries: 1, 2, 4 ... minutes, and up to a quarter more: not all come at once."""
    usual = min(FIRST_PAUSE * (1 << min(tries - 1, 20)), LONGEST_PAUSE)
    return usual + usual * tokens.fraction() / 4


def give_up(letter: Letter, problem: str, *, at: dt.datetime) -> bool:
    """It will never go; whether that was for us to say."""
    changed = db.session.execute(
        update(Letter)
        .where(*_ours(letter))
        .values(state=LetterState.GIVEN_UP, claimed_until=None, problem=problem, values={}, sealed=None)
        .returning(Letter.id)
    ).scalar()
    if changed is not None:
        events.record("letter-given-up", at=at, account_id=letter.account_id, letter=letter.kind, problem=problem)
    if letter.sealed is not None:
        note(ERASED, at=at)
    return changed is not None


def _ours(letter: Letter) -> tuple[ColumnElement[bool], ...]:
    """Whether the letter is still with the sender who claimed it at this try."""
    return (Letter.id == letter.id, Letter.state == LetterState.SENDING, Letter.tries == letter.tries)


def note_worker(*, at: dt.datetime) -> None:
    """A worker lives."""
    note(WORKER, at=at)


def note(name: str, *, at: dt.datetime) -> None:
    """Write down when something was last so."""
    row = {"name": name, "seen_at": at}
    db.session.execute(upsert(Pulse).values(**row).on_conflict_do_update(index_elements=["name"], set_={"seen_at": at}))


def worker_seen_at() -> dt.datetime | None:
    """When a worker last said that it lives."""
    return last(WORKER)


def last(name: str) -> dt.datetime | None:
    """When something was last so."""
    return db.session.scalar(select(Pulse.seen_at).where(Pulse.name == name))


@dataclass(frozen=True)
class Waiting:
    """How many letters wait to be sent, and since when the oldest does."""

    number: int
    since: dt.datetime | None


def waiting() -> Waiting:
    """Letters that have not gone yet."""
    number, since = db.session.execute(
        select(func.count(), func.min(Letter.queued_at)).where(
            Letter.state.in_([LetterState.WAITING, LetterState.SENDING])
        )
    ).one()
    return Waiting(number, since)
