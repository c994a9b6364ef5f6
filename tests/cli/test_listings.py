"""Whether an operator is told what happens to a spreadsheet, before and after."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from directory.cli.listings import listings
from directory.config import ROOT
from directory.models import ImportedRow, Practitioner, SearchText
from directory.services import listing_imports
from tests.conftest import run_here
from tests.factories import make_practitioner
from tests.spreadsheets import COLUMNS, GOOD, person, save, text_of

Command = Callable[..., Result]

HEADINGS = ("Full Name", "Therapies", "Town", "E-mail", "Notes to self")
ROWS = [
    {
        "Full Name": "Wren Hallowby",
        "Therapies": "Shiatsu",
        "Town": "Hove",
        "E-mail": "wren@example.org",
        "Notes to self": "x",
    },
    {"Full Name": "Ash Quill", "Therapies": "Acupresure", "Town": "Brighton, BN1", "E-mail": "ash@example.org"},
]
AGREED = ("--yes", "--people-agreed")


@pytest.fixture
def app(app_with_few_places: Flask) -> Flask:
    return app_with_few_places


@pytest.fixture
def tsubo(app: Flask, session: Session) -> Command:
    runner = app.test_cli_runner()
    return lambda *words, code=0: _run(runner, words, code)


def _run(runner: object, words: tuple[object, ...], code: int) -> Result:
    result: Result = runner.invoke(listings, args=["import", *map(str, words)])  # type: ignore[attr-defined]
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return save(tmp_path / "people.csv", text_of(HEADINGS, ROWS))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Practitioner)) or 0


def report_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_run_guesses_reports_and_changes_nothing(session: Session, tsubo: Command, people: Path) -> None:
    result = tsubo(people)
    assert "name = Full Name" in result.output
    assert "Not read: Notes to self" in result.output
    assert "2 new" in result.output
    assert "Did you mean “Acupressure”? It was left out." in result.output
    assert "line 3 Therapies “Acupresure”" in result.output
    assert "Nothing was changed." in result.output
    assert count(session) == 0
    mapping = people.with_name("people.mapping.toml").read_text("utf-8")
    assert 'modalities = "Therapies"\n' in mapping
    assert '# telephone = ""\n' in mapping
    assert 'columns = ["Notes to self"]' in mapping
    assert report_of(people.with_name("people.report.csv"))[0] == {
        "line": "3",
        "column": "Therapies",
        "given": "Acupresure",
        "understood": "",
        "problem": "The directory does not know this. Did you mean “Acupressure”? It was left out.",
        "severity": "warning",
    }


def test_importing_needs_a_look_first_and_the_word_of_the_operator(
    session: Session, tsubo: Command, people: Path
) -> None:
    assert "Run the command without --yes first" in tsubo(people, *AGREED, code=2).output
    tsubo(people)
    assert "agreed to be listed" in tsubo(people, "--yes", code=2).output
    assert count(session) == 0


def test_an_import_is_done_once(session: Session, tsubo: Command, people: Path) -> None:
    tsubo(people)
    assert "2 new" in tsubo(people, *AGREED).output
    assert count(session) == 2
    assert session.scalar(select(func.count()).select_from(SearchText)) == 2
    again = tsubo(people, *AGREED).output
    assert "0 new" in again
    assert "2 unchanged" in again
    assert count(session) == 2


def test_a_mapping_that_was_corrected_is_believed(session: Session, tsubo: Command, people: Path) -> None:
    tsubo(people)
    path = people.with_name("people.mapping.toml")
    corrected = path.read_text("utf-8").replace('# business = ""', 'business = "Notes to self"\nschool = ""')
    path.write_text(
        corrected.replace('modalities = "Therapies"', 'modalities = ["Therapies", "Notes to self"]'), "utf-8"
    )
    assert "Columns, as people.mapping.toml says:" in tsubo(people).output
    tsubo(people, *AGREED)
    assert session.scalars(select(Practitioner.business).order_by(Practitioner.name)).all() == [None, "x"]


def test_a_file_with_another_name_is_the_same_list_when_its_source_is(
    session: Session, tsubo: Command, people: Path
) -> None:
    tsubo(people)
    tsubo(people, *AGREED)
    later = save(people.with_name("people 2027.csv"), people.read_text("utf-8"))
    mapping = people.with_name("people.mapping.toml")
    assert "2 unchanged" in tsubo(later, "--mapping", mapping, *AGREED).output
    assert "2 refused" in tsubo(later, "--mapping", mapping, "--source", "other", code=1).output
    assert session.scalars(select(ImportedRow.key).order_by(ImportedRow.key)).first().startswith("people:")  # type: ignore[union-attr]


def test_refused_rows_are_told_and_may_stop_everything(session: Session, tsubo: Command, tmp_path: Path) -> None:
    path = save(tmp_path / "people.csv", text_of(HEADINGS, [*ROWS, {"Full Name": "Nobody Nowhere"}]))
    assert "1 refused" in tsubo(path, code=1).output
    stopped = tsubo(path, *AGREED, "--all-or-nothing", code=1)
    assert "Nothing was imported" in stopped.output
    assert {(p["line"], p["severity"]) for p in report_of(tmp_path / "people.report.csv")} >= {("4", "refused")}
    assert count(session) == 0
    assert "2 new" in tsubo(path, *AGREED, code=1).output
    assert count(session) == 2


def test_who_is_gone_is_said(tsubo: Command, people: Path) -> None:
    tsubo(people)
    tsubo(people, *AGREED)
    save(people, text_of(HEADINGS, ROWS[:1]))
    result = tsubo(people)
    assert "1 listings are not in the file any more" in result.output
    assert "Notes:" in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "save it as CSV"),
        (b'Full Name\n"Wren', "never closed"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_a_sentence(
    tsubo: Command, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    assert sentence in tsubo(path, code=2).output
    assert not (tmp_path / "people.report.csv").exists()


def test_a_file_that_is_not_there_ends_with_a_sentence(tsubo: Command, tmp_path: Path) -> None:
    assert "The file cannot be opened: No such file or directory." in tsubo(tmp_path / "nobody.csv", code=2).output


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("[columns", "The mapping file is not understood"),
        ("columns = 3", "The mapping file is not understood: [columns]"),
        ('[file]\nsource = ["x"]', "The mapping file is not understood: source"),
        ('[columns]\nnam = "Full Name"', "names “nam”, which the directory does not know. Did you mean “name”?"),
        ('[columns]\nname = "Nom"', "names the column “Nom”, which the file lacks. It has: Full Name, Therapies"),
        ("[columns]\nname = 3", "“name” needs the heading of a column"),
        ('[file]\nencoding = "klingon"', "no encoding called “klingon”"),
    ],
)
def test_a_mapping_that_is_wrong_is_explained(tsubo: Command, people: Path, mapping: str, sentence: str) -> None:
    people.with_name("people.mapping.toml").write_text(mapping)
    assert sentence in tsubo(people, code=2).output


def test_a_mapping_that_cannot_be_opened_is_explained(tsubo: Command, people: Path) -> None:
    people.with_name("people.mapping.toml").mkdir()
    assert "The mapping file cannot be opened" in tsubo(people, code=2).output


def test_a_second_import_at_once_is_told(tsubo: Command, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise listing_imports.runs.DirectoryError("another import is going on; nothing was imported, try again")

    tsubo(people)
    monkeypatch.setattr(listing_imports, "apply", busy)
    assert "tsubo: another import is going on" in tsubo(people, *AGREED, code=2).output


def test_a_guess_at_the_encoding_is_shown(tsubo: Command, tmp_path: Path) -> None:
    path = save(tmp_path / "people.csv", text_of(HEADINGS, [ROWS[0] | {"Full Name": "Zoë Quill"}]), "cp1252")
    assert "It was read as cp1252; look whether this word is right: " in tsubo(path).output


def test_columns_are_guessed_as_people_call_them(tsubo: Command, tmp_path: Path) -> None:
    headings = [
        "Nom",
        "Techniques pratiquées",
        "Code postal",
        "Ville",
        "Courriel",
        "Téléfone",
        "Therapy 1",
        "Therapy 2",
        "Email",
        "PLZ",
        "Fax",
    ]
    path = save(
        tmp_path / "praticiens.csv", text_of(headings, [{"Nom": "Wren Hallowby", "Ville": "Hove"}], ";"), "utf-16"
    )
    output = tsubo(path).output
    for line in (
        "name = Nom",
        "modalities = Techniques pratiquées, Therapy 1, Therapy 2",
        "postcode = Code postal",
        "town = Ville",
        "email = Courriel",
        "telephone = Téléfone",
        "Not read: Email, PLZ, Fax",
        "Read as utf-16, separated by semicolons",
    ):
        assert line in output, line


def count_in(engine: Engine) -> tuple[int, ...]:
    with engine.connect() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (Practitioner, ImportedRow, SearchText)
        )


def test_an_import_that_is_killed_keeps_nothing_and_can_be_done_again(few_places_sqlite: Path, tmp_path: Path) -> None:
    database = tmp_path / "directory.sqlite3"
    shutil.copy(few_places_sqlite, database)
    rows = [
        {"Ref": str(n), "Full Name": " ".join(person(n % 1000)), "E-mail": f"p{n}@example.org", **GOOD}
        for n in range(4_000)
    ]
    path = save(tmp_path / "people.csv", text_of(COLUMNS, rows))
    environment = os.environ | {
        "DIRECTORY_ENVIRONMENT": "test",
        "DIRECTORY_DATA_DIR": str(tmp_path),
        "DIRECTORY_DATABASE_URL": "",
    }
    # With little memory SQLite writes to its log long before the end, so that the test sees when to kill.
    program = "from directory.services.listing_imports import writes; writes.SQLITE_CACHE_KIB = 500; "
    program += "from directory.app import main; main()"
    words = ("listings", "import", str(path))
    assert run_here(*words, folder=tmp_path).exit_code == 0
    engine = create_engine(f"sqlite:///{database}")
    started = time.monotonic()
    command = [sys.executable, "-c", program, *words, *AGREED]
    running = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    wal = tmp_path / "directory.sqlite3-wal"
    while time.monotonic() - started < 60 and not (wal.exists() and wal.stat().st_size > 400_000):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert count_in(engine) == (0, 0, 0)
    assert run_here(*words, *AGREED, folder=tmp_path).exit_code == 0
    assert count_in(engine) == (4_000, 4_000, 4_000)
    engine.dispose()


def test_an_operator_erases_a_listing_and_sees_first_whom(app: Flask, session: Session) -> None:
    listing = make_practitioner(name="Ysolquin Vanterpool")
    number, public_id = listing.id, listing.public_id
    run = app.test_cli_runner().invoke
    said = run(listings, ["erase", public_id], catch_exceptions=False).output
    assert "Ysolquin Vanterpool" in said
    assert "Nothing was changed" in said
    assert session.scalar(select(Practitioner.id).where(Practitioner.id == number)) == number
    assert run(listings, ["erase", "nobody"]).exit_code == 2
