"""Answers searches: from the copy of the listings in this process, or in plain SQL where there is none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from directory.db import db, is_reading
from directory.models import Practitioner
from directory.services import copies
from directory.services.search import plain_sql
from directory.services.search.criteria import Answer, Criteria
from directory.services.search.replica import questions
from directory.services.search.replica.keeping import Keeper
from directory.services.search.replica.listings import Replica

_keepers: WeakKeyDictionary[Engine, Keeper] = WeakKeyDictionary()


def keep(folder: Path) -> None:
    """Answer from memory from now on, with a file in `folder` from which other processes can start."""
    _keepers[db.engine] = Keeper(folder)


def prepare(folder: Path) -> int:
    """Make sure that processes can start quickly with the file in `folder`; how many listings it holds, if any."""
    return Keeper(folder).prepare(db.engine)


def answer(criteria: Criteria) -> Answer:
    """All that a search finds: how many, the listings of one page in order, and the counts of every filter."""
    with _replica() as replica:
        if replica is not None:
            return questions.answer(replica, criteria, _in_name_order)
    return plain_sql.answer(criteria)


def count(criteria: Criteria) -> int:
    """How many listings the search finds."""
    with _replica() as replica:
        if replica is not None:
            return questions.count(replica, criteria)
    return plain_sql.count(criteria)


def is_name(criteria: Criteria) -> bool:
    """Whether somebody's name has all the words."""
    with _replica() as replica:
        if replica is not None:
            return questions.is_name(replica, criteria)
    return plain_sql.is_name(criteria)


def named(words: str, limit: int) -> list[int]:
    """Row numbers of at most `limit` listings with all the words in their names, by name."""
    with _replica() as replica:
        if replica is not None:
            return questions.named(replica, words, limit, _in_name_order)
    return plain_sql.named(words, limit)


@contextmanager
def _replica() -> Iterator[Replica | None]:
    """The copy, if it is as the transaction sees the listings. What a transaction writes, only plain SQL can see."""
    keeper = _keepers.get(db.engine)
    if keeper is None or not is_reading():
        yield None
        return
    # Whatever else the page keeps has looked for the newest change already.
    with keeper.current(db.session.connection(), copies.version()) as replica:
        yield replica


def _in_name_order(ids: Sequence[int]) -> list[int]:
    ordered = select(Practitioner.id).where(Practitioner.id.in_(ids)).order_by(Practitioner.name_key, Practitioner.id)
    return list(db.session.scalars(ordered))
