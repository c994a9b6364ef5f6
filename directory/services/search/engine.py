"""Answers searches: from the copy of the listings in this process, or in plain SQL where there is none."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
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
from directory.services.search.replica.words import Unreadable

Found = TypeVar("Found")

_keepers: WeakKeyDictionary[Engine, Keeper] = WeakKeyDictionary()


def keep(folder: Path) -> None:
    """Answer from memory from now on, with a file in `folder` from which other processes can start."""
    _keepers[db.engine] = Keeper(folder)


def prepare(folder: Path) -> int:
    """Make sure that processes can start quickly with the file in `folder`; how many can be searched."""
    return Keeper(folder).prepare(db.engine)


def answer(criteria: Criteria) -> Answer:
    """All that a search finds: how many, the listings of one page in order, and the counts of every filter."""
    return _ask(lambda replica: questions.answer(replica, criteria, _in_name_order), lambda: plain_sql.answer(criteria))


def count(criteria: Criteria) -> int:
    """How many listings the search finds."""
    return _ask(lambda replica: questions.count(replica, criteria), lambda: plain_sql.count(criteria))


def is_name(criteria: Criteria) -> bool:
    """Whether somebody's name has all the words."""
    return _ask(lambda replica: questions.is_name(replica, criteria), lambda: plain_sql.is_name(criteria))


def named(words: str, limit: int) -> list[int]:
    """Row numbers of at most `limit` listings with all the words in their names, by name."""
    return _ask(
        lambda replica: questions.named(replica, words, limit, _in_name_order),
        lambda: plain_sql.named(words, limit),
    )


def _ask(replica_says: Callable[[Replica], Found], plain_sql_says: Callable[[], Found]) -> Found:
    """The copy, if it is as the transaction sees the listings. What a transaction writes, only plain SQL can see."""
    keeper = _keepers.get(db.engine)
    if keeper is not None and is_reading():
        with keeper.current(db.session.connection(), copies.version()) as replica:
            if replica is not None:
                try:
                    return replica_says(replica)
                except Unreadable as error:
                    keeper.drop(str(error))
    return plain_sql_says()


NAMES_AT_ONCE = 10_000  # a database takes only so many values in one question


def _in_name_order(ids: Sequence[int]) -> list[int]:
    names: list[tuple[str, int]] = []
    for start in range(0, len(ids), NAMES_AT_ONCE):
        some = select(Practitioner.name_key, Practitioner.id).where(
            Practitioner.id.in_(ids[start : start + NAMES_AT_ONCE])
        )
        names += [(row[0], row[1]) for row in db.session.execute(some)]
    return [id_ for _, id_ in sorted(names)]
