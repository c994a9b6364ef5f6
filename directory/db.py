"""The database: engine, session and transactions.

SQLite is opened so that it keeps what it acknowledged: SQLAlchemy's defaults lose updates in silence.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal

import flask_sqlalchemy_lite._extension as lite
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.engine import make_url

db = SQLAlchemy(session_options={"autoflush": True, "expire_on_commit": False})

Mode = Literal["reading", "writing"]
_mode: ContextVar[Mode] = ContextVar("mode", default="writing")

SQLITE_BUSY_SECONDS = 10
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    # Not trusted_schema=OFF: triggers that keep a full-text table in step are refused with it.
    "journal_size_limit=67108864",
)
POSTGRESQL_OPTIONS = "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=10000 -c jit=off -c timezone=UTC"


def init_app(app: Flask, url: str, *, statement_timeout: bool = True) -> None:
    """Connect the application to the database at `url`."""
    app.config["SQLALCHEMY_ENGINES"] = {
        "default": _engine_options(url, statement_timeout=statement_timeout)
    }
    db.init_app(app)
    # It starts an event loop at the end of every request, for asynchronous sessions that are not used here.
    app.teardown_appcontext_funcs.remove(lite._close_async_sessions)
    with app.app_context():
        _listen(db.engine)


def _engine_options(url: str, *, statement_timeout: bool) -> dict[str, Any]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {"url": parsed, "connect_args": {"timeout": SQLITE_BUSY_SECONDS}}
    options = POSTGRESQL_OPTIONS if statement_timeout else "-c jit=off -c timezone=UTC"
    return {
        "url": parsed.set(drivername="postgresql+psycopg"),
        "pool_pre_ping": True,
        # A second writer of the same row is refused instead of overwriting what it has not seen.
        "isolation_level": "REPEATABLE READ",
        "connect_args": {"options": options, "connect_timeout": 5},
    }


def _listen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = (
        None  # The driver's own BEGIN comes too late and is not immediate.
    )
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = _mode.get() == "reading"
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.read_only = _mode.get() == "reading"


def set_mode(mode: Mode) -> None:
    """Say whether transactions begun from here on only read. A reading transaction cannot write."""
    _mode.set(mode)


@contextmanager
def transaction() -> Iterator[None]:
    """Keep everything done inside, or nothing."""
    set_mode("writing")
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


MIGRATION_LOCK = 7_282_101  # any number that nothing else in the database uses
alembic = Alembic(run_mkdir=False)


def init_migrations(app: Flask, script_location: Path, metadata: MetaData) -> None:
    """Find the migrations that make the tables of `metadata` in `script_location`."""
    alembic.metadatas = {"default": metadata}
    app.config["ALEMBIC"] = {
        "script_location": str(script_location),
        "path_separator": "os",
    }
    # SQLite can change tables in a transaction when it is really told to begin one, which db.py does.
    app.config["ALEMBIC_CONTEXT"] = {
        "transactional_ddl": True,
        "compare_type": True,
        "compare_server_default": False,
    }
    alembic.init_app(app)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def revisions() -> tuple[str | None, str]:
    """The revision of the database and the one that this version needs."""
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    head = alembic.script_directory.get_current_head()
    assert head is not None
    return current, head


def upgrade() -> tuple[str | None, str]:
    """Bring the tables to the newest revision, in one transaction; return the revision before and after.

    Several at once: one works, the others wait for it and find nothing to do. Killed: nothing is half done.
    """
    set_mode("writing")
    with db.engine.connect() as lock:
        if lock.dialect.name == "postgresql":
            lock = lock.execution_options(isolation_level="AUTOCOMMIT")
            lock.exec_driver_sql("SET statement_timeout = 0")
            lock.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
        try:
            before, _ = revisions()
            alembic.upgrade()
        finally:
            if lock.dialect.name == "postgresql":
                lock.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
    _, head = revisions()
    return before, head
