"""What a process keeps of the database in its memory, until the database changes.

A function that only reads is decorated; it then reads once for each set of arguments, until the log of changes says
that something is different. While a transaction writes, it reads each time: what is not kept yet must not be kept here.
What it returns is shared by all threads: nobody changes it.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from sqlalchemy import Select

from directory.db import db, is_reading
from directory.services import changes
from directory.services.changes import Version

Given = ParamSpec("Given")
Found = TypeVar("Found")
Row = TypeVar("Row")

# Of one function: then all is forgotten.
MOST = 2_000


class _Shelf(Generic[Found]):
    """What one function found, at one version. Replaced as a whole, so that no thread sees half of it."""

    def __init__(self) -> None:
        self._kept: tuple[Version | None, dict[Any, Found]] = (None, {})

    def get(self, version: Version, key: Any, read: Callable[[], Found]) -> Found:
        kept_at, found = self._kept
        if kept_at != version or len(found) > MOST:
            found = {}
            self._kept = (version, found)
        if key not in found:
            found[key] = read()
        return found[key]


def version() -> Version:
    """The newest change that the transaction sees: one look for each transaction that only reads."""
    if not is_reading():
        return changes.latest()
    session = db.session
    known: tuple[object, Version] | None = session.info.get("version")
    if known is not None and known[0] is session.get_transaction():
        return known[1]
    found = changes.latest(session.connection())
    session.info["version"] = (session.get_transaction(), found)
    return found


class _Facts:
    """The version at which the facts were last seen to change, and up to which they were seen to be the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[Version, Version] | None = None

    def version(self) -> Version:
        now = version()
        seen = self._seen
        if seen is not None and seen[0] == now:
            return seen[1]
        with self._lock:
            self._seen = (now, now if seen is None or _differ(seen[0]) else seen[1])
            return self._seen[1]


def _differ(since: Version) -> bool:
    try:
        return changes.since(since, db.session.connection()).facts
    except changes.Forgotten:
        return True


_FACTS = _Facts()


def facts_version() -> Version:
    """The version at which the facts became what they are, as far as this process knows. Changes of listings alone
    do not change it."""
    return _FACTS.version()


def of_facts(read: Callable[Given, Found]) -> Callable[Given, Found]:
    """Keep what `read` finds until the facts change. It reads facts only, and its arguments can be hashed."""
    return _kept(read, facts_version)


def of_everything(read: Callable[Given, Found]) -> Callable[Given, Found]:
    """Keep what `read` finds until anything changes: a listing or a fact. Its arguments can be hashed."""
    return _kept(read, version)


def _kept(read: Callable[Given, Found], of: Callable[[], Version]) -> Callable[Given, Found]:
    shelf: _Shelf[Found] = _Shelf()

    @wraps(read)
    def kept(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        if not is_reading():
            return read(*args, **kwargs)
        return shelf.get(of(), (args, tuple(sorted(kwargs.items()))), lambda: read(*args, **kwargs))

    return kept


def rows(query: Select[Row]) -> tuple[Row, ...]:
    """All that a query of one table finds. Taken out of the session when it only reads, so that they can be kept."""
    session = db.session
    found = tuple(session.scalars(query))
    if is_reading():
        for row in found:
            session.expunge(row)
    return found
