"""Asking friends: a question becomes a link, whoever has it answers without an account, and the asker alone reads that.

Nobody is written to who did not ask: a letter goes to the asker only, and says no more than that there is an answer.
Neither an event nor a line of the ledger tells of questions, but of one that an administrator ended. They read a
question only where somebody who has its link reported it, and never an answer.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from directory.db import db, locked
from directory.lib import tokens
from directory.lib.fingerprints import fingerprint
from directory.models import (
    PUBLIC_STATES,
    Account,
    InvalidTransition,
    Letter,
    LetterState,
    NotFound,
    Practitioner,
    Question,
    QuestionAnswer,
)
from directory.services import accounts, events, ledger, outbox, recommendations

LASTS = dt.timedelta(days=30)
# How long a question and its answers stay for the asker to read once it is over; services/retention enforces it.
KEPT_DAYS = 90
KEPT = dt.timedelta(days=KEPT_DAYS)
# More open ones than anybody asks at once, and more answers than anybody reads.
MOST_OPEN, MOST_ANSWERS = 10, 50
ANSWERED = "question-answered"
# Letters about answers to one question are at least so far apart.
TOLD_EVERY = dt.timedelta(days=1)


class TooManyOpen(InvalidTransition):
    """Somebody asks as much as may be asked at once."""


class TooManyAnswers(InvalidTransition):
    """A question has as many answers as it may."""


class NotNamed(InvalidTransition):
    """Somebody may not be named in an answer: their listing is not shown, or notes about them are switched off."""


@dataclass(frozen=True)
class Answer:
    """What a friend says: a practitioner of the directory, or the name of somebody who is not listed."""

    name: str
    text: str
    practitioner: Practitioner | None = None
    unlisted: str | None = None


# ---- the asker


def ask(name: str, text: str, *, wants_mail: bool, by: Account, at: dt.datetime) -> Question:
    """A new question with its link. `name` is the asker's, as their friends know it. Raises TooManyOpen."""
    is_open = (Question.ended_at.is_(None), Question.expires_at > at)
    count = select(func.count()).select_from(Question).where(Question.asker_id == by.id, *is_open)
    if (db.session.scalar(count) or 0) >= MOST_OPEN:
        raise TooManyOpen("as many are open as may be")
    question = Question(
        public_id=tokens.public_id(),
        token=tokens.secret(),
        asker_id=by.id,
        asker_name=name,
        text=text,
        wants_mail=wants_mail,
        made_at=at,
        expires_at=at + LASTS,
        revision=0,
    )
    db.session.add(question)
    db.session.flush()
    return question


def of_asker(account: Account) -> Sequence[Question]:
    """Somebody's questions with their answers, the newest first."""
    return db.session.scalars(_own(account).order_by(Question.id.desc())).all()


def get_own(account: Account, public_id: str) -> Question:
    """One of them. Raises NotFound, also for one of somebody else."""
    return _one(_own(account).where(Question.public_id == public_id))


def end(question: Question, *, at: dt.datetime) -> None:
    """Let the link work no more; what was answered stays for the asker. To end it twice changes nothing.

    Raises NotFound where it is gone.
    """
    found = _lock(question)
    found.ended_at = found.ended_at or at


def set_letters(question: Question, *, wanted: bool) -> None:
    """Write to the asker about answers from now on, or not; a letter that has not gone yet does not go then.

    Raises NotFound where the question is gone.
    """
    found = _lock(question)
    found.wants_mail = wanted
    if not wanted:
        _untell(found)


def remove(question: Question) -> None:
    """Take a question away with all answers; a letter about them that has not gone yet does not go. Raises NotFound."""
    found = _lock(question)
    _untell(found)
    db.session.delete(found)
    db.session.flush()


def remove_answer(question: Question, public_id: str) -> None:
    """Take one answer away. Raises NotFound."""
    found = _lock(question)
    is_it = QuestionAnswer.question_id == found.id, QuestionAnswer.public_id == public_id
    answer_ = db.session.scalars(select(QuestionAnswer).where(*is_it)).one_or_none()
    if answer_ is None:
        raise NotFound("no such answer")
    db.session.delete(answer_)
    db.session.flush()
    if not _count_answers(found):
        # It would tell of an answer that is not there.
        _untell(found)


def _own(account: Account) -> Select[Question]:
    loaded = selectinload(Question.answers).joinedload(QuestionAnswer.practitioner)
    return select(Question).where(Question.asker_id == account.id).options(loaded)


# ---- the friends


def look(token: str, *, at: dt.datetime) -> Question:
    """The question of that token, if it can be answered.

    Raises NotFound, whatever the reason: there is none, it was ended, it is too old, or the asker's account is off.
    """
    return _open(_of_token(token), at)


def may_name(practitioner: Practitioner) -> bool:
    """Whether a friend may name them: somebody whom the public sees, and about whom notes are not switched off."""
    return practitioner.state in PUBLIC_STATES and recommendations.why_off(practitioner) is None


def answer(token: str, said: Answer, *, at: dt.datetime) -> QuestionAnswer:
    """Keep what a friend says, and tell the asker by mail, if they want it, that there is an answer.

    Raises NotFound as `look` does, TooManyAnswers, and NotNamed.
    """
    question = _open(locked(_of_token(token), of=Question), at)
    if _count_answers(question) >= MOST_ANSWERS:
        raise TooManyAnswers("it has as many as it may")
    if said.practitioner is not None and not may_name(said.practitioner):
        raise NotNamed("not shown, or switched off")
    made = QuestionAnswer(
        public_id=tokens.public_id(),
        question_id=question.id,
        practitioner_id=said.practitioner.id if said.practitioner is not None else None,
        unlisted=said.unlisted,
        text=said.text,
        name=said.name,
        made_at=at,
    )
    db.session.add(made)
    question.revision += 1
    if question.wants_mail:
        _tell(question, at=at)
    db.session.flush()
    return made


# ---- what somebody reports


def report(token: str, *, at: dt.datetime) -> None:
    """Somebody who has the link says that this is no question for friends: administrators are asked to read it, once.

    Raises NotFound as `look` does.
    """
    question = _open(locked(_of_token(token), of=Question), at)
    if question.reported_at is not None:
        return
    question.reported_at = at
    for one in accounts.list_administrators():
        cause = f"question-reported:{question.public_id}:{one.id}"
        outbox.queue("question-reported", one.email, cause=cause, at=at, account_id=one.id, path="/admin/questions")


def list_reported(*, at: dt.datetime) -> Sequence[Question]:
    """Those that were reported, are open, and that nobody has read yet, with who asked, the oldest report first."""
    query = select(Question).where(*_is_reported(at)).options(joinedload(Question.asker, innerjoin=True))
    return db.session.scalars(query.order_by(Question.reported_at, Question.id)).all()


def how_many_reported(*, at: dt.datetime) -> int:
    """How many these are."""
    return db.session.scalar(select(func.count()).select_from(Question).where(*_is_reported(at))) or 0


def judge(public_id: str, *, ends: bool, by: Account, at: dt.datetime) -> None:
    """An administrator has read one that was reported: it ends, and the asker is told; or it stays, whatever else is
    reported of it. Raises NotFound, and InvalidTransition where it does not wait for that any more, or is their own."""
    question = _one(locked(_reported(public_id), of=Question))
    if question.asker_id == by.id or question.read_at is not None or not question.is_open(at):
        raise InvalidTransition("nothing is to be decided about it")
    question.read_at = at
    if not ends:
        return
    question.ended_at = at
    _untell(question)
    events.record("question-ended", at=at, by=by, account_id=question.asker_id)
    ledger.append("question-ended", at=at, by=by, subject=f"account:{question.asker_id}")
    outbox.queue(
        "question-ended",
        question.asker.email,
        cause=f"question-ended:{question.public_id}",
        at=at,
        account_id=question.asker_id,
        path=f"/member/questions/{question.public_id}",
    )


def _reported(public_id: str) -> Select[Question]:
    query = select(Question).where(Question.public_id == public_id, Question.reported_at.is_not(None))
    return query.options(joinedload(Question.asker, innerjoin=True))


def _is_reported(at: dt.datetime) -> list[ColumnElement[bool]]:
    is_open = Question.ended_at.is_(None), Question.expires_at > at
    return [Question.reported_at.is_not(None), Question.read_at.is_(None), *is_open]


def _of_token(token: str) -> Select[Question]:
    return select(Question).where(Question.token == token).options(joinedload(Question.asker, innerjoin=True))


def _open(query: Select[Question], at: dt.datetime) -> Question:
    question = _one(query)
    if not question.is_open(at) or not question.asker.active:
        raise NotFound("no such question")
    return question


def _count_answers(question: Question) -> int:
    query = select(func.count()).select_from(QuestionAnswer).where(QuestionAnswer.question_id == question.id)
    return db.session.scalar(query) or 0


def _tell(question: Question, *, at: dt.datetime) -> None:
    """Write to the asker: at once, or a day after the letter before. What comes until it goes is told by it, too."""
    last = question.told_at
    if last is not None and _waits(question):
        return
    question.told_at = at if last is None else max(at, last + TOLD_EVERY)
    outbox.queue(
        ANSWERED,
        question.asker.email,
        cause=_cause(question),
        at=at,
        account_id=question.asker_id,
        not_before=question.told_at,
        path=f"/member/questions/{question.public_id}",
    )


def _waits(question: Question) -> bool:
    """Whether the last letter has yet to go."""
    waiting = exists().where(Letter.cause == _cause(question), Letter.state == LetterState.WAITING)
    return bool(db.session.scalar(select(waiting)))


def _untell(question: Question) -> None:
    """Take a letter back that waits; the next answer is told anew."""
    if question.told_at is not None and outbox.take_back(_cause(question)):
        question.told_at = None


def _cause(question: Question) -> str:
    """Numbers of rows may be given out again; tokens are not."""
    told_at = question.told_at.astimezone(dt.UTC).isoformat() if question.told_at is not None else ""
    return f"{ANSWERED}:{fingerprint(question.token):x}:{told_at}"


def _lock(question: Question) -> Question:
    """A question as it is now, and for nobody else to change before this transaction ends. Raises NotFound."""
    return _one(locked(select(Question).where(Question.id == question.id)))


def _one(query: Select[Question]) -> Question:
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("no such question")
    return found
