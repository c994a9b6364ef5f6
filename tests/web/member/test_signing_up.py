"""Signing up, accepting an invitation, and agreeing to documents that are new."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Account, Agreement, Role, SignIn
from directory.services import accounts, agreements
from tests.factories import AccountFactory
from tests.mail import letters, link_in
from tests.members import Member, sign_in_as

BOTH: Mapping[str, bool] = MappingProxyType({"agrees": True, "is_adult": True})


@pytest.fixture
def browser(app: Flask, session: Session) -> Member:
    """A browser in which nobody has signed in."""
    return Member(app)


def test_signing_up_takes_an_address_two_ticks_and_a_button_in_the_mail(session: Session, browser: Member) -> None:
    sent = browser.follow(browser.post("/member/sign-up", {"email": "Wren@Example.org", **BOTH}))
    assert "wren@example.org" in sent.text()
    assert not session.scalars(select(Account)).all()
    link = link_in(letters(session)[0])
    assert "wren@example.org" in browser.get(link).text()
    assert not session.scalars(select(Account)).all()
    browser.post(link)
    account = session.scalars(select(Account)).one()
    assert (account.email, account.role, account.password) == ("wren@example.org", Role.MEMBER, None)
    assert account.confirmed_at is not None
    agreed = {(row.document, row.version) for row in session.scalars(select(Agreement))}
    assert agreed == set(agreements.DOCUMENTS.items())
    assert "wren@example.org" in browser.get("/member/account").text()
    happened = browser.get("/member/account/events").text()
    assert "Account made" in happened
    assert "127.0.0.0/24" in happened


def test_whoever_leaves_something_out_keeps_what_they_typed(browser: Member) -> None:
    page = browser.post("/member/sign-up", {"email": "wren@", "is_adult": True}, status=422)
    assert len(page.all(".//section[@class='errors']//li")) == 2
    typed = page.tree.find(".//input[@name='email']")
    assert typed is not None
    assert typed.get("value") == "wren@"
    ticked = page.tree.find(".//input[@name='is_adult']")
    assert ticked is not None
    assert ticked.get("checked") is not None


def test_whoever_has_an_account_gets_a_link_to_sign_in(app: Flask, session: Session, browser: Member) -> None:
    AccountFactory(email="wren@example.org")
    browser.post("/member/sign-up", {"email": "wren@example.org", **BOTH})
    letter = letters(session)[0]
    assert letter.kind == "account-exists"
    browser.post(link_in(letter))
    browser.get("/member/account")


def test_two_links_to_sign_up_make_one_account(app: Flask, session: Session, browser: Member) -> None:
    for _ in range(2):
        browser.post("/member/sign-up", {"email": "wren@example.org", **BOTH})
    for letter in letters(session):
        Member(app).post(link_in(letter))
    assert len(session.scalars(select(Account)).all()) == 1
    assert len(session.scalars(select(SignIn)).all()) == 2


def test_a_second_link_to_sign_up_ends_with_a_change_of_password(session: Session, browser: Member) -> None:
    for _ in range(2):
        browser.post("/member/sign-up", {"email": "wren@example.org", **BOTH})
    second, first = (link_in(letter) for letter in letters(session)[:2])
    browser.post(first)
    browser.post("/member/account/password", {"password": "meadow lantern quiet river"})
    browser.get(second, status=404)


def test_twenty_accounts_an_hour_can_be_asked_for_from_one_network(browser: Member, session: Session) -> None:
    for number in range(20):
        browser.post("/member/sign-up", {"email": f"wren{number}@example.org", **BOTH})
    browser.post("/member/sign-up", {"email": "one-more@example.org", **BOTH}, status=429)
    assert len(letters(session)) == 20


def test_an_invitation_makes_an_administrator_who_agrees_and_sets_up_a_second_factor_first(
    app: Flask, session: Session, browser: Member
) -> None:
    path = accounts.invite("ada@example.org", Role.ADMINISTRATOR, by=None, at=clock.now())
    session.flush()
    assert link_in(letters(session)[0]) == path
    browser.post(path)
    assert session.scalars(select(Account)).one().role is Role.ADMINISTRATOR
    assert browser.get("/member/account", status=303).response.headers["Location"].startswith("/member/second-factors?")
    Member(app).get(path, status=404)


def test_an_invitation_of_somebody_who_has_an_account_gives_the_role_and_ends_their_sessions(
    app: Flask, session: Session
) -> None:
    account = AccountFactory(email="wren@example.org")
    before = sign_in_as(app, account)
    path = accounts.invite("wren@example.org", Role.VERIFIER, by=None, at=clock.now())
    session.flush()
    before.get("/member/account")
    Member(app).post(path)
    before.get("/member/account", status=303)
    session.refresh(account)
    assert account.role is Role.VERIFIER
    assert letters(session, kind="role-changed")


def test_an_invitation_from_before_a_change_of_role_changes_nothing_any_more(app: Flask, session: Session) -> None:
    account = AccountFactory(email="wren@example.org", role=Role.ADMINISTRATOR)
    lower = accounts.invite("wren@example.org", Role.VERIFIER, by=None, at=clock.now())
    session.flush()
    Member(app).post(lower)
    session.refresh(account)
    assert account.role is Role.ADMINISTRATOR
    higher = accounts.invite("wren@example.org", Role.ADMINISTRATOR, by=None, at=clock.now())
    accounts.set_role(account, Role.MEMBER, by=None, at=clock.now())
    session.flush()
    Member(app).get(higher, status=404)


def test_a_new_version_of_the_terms_is_asked_before_anything_else(app: Flask, session: Session) -> None:
    somebody = sign_in_as(app, AccountFactory(agreed=False))
    asked = somebody.follow(somebody.get("/member/account/events", status=303))
    assert asked.text(".//h1") == "Before you go on"
    for path in ("/member/account/export", "/member/account/leaving"):
        somebody.get(path)
    somebody.send(asked, "/member/agreements", {}, status=422)
    sent = somebody.send(asked, "/member/agreements", {"agrees": True})
    assert sent.response.headers["Location"] == "/member/account/events"
    assert "Terms and listing rules agreed to" in somebody.get("/member/account/events").text()


def test_what_was_typed_before_the_terms_changed_is_kept_until_they_are_agreed_to(app: Flask, session: Session) -> None:
    account = AccountFactory()
    somebody = sign_in_as(app, account)
    page = somebody.get("/member/account/address")
    session.execute(delete(Agreement).where(Agreement.account_id == account.id))
    kept = somebody.send(page, "/member/account/address", {"email": "new@example.org"}, status=403)
    assert kept.text(".//h1") == "Read what is new first: what you typed is kept"
    assert letters(session) == []
    somebody.post("/member/agreements", {"agrees": True})
    somebody.send(kept, "/member/account/address")
    assert letters(session)[0].to == "new@example.org"
