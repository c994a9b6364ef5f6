"""tsubo db: can be repeated, says what it did, and says in one line what is wrong."""

from pathlib import Path

import pytest

from tests.conftest import command, run_here


@pytest.fixture
def empty_database(backend: str, request: pytest.FixtureRequest) -> str:
    if backend == "sqlite":
        return ""
    server = request.getfixturevalue("postgres_server")
    return str(server.url(server.create("empty")))


def test_the_tables_are_made_once(empty_database: str, tmp_path: Path) -> None:
    first = run_here("db", "upgrade", folder=tmp_path, url=empty_database)
    assert (first.exit_code, first.stdout) == (0, "The tables were changed from nothing to 0014.\n")
    second = run_here("db", "upgrade", folder=tmp_path, url=empty_database)
    assert (second.exit_code, second.stdout) == (0, "The tables are up to date (0014).\n")
    assert first.stderr == second.stderr == ""


def test_a_server_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    done = run_here("db", "upgrade", folder=tmp_path, url="postgresql://nobody@127.0.0.1:9/none")
    assert done.exit_code == 2
    assert done.stderr == "tsubo: the database refused (OperationalError); tsubo doctor says more\n"


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "directory.sqlite3").write_text("these are not the bytes of a database" * 100)
    done = command("db", "upgrade", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "tsubo: the database refused (DatabaseError); tsubo doctor says more\n"


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run_here("dance", folder=tmp_path)
    assert done.exit_code == 2
    assert "No such command 'dance'" in done.stderr
