"""Private links to one's own note: made, copied, printed, sent and ended."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Audience, Recommendation, RecommendationLink, RecommendationState
from directory.services import limits, mail_stops, recommendations
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_link, make_practitioner, make_recommendation
from tests.mail import letters, link_in
from tests.members import Member, sign_in_as
from tests.pages import Page, Visitor


@pytest.fixture
def note(member: Member, session: Session) -> Recommendation:
    return make_recommendation(make_practitioner(name="Wren Hallowby"), member.account)


@pytest.fixture
def links(note: Recommendation) -> str:
    """Where the links of the note are."""
    return f"/member/recommendations/{note.public_id}/links"


@pytest.fixture
def one(links: str, note: Recommendation) -> str:
    """The page of one link."""
    return f"{links}/{make_link(note, made_at=clock.now()).public_id}"


def address_on(page: Page) -> str:
    """The path of the address that can be copied."""
    field = page.tree.find(".//input[@readonly]")
    assert field is not None
    return (field.get("value") or "").removeprefix("http://localhost")


@sqlite_only
def test_a_link_of_ones_own_is_made_for_each_friend(
    visitor: Visitor, member: Member, session: Session, links: str
) -> None:
    made = member.follow(member.post(links, {"for_whom": "Ann"}))
    assert "A note for you about Wren Hallowby" in made.text()
    assert 'class="qr"' in made.html
    path = address_on(made)
    assert "A note for you about Wren Hallowby" in visitor.get(path).text(".//h1")
    listed = member.get(links)
    assert "For Ann" in listed.text()
    assert address_on(listed) == path
    assert "Not opened yet." in listed.text()


@sqlite_only
def test_only_the_writer_sees_how_often_a_link_was_opened(
    member: Member, session: Session, links: str, note: Recommendation
) -> None:
    link = make_link(note, made_at=clock.now(), opened=3)
    assert "Opened 3 times." in member.get(links).text()
    assert "Its links were opened 3 times." in member.get("/member/recommendations").text()
    assert "times" not in member.get(f"/notes/{link.token}").text()


@sqlite_only
def test_the_slip_of_a_link_prints_alone(member: Member, one: str) -> None:
    page = member.get(one)
    parts = page.all(".//main/div/*")
    printed = [part for part in parts if "no-print" not in (part.get("class") or "")]
    assert [part.tag for part in printed] == ["section"]


@sqlite_only
def test_we_send_a_link_for_the_writer(visitor: Visitor, member: Member, session: Session, one: str) -> None:
    done = member.follow(member.post(f"{one}/mail", {"to": "Ann@Example.org"}, on=one))
    assert "It is on its way, unless" in done.text(".//div[@role='status']")
    letter = letters(session, to="ann@example.org")[0]
    assert letter.subject == "Maud Fairlie sends you a link"
    assert "Hallowby" not in letter.text + letter.html
    assert "A note for you" in visitor.get(link_in(letter, "/notes/")).text(".//h1")
    assert "You had us send it on" in done.text()
    assert not [form for form in done.all(".//form") if (form.get("action") or "").endswith("/mail")]


@sqlite_only
def test_a_sender_does_not_learn_who_wants_no_mail(member: Member, session: Session, note: Recommendation) -> None:
    mail_stops.stop("ann@example.org", at=clock.now())
    said = []
    for to in ("ann@example.org", "bob@example.org"):
        one = f"/member/recommendations/{note.public_id}/links/{make_link(note, made_at=clock.now()).public_id}"
        said.append(member.follow(member.post(f"{one}/mail", {"to": to}, on=one)).text(".//div[@role='status']"))
    assert said[0] == said[1]
    assert [letter.to for letter in letters(session)] == ["bob@example.org"]


@pytest.mark.parametrize("typed", ["", "ann", "ann@example.org\r\nBcc: bob@example.org", "ann@-x-"])
@sqlite_only
def test_what_is_no_address_is_named(member: Member, session: Session, one: str, typed: str) -> None:
    page = member.post(f"{one}/mail", {"to": typed}, on=one, status=422)
    assert "Type an e-mail address" in page.text(".//section[@class='errors']")
    assert not letters(session)


@sqlite_only
def test_so_many_letters_a_day_for_each_writer_and_each_mailbox(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = dt.timedelta(days=1)
    few = {
        "note-mail": (limits.Limit(limits.Of.ACCOUNT, 2, day),),
        "mail-to": (limits.Limit(limits.Of.ACCOUNT, 1, day),),
    }
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, **few})

    def send(writer: Member, to: str, status: int = 303) -> None:
        note = session.scalars(select(Recommendation).filter_by(writer_id=writer.account.id)).first()  # type: ignore[union-attr]
        note = note or make_recommendation(writer=writer.account)
        one = f"/member/recommendations/{note.public_id}/links/{make_link(note, made_at=clock.now()).public_id}"
        session.commit()
        writer.post(f"{one}/mail", {"to": to}, on=one, status=status)

    first, second = (sign_in_as(app, AccountFactory()) for _ in range(2))
    send(first, "ann@example.org")
    send(second, "ann+more@example.org", 429)
    send(first, "bob@example.org")
    send(first, "cyd@example.org", 429)


@sqlite_only
def test_a_link_is_ended_alone(
    visitor: Visitor, member: Member, session: Session, links: str, note: Recommendation
) -> None:
    ended, other = (make_link(note, made_at=clock.now()) for _ in range(2))
    member.post(f"{links}/{ended.public_id}/ending", on=links)
    visitor.get(f"/notes/{ended.token}", status=404)
    visitor.get(f"/notes/{other.token}")
    page = member.get(links)
    assert "Links that work no more" in page.text()
    assert "ended on" in page.text()
    assert "This link does not work now." in member.get(f"{links}/{ended.public_id}").text()


@sqlite_only
def test_a_note_that_is_hidden_has_no_more_links(
    member: Member, session: Session, links: str, note: Recommendation
) -> None:
    note.state = RecommendationState.HIDDEN
    session.commit()
    page = member.get(links)
    assert "This one has none that works." in page.text()
    assert not [form for form in page.all(".//form") if form.get("action") == links]


@sqlite_only
def test_a_link_to_a_note_for_a_circle_is_refused(
    member: Member, session: Session, links: str, note: Recommendation
) -> None:
    form = member.get(links)
    note.audience = Audience.CIRCLE
    session.commit()
    member.send(form, links, {"for_whom": "Ann"}, status=409)
    assert not session.scalars(select(RecommendationLink)).all()


@sqlite_only
def test_a_word_for_a_friend_is_short(member: Member, links: str) -> None:
    page = member.post(links, {"for_whom": "x" * 61}, status=422)
    assert "Use 60 characters at most" in page.text(".//section[@class='errors']")


@pytest.mark.parametrize("end", ["", "/mail", "/ending"])
@sqlite_only
def test_links_of_others_are_not_there(member: Member, session: Session, links: str, one: str, end: str) -> None:
    theirs = make_link(make_recommendation())
    form = {field.get("name", ""): field.get("value", "") for field in member.get(one).all(".//form//input[@name]")}
    for address in (
        f"{links}/{theirs.public_id}",
        f"/member/recommendations/{theirs.recommendation.public_id}/links/{theirs.public_id}",
    ):
        if end:
            member.send_raw(address + end, {**form, "to": "ann@example.org"}, status=404)
        else:
            member.get(address, status=404)
    assert recommendations.links.look(theirs.token, at=theirs.made_at) is theirs
