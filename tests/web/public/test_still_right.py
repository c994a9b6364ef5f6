"""Listings are asked whether they are still right, and hidden when nobody answers."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db, kept
from directory.jobs import clock as jobs_clock
from directory.models import Account, Kept, Letter, ListingState
from tests import factories, mail
from tests.factories.accounts import AccountFactory
from tests.factories.listings import AT, make_kept
from tests.members import Member, sign_in_as

Run = Callable[[int], list[str]]


@pytest.fixture
def kept_listing(session: Session) -> Kept:
    boss: Account = AccountFactory(role="administrator")
    return make_kept(AccountFactory(), ListingState.PUBLISHED, by=boss)


@pytest.fixture
def run(app: Flask, session: Session, kept_listing: Kept) -> Run:
    """Do what is due so many days after the listing was confirmed; the kinds of new letters."""

    def on(day: int) -> list[str]:
        session.commit()
        before = len(mail.letters(session))
        with time_machine.travel(AT + dt.timedelta(days=day, minutes=1), tick=False):
            mail.within(app, jobs_clock.tend_listings)
        session.expire_all()
        found = mail.letters(session)
        return [letter.kind for letter in found[: len(found) - before]]

    return on


def at(day: int) -> time_machine.travel:
    return time_machine.travel(AT + dt.timedelta(days=day, hours=1), tick=False)


def test_a_silent_listing_is_asked_warned_and_hidden_each_with_one_letter(run: Run, kept_listing: Kept) -> None:
    assert run(89) == []
    assert run(90) == ["still-right"]
    assert run(90) == []
    assert run(149) == []
    assert run(150) == ["silence-warning"]
    assert run(151) == []
    assert run(179) == []
    assert kept_listing.practitioner.state is ListingState.PUBLISHED
    assert run(180) == ["hidden-for-silence"]
    assert (kept_listing.practitioner.state, kept_listing.hidden_for_silence) == (ListingState.HIDDEN, True)
    assert run(400) == []


def test_one_that_was_never_asked_is_warned_before_it_is_hidden(run: Run, session: Session) -> None:
    assert run(300) == ["silence-warning"]
    (letter, *_) = mail.letters(session, kind="silence-warning")
    assert f"{(AT + dt.timedelta(days=330)).day} October 2027" in letter.text.replace("\u00a0", " ")
    assert run(329) == []
    assert run(330) == ["hidden-for-silence"]


def test_one_button_says_that_it_is_still_right(run: Run, session: Session, app: Flask, kept_listing: Kept) -> None:
    run(90)
    link = mail.link_in(mail.letters(session, kind="still-right")[0])
    somebody = Member(app)
    with at(91):
        page = somebody.get(link)
        assert page.text(".//h1") == "Is your listing still right?"
        somebody.get(link)
        assert kept_listing.practitioner.confirmed_on == AT.date(), "looking does not confirm"
        thanks = somebody.follow(somebody.send(page, link))
        assert "you confirmed it on 19 February 2027" in thanks.text().replace("\u00a0", " ")
        somebody.get(link, status=404)
        somebody.send_raw(link, {"csrf_token": token_of(page)}, status=404)
    session.expire_all()
    assert kept_listing.practitioner.confirmed_on == (AT + dt.timedelta(days=91)).date()
    assert run(180) == []
    assert run(181) == ["still-right"]


def token_of(page: object) -> str:
    found = page.all(".//input[@name='csrf_token']")  # type: ignore[attr-defined]
    return str(found[0].get("value"))


def test_the_button_brings_back_what_was_hidden_for_silence(
    run: Run, session: Session, app: Flask, kept_listing: Kept
) -> None:
    for day in (150, 180):
        run(day)
    listing = kept_listing.practitioner
    profile = f"/practitioners/{listing.public_id}/{listing.slug}"
    somebody = Member(app)
    assert somebody.raw(profile).status_code == 410
    with at(200):
        link = mail.link_in(mail.letters(session, kind="hidden-for-silence")[0])
        older = mail.link_in(mail.letters(session, kind="silence-warning")[0])
        page = somebody.get(link)
        assert "It is hidden now." in page.text()
        somebody.send(page, link)
        somebody.get(older, status=404)
        assert "By the practitioner, today" in somebody.get(profile).text()


def test_who_shows_again_what_was_hidden_for_silence_has_answered(
    run: Run, session: Session, app: Flask, kept_listing: Kept
) -> None:
    for day in (150, 180):
        run(day)
    with at(200):
        somebody = sign_in_as(app, kept_listing.account)
        assert "With this you say that all of it is still right." in somebody.get("/member/listing").text()
        somebody.post("/member/listing/showing", on="/member/listing")
    assert run(201) == []
    session.refresh(kept_listing.practitioner)
    assert kept_listing.practitioner.state is ListingState.PUBLISHED
    assert run(290) == ["still-right"]


def test_a_link_that_was_made_up_is_told_nothing(app: Flask, session: Session) -> None:
    page = Member(app).get("/still-right/made-up", status=404)
    assert "This link does not work any more" in page.text()


def test_what_is_hidden_already_and_what_nobody_keeps_is_left_alone(
    run: Run, session: Session, app: Flask, kept_listing: Kept
) -> None:
    factories.make_practitioner(confirmed_on=AT.date())
    sign_in_as(app, kept_listing.account)
    kept_listing.practitioner.state = ListingState.SUSPENDED
    assert run(300) == []


def test_two_workers_at_once_write_one_letter(own_site: Flask) -> None:
    with own_site.app_context():
        factories.bind(db.session)
        kept(lambda: make_kept(AccountFactory(), ListingState.PUBLISHED, by=AccountFactory(role="administrator")))
    problems: list[BaseException] = []

    def work() -> None:
        try:
            with own_site.app_context():
                jobs_clock.tend_listings()
        except BaseException as error:
            problems.append(error)

    with time_machine.travel(AT + dt.timedelta(days=100)):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []
    with own_site.app_context():
        assert [one.kind for one in db.session.scalars(select(Letter)) if one.kind == "still-right"] == ["still-right"]
