"""Many friends answer at the same moment, and the asker ends the question meanwhile."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from directory.db import db, transaction
from directory.lib import clock
from directory.models import Letter, NotFound, Question, QuestionAnswer
from directory.services import questions
from tests import factories
from tests.crowds import Sites, together
from tests.factories.questions import make_answer, make_question

HOW_MANY, ROOM = 10, 3
SAID = questions.Answer("Ann", "", unlisted="Jo Fenwick")


def asked(two_sites: Sites, *, answered: int) -> str:
    with two_sites[0].app_context(), transaction():
        factories.bind(db.session)
        question = make_question()
        for _ in range(answered):
            make_answer(question)
        return question.token


def counted(two_sites: Sites) -> tuple[int, int]:
    """Answers and letters."""
    with two_sites[0].app_context():
        rows = (select(func.count()).select_from(model) for model in (QuestionAnswer, Letter))
        answers, letters = (db.session.scalar(query) or 0 for query in rows)
        return answers, letters


def test_of_many_answers_at_once_as_many_are_kept_as_may_be_and_one_letter_goes(two_sites: Sites) -> None:
    token, at = asked(two_sites, answered=questions.MOST_ANSWERS - ROOM), clock.now()
    came = together(two_sites, [lambda: questions.answer(token, SAID, at=at)] * HOW_MANY)
    assert sorted(came) == ["TooManyAnswers"] * (HOW_MANY - ROOM) + ["done"] * ROOM
    assert counted(two_sites) == (questions.MOST_ANSWERS, 1)


def test_no_answer_comes_after_the_end(two_sites: Sites) -> None:
    token, at = asked(two_sites, answered=0), clock.now() + dt.timedelta(minutes=1)

    def end() -> None:
        questions.end(db.session.scalars(select(Question)).one(), at=at)

    came = together(two_sites, [end, *[lambda: questions.answer(token, SAID, at=at)] * HOW_MANY])
    assert came[0] == "done"
    assert set(came) <= {"done", "NotFound"}
    assert counted(two_sites)[0] == came[1:].count("done")
    with two_sites[0].app_context(), pytest.raises(NotFound):
        questions.look(token, at=at)
