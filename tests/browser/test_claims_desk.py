"""The desk of the verifiers as they meet it: with the keyboard, without a script, and with axe looking on."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from directory.app import create_app
from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, Claim, ListingState, Method, Role, Tie
from directory.services import claims
from directory.services.claims import Finding
from tests import factories
from tests.browser.conftest import serving, watching
from tests.browser.looks import look, open_by_key
from tests.conftest import make_settings
from tests.factories.listings import make_kept
from tests.factories.lists import row, take_in
from tests.members import begin, cookie

NAMES = ("Ines Quarrish", "Bram Ottershaw", "Idris Coldwater")


@dataclass
class Desk:
    """A running site with a queue: the cookies of two verifiers, and the numbers of the claims by name."""

    site: Flask
    address: str
    cookies: dict[str, str]
    numbers: dict[str, int]


@pytest.fixture
def desk(seeded_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(seeded_sqlite, tmp_path / "directory.sqlite3")
    site = create_app(make_settings(tmp_path, ""))
    with site.app_context(), transaction():
        factories.bind(db.session)
        cookies, numbers = furnish(site)
    with serving(site) as address:
        yield Desk(site, address, cookies, numbers)


def furnish(site: Flask) -> tuple[dict[str, str], dict[str, int]]:
    """Two verifiers, three claims of which the oldest is on the register, and a list that is held."""
    boss = factories.AccountFactory(role=Role.ADMINISTRATOR, email="boss@example.org")
    people = {name: factories.AccountFactory(role=Role.VERIFIER, email=f"{name}@example.org") for name in ("ann", "bo")}
    cookies = {name: cookie(site, begin(account)) for name, account in people.items()}
    numbers = {}
    for days, name in enumerate(NAMES):
        number = str(5127 + days)
        at = clock.now() - dt.timedelta(days=9 - days)
        kept = make_kept(
            factories.AccountFactory(email=f"{name.split()[0].lower()}@example.org"),
            ListingState.PUBLISHED,
            by=boss,
            at=at,
            private={"claim_numbers": [number]},
            name=name,
        )
        query = select(Claim.id).where(Claim.practitioner_id == kept.practitioner_id)
        numbers[name] = db.session.scalars(query).one()
    take_in(
        [
            row("5127", "Ines Quarrish", grade="MRSS(T)", email="ines@example.org", valid="31/03/2027"),
            row("5182", "B. Ottershaw", town="Hove", postcode="BN3 1AA"),
            row("5199", "Bram Ottershaw", town="Totnes", postcode="TQ9 5AA"),
        ]
    )
    return cookies, numbers


@contextmanager
def opened(desk: Desk, chromium: Browser, who: str, **options: Any) -> Iterator[Page]:
    """The desk, open for one of the two."""
    with watching(chromium, desk.address, **options) as window:
        window.context.add_cookies([{"name": "session", "value": desk.cookies[who], "url": desk.address}])
        yield window


def heading(window: Page, name: str) -> None:
    expect(window.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_claim_is_decided_and_taken_back_with_the_keyboard_alone(desk: Desk, chromium: Browser) -> None:
    with opened(desk, chromium, "ann") as window:
        window.goto("/admin/claims")
        open_by_key(window, "j")
        heading(window, "Ines Quarrish")
        expect(window.locator("input[type=radio]:checked")).to_have_count(0)
        # The row that is a match is filled in, with what ties the two; nothing is decided.
        window.keyboard.press("c")
        expect(window.get_by_label("On the register, and it is this person")).to_be_focused()
        expect(window.get_by_label("Grade or letters")).to_have_value("MRSS(T)")
        expect(window.get_by_label("The day on which it ended")).to_be_hidden()
        expect(window.locator(".preview")).to_contain_text("as MRSS(T), shown there as valid to")
        open_by_key(window, "Enter")
        heading(window, "Bram Ottershaw")
        expect(window.get_by_role("status")).to_contain_text("Ines Quarrish, Shiatsu Society (UK): confirmed.")
        open_by_key(window, "u")
        heading(window, "Ines Quarrish")
        expect(window.get_by_role("status")).to_contain_text("Undone")
        expect(window.locator("section", has_text="Looked at before").first).to_contain_text("taken back")


def test_a_key_leads_to_what_a_decision_still_needs(desk: Desk, chromium: Browser) -> None:
    with opened(desk, chromium, "ann") as window:
        window.goto(f"/admin/claims/{desk.numbers['Bram Ottershaw']}")
        window.keyboard.press("q")
        question = window.get_by_label("What you ask the practitioner")
        expect(question).to_be_focused()
        window.keyboard.type("Which number?")
        open_by_key(window, "Control+Enter")
        heading(window, "Idris Coldwater")
        expect(window.get_by_role("status")).to_contain_text("the practitioner was asked")


def test_two_people_show_a_notice(desk: Desk, chromium: Browser) -> None:
    with opened(desk, chromium, "ann") as window:
        window.goto(f"/admin/claims/{desk.numbers['Bram Ottershaw']}")
        window.keyboard.press("r")
        expect(window.get_by_label("Address of the body’s notice")).to_be_focused()
        window.keyboard.type("https://example.org/notice")
        open_by_key(window, "Enter")
        expect(window.get_by_role("status")).to_contain_text("a second person is asked")
        window.goto("/admin/proposals")
        expect(window.locator("main")).to_contain_text("You proposed this, so somebody else must agree.")
        look(window, "a proposal of one's own")
    with opened(desk, chromium, "bo") as window:
        window.goto("/admin/claims")
        window.get_by_role("link", name="Second person 1").click()
        look(window, "a proposal")
        window.get_by_role("button", name="Agree: show the notice").press("Enter")
        expect(window.get_by_role("status")).to_contain_text("the notice is shown")


def test_the_desk_of_claims_works_without_a_script(desk: Desk, chromium: Browser) -> None:
    with opened(desk, chromium, "ann", java_script_enabled=False) as window:
        window.goto(f"/admin/claims/{desk.numbers['Bram Ottershaw']}")
        window.get_by_role("link", name="Fill in what row A shows").click()
        window.get_by_label("On the register, and it is this person").check()
        window.get_by_role("button", name="Decide, and go on").click()
        expect(window.get_by_role("alert")).to_contain_text("without it nothing is confirmed")
        window.get_by_label("What ties this listing to that person").select_option("body-answer")
        window.get_by_role("button", name="Decide, and go on").click()
        heading(window, "Idris Coldwater")
        window.get_by_role("button", name="Undo Bram Ottershaw").click()
        heading(window, "Bram Ottershaw")


def test_axe_finds_nothing_at_the_desk_of_claims(desk: Desk, chromium: Browser) -> None:
    with desk.site.app_context(), transaction():
        ann = db.session.scalars(select(Account).where(Account.email == "ann@example.org")).one()
        seen = Finding(Method.PUBLIC_REGISTER, clock.now().date(), tie=Tie.BODY_ANSWER, grade="MRSS", note="By post.")
        claims.confirm(claims.get(desk.numbers["Idris Coldwater"]), seen, by=ann, at=clock.now())
    with opened(desk, chromium, "ann") as window:
        for address in (
            "/admin",
            "/admin/claims",
            "/admin/claims?part=asked&outcome=ended",
            "/admin/proposals",
            "/admin/second-looks",
            *(f"/admin/claims/{number}" for number in desk.numbers.values()),
        ):
            window.goto(address)
            look(window, address)
        window.goto(f"/admin/claims/{desk.numbers['Ines Quarrish']}")
        for decision in ("confirm", "ended"):
            window.locator(f"input[value={decision}]").check()
            look(window, f"decision {decision}")
        other = window.context.new_page()
        other.goto(window.url)
        other.get_by_label("Looked, not found").check()
        other.get_by_role("button", name="Decide, and go on").click()
        heading(other, "Bram Ottershaw")
        window.locator("input[value=confirm]").check()
        window.get_by_role("button", name="Decide, and go on").click()
        expect(window.get_by_role("heading", level=1)).to_have_text("Somebody was first")
        look(window, "a decision that came too late")
