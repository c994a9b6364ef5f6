"""What a practitioner sees of enquiries: counts, a pause with its reason, and blocking."""

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Account, EnquiryBlock, EnquiryDelivery, Event, Practitioner
from directory.services import accounts, enquiries, exports
from tests import mail
from tests.conftest import sqlite_only
from tests.enquiries import EMAIL, confirm, deliver, link, listed, open_form, write
from tests.factories.accounts import AccountFactory
from tests.mail import PostOffice
from tests.members import Member, sign_in_as


@pytest.fixture
def keeper(session: Session) -> Account:
    made: Account = AccountFactory(email="wren@example.org")
    return made


@pytest.fixture
def wren(keeper: Account) -> Practitioner:
    return listed(keeper)


@pytest.fixture
def practitioner(app: Flask, keeper: Account, wren: Practitioner) -> Member:
    return sign_in_as(app, keeper)


def ask(stranger: Member, session: Session, whom: Practitioner, email: str = EMAIL) -> str:
    """Send an enquiry; what its sender is told."""
    write(stranger, whom, email=email, with_script=True)
    return confirm(stranger, link(session, email)).text()


def test_a_practitioner_sees_how_many_came_and_nothing_of_their_words(
    app: Flask, session: Session, stranger: Member, practitioner: Member, wren: Practitioner
) -> None:
    for number in range(2):
        ask(stranger, session, wren, f"p{number}@example.net")
    page = practitioner.get("/member/enquiries")
    assert "Within 30 days 2 Within a year 2" in page.text()
    assert "it shows them your own address" in page.text()
    assert "example.net" not in page.html
    with time_machine.travel(clock.now() + dt.timedelta(days=40), tick=False):
        # A session does not last that long.
        page = sign_in_as(app, session.get_one(Account, practitioner.account.id)).get("/member/enquiries")  # type: ignore[union-attr]
    assert "Within 30 days 0 Within a year 2" in page.text()


@sqlite_only
def test_a_pause_and_its_reason_stand_on_the_listing_until_it_ends(
    app: Flask, session: Session, stranger: Member, practitioner: Member, wren: Practitioner
) -> None:
    address = f"/practitioners/{wren.public_id}/{wren.slug}"
    tag = stranger.get(address).response.headers["ETag"]
    page = practitioner.get("/member/enquiries")
    back_on = clock.now().date() + dt.timedelta(days=10)
    practitioner.send(page, "/member/enquiries/pause", {"why": "full", "until": back_on.isoformat()})
    said = stranger.get(address)
    assert "their diary is full. Enquiries are taken again from" in said.text()
    assert "Send an enquiry" not in said.links()
    assert said.response.headers["ETag"] != tag
    assert "their diary is full" in open_form(stranger, wren).text()
    assert (
        "Everybody reads: “They take no new clients now: their diary is full.”"
        in practitioner.get("/member/enquiries").text()
    )
    with time_machine.travel(clock.now() + dt.timedelta(days=10), tick=False):
        assert "Send an enquiry" in stranger.get(address).links()
    practitioner.post("/member/enquiries/resumption", on="/member/enquiries")
    assert "Send an enquiry" in stranger.get(address).links()
    kinds = session.scalars(select(Event.kind).where(Event.kind.startswith("enquir")).order_by(Event.id)).all()
    assert kinds == ["enquiries-paused", "enquiries-resumed"]


@sqlite_only
def test_a_pause_needs_a_reason_and_a_day_that_has_not_come(practitioner: Member) -> None:
    page = practitioner.post("/member/enquiries/pause", on="/member/enquiries", status=422)
    assert "Choose what everybody reads" in page.text(".//*[@role='alert']")
    for day in ("2020-01-01", "31 Nov", clock.now().date().isoformat()):
        page = practitioner.post(
            "/member/enquiries/pause", {"why": "away", "until": day}, on="/member/enquiries", status=422
        )
        assert "day" in page.text(".//*[@role='alert']")


def test_the_letter_leads_to_blocking_whoever_sent_it_who_does_not_learn_of_it(
    app: Flask, session: Session, stranger: Member, practitioner: Member, wren: Practitioner, post_office: PostOffice
) -> None:
    first = ask(stranger, session, wren)
    deliver(app, post_office)
    path = mail.link_in(post_office.to("wren@example.org")[0])
    practitioner.post(f"{path}/block", on=path)
    assert "You have blocked whoever sent it." in practitioner.get(path).text()
    assert "Somebody whom you blocked on" in practitioner.get("/member/enquiries").text()
    session.execute(EnquiryDelivery.__table__.update().values(enquiry_id=None))
    # The same mailbox in another spelling.
    with time_machine.travel(clock.now() + dt.timedelta(hours=3), tick=False):
        again = ask(stranger, session, wren, "Morwenna+2@Example.net")
    assert again == first
    deliver(app, post_office, after=dt.timedelta(hours=4))
    assert len(post_office.to("wren@example.org")) == 1
    page = practitioner.get("/member/enquiries")
    assert "Kept away, from senders you blocked 1" in page.text()
    block = session.scalars(select(EnquiryBlock)).one()
    practitioner.send(page, f"/member/enquiries/blocks/{block.id}/removal")
    assert "Nobody." in practitioner.get("/member/enquiries").text()


@sqlite_only
def test_an_enquiry_that_waits_follows_a_practitioner_to_a_new_address(
    app: Flask, session: Session, stranger: Member, keeper: Account, wren: Practitioner, post_office: PostOffice
) -> None:
    write(stranger, wren)
    confirm(stranger, link(session))
    accounts.ask_new_address(keeper, "new@example.org", at=clock.now())
    token = mail.link_in(mail.letters(session, kind="new-address-link")[0]).rsplit("/", 1)[1]
    accounts.confirm_new_address(token, keep=None, network=None, at=clock.now())
    session.flush()
    deliver(app, post_office, after=dt.timedelta(hours=1))
    assert "An enquiry through Tsubo" in [one["Subject"] for one in post_office.to("new@example.org")]
    assert "An enquiry through Tsubo" not in [one["Subject"] for one in post_office.to("wren@example.org")]


@sqlite_only
def test_somebody_without_a_listing_is_told_that_nobody_can_write_to_them(app: Flask, session: Session) -> None:
    page = sign_in_as(app, AccountFactory()).get("/member/enquiries")
    assert "You keep no listing" in page.text()


def test_after_ninety_days_nothing_shows_who_sent_it_and_after_a_year_it_is_gone(
    app: Flask, session: Session, stranger: Member, practitioner: Member, wren: Practitioner
) -> None:
    ask(stranger, session, wren)
    delivery = session.scalars(select(EnquiryDelivery)).one()
    row = exports.everything(practitioner.account)["sections"]  # type: ignore[arg-type]
    assert delivery.sender_key is not None
    assert delivery.sender_key not in str(row)
    assert next(one["rows"] for one in row if one["name"] == "enquiry_delivery")[0]["state"] == "passed-on"
    for days, left in ((31, 1), (91, 1), (366, 0)):
        enquiries.tidy(at=clock.now() + dt.timedelta(days=days))
        session.expire_all()
        found = session.scalars(select(EnquiryDelivery)).all()
        assert len(found) == left
        assert all((one.sender_key is None) == (days > 90) for one in found)
        assert all(one.enquiry_id is None for one in found)
