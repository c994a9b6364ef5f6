"""Asking friends and reading what they answered, through the front door."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import ListingState, Question
from directory.services import questions
from tests import mail
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, ClaimFactory, make_practitioner
from tests.factories.questions import TEXT, make_answer, make_question
from tests.members import Member, sign_in_as
from tests.pages import Visitor

FORM = "/member/questions/new"


@pytest.fixture
def maud(app: Flask, session: Session) -> Member:
    return sign_in_as(app, AccountFactory(email="maud@example.org"))


def of(somebody: Member, **values: object) -> Question:
    assert somebody.account is not None
    return make_question(somebody.account, **values)


def page_of(question: Question) -> str:
    return f"/member/questions/{question.public_id}"


def ask(somebody: Member, **fields: object) -> str:
    """Ask, and return where the question is."""
    said = {"text": TEXT, "name": "Maud Fairlie", "consents": True, **fields}
    return somebody.post("/member/questions", said, on=FORM).response.headers["Location"]  # type: ignore[arg-type]


@sqlite_only
def test_a_question_becomes_a_link_to_copy_and_a_code(maud: Member, visitor: Visitor) -> None:
    path = ask(maud)
    page = maud.get(path)
    (field,) = (one for one in page.all(".//input[@id='address']"))
    link = urlsplit(field.get("value", "")).path
    assert "<svg" in page.html
    assert "The link works until" in page.text()
    assert TEXT in visitor.get(link).text()
    assert TEXT in maud.get("/member/questions").text()
    assert "No answer yet, open until" in maud.get("/member/questions").text()


@sqlite_only
def test_the_code_is_found_by_a_camera_on_a_dark_page_too(maud: Member) -> None:
    # ISO/IEC 18004 asks for four light modules on each side.
    ground, squares = maud.get(page_of(of(maud))).all(".//{*}svg[@class='qr']//{*}path")
    assert ground.get("fill") == "#fff"
    assert squares.get("d", "").startswith("M4 4.5h7")


@sqlite_only
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(maud: Member) -> None:
    said = {"text": "x" * 301, "name": "see www.evil.example", "wants_mail": False}
    page = maud.post("/member/questions", said, on=FORM, status=422)
    for words in ("Use 300 characters at most", "Write a name: letters", "Say that you agree"):
        assert words in page.text()
    assert "x" * 301 in page.html
    assert 'value="see www.evil.example"' in page.html
    assert not [one for one in page.all(".//input[@name='wants_mail']") if one.get("checked") is not None]


@sqlite_only
def test_whoever_asked_as_much_as_they_may_ends_something_first(maud: Member) -> None:
    for _ in range(questions.MOST_OPEN):
        of(maud)
    said = {"text": TEXT, "name": "Maud", "consents": True}
    page = maud.post("/member/questions", said, on=FORM, status=422)
    assert "End a question first" in page.text()


@sqlite_only
def test_an_unlisted_name_comes_with_a_link_to_pass_on_and_nobody_is_written_to(session: Session, maud: Member) -> None:
    question = of(maud)
    answer = make_answer(question, unlisted="Jo Fenwick")
    page = maud.get(page_of(question))
    assert "Jo Fenwick" in page.text()
    assert "we write to nobody who did not ask" in page.text()
    (field,) = (one for one in page.all(f".//input[@id='to-{answer.public_id}']"))
    assert urlsplit(field.get("value", "")).path == "/for-practitioners"
    assert page.links()["Look whether they are listed by now (Jo Fenwick)"] == "/practitioners?q=Jo+Fenwick"
    assert not mail.letters(session)


@sqlite_only
def test_a_listed_practitioner_stands_with_the_status_of_today(session: Session, maud: Member) -> None:
    question, listed = of(maud), make_practitioner(name="Wren Hallowby")
    ClaimFactory(practitioner_id=listed.id)
    make_answer(question, listed, text="Calm and <b>exact</b>.")
    page = maud.get(page_of(question))
    assert "Wren Hallowby" in page.links()
    assert "Says they are a member of" in page.text()
    assert "Calm and <b>exact</b>." in page.text()
    assert "nobody has looked who they are" in page.text()


@sqlite_only
def test_the_name_of_somebody_who_hides_their_listing_is_not_shown(session: Session, maud: Member) -> None:
    question, listed = of(maud), make_practitioner(name="Wren Hallowby")
    make_answer(question, listed)
    listed.state = ListingState.HIDDEN
    session.flush()
    page = maud.get(page_of(question))
    assert "Wren Hallowby" not in page.html
    assert "Somebody whose listing is not shown now" in page.text()


def test_the_asker_removes_an_answer_ends_the_question_and_removes_it(maud: Member, visitor: Visitor) -> None:
    question = of(maud)
    make_answer(question, name="Ann", text="Keep this")
    gone = make_answer(question, name="Ben", text="Gone soon")
    path, link = page_of(question), f"/questions/{question.token}"
    maud.post(f"{path}/answers/{gone.public_id}/removal", on=path)
    assert "Gone soon" not in maud.get(path).text()
    maud.post(f"{path}/ending", on=path)
    visitor.get(link, status=404)
    page = maud.get(path)
    assert "You ended it on" in page.text()
    assert "Keep this" in page.text()
    assert "All of it goes on" in page.text()
    assert "What is over" in maud.get("/member/questions").text()
    maud.post(f"{path}/removal")
    maud.get(path, status=404)


@sqlite_only
def test_a_question_that_ran_out_says_so(maud: Member, visitor: Visitor) -> None:
    question = of(maud, made_at=clock.now() - questions.LASTS)
    make_answer(question)
    assert "It ran out on" in maud.get(page_of(question)).text()
    assert "One answer, ran out on" in maud.get("/member/questions").text()
    visitor.get(f"/questions/{question.token}", status=404)


def test_letters_are_stopped_and_begun_with_a_button(session: Session, maud: Member) -> None:
    path = ask(maud, wants_mail=True)
    maud.post(f"{path}/letters/ending", on=path)
    assert "Write to me when there are answers" in maud.get(path).text()
    maud.post(f"{path}/letters", on=path)
    assert "Send me no letters about it" in maud.get(path).text()


@sqlite_only
def test_the_desk_shows_nothing_of_questions(administrator: Member, maud: Member) -> None:
    make_answer(of(maud, text="CANARY of a question"), text="CANARY of an answer", name="Canary")
    assert maud.account is not None
    for address in ("/admin", "/admin/events", f"/admin/accounts/{maud.account.id}", "/admin/recommendations"):
        assert "CANARY" not in administrator.get(address).html.upper(), address
