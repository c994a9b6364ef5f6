"""Questions to friends: who may answer, who is told, what the asker can take away, and how long it all stays."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.models import Account, Event, LedgerEntry, LetterState, ListingState, NotFound, Question, QuestionAnswer
from directory.models import Letter as Row
from directory.services import erasures, exports, questions, retention
from directory.services.questions import Answer
from tests import mail
from tests.factories import AccountFactory, make_practitioner
from tests.factories.questions import TEXT, make_answer, make_question

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
JO = Answer("Ann", "CANARY, she listened.", unlisted="Jo Fenwick")


@pytest.fixture
def maud(session: Session) -> Account:
    account: Account = AccountFactory(email="maud@example.org")
    return account


def asked(by: Account, *, wants_mail: bool = True) -> Question:
    return questions.ask("Maud", TEXT, wants_mail=wants_mail, by=by, at=AT)


def number(session: Session, model: type[Event | LedgerEntry | QuestionAnswer | Question]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def waiting(session: Session) -> list[dt.datetime]:
    """When the letters go that wait for the asker."""
    is_one = Row.kind == questions.ANSWERED, Row.state == LetterState.WAITING
    query = select(Row.next_at).where(*is_one).order_by(Row.next_at)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def test_an_answer_names_somebody_who_is_listed_or_somebody_who_is_not(session: Session, maud: Account) -> None:
    question, listed = asked(maud), make_practitioner()
    questions.answer(question.token, Answer("Ann", "", practitioner=listed), at=AT)
    questions.answer(question.token, JO, at=AT)
    session.expire_all()
    (found,) = questions.of_asker(maud)
    assert [(one.practitioner, one.unlisted) for one in found.answers] == [(None, "Jo Fenwick"), (listed, None)]


@pytest.mark.parametrize("unlisted", [None, "Jo"])
def test_the_database_takes_no_answer_that_names_nobody_or_two(session: Session, unlisted: str | None) -> None:
    question, listed = make_question(), make_practitioner()
    with pytest.raises(IntegrityError), session.begin_nested():
        make_answer(question, listed if unlisted else None, unlisted=unlisted)


@pytest.mark.parametrize("state", [ListingState.HIDDEN, ListingState.SUSPENDED, ListingState.DRAFT])
def test_nobody_is_named_whom_the_public_does_not_see(session: Session, maud: Account, state: ListingState) -> None:
    with pytest.raises(questions.NotNamed):
        questions.answer(asked(maud).token, Answer("Ann", "", practitioner=make_practitioner(state=state)), at=AT)


def test_a_question_can_be_answered_until_it_runs_out_or_is_ended(session: Session, maud: Account) -> None:
    first, second = asked(maud), asked(maud)
    last_moment = AT + questions.LASTS - dt.timedelta(seconds=1)
    assert questions.look(first.token, at=last_moment) is first
    with pytest.raises(NotFound):
        questions.look(first.token, at=AT + questions.LASTS)
    with pytest.raises(NotFound):
        questions.answer(first.token, JO, at=AT + questions.LASTS)
    questions.end(second, at=AT + HOUR)
    questions.end(second, at=AT + DAY)
    assert second.ended_at == AT + HOUR
    with pytest.raises(NotFound):
        questions.answer(second.token, JO, at=AT + HOUR)


def test_a_question_of_an_account_that_is_off_cannot_be_answered(session: Session, maud: Account) -> None:
    question = asked(maud)
    maud.active = False
    session.flush()
    with pytest.raises(NotFound):
        questions.look(question.token, at=AT)


def test_nobody_asks_more_at_once_than_they_may(session: Session, maud: Account) -> None:
    open_ones = [asked(maud) for _ in range(questions.MOST_OPEN)]
    with pytest.raises(questions.TooManyOpen):
        asked(maud)
    questions.end(open_ones[0], at=AT)
    asked(maud)


def test_a_question_is_not_filled_without_end(session: Session, maud: Account) -> None:
    question = asked(maud)
    for _ in range(questions.MOST_ANSWERS):
        make_answer(question)
    with pytest.raises(questions.TooManyAnswers):
        questions.answer(question.token, JO, at=AT)
    (answer, *_) = session.scalars(select(QuestionAnswer))
    questions.remove_answer(question, answer.public_id)
    questions.answer(question.token, JO, at=AT)


def test_the_asker_gets_one_letter_a_day_at_most_which_says_nothing_of_the_answer(
    session: Session, maud: Account
) -> None:
    question, sent = asked(maud), []
    for hours, is_due in ((1, True), (2, False), (3, False), (26, False), (27, True)):
        now = AT + hours * HOUR
        questions.answer(question.token, JO, at=now)
        for letter in mail.letters(session):
            assert letter.to == "maud@example.org"
            for words in ("CANARY", "Ann", "Jo", "Leeds"):
                assert words not in letter.subject + letter.text + letter.html
        if is_due:
            sent += go(session, now)
    # The second waits for a day after the first, and tells of all that came until it went.
    assert sent == [AT + HOUR, AT + 25 * HOUR]
    assert waiting(session) == []
    questions.answer(question.token, JO, at=AT + 60 * HOUR)
    assert waiting(session) == [AT + 60 * HOUR]


def go(session: Session, at: dt.datetime) -> list[dt.datetime]:
    """Let what waits until then be sent; when each was due."""
    rows = session.scalars(select(Row).where(Row.state == LetterState.WAITING, Row.next_at <= at)).all()
    for row in rows:
        row.state, row.sent_at = LetterState.SENT, at
    session.flush()
    return [row.next_at for row in rows]


def test_who_wants_no_letters_gets_none_and_can_change_their_mind(session: Session, maud: Account) -> None:
    question = asked(maud, wants_mail=False)
    questions.answer(question.token, JO, at=AT)
    assert waiting(session) == []
    questions.set_letters(question, wanted=True)
    questions.answer(question.token, JO, at=AT + HOUR)
    assert waiting(session) == [AT + HOUR]
    questions.set_letters(question, wanted=False)
    assert waiting(session) == []


def test_no_letter_tells_of_an_answer_that_was_removed_and_the_next_one_is_told(
    session: Session, maud: Account
) -> None:
    question = asked(maud)
    first = questions.answer(question.token, JO, at=AT)
    questions.remove_answer(question, first.public_id)
    assert waiting(session) == []
    questions.answer(question.token, JO, at=AT + HOUR)
    assert waiting(session) == [AT + HOUR]
    questions.remove(question)
    assert waiting(session) == []
    assert (number(session, Question), number(session, QuestionAnswer)) == (0, 0)


def test_nobody_reads_or_removes_what_another_asked(session: Session, maud: Account) -> None:
    question, other = asked(maud), AccountFactory()
    answer = questions.answer(question.token, JO, at=AT)
    with pytest.raises(NotFound):
        questions.get_own(other, question.public_id)
    with pytest.raises(NotFound):
        questions.remove_answer(make_question(other), answer.public_id)


def test_a_question_goes_ninety_days_after_it_is_over_and_not_before(session: Session, maud: Account) -> None:
    ended, ran_out = asked(maud), asked(maud)
    questions.end(ended, at=AT + DAY)
    for question in (ended, ran_out):
        make_answer(question)
    second = dt.timedelta(seconds=1)
    for moment, left in (
        (AT + DAY + questions.KEPT, 2),
        (AT + DAY + questions.KEPT + second, 1),
        (AT + questions.LASTS + questions.KEPT, 1),
        (AT + questions.LASTS + questions.KEPT + second, 0),
    ):
        retention.enforce(at=moment)
        assert (number(session, Question), number(session, QuestionAnswer)) == (left, left)


def test_whoever_leaves_takes_their_questions_with_them(session: Session, maud: Account) -> None:
    question = asked(maud)
    questions.answer(question.token, JO, at=AT)
    erasures.erase_account(maud, at=AT + HOUR)
    assert (number(session, Question), number(session, QuestionAnswer)) == (0, 0)
    assert waiting(session) == []


def test_an_answer_about_somebody_goes_with_their_listing(session: Session, maud: Account) -> None:
    question, listed = asked(maud), make_practitioner()
    make_answer(question, listed)
    make_answer(question)
    erasures.erase_listing(listed.id, at=AT)
    assert number(session, QuestionAnswer) == 1


def test_everybody_takes_away_what_they_asked_and_what_was_answered(session: Session, maud: Account) -> None:
    questions.answer(asked(maud).token, JO, at=AT)
    assert "CANARY" in str(exports.everything(maud))
    assert "CANARY" not in str(exports.everything(AccountFactory()))


def test_neither_an_event_nor_the_ledger_tells_of_questions(session: Session, maud: Account) -> None:
    counts = (number(session, Event), number(session, LedgerEntry))
    question = asked(maud)
    answer = questions.answer(question.token, JO, at=AT)
    questions.remove_answer(question, answer.public_id)
    questions.end(question, at=AT)
    questions.remove(question)
    assert (number(session, Event), number(session, LedgerEntry)) == counts
