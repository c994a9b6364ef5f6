"""An enquiry in a browser: with a script that works for it, without one, by keyboard, and every page of it to axe."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from directory.app import create_app
from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, Enquiry
from tests import factories
from tests.browser.conftest import serving, watching
from tests.browser.looks import look
from tests.browser.test_member_pages import Site
from tests.conftest import make_settings
from tests.enquiries import EMAIL, SAID, WRITING, link, listed
from tests.factories import make_practitioner
from tests.factories.accounts import AccountFactory
from tests.members import begin


@pytest.fixture(scope="module")
def site(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("enquiries")
    shutil.copy(seeded_sqlite, folder / "directory.sqlite3")
    app = create_app(make_settings(folder, ""))
    with ExitStack() as end:
        with app.app_context(), transaction():
            factories.bind(db.session)
            wren: Account = AccountFactory(email="wren@example.org")
            people = {
                "wren": listed(wren, name="Wren Hallowby"),
                "osric": listed(AccountFactory(), name="Osric Tamsin"),
                "imported": make_practitioner(name="Ysolde Marchbanks"),
            }
            paths = {who: f"/practitioners/{one.public_id}/{one.slug}" for who, one in people.items()}
            paths["all"] = "/enquiries/new?" + "&".join(f"to={one.public_id}" for one in people.values())
            tokens = {"wren": begin(wren)}
        yield Site(app, end.enter_context(serving(app)), tokens, paths)


def newest_link(site: Site) -> str:
    with site.app.app_context():
        found = link(db.session)
        db.session.rollback()
    return found


def did_work(site: Site) -> bool:
    with site.app.app_context():
        found = db.session.scalars(select(Enquiry.did_work).order_by(Enquiry.id.desc())).first()
        db.session.rollback()
    return bool(found)


def fill_in(page: Page) -> None:
    page.get_by_label("Your name").fill("Morwenna")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    page.get_by_label("Your message").fill(SAID)


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_an_enquiry_with_a_browser_that_works_for_it(chromium: Browser, site: Site) -> None:
    with watching(chromium, site.address) as page:
        page.goto(site.links["imported"])
        assert page.get_by_text("nobody has confirmed an e-mail address").is_visible()
        page.goto(site.links["all"])
        assert page.get_by_text("Ysolde Marchbanks: Enquiries cannot reach them").is_visible()
        look(page)
        page.get_by_label("Your message").fill("My sciatica is bad.")
        page.get_by_role("button", name="Send me the link").click()
        page.wait_for_selector("[role=alert]")
        assert page.get_by_role("complementary", name="Signs that need a doctor first").is_visible()
        assert page.get_by_role("alert").get_by_role("link").count() == 3
        look(page)
        page.goto(site.links["wren"])
        page.get_by_role("link", name="Send an enquiry").click()
        fill_in(page)
        page.wait_for_selector("input[name=work]:not([value=''])", state="attached")
        # Nobody types as quickly as this test.
        with time_machine.travel(clock.now() + WRITING, tick=True):
            page.get_by_role("button", name="Send me the link").click()
            page.wait_for_url("**/enquiries/sent")
        assert heading(page) == "Look into your mailbox"
        assert did_work(site)
        path = newest_link(site)
        page.goto(path)
        look(page, "the link")
        page.get_by_role("button", name="Send it", exact=True).click()
        assert heading(page) == "What became of your enquiry"
        assert page.get_by_text("Wren Hallowby, Kemptown").count() == 0
        assert page.get_by_text("Wren Hallowby: Passed on").is_visible()
        look(page, "what became of it")
        page.goto("/enquiries/" + "x" * 43)
        look(page, "no such enquiry")


def test_an_enquiry_without_scripts_by_keyboard_is_held_and_taken_back(chromium: Browser, site: Site) -> None:
    with watching(chromium, site.address, java_script_enabled=False) as page:
        page.goto(site.links["osric"])
        page.get_by_role("link", name="Send an enquiry").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/enquiries/new?**")
        assert page.locator("noscript p").is_visible()
        for label, words in (("Your name", "Morwenna"), ("Your e-mail address", EMAIL), ("Your message", SAID)):
            page.get_by_label(label).focus()
            page.keyboard.type(words)
        with time_machine.travel(clock.now() + WRITING, tick=True):
            page.get_by_role("button", name="Send me the link").press("Enter")
            page.wait_for_url("**/enquiries/sent")
        assert heading(page) == "Look into your mailbox"
        assert not did_work(site)
        page.goto(newest_link(site))
        page.get_by_role("button", name="Send it", exact=True).press("Enter")
        page.get_by_text("Until then you can take it back.").wait_for()
        page.get_by_role("button", name="Take it back, and erase it").press("Enter")
        page.get_by_text("Not sent: you took it back").wait_for()
        assert heading(page) == "You took your enquiry back"


def test_axe_finds_nothing_on_the_pages_of_a_practitioner(chromium: Browser, site: Site) -> None:
    with watching(chromium, site.address) as page:
        site.sign_in(page.context, "wren")
        page.goto("/member/enquiries")
        look(page)
        page.get_by_role("button", name="Take no enquiries now").click()
        look(page, "a pause without a reason")
        page.get_by_label("My diary is full").check()
        page.get_by_role("button", name="Take no enquiries now").click()
        assert page.get_by_role("heading", name="You take no enquiries now").is_visible()
        look(page, "paused")
        page.goto(site.links["wren"])
        assert page.get_by_text("their diary is full").is_visible()
        page.goto("/member/enquiries")
        page.get_by_role("button", name="Take enquiries again now").click()
        expect(page.get_by_role("button", name="Take no enquiries now")).to_be_visible()
