"""Questions to friends, and their answers."""

import datetime as dt
from typing import Any

from directory.db import db
from directory.lib import clock, tokens
from directory.models import Account, Practitioner, Question, QuestionAnswer
from tests.factories.accounts import AccountFactory

TEXT = "Do you know somebody good for my sore back in Leeds?"


def make_question(asker: Account | None = None, **values: Any) -> Question:
    """A question that friends can answer, asked just now unless `made_at` says otherwise."""
    asker = asker or AccountFactory()
    made_at: dt.datetime = values.pop("made_at", None) or clock.now()
    question = Question(
        public_id=tokens.public_id(),
        token=tokens.secret(),
        asker_id=asker.id,
        asker=asker,
        made_at=made_at,
        **{
            "asker_name": "Maud",
            "text": TEXT,
            "wants_mail": True,
            "revision": 0,
            "expires_at": made_at + dt.timedelta(days=30),
            **values,
        },
    )
    db.session.add(question)
    db.session.flush()
    return question


def make_answer(
    question: Question | None = None, practitioner: Practitioner | None = None, **values: Any
) -> QuestionAnswer:
    """An answer that names `practitioner`, or somebody who is not listed."""
    question = question or make_question()
    answer = QuestionAnswer(
        public_id=tokens.public_id(),
        question_id=question.id,
        practitioner_id=practitioner.id if practitioner is not None else None,
        **{
            "unlisted": None if practitioner is not None else "Jo Fenwick",
            "text": "She asked first, and listened.",
            "name": "Ann",
            "made_at": clock.now(),
            **values,
        },
    )
    db.session.add(answer)
    db.session.flush()
    return answer
