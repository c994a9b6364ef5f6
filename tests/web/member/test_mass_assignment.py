"""A practitioner's form says only what it asks: no column of any table can be set by adding it to a form."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Agreement,
    Base,
    Check,
    Claim,
    Kept,
    ListingState,
    ListingVersion,
    Practitioner,
    Role,
    Training,
)
from directory.services import listings
from tests.architecture.test_permissions import People, put_back, rules, undone
from tests.conftest import sqlite_only
from tests.factories import CheckFactory, make_practitioner
from tests.factories.accounts import AccountFactory
from tests.factories.listings import make_kept
from tests.members import Member, filled, form_of

# What each column is tried with, by its name; any other gets the words below.
TRIED = {
    "state": "published",
    "origin": "demo",
    "role": "administrator",
    "status": "checked",
    "outcome": "confirmed",
    "account_id": "1",
    "is_approved": "1",
    "was_hidden": "1",
    "confirmed_on": "2031-01-01",
    "listed_on": "2001-01-01",
    "seen_on": "2026-11-01",
    "taken_on": "2026-11-01",
    "withdrawn_on": "",
    "revision": None,
}
STEPS = tuple(listings.STEPS)


def columns() -> Iterator[tuple[str, str]]:
    """Every column of every table, and under which names somebody might try it."""
    for mapper in Base.registry.mappers:
        for attribute in inspect(mapper.class_).column_attrs:
            value = TRIED.get(attribute.key, "2031-01-01" if attribute.key.endswith(("_on", "_at")) else "1")
            if value is not None:
                yield attribute.key, value
                yield f"{mapper.class_.__tablename__}.{attribute.key}", value
                yield f"practitioner-{attribute.key}", value
                yield f"claims-0-{attribute.key}", value
                yield f"methods-0-{attribute.key}", value


def picture(session: Session) -> dict[str, Any]:
    """Everything that says who somebody is, what they may do, what was checked, and whose a listing is."""
    session.expire_all()
    return {
        "accounts": _rows(session, Account, "id", "email", "role", "active", "confirmed_at", "password"),
        "agreements": _rows(session, Agreement, "account_id", "document", "version"),
        "kept": _rows(
            session, Kept, "practitioner_id", "account_id", "is_approved", "was_hidden", "hidden_for_silence"
        ),
        "checks": _rows(session, Check, "id", "outcome", "practitioner_id", "number_key", "checked_on"),
        "claims": _rows(session, Claim, "id", "stated_on", "taken_on", "withdrawn_on", "practitioner_id"),
        "trainings": _rows(session, Training, "practitioner_id", "modality_id", "seen_on"),
        "practitioners": _rows(
            session, Practitioner, "id", "public_id", "origin", "listed_on", "confirmed_on", "shuffle"
        ),
        "versions": _rows(session, ListingVersion, "practitioner_id", "decided_by"),
    }


def _rows(session: Session, model: Any, *names: str) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in session.execute(select(*(getattr(model, name) for name in names)))}


def test_every_post_route_of_a_listing_is_tried(app: Flask) -> None:
    with app.app_context():
        rules = {
            rule.rule
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/member/listing") and "POST" in (rule.methods or ())
        }
    assert rules == {*BUTTONS, "/member/listing/<string(maxlength=20):step>", "/member/listing/check"}


BUTTONS = (
    "/member/listing/hiding",
    "/member/listing/showing",
    "/member/listing/confirmation",
    "/member/listing/withdrawal",
)


@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.PUBLISHED, ListingState.SUSPENDED])
def test_no_column_is_set_by_adding_it_to_a_form(member: Member, session: Session, state: ListingState) -> None:
    account = member.account
    assert account is not None
    kept = make_kept(account, state, by=AccountFactory(role=Role.ADMINISTRATOR))
    other = make_practitioner(name="Ada Larkhope")
    CheckFactory(practitioner_id=other.id)
    before = picture(session)
    tried = dict(columns())
    assert {"role", "state", "account_id", "practitioner.state", "account.role", "claim.taken_on"} <= set(tried)
    for step in STEPS:
        page = member.get(f"/member/listing/{step}")
        values = filled(form_of(page, f"/member/listing/{step}"), {})
        own = set(values) | {name for name in tried if _asks(page.html, name)}
        added = {name: value for name, value in tried.items() if name not in own}
        member.send_raw(f"/member/listing/{step}", {**added, **values})
        assert picture(session) == before, step
        assert session.get_one(Practitioner, kept.practitioner_id).state is state, step


def _asks(html: str, name: str) -> bool:
    return f'name="{name}"' in html


def test_buttons_do_one_thing_whatever_is_sent_with_them(member: Member, session: Session) -> None:
    account = member.account
    assert account is not None
    kept = make_kept(account, ListingState.PUBLISHED, by=AccountFactory(role=Role.ADMINISTRATOR))
    victim = make_kept(AccountFactory(), ListingState.PUBLISHED, by=AccountFactory(role=Role.ADMINISTRATOR))
    tried = dict(columns()) | {"practitioner_id": str(victim.practitioner_id), "account_id": str(victim.account_id)}
    for button, expected in (
        ("/member/listing/hiding", ListingState.HIDDEN),
        ("/member/listing/showing", ListingState.PUBLISHED),
        ("/member/listing/confirmation", ListingState.PUBLISHED),
        ("/member/listing/withdrawal", ListingState.WITHDRAWN),
    ):
        page = member.get("/member/listing/withdrawal" if "withdrawal" in button else "/member/listing")
        values = filled(form_of(page, button), {})
        member.send_raw(button, {**tried, **values})
        session.expire_all()
        assert session.get_one(Practitioner, kept.practitioner_id).state is expected
        assert session.get_one(Practitioner, victim.practitioner_id).state is ListingState.PUBLISHED
        assert session.get_one(Account, account.id).role is Role.MEMBER
    assert session.get_one(Practitioner, kept.practitioner_id).confirmed_on != dt.date(2031, 1, 1)


def test_sending_publishes_nothing_whatever_is_sent_with_it(member: Member, session: Session) -> None:
    assert member.account is not None
    kept = make_kept(member.account)
    page = member.get("/member/listing/check")
    values = filled(form_of(page, "/member/listing/check"), {"consent": True})
    member.send_raw("/member/listing/check", {**dict(columns()), **values})
    session.expire_all()
    assert session.get_one(Practitioner, kept.practitioner_id).state is ListingState.SUBMITTED
    assert not session.get_one(Kept, kept.practitioner_id).is_approved


# What these do is no more than they say, to whoever presses.
DOES = {
    "member_leaving.leave": {
        *("accounts", "agreements", "kept", "claims", "checks", "trainings", "practitioners", "versions"),
    },
    "member_leaving.erase_listing": {"kept", "claims", "checks", "trainings", "practitioners", "versions"},
    "member_accounts.remove_password": {"accounts"},
    "member_agreements.agree": {"agreements"},
    "member_claims.withdraw": {"claims"},
    "member_listings.confirm": {"practitioners"},
    "member_listings.hide": {"kept"},
    "member_listings.withdraw": {"kept", "claims", "versions"},
}


# What a form takes does not depend on the database, and every form is tried.
@sqlite_only
def test_no_form_of_the_site_takes_a_column_from_a_practitioner(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # noqa: FBT003  a value, not a flag
    people, tried = People(app, session), dict(columns())
    member = people.roles["member"]
    with app.test_request_context():
        asked = [
            (rule.endpoint, whose, url_for(rule.endpoint, **people.values(rule, whose)))
            for method, rule in rules(app)
            if method == "POST"
            for whose in ("own", "other")
        ]
    assert len(asked) > 80
    for endpoint, whose, path in asked:
        cookie = member._client.get_cookie("session")
        before = picture(session)
        with undone(session):
            member._raw_post(path, data=tried)
            after = picture(session)
            session.commit()
            changed = {name for name in before if before[name] != after[name]}
            assert changed <= DOES.get(endpoint, set()), f"{path} ({whose})"
            new = after["accounts"] - before["accounts"]
            assert not [row for row in new if row[2] is not Role.MEMBER], path
            assert "date(2031, 1, 1)" not in str(after), path
        put_back(member, cookie)
