"""Many friends answer at the same moment, and the asker ends the question meanwhile."""

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.app import create_app
from directory.db import db, kept, transaction
from directory.lib import clock
from directory.models import InvalidTransition, Letter, NotFound, Question, QuestionAnswer
from directory.services import questions
from tests import factories
from tests.conftest import make_settings
from tests.factories.questions import make_answer, make_question

HOW_MANY, ROOM = 10, 3
SAID = questions.Answer("Ann", "", unlisted="Jo Fenwick")


@pytest.fixture
def apps(own_database: str, tmp_path: Path) -> Sequence[Flask]:
    """Sites on one database, as so many processes would be."""
    return [create_app(make_settings(tmp_path, own_database), for_commands=True) for _ in range(2)]


def asked(apps: Sequence[Flask], *, answered: int) -> str:
    with apps[0].app_context(), transaction():
        factories.bind(db.session)
        question = make_question()
        for _ in range(answered):
            make_answer(question)
        return question.token


def together(apps: Sequence[Flask], works: Sequence[Callable[[], object]]) -> list[str]:
    """Do all this at the same moment; what came of each."""
    ready = Barrier(len(works))

    def do(number: int) -> str:
        with apps[number % len(apps)].app_context():
            ready.wait()
            try:
                kept(works[number])
            except (InvalidTransition, NotFound) as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, range(len(works))))


def counted(apps: Sequence[Flask]) -> tuple[int, int]:
    """Answers and letters."""
    with apps[0].app_context():
        rows = (select(func.count()).select_from(model) for model in (QuestionAnswer, Letter))
        answers, letters = (db.session.scalar(query) or 0 for query in rows)
        return answers, letters


def test_of_many_answers_at_once_as_many_are_kept_as_may_be_and_one_letter_goes(apps: Sequence[Flask]) -> None:
    token, at = asked(apps, answered=questions.MOST_ANSWERS - ROOM), clock.now()
    came = together(apps, [lambda: questions.answer(token, SAID, at=at)] * HOW_MANY)
    assert sorted(came) == ["TooManyAnswers"] * (HOW_MANY - ROOM) + ["done"] * ROOM
    assert counted(apps) == (questions.MOST_ANSWERS, 1)


def test_no_answer_comes_after_the_end(apps: Sequence[Flask]) -> None:
    token, at = asked(apps, answered=0), clock.now() + dt.timedelta(minutes=1)

    def end() -> None:
        questions.end(db.session.scalars(select(Question)).one(), at=at)

    came = together(apps, [end, *[lambda: questions.answer(token, SAID, at=at)] * 5])
    assert came[0] == "done"
    assert set(came) <= {"done", "NotFound"}
    assert counted(apps)[0] == came[1:].count("done")
    with apps[0].app_context(), pytest.raises(NotFound):
        questions.look(token, at=at)
