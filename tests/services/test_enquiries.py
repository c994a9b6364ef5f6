"""The relay's verbs where no page leads: what is done twice, too late, or without the key."""

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.config import Settings
from directory.lib import clock
from directory.models import (
    Account,
    Enquiry,
    EnquiryBlock,
    EnquiryDelivery,
    Event,
    InvalidTransition,
    Kept,
    Letter,
    LetterState,
    NotFound,
    Practitioner,
    WhyPaused,
)
from directory.services import enquiries, erasures, listings, outbox, sealing
from directory.services.enquiries import Said
from tests.enquiries import EMAIL, SAID, link, listed
from tests.factories import make_practitioner
from tests.factories.accounts import AccountFactory


@pytest.fixture
def site_settings(app: Flask) -> Settings:
    known: Settings = app.extensions["settings"]
    return known


@pytest.fixture
def keeper(session: Session) -> Account:
    made: Account = AccountFactory()
    return made


@pytest.fixture
def kept(keeper: Account) -> Kept:
    return listings.get_kept(listed(keeper).id)


def begin(kept: Kept, settings: Settings, session: Session, *, did_work: bool = True, email: str = EMAIL) -> str:
    """An enquiry to this listing; its token."""
    said = Said("Morwenna", email, SAID, None)
    listing = session.get_one(Practitioner, kept.practitioner_id)
    enquiries.begin(said, [listing], did_work=did_work, settings=settings, at=clock.now())
    return link(session, email).rsplit("/", 1)[1]


def confirm(token: str, settings: Settings) -> Enquiry:
    return enquiries.confirm(token, settings=settings, today=clock.now().date(), at=clock.now())


def number(session: Session, model: type[Enquiry | Letter | Event | EnquiryBlock], **where: str) -> int:
    return session.scalar(select(func.count()).select_from(model).filter_by(**where)) or 0


def test_what_is_confirmed_or_taken_back_twice_is_so_once(
    session: Session, site_settings: Settings, kept: Kept
) -> None:
    token = begin(kept, site_settings, session, did_work=False)
    first = confirm(token, site_settings).confirmed_at
    assert confirm(token, site_settings).confirmed_at == first
    assert number(session, Letter, kind="enquiry") == 1
    ended = enquiries.take_back(token, at=clock.now()).ended_at
    assert enquiries.take_back(token, at=clock.now() + dt.timedelta(minutes=1)).ended_at == ended
    assert number(session, Letter, kind="enquiry") == 0


def test_what_was_sealed_with_another_key_is_not_there_to_be_confirmed(
    session: Session, site_settings: Settings, kept: Kept, tmp_path: Path
) -> None:
    token = begin(kept, site_settings, session)
    other = site_settings.model_copy(update={"enquiry_key_file": tmp_path / "other.json"})
    with pytest.raises(NotFound):
        confirm(token, other)
    assert confirm(token, site_settings).confirmed_at is not None


def test_nothing_stands_open_in_the_rows_of_an_enquiry(session: Session, site_settings: Settings, kept: Kept) -> None:
    begin(kept, site_settings, session)
    enquiry = session.scalars(select(Enquiry)).one()
    letter = session.scalars(select(Letter)).one()
    delivery = session.scalars(select(EnquiryDelivery)).one()
    assert (letter.to, letter.values, delivery.sender_key) == ("", {}, None)
    for text in (str(vars(enquiry)), str(vars(letter)), str(vars(delivery))):
        assert EMAIL not in text
        assert SAID not in text
    sealed = enquiry.sealed or ""
    assert sealing.unseal(sealed, "another", site_settings, at=clock.now()) is None
    said = sealing.unseal(sealed, f"enquiry of {enquiry.token_hash}", site_settings, at=clock.now())
    assert said == {"name": "Morwenna", "email": EMAIL, "message": SAID, "summary": None}


def test_only_the_sender_of_an_enquiry_is_told_that_it_was_not_delivered(
    session: Session, site_settings: Settings, kept: Kept, tmp_path: Path
) -> None:
    at, other = clock.now(), site_settings.model_copy(update={"enquiry_key_file": tmp_path / "other.json"})
    confirm(begin(kept, site_settings, session), site_settings)
    letter = session.scalars(select(Letter).where(Letter.kind == "enquiry")).one()
    enquiries.tell_undelivered(letter, other, at=at)
    plain = outbox.queue("still-right", "wren@example.org", cause="x", at=at)
    assert plain is not None
    enquiries.tell_undelivered(plain, site_settings, at=at)
    assert number(session, Letter, kind="enquiry-undelivered") == 0
    for _ in range(2):
        enquiries.tell_undelivered(letter, site_settings, at=at)
    assert number(session, Letter, kind="enquiry-undelivered") == 1


def test_a_sender_is_blocked_once_and_only_while_anything_is_known_of_them(
    session: Session, site_settings: Settings, kept: Kept, keeper: Account
) -> None:
    confirm(begin(kept, site_settings, session), site_settings)
    delivery = session.scalars(select(EnquiryDelivery)).one()
    for _ in range(2):
        enquiries.block(kept, delivery.id, by=keeper, at=clock.now())
    assert number(session, EnquiryBlock) == number(session, Event, kind="enquiry-sender-blocked") == 1
    delivery.sender_key = None
    session.flush()
    with pytest.raises(InvalidTransition):
        enquiries.block(kept, delivery.id, by=keeper, at=clock.now())
    assert not enquiries.is_blocked(delivery)


def test_a_pause_can_be_changed_and_ended_twice(session: Session, kept: Kept, keeper: Account) -> None:
    today = clock.now().date()
    for why in (WhyPaused.FULL, WhyPaused.OTHER_WAY):
        enquiries.pause(kept, why, None, by=keeper, at=clock.now())
    why_not = enquiries.why_not(kept.practitioner_id, today)
    assert why_not is not None
    assert why_not.said == "They would rather be asked through their own website."
    for _ in range(2):
        enquiries.resume(kept, by=keeper, at=clock.now())
    assert enquiries.why_not(kept.practitioner_id, today) is None
    assert number(session, Event, kind="enquiries-resumed") == 1


def test_whoever_is_not_shown_or_has_no_account_gets_none(session: Session, kept: Kept, keeper: Account) -> None:
    today = clock.now().date()
    imported = make_practitioner()
    keeper.confirmed_at = None
    session.flush()
    found = enquiries.why_not_all([kept.practitioner_id, imported.id, 999_999], today)
    assert {one.said for one in found.values()} == {
        "Enquiries cannot reach them: nobody has confirmed an e-mail address for this listing."
    }
    listings.hide(kept, by=keeper, at=clock.now())
    session.flush()
    hidden = enquiries.why_not(kept.practitioner_id, today)
    assert hidden is not None
    assert hidden.said == "This listing is not shown now."


def test_tidying_where_nothing_is_due_erases_nothing(session: Session, site_settings: Settings, kept: Kept) -> None:
    begin(kept, site_settings, session)
    assert enquiries.tidy(at=clock.now()) == 0
    assert enquiries.tidy(at=clock.now() + dt.timedelta(days=2)) == 2
    assert [one.state for one in session.scalars(select(Letter))] == [LetterState.GIVEN_UP]
    enquiries.forget_what_waits(at=clock.now())


def test_whoever_leaves_takes_pauses_and_blocks_along(
    session: Session, site_settings: Settings, kept: Kept, keeper: Account
) -> None:
    confirm(begin(kept, site_settings, session, did_work=False), site_settings)
    enquiries.block(kept, session.scalars(select(EnquiryDelivery.id)).one(), by=keeper, at=clock.now())
    enquiries.pause(kept, WhyPaused.AWAY, None, by=keeper, at=clock.now())
    erasures.erase_account(keeper, at=clock.now())
    session.flush()
    assert number(session, EnquiryBlock) == 0
    assert session.scalars(select(EnquiryDelivery)).all() == []
    assert session.scalars(select(Letter).where(Letter.sealed.is_not(None), Letter.kind == "enquiry")).all() == []
    assert enquiries.of_token(link(session).rsplit("/", 1)[1], at=clock.now()).deliveries == []
