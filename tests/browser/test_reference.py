"""The facts of reference on the desk: axe finds nothing, and they are edited with the keyboard and without a script."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from directory.app import create_app
from directory.db import db, transaction
from directory.models import Role
from tests import factories
from tests.browser.conftest import serving
from tests.browser.looks import look
from tests.conftest import make_settings
from tests.members import begin, cookie

RECORD = "/admin/reference/modalities/shiatsu"


@pytest.fixture
def desk(seeded_sqlite: Path, tmp_path: Path, chromium: Browser) -> Iterator[Page]:
    """A window without scripts in which an administrator is signed in."""
    shutil.copy(seeded_sqlite, tmp_path / "directory.sqlite3")
    site = create_app(make_settings(tmp_path, ""))
    with site.app_context(), transaction():
        factories.bind(db.session)
        signed_in = cookie(site, begin(factories.AccountFactory(role=Role.ADMINISTRATOR)))
    with serving(site) as address:
        context = chromium.new_context(base_url=address, java_script_enabled=False)
        context.add_cookies([{"name": "session", "value": signed_in, "url": address}])
        yield context.new_page()
        context.close()


def test_axe_finds_nothing_and_the_keyboard_is_enough(desk: Page, chromium: Browser) -> None:
    cookies = desk.context.cookies()
    desk.goto("/admin/reference")
    address = desk.url.removesuffix("/admin/reference")
    desk.goto(f"{RECORD}/statements")
    desk.get_by_label("Name", exact=True).fill("")
    desk.get_by_role("button", name="Keep it, reviewed today").press("Enter")
    expect(desk.locator("#name-error")).to_be_visible()
    desk.get_by_label("Name", exact=True).fill("Shiatsu")
    desk.get_by_label("Clothing").fill("Loose, warm clothes")
    desk.get_by_label("Clothing").press("Enter")
    expect(desk.locator(".facts").first).to_contain_text("Loose, warm clothes")
    desk.get_by_role("button", name="Reviewed today: nothing to change").press("Enter")
    expect(desk.locator("#history + ol > li")).to_have_count(2)
    with chromium.new_context(base_url=address, reduced_motion="reduce") as context:
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page, other = context.new_page(), context.new_page()
        for path in ("", "/concerns", "/modalities/shiatsu"):
            page.goto(f"/admin/reference{path}")
            look(page, path)
        page.goto(f"{RECORD}/statements")
        other.goto(f"{RECORD}/statements")
        other.get_by_label("Clothing").fill("theirs")
        other.get_by_label("Clothing").press("Enter")
        other.wait_for_url(f"**{RECORD}")
        page.get_by_label("Sources").fill("nowhere")
        page.get_by_label("Clothing").press("Enter")
        expect(page.locator("#sources-error")).to_be_visible()
        look(page, "a form with a mistake")
        page.get_by_label("Sources").fill("https://example.org")
        page.get_by_label("Clothing").press("Enter")
        expect(page.locator("#conflict")).to_be_visible()
        look(page, "two at once")
