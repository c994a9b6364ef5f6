"""The log of changes: what is the newest, what came since, and forgetting what nobody needs."""

import contextlib
import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, select
from sqlalchemy.exc import SQLAlchemyError

from directory.db import db
from directory.models import Change

# A process that is further behind begins anew, which is quicker than catching up.
KEPT = 50_000


@dataclass(frozen=True)
class Version:
    """How far a copy of the listings has come: the number and the mark of the last change that it holds."""

    number: int
    mark: int


@dataclass(frozen=True)
class Since:
    """What changed since a version: listings by row number, and whether facts that they name did."""

    version: Version
    practitioner_ids: frozenset[int]
    facts: bool


class Forgotten(Exception):
    """The changes since a version are not known any more, or the version is of another database."""


def latest(connection: Connection | None = None) -> Version:
    """The newest change that the transaction of `connection` sees; without one, that of the session."""
    if connection is None:
        number, mark = db.session.execute(_LATEST).one()
        return Version(number, mark)
    if connection.dialect.name == "sqlite":
        # Every question and every page asks this. The driver needs a tenth of the time for it.
        driver: Any = connection.connection.dbapi_connection
        with contextlib.suppress(sqlite3.Error):  # said below in the words of the library
            number, mark = driver.execute(_LATEST_SQL).fetchone()
            return Version(number, mark)
    number, mark = connection.exec_driver_sql(_LATEST_SQL).one()
    return Version(number, mark)


def glance(engine: Engine) -> Version | None:
    """The newest change that was kept, looked at outside of any transaction; None where the database cannot answer."""
    try:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_LATEST_SQL)
            number, mark = cursor.fetchall()[0]
        finally:
            connection.close()
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error):
        return None
    return Version(number, mark)


_LATEST_SQL = "SELECT id, mark FROM change ORDER BY id DESC LIMIT 1"
_LATEST = select(Change.id, Change.mark).order_by(Change.id.desc()).limit(1)
_MARK = select(Change.mark).where(Change.id == bindparam("number"))
_SINCE = (
    select(Change.id, Change.mark, Change.practitioner_id).where(Change.id > bindparam("number")).order_by(Change.id)
)


def since(version: Version, connection: Connection | None = None) -> Since:
    """All that changed after `version`. Raises Forgotten."""
    reader = connection or db.session
    if reader.scalar(_MARK, {"number": version.number}) != version.mark:
        raise Forgotten
    rows = reader.execute(_SINCE, {"number": version.number}).all()
    ids = [row[2] for row in rows]
    return Since(
        Version(rows[-1][0], rows[-1][1]) if rows else version,
        frozenset(one for one in ids if one is not None),
        facts=None in ids,
    )


def forget_old() -> None:
    """Forget what is so old that nobody catches up from there.

    In a transaction of its own: two that forget at once collide on PostgreSQL, and what else they did would be lost.
    """
    db.session.execute(delete(Change).where(Change.id <= latest().number - KEPT))
