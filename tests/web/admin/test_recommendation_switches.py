"""Notes are switched off for the site, in a country, for one listing: off is off everywhere, and on brings all back."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Audience,
    Letter,
    ListingState,
    Practitioner,
    Recommendation,
    RecommendationState,
    Reply,
)
from directory.services import recommendation_switches as switches
from directory.services import recommendations
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_link, make_recommendation
from tests.factories.circles import make_acquainted
from tests.factories.listings import make_kept
from tests.factories.questions import make_answer, make_question
from tests.members import Member, sign_in_as
from tests.pages import Visitor

PAGE = "/admin/recommendation-switches"
SHOWN = RecommendationState.SHOWN
# Part of everything that anybody says of the practitioner.
SAID = "Canary"


@dataclass
class Town:
    """A listing with a note for everybody and its reply, one for a circle, one for a friend, and a friend's answer."""

    listing: Practitioner
    keeper: Member
    writer: Member
    in_circle: Member
    asker: Member
    stranger: Member
    note: Recommendation
    private: Recommendation

    @property
    def profile(self) -> str:
        return f"/practitioners/{self.listing.public_id}/{self.listing.slug}"


@pytest.fixture
def town(app: Flask, administrator: Member, session: Session) -> Town:
    keeper, writer, in_circle, asker, other = (AccountFactory() for _ in range(5))
    kept = make_kept(keeper, ListingState.PUBLISHED, by=administrator.account)
    listing = session.get_one(Practitioner, kept.practitioner_id)
    note = make_recommendation(listing, other, Audience.PUBLIC, state=SHOWN, text=f"{SAID} for all.", name="Olive")
    make_recommendation(listing, writer, Audience.CIRCLE, text=f"{SAID} for a circle.", name="Maud Fairlie")
    private = make_recommendation(listing, asker, Audience.FRIEND, text=f"{SAID} for one.", name="Zoe")
    session.flush()
    at = clock.now()
    session.add(Reply(recommendation_id=note.id, text=f"{SAID} reply.", state=SHOWN, made_at=at))
    make_acquainted(writer, in_circle, "Maud Fairlie", "Wren")
    make_answer(make_question(asker), listing, text=f"{SAID} of a friend.")
    session.commit()
    people = [sign_in_as(app, one) for one in (keeper, writer, in_circle, asker)]
    return Town(listing, *people, Member(app), note, private)


def surfaces(town: Town, link: str, question: str) -> dict[str, bool]:
    """Where something of a note, or of what says that there is one, can be read now."""
    stranger, friend = town.stranger, town.in_circle
    return {
        "profile": SAID in stranger.get(town.profile).html,
        "profile in the circle": "for a circle" in friend.get(town.profile).html,
        "results in the circle": "Recommended by Maud Fairlie" in friend.get("/practitioners").html,
        "filter": 'name="circle"' in friend.get("/practitioners").html,
        "filtered": town.listing.name in friend.get("/practitioners?circle=yes").text(),
        "private link": stranger.raw(link).status_code == 200,
        "objecting": stranger.raw(f"/complaints/new?note={town.note.public_id}").status_code == 200,
        "objecting by a link": stranger.raw(f"/complaints/new?link={link.split('/')[-1]}").status_code == 200,
        "answer to a question": SAID in town.asker.get(question).html,
        "replies": SAID in town.keeper.get("/member/replies").html,
        "reply": town.keeper.raw(f"/member/replies/{town.note.public_id}").status_code in {200, 409},
        "writing": friend.raw(f"/member/recommendations/new?practitioner={town.listing.public_id}").status_code == 200,
        "button": f"new?practitioner={town.listing.public_id}" in stranger.get(town.profile).html,
    }


def tag_of(town: Town) -> str:
    """What a browser that keeps the profile knows it by."""
    return Visitor(town.stranger.app).raw(town.profile).headers["ETag"]


def test_off_is_off_wherever_anything_of_a_note_is_shown_and_on_brings_it_back(
    administrator: Member, town: Town, session: Session
) -> None:
    made = make_link(town.private, made_at=clock.now())
    session.commit()
    link, question = f"/notes/{made.token}", town.asker.get("/member/questions").all(".//main//li/a")[0].get("href", "")
    before = surfaces(town, link, question)
    assert all(before.values()), before
    for values in (
        {"scope": "site"},
        {"scope": "country", "country": town.listing.country},
        {"scope": "listing", "listing": town.profile},
    ):
        tag = tag_of(town)
        administrator.post(PAGE, {"why": "a law on testimonials", **values})
        off = surfaces(town, link, question)
        assert not any(off.values()), (values, off)
        assert tag_of(town) != tag
        assert "a law on testimonials" not in town.stranger.get("/how-recommendations-work").html
        assert "Notes are switched off for your listing." in town.keeper.get("/member/replies").text()
        # Its writer keeps what was written, and is told.
        assert f"{SAID} for a circle." in town.writer.get("/member/recommendations").text()
        [switch] = switches.list_all()
        administrator.post(f"{PAGE}/{switch.id}/removal", on=PAGE)
        assert tag_of(town) != tag
    assert surfaces(town, link, question) == before


@sqlite_only
def test_nothing_new_leaves_while_notes_are_switched_off(administrator: Member, town: Town, session: Session) -> None:
    links = f"/member/recommendations/{town.private.public_id}/links"
    made = make_link(town.private, made_at=clock.now())
    session.commit()
    page, one = town.asker.get(links), town.asker.get(f"{links}/{made.public_id}")
    switches.off_for(town.listing, "a law", by=None, at=clock.now())
    town.asker.send(page, links, {"for_whom": "Ann"}, status=409)
    town.asker.send(one, f"{links}/{made.public_id}/mail", {"to": "ann@example.org"}, status=409)
    assert session.scalars(select(Letter).where(Letter.kind == "note-for-you")).all() == []


@sqlite_only
def test_a_switch_of_another_country_or_listing_changes_nothing_here(town: Town) -> None:
    other = make_recommendation().practitioner
    switches.off_in("DE", "a law", by=None, at=clock.now())
    switches.off_for(other, "a law", by=None, at=clock.now())
    assert SAID in town.stranger.get(town.profile).html
    assert recommendations.why_off(town.listing) is None


@sqlite_only
def test_what_is_wrong_with_the_form_is_said(administrator: Member, town: Town) -> None:
    page = administrator.post(PAGE, {}, status=422)
    assert "Choose what is switched off" in page.text(".//section[@class='errors']")
    for values in (
        {"scope": "country"},
        {"scope": "listing"},
        {"scope": "listing", "listing": "/practitioners/bbbbbbbbbb"},
    ):
        administrator.post(PAGE, {"why": "a law", **values}, status=422)
    assert switches.list_all() == []
