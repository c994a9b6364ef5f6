"""Changes what is held of a register, in steps: an import writes what a list shows, an undo puts back what was before.

Nothing is deleted and nothing written over: a step ends rows and adds others, so that everything that was ever known
can be asked for.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from directory.db import db, locked
from directory.models import Register, RegisterImport, RegisterRow, RegisterStep
from directory.services.registers import bulk, views
from directory.services.registers.bulk import SAID, Said
from directory.services.registers.timelines import Span, overwrite

# From so many on, it is quicker to read a register as a whole than row by row.
MANY = 5_000
FEW = 500


@dataclass(frozen=True)
class Comparison:
    """The rows of a list beside what is held for its day, by key. `before`: the digests of rows that were listed."""

    before: Mapping[int, bytes]
    new: frozenset[int]
    changed: frozenset[int]
    gone: frozenset[int]

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.gone)


def compare(body_id: str, on: dt.date, fresh: Mapping[int, bytes], unread: Set[int]) -> Comparison:
    """What a list of a day says otherwise than what is held for that day.

    `fresh` are the digests of its rows by key; `unread` are keys of rows that it has and that could not be read.
    """
    query = select(RegisterRow.key, RegisterRow.digest).where(
        RegisterRow.body_id == body_id,
        RegisterRow.until_step.is_(None),
        RegisterRow.listed_from <= on,
        or_(RegisterRow.listed_until.is_(None), RegisterRow.listed_until > on),
    )
    before: dict[int, bytes] = dict(db.session.execute(query).all())
    return Comparison(
        before,
        frozenset(fresh.keys() - before.keys()),
        frozenset(key for key, digest in fresh.items() if before.get(key, digest) != digest),
        frozenset(before.keys() - fresh.keys() - unread),
    )


def lock(body_id: str, *, at: dt.datetime) -> Register:
    """Let nobody else change what is held of a register until the end of the transaction."""
    register = db.session.scalars(locked(select(Register).where(Register.body_id == body_id))).one()
    # Whoever began before this is kept must not go on with what they have seen: their database refuses them.
    register.changed_at = at
    db.session.flush()
    return register


def write(
    import_: RegisterImport,
    comparison: Comparison,
    fresh: Mapping[int, bytes],
    said: Callable[[int], Said],
    *,
    at: dt.datetime,
) -> RegisterStep:
    """Take in a list as one step. `said` gives the values of SAID of a row by its key. Call lock() first."""
    start = import_.listed_on
    end = views.lists(import_.body_id).next_after(start)
    step = _begin(import_, is_undo=False, at=at)
    affected = comparison.new | comparison.changed | comparison.gone
    known = _spans(import_.body_id, affected)
    ended: list[int] = []
    added: list[tuple[int, Span]] = []
    for key in affected:
        digest = fresh.get(key)
        spans = known.get(key, [])
        after = overwrite(spans, start, end, digest) if spans else [Span(start, end, digest or b"", None)]
        ended += [span.source for span in set(spans) - set(after) if span.source is not None]
        added += [(key, span) for span in after if span not in spans]
    bulk.end(ended, step.id)
    copies = _said_before({span.source for _, span in added if span.source is not None})
    bulk.add(
        (*(said(key) if span.source is None else copies[span.source]), span.since, span.until, step.id)
        for key, span in added
    )
    return _finish(step)


def restore(import_: RegisterImport, *, at: dt.datetime) -> RegisterStep:
    """Put back, as one step, what was held before the import was applied. Call lock() first."""
    undone = db.session.scalars(
        select(RegisterStep).where(RegisterStep.import_id == import_.id, RegisterStep.is_undo.is_(False))
    ).one()
    step = _begin(import_, is_undo=True, at=at)
    since, until = RegisterRow.since_step, RegisterRow.until_step
    now = _marks(import_.body_id, until.is_(None), since >= undone.id)
    then = _marks(import_.body_id, until >= undone.id, since < undone.id)
    bulk.end([row_id for mark, row_id in now.items() if mark not in then], step.id)
    lost = {row_id: mark for mark, row_id in then.items() if mark not in now}
    copies = _said_before(lost.keys())
    bulk.add((*copies[row_id], mark[2], mark[3], step.id) for row_id, mark in lost.items())
    return _finish(step)


def _begin(import_: RegisterImport, *, is_undo: bool, at: dt.datetime) -> RegisterStep:
    query = select(func.max(RegisterStep.number), func.max(RegisterStep.at))
    number, last = db.session.execute(query.where(RegisterStep.body_id == import_.body_id)).one()
    step = RegisterStep(
        body_id=import_.body_id,
        number=(number or 0) + 1,
        import_id=import_.id,
        is_undo=is_undo,
        # What was known at a moment never changes afterwards, whatever a clock says.
        at=max(at, last) if last else at,
        view_hash="",
    )
    db.session.add(step)
    db.session.flush()
    return step


def _finish(step: RegisterStep) -> RegisterStep:
    step.view_hash = views.view_hash(step.body_id)
    db.session.flush()
    return step


def _spans(body_id: str, keys: Set[int]) -> dict[int, list[Span]]:
    """What is held of these rows, on any day."""
    columns = (RegisterRow.key, RegisterRow.listed_from, RegisterRow.listed_until, RegisterRow.digest, RegisterRow.id)
    query = select(*columns).where(RegisterRow.body_id == body_id, RegisterRow.until_step.is_(None))
    found: dict[int, list[Span]] = {}
    parts: Iterable[Sequence[int]] = _parts(keys) if len(keys) < MANY else [()]
    for part in parts:
        rows: Any = db.session.execute(query.where(RegisterRow.key.in_(part)) if part else query)
        for key, *span in rows:
            if key in keys:
                found.setdefault(key, []).append(Span(*span))
    return found


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while part := list(islice(rest, FEW)):
        yield part


def _said_before(ids: Iterable[int]) -> dict[int, Said]:
    """The values of SAID of rows by their numbers."""
    columns = [getattr(RegisterRow, name) for name in ("id", *SAID)]
    return {
        row[0]: tuple(row[1:])
        for part in _parts(ids)
        for row in db.session.execute(select(*columns).where(RegisterRow.id.in_(part)))
    }


_Mark = tuple[int, bytes, dt.date, dt.date | None]


def _marks(body_id: str, *where: ColumnElement[bool]) -> dict[_Mark, int]:
    """Rows by all that makes them what they are, without when it was known."""
    columns = (RegisterRow.key, RegisterRow.digest, RegisterRow.listed_from, RegisterRow.listed_until, RegisterRow.id)
    found: Any = db.session.execute(select(*columns).where(RegisterRow.body_id == body_id, *where))
    return {tuple(mark): row_id for *mark, row_id in found}
