"""Telling us that something is wrong, and saying that all is still right: in a browser, and to axe."""

from pathlib import Path
from shutil import copy

from playwright.sync_api import Browser

from directory.app import create_app
from directory.db import db, kept
from directory.lib import clock
from directory.models import ListingState
from directory.services import freshness
from tests import factories, mail
from tests.browser.conftest import serving, watching
from tests.browser.looks import look
from tests.conftest import make_settings
from tests.factories.accounts import AccountFactory
from tests.factories.listings import AT, make_kept


def test_a_visitor_reports_and_a_practitioner_confirms(chromium: Browser, seeded_sqlite: Path, tmp_path: Path) -> None:
    copy(seeded_sqlite, tmp_path / "directory.sqlite3")
    site = create_app(make_settings(tmp_path, ""))
    with site.app_context():
        factories.bind(db.session)
        listed = kept(
            lambda: make_kept(AccountFactory(), ListingState.PUBLISHED, by=AccountFactory(role="administrator"))
        )
        path = f"/practitioners/{listed.practitioner.public_id}/{listed.practitioner.slug}"
        today = (AT + freshness.ASKED_AFTER).date()
        kept(lambda: freshness.tend(listed.practitioner_id, today=today, at=clock.now()))
        link = mail.link_in(mail.letters(db.session, kind="still-right")[0])
        db.session.rollback()
    with serving(site) as address, watching(chromium, address) as page:
        page.goto(path)
        page.get_by_role("link", name="Tell us that something is wrong").click()
        look(page)
        page.get_by_role("button", name="Send it").click()
        assert page.get_by_role("alert").get_by_role("link").count() == 2
        look(page)
        page.get_by_label("They have moved").check()
        page.get_by_label("What should we know?").fill("The door was locked.")
        page.get_by_role("button", name="Send it").click()
        assert page.get_by_role("heading", level=1).inner_text() == "We have what you told us"
        look(page)
        page.goto(link)
        look(page)
        page.get_by_role("button", name="Still right").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Thank you"
        page.goto(link)
        assert "does not work any more" in page.get_by_role("heading", level=1).inner_text()
        look(page)
