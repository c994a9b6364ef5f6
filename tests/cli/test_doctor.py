"""tsubo doctor: what is wrong with an installation, and what to do."""

import shutil
import sqlite3
import stat
from collections import namedtuple
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from directory.config import Environment, Settings
from directory.db import db, transaction, upgrade
from directory.models import Origin
from directory.services import health
from directory.services.health import Finding, Level
from tests import factories, sites
from tests.conftest import command, make_settings, run_here, sqlite_only

postgresql_only = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
SECRET = "a-secret-of-more-than-thirty-two-characters"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as `tsubo` makes it."""
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    return made


def installed(settings: Settings) -> AbstractContextManager[Flask]:
    return sites.entered(settings, for_commands=True)


def found(settings: Settings, variables: tuple[str, ...] = ()) -> dict[str, Finding]:
    """What was found, by its words."""
    with installed(settings):
        return {finding.text: finding for finding in health.examine(settings, variables)}


def wrong_of(findings: dict[str, Finding]) -> list[tuple[str, str]]:
    return [(finding.text, finding.advice) for finding in findings.values() if finding.level is Level.WRONG]


def warned_of(findings: dict[str, Finding]) -> str:
    return " ".join(finding.text for finding in findings.values() if finding.level is Level.WARNING)


def test_a_whole_installation_is_well_however_often_it_is_looked_at(own_database: str, folder: Path) -> None:
    first = command("doctor", folder=folder, url=own_database)
    assert first.returncode == 0, first.stdout + first.stderr
    second = run_here("doctor", folder=folder, url=own_database)
    assert second.exit_code == 0, second.output
    for done in (first, second):
        assert done.stdout.endswith("The installation is well.\n")
        assert "wrong" not in done.stdout
        assert done.stderr == ""


def test_a_new_installation_is_told_what_to_do(folder: Path) -> None:
    done = run_here("doctor", folder=folder)
    assert done.exit_code == 1
    assert f"wrong    There is no database at {folder}/directory.sqlite3. tsubo db upgrade\n" in done.stdout
    assert not (folder / "directory.sqlite3").exists()
    assert run_here("db", "upgrade", folder=folder).exit_code == 0
    done = run_here("doctor", folder=folder)
    assert done.exit_code == 1
    assert "tsubo seed reference" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("things are wrong.")


def test_a_mistyped_variable_is_pointed_out(folder: Path) -> None:
    done = run_here("doctor", folder=folder, DIRECTORY_TRUSTED_HOST="example.org", DIRECTORY_TEST_BROWSER="x")
    assert "warning  No setting reads DIRECTORY_TRUSTED_HOST. Do you mean DIRECTORY_TRUSTED_HOSTS?" in done.stdout
    assert "DIRECTORY_TEST_BROWSER" not in done.stdout


def test_a_variable_like_no_other_is_pointed_out(folder: Path) -> None:
    [finding] = [one for text_, one in found(make_settings(folder, ""), ("DIRECTORY_QQQ",)).items() if "QQQ" in text_]
    assert finding.advice.startswith("Take it away")


def test_a_folder_that_others_may_read_is_wrong(folder: Path) -> None:
    folder.chmod(0o755)
    wrong = wrong_of(found(make_settings(folder, "")))
    assert (f"Others may read the folder {folder} (0755).", f"chmod 700 {folder}") in wrong
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    ("free", "level"), [(50_000_000, Level.WRONG), (500_000_000, Level.WARNING), (5_000_000_000, Level.OK)]
)
def test_there_must_be_room(folder: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, free))
    assert [one.level for one in health.look_at_folders(make_settings(folder, ""))] == [level]


def test_a_folder_that_cannot_be_written_is_wrong(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    [finding] = health.look_at_folders(make_settings(folder, ""))
    assert finding.level is Level.WRONG
    assert "cannot be written" in finding.text


@sqlite_only
def test_a_damaged_file_is_wrong(own_database: str, folder: Path) -> None:
    path = Path(own_database.removeprefix("sqlite:///"))
    with path.open("r+b") as file:
        for page in range(40, 400, 3):
            file.seek(page * 4096 + 100)
            file.write(b"\xff" * 900)
    path.parent.chmod(0o700)
    assert any(
        "damaged" in said or "does not answer" in said
        for said, _ in wrong_of(found(make_settings(folder, own_database)))
    )


def test_a_file_that_is_no_database_is_wrong(folder: Path) -> None:
    (folder / "directory.sqlite3").write_bytes(b"no database" * 1000)
    [(said, advice)] = wrong_of(found(make_settings(folder, "")))
    assert said == "The database does not answer (DatabaseError)."
    assert "restore a backup" in advice


def test_a_server_that_is_not_there_is_wrong(folder: Path) -> None:
    done = run_here("doctor", folder=folder, url="postgresql://nobody@127.0.0.1:9/none")
    assert done.exit_code == 1
    assert "wrong    The database does not answer (OperationalError)." in done.stdout


def test_a_database_without_tables_is_wrong(folder: Path) -> None:
    sqlite3.connect(folder / "directory.sqlite3").close()
    assert ("The database has no tables.", "tsubo db upgrade") in wrong_of(found(make_settings(folder, "")))


def test_a_database_without_facts_is_wrong(folder: Path) -> None:
    settings = make_settings(folder, "")
    with installed(settings):
        upgrade()
    [(said, advice)] = wrong_of(found(settings))
    assert said.startswith("Reference data is missing: modality, concern, body")
    assert advice == "tsubo seed reference"


@pytest.mark.parametrize(("revision", "said"), [("9999", "newer"), ("0000", "older")])
def test_tables_of_another_version_are_wrong(
    own_database: str, folder: Path, monkeypatch: pytest.MonkeyPatch, revision: str, said: str
) -> None:
    settings = make_settings(folder, own_database)
    with installed(settings), transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
    monkeypatch.setattr(health, "known_revisions", lambda: {"0000", "0001"})
    assert any(
        f"of {'a newer' if said == 'newer' else 'an older'} version ({revision}" in one
        for one, _ in wrong_of(found(settings))
    )


@pytest.mark.parametrize(
    ("version", "level"), [((3, 51, 2), Level.WARNING), ((3, 51, 3), Level.OK), ((4, 0, 0), Level.OK)]
)
@sqlite_only
def test_an_sqlite_that_can_damage_a_file_is_warned_of(
    own_database: str, folder: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], level: Level
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    findings = found(make_settings(folder, own_database))
    assert [one.level for said, one in findings.items() if said.startswith("SQLite")] == [level]


class Answers:
    """A connection that answers as another server would."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    def scalar(self, _statement: object) -> Any:
        return self._answers.pop(0)

    def exec_driver_sql(self, _statement: str) -> "Answers":
        return self

    def scalar_one(self) -> Any:
        return self._answers.pop(0)


def test_a_file_on_a_network_drive_is_wrong() -> None:
    levels = {one.text: one.level for one in health._look_at_sqlite(Answers("delete", "row 3 missing"))}  # type: ignore[arg-type]
    assert levels["It does not write ahead to a log (delete)."] is Level.WRONG
    assert levels["The file is damaged."] is Level.WRONG


@time_machine.travel("2026-11-20T12:00:00Z", tick=False)
def test_an_old_server_with_another_encoding_and_clock_is_told() -> None:
    then = health.clock.now().replace(minute=5)
    findings = list(health._look_at_postgresql(Answers("140012", "SQL_ASCII", then)))  # type: ignore[arg-type]
    assert [(one.level, one.text) for one in findings] == [
        (Level.WRONG, "PostgreSQL 14 is too old."),
        (Level.WRONG, "It keeps text as SQL_ASCII."),
        (Level.WARNING, "Its clock and ours are 300 seconds apart."),
    ]


@postgresql_only
def test_a_server_says_its_version_and_encoding(own_database: str, folder: Path) -> None:
    findings = found(make_settings(folder, own_database))
    assert "It keeps text as UTF-8." in findings
    assert not wrong_of(findings)


@time_machine.travel("2001-01-01T00:00:00Z")
@sqlite_only
def test_a_clock_that_is_behind_is_wrong(own_database: str, folder: Path) -> None:
    assert any("The clock is behind" in said for said, _ in wrong_of(found(make_settings(folder, own_database))))


def test_missing_files_are_wrong(tmp_path: Path) -> None:
    [files, words] = health.look_at_files(make_settings(tmp_path, ""), root=tmp_path)
    assert files.level is Level.WRONG
    assert "site.css" in files.text
    assert words.level is Level.OK


def test_a_language_without_words_is_warned_of(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "", locale="de_DE")
    assert "There are no words for de_DE" in list(health.look_at_files(settings))[1].text
    catalogue = tmp_path / "directory" / "translations" / "de" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (catalogue / "messages.mo").touch()
    assert list(health.look_at_files(settings, root=tmp_path))[1].level is Level.OK


def test_invented_people_in_production_are_warned_of(own_database: str, folder: Path) -> None:
    settings = make_settings(folder, own_database)
    with installed(settings), transaction():
        factories.bind(db.session)
        factories.make_practitioner(origin=Origin.DEMO)
    assert "Invented" not in warned_of(found(settings))
    production = Settings(
        environment=Environment.PRODUCTION,
        secret_key=SECRET,
        trusted_hosts="example.org",
        data_dir=folder,
        database_url=own_database,  # type: ignore[arg-type]
    )
    assert "Invented people are shown." in warned_of(found(production))


@sqlite_only
def test_in_production_a_backup_that_is_old_or_missing_is_warned_of(own_database: str, folder: Path) -> None:
    settings = Settings(
        environment=Environment.PRODUCTION,
        secret_key=SECRET,
        trusted_hosts="example.org",
        data_dir=folder,
        database_url=own_database,  # type: ignore[arg-type]
    )
    assert "No backup was made yet." in warned_of(found(settings))
    marker = folder / health.BACKUP_MARKER
    marker.write_text("2026-11-20T12:00:00+00:00")
    with time_machine.travel("2026-11-22T11:00:00Z"):
        assert "backup" not in warned_of(found(settings))
    with time_machine.travel("2026-11-22T13:00:00Z"):
        assert "The last backup is 49 hours old." in warned_of(found(settings))
