"""Entries of the ledger: appended in the transaction of the decision, and read.

An entry is written when its transaction is about to be kept, as the last thing in it. Only then is the end of the chain
locked, so that whoever decides waits for another's commit at most, and never for another's work (decision 0011).
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session, SessionTransaction

from directory.db import db, is_reading, pause
from directory.lib import canonical_json, merkle, tokens
from directory.lib.fingerprints import salted
from directory.models import Account, LedgerEntry, LedgerOpening, Opened

# What the first entry has for the hash of the one before.
BEGINNING = "0" * 64
LOCK = 7_282_103  # any number that nothing else in the database uses
MOST = 1_000
_MOST_HASHES = 50_000

_WAITING = "entries of the ledger that wait for the commit"
_KIND = re.compile(r"[a-z]+(-[a-z]+)+")
# Names of things in the code, numbers, days and hashes. No sentence, name of a person or address looks like this.
_WORD = re.compile(r"[a-z0-9]+([.:_/-][a-z0-9]+)*|\d{4}-\d\d-\d\d(T[\d:.]+Z)?")
_LONGEST_WORD = 80


class Unfit(ValueError):
    """A fact that an entry must not hold, because it might be personal data."""


@dataclass
class _Waiting:
    """An entry that is not written yet, and the savepoint in which it came about, if in one."""

    entry: LedgerEntry
    facts: dict[str, Any]
    commitments: dict[str, str]
    openings: list[LedgerOpening]
    within: SessionTransaction | None


def append(kind: str, *, at: dt.datetime, by: Account | None, subject: str | None = None, **facts: Any) -> LedgerEntry:
    """Append a decision of `kind`, a noun with its past participle (`claim-confirmed`), to the ledger.

    `subject` is whom it is about: `practitioner:` and a public id. It and `by` stand in the entry as commitments only.
    `facts` are for everybody and for ever: names of bodies and outcomes, days, hashes, numbers. Raises Unfit for what
    might be anything else.

    The entry gets its number and its hash when the transaction is kept, or when the ledger is read in it.
    """
    if not _KIND.fullmatch(kind):
        raise Unfit(f"{kind!r} is no kind of entry")
    session = db.session
    waiting = session.info.get(_WAITING)
    if waiting is None:
        waiting = session.info[_WAITING] = []
        event.listen(session, "before_commit", _before_commit)
        event.listen(session, "after_soft_rollback", _after_rollback)
    entry = LedgerEntry(at=at.astimezone(dt.UTC), kind=kind)
    openings = [
        LedgerOpening(what=what.value, salt=tokens.salt(), plain=plain)
        for what, plain in ((Opened.BY, by and f"account:{by.id}"), (Opened.SUBJECT, subject))
        if plain
    ]
    plain_facts = {name: _fit(name, value) for name, value in sorted(facts.items())}
    commitments = {one.what: commitment(one.salt, one.plain) for one in openings}
    waiting.append(_Waiting(entry, plain_facts, commitments, openings, session.get_nested_transaction()))
    return entry


def _fit(name: str, value: Any) -> Any:
    """A fact as JSON has it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dt.datetime):
        return written(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        value = value.value
    if isinstance(value, str) and len(value) <= _LONGEST_WORD and _WORD.fullmatch(value):
        return value
    if isinstance(value, Mapping):
        return {str(key): _fit(name, inner) for key, inner in value.items() if _fit(name, str(key))}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        inner = [_fit(name, one) for one in value]
        return sorted(inner) if isinstance(value, set | frozenset) else inner
    raise Unfit(f"the fact {name!r} is not a word, a day, a hash or a number")


def written(at: dt.datetime) -> str:
    """A moment as the ledger writes it: 2026-11-21T09:30:00.000000Z."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(salt: str, plain: str) -> str:
    """What stands in an entry for these plain words."""
    return salted(salt, plain)


def body_of(
    seq: int, at: dt.datetime, kind: str, facts: Mapping[str, Any], previous: str, by: str | None, subject: str | None
) -> str:
    """The text of an entry, which is hashed."""
    return canonical_json.dumps(
        {
            "at": written(at),
            "by": by,
            "facts": dict(facts),
            "kind": kind,
            "previous": previous,
            "seq": seq,
            "subject": subject,
        }
    )


def hash_of(body: str) -> str:
    """The leaf hash of an entry, hexadecimal."""
    return merkle.leaf_hash(body.encode()).hex()


# Writing


def settle() -> None:
    """Write what waits: from here until the transaction ends nobody else can append."""
    session = db.session
    waiting: list[_Waiting] = session.info.get(_WAITING, [])
    if not waiting:
        return
    # What else there is to write comes first: nothing is waited for behind the lock.
    session.flush()
    seq, previous = _end(session)
    while waiting:
        one = waiting.pop(0)
        seq += 1
        by, subject = one.commitments.get(Opened.BY), one.commitments.get(Opened.SUBJECT)
        entry = one.entry
        entry.seq, entry.previous = seq, previous
        entry.body = body_of(seq, entry.at, entry.kind, one.facts, previous, by, subject)
        entry.hash = previous = hash_of(entry.body)
        for opening in one.openings:
            opening.seq = seq
        session.add_all([entry, *one.openings])
    session.flush()


def _end(session: Session) -> tuple[int, str]:
    """The number and the hash of the last entry, which stays the last until this transaction ends.

    On SQLite a writing transaction is alone. On PostgreSQL a lock is held until after the commit; but the transaction
    sees the database as it was when it began, so the last entry is asked for outside of it, too. Those of its own it
    sees alone.
    """
    query = select(LedgerEntry.seq, LedgerEntry.hash).order_by(LedgerEntry.seq.desc()).limit(1)
    found = [(0, BEGINNING)]
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        connection = db.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1")
            found += cursor.fetchall()
        finally:
            connection.close()
    found += [(seq, hash_) for seq, hash_ in session.execute(query)]
    return max(found)


def _before_commit(session: Session) -> None:
    # Also called for savepoints, after which there may be more.
    if session.info[_WAITING] and not session.in_nested_transaction():
        settle()


def _after_rollback(session: Session, previous: SessionTransaction) -> None:
    """Forget the entries of what was undone."""
    if previous.nested:
        session.info[_WAITING][:] = [one for one in session.info[_WAITING] if not _is_within(one.within, previous)]
    else:
        session.info[_WAITING].clear()


def _is_within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer


# Reading


@dataclass(frozen=True)
class Entry:
    """An entry as it is published."""

    seq: int
    at: dt.datetime
    kind: str
    facts: Mapping[str, Any]
    body: str
    hash: str


def size() -> int:
    """How many entries there are."""
    settle()
    return db.session.scalar(select(func.max(LedgerEntry.seq))) or 0


def list_entries(first: int = 1, last: int | None = None, *, most: int = MOST) -> list[Entry]:
    """Entries by number, from `first` to `last`, at most so many."""
    settle()
    query = select(LedgerEntry).where(LedgerEntry.seq >= first).order_by(LedgerEntry.seq).limit(most)
    if last is not None:
        query = query.where(LedgerEntry.seq <= last)
    return [_published(row) for row in db.session.scalars(query)]


def list_latest(most: int = 20) -> list[Entry]:
    """The newest entries, the newest first."""
    settle()
    query = select(LedgerEntry).order_by(LedgerEntry.seq.desc()).limit(most)
    return [_published(row) for row in db.session.scalars(query)]


def bodies(first: int, last: int) -> Iterator[str]:
    """The text of every entry from `first` to `last`, which are read a thousand at a time.

    In a transaction that only reads, none is held open between: whoever asks may be slow.
    """
    settle()
    for start in range(first, last + 1, MOST):
        span = LedgerEntry.seq.between(start, min(last, start + MOST - 1))
        found = db.session.scalars(select(LedgerEntry.body).where(span).order_by(LedgerEntry.seq)).all()
        if is_reading():
            pause()
        yield from found


def hashes(first: int, last: int) -> Iterator[bytes]:
    """The hash of every entry from `first` to `last`."""
    settle()
    for start in range(first, last + 1, _MOST_HASHES):
        span = LedgerEntry.seq.between(start, min(last, start + _MOST_HASHES - 1))
        found = db.session.scalars(select(LedgerEntry.hash).where(span).order_by(LedgerEntry.seq)).all()
        if not found:
            return
        yield from map(bytes.fromhex, found)


def _published(row: LedgerEntry) -> Entry:
    return Entry(row.seq, row.at, row.kind, json.loads(row.body)["facts"], row.body, row.hash)


# Openings


def forget(plain: str) -> None:
    """Take away what opens the commitments to these plain words: an account or a practitioner who goes."""
    for one in db.session.info.get(_WAITING, ()):
        one.openings[:] = [opening for opening in one.openings if opening.plain != plain]
    db.session.execute(delete(LedgerOpening).where(LedgerOpening.plain == plain))
