"""Somebody's own account: address, password, second factors, sessions, and what happened to it."""

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Account, Role, SignIn
from directory.services import accounts, passwords, second_factors
from directory.services.sign_ins import ABSOLUTE, IDLE
from tests.conftest import sqlite_only
from tests.factories import AccountFactory
from tests.mail import letters, link_in
from tests.members import Member, sign_in_as

PASSWORD = "meadow lantern quiet river"
NOON = dt.datetime(2026, 11, 21, 12, 0, 5, tzinfo=dt.UTC)
SENSITIVE = (
    "/member/account/address",
    "/member/account/password",
    "/member/second-factors",
    "/member/second-factors/app",
    "/member/second-factors/recovery-codes",
)


def ask(app: Flask, account: Account) -> tuple[Member, Member]:
    """The same account on two devices."""
    return sign_in_as(app, account), sign_in_as(app, account)


def test_a_new_password_ends_all_other_sessions_and_open_links(app: Flask, session: Session) -> None:
    here, elsewhere = ask(app, AccountFactory(email="wren@example.org"))
    other = Member(app)
    other.send(other.get("/member/sign-in"), "/member/sign-in-link", {"email": "wren@example.org"})
    link = link_in(letters(session)[0])
    here.post("/member/account/password", {"password": PASSWORD})
    here.get("/member/account")
    elsewhere.get("/member/account", status=303)
    other.get(link, status=404)
    assert letters(session)[0].kind == "password-changed"
    other.post("/member/sign-in", {"email": "wren@example.org", "password": PASSWORD})
    here.post("/member/account/password-removal", on="/member/account/password")
    other.get("/member/account", status=303)


@sqlite_only
@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "at least 12"),
        ("password1234", "tried first"),
        ("qwertyuiop[]", "tried first"),
        ("aaaaaaaaaaaaaaaaaaaa", "tried first"),
        ("wren@example.org1", "little more than"),
        ("tsubotsubo12", "little more than"),
        ("x7" * 101, "at most 200"),
    ],
)
def test_a_password_that_is_tried_first_is_refused_with_a_reason(
    app: Flask, session: Session, password: str, word: str
) -> None:
    somebody = sign_in_as(app, AccountFactory(email="wren@example.org"))
    page = somebody.post("/member/account/password", {"password": password}, status=422)
    assert word in page.text()
    assert password not in page.html


@sqlite_only
@pytest.mark.parametrize(
    "password", ["meadow lantern quiet", "wĕird føx jumps ünder", "kP9!vw2#Lq8z", "four brown shoes and a river " * 6]
)
def test_long_phrases_of_any_kind_are_taken_and_need_no_digits(session: Session, member: Member, password: str) -> None:
    member.post("/member/account/password", {"password": password})
    assert member.account is not None
    session.refresh(member.account)
    assert member.account.password is not None
    assert member.account.password.startswith("$argon2id$")
    assert passwords.is_right(password, member.account.password)


def test_an_address_changes_when_the_new_one_confirms_and_the_old_one_is_told(app: Flask, session: Session) -> None:
    here, elsewhere = ask(app, AccountFactory(email="wren@example.org"))
    here.post("/member/account/address", {"email": "New@example.org"})
    assert here.account is not None
    assert here.account.email == "wren@example.org"
    letter = letters(session)[0]
    assert (letter.kind, letter.to) == ("new-address-link", "new@example.org")
    here.post(link_in(letter))
    session.refresh(here.account)
    assert here.account.email == "new@example.org"
    assert (letters(session)[0].kind, letters(session)[0].to) == ("address-changed", "wren@example.org")
    here.get("/member/account")
    elsewhere.get("/member/account", status=303)


def test_accounts_together_do_not_fill_a_mailbox_with_links_to_a_new_address(app: Flask, session: Session) -> None:
    with time_machine.travel(NOON, tick=False):
        first, second = (sign_in_as(app, AccountFactory()) for _ in range(2))
        for somebody in (first, first, first, second, second):
            somebody.post("/member/account/address", {"email": "wren@example.org"})
        second.post("/member/account/address", {"email": "wren@example.org"}, status=429)
        second.post("/member/account/address", {"email": "another@example.org"})
    assert len(letters(session)) == 6


def test_the_address_of_somebody_else_gets_the_same_answer_and_stays_theirs(app: Flask, session: Session) -> None:
    AccountFactory(email="owner@example.org")
    seen = []
    for email in ("owner@example.org", "nobody@example.org"):
        somebody = sign_in_as(app, AccountFactory(email="wren@example.org"))
        answer = somebody.follow(somebody.post("/member/account/address", {"email": email}))
        seen.append(answer.text().replace(email, ""))
        assert somebody.account is not None
        session.delete(somebody.account)
        session.flush()
    assert seen[0] == seen[1]
    assert [letter.kind for letter in letters(session)] == ["new-address-link", "address-taken"]


def test_sessions_are_listed_with_device_and_network_and_can_be_ended(app: Flask, session: Session) -> None:
    account = AccountFactory()
    here, elsewhere = ask(app, account)
    page = here.get("/member/account/sessions")
    assert len(page.all(".//tbody/tr")) == 2
    assert "Firefox on Linux" in page.text()
    assert "127.0.0.0/24" in page.text()
    other = session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    here.post(f"/member/account/sessions/{other}/end", on="/member/account/sessions")
    elsewhere.get("/member/account", status=303)
    third = sign_in_as(app, account)
    here.post("/member/account/other-sessions/end", on="/member/account/sessions")
    third.get("/member/account", status=303)
    here.get("/member/account")


def test_nobody_ends_the_session_of_somebody_else(app: Flask, session: Session, member: Member) -> None:
    other = sign_in_as(app, AccountFactory())
    number = session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    sign_in_as(app, member.account) if member.account else None
    page = member.get("/member/account/sessions")
    address = f"/member/account/sessions/{number}/end"
    foreign = member.send_raw(address, {"csrf_token": page.token}, status=404)
    absent = member.send_raw("/member/account/sessions/999999/end", {"csrf_token": page.token}, status=404)
    assert foreign.html == absent.html
    other.get("/member/account")


@sqlite_only
@pytest.mark.parametrize("role", Role)
def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_a_while(
    app: Flask, session: Session, role: Role
) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        idle = sign_in_as(app, AccountFactory(role=role))
        time.shift(IDLE[role] - dt.timedelta(seconds=1))
        idle.get("/member/account")
        time.shift(IDLE[role] - dt.timedelta(seconds=1))
        idle.get("/member/account")
        time.shift(IDLE[role] + dt.timedelta(seconds=1))
        idle.get("/member/account", status=303)
        busy = sign_in_as(app, AccountFactory(role=role))
        began = clock.now()
        while clock.now() - began < ABSOLUTE[role] - IDLE[role] / 2:
            busy.get("/member/account")
            time.shift(IDLE[role] / 2)
        time.move_to(began + ABSOLUTE[role] + dt.timedelta(seconds=1))
        busy.get("/member/account", status=303)


def test_that_a_session_is_in_use_is_written_at_most_every_five_minutes(app: Flask, session: Session) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        somebody = sign_in_as(app, AccountFactory())
        for seconds, noted in ((299, 0), (2, 301), (100, 301), (201, 602)):
            time.shift(seconds)
            somebody.get("/member/account")
            session.expire_all()
            seen = session.scalars(select(SignIn.seen_at)).one()
            assert (seen - NOON).total_seconds() == noted


@pytest.mark.parametrize("change", ["deactivate", "role"])
def test_what_an_operator_changes_ends_every_session(app: Flask, session: Session, change: str) -> None:
    account = AccountFactory()
    both = ask(app, account)
    if change == "role":
        accounts.set_role(account, Role.VERIFIER, by=None, at=clock.now())
    else:
        accounts.deactivate(account, by=None, at=clock.now())
    session.flush()
    for somebody in both:
        somebody.get("/member/account", status=303)


@sqlite_only
@pytest.mark.parametrize("address", SENSITIVE)
def test_what_is_sensitive_asks_again_after_ten_minutes(app: Flask, session: Session, address: str) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        somebody = sign_in_as(app, AccountFactory(password=passwords.hashed(PASSWORD)))
        somebody.get(address)
        time.shift(601)
        asked = somebody.follow(somebody.get(address, status=303))
        assert asked.text(".//h1") == "Is it still you?"
        somebody.send(asked, "/member/proof", {"password": "wrong"}, status=422)
        sent = somebody.send(asked, "/member/proof", {"password": PASSWORD})
        assert sent.response.headers["Location"] == address
        somebody.get(address)


@sqlite_only
def test_a_password_alone_proves_nothing_of_an_account_with_an_app(app: Flask, session: Session) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        secret = second_factors.new_app_secret()
        account = AccountFactory(
            password=passwords.hashed(PASSWORD), tf_primary_method=second_factors.APP, tf_totp_secret=secret
        )
        somebody = sign_in_as(app, account, second_factor=True)
        time.shift(700)
        page = somebody.follow(somebody.get("/member/account/password", status=303))
        assert page.tree.find(".//input[@name='password']") is None
        typed = {"password": PASSWORD, "csrf_token": page.token}
        somebody.send_raw("/member/proof", typed, status=422)
        code = app.extensions["security"].totp_factory.generate_totp_password(secret)
        somebody.send(page, "/member/proof/code", {"code": code})
        somebody.get("/member/account/password")


@sqlite_only
def test_an_app_is_set_up_with_a_code_shows_recovery_codes_once_and_ends_other_sessions(
    app: Flask, session: Session
) -> None:
    here, elsewhere = ask(app, AccountFactory())
    page = here.get("/member/second-factors/app")
    assert page.all(".//main//{http://www.w3.org/2000/svg}svg")
    here.send(page, "/member/second-factors/app", {"code": "123456x"}, status=422)
    totp = app.extensions["security"].totp_factory._totp(key=page.text(".//code").replace("-", ""), format="base32")
    shown = here.follow(here.send(page, "/member/second-factors/app", {"code": totp.generate().token}))
    first = {code.text for code in shown.all(".//main//li/code")}
    assert len(first) == 10
    elsewhere.get("/member/account", status=303)
    again = here.follow(here.post("/member/second-factors/recovery-codes", on="/member/second-factors"))
    assert not first & {code.text for code in again.all(".//main//li/code")}
    here.post("/member/second-factors/app-removal", on="/member/second-factors")
    assert here.account is not None
    session.refresh(here.account)
    assert not here.account.mf_recovery_codes
    assert not here.account.has_second_factor
    assert len(letters(session, kind="second-factor-changed")) == 3


@sqlite_only
def test_an_administrator_keeps_one_second_factor(app: Flask, session: Session, administrator: Member) -> None:
    assert administrator.account is not None
    administrator.account.tf_primary_method = second_factors.APP
    administrator.account.tf_totp_secret = second_factors.new_app_secret()
    session.flush()
    administrator.post("/member/second-factors/app-removal", on="/member/second-factors", status=409)


@sqlite_only
def test_pages_of_an_account_are_kept_by_nobody(member: Member) -> None:
    for path in ("/member/account", "/member/account/sessions", "/member/account/events", *SENSITIVE):
        assert member.get(path).response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("before", ["0", "-7", "x", "٣", "9" * 30])
def test_an_address_without_a_number_shows_the_newest_events(member: Member, before: str) -> None:
    assert "What happened to your account" in member.get(f"/member/account/events?before={before}").text()


@sqlite_only
def test_public_pages_do_not_know_who_is_signed_in(app: Flask, member: Member) -> None:
    asked = Member(app).get("/statuses")
    assert member.get("/statuses").html == asked.html
    assert "Set-Cookie" not in asked.response.headers
    assert asked.response.headers["ETag"]
