"""Whoever wants no mail that others have us send gets none, and nothing that is kept says who it is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib.mailboxes import mailbox
from directory.models import MailStop, NotFound
from directory.services import mail_stops

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def test_a_stop_holds_for_every_spelling_of_a_mailbox_and_for_no_other(session: Session) -> None:
    mail_stops.stop("Ann.Reed+clinic@Example.org", at=AT)
    mail_stops.stop("ann.reed@example.org", at=AT)
    assert mail_stops.is_stopped("ann.reed@example.org")
    assert mail_stops.is_stopped("ANN.REED+other@example.org")
    assert not mail_stops.is_stopped("annreed@example.org")
    assert not mail_stops.is_stopped("ann.reed@example.com")
    assert len(session.scalars(select(MailStop)).all()) == 1


def test_whoever_has_the_link_of_a_letter_stops_such_mail_and_lets_it_come_again(session: Session) -> None:
    token = mail_stops.path_of("ann@example.org").removeprefix("/mail-stop/")
    assert not mail_stops.is_stopped_by(token)
    mail_stops.stop_by(token, at=AT)
    mail_stops.stop_by(token, at=AT)
    assert mail_stops.is_stopped_by(token)
    assert mail_stops.is_stopped("ann@example.org")
    mail_stops.allow_by(token)
    session.flush()
    mail_stops.allow_by(token)
    assert not mail_stops.is_stopped("ann@example.org")


def test_neither_the_link_nor_the_table_says_to_whom_it_belongs(session: Session) -> None:
    token = mail_stops.path_of("ann@example.org").removeprefix("/mail-stop/")
    mail_stops.stop_by(token, at=AT)
    row = session.scalars(select(MailStop)).one()
    for said in (token, row.digest):
        assert "ann" not in said.lower()
    assert len(token) == 48


@pytest.mark.parametrize(
    "change", [lambda one: one[:-1], lambda one: "A" + one[1:], lambda one: one + "A", lambda _: ""]
)
def test_a_link_that_is_not_ours_stops_nothing(session: Session, change: object) -> None:
    token = mail_stops.path_of("ann@example.org").removeprefix("/mail-stop/")
    forged = change(token)  # type: ignore[operator]
    if forged == token:
        forged = "B" + token[1:]
    for press in (mail_stops.is_stopped_by, mail_stops.allow_by):
        with pytest.raises(NotFound):
            press(forged)
    with pytest.raises(NotFound):
        mail_stops.stop_by(forged, at=AT)
    assert not session.scalars(select(MailStop)).all()


NAMES = st.text("abcdefgh.", min_size=1, max_size=8)


@given(NAMES, NAMES, st.sampled_from(["example.org", "gmail.com", "googlemail.com"]))
def test_a_mailbox_has_one_spelling(name: str, more: str, domain: str) -> None:
    one = mailbox(f"{name}@{domain}")
    assert mailbox(one) == one
    assert mailbox(f" {name.upper()}+{more}@{domain.upper()} ") == one
    if domain == "example.org":
        assert one == f"{name}@{domain}"


def test_a_mailbox_that_begins_with_a_plus_is_not_nobodys() -> None:
    assert mailbox("+tag@example.org") == "+tag@example.org"
    assert mailbox("wren.hallow+x@googlemail.com") == "wrenhallow@gmail.com"
