"""Whether a list of people is looked for in the list of a body, row by row, by the code that the queue uses."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from directory.cli.matching import registers
from directory.services import matching
from directory.services.matching import Person
from tests.factories.lists import BODY, row, take_in

LINES = [row(), row("12346", "Ash Marsh", town="Leeds"), row("777", "Kim Quill"), row("778", "Kim Quill")]


def run(app: Flask, file: Path, body: str = BODY, code: int = 0) -> Result:
    result = app.test_cli_runner().invoke(registers, ["match", body, str(file)])
    assert result.exit_code == code, result.output
    return result


def answered(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def test_each_row_gives_one_line_in_order(app: Flask, session: Session, people: Path) -> None:
    take_in(LINES)
    people.write_text(
        "id,name,number,town,on\n"
        "1,Wren Hallowby,12345,,\n"
        "2,Ash Marsh,,Leeds,\n"
        "3,Kim Quill,,,\n"
        "4,Nobody Like,,,\n"
        "5,Wren Hallowby,12345,,1 January 2020\n"
        "6,,12345,,\n"
        "7,Wren Hallowby,12345,,soon\n"
        "8,W\u200bren Hallowby,12345,,\n"
        ",Wren Hallowby,12345,,\n"
        "10,Wren Hallowby,12345,,2026-11-20,moved\n",
        encoding="utf-8",
    )
    found = answered(run(app, people))
    assert [(line["id"], line["verdict"], line["register_number"], line["register_name"]) for line in found] == [
        ("1", "match", "12345", "Wren Hallowby"),
        ("2", "possible", "12346", "Ash Marsh"),
        ("3", "ambiguous", "", ""),
        ("4", "not-found", "", ""),
        ("5", "not-found", "", ""),
        ("6", "bad-row", "", ""),
        ("7", "bad-row", "", ""),
        ("8", "possible", "12345", "Wren Hallowby"),
        ("", "bad-row", "", ""),
        ("10", "bad-row", "", ""),
    ]
    assert found[0]["reasons"] == "number name"
    assert "against: invisible-characters" in found[7]["reasons"]
    assert found[5]["reasons"] == "no-name"


def test_the_answers_are_those_of_the_index_that_the_queue_asks(app: Flask, session: Session, people: Path) -> None:
    take_in(LINES)
    asked = [("W Hallowby", "12345"), ("Kim Quill", "777"), ("Kym Quill", "778"), ("Jo Marsh", "12346"), ("Cher", "")]
    people.write_text("id;name;number\n" + "".join(f"{n};{name};{no}\n" for n, (name, no) in enumerate(asked)))
    found = [line["verdict"] for line in answered(run(app, people))]
    index = matching.for_body(BODY)
    assert found == [index.ask(Person(name, number=number or None)).verdict for name, number in asked]


def test_formulas_are_disarmed(app: Flask, session: Session, people: Path) -> None:
    take_in(LINES)
    people.write_text('id,name\n"=HYPERLINK(""x"")",Wren Hallowby\n+1,Ash Marsh\n')
    assert [line["id"] for line in answered(run(app, people))] == ['\'=HYPERLINK("x")', "'+1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,number\n1,2\n", "no column name"),
        ("name\nWren\n", "no column id"),
        ("", "The file is empty."),
        ("id,name\n1,\0\n", "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(app: Flask, session: Session, people: Path, text: str, said: str) -> None:
    take_in(LINES)
    people.write_text(text)
    assert said in run(app, people, code=2).stderr


def test_a_body_without_a_list_and_an_unknown_body_are_told(app: Flask, session: Session, people: Path) -> None:
    people.write_text("id,name\n1,Wren Hallowby\n")
    assert "no list of" in run(app, people, code=2).stderr
    assert "nowhere" in run(app, people, body="nowhere", code=2).stderr
