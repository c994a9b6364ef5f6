"""Searching as a person does it: typing, clicking, with the keyboard, and without a script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import PAGES, about


def test_somebody_types_a_town_and_finds_a_practitioner(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Name, method or word").fill("shiatsu")
    page.get_by_label("Town or postcode").fill("London")
    page.get_by_label("Within").select_option("30 miles")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("within 30 miles of London for “shiatsu”")
    first = page.locator(".entry h3 a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("heading", name="What this page does not tell you")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("of London")


def test_the_count_beside_a_filter_is_what_its_click_gives(page: Page) -> None:
    page.goto("/practitioners")
    box = page.get_by_role("group", name="What was checked").get_by_role("checkbox").first
    count = page.get_by_role("group", name="What was checked").locator(".n").first.inner_text()
    box.check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count} practitioners")
    page.get_by_role("link", name="Remove the filter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("300 practitioners")


def test_the_map_shows_the_circle_and_the_numbers_of_the_list(page: Page) -> None:
    page.goto("/practitioners?near=London&within=15mi")
    figure = page.locator("#map")
    expect(figure).to_be_visible()
    expect(figure.locator("path.land").first).to_be_attached()
    expect(figure.locator("path.reach")).to_be_attached()
    expect(figure.locator(".spot").first).to_contain_text("1")


def test_two_people_are_compared_side_by_side(page: Page) -> None:
    page.goto("/practitioners?near=London&within=any")
    names = [page.locator(".entry h3 a").nth(position).inner_text() for position in (0, 1)]
    for name in names:
        page.get_by_role("link", name=f"Keep on shortlist ({name})").click()
    page.get_by_role("link", name="2 on your shortlist: compare them").click()
    for name in names:
        expect(page.get_by_role("columnheader", name=name)).to_be_visible()


def test_on_a_phone_the_filters_open_without_a_script(chromium: Browser, live: str) -> None:
    context = chromium.new_context(
        base_url=live, java_script_enabled=False, viewport={"width": 390, "height": 800}, color_scheme="dark"
    )
    window = context.new_page()
    window.goto("/practitioners?near=London&within=any")
    expect(window.get_by_role("button", name="Apply filters")).to_be_hidden()
    window.get_by_role("link", name="Filter the list").click()
    expect(window.get_by_role("button", name="Apply filters")).to_be_visible()
    window.get_by_role("group", name="Visit").get_by_label("Online").check()
    window.get_by_role("button", name="Apply filters").click()
    expect(window.get_by_role("link", name="Remove the filter: Visit: Online")).to_be_visible()
    context.close()


def test_a_search_is_made_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Name, method or word").focus()
    page.keyboard.type("massage")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Town or postcode")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("for “massage”")


def test_every_page_works_without_a_script(chromium: Browser, live: str, somebody: str) -> None:
    context = chromium.new_context(base_url=live, java_script_enabled=False)
    window = context.new_page()
    for address in PAGES.values():
        answer = window.goto(about(address, somebody))
        assert answer is not None
        assert answer.ok, address
        expect(window.get_by_role("heading", level=1)).to_be_visible()
        expect(window.get_by_role("contentinfo")).to_be_visible()
    context.close()


def test_where_i_am_is_asked_only_when_i_press(chromium: Browser, live: str) -> None:
    brighton = {"latitude": 50.82841, "longitude": -0.13951}
    context = chromium.new_context(base_url=live, geolocation=brighton, permissions=["geolocation"])  # type: ignore[arg-type]
    window = context.new_page()
    window.goto("/")
    expect(window.get_by_label("Town or postcode")).to_have_value("")
    window.get_by_role("button", name="Use where I am").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("of where you are")
    assert "near=50.83%2C-0.14" in window.url
    context.close()


def test_a_refusal_to_say_where_i_am_is_told(chromium: Browser, live: str) -> None:
    context = chromium.new_context(base_url=live)
    window = context.new_page()
    window.goto("/practitioners")
    window.get_by_role("button", name="Use where I am").click()
    expect(window.get_by_role("status").filter(has_text="Type a town or a postcode")).to_be_visible()
    context.close()


def test_a_profile_prints_with_a_code_and_without_the_navigation(page: Page, somebody: str) -> None:
    page.goto(somebody)
    page.emulate_media(media="print")
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator(".untold")).to_be_visible()


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
def test_what_is_typed_is_never_run(page: Page, typed: str) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto("/practitioners")
    page.get_by_label("Name, method or word").fill(typed)
    page.get_by_label("Town or postcode").fill(typed)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_label("Name, method or word")).to_have_value(typed)
    assert not asked
