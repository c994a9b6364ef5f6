"""tsubo check: the answer of the public checker, as sentences or JSON."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from directory.cli.check import check, objections_group
from directory.db import db
from directory.lib import clock
from directory.services import objections
from tests.conftest import run_here
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.lists import BODY, bring

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
CHECKED = (
    "Checked on 9 November 2026: on the register of the Shiatsu Society (UK) as MRSS, shown there as valid to "
    "31 March 2027."
)
Tsubo = Callable[..., Result]


@pytest.fixture
def tsubo(app: Flask, session: Session) -> Tsubo:
    """The commands of this file, with these words, at noon on 20 November 2026."""

    def run(*words: str, code: int = 0) -> Result:
        commands = {"check": check, "objections": objections_group}
        with time_machine.travel(NOW, tick=False):
            done = app.test_cli_runner().invoke(commands[words[0]], words[1:])
        assert done.exit_code == code, done.output
        return done

    return run


def listed() -> None:
    made = make_practitioner(name="Wren Hallowby")
    ClaimFactory(practitioner=made, number="4471")
    CheckFactory(practitioner=made, number_key="4471")
    db.session.commit()


def test_one_answer_is_one_sentence(tsubo: Tsubo) -> None:
    listed()
    assert tsubo("check", "--body", BODY, "--name", "wren hallowby").stdout == (CHECKED + "\n")
    assert tsubo("check", "--name", "Wren Hallowby", "--on", "2026-11-08").stdout == (
        "Says they are a member of the Shiatsu Society (UK). Not checked.\n"
    )
    assert tsubo("check", "--name", "Wren Hallowby", "--known", "2026-11-08").stdout == (
        "Says they are a member of the Shiatsu Society (UK). Not checked.\n"
    )


def test_json_has_the_same_sentences_and_their_days(tsubo: Tsubo) -> None:
    listed()
    said = json.loads(tsubo("check", "--name", "Wren Hallowby", "--number", "4471", "--json").stdout)
    assert said["kind"] == "listed"
    statement = said["people"][0]["statements"][0]
    assert (statement["status"], statement["checked_on"], statement["since"]) == ("checked", *["2026-11-09"] * 2)
    assert said["sentences"][0] == statement["sentence"]
    assert said["people"][0]["agrees"] == ["name", "number"]


def test_a_line_of_a_list_is_answered_for_name_and_number(tsubo: Tsubo) -> None:
    bring(dt.date(2025, 3, 1), ["Oona Pelmarsh,5127,MRSS,Hexham"])
    asked = ("check", "--body", BODY, "--name", "Oona Pelmarsh", "--number", "5127")
    assert tsubo(*asked).stdout == (
        "On the list of 1 March 2025: the Shiatsu Society (UK) shows this name with this number as MRSS.\n"
    )
    said = json.loads(tsubo(*asked, "--json").stdout)
    assert said["kind"] == "on-list"
    assert (said["lists"][0]["shown"], said["lists"][0]["list_on"]) == ("listed", "2025-03-01")
    assert "Nobody of exactly this name is listed here." in tsubo("check", "--name", "Oona Pelmarsh").stdout


def test_people_of_one_name_and_near_names_have_a_line_each(tsubo: Tsubo) -> None:
    listed()
    make_practitioner(name="Wren Hallowby", town="Leeds", postcode_area="LS6")
    db.session.commit()
    assert tsubo("check", "--name", "Wren Hallowby").stdout.splitlines() == [
        "Wren Hallowby, Brighton BN1:",
        CHECKED,
        "Wren Hallowby, Leeds LS6:",
        "Wren Hallowby states no membership of a professional body.",
    ]
    near = tsubo("check", "--name", "Wren Halowby", "--place", "Leeds").stdout
    assert "Do you mean Wren Hallowby, Leeds LS6?" in near
    assert json.loads(tsubo("check", "--name", "Wren Halowby", "--json").stdout)["kind"] == "near"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--body", BODY), "give --name, --number, or both"),
        (("--name", "Wren", "--on", "2026-11-21"), "that day has not come yet"),
        (("--name", "Wren", "--on", "14/6/2024"), "type a day like 2024-06-14"),
    ],
)
def test_what_cannot_be_asked_ends_with_a_sentence(tsubo: Tsubo, words: tuple[str, ...], problem: str) -> None:
    assert problem in tsubo("check", *words, code=2).output


def test_an_unknown_body_ends_with_a_sentence(seeded_sqlite: Path, tmp_path: Path) -> None:
    (tmp_path / "own.sqlite3").write_bytes(seeded_sqlite.read_bytes())
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    done = run_here("check", "--name", "Wren", "--body", "x", folder=tmp_path, url=url)
    assert (done.exit_code, done.stderr) == (2, "tsubo: no body x\n")


def test_an_operator_is_not_held_off(tsubo: Tsubo) -> None:
    listed()
    for _ in range(35):
        tsubo("check", "--name", "Xqzw Xqzw")
    assert "Checked on" in tsubo("check", "--name", "Wren Hallowby").stdout


def test_an_operator_takes_an_objection_back(tsubo: Tsubo) -> None:
    asked = ("--body", BODY, "--name", "Oona Pelmarsh", "--number", "5127")
    assert "nobody objected" in tsubo("objections", "remove", *asked, code=1).output
    objections.make(BODY, "5127", "Oona Pelmarsh", at=clock.now())
    db.session.commit()
    assert "We give no answer" in tsubo("check", *asked).stdout
    assert "answers again" in tsubo("objections", "remove", *asked).stdout
    assert "We give no answer" not in tsubo("check", *asked).stdout
