"""Inviting, answering and leaving, through the front door."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Acquaintance, Event
from directory.services import limits
from tests import mail
from tests.conftest import sqlite_only
from tests.factories import AccountFactory
from tests.members import Member, sign_in_as
from tests.pages import Visitor


@pytest.fixture
def maud(app: Flask, session: Session) -> Member:
    return sign_in_as(app, AccountFactory(email="maud@example.org"))


@pytest.fixture
def wren(app: Flask, session: Session) -> Member:
    return sign_in_as(app, AccountFactory(email="wren@example.org"))


def invite(somebody: Member, **fields: str) -> str:
    """The path of a new invitation of theirs."""
    said = {"name": "Maud", "for_whom": "my sister", **fields}
    made = somebody.post("/member/circle/invitations", said, on="/member/circle/invitations/new")
    return made.response.headers["Location"]


def link_of(somebody: Member, path: str) -> str:
    """The path of the link that the page of an invitation shows."""
    (field,) = (one for one in somebody.get(path).all(".//input[@id='link']"))
    return urlsplit(field.get("value", "")).path


def answer(somebody: Member, link: str, name: str = "Wren") -> None:
    path = f"/member/circle/answers/{link.rpartition('/')[2]}"
    somebody.post(path, {"name": name})


def test_two_people_join_by_a_link_and_one_leaves_in_silence(
    session: Session, maud: Member, wren: Member, visitor: Visitor
) -> None:
    path = invite(maud)
    link = link_of(maud, path)
    assert "<svg" in maud.get(path).html
    page = visitor.get(link)
    assert "Maud asks to know you here" in page.text()
    assert "my sister" not in page.html
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Maud asks to know you here" in wren.get(page.links()["Sign in, and answer"]).text()
    answer(wren, link)
    assert "Maud has yet to say that it was you" in wren.get("/member/circle").text()
    visitor.get(link, status=404)
    assert "gave this name: Wren" in maud.get(path).text()
    maud.post(f"{path}/confirmation", on=path)
    assert "Wren" in maud.get("/member/circle").text()
    assert "Maud" in wren.get("/member/circle").text()
    before = len(mail.letters(session))
    leave = maud.get("/member/circle").links()["Leave (Wren)"]
    assert "Know Wren here no more?" in maud.get(leave).text()
    maud.post(leave)
    assert "Nobody yet." in wren.get("/member/circle").text()
    assert "Nobody yet." in maud.get("/member/circle").text()
    assert len(mail.letters(session)) == before
    assert not session.scalars(select(Event).where(Event.kind.contains("circle"))).all()


def test_a_mailed_invitation_is_answered_from_its_address_without_asking(
    session: Session, maud: Member, wren: Member
) -> None:
    path = invite(maud, email="Wren@Example.org")
    (letter,) = mail.letters(session, to="wren@example.org", kind="circle-invitation")
    found = re.search(r"/circle-invitations/\S+", letter.text)
    assert found is not None
    answer(wren, found[0])
    assert "You know each other here now." in wren.get("/member/circle").text("body")
    assert "Wren" in maud.get("/member/circle").text()
    maud.get(path, status=404)


@sqlite_only
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(maud: Member) -> None:
    page = maud.post(
        "/member/circle/invitations",
        {"name": "see evil.example", "for_whom": "", "email": "nowhere"},
        on="/member/circle/invitations/new",
        status=422,
    )
    for words in ("Write a name", "Say for whom it is", "Type an e-mail address"):
        assert words in page.text()
    assert 'value="see evil.example"' in page.html
    assert 'value="nowhere"' in page.html


@pytest.mark.parametrize("name", ["Maud", "Maud F.", "J. R. Fairlie", "Anne-Marie O’Brien", "田中", "Dr Maud"])
@sqlite_only
def test_names_as_people_have_them_are_taken(maud: Member, name: str) -> None:
    assert invite(maud, name=name)


@pytest.mark.parametrize(
    "name",
    ["maud@example.org", "http://x", "win now x.example", "call 0800 1234", "<b>Maud</b>", "Maud\u202edrayA", "…"],
)
@sqlite_only
def test_a_name_is_no_advertisement(maud: Member, name: str) -> None:
    form = "/member/circle/invitations/new"
    maud.post("/member/circle/invitations", {"name": name, "for_whom": "x"}, on=form, status=422)


@sqlite_only
def test_nobody_fills_the_mailbox_of_another(session: Session, app: Flask) -> None:
    most = next(one.most for one in limits.LIMITS["mail-to"] if one.of is limits.Of.ACCOUNT)
    for number in range(most):
        invite(sign_in_as(app, AccountFactory()), email=f"robin+{number}@example.org")
    said = {"name": "Maud", "for_whom": "Robin", "email": "robin@example.org"}
    one_more = sign_in_as(app, AccountFactory())
    one_more.post("/member/circle/invitations", said, on="/member/circle/invitations/new", status=429)
    assert len(mail.letters(session, kind="circle-invitation")) == most


@sqlite_only
def test_whoever_opens_their_own_link_is_told_so(maud: Member) -> None:
    link = link_of(maud, invite(maud))
    assert "your own invitation" in maud.get(f"/member/circle/answers/{link.rpartition('/')[2]}").text()


@sqlite_only
def test_the_inviter_says_no_and_nobody_is_told(session: Session, maud: Member, wren: Member) -> None:
    path = invite(maud)
    answer(wren, link_of(maud, path))
    before = len(mail.letters(session))
    maud.post(f"{path}/refusal", on=path)
    assert "You said yes" not in wren.get("/member/circle").text()
    assert len(mail.letters(session)) == before
    assert not session.scalars(select(Acquaintance)).all()


@sqlite_only
def test_an_answer_that_changed_meanwhile_is_not_confirmed(
    app: Flask, session: Session, maud: Member, wren: Member
) -> None:
    path = invite(maud)
    link = link_of(maud, path)
    answer(wren, link)
    seen = maud.get(path)
    token = link.rpartition("/")[2]
    wren.post(f"/member/circle/answers/{token}/withdrawal", on="/member/circle")
    answer(sign_in_as(app, AccountFactory()), link, "Wren")
    maud.send(seen, f"{path}/confirmation", status=409)
    assert not session.scalars(select(Acquaintance)).all()


@sqlite_only
def test_whoever_is_sent_to_sign_in_by_an_invitation_reads_why(app: Flask, maud: Member) -> None:
    robin = Member(app)
    page = robin.get(link_of(maud, invite(maud)))
    sign_in = robin.follow(robin.get(page.links()["Sign in, and answer"], status=303))
    assert "To answer the invitation, confirm your e-mail address" in sign_in.text(".//section[@class='notices']")
    assert "next=/member/circle/answers/" in sign_in.links()["I am here for the first time"]
    assert not robin.get("/member/sign-in?next=/member/circle").all(".//section[@class='notices']")


@sqlite_only
def test_an_invitation_is_taken_back(session: Session, maud: Member, visitor: Visitor) -> None:
    path = invite(maud, email="robin@example.org")
    link = link_of(maud, path)
    maud.post(f"{path}/withdrawal", on=path)
    visitor.get(link, status=404)
    assert not mail.letters(session, to="robin@example.org")


@sqlite_only
def test_an_ended_link_and_one_that_never_was_give_the_same_page(
    session: Session, maud: Member, visitor: Visitor
) -> None:
    path = invite(maud)
    link = link_of(maud, path)
    answered = link_of(maud, invite(maud))
    answer(sign_in_as(maud.app, AccountFactory()), answered)
    maud.post(f"{path}/withdrawal", on=path)
    bodies = {visitor.raw(one).get_data() for one in (link, answered, "/circle-invitations/" + "x" * 43)}
    assert len(bodies) == 1


@sqlite_only
def test_whoever_has_no_account_makes_one_on_the_way_and_comes_back_to_the_answer(
    app: Flask, session: Session, maud: Member
) -> None:
    link = link_of(maud, invite(maud, email="new@example.org"))
    browser = Member(app)
    wall = browser.follow(browser.get(browser.get(link).links()["Sign in, and answer"], status=303))
    sign_up = wall.links()["I have no account yet"]
    given = {"email": "new@example.org", "agrees": True, "is_adult": True}
    browser.post("/member/sign-up", given, on=sign_up)
    arrived = browser.follow(browser.post(mail.link_in(mail.letters(session, kind="confirm-address")[0])))
    assert "Maud asks to know you here" in arrived.text()
    answer(browser, link, "Nell")
    assert "Nell" in maud.get("/member/circle").text()


@sqlite_only
def test_an_answer_that_was_interrupted_is_sent_on_after_signing_in(app: Flask, session: Session, maud: Member) -> None:
    token = link_of(maud, invite(maud)).rpartition("/")[2]
    kept = Member(app).send_raw(f"/member/circle/answers/{token}", {"name": "Nell Kept"}, status=401)
    assert "Nell Kept" in kept.html
