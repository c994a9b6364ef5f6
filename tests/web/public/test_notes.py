"""A note behind a private link: read without an account, counted for its writer, and gone when it is ended."""

import datetime as dt
from contextvars import Context

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import ListingState, RecommendationLink, RecommendationState, Relation
from tests.conftest import sqlite_only
from tests.factories import (
    AccountFactory,
    CheckFactory,
    ClaimFactory,
    make_link,
    make_practitioner,
    make_recommendation,
)
from tests.members import Member, sign_in_as
from tests.pages import Visitor

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def link(session: Session) -> RecommendationLink:
    note = make_recommendation(
        make_practitioner(name="Wren Hallowby"),
        text="Calm and <b>exact</b>.\nAsks first.",
        reward="10 pounds off",
        relation=Relation.STUDENT,
        was_treated=False,
        name="Maud Fairlie",
    )
    return make_link(note, made_at=clock.now(), for_whom="Ann the secret friend")


def opened(session: Session, link: RecommendationLink) -> int:
    session.expire_all()
    return session.get_one(RecommendationLink, link.id).opened


@sqlite_only
def test_a_note_is_read_without_an_account_and_says_what_it_rests_on(
    visitor: Visitor, link: RecommendationLink
) -> None:
    page = visitor.get(f"/notes/{link.token}")
    for words in (
        "A note for you about Wren Hallowby",
        "From Maud Fairlie.",
        "Calm and <b>exact</b>.",
        "A student of theirs, was not treated by them; October 2026.",
        "Shiatsu. Had for it, in their words: 10 pounds off.",
        "States no membership of a professional body.",
        "Nobody here has checked what it says.",
        "no stars",
    ):
        assert words in page.text().replace("\u00a0", " "), words
    assert "secret friend" not in page.html
    assert f"link={link.token}" in page.links()["Object to this note"]
    assert "@example.org" not in page.html


@sqlite_only
def test_a_status_beside_a_note_is_that_of_today(visitor: Visitor, session: Session, link: RecommendationLink) -> None:
    listing = link.recommendation.practitioner
    claim = ClaimFactory(practitioner_id=listing.id)
    assert "Says they are a member of" in visitor.get(f"/notes/{link.token}").text()
    today = clock.now().date()
    CheckFactory(
        practitioner_id=listing.id, body_id=claim.body_id, number_key=claim.number_key, checked_on=today,
        valid_to=today + dt.timedelta(days=90), due_on=today + dt.timedelta(days=90),
    )  # fmt: skip
    assert "Checked on" in visitor.get(f"/notes/{link.token}").text()


@sqlite_only
def test_neither_search_engines_nor_caches_keep_a_note_and_no_cookie_is_set(
    visitor: Visitor, link: RecommendationLink
) -> None:
    response = visitor.raw(f"/notes/{link.token}")
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in response.get_data(as_text=True)
    assert "ETag" not in response.headers
    assert "Set-Cookie" not in response.headers


def test_each_opening_counts(app: Flask, session: Session, link: RecommendationLink) -> None:
    friend = Member(app)
    for number in (1, 2):
        friend.raw(f"/notes/{link.token}", headers={"User-Agent": FIREFOX})
        assert opened(session, link) == number
    stranger = sign_in_as(app, AccountFactory())
    stranger.get(f"/notes/{link.token}")
    assert opened(session, link) == 3


@sqlite_only
def test_the_writer_and_programs_that_open_links_do_not_count(
    app: Flask, session: Session, link: RecommendationLink
) -> None:
    sign_in_as(app, link.recommendation.writer).get(f"/notes/{link.token}")
    somebody = Member(app)
    for headers in (
        {"User-Agent": "WhatsApp/2.23.20.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": FIREFOX, "Sec-Purpose": "prefetch"},
    ):
        assert somebody.raw(f"/notes/{link.token}", headers=headers).status_code == 200
    # In a context of its own, as in a server.
    with Context().run(somebody._client.head, f"/notes/{link.token}", headers={"User-Agent": FIREFOX}) as answer:
        assert answer.status_code == 200
    assert opened(session, link) == 0


@sqlite_only
def test_a_database_that_cannot_count_still_shows_the_note(
    app: Flask, session: Session, link: RecommendationLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link.opened = 2**31 - 1
    session.commit()
    assert Member(app).raw(f"/notes/{link.token}").status_code == 200


@sqlite_only
@pytest.mark.parametrize("why", ["ended", "too old", "hidden note", "hidden listing", "erased", "never was"])
def test_a_link_that_works_no_more_looks_as_if_it_had_never_been(
    visitor: Visitor, session: Session, link: RecommendationLink, why: str
) -> None:
    path = f"/notes/{link.token}"
    if why == "ended":
        link.ended_at = clock.now()
    elif why == "too old":
        link.expires_at = clock.now() - dt.timedelta(seconds=1)
    elif why == "hidden note":
        link.recommendation.state = RecommendationState.HIDDEN
    elif why == "hidden listing":
        link.recommendation.practitioner.state = ListingState.HIDDEN
    elif why == "erased":
        session.delete(link.recommendation)
    else:
        path = "/notes/" + "y" * 43
    session.commit()
    nothing = visitor.get("/notes/" + "x" * 43, status=404)
    gone = visitor.get(path, status=404)
    assert gone.html == nothing.html
