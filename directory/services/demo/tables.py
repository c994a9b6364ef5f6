"""Puts many rows into tables as fast as the database takes them: executemany on SQLite, COPY on PostgreSQL.

Values are written as both databases take them: days and moments as text in UTC, true and false as 1 and 0. Everything
happens in the transaction of the session.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import func, select, text

from directory.db import db
from directory.models import Base

# Tables in the order in which they are filled, with their columns.
COLUMNS: dict[str, tuple[str, ...]] = {
    "practitioner": (
        *("id", "public_id", "slug", "name", "name_key", "business", "text", "state", "origin", "country", "website"),
        *("contact_email", "gender", "pressure_from", "pressure_to", "accepting", "visits_theirs", "visits_yours"),
        *("visits_online", "travels_km", "access_step_free", "access_hearing", "access_sight", "access_neurodivergent"),
        *("access_scent_free", "access_chair", "access_futon", "access_note", "availability_note", "states_insurance"),
        *("band", "shuffle", "listed_on", "confirmed_on", "updated_at"),
    ),
    "other_name": ("id", "practitioner_id", "name", "is_shown"),
    "practice_place": (
        *("id", "practitioner_id", "town", "postcode_area", "region", "country", "address_is_public"),
        *("latitude", "longitude", "x", "y", "z"),
    ),
    "price": ("id", "practitioner_id", "label", "minutes", "amount_minor", "currency", "is_reduced"),
    "training": ("practitioner_id", "modality_id", "position", "school", "since_year", "hours", "seen_on"),
    "works_with": ("practitioner_id", "concern_id"),
    "speaks": ("practitioner_id", "language"),
    "claim": (
        *("id", "practitioner_id", "body_id", "body_name", "grade", "number", "number_key", "claimed_until"),
        *("stated_on", "taken_on", "withdrawn_on", "recorded_at"),
    ),
    "claim_check": (
        *("id", "practitioner_id", "body_id", "number_key", "checked_on", "recorded_at", "method", "outcome", "tie"),
        *("seen_name", "seen_grade", "valid_from", "valid_to", "ended_on", "notice_url", "due_on"),
    ),
    "claim_span": ("id", "claim_id", "practitioner_id", "body_id", "status", "from_on", "until_on"),
    "search_text": ("practitioner_id", "names", "methods", "body", "concerns"),
    "skeleton": ("id", "practitioner_id", "kind", "value"),
}
NUMBERED = tuple(table for table, columns in COLUMNS.items() if columns[0] == "id")

Rows = dict[str, list[tuple[Any, ...]]]


class Block:
    """Rows to be put into tables together, and the last number given out in each table."""

    def __init__(self, ids: dict[str, int]) -> None:
        self.rows: Rows = {table: [] for table in COLUMNS}
        self._ids = ids

    def number(self, table: str) -> int:
        """The next number of `table`."""
        self._ids[table] += 1
        return self._ids[table]

    def add(self, table: str, *values: Any) -> None:
        """A row of `table`, without a number of its own."""
        self.rows[table].append(values)

    def add_numbered(self, table: str, *values: Any) -> int:
        """A row of `table` with the next number, which is returned."""
        number = self.number(table)
        self.rows[table].append((number, *values))
        return number


# Pages of the database that are kept in memory while many rows come in, in KiB. Without them SQLite would write and
# read the same pages of an index again and again.
SQLITE_CACHE_KIB = 131_072


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return db.engine.dialect.name == "sqlite"


def lock() -> None:
    """Keep others from adding rows until the end of the transaction, so that numbers can be given out here.

    Call it first: what the transaction sees is fixed by its first query. A writer on SQLite is alone anyway.
    """
    if not is_sqlite():
        db.session.execute(text(f"LOCK TABLE {', '.join(COLUMNS)} IN SHARE ROW EXCLUSIVE MODE"))


def last_ids() -> dict[str, int]:
    """The highest number of each table that has numbers, 0 where it is empty."""
    ids = ((table, Base.metadata.tables[table].c.id) for table in NUMBERED)
    return {table: db.session.scalar(select(func.max(column))) or 0 for table, column in ids}


def advance_sequences(ids: Mapping[str, int]) -> None:
    """Let PostgreSQL go on after `ids`. SQLite does so by itself."""
    if is_sqlite():
        return
    for table, last in ids.items():
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        db.session.execute(text(f"SELECT setval({sequence}, greatest(nextval({sequence}), :last))"), {"last": last})


@contextmanager
def adding(*, alone: bool = False) -> Iterator[Callable[[Rows], None]]:
    """What puts rows into their tables, in the transaction of the session. It may keep the last ones until the end.

    With `alone`, indexes are made (and on PostgreSQL foreign keys checked) once at the end, which is faster for many
    rows. On PostgreSQL nobody else can read the tables meanwhile. It is one transaction: nobody sees the tables
    without, and if anything fails they are as before.
    """
    driver: Any = db.session.connection().connection.dbapi_connection
    with ExitStack() as stack:
        if is_sqlite():
            stack.enter_context(_more_memory(driver))
            upkeep = driver.execute(_SQLITE_UPKEEP) if alone else ()
            stack.enter_context(_without(driver, list(upkeep)))
            stack.enter_context(_without_word_trigger(driver))
            yield lambda rows: _execute_many(driver, rows)
        else:
            if alone:
                # A table cannot be changed while what it has to tell the log of changes waits for the end.
                driver.execute("SET CONSTRAINTS ALL IMMEDIATE")
            upkeep = driver.execute(_POSTGRESQL_UPKEEP, (list(COLUMNS),)) if alone else ()
            stack.enter_context(_without(driver, list(upkeep)))
            yield stack.enter_context(_copying(driver))


# Statements that take away, and that make again, what is looked after row by row.
_SQLITE_UPKEEP = f"""
    SELECT 'DROP INDEX ' || name, sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('{"', '".join(COLUMNS)}')
"""  # noqa: S608  own names
_POSTGRESQL_UPKEEP = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])
    UNION ALL
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = pg_class.relam
    WHERE indrelid = 'search_text'::regclass AND amname = 'gin'
"""


@contextmanager
def _without(driver: Any, upkeep: Sequence[tuple[str, str]]) -> Iterator[None]:
    for take_away, _ in upkeep:
        driver.execute(take_away)
    yield
    for _, make_again in upkeep:
        driver.execute(make_again)


@contextmanager
def _more_memory(driver: Any) -> Iterator[None]:
    before = _first(driver, "PRAGMA cache_size")
    driver.execute(f"PRAGMA cache_size=-{SQLITE_CACHE_KIB}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA cache_size={before}")


@contextmanager
def _without_word_trigger(driver: Any) -> Iterator[None]:
    """Pass all new texts on to the index of words together at the end.

    While a trigger passes on each, that index writes out what it has after every single row, which takes five times as
    long.
    """
    trigger = _first(driver, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'search_text_added'")
    last = _first(driver, "SELECT coalesce(max(practitioner_id), 0) FROM search_text")
    driver.execute("DROP TRIGGER search_text_added")
    yield
    driver.execute(
        "INSERT INTO search_fts (rowid, names, methods, body, concerns)"
        " SELECT practitioner_id, names, methods, body, concerns FROM search_text WHERE practitioner_id > ?",
        (last,),
    )
    driver.execute(trigger)


def _first(driver: Any, statement: str) -> Any:
    return driver.execute(statement).fetchone()[0]


def _execute_many(driver: Any, rows: Rows) -> None:
    for table, values in rows.items():
        columns = COLUMNS[table]
        places = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", values)  # noqa: S608  own names


@contextmanager
def _copying(driver: Any) -> Iterator[Callable[[Rows], None]]:
    """A thread waits for the server, so that the next rows can be made meanwhile. One lot is under way at a time."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        under_way: list[Future[None]] = []

        def wait() -> None:
            while under_way:
                under_way.pop().result()

        def add(rows: Rows) -> None:
            wait()
            under_way.append(thread.submit(_copy, driver, rows))

        yield add
        wait()


def _copy(driver: Any, rows: Rows) -> None:
    with driver.cursor() as cursor:
        for table, values in rows.items():
            with cursor.copy(f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
