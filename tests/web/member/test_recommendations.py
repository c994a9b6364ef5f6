"""Writing a note: the form, reading it over, keeping, changing and removing it."""

import datetime as dt
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Audience,
    ListingState,
    Practitioner,
    Recommendation,
    RecommendationLink,
    RecommendationState,
)
from directory.services import limits, recommendation_switches, recommendations
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_link, make_practitioner, make_recommendation
from tests.factories.listings import make_listed
from tests.mail import letters, link_in
from tests.members import Member, Value, sign_in_as
from tests.pages import Page

NOTES, NEW, CHECK, DRAFT = (f"/member/recommendations{end}" for end in ("", "/new", "/check", "/draft"))
NOTE: dict[str, Value] = {
    "relation": "client",
    "was_treated": "yes",
    "month": "10",
    "year": "2025",
    "modality": "shiatsu",
    "text": "They asked first, and listened.",
    "rewarded": "no",
    "name": "Maud Fairlie",
    "consents": True,
}


def check(somebody: Member, listing: Practitioner, status: int = 200, **typed: Value) -> Page:
    """Fill in the form for a note about a listing, and read it over."""
    page = somebody.get(NEW, query={"practitioner": listing.public_id})
    return somebody.send(page, CHECK, {**NOTE, **typed}, status=status)


def write(somebody: Member, listing: Practitioner, **typed: Value) -> Page:
    return somebody.follow(somebody.send(check(somebody, listing, **typed), NOTES))


def only_note(session: Session) -> Recommendation:
    session.expire_all()
    return session.scalars(select(Recommendation)).one()


def test_a_note_for_one_friend_is_written_in_three_pages_and_has_its_link(member: Member, session: Session) -> None:
    listing = make_practitioner(name="Wren Hallowby")
    checked = check(member, listing)
    assert "It is for one friend." in checked.text()
    assert "They asked first, and listened." in checked.text()
    assert not session.scalars(select(Recommendation)).all()
    done = member.follow(member.send(checked, NOTES))
    assert "Links to your note about Wren Hallowby" in done.text()
    note = only_note(session)
    assert (note.audience, note.state) == (Audience.FRIEND, RecommendationState.SHOWN)
    assert (note.was_treated, note.month, note.modality_id) == (True, dt.date(2025, 10, 1), "shiatsu")
    assert (note.reward, note.name, note.text) == (None, "Maud Fairlie", "They asked first, and listened.")
    assert session.scalar(select(func.count()).select_from(RecommendationLink)) == 1
    mine = member.get(NOTES).text()
    assert "For one friend: whoever has one of its links can read it." in mine
    assert "It has one link that works." in mine


@sqlite_only
def test_every_profile_leads_to_the_form(member: Member, session: Session) -> None:
    listing = make_practitioner()
    profile = member.get(f"/practitioners/{listing.public_id}/{listing.slug}")
    link = profile.links()["Recommend to a friend"]
    assert listing.name in member.get(link).text(".//h1")


@sqlite_only
def test_the_page_says_that_a_note_counts_for_nothing(member: Member, session: Session) -> None:
    words = member.get(NEW, query={"practitioner": make_practitioner().public_id}).text()
    assert "no stars and no marks, and it moves neither what was checked nor the order" in words


@pytest.mark.parametrize(
    ("audience", "said"),
    [("circle", "For your circle"), ("public", "it waits to be read by us")],
)
@sqlite_only
def test_a_note_for_more_than_one_has_no_private_link(
    member: Member, session: Session, audience: str, said: str
) -> None:
    done = write(member, make_practitioner(), audience=audience)
    assert said in done.text()
    assert not session.scalars(select(RecommendationLink)).all()


@sqlite_only
def test_a_writer_reads_over_what_everybody_would_see(member: Member, session: Session) -> None:
    page = check(
        member, make_practitioner(), audience="public", shown_as="initials", reward="A session", rewarded="yes"
    )
    assert "M. F." in page.text()
    assert "Maud Fairlie" not in page.text()
    assert "Had for it, in their words: A session." in page.text()


@sqlite_only
def test_phrases_to_look_at_are_named_before_a_note_for_everybody_is_sent(member: Member, session: Session) -> None:
    words = {"text": "She cured my migraine."}
    listing = make_practitioner()
    assert "to look at again" in check(member, listing, audience="public", **words).text()
    assert "to look at again" not in check(member, listing, **words).text()


@sqlite_only
def test_what_is_wrong_is_named_and_what_was_typed_stays(member: Member, session: Session) -> None:
    page = check(member, make_practitioner(), 422, audience="circle", year="next", text="Calm.", consents=None)
    assert len(page.all(".//section[@class='errors']//li")) == 2
    assert page.text(".//title").startswith("Mistake:")
    kept = {field.get("name"): field for field in page.all(".//input") if field.get("checked") is not None}
    assert kept["audience"].get("value") == "circle"
    text = page.tree.find(".//textarea")
    assert text is not None
    assert (text.text or "").strip() == "Calm."


@sqlite_only
def test_whoever_changes_their_mind_finds_what_they_typed(member: Member, session: Session) -> None:
    checked = check(member, make_practitioner(), text="One\n\nand <b>two</b>", audience="circle")
    assert "<b>two</b>" in checked.text()
    again = member.send(checked, DRAFT, status=200)
    text = again.tree.find(".//textarea")
    assert text is not None
    assert (text.text or "").strip() == "One\n\nand <b>two</b>"
    ticked = {field.get("name"): field.get("value") for field in again.all(".//input[@checked]")}
    assert ticked["audience"] == "circle"
    assert ticked["consents"] == "y"
    member.send(member.send(again, CHECK, status=200), NOTES)
    assert only_note(session).text == "One\n\nand <b>two</b>"


@sqlite_only
def test_a_note_is_changed_and_there_is_one(member: Member, session: Session) -> None:
    listing = make_practitioner()
    write(member, listing)
    page = member.get(NEW, query={"practitioner": listing.public_id}, status=303)
    form = member.follow(page)
    checked = member.send(form, CHECK, {"text": "Calm and exact.", "audience": "public", "consents": True}, status=200)
    assert "It takes the place of the note that you have written before" in checked.text()
    assert "The private links to that one end." in checked.text()
    member.send(checked, NOTES)
    note = only_note(session)
    assert (note.text, note.audience, note.state) == ("Calm and exact.", Audience.PUBLIC, RecommendationState.HELD)


@sqlite_only
def test_what_was_changed_in_another_window_is_shown_and_not_overwritten_unseen(
    member: Member, session: Session
) -> None:
    listing = make_practitioner()
    mine = check(member, listing, text="From the first window.")
    write(member, listing, text="From the second window.")
    conflict = member.send(mine, NOTES, status=409)
    assert "From the second window." in conflict.text()
    assert only_note(session).text == "From the second window."
    text = conflict.tree.find(".//textarea")
    assert text is not None
    assert (text.text or "").strip() == "From the first window."
    member.send(member.send(conflict, CHECK, {"consents": True}, status=200), NOTES)
    assert only_note(session).text == "From the first window."


@sqlite_only
def test_a_note_that_was_removed_meanwhile_is_written_anew_only_by_saying_so(member: Member, session: Session) -> None:
    listing = make_practitioner()
    write(member, listing)
    note_id = only_note(session).public_id
    form = member.get(f"{NOTES}/{note_id}/change")
    mine = member.send(form, CHECK, {"text": "Calm and exact.", "consents": True}, status=200)
    member.post(f"{NOTES}/{note_id}/removal")
    conflict = member.send(mine, NOTES, status=409)
    assert "It was removed." in conflict.text()
    member.send(member.send(conflict, CHECK, {"consents": True}, status=200), NOTES)
    assert only_note(session).text == "Calm and exact."


@sqlite_only
def test_a_note_is_removed_by_its_writer(member: Member, session: Session) -> None:
    write(member, make_practitioner())
    note_id = only_note(session).public_id
    assert "for good" in member.get(f"{NOTES}/{note_id}/removal").text()
    done = member.follow(member.post(f"{NOTES}/{note_id}/removal"))
    assert "Your note is gone" in done.text(".//div[@role='status']")
    assert not session.scalars(select(Recommendation)).all()


@pytest.mark.parametrize("end", ["change", "removal", "links", "links/1"])
@sqlite_only
def test_somebody_elses_note_is_not_there(member: Member, session: Session, end: str) -> None:
    note = make_recommendation()
    make_link(note)
    other = member.get(f"{NOTES}/{note.public_id}/{end}", status=404)
    absent = member.get(f"{NOTES}/bcdfghjkmn/{end}", status=404)
    assert other.html == absent.html


@sqlite_only
def test_a_form_owns_no_more_than_it_shows(member: Member, session: Session) -> None:
    checked = check(member, make_practitioner(), audience="public")
    form = {field.get("name", ""): field.get("value", "") for field in checked.all(".//form//input[@name]")}
    more = {"state": "shown", "is_from_same_network": "", "writer_id": "1", "decided_at": "2026-01-01", "reason": "x"}
    member.send_raw(NOTES, {**form, **more})
    member.send_raw(NOTES, {**form, "text": "", "revision": "1"}, status=422)
    note = only_note(session)
    assert (note.state, note.writer_id, note.reason) == (RecommendationState.HELD, member.account.id, None)  # type: ignore[union-attr]


@sqlite_only
def test_whoever_may_not_write_is_told_why_before_they_type(app: Flask, session: Session) -> None:
    keeper = AccountFactory()
    listing = make_listed(keeper)
    own = sign_in_as(app, keeper)
    page = own.get(NEW, query={"practitioner": listing.public_id}, status=403)
    assert "This is your own listing." in page.text()


@sqlite_only
def test_whoever_may_not_write_any_more_keeps_nothing(member: Member, session: Session) -> None:
    listing = make_practitioner()
    checked = check(member, listing)
    listing.contact_email = member.account.email  # type: ignore[union-attr]
    session.commit()
    assert "Your e-mail address is the one" in member.send(checked, NOTES, status=403).text()
    assert "Your e-mail address is the one" in member.send(checked, DRAFT, status=403).text()
    assert not session.scalars(select(Recommendation)).all()


@sqlite_only
def test_a_note_about_a_listing_that_is_hidden_stays_and_can_only_be_removed(member: Member, session: Session) -> None:
    listing = make_practitioner()
    form = check(member, listing)
    member.send(form, NOTES)
    note = only_note(session)
    session.get_one(Practitioner, listing.id).state = ListingState.HIDDEN
    session.commit()
    mine = member.get(NOTES)
    assert "Nobody sees it: their listing is not shown now." in mine.text()
    assert not [words for words in mine.links() if words.startswith(("Change it", "Their listing"))]
    assert "not shown now" in member.get(f"{NOTES}/{note.public_id}/change", status=403).text()
    assert "not shown now" in member.send(form, NOTES, status=403).text()
    member.post(f"{NOTES}/{note.public_id}/removal")


@sqlite_only
def test_a_note_is_about_a_listing_that_is_there(member: Member, session: Session) -> None:
    make_recommendation(writer=member.account)
    member.get(NEW, status=404)
    for listing in ("nothing", make_practitioner(state=ListingState.HIDDEN).public_id):
        member.get(NEW, query={"practitioner": listing}, status=404)


@sqlite_only
def test_where_notes_are_switched_off_none_is_offered_taken_or_read(
    app: Flask, member: Member, session: Session
) -> None:
    listing = make_practitioner()
    checked = check(member, listing)
    member.send(checked, NOTES)
    link = session.scalars(select(RecommendationLink)).one()
    recommendation_switches.off_for(listing, "A law on testimonials.", by=None, at=clock.now())
    session.commit()
    profile = member.get(f"/practitioners/{listing.public_id}/{listing.slug}")
    assert "Recommend to a friend" not in profile.links()
    assert "No notes can be written" in member.send(checked, NOTES, status=403).text()
    mine = member.get(NOTES)
    assert "notes about this practitioner are switched off here" in mine.text()
    assert not [words for words in mine.links() if words.startswith("Change it")]
    Member(app).get(f"/notes/{link.token}", status=404)


@sqlite_only
def test_what_was_hidden_is_not_written_out_of_hiding_and_the_writer_is_told_how_it_is_read(
    member: Member, session: Session
) -> None:
    listing = make_practitioner()
    hidden = {"state": RecommendationState.HIDDEN, "reason": "safety"}
    note = make_recommendation(listing, member.account, Audience.CIRCLE, **hidden)
    removal = f"{NOTES}/{note.public_id}/removal"
    assert "That we hid it is kept, without its words" in member.get(removal).text()
    member.post(removal)
    page = check(member, listing, audience="circle")
    assert "Nobody will see it. We hid an earlier note of yours about this practitioner." in page.text()
    member.send(page, NOTES)
    assert only_note(session).state is RecommendationState.HIDDEN
    mine = member.get(NOTES).text()
    assert "Nobody sees it: we have hidden it. We hid an earlier note of yours" in mine
    assert "Nobody will see it" not in check(member, make_practitioner(), audience="circle").text()


@sqlite_only
def test_a_reason_is_told_to_the_writer(member: Member, session: Session) -> None:
    make_recommendation(
        writer=member.account, audience=Audience.PUBLIC, state=RecommendationState.REFUSED, reason="illness"
    )
    mine = member.get(NOTES).text()
    assert "we did not publish it" in mine
    assert "It names an illness." in mine


@sqlite_only
def test_somebody_without_notes_is_told_where_they_begin(member: Member) -> None:
    assert "Recommend to a friend" in member.get(NOTES).text()


@sqlite_only
def test_so_many_notes_a_day(member: Member, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"note": (limits.Limit(limits.Of.ACCOUNT, 2, dt.timedelta(days=1)),)}
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, **few})
    checked = check(member, make_practitioner())
    for _ in range(2):
        member.send(checked, NOTES)
    member.send(checked, NOTES, status=429)


@sqlite_only
def test_a_friend_without_an_account_comes_back_to_the_note_in_whichever_browser_the_letter_is_read(
    app: Flask, session: Session
) -> None:
    listing = make_practitioner()
    browser, telephone = Member(app), Member(app)
    profile = browser.get(f"/practitioners/{listing.public_id}/{listing.slug}")
    sign_in = browser.follow(browser.get(profile.links()["Recommend to a friend"], status=303))
    assert "To write a note, confirm your e-mail address" in sign_in.text()
    sign_up = browser.get(sign_in.links()["I am here for the first time"])
    agreed = {"email": "maud@example.org", "agrees": True, "is_adult": True}
    browser.send(sign_up, "/member/sign-up", agreed)
    form = telephone.follow(telephone.post(link_in(letters(session)[0])))
    assert f"A note about {listing.name}" in form.text(".//h1")
    telephone.send(telephone.send(form, CHECK, NOTE, status=200), NOTES)
    assert only_note(session).name == "Maud Fairlie"


@sqlite_only
def test_somebody_with_an_account_comes_back_by_a_link_too(app: Flask, session: Session) -> None:
    AccountFactory(email="maud@example.org")
    wanted = f"{NEW}?practitioner={make_practitioner().public_id}"
    browser, telephone = Member(app), Member(app)
    sign_in = browser.follow(browser.get(wanted, status=303))
    browser.send(sign_in, "/member/sign-in-link", {"email": "maud@example.org"})
    first = telephone.post(link_in(letters(session)[0]))
    assert first.response.headers["Location"] == wanted
    sign_up = browser.get(f"/member/sign-up?{re.sub('.*next', 'next', _next(wanted))}")
    browser.send(sign_up, "/member/sign-up", {"email": "maud@example.org", "agrees": True, "is_adult": True})
    second = Member(app).post(link_in(letters(session, kind="account-exists")[0]))
    assert second.response.headers["Location"] == wanted


def _next(path: str) -> str:
    return "next=" + path.replace("?", "%3F").replace("=", "%3D")


@sqlite_only
def test_whoever_only_writes_notes_begins_with_them(app: Flask, session: Session) -> None:
    friend = AccountFactory(email="maud@example.org")
    make_recommendation(writer=friend)
    Member(app).post("/member/sign-in-link", {"email": "maud@example.org"}, on="/member/sign-in")
    done = Member(app).post(link_in(letters(session)[0]))
    assert done.response.headers["Location"] == NOTES


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/nothing-here"])
@sqlite_only
def test_a_letter_leads_only_to_pages_of_this_site(app: Flask, session: Session, elsewhere: str) -> None:
    browser = Member(app)
    agreed: dict[str, Any] = {"email": "maud@example.org", "agrees": "y", "is_adult": "y"}
    page = browser.get("/member/sign-up")
    browser.send_raw("/member/sign-up", {**agreed, "next": elsewhere, "csrf_token": page.token})
    done = Member(app).post(link_in(letters(session)[0]))
    assert done.response.headers["Location"] == "/member/listing"


@sqlite_only
def test_notes_are_kept_apart_by_writer(app: Flask, session: Session) -> None:
    listing = make_practitioner()
    first, second = (sign_in_as(app, AccountFactory()) for _ in range(2))
    write(first, listing, text="From the first.")
    write(second, listing, text="From the second.")
    assert "From the second." not in first.get(NOTES).text()
    assert "From the first." not in second.get(NOTES).text()
    assert {note.writer_id for note in recommendations.of_writer(first.account)} == {first.account.id}  # type: ignore[arg-type,union-attr]
    assert clock.now() >= max(session.scalars(select(Recommendation.made_at)))
