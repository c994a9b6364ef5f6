"""Copies of a SQLite database while others write to it, and putting one in its place."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from directory.db import SQLITE_BUSY_SECONDS
from directory.services.backups.files import BackupRefused

PART = "database.sqlite3"
BESIDE = ("-wal", "-shm", "-journal")


def copy(source: Path, target: Path) -> None:
    """Write what `source` holds at one moment to `target`, by SQLite itself. Nothing of deleted rows comes along."""
    with contextlib.closing(sqlite3.connect(source, timeout=SQLITE_BUSY_SECONDS)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)


def check(path: Path) -> None:
    """Look through the whole file. Raises BackupRefused."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found == "ok" and not connection.execute("PRAGMA foreign_key_check").fetchone():
                return
    except sqlite3.DatabaseError:
        pass
    raise BackupRefused("the copy of the database is damaged")


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A connection to a file that is not the database of the site."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def be_alone(path: Path) -> None:
    """Take the log of the database into its file, which only works while nobody else has it open.

    Raises BackupRefused when somebody has.
    """
    if not path.exists():
        return
    with contextlib.closing(sqlite3.connect(path, timeout=0.2)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "wal"
        except sqlite3.DatabaseError:
            return  # damaged: it is put aside as it is
    if mode == "wal":
        raise BackupRefused("the site or its worker is running on this database; stop both, then restore")


def put_in_place(new: Path, path: Path, aside: Path | None) -> None:
    """Let `new` be the database at `path`. What was there goes to `aside`, or away."""
    for ending in BESIDE:
        old = path.with_name(path.name + ending)
        if aside is not None and old.exists():
            old.replace(aside.with_name(aside.name + ending))
        old.unlink(missing_ok=True)
    if aside is not None and path.exists():
        path.replace(aside)
    new.replace(path)
