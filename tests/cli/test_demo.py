"""tsubo demo: loads invented people, says what it did, and takes them away."""

import re

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.cli.demo import demo
from directory.models import Origin, PostcodeArea, Practitioner, Status
from directory.services.demo import NothingToStandOn
from tests import factories


def run(app: Flask, *words: str) -> str:
    """What a command says."""
    result = app.test_cli_runner().invoke(demo, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def count(session: Session) -> int:
    return session.scalar(select(func.count()).where(Practitioner.origin == Origin.DEMO)) or 0


def test_it_says_how_many_how_fast_and_of_each_status(app: Flask, session: Session) -> None:
    said = run(app, "load", "--listings", "150")
    assert re.match(r"150 invented practitioners in \d+\.\d s: [\d,]+ a second\n", said)
    for status in Status:
        assert re.search(rf"^  {status.value}: \d+$", said, re.MULTILINE)
    assert re.search(r"^  people who state no membership: \d+$", said, re.MULTILINE)
    assert count(session) == 150


def test_the_same_seed_again_is_refused_in_words_and_another_adds(app: Flask, session: Session) -> None:
    run(app, "load", "--listings", "20")
    assert run(app, "load", "--listings", "20") == (
        "The people of seed 1 are there already; nothing was done. Another --seed gives others.\n"
    )
    assert count(session) == 20
    run(app, "load", "--listings", "20", "--seed", "7")
    assert count(session) == 40


def test_if_empty_does_nothing_where_any_listing_is(app: Flask, session: Session) -> None:
    factories.make_practitioner()
    said = run(app, "load", "--if-empty", "--listings", "20")
    assert said == "There are listings already; no demonstration data was loaded.\n"
    assert count(session) == 0


def test_if_empty_loads_where_no_listing_is(app: Flask, session: Session) -> None:
    run(app, "load", "--if-empty", "--listings", "20")
    assert count(session) == 20


def test_without_reference_data_it_says_what_to_do(app: Flask, session: Session) -> None:
    session.execute(delete(PostcodeArea))
    session.commit()
    with pytest.raises(NothingToStandOn, match="tsubo seed reference"):
        run(app, "load")


@pytest.mark.parametrize("words", [("--listings", "0"), ("--listings", "9" * 30), ("--seed", "-1"), ("--seed", "x")])
def test_numbers_that_make_no_sense_are_refused(app: Flask, session: Session, words: tuple[str, ...]) -> None:
    result = app.test_cli_runner().invoke(demo, ("load", *words))
    assert result.exit_code == 2
    assert "Invalid value" in result.output
    assert count(session) == 0


def test_removing_says_what_went_and_can_be_repeated(app: Flask, session: Session) -> None:
    run(app, "load", "--listings", "20")
    said = run(app, "remove")
    assert re.match(
        r"20 invented practitioners, 5 invented bodies and [\d,]+ words that nobody uses were taken away", said
    )
    assert count(session) == 0
    assert run(app, "remove") == "There was no demonstration data.\n"


def test_removing_names_a_body_that_is_left(app: Flask, session: Session) -> None:
    run(app, "load", "--listings", "20")
    kept = factories.make_practitioner(name="Zebedee Quillfeather")
    factories.ClaimFactory(practitioner=kept, body_id="demo-tarnbeck-guild")
    session.commit()
    assert "Tarnbeck Guild of Floor Practice was left, because another listing names it." in run(app, "remove")
    assert "Tarnbeck Guild of Floor Practice was left" in run(app, "remove")
