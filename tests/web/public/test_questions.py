"""Answering a friend behind the link, without an account: looking for somebody, choosing them, or writing a name."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import ListingState, Practitioner, Question, QuestionAnswer
from directory.services import indexing, limits, questions, recommendation_switches
from tests import mail
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_practitioner
from tests.factories.questions import TEXT, make_answer, make_question
from tests.members import Member, Value, form_of, sign_in_as
from tests.pages import Page, Visitor


@pytest.fixture
def question(session: Session) -> Question:
    return make_question(AccountFactory(email="maud@example.org"), asker_name="Maud Fairlie")


@pytest.fixture
def friend(app: Flask) -> Member:
    """Somebody who has no account."""
    return Member(app)


@pytest.fixture
def wren(session: Session) -> Practitioner:
    return listed("Wren Hallowby")


def listed(name: str, **values: object) -> Practitioner:
    found: Practitioner = make_practitioner(name=name, **values)
    indexing.refresh([found.id])
    return found


def link(question: Question) -> str:
    return f"/questions/{question.token}"


def answer(friend: Member, question: Question, who: str, *, status: int = 303, **fields: Value) -> Page:
    """Answer with somebody, by public id, or with a name that is not listed."""
    on = f"{link(question)}/answers/new" + (f"?who={who}" if who != "unlisted" else "")
    said = {"who": who, "name": "Ann", **fields}
    return friend.post(f"{link(question)}/answers", said, on=on, status=status)


def kept(session: Session) -> list[QuestionAnswer]:
    return list(session.scalars(select(QuestionAnswer).order_by(QuestionAnswer.id)))


def test_a_friend_finds_somebody_and_answers_and_the_asker_alone_reads_it(
    app: Flask, session: Session, question: Question, wren: Practitioner, friend: Member
) -> None:
    page = friend.get(link(question))
    assert "Maud Fairlie asks whom you know" in page.text()
    assert TEXT in page.text()
    page = friend.get(link(question), query={"q": "hallowby"})
    assert [one.get("value") for one in page.all(".//input[@id='q']")] == ["hallowby"]
    lead = page.links()["Answer with this name (Wren Hallowby)"]
    page = friend.get(lead)
    assert "Wren Hallowby" in page.text()
    said = {"name": "Ann", "text": "She asked first.\nAnd listened."}
    sent = friend.follow(friend.send(page, f"{link(question)}/answers", said))
    assert "Thank you: Maud Fairlie can read it now" in sent.text()
    (one,) = kept(session)
    assert (one.practitioner_id, one.unlisted, one.text) == (wren.id, None, "She asked first.\nAnd listened.")
    (letter,) = mail.letters(session)
    assert (letter.kind, letter.to) == ("question-answered", "maud@example.org")
    for address in (link(question), f"{link(question)}/answers/new", f"{link(question)}/answers/sent"):
        assert "And listened" not in friend.get(address).html
    asker = sign_in_as(app, question.asker)
    assert "And listened" in asker.get(mail.link_in(letter)).text()


@sqlite_only
def test_a_friend_writes_a_name_that_is_not_listed(session: Session, question: Question, friend: Member) -> None:
    page = friend.get(link(question), query={"q": "Jo Fenwick", "near": "Leeds"})
    assert "Nobody like that is listed here." in page.text()
    lead = page.links()["They are not listed here: write their name"]
    page = friend.get(lead)
    assert [one.get("value") for one in page.all(".//input[@id='unlisted']")] == ["Jo Fenwick"]
    friend.send(page, f"{link(question)}/answers", {"name": "Ann"})
    (one,) = kept(session)
    assert (one.practitioner_id, one.unlisted, one.text, one.name) == (None, "Jo Fenwick", "", "Ann")
    assert [letter.to for letter in mail.letters(session)] == ["maud@example.org"]


@sqlite_only
def test_a_name_that_is_listed_after_all_is_shown_once_before_it_is_taken_as_written(
    session: Session, question: Question, wren: Practitioner, friend: Member
) -> None:
    page = answer(friend, question, "unlisted", unlisted="wren hallowby", text="Kept", status=422)
    assert "Somebody of that name is listed." in page.text()
    assert "Kept" in page.html
    assert [one.get("value") for one in page.all(".//input[@name='who']")] == [wren.public_id, "unlisted"]
    friend.send(page, f"{link(question)}/answers", {"who": "unlisted"})
    assert [one.unlisted for one in kept(session)] == ["wren hallowby"]


@sqlite_only
def test_looking_for_somebody_else_keeps_all_that_was_typed(
    session: Session, question: Question, wren: Practitioner, friend: Member
) -> None:
    page = friend.get(f"{link(question)}/answers/new?who={wren.public_id}")
    other = listed("Ida Brown")
    said = {"look_for": "ida", "look": "1", "text": "A long story", "name": "Ann", "unlisted": "x"}
    page = friend.send(page, f"{link(question)}/answers", said, status=200)
    assert [one.get("value") for one in page.all(".//input[@name='who']")] == [
        wren.public_id,
        other.public_id,
        "unlisted",
    ]
    for words in ("A long story", 'value="Ann"', 'value="ida"', 'value="x"'):
        assert words in page.html
    assert not kept(session)


@sqlite_only
def test_however_many_were_offered_before_whoever_is_looked_for_is_found_and_who_was_chosen_stays(
    session: Session, question: Question, friend: Member
) -> None:
    people = [listed(f"Wren Hallowby {letter}") for letter in "ABCDEFGHIJKLM"]
    chosen, other = people[11], listed("Ida Brown")
    page = friend.get(f"{link(question)}/answers/new")
    token = form_of(page, f"{link(question)}/answers").find(".//input[@name='csrf_token']")
    said = {
        "csrf_token": "" if token is None else token.get("value", ""),
        "offered": [one.public_id for one in people[:12]],
        "who": chosen.public_id,
        "look_for": "ida",
        "look": "1",
    }
    page = friend.send_raw(f"{link(question)}/answers", said, status=200)
    values = [one.get("value") for one in page.all(".//input[@name='who']")]
    assert other.public_id in values
    assert [one.get("value") for one in page.all(".//input[@name='who'][@checked]")] == [chosen.public_id]
    # The same where a name is typed as that of somebody who is not listed.
    said |= {"who": "unlisted", "unlisted": "Ida Brown", "name": "Ann"}
    del said["look"]
    page = friend.send_raw(f"{link(question)}/answers", said, status=422)
    assert "Somebody of that name is listed." in page.text()
    assert other.public_id in [one.get("value") for one in page.all(".//input[@name='who']")]


@sqlite_only
@pytest.mark.parametrize("typed", ["xqzwv", "hallowby"])
def test_whoever_looks_for_somebody_else_and_finds_nobody_is_told_so(
    session: Session, question: Question, wren: Practitioner, friend: Member, typed: str
) -> None:
    page = friend.get(f"{link(question)}/answers/new?who={wren.public_id}")
    said = {"look_for": typed, "look": "1", "text": "A long story"}
    page = friend.send(page, f"{link(question)}/answers", said, status=422)
    (box,) = page.all(".//input[@id='look_for']")
    assert "Nobody else of this name was found." in page.text(
        f".//*[@id='{box.get('aria-describedby', '').split()[-1]}']"
    )
    assert "Nobody else of this name was found." in page.text(".//section[@class='errors']")
    assert "A long story" in page.html
    assert [one.get("value") for one in page.all(".//input[@name='who']")] == [wren.public_id, "unlisted"]
    assert not kept(session)


@sqlite_only
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(question: Question, friend: Member) -> None:
    page = answer(friend, question, "unlisted", unlisted=" ", name=" ", text="x" * 601, status=422)
    for words in ("Write the name of whom you mean", "Use 600 characters at most", "Write your name"):
        assert words in page.text()
    assert "x" * 601 in page.html


@sqlite_only
@pytest.mark.parametrize("typed", ["Jo at www.evil.example", "https://evil.example", "jo@evil.example", "evil.example"])
def test_a_name_is_no_address(session: Session, question: Question, friend: Member, typed: str) -> None:
    for fields in ({"unlisted": typed}, {"unlisted": "Dr. J.R. Fenwick-O'Neill", "name": typed}):
        page = answer(friend, question, "unlisted", status=422, **fields)
        assert "without an address or a link" in page.text(".//section[@class='errors']")
    answer(friend, question, "unlisted", unlisted="Dr. J.R. Fenwick-O'Neill")
    assert [one.unlisted for one in kept(session)] == ["Dr. J.R. Fenwick-O'Neill"]


@sqlite_only
@pytest.mark.parametrize("decision", ["end", "leave"])
def test_a_question_is_reported_once_read_and_ended_or_left(
    app: Flask, session: Session, question: Question, friend: Member, administrator: Member, decision: str
) -> None:
    make_answer(question, text="CANARY")
    mine = make_question(administrator.account)
    desk, report = "/admin/questions", f"{link(question)}/report"
    assert question.text not in administrator.get(desk).text()
    page = friend.get(friend.get(link(question)).links()["Report this question"])
    for _ in range(2):
        assert "It is reported." in friend.follow(friend.send(page, report)).text()
    friend.post(f"{link(mine)}/report")
    assert [one.kind for one in mail.letters(session)] == ["question-reported"] * 2
    assert "Objections 2" in administrator.get(desk).links()
    page = administrator.get(desk)
    assert question.text in page.text()
    assert "CANARY" not in page.html
    to = f"{desk}/{question.public_id}/decision"
    administrator.send(page, to, {"decision": None}, status=422)
    administrator.send(page, to, {"decision": decision})
    administrator.send(page, to, {"decision": decision}, status=409)
    administrator.send(page, f"{desk}/{mine.public_id}/decision", {"decision": decision}, status=409)
    letters = [one.kind for one in mail.letters(session, to="maud@example.org")]
    asked = sign_in_as(app, question.asker).get(f"/member/questions/{question.public_id}").text()
    assert "CANARY" in asked
    if decision == "end":
        friend.get(link(question), status=404)
        assert letters == ["question-ended"]
        assert "Somebody reported it. One of us has read it, and ended it" in asked
    else:
        assert "and it stays" in friend.get(report).text()
        assert letters == []


def test_whoever_hides_meanwhile_cannot_be_named(
    session: Session, question: Question, wren: Practitioner, friend: Member
) -> None:
    page = friend.get(f"{link(question)}/answers/new?who={wren.public_id}")
    wren.state = ListingState.HIDDEN
    session.flush()
    page = friend.send(page, f"{link(question)}/answers", {"name": "Ann"}, status=422)
    assert "Choose whom you mean" in page.text()
    assert "Hallowby" not in page.html


@sqlite_only
def test_nobody_is_named_about_whom_notes_are_switched_off(
    app: Flask, session: Session, question: Question, wren: Practitioner, friend: Member
) -> None:
    make_answer(question, wren, text="CANARY of a friend")
    page = friend.get(f"{link(question)}/answers/new?who={wren.public_id}")
    recommendation_switches.off_for(wren, "the law", by=None, at=question.made_at)
    assert "so they cannot be named here" in friend.get(link(question), query={"q": "hallowby"}).text()
    assert "Choose whom you mean" in friend.send(page, f"{link(question)}/answers", {"name": "Ann"}, status=422).text()
    page = sign_in_as(app, question.asker).get(f"/member/questions/{question.public_id}")
    assert "so the words are not shown" in page.text()
    assert "CANARY" not in page.html


@sqlite_only
def test_neither_search_engines_nor_caches_keep_it_and_reading_sets_no_cookie(
    question: Question, visitor: Visitor
) -> None:
    for path in ("", "?q=wren", "/answers/new", "/answers/sent"):
        response = visitor.raw(link(question) + path)
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow", path
        assert response.headers["Cache-Control"] == "no-store", path
        assert 'name="robots" content="noindex"' in response.get_data(as_text=True), path
    assert "Set-Cookie" not in visitor.raw(link(question) + "?q=wren").headers


@sqlite_only
def test_a_link_that_is_over_and_one_that_never_was_give_the_same_page(
    app: Flask, session: Session, question: Question, friend: Member
) -> None:
    off = make_question()
    off.asker.active = False
    ended = make_question()
    questions.end(ended, at=ended.made_at)
    late = make_question(made_at=question.made_at - questions.LASTS)
    paths = [link(one) for one in (off, ended, late)] + [f"/questions/{'x' * 43}"]
    session.flush()
    for end in ("", "/answers/new", "/answers/sent"):
        bodies = {friend.raw(path + end).get_data() for path in paths}
        assert len(bodies) == 1
        assert {friend.raw(path + end).status_code for path in paths} == {404}
    page = friend.get(f"{link(question)}/answers/new")
    questions.end(question, at=question.made_at)
    session.flush()
    friend.send(page, f"{link(question)}/answers", {"unlisted": "Jo", "name": "Ann"}, status=404)
    assert not kept(session)


@sqlite_only
def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_kept(
    session: Session, question: Question, friend: Member
) -> None:
    answer(friend, question, "unlisted", unlisted="Jo", homepage="https://example.org")
    assert not kept(session)
    assert not mail.letters(session)


@sqlite_only
def test_a_thousand_answers_from_one_network_are_not_taken(
    session: Session, question: Question, friend: Member
) -> None:
    most = min(one.most for one in limits.LIMITS["question-answer"] if one.of is limits.Of.NETWORK)
    for _ in range(most):
        answer(friend, question, "unlisted", unlisted="Jo")
    page = answer(friend, question, "unlisted", unlisted="Jo", text="Still here", status=429)
    assert "what you typed is still here" in page.text()
    assert "Still here" in page.html
    assert page.response.headers["Retry-After"]
    assert len(kept(session)) == most


@sqlite_only
def test_a_question_that_is_full_says_so(session: Session, question: Question, friend: Member) -> None:
    for _ in range(questions.MOST_ANSWERS):
        make_answer(question)
    page = answer(friend, question, "unlisted", unlisted="Jo", status=409)
    assert "as many answers as it can have" in page.text()


def test_suggestions_are_people_who_lead_to_the_answer_or_fill_the_box(
    question: Question, wren: Practitioner, friend: Member
) -> None:
    address = f"{link(question)}/suggestions"
    (found,) = friend.raw(address, query_string={"field": "q", "text": "hallo"}).get_json()["suggestions"]
    assert found["address"] == f"{link(question)}/answers/new?who={wren.public_id}"
    (found,) = friend.raw(address, query_string={"field": "look-for", "text": "wren"}).get_json()["suggestions"]
    assert found["text"] == "Wren Hallowby"
    assert friend.raw(address, query_string={"text": "w"}).get_json()["suggestions"] == []
    assert friend.raw(f"/questions/{'x' * 43}/suggestions?text=wren").status_code == 404


@sqlite_only
def test_a_place_that_could_be_several_is_asked_for(question: Question, friend: Member) -> None:
    page = friend.get(link(question), query={"q": "shiatsu", "near": "Newport"})
    assert "Which Newport?" in page.text()
    lead = next(to for words, to in page.links().items() if words.startswith("Newport"))
    assert "q=shiatsu" in lead
    friend.get(lead)


@sqlite_only
def test_the_asker_who_opens_their_own_link_is_led_to_the_answers(app: Flask, question: Question) -> None:
    page = sign_in_as(app, question.asker).get(link(question))
    assert page.links()["Its link, and the answers"] == f"/member/questions/{question.public_id}"
    assert "Its link, and the answers" not in sign_in_as(app, AccountFactory()).get(link(question)).links()


@sqlite_only
def test_what_friends_and_askers_type_is_shown_as_it_was_typed(session: Session, friend: Member) -> None:
    question = make_question(text="<script>x</script> & Leeds", asker_name="Maud & Co")
    page = friend.get(link(question))
    assert "<script>x</script> & Leeds" in page.text()
    assert "<script>x" not in page.html
