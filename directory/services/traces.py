"""Overwrites what the files of the database still hold of whom services/erasures has erased, and of sealed letters.

A row that is deleted is gone for every question, but pieces of it stay for a while: in pages that were rearranged, in
the write-ahead log, in the full-text index, in the file of the search. A job does this soon after an erasure.
"""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, exists, select, update

from directory.db import db, transaction
from directory.models import Base, Erasure
from directory.services import erasures, letters, search


def is_due() -> bool:
    """Whether anybody was erased whose traces may still be there."""
    return bool(db.session.scalar(select(exists().where(Erasure.cleaned_at.is_(None)))))


def clean(folder: Path, *, at: dt.datetime) -> bool:
    """Overwrite the traces of everybody who was erased, if there are any; whether all are gone.

    `folder` is the data folder. Call it outside of any transaction. On SQLite writers wait meanwhile, about a second
    for ten thousand listings; readers do not. Somebody who still reads what was there before makes it False: call it
    again later.
    """
    pending = db.session.scalars(select(Erasure.erased_at).where(Erasure.cleaned_at.is_(None))).all()
    if pending:
        erasures.write_file(folder)
    db.session.rollback()
    if not pending:
        return True
    search.forget(folder / "search")
    done = (_clean_sqlite if db.engine.dialect.name == "sqlite" else _clean_postgresql)(db.engine)
    if done:
        with transaction():
            # Not those that came meanwhile: their traces may be newer.
            db.session.execute(
                update(Erasure)
                .where(Erasure.cleaned_at.is_(None), Erasure.erased_at <= max(pending))
                .values(cleaned_at=at)
            )
    return done


def clean_sealed(*, at: dt.datetime, whole: bool) -> bool:
    """The same of what was sealed and is erased. Nobody can read it for long in any case (services/sealing), so less is
    done: the log of SQLite is emptied; with `whole` the file is written anew, too, for pieces in pages that were
    rearranged. True where there is nothing left to do.

    Call it outside of any transaction.
    """
    mark = letters.FILE_CLEANED if whole else letters.LOG_CLEANED
    erased, cleaned = letters.last(letters.ERASED), letters.last(mark)
    db.session.rollback()
    if erased is None or (cleaned is not None and cleaned > erased):
        return True
    if db.engine.dialect.name == "sqlite":
        done = _clean_sqlite(db.engine, whole=whole)
    else:
        done = _clean_postgresql(db.engine, _SEALED)
    if done:
        with transaction():
            letters.note(mark, at=at)
    return done


def _clean_sqlite(engine: Engine, *, whole: bool = True) -> bool:
    """Merge the full-text index, which leaves out what was taken from it; write the file anew; empty the log."""
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.execute("PRAGMA query_only=OFF")
        if whole:
            driver.execute("INSERT INTO search_fts(search_fts) VALUES('optimize')")
            driver.execute("VACUUM")
        # Writers wait while it waits for readers.
        driver.execute("PRAGMA busy_timeout=500")
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        # Its settings are those of this work.
        connection.invalidate()
        connection.close()
    return not busy


def _clean_postgresql(engine: Engine, only: Collection[str] = ()) -> bool:
    """Free what dead rows held, for others to be written over it. The log of the server goes as the server is set."""
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.rollback()
        driver.read_only, driver.autocommit = None, True
        driver.execute("SET statement_timeout = 0")
        for table in Base.metadata.sorted_tables:
            if table.name in only if only else _holds_people(table):
                driver.execute(f'VACUUM "{table.name}"')
    finally:
        # Its settings are those of this work.
        connection.invalidate()
        connection.close()
    return True


# Tables that hold people; so do those that point to them.
_PEOPLE = frozenset({"account", "enquiry", "event", "letter", "practitioner", "recommendation", "search_word"})
# Those that hold what is sealed.
_SEALED = frozenset({"enquiry", "letter"})


def _holds_people(table: Table) -> bool:
    return table.name in _PEOPLE or any(key.column.table.name in _PEOPLE for key in table.foreign_keys)
