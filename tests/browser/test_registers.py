"""Lists of bodies on the desk, in a browser: brought, compared, applied and undone, with axe looking on."""

from playwright.sync_api import Browser, expect

from tests.browser.looks import look
from tests.browser.test_claims_desk import Desk, desk, opened
from tests.factories.lists import BODY, content, row, rows

__all__ = ["desk"]


def test_a_list_is_brought_and_proposed(desk: Desk, chromium: Browser) -> None:
    with opened(desk, chromium, "ann") as window:
        window.goto("/admin/registers")
        look(window, "the registers")
        window.get_by_role("link", name="Shiatsu Society (UK)", exact=True).click()
        look(window, "the register of a body")
        window.get_by_label("The list, as a CSV file").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": content([*rows(12), row(valid="never")])}
        )
        window.get_by_label("Date of the list").fill("2026-11-17")
        window.get_by_role("button", name="Read the list").click()
        expect(window.locator("main")).to_contain_text("One person alone may not apply this list")
        look(window, "what a list would change")
        window.get_by_role("button", name="Propose it to a second person").click()
        expect(window.locator("main")).to_contain_text("somebody else must agree")
        look(window, "a list that waits")
        address = window.url
    with opened(desk, chromium, "bo") as window:
        window.goto(address)
        window.get_by_role("button", name="Agree: apply the list").click()
        expect(window.get_by_role("status")).to_contain_text("can be undone for 30 days")
        look(window, "a list that is applied")
        window.goto(f"/admin/registers/{BODY}")
        look(window, "the register of a body with lists")
