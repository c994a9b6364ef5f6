"""The desk as administrators meet it: with the keyboard, without a script, and with axe looking on."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from directory.app import create_app
from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, ListingState, Report, ReportKind, ReportState, Role
from tests import factories
from tests.browser.conftest import serving, watching
from tests.browser.looks import look, open_by_key
from tests.conftest import make_settings
from tests.factories.listings import change, make_kept, open_version
from tests.factories.questions import make_question
from tests.members import begin, cookie


@dataclass
class Desk:
    """A running site with a queue: who looks after it, and the numbers of what is there by name."""

    site: Flask
    address: str
    cookies: dict[str, str]
    numbers: dict[str, int]


@pytest.fixture
def desk(seeded_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(seeded_sqlite, tmp_path / "directory.sqlite3")
    site = create_app(make_settings(tmp_path, ""))
    cookies: dict[str, str] = {}
    numbers: dict[str, int] = {}
    with site.app_context(), transaction():
        factories.bind(db.session)
        boss = factories.AccountFactory(role=Role.ADMINISTRATOR, email="boss@example.org")
        people = {"administrator": boss, "verifier": factories.AccountFactory(role=Role.VERIFIER)}
        for name, account in people.items():
            cookies[name] = cookie(site, begin(account))
        numbers = _queue(boss)
        numbers["boss"] = boss.id
        make_question(reported_at=clock.now())
    with serving(site) as address:
        yield Desk(site, address, cookies, numbers)


def _queue(boss: Account) -> dict[str, int]:
    """One case of each kind, oldest first: new with hints and look-alikes, changed, reported."""
    at = clock.now() - dt.timedelta(days=9)
    account = factories.AccountFactory()
    new = make_kept(account, ListingState.SUBMITTED, at=at, name="Ines Quarrish", text="I cure a sore back.")
    other = {"practitioner_id": new.practitioner_id, "public_id": "x", "name": "Ines Quarrish", "town": "Totnes"}
    flag = {"kind": "same-skeleton", "field": "name", "value": "In\u0435s Quarrish", "code_points": ["U+0435"]}
    hidden = {"kind": "invisible", "field": "business", "value": "The\u200bRoom", "code_points": ["U+200B"]}
    open_version(new).flags = [{**flag, "other": other}, {**hidden, "other": None}]
    changed = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=boss, at=at, name="Bram Ottershaw")
    change(changed, "words", at=at + dt.timedelta(days=1), text="I work slowly, on a table.\n\nAnd I travel.")
    reported = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=boss, at=at, name="Idris Coldwater")
    report = Report(
        practitioner_id=reported.practitioner_id,
        kind=ReportKind.MISCONDUCT,
        text="Something happened.",
        reply_to="somebody@example.org",
        state=ReportState.WITH_ADMINISTRATORS,
        made_at=at + dt.timedelta(days=2),
    )
    db.session.add(report)
    db.session.flush()
    numbers = {"new": new.practitioner_id, "changed": changed.practitioner_id, "reported": reported.practitioner_id}
    return {**numbers, "account": account.id, "report": report.id}


@pytest.fixture
def window(desk: Desk, chromium: Browser) -> Iterator[Page]:
    """The desk, open for an administrator."""
    with watching(chromium, desk.address) as found:
        found.context.add_cookies([{"name": "session", "value": desk.cookies["administrator"], "url": desk.address}])
        yield found


def test_a_queue_is_worked_off_with_the_keyboard_alone(desk: Desk, window: Page) -> None:
    window.goto("/admin")
    window.get_by_role("link", name="Begin with the oldest").focus()
    open_by_key(window, "Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Ines Quarrish")
    # Nothing is chosen until somebody chooses.
    expect(window.locator("input[type=radio]:checked")).to_have_count(0)
    window.keyboard.press("c")
    expect(window.get_by_label("Ask the practitioner for changes")).to_be_checked()
    reason = window.get_by_label("Why, in a few words")
    expect(reason).to_be_focused()
    # While typing, keys are letters.
    window.keyboard.type("a cure jars")
    expect(reason).to_have_value("a cure jars")
    expect(window.get_by_label("Ask the practitioner for changes")).to_be_checked()
    open_by_key(window, "Control+Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Bram Ottershaw")
    expect(window.get_by_role("status")).to_contain_text("Ines Quarrish was asked for changes.")
    open_by_key(window, "j")
    expect(window.get_by_role("heading", level=1)).to_have_text("Idris Coldwater")
    open_by_key(window, "k")
    expect(window.get_by_role("heading", level=1)).to_have_text("Bram Ottershaw")
    window.keyboard.press("a")
    expect(window.get_by_label("Publish it as it is")).to_be_focused()
    open_by_key(window, "Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Idris Coldwater")
    expect(window.get_by_role("status")).to_contain_text("Bram Ottershaw is published.")


def test_single_keys_can_be_turned_off_and_stay_off(desk: Desk, window: Page) -> None:
    window.goto(f"/admin/listings/{desk.numbers['new']}")
    window.get_by_role("button", name="Turn single keys off").click()
    window.reload()
    window.keyboard.press("a")
    expect(window.locator("input[type=radio]:checked")).to_have_count(0)
    expect(window.get_by_text("leave the text")).to_be_hidden()
    window.get_by_role("button", name="Turn single keys on").click()
    expect(window.get_by_text("leave the text")).to_be_visible()
    window.keyboard.press("a")
    expect(window.get_by_label("Publish it as it is")).to_be_checked()


def test_a_text_to_start_from_is_added_to_what_is_typed(desk: Desk, window: Page) -> None:
    window.goto(f"/admin/listings/{desk.numbers['new']}")
    reason = window.get_by_label("Why, in a few words")
    reason.fill("Dear Ines,")
    window.get_by_role("link", name="The photograph").click()
    expect(reason).to_have_value(
        "Dear Ines,\n\nPlease send a photograph of yourself alone, or take it out. A listing needs none."
    )
    expect(reason).to_be_focused()


def test_everything_works_without_a_script(desk: Desk, chromium: Browser) -> None:
    with watching(chromium, desk.address, java_script_enabled=False) as window:
        window.context.add_cookies([{"name": "session", "value": desk.cookies["administrator"], "url": desk.address}])
        window.goto(f"/admin/listings/{desk.numbers['new']}")
        window.get_by_role("link", name="The photograph").click()
        expect(window.get_by_label("Why, in a few words")).to_have_value(
            "Please send a photograph of yourself alone, or take it out. A listing needs none."
        )
        window.get_by_label("Refuse it").check()
        window.get_by_role("button", name="Decide, and go on").click()
        expect(window.get_by_role("heading", level=1)).to_have_text("Bram Ottershaw")


def test_axe_finds_nothing_on_any_page_of_the_desk(desk: Desk, window: Page) -> None:
    numbers = desk.numbers
    addresses = [
        "/admin",
        "/admin?why=look-alike",
        *(f"/admin/listings/{numbers[name]}" for name in ("new", "changed", "reported")),
        "/admin/listings",
        "/admin/listings?q=xqzw",
        "/admin/accounts",
        f"/admin/accounts/{numbers['account']}",
        f"/admin/accounts/{numbers['boss']}",
        "/admin/accounts/invitations",
        "/admin/reports",
        "/admin/reports?state=settled",
        f"/admin/reports/{numbers['report']}",
        "/admin/questions",
        "/admin/events",
        "/admin/events?kind=listing-refused",
    ]
    for address in addresses:
        window.goto(address)
        look(window, address)


def test_axe_finds_nothing_when_something_is_wrong(desk: Desk, window: Page) -> None:
    case = f"/admin/listings/{desk.numbers['new']}"
    window.goto(case)
    window.get_by_label("Refuse it").check()
    window.get_by_role("button", name="Decide, and go on").click()
    expect(window.get_by_role("alert")).to_contain_text("Say why: the practitioner reads this")
    look(window, "a decision without a reason")
    window.goto("/admin/accounts/invitations")
    window.get_by_role("button", name="Send the invitation").click()
    expect(window.get_by_role("alert")).to_contain_text("There are 2 things to put right")
    look(window, "an invitation to nobody")
    window.goto(f"/admin/reports/{desk.numbers['report']}")
    window.get_by_role("button", name="Decide, and go on").click()
    expect(window.get_by_role("alert")).to_contain_text("There are 2 things to put right")
    look(window, "a report without a decision")
    window.goto(case)
    other = window.context.new_page()
    other.goto(case)
    other.get_by_label("Publish it as it is").check()
    other.get_by_role("button", name="Decide, and go on").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Bram Ottershaw")
    window.get_by_label("Publish it as it is").check()
    window.get_by_role("button", name="Decide, and go on").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Somebody was first")
    look(window, "a decision that came too late")
