"""The database: engine, session and transactions.

SQLite is opened so that it keeps what it acknowledged: SQLAlchemy's defaults lose updates in silence.
"""

import logging
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import flask_sqlalchemy_lite._extension as lite
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from flask import Flask, current_app
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import URL, Connection, Engine, MetaData, Select, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from directory.config import make_folder

db = SQLAlchemy(session_options={"autoflush": True, "expire_on_commit": False})

Mode = Literal["reading", "writing"]
_mode: ContextVar[Mode] = ContextVar("mode", default="writing")

SQLITE_BUSY_SECONDS = 10
SQLITE_PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    # Not trusted_schema=OFF: triggers that keep a full-text table in step are refused with it.
    "journal_size_limit=67108864",
)
POSTGRESQL_OPTIONS = "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=10000 -c jit=off -c timezone=UTC"


def init_app(app: Flask, url: str, *, for_commands: bool = False) -> None:
    """Connect the application to the database at `url`.

    Commands may take as long as they need, and may make the file of the database. Pages may not.
    """
    app.config["SQLALCHEMY_ENGINES"] = {"default": _engine_options(make_url(url), for_commands=for_commands)}
    db.init_app(app)
    # It starts an event loop at the end of every request, for asynchronous sessions that are not used here.
    app.teardown_appcontext_funcs.remove(lite._close_async_sessions)
    with app.app_context():
        _listen(db.engine)
        # Whoever closes a file of SQLite last takes in its log, so that nothing is left beside it.
        weakref.finalize(app, db.engine.dispose)


def _engine_options(url: URL, *, for_commands: bool) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        if for_commands and not url.query:
            make_folder(Path(url.database or "").parent)
        elif not url.query:
            # A file that is missing is a mistake; an empty one in its place would hide it.
            url = url.set(database="file:" + quote(url.database or ""), query={"mode": "rw", "uri": "true"})
        return {"url": url, "connect_args": {"timeout": SQLITE_BUSY_SECONDS}, "hide_parameters": True}
    options = "-c jit=off -c timezone=UTC" if for_commands else POSTGRESQL_OPTIONS
    return {
        "url": url.set(drivername="postgresql+psycopg"),
        "pool_pre_ping": True,
        "hide_parameters": True,
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
    connection.isolation_level = None  # The driver's own BEGIN comes too late and is not immediate.
    _keep_a_log(connection)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Turn on write-ahead logging. The change itself does not wait for other processes, so it is tried again."""
    patience = time.monotonic() + SQLITE_BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    if is_reading():
        # Waits for nobody and cannot fail, so it goes straight to the driver: every page begins with it.
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA query_only=ON")
        driver.execute("BEGIN")
    else:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    driver.read_only = is_reading()


def set_mode(mode: Mode) -> None:
    """Say whether transactions begun from here on only read. A reading transaction cannot write."""
    _mode.set(mode)


@contextmanager
def mode(chosen: Mode) -> Iterator[None]:
    """The same until the block ends."""
    token = _mode.set(chosen)
    try:
        yield
    finally:
        _mode.reset(token)


def is_reading() -> bool:
    """Whether transactions begun here only read."""
    return _mode.get() == "reading"


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


def pause() -> None:
    """End the transaction that is open, in which nothing was changed; what is asked next begins another.

    Before slow work, so that no writer waits for it, and before work in a transaction of its own.
    """
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("there are changes that a pause would keep")
    db.session.commit()
    # What was read may be otherwise by the time that it is looked at again.
    db.session.expire_all()


@contextmanager
def apart() -> Iterator[Session]:
    """A transaction of its own, kept although the request that it is for may fail. Begins with a pause."""
    pause()
    with mode("writing"), db.sessionmaker() as own:
        yield own
        own.commit()


def wait_for_others(own: Session) -> None:
    """Let PostgreSQL wait for a row that somebody else counts in, instead of giving up. Before anything else in `own`,
    and only for what adds to a number."""
    bind = own.get_bind()
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        own.connection(execution_options={"isolation_level": "READ COMMITTED"})


Done = TypeVar("Done")
TRIES = 5
TURNS_LOCK = 7_282_104  # any number that nothing else in the database uses


Query = TypeVar("Query", bound=Select[Any])


def locked(query: Query, of: type[Any] | None = None) -> Query:
    """The same rows (those of the table `of`, where others are joined) as they are now, and for nobody else to change
    before this transaction ends."""
    return query.with_for_update(of=of).execution_options(populate_existing=True)


def upsert(table: type[Any], session: Session | None = None) -> sqlite.Insert | postgresql.Insert:
    """An insert that may say what is done with rows that are there already; in the words of the database at hand."""
    dialect = (session or db.session).get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def collided(error: SQLAlchemyError) -> bool:
    """Whether a step failed only because somebody else changed the same rows first: done anew, it may succeed."""
    return _state_of(error) in {"40001", "40P01"}


def exists_already(error: SQLAlchemyError) -> bool:
    """Whether a step failed because a row is there that may be there once. On PostgreSQL it may be too new to be seen
    in this transaction."""
    return _state_of(error) == "23505"


def _state_of(error: SQLAlchemyError) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


@contextmanager
def taking_turns(engine: Engine) -> Iterator[None]:
    """Wait for all others who take turns in this database, whichever process they are in; on SQLite each writer does.

    A connection of its own holds the turn, because a transaction must begin after the wait to see what the others did.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with ExitStack() as end:
        # Without a turn it may still succeed.
        with suppress(SQLAlchemyError):
            connection = end.enter_context(engine.connect())
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({TURNS_LOCK})")
            end.callback(_end_turn, connection)
            connection.commit()
        yield


def _end_turn(connection: Connection) -> None:
    try:
        connection.rollback()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({TURNS_LOCK})")
        connection.commit()
    except SQLAlchemyError:
        # The connection is not used again, and the turn ends with it.
        connection.invalidate()


def kept(work: Callable[[], Done]) -> Done:
    """Do `work` in a transaction of its own and keep it; anew when somebody else changed the same rows first, and then
    one after the other, so that those that collided do not collide again."""
    with ExitStack() as end:
        for left in reversed(range(TRIES)):
            try:
                with transaction():
                    return work()
            except SQLAlchemyError as error:
                is_first = left == TRIES - 1
                # What is there already is there at the next try, too, but then it can be seen.
                if not left or not (collided(error) or (is_first and exists_already(error))):
                    raise
                db.session.expire_all()
                if is_first:
                    end.enter_context(taking_turns(db.engine))
    raise AssertionError("the last try ends, one way or the other")


def when_kept(mark: str, call: Callable[[], None]) -> None:
    """Call `call` after each transaction of this site that was kept and in which `session.info[mark]` was set."""

    def after_commit(session: Session) -> None:
        if session.get_nested_transaction() is None and session.info.pop(mark, None):
            call()

    def after_rollback(session: Session) -> None:
        session.info.pop(mark, None)

    event.listen(db.sessionmaker, "after_commit", after_commit)
    event.listen(db.sessionmaker, "after_rollback", after_rollback)


class NewerDatabase(Exception):
    """The tables were made by a later version of this program; the text is one line for an operator."""


MIGRATION_LOCK = 7_282_101  # any number that nothing else in the database uses
alembic = Alembic(run_mkdir=False, command_name="")


def init_migrations(app: Flask, script_location: Path, metadata: MetaData) -> None:
    """Find the migrations that make the tables of `metadata` in `script_location`."""
    alembic.metadatas = {"default": metadata}
    app.config["ALEMBIC"] = {"script_location": str(script_location), "path_separator": "os"}
    # SQLite can change tables in a transaction when it is really told to begin one, which is done here.
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
    return current, _head()


def upgrade() -> tuple[str | None, str]:
    """Bring the tables to the newest revision, in one transaction; return the revision before and after.

    Several at once: one works, the others wait for it and find nothing to do. Killed: nothing is half done.
    Raises NewerDatabase.
    """
    set_mode("writing")
    script, head = alembic.script_directory, _head()
    with db.engine.connect() as connection, _migrating_alone(connection):
        environment = EnvironmentContext(alembic.config, script)
        environment.configure(
            connection=connection,
            target_metadata=alembic.metadatas["default"],
            fn=lambda current, _context: script._upgrade_revs(head, current),
            **current_app.config["ALEMBIC_CONTEXT"],
        )
        context = environment.get_context()
        with environment.begin_transaction():
            # Inside the transaction: nobody else can change it from here on.
            before = context.get_current_revision()
            if before is not None and before not in known_revisions():
                raise NewerDatabase(f"the database is of a newer version ({before}); start that version instead")
            environment.run_migrations()
    return before, head


def known_revisions() -> set[str]:
    """Every revision that this version knows how to begin from."""
    return {script.revision for script in alembic.script_directory.walk_revisions()}


def _head() -> str:
    return alembic.script_directory.get_heads()[0]


@contextmanager
def _migrating_alone(connection: Connection) -> Iterator[None]:
    """Keep others from migrating. On SQLite the transaction itself does.

    On PostgreSQL the lock belongs to the connection that migrates, so that it outlives a killed process until the
    server has undone or kept what that was doing; and the transaction begins after it, so that it sees the outcome.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        connection.commit()
