"""Suggestions as a person meets them: with the keyboard, with a finger, late, broken, and without a script."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.looks import look

WORDS, PLACE = "Name, method or word", "Town or postcode"


def box(page: Page, label: str = WORDS) -> Locator:
    return page.get_by_role("combobox", name=label)


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def chosen(page: Page) -> Locator:
    """The option that a screen reader is told of."""
    return page.locator("[role=option][aria-selected=true]")


def begin(page: Page, text: str, label: str = WORDS, path: str = "/") -> Locator:
    """Type as a person does, and wait until something is suggested."""
    page.goto(path)
    field = box(page, label)
    field.click()
    page.keyboard.type(text)
    expect(options(page).first).to_be_visible()
    return field


@pytest.fixture
def phone(chromium: Browser, live: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=live, viewport={"width": 320, "height": 640}, has_touch=True)
    yield context.new_page()
    context.close()


# Answers come when the test lets them, and stopping a request does not stop them: as on a slow line.
SLOW = """
const ask = window.fetch;
window.held = [];
window.fetch = (address) => new Promise((answer) => window.held.push(() => ask(address).then(answer)));
"""


def wait_for_questions(page: Page, number: int) -> None:
    page.wait_for_function("number => window.held.length === number", arg=number)


def answer(page: Page, number: int) -> None:
    """Let the answer of a question come, and give the page time to take it."""
    page.evaluate("number => window.held[number]()", number)
    page.wait_for_timeout(300)


def test_a_method_is_chosen_with_the_keyboard_and_searched(page: Page) -> None:
    field = begin(page, "finger pr")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).not_to_have_attribute("aria-activedescendant", "q-suggestions-0")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_text("Shiatsu method, also called “finger pressure”")
    expect(field).to_have_attribute("aria-activedescendant", "q-suggestions-0")
    expect(field).to_have_value("finger pr")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Shiatsu")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("for “Shiatsu”")


def test_a_town_is_told_from_others_and_chosen(page: Page) -> None:
    field = begin(page, "newport", PLACE)
    expect(options(page).first).to_have_text("Newport, Wales (NP10)")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Newport, NP10")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("of Newport")


def test_a_name_leads_to_the_profile(page: Page) -> None:
    page.goto("/practitioners")
    name = page.locator(".entry h3 a").first.inner_text()
    begin(page, name, path="/practitioners")
    option = options(page).filter(has_text=name).first
    expect(option).to_contain_text("opens a page")
    option.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_what_needs_a_doctor_leads_to_the_guide(page: Page) -> None:
    begin(page, "headac")
    options(page).filter(has_text="see a doctor first").click()
    expect(page).to_have_url("/concerns/headache")


def test_arrows_go_round_through_the_box(page: Page) -> None:
    field = begin(page, "acu")
    count = options(page).count()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", f"q-suggestions-{count - 1}")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "q-suggestions-0")
    page.keyboard.press("End")
    expect(chosen(page)).to_have_count(0)


def test_escape_closes_and_keeps_what_was_typed(page: Page) -> None:
    field = begin(page, "acu")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(field).to_have_value("acu")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Alt+ArrowDown")
    expect(options(page).first).to_be_visible()
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("Alt+ArrowUp")
    expect(options(page)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_count(1)


def test_nothing_is_chosen_unless_somebody_chooses_it(page: Page) -> None:
    begin(page, "acu")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("for “acu”")
    field = begin(page, "acu")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(field).to_have_value("acu")
    expect(options(page)).to_have_count(0)
    expect(box(page, PLACE)).to_be_focused()


def test_the_number_of_suggestions_is_told_politely(page: Page) -> None:
    begin(page, "acup")
    told = page.locator(".search [role=status]").first
    expect(told).to_have_text(f"{options(page).count()} suggestions")
    page.keyboard.type("xqz")
    expect(options(page)).to_have_count(0)
    expect(told).to_be_empty()


def test_a_late_answer_is_dropped(page: Page) -> None:
    page.add_init_script(SLOW)
    page.goto("/")
    box(page).click()
    page.keyboard.type("acu")
    wait_for_questions(page, 1)
    page.keyboard.type("pu")
    wait_for_questions(page, 2)
    answer(page, 0)
    expect(options(page)).to_have_count(0)
    answer(page, 1)
    expect(options(page).first).to_have_text("Acupuncture method")


def test_an_answer_after_somebody_went_on_opens_nothing(page: Page) -> None:
    page.add_init_script(SLOW)
    page.goto("/")
    box(page).click()
    page.keyboard.type("acu")
    wait_for_questions(page, 1)
    page.keyboard.press("Tab")
    answer(page, 0)
    expect(options(page)).to_have_count(0)


FAILURES: dict[str, Callable[[Route], None]] = {
    "too many requests": lambda route: route.fulfill(status=429, json={"status": 429}),
    "not JSON": lambda route: route.fulfill(body="<html>"),
    "no line": lambda route: route.abort(),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_silent_and_the_form_still_searches(phone: Page, failure: str) -> None:
    errors: list[str] = []
    phone.on("pageerror", lambda error: errors.append(str(error)))
    phone.route("**/practitioners/suggest?*", FAILURES[failure])
    phone.goto("/")
    box(phone).click()
    with phone.expect_request("**/practitioners/suggest?*"):
        phone.keyboard.type("shiatsu")
    phone.wait_for_timeout(200)
    expect(options(phone)).to_have_count(0)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("for “shiatsu”")
    assert not errors


def test_one_pause_asks_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    begin(page, "acupuncture")
    assert [address.rpartition("=")[2] for address in asked] == ["acupuncture"]


def test_while_a_word_is_being_composed_nothing_is_asked(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest?" in request.url else None)
    page.goto("/")
    field = box(page)
    field.focus()
    field.evaluate("""field => {
        field.dispatchEvent(new CompositionEvent("compositionstart"));
        field.value = "しあつ";
        field.dispatchEvent(new InputEvent("input"));
    }""")
    page.wait_for_timeout(300)
    assert not asked
    field.evaluate("""field => {
        field.value = "指";
        field.dispatchEvent(new CompositionEvent("compositionend"));
    }""")
    expect(options(page).first).to_have_text("Shiatsu method, also called “指圧”")


@pytest.mark.parametrize(("label", "text"), [(WORDS, "massage"), (PLACE, "bs")])
def test_on_a_phone_the_list_fits_and_a_finger_can_choose_or_leave(phone: Page, label: str, text: str) -> None:
    phone.goto("/")
    field = box(phone, label)
    field.tap()
    phone.keyboard.type(text)
    expect(options(phone).first).to_be_visible()
    for number in range(options(phone).count()):
        size = options(phone).nth(number).bounding_box()
        assert size is not None
        assert size["height"] >= 44
        assert size["x"] >= 0
        assert size["x"] + size["width"] <= 320
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    # Pressing beside the list closes it, and the button is free.
    phone.get_by_role("heading", level=1).tap()
    expect(options(phone)).to_have_count(0)
    field.tap()
    phone.keyboard.press("ArrowDown")
    options(phone).nth(1).tap()
    expect(field).not_to_have_value(text)
    phone.get_by_role("button", name="Search").tap()
    expect(phone).to_have_url(re.compile(r"/practitioners\?"))


@pytest.mark.parametrize(("label", "text"), [(WORDS, "hea"), (PLACE, "newp")])
def test_axe_finds_nothing_while_the_list_is_open(page: Page, label: str, text: str) -> None:
    begin(page, text, label)
    page.keyboard.press("ArrowDown")
    look(page)
    expect(options(page).first).to_be_visible()


def test_without_a_script_the_boxes_are_plain_ones(chromium: Browser, live: str) -> None:
    context = chromium.new_context(base_url=live, java_script_enabled=False)
    window = context.new_page()
    window.goto("/")
    expect(window.get_by_role("combobox", name=WORDS)).to_have_count(0)
    expect(window.get_by_role("listbox")).to_have_count(0)
    window.get_by_role("searchbox", name=WORDS).fill("shiatsu")
    expect(window.get_by_role("textbox", name=PLACE)).to_have_attribute("autocomplete", "postal-code")
    window.get_by_role("button", name="Search").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("for “shiatsu”")
    context.close()
