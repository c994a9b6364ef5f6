"""tsubo recommendations: notes are switched off and on by a command."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from directory.cli.recommendations import recommendations as group
from directory.services import recommendation_switches, recommendations
from directory.services.recommendation_switches import Scope
from tests.conftest import sqlite_only
from tests.factories import make_practitioner

Tsubo = Callable[..., Result]


@pytest.fixture
def tsubo(app: Flask, session: Session) -> Tsubo:
    def run(*words: str, code: int = 0) -> Result:
        done = app.test_cli_runner().invoke(group, words)
        assert done.exit_code == code, done.output
        return done

    return run


def test_each_scope_is_switched_off_and_on_alone(tsubo: Tsubo, session: Session) -> None:
    here, there = make_practitioner(country="GB"), make_practitioner(country="IE")
    session.flush()
    assert "nowhere" in tsubo("list").output
    for words, scope, other in (
        ((), Scope.SITE, Scope.SITE),
        (("--country", "gb"), Scope.COUNTRY, None),
        (("--listing", here.public_id), Scope.LISTING, None),
    ):
        tsubo("off", *words, "--why", "a law")
        tsubo("off", *words, "--why", "twice")
        assert recommendations.why_off(here) is scope
        assert recommendations.why_off(there) is other
        assert "a law" in tsubo("list").output
        tsubo("on", *words)
        assert recommendations.why_off(here) is None
    assert recommendation_switches.list_all() == []


@sqlite_only
def test_what_cannot_be_is_said(tsubo: Tsubo) -> None:
    for words in (
        ("off", "--country", "XX1", "--why", "a law"),
        ("off", "--listing", "nothing", "--why", "a law"),
        ("on",),
    ):
        assert tsubo(*words, code=1).exception is not None
    tsubo("off", "--country", "GB", "--listing", "bbbbbbbbbb", "--why", "a law", code=2)
