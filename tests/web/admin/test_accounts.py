"""Accounts on the desk: finding them, their roles and sessions, and invitations."""

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib import clock
from directory.models import Account, Event, Letter, ListingState, Role
from tests import factories
from tests.factories.listings import make_kept
from tests.members import Member, sign_in_as

pytestmark = pytest.mark.usefixtures("session")


def address(account: Account | None, part: str = "") -> str:
    assert account is not None
    return f"/admin/accounts/{account.id}{part}"


def found(administrator: Member, **query: str) -> list[str]:
    page = administrator.get("/admin/accounts", query=query)
    return ["".join(link.itertext()) for link in page.all(".//main//tbody/tr/th/a")]


def test_accounts_are_found_by_a_part_of_their_address_by_number_and_by_role(administrator: Member) -> None:
    wanted = factories.AccountFactory(email="perpetua@example.org")
    verifier = factories.AccountFactory(email="looks@example.org", role=Role.VERIFIER)
    assert found(administrator, q="PERPET") == ["perpetua@example.org"]
    assert "perpetua@example.org" in found(administrator, q=str(wanted.id))
    assert found(administrator, role="verifier") == [verifier.email]
    assert found(administrator, q="per%tua") == []
    assert found(administrator, q="_", role="nobody", before="x") == []


def test_long_lists_of_accounts_go_on_on_the_next_page(administrator: Member) -> None:
    for _ in range(51):
        factories.AccountFactory(agreed=False)
    page = administrator.get("/admin/accounts", query={"role": "member"})
    assert len(page.all(".//main//tbody/tr")) == 50
    page = administrator.get(page.links()["Older ones"])
    assert len(page.all(".//main//tbody/tr")) == 1


def test_the_page_of_an_account_says_what_it_is_and_shows_no_secret(app: Flask, administrator: Member) -> None:
    account = factories.AccountFactory(password="$argon2id$v=19$secret", tf_primary_method="authenticator")
    account.tf_totp_secret = "TOPSECRET"
    kept = make_kept(account, ListingState.SUBMITTED, name="Ines Quarrish")
    sign_in_as(app, account, second_factor=True)
    page = administrator.get(address(account))
    main = page.text()
    assert "Member" in main
    assert "1 open session" in main
    assert "Firefox on Linux, 127.0.0.0/24" in main
    assert "Listing sent" in main
    assert page.links()["Ines Quarrish"] == f"/admin/listings/{kept.practitioner_id}"
    for secret in ("argon2", "TOPSECRET", account.fs_uniquifier):
        assert secret not in page.html


def test_another_role_ends_all_sessions_and_is_written_down_and_told(
    app: Flask, administrator: Member, session: Session
) -> None:
    account = factories.AccountFactory()
    signed_in = sign_in_as(app, account)
    administrator.post(address(account, "/role"), {"role": "verifier"}, on=address(account))
    session.refresh(account)
    assert account.role is Role.VERIFIER
    assert "0 open sessions" in administrator.get(address(account)).text()
    signed_in.get("/admin", status=303)
    event = session.scalars(select(Event).where(Event.kind == "role-changed")).one()
    assert administrator.account is not None
    assert (event.actor_id, event.details) == (administrator.account.id, {"before": "member", "after": "verifier"})
    assert session.scalars(select(Letter).where(Letter.kind == "role-changed")).one().to == account.email


def test_roles_are_changed_only_by_who_proved_a_moment_ago_who_they_are(app: Flask, session: Session) -> None:
    account = factories.AccountFactory()
    boss = factories.AccountFactory(role=Role.ADMINISTRATOR)
    with time_machine.travel(clock.now() - dt.timedelta(minutes=11), tick=False):
        administrator = sign_in_as(app, boss)
    page = administrator.get(address(account))
    for part, fields in (("/role", {"role": "administrator"}), ("/deactivation", {})):
        form = administrator.send(page, address(account, part), fields, status=401)
        assert form.text(".//h1")
    session.refresh(account)
    assert account.role is Role.MEMBER
    assert account.active


def test_nobody_changes_their_own_role_or_switches_themselves_off(app: Flask, administrator: Member) -> None:
    other = factories.AccountFactory(role=Role.ADMINISTRATOR)
    own = administrator.account
    page = administrator.get(address(own))
    assert "This is your own account" in page.text()
    values = {"csrf_token": page.token, "role": "member"}
    for part in ("/role", "/deactivation", "/activation"):
        answer = administrator.send_raw(address(own, part), values, status=409)
        assert "another administrator does that" in answer.text()
    assert other.active
    assert own is not None
    db.session.refresh(own)
    assert own.role is Role.ADMINISTRATOR
    assert own.active


def test_a_switched_off_account_is_signed_out_and_can_be_switched_on(
    app: Flask, administrator: Member, session: Session
) -> None:
    account = factories.AccountFactory()
    signed_in = sign_in_as(app, account)
    administrator.post(address(account, "/deactivation"), on=address(account))
    session.refresh(account)
    assert not account.active
    signed_in.get("/admin", status=303)
    page = administrator.get(address(account))
    assert "Switched off" in page.text()
    administrator.send(page, address(account, "/activation"))
    session.refresh(account)
    assert account.active
    kinds = session.scalars(select(Event.kind).where(Event.account_id == account.id).order_by(Event.id)).all()
    assert list(kinds)[-2:] == ["account-deactivated", "account-activated"]


def test_sessions_can_be_ended_but_the_one_in_use(app: Flask, administrator: Member) -> None:
    assert administrator.account is not None
    elsewhere = sign_in_as(app, administrator.account)
    administrator.post(address(administrator.account, "/session-endings"), on=address(administrator.account))
    elsewhere.get("/admin", status=303)
    assert "1 open session" in administrator.get(address(administrator.account)).text()


def test_somebody_is_invited_by_mail(administrator: Member, session: Session) -> None:
    page = administrator.post("/admin/accounts/invitations", {"email": " Looks@Example.org ", "role": "verifier"})
    assert "An invitation is on its way to looks@example.org." in administrator.follow(page).text(".//body")
    letter = session.scalars(select(Letter).where(Letter.kind == "invitation")).one()
    assert letter.to == "looks@example.org"
    assert letter.values["role"] == "verifier"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"email": "", "role": "member"}, "Give the address to write to"),
        ({"email": "no address", "role": "member"}, "No letter can go to this address. Look at it again"),
        ({"email": "a@example.org"}, "Choose what they will be"),
    ],
)
def test_an_invitation_that_cannot_go_is_not_sent(
    administrator: Member, session: Session, typed: dict[str, str], problem: str
) -> None:
    page = administrator.post("/admin/accounts/invitations", typed, status=422)
    assert problem in page.links()
    assert page.all(".//input[@name='email']")[0].get("value") == typed["email"]
    assert not session.scalars(select(Letter)).all()


def test_an_invitation_takes_no_role_from_anybody(administrator: Member, session: Session) -> None:
    boss = factories.AccountFactory(role=Role.ADMINISTRATOR)
    page = administrator.post("/admin/accounts/invitations", {"email": boss.email, "role": "member"}, status=422)
    assert "may do more already" in page.text()
    assert not session.scalars(select(Letter)).all()


@pytest.mark.parametrize("part", ["", "/invitations"])
def test_accounts_are_for_administrators(visitor: Member, member: Member, verifier: Member, part: str) -> None:
    member.get("/admin/accounts" + part, status=403)
    verifier.get("/admin/accounts" + part, status=403)
    answer = visitor.raw("/admin/accounts" + part, headers={"Accept": "text/html"})
    assert answer.headers["Location"].startswith("/member/sign-in?next=")


def test_an_account_that_is_not_there_is_not_found(administrator: Member) -> None:
    administrator.get("/admin/accounts/999999", status=404)
