"""What a profile tells of notes: those for everybody that were let through, how they came here, and nothing else."""

import datetime as dt
import json

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Audience,
    Practitioner,
    Recommendation,
    RecommendationState,
    Relation,
    Reply,
    ReportKind,
    ShownAs,
)
from directory.services import recommendations
from tests.conftest import sqlite_only
from tests.factories import make_practitioner
from tests.factories.recommendations import AT, make_recommendation
from tests.pages import Page, Visitor

SHOWN = RecommendationState.SHOWN


@pytest.fixture
def listing(session: Session) -> Practitioner:
    return make_practitioner(name="Wren Hallowby")


def address(listing: Practitioner) -> str:
    return f"/practitioners/{listing.public_id}/{listing.slug}"


def public(listing: Practitioner, **values: object) -> Recommendation:
    made = make_recommendation(listing, None, Audience.PUBLIC, **{"state": SHOWN, **values})
    recommendations.waiting()  # flushes
    return made


def said(page: Page) -> str:
    return page.text(".//section[@aria-labelledby='notes']").replace("\xa0", " ")


@sqlite_only
def test_a_profile_without_notes_says_nothing_of_them(visitor: Visitor, listing: Practitioner) -> None:
    for audience in (Audience.FRIEND, Audience.CIRCLE):
        make_recommendation(listing, None, audience, text="Between us.")
    for state in RecommendationState:
        if state is not SHOWN:
            public(listing, state=state, text="Not for now.")
    page = visitor.get(address(listing))
    assert "What people say" not in page.text()
    assert "Between us." not in page.html
    assert "Not for now." not in page.html


@sqlite_only
def test_a_note_stands_with_who_when_and_how_it_came_here(
    visitor: Visitor, listing: Practitioner, session: Session
) -> None:
    note = public(listing, name="Maud Fairlie", text="They asked first.\nAnd <b>listened</b>.")
    public(
        listing,
        name="Ines Quarrish",
        shown_as=ShownAs.INITIALS,
        relation=Relation.COLLEAGUE,
        was_treated=False,
        modality_id=None,
        reward="Half price, once",
        month=dt.date(2026, 5, 1),
    )
    session.add(Reply(recommendation_id=note.id, text="Thank you.", state=SHOWN, made_at=AT, revision=1))
    session.flush()
    page = visitor.get(address(listing))
    text = said(page)
    first = (
        "Maud. A client, was treated by them; October 2026. Shiatsu. E-mail address confirmed. Had no reward for it."
    )
    assert f"“They asked first. And <b>listened</b>.” {first}" in text
    assert "read by a moderator before it was shown" in text
    assert "Wren Hallowby replied: Thank you." in text
    assert "I. Q. A colleague, was not treated by them; May 2026. E-mail address confirmed." in text
    assert "Had for it, in their words: Half price, once." in text
    assert "There are no stars, and notes change no status and no order of a list." in text
    assert "Fairlie" not in page.html
    assert "Quarrish" not in page.html
    assert note.writer.email not in page.html
    assert text.index("Maud") < text.index("I. Q.")
    assert page.all(f".//figure[@id='note-{note.public_id}']")


@sqlite_only
def test_programs_read_no_rating_and_no_review(visitor: Visitor, listing: Practitioner) -> None:
    before = visitor.get(address(listing)).tree.find(".//script[@type='application/ld+json']")
    public(listing)
    page = visitor.get(address(listing))
    script = page.tree.find(".//script[@type='application/ld+json']")
    assert script is not None
    assert before is not None
    assert json.loads(script.text or "") == json.loads(before.text or "")
    assert not [word for word in ("rating", "review", "aggregate") if word in (script.text or "").lower()]
    assert not [one for one in page.tree.iter() if one.get("itemprop") or one.get("itemtype")]


def test_notes_move_nobody_in_a_list_and_change_no_status(
    visitor: Visitor, listing: Practitioner, session: Session
) -> None:
    make_practitioner(name="Wren Ashdown")
    searches = ("/practitioners?q=wren", "/practitioners?near=Brighton", "/practitioners")
    before = [visitor.get(one).text() for one in searches]
    for _ in range(3):
        public(listing)
    assert [visitor.get(one).text() for one in searches] == before
    card = visitor.raw(f"{address(listing)}/contact.vcf").get_data(as_text=True)
    assert "They asked first" not in card


def test_a_kept_page_is_made_anew_when_a_note_is_shown_or_hidden_and_not_for_others(
    app: Flask, visitor: Visitor, listing: Practitioner, session: Session
) -> None:
    def etag() -> str:
        session.commit()
        return visitor.raw(address(listing)).headers["ETag"]

    first = etag()
    private = make_recommendation(listing, None, Audience.CIRCLE)
    assert etag() == first
    recommendations.hide(private, "safety", by=None, at=clock.now())
    assert etag() == first
    note = public(listing)
    second = etag()
    assert second != first
    recommendations.hide(note, "safety", by=None, at=clock.now())
    third = etag()
    assert third not in {first, second}
    assert "They asked first" not in visitor.get(address(listing)).html
    recommendations.restore(note, "answered", by=None, at=clock.now())
    assert etag() not in {first, second, third}
    recommendations.remove(note, by=note.writer, at=clock.now())
    assert "They asked first" not in visitor.get(address(listing)).html


@sqlite_only
def test_the_page_of_another_day_shows_the_notes_of_today(visitor: Visitor, listing: Practitioner) -> None:
    public(listing)
    page = visitor.get(f"{address(listing)}?on=2026-03-10")
    assert "all else on this page is of today" in page.text()
    assert "They asked first" in said(page)


@sqlite_only
def test_of_many_notes_the_latest_stand_open_and_none_is_lost(visitor: Visitor, listing: Practitioner) -> None:
    for year in range(2010, 2023):
        public(listing, month=dt.date(year, 3, 1), text=f"Of the year {year}.")
    page = visitor.get(address(listing))
    folded = page.text(".//section[@aria-labelledby='notes']//details")
    assert [f"Of the year {year}." in folded for year in (2010, 2011, 2012, 2013)] == [True, True, True, False]
    assert all(f"Of the year {year}." in said(page) for year in range(2010, 2023))


@sqlite_only
def test_anybody_can_object_to_a_note_from_where_it_stands(visitor: Visitor, listing: Practitioner) -> None:
    note = public(listing)
    links = visitor.get(address(listing)).links()
    [objection] = [to for words, to in links.items() if words.startswith("Object to this note")]
    assert note.public_id in objection
    assert "They asked first" in visitor.get(objection).text()
    assert "Report this reply" not in str(links)
    assert "star" in visitor.get(links["How recommendations work"]).text()


@sqlite_only
def test_anybody_can_report_a_reply_to_us_alone(visitor: Visitor, listing: Practitioner, session: Session) -> None:
    note = public(listing)
    session.add(Reply(recommendation_id=note.id, text="Pay me.", state=SHOWN, made_at=AT, revision=1))
    session.flush()
    links = visitor.get(address(listing)).links()
    [form] = [to for words, to in links.items() if words.startswith("Report this reply")]
    page = visitor.get(form)
    [kind] = page.all(".//input[@name='kind'][@checked]")
    assert ReportKind(kind.get("value") or "").is_grave
    assert page.text(".//textarea") == "About the reply to the note by Maud (October 2026):"
    assert "About the reply" not in visitor.get(f"{address(listing)}/report?reply={public(listing).public_id}").html
