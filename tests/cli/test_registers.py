"""Whether an operator is told what a list would change, and applies and undoes it by a command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from directory.cli.registers import registers as group
from directory.models import ImportState
from directory.services import register_imports, registers
from tests.factories.lists import BODY, content, row, rows

Command = Callable[..., str]


@pytest.fixture
def tsubo(app: Flask, session: Session) -> Command:
    runner = app.test_cli_runner()

    def run(*words: object, code: int = 0) -> str:
        result: Result = runner.invoke(group, args=[*map(str, words)])
        assert result.exit_code == code, result.output
        return " ".join(result.output.split())

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return save(tmp_path, [*rows(60), row()])


def save(folder: Path, lines: list[list[str]], name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content(lines))
    return path


def test_first_it_says_what_it_would_do(tsubo: Command, file: Path) -> None:
    said = tsubo("import", BODY, file)
    assert "61 new" in said
    assert "number = Membership number" in said
    assert "Nothing was changed. Apply with --yes" in said
    assert "Nobody has said under which permission" in said
    assert registers.rows(BODY) == []


def test_then_it_is_applied_and_undone(tsubo: Command, file: Path, tmp_path: Path) -> None:
    given = ("--listed-on", "2026-01-05", "--source", "https://example.org/list", "--permission", "they sent it")
    assert "Applied as the list of 2026-01-05" in tsubo("import", BODY, file, *given, "--yes")
    import_ = register_imports.imports(BODY)[0]
    assert (import_.source_url, import_.permission) == ("https://example.org/list", "they sent it")
    assert "held already" in tsubo("import", BODY, file, "--yes")
    before = registers.view_hash(BODY)
    tsubo("import", BODY, save(tmp_path, rows(60)), "--listed-on", "2026-02-05", "--yes")
    number = register_imports.imports(BODY)[0].id
    assert "undo with --yes" in tsubo("undo", number)
    assert before in tsubo("undo", number, "--yes")
    assert f"{BODY} 2026-01-05 61 rows 1 lists" in tsubo("list")
    assert f"{number} 2026-02-05 undone list.csv" in tsubo("list", BODY)
    tsubo("undo", number, "--yes", code=2)


def test_what_would_change_much_waits_for_two_people(tsubo: Command, file: Path, tmp_path: Path) -> None:
    tsubo("import", BODY, file, "--yes", "--listed-on", "2026-01-05")
    said = tsubo("import", BODY, save(tmp_path, rows(40)), "--yes", code=1)
    assert "21 of 61 rows would end or change" in said
    assert "/admin/registers/imports/" in said
    number = register_imports.imports(BODY)[0].id
    tsubo("apply", number, code=1)
    tsubo("discard", number)
    assert register_imports.get(number).state is ImportState.DISCARDED


def test_headings_that_are_guessed_are_said_first(tsubo: Command, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Membershp numbr,Name,Stadtt\n1,Ann Marsh,Leeds\n")
    assert "Headings were guessed" in tsubo("import", BODY, path, "--yes", code=1)
    said = ("--column", "number=Membershp numbr", "--column", "town=Stadtt")
    assert "Applied" in tsubo("import", BODY, path, *said, "--yes")
    assert registers.rows(BODY)[0].number == "1"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "spreadsheet"),
        (b"number,town\n1,Leeds\n", "No column says the name"),
        (b"number,name\n1,\n", "No row of the file could be read"),
    ],
)
def test_what_cannot_be_taken_in_is_said_in_a_line(tsubo: Command, tmp_path: Path, lines: bytes, words: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(lines)
    assert words in tsubo("import", BODY, path, code=2)


def test_what_is_not_there_is_said_in_a_line(tsubo: Command, file: Path) -> None:
    assert "cannot be opened" in tsubo("import", BODY, file.with_name("other.csv"), code=2)
    tsubo("import", "uk-nobody", file, code=2)
    tsubo("apply", 999, code=2)
    assert "is not NAME=HEADING" in tsubo("import", BODY, file, "--column", "name", code=2)
    assert "There is no" in tsubo("import", BODY, file, "--column", "nonsense=Name", code=2)
