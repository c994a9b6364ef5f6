"""The database keeps what it acknowledged: migrations at once and killed, updates side by side."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import exc, inspect, select, text, update
from sqlalchemy.orm import Session

from directory.db import NewerDatabase, _keep_a_log, alembic, db, revisions, set_mode, transaction, upgrade
from directory.lib import clock
from directory.models import Base, Check, Outcome, SeedFile
from directory.services import health
from tests import drills, postgres, sites
from tests.conftest import make_settings
from tests.factories import CheckFactory, make_practitioner

NewDatabase = Callable[[], str]

# Made in SQL by the first migration, because no model can say them.
ONLY_IN_SQL = ("search_fts", "names_v", "methods_v", "plain_v", "full_v", "ix_search_text_plain", "ix_search_text_full")


@pytest.fixture
def new_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> NewDatabase:
    """Makes the address of an empty database, on each kind of database, each time it is called."""
    if backend == "sqlite":
        return lambda: f"sqlite:///{tmp_path / str(time.monotonic_ns())}/directory.sqlite3"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return lambda: server.url(server.create("empty"))


def site_at(url: str, folder: Path) -> AbstractContextManager[Flask]:
    return sites.entered(make_settings(folder, url), for_commands=True)


def together(work: Callable[..., Any], url: str, folder: Path, how_many: int) -> list[Any]:
    """Let several processes do the same at the same moment; what each returned."""
    begun = [drills.Drill(work, url, folder) for _ in range(how_many)]
    for drill in begun:
        drill.begin()
    return [drill.end() for drill in begun]


# Migrations


@pytest.mark.parametrize("how_many", [2, 4])
def test_several_migrations_at_once_all_succeed(new_database: NewDatabase, tmp_path: Path, how_many: int) -> None:
    url = new_database()
    befores = [before for before, _, _ in together(drills.migrate, url, tmp_path, how_many)]
    assert befores.count(None) == 1
    with site_at(url, tmp_path):
        assert befores.count(revisions()[1]) == how_many - 1
        assert health.is_ready()


def kill_some(new_database: NewDatabase, folder: Path, how_many: int) -> None:
    """Kill migrations at random moments of their work, and see the next one finish it."""
    usual = min(drilled[2] for _ in range(3) for drilled in together(drills.migrate, new_database(), folder, 1))
    chance, at_work = random.Random(20), 0
    for _ in range(how_many):
        url = new_database()
        drill = drills.Drill(drills.migrate, url, folder)
        drill.begin()
        time.sleep(usual * chance.uniform(0, 1))
        at_work += drill.kill()
        with site_at(url, folder):
            current, head = revisions()
            assert current in {None, head}
            tables = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
            assert bool(tables) is (current == head), "half of the tables were kept"
            upgrade()
            assert health.is_ready()
            assert compared() == []
    print(
        f"{db_name(url)}: {at_work} of {how_many} migrations were killed at work, the others just after; all recovered"
    )
    assert at_work > how_many // 2


def db_name(url: str) -> str:
    return url.split(":", 1)[0]


def test_six_killed_migrations_recover(new_database: NewDatabase, tmp_path: Path) -> None:
    kill_some(new_database, tmp_path, 6)


@pytest.mark.soak
def test_twenty_killed_migrations_recover(new_database: NewDatabase, tmp_path: Path) -> None:
    kill_some(new_database, tmp_path, 20)


def compared() -> list[object]:
    """Differences between the tables and the models, apart from what only SQL can say."""

    def is_ours(_object: object, name: str | None, *_rest: object) -> bool:
        return not (name or "").startswith(ONLY_IN_SQL)

    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def test_the_tables_are_those_of_the_models(new_database: NewDatabase, tmp_path: Path) -> None:
    with site_at(new_database(), tmp_path):
        upgrade()
        assert compared() == []


def test_a_table_that_no_model_knows_is_noticed(new_database: NewDatabase, tmp_path: Path) -> None:
    with site_at(new_database(), tmp_path):
        upgrade()
        with transaction():
            db.session.execute(text("CREATE TABLE stray (id INTEGER PRIMARY KEY)"))
        assert len(compared()) == 1


def test_every_migration_can_be_undone_and_done_again(new_database: NewDatabase, tmp_path: Path) -> None:
    url = new_database()
    with site_at(url, tmp_path):
        assert upgrade()[0] is None
        made = set(inspect(db.engine).get_table_names())
        alembic.downgrade("base")
    with site_at(url, tmp_path):
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        assert upgrade()[0] is None
        assert set(inspect(db.engine).get_table_names()) == made
        assert compared() == []


def test_migrating_again_changes_nothing(new_database: NewDatabase, tmp_path: Path) -> None:
    with site_at(new_database(), tmp_path):
        _, head = upgrade()
        assert upgrade() == (head, head)


def test_a_migration_that_fails_leaves_nothing(
    new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site_at(new_database(), tmp_path):
        first = list(alembic.script_directory.walk_revisions())[-1].module
        whole = first.upgrade

        def breaks() -> None:
            whole()
            raise OSError("the power fails")

        monkeypatch.setattr(first, "upgrade", breaks)
        with pytest.raises(OSError, match="power"):
            upgrade()
        assert revisions()[0] is None
        assert inspect(db.engine).get_table_names() == []
        monkeypatch.undo()
        upgrade()
        assert health.is_ready()


def test_the_tables_of_a_newer_version_are_left_alone(new_database: NewDatabase, tmp_path: Path) -> None:
    url = new_database()
    with site_at(url, tmp_path):
        upgrade()
        with transaction():
            db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(NewerDatabase, match="9999"):
            upgrade()
        assert not health.is_ready()


# Updates side by side


def kept_of(work: Callable[..., Any], url: str, folder: Path, how_many: int) -> int:
    """Several processes count on one row; the number that stands there in the end."""
    with site_at(url, folder):
        upgrade()
        with transaction():
            db.session.merge(SeedFile(name="counter", digest="0", loaded_at=clock.now()))
    together(work, url, folder, how_many)
    with site_at(url, folder):
        return int(db.session.scalars(select(SeedFile.digest).where(SeedFile.name == "counter")).one())


def test_no_update_is_lost(new_database: NewDatabase, tmp_path: Path) -> None:
    assert kept_of(drills.count, new_database(), tmp_path, 4) == 200


def test_the_defaults_of_the_library_lose_updates(tmp_path: Path) -> None:
    ours = kept_of(drills.count, f"sqlite:///{tmp_path}/ours.sqlite3", tmp_path, 4)
    theirs = kept_of(drills.count_by_default, f"sqlite:///{tmp_path}/theirs.sqlite3", tmp_path, 4)
    print(f"of 200 updates ours kept {ours}, the library's defaults {theirs}")
    assert ours == 200
    assert theirs < 200


@pytest.mark.soak
def test_no_update_is_lost_in_the_long_run(new_database: NewDatabase, tmp_path: Path) -> None:
    url = new_database()
    kept = kept_of(drills.count_much, url, tmp_path, 8)
    print(f"{db_name(url)}: of 4000 updates {kept} were kept")
    assert kept == 4000


# Readers


@pytest.fixture
def filled(new_database: NewDatabase, tmp_path: Path) -> Iterator[Flask]:
    with site_at(new_database(), tmp_path) as site:
        upgrade()
        yield site


def seed_files() -> int:
    return len(db.session.scalars(select(SeedFile)).all())


def test_a_reading_transaction_cannot_write(filled: Flask) -> None:
    set_mode("reading")
    db.session.add(SeedFile(name="x", digest="y", loaded_at=clock.now()))
    with pytest.raises(exc.DBAPIError, match=r"(?i)read-?only"):
        db.session.commit()
    db.session.rollback()
    set_mode("writing")
    assert seed_files() == 0


def test_after_a_reading_transaction_a_writing_one_writes(filled: Flask) -> None:
    set_mode("reading")
    assert seed_files() == 0
    db.session.rollback()
    with transaction():
        db.session.add(SeedFile(name="x", digest="y", loaded_at=clock.now()))
    assert seed_files() == 1


def test_a_transaction_that_fails_keeps_nothing(filled: Flask) -> None:
    def fails() -> None:
        with transaction():
            db.session.add(SeedFile(name="x", digest="y", loaded_at=clock.now()))
            db.session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert seed_files() == 0


def test_sqlite_is_opened_so_that_it_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    with site_at(f"sqlite:///{tmp_path}/x.sqlite3", tmp_path), db.engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked]
        assert values == ["wal", 2, 1, 1, 10_000]


def test_a_file_that_is_locked_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.db.SQLITE_BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with site_at(f"sqlite:///{tmp_path}/x.sqlite3", tmp_path), pytest.raises(exc.OperationalError, match="locked"):
        upgrade()
    holder.close()


def test_a_check_cannot_be_changed(database_url: str, session: Session) -> None:
    made = make_practitioner()
    check = CheckFactory(practitioner=made)
    session.commit()
    with pytest.raises(exc.DBAPIError, match="cannot be changed"):
        session.execute(update(Check).where(Check.id == check.id).values(outcome=Outcome.NOT_FOUND))


class Busy:
    """A connection of a database that others hold for a while, or that cannot be opened at all."""

    def __init__(self, refusals: int, code: int = sqlite3.SQLITE_BUSY) -> None:
        self._refusals, self._code, self._mode = refusals, code, "delete"

    def execute(self, statement: str) -> "Busy":
        if statement.endswith("=WAL"):
            if self._refusals:
                self._refusals -= 1
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = self._code
                raise error
            self._mode = "wal"
        return self

    def fetchone(self) -> tuple[str]:
        return (self._mode,)


def test_turning_on_the_log_waits_for_others() -> None:
    busy = Busy(3)
    _keep_a_log(busy)  # type: ignore[arg-type]
    assert busy.fetchone() == ("wal",)


def test_turning_on_the_log_does_not_wait_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.db.SQLITE_BUSY_SECONDS", 0.05)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _keep_a_log(Busy(10_000))  # type: ignore[arg-type]
    with pytest.raises(sqlite3.OperationalError):
        _keep_a_log(Busy(1, sqlite3.SQLITE_READONLY))  # type: ignore[arg-type]
