"""Objecting to a note without an account, by whatever way one reads it; and what everybody can read of objections."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Account,
    Acquaintance,
    Audience,
    Complaint,
    Practitioner,
    Recommendation,
    RecommendationState,
    Role,
    Ruling,
)
from directory.services import complaints, recommendation_switches
from directory.services.recommendations import AGAINST, REASONS
from tests import mail
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_link, make_practitioner, make_recommendation
from tests.members import Member, sign_in_as
from tests.pages import Visitor

SHOWN = RecommendationState.SHOWN
OBJECTOR = "osric@example.net"
WORDS = {"ground": "untrue", "text": "It is not so."}


@pytest.fixture
def listing(session: Session) -> Practitioner:
    return make_practitioner(name="Wren Hallowby")


def noted(listing: Practitioner, audience: Audience = Audience.PUBLIC, **values: object) -> Recommendation:
    note = make_recommendation(listing, None, audience, **{"state": SHOWN, **values})
    complaints.how_many()  # flushes
    return note


def form_of(note: Recommendation) -> str:
    return f"/complaints/new?note={note.public_id}"


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Complaint)) or 0


def test_a_profile_leads_to_the_form_and_the_form_to_what_happens_now(
    stranger: Member, listing: Practitioner, session: Session
) -> None:
    note = noted(listing, name="Maud Fairlie")
    profile = stranger.get(f"/practitioners/{listing.public_id}/{listing.slug}")
    assert form_of(note) in profile.links().values()
    page = stranger.get(form_of(note))
    assert "Maud." in page.text()
    assert "Fairlie" not in page.html
    assert "ring 999 or 112" in page.text()
    sent = stranger.send(page, "/complaints", {**WORDS, "reply_to": OBJECTOR})
    assert "A letter with a link is on its way to you." in stranger.follow(sent).text()
    assert page.response.headers["Cache-Control"] == "no-store"
    [letter] = mail.letters(session, to=OBJECTOR)
    case = stranger.get(mail.link_in(letter, "/complaints/cases/"))
    assert "It is not so." in case.text()
    assert case.response.headers["Cache-Control"] == "no-store"
    assert "noindex" in case.response.headers["X-Robots-Tag"]
    assert note.writer.email not in case.html


@sqlite_only
def test_without_an_address_nobody_is_written_to_but_the_writer(
    stranger: Member, listing: Practitioner, session: Session
) -> None:
    note = noted(listing)
    page = stranger.follow(stranger.post("/complaints", WORDS, on=form_of(note)))
    assert "You left no address, so you do not hear from us." in page.text()
    assert [one.to for one in mail.letters(session)] == [note.writer.email]


@sqlite_only
def test_a_wrong_form_keeps_what_was_typed(stranger: Member, listing: Practitioner, session: Session) -> None:
    note = noted(listing)
    page = stranger.post("/complaints", {"text": "Kept.", "reply_to": "osric@"}, on=form_of(note), status=422)
    assert "Choose what is wrong with the note" in page.text(".//section[@class='errors']")
    assert "Type an e-mail address" in page.text(".//section[@class='errors']")
    assert "Kept." in page.text(".//textarea")
    long = stranger.post("/complaints", {**WORDS, "text": "x" * 1001}, on=form_of(note), status=422)
    assert "1000" in long.text(".//section[@class='errors']").replace(",", "")
    assert count(session) == 0


@sqlite_only
def test_a_program_is_thanked_and_nothing_is_kept(stranger: Member, listing: Practitioner, session: Session) -> None:
    note = noted(listing)
    stranger.post("/complaints", {**WORDS, "homepage": "http://spam.example"}, on=form_of(note))
    assert count(session) == 0


@sqlite_only
def test_a_note_is_objected_to_five_times_at_once_and_a_network_objects_ten_times_an_hour(
    stranger: Member, listing: Practitioner, session: Session
) -> None:
    first, second = (stranger.get(form_of(noted(listing))) for _ in range(2))
    for number in range(complaints.MOST_OPEN):
        stranger.send(first, "/complaints", {**WORDS, "text": f"Number {number}"})
    full = stranger.send(first, "/complaints", {**WORDS, "text": "Kept."}, status=409)
    assert "They are decided first." in full.text(".//section[@class='errors']")
    assert "Kept." in full.text(".//textarea")
    for number in range(4):
        stranger.send(second, "/complaints", {**WORDS, "text": f"Number {number}"})
    stranger.send(second, "/complaints", WORDS, status=429)
    assert count(session) == 9


@sqlite_only
def test_one_side_hides_three_notes_a_day_at_once_and_then_somebody_looks_first(
    stranger: Member, listing: Practitioner, session: Session
) -> None:
    AccountFactory(role=Role.ADMINISTRATOR, email="boss@example.org")
    notes = [noted(listing) for _ in range(4)]
    for note in notes:
        stranger.post("/complaints", {**WORDS, "ground": "safety"}, on=form_of(note))
        session.refresh(note)
    assert [note.state for note in notes] == [RecommendationState.HIDDEN] * 3 + [SHOWN]
    cases = session.scalars(select(Complaint).order_by(Complaint.id)).all()
    assert [one.due_at is None for one in cases] == [True] * 3 + [False]
    # However many came: one letter, and it holds no name.
    [letter] = mail.letters(session, to="boss@example.org")
    assert listing.name not in letter.text


@sqlite_only
def test_what_is_not_shown_to_a_reader_cannot_be_objected_to(
    stranger: Member, listing: Practitioner, session: Session
) -> None:
    for audience, state in [
        (Audience.FRIEND, SHOWN),
        (Audience.CIRCLE, SHOWN),
        *((Audience.PUBLIC, one) for one in RecommendationState if one is not SHOWN),
    ]:
        stranger.get(form_of(noted(listing, audience, state=state)), status=404)
    stranger.get("/complaints/new?note=nothing", status=404)
    stranger.get("/complaints/new?link=nothing", status=404)
    note = noted(listing)
    page = stranger.get(form_of(note))
    recommendation_switches.off_for(listing, "a law", by=None, at=clock.now())
    stranger.send(page, "/complaints", WORDS, status=404)
    assert count(session) == 0


@sqlite_only
def test_whoever_has_the_link_objects_to_a_private_note(
    stranger: Member, listing: Practitioner, session: Session
) -> None:
    link = make_link(noted(listing, Audience.FRIEND), made_at=clock.now())
    session.flush()
    read = stranger.get(f"/notes/{link.token}")
    form = read.links()["Object to this note"]
    page = stranger.get(form)
    for _ in range(2):
        sent = stranger.send(page, "/complaints", {**WORDS, "ground": "private-life"})
        assert "We have your objection" in stranger.follow(sent).text()
    assert count(session) == 1
    stranger.send(page, "/complaints", {**WORDS, "text": "Other words."}, status=404)
    stranger.get(f"/notes/{link.token}", status=404)
    # Neither is there any more for whoever comes second.
    stranger.get(form, status=404)


def test_a_circle_objects_and_nobody_else(app: Flask, listing: Practitioner, session: Session) -> None:
    note = noted(listing, Audience.CIRCLE)
    friend, other = AccountFactory(), AccountFactory()
    one, two = sorted([friend.id, note.writer_id])
    session.add(
        Acquaintance(
            one_id=one, other_id=two, public_id="k7m2qv9xwp", one_name="A", other_name="B", made_at=clock.now()
        )
    )
    session.flush()
    sign_in_as(app, other).get(form_of(note), status=404)
    known = sign_in_as(app, friend)
    profile = known.get(f"/practitioners/{listing.public_id}/{listing.slug}")
    assert form_of(note) in profile.links().values()
    known.post("/complaints", WORDS, on=form_of(note))
    assert count(session) == 1


def test_the_link_of_the_letter_appeals_once(stranger: Member, listing: Practitioner, session: Session) -> None:
    note = noted(listing)
    boss: Account = AccountFactory(role=Role.ADMINISTRATOR)
    at = clock.now()
    case = complaints.make(note, "untrue", "It is not so.", reply_to=OBJECTOR, at=at)
    address = f"/complaints/cases/{case.token}"
    assert not stranger.get(address).all(".//form[@class='form']")
    complaints.decide(case.id, Ruling.KEEP, "own-view", by=boss, at=at, revision=case.revision)
    page = stranger.get(address)
    assert REASONS["own-view"].to_others in page.text()
    stranger.send(page, f"{address}/appeal", {}, status=422)
    stranger.send(page, f"{address}/appeal", {"text": "Look again."})
    assert "Appealed against, waits to be decided again." in stranger.get(address).text()
    stranger.send(page, f"{address}/appeal", {"text": "And again."}, status=409)


@sqlite_only
def test_the_page_on_how_it_works_holds_every_reason_and_says_where_it_is_off(
    visitor: Visitor, listing: Practitioner
) -> None:
    page = visitor.get("/how-recommendations-work")
    for reason in AGAINST.values():
        assert reason.to_others in page.text()
    assert page.text().count("An objection for this hides the note at once.") == 2
    assert "Where there are none" not in page.text()
    assert visitor.get("/").links()["How recommendations work"] == "/how-recommendations-work"
    recommendation_switches.off_in("DE", "a law", by=None, at=clock.now())
    assert (
        "No notes are shown or taken about practitioners in: Germany."
        in visitor.get("/how-recommendations-work").text()
    )
    recommendation_switches.off_for(listing, "a law", by=None, at=clock.now())
    recommendation_switches.off_for_site("a law", by=None, at=clock.now())
    text = visitor.get("/how-recommendations-work").text()
    assert "Notes are switched off on this site" in text
    assert "They are switched off for one listing." in text
    assert listing.name not in text


def test_the_report_is_for_everybody_also_when_there_is_nothing_to_tell(
    visitor: Visitor, listing: Practitioner
) -> None:
    assert "Nobody decided about an objection in the last 365 days." in visitor.get("/complaints").text()
    complaints.make(noted(listing), "insult", "Canary.", reply_to=OBJECTOR, at=clock.now())
    page = visitor.get("/complaints")
    assert "1 objection or appeal waits for us now" in page.text()
    assert "Insults, threatens or looks down on people" in page.text()
    assert "Canary" not in page.html
    assert OBJECTOR not in page.html
