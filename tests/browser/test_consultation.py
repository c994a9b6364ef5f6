"""The summary to bring along, in a browser: to axe, by keyboard without scripts, by tapping, and with the timer."""

import datetime as dt
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watching
from tests.browser.looks import look, open_by_key

HEADING = "Get help now"
NOON = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)


def answer(page: Page, **yes: str) -> None:
    """Open the first page, and answer no to everything but what is named."""
    page.goto("/consultation")
    for box in page.locator("input[type=radio][value=no]").all():
        box.check()
    for flag in yes.values():
        page.locator(f"input[name=sign-{flag}][value=yes]").check()
    page.get_by_role("button", name="Go on").click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_axe_finds_nothing_on_any_page_of_it(chromium: Browser, live: str) -> None:
    with watching(chromium, live) as page:
        page.goto("/consultation")
        look(page, "the red flags")
        page.get_by_role("button", name="Go on").click()
        assert page.get_by_role("alert").get_by_role("link").count() == 8
        look(page, "red flags without an answer")
        answer(page, first="rf-back-999", second="rf-pregnancy", third="rf-mood")
        heading(page, HEADING)
        look(page, "an emergency")
        answer(page, only="rf-hip")
        heading(page, "See a doctor first")
        answer(page)
        page.get_by_role("button", name="Make the summary").click()
        look(page, "the second page without a place")
        page.get_by_role("group", name="Where is it?").get_by_label("Lower back, left").check()
        page.get_by_label("It seizes up, so that I can hardly move").check()
        page.get_by_label("Epilepsy").check()
        page.get_by_role("button", name="Make the summary").click()
        heading(page, "Your summary")
        look(page, "the summary")
        page.get_by_role("button", name="What might suit").click()
        look(page, "what might suit")
        page.get_by_role("button", name="What people try at home").click()
        expect(page.locator("main")).to_contain_text("press nothing yourself")
        look(page, "self-help that is withheld")


def test_a_place_is_tapped_in_the_drawing_and_ticked_in_the_list(chromium: Browser, live: str) -> None:
    with watching(chromium, live, has_touch=True) as page:
        page.set_viewport_size({"width": 360, "height": 740})
        answer(page)
        places = page.get_by_role("group", name="Where is it?")
        box = places.get_by_label("Knee, left")
        front, back = page.locator("label.mark", has=page.locator("[value=knee-left]")).locator("path").all()
        before = front.evaluate("path => getComputedStyle(path).fill")
        middle = page.locator(".body-figure").bounding_box()
        drawn = front.bounding_box()
        assert middle is not None
        assert drawn is not None
        assert drawn["x"] > middle["x"] + middle["width"] / 4, "their left is on our right, seen from the front"
        front.tap()
        expect(box).to_be_checked()
        for shape in (front, back):
            assert shape.evaluate("path => getComputedStyle(path).fill") != before
        back.tap()
        expect(box).not_to_be_checked()
        box.tap()
        assert front.evaluate("path => getComputedStyle(path).fill") != before
        # What one taps is what lies under the finger, for every shape of the drawing.
        astray = page.evaluate(
            """() => [...document.querySelectorAll("label.mark path")].filter((path) => {
              path.scrollIntoView({block: "center"});
              const {x, y, width, height} = path.getBoundingClientRect();
              const under = document.elementFromPoint(x + width / 2, y + height / 2);
              return under !== path;
            }).map((path) => path.closest("label").textContent.trim())"""
        )
        assert astray == []


def test_all_of_it_works_by_keyboard_and_without_scripts(chromium: Browser, live: str, tmp_path: Path) -> None:
    with watching(chromium, live, java_script_enabled=False) as page:
        page.goto("/before-you-go")
        page.get_by_role("link", name="Write it here").press("Enter")
        page.get_by_label("In which country are you now?").focus()
        for _flag in range(8):
            # Tab comes to the first of two buttons; the arrow chooses the second.
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        open_by_key(page, "Enter")
        heading(page, "What you come with")
        page.get_by_role("group", name="Where is it?").get_by_label("Head", exact=True).focus()
        for _place in range(5):
            page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.get_by_label("What do you hope for?").focus()
        page.keyboard.type("To sit through a film")
        page.keyboard.press("Tab")
        open_by_key(page, "Enter")
        heading(page, "Your summary")
        expect(page.get_by_role("region", name="Summary before a session")).to_contain_text("Lower back (left)")
        expect(page.get_by_role("button", name="Print it")).to_be_hidden()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save it as a text file").press("Enter")
        saved.value.save_as(tmp_path / "summary.txt")
        assert "Hopes: To sit through a film" in (tmp_path / "summary.txt").read_text()
        page.get_by_role("button", name="Change it").press("Enter")
        expect(page.get_by_label("What do you hope for?")).to_have_value("To sit through a film")
        page.get_by_role("button", name="Make the summary").press("Enter")
        page.get_by_role("button", name="What people try at home").press("Enter")
        expect(page.locator("main")).to_contain_text("for about 20 seconds")
        expect(page.locator("[data-timer]")).to_be_hidden()
        assert {cookie.get("name") for cookie in page.context.cookies()} == {"session"}


def test_the_timer_counts_when_it_is_asked_to_and_stops_when_it_is_told(chromium: Browser, live: str) -> None:
    with watching(chromium, live) as page:
        page.clock.install(time=NOON)
        answer(page)
        page.get_by_role("group", name="Where is it?").get_by_label("Lower back, right").check()
        page.get_by_role("button", name="Make the summary").click()
        page.get_by_role("button", name="What people try at home").click()
        timer = page.locator("[data-timer]")
        look(page, "self-help")
        # From here on time goes only as far as it is told to.
        page.clock.pause_at(NOON + dt.timedelta(hours=1))
        said = timer.get_by_role("status")
        page.get_by_role("button", name="Start a timer").click()
        expect(said).to_have_text("Get ready")
        page.clock.run_for(6_000)
        expect(said).to_have_text("Gently, all round the place")
        expect(timer.locator(".count")).to_have_text("19")
        page.clock.run_for(20_000)
        expect(said).to_have_text("On the place itself, gently")
        page.clock.run_for(7_000)
        expect(said).to_have_text("Done. Let go, and rest.")
        page.get_by_role("button", name="Start a timer").click()
        page.get_by_role("button", name="Stop").click()
        expect(said).to_have_text("Find the place with your thumb.")


def test_only_the_summary_is_printed(chromium: Browser, live: str) -> None:
    with watching(chromium, live) as page:
        answer(page)
        page.get_by_role("group", name="Where is it?").get_by_label("Neck").check()
        page.get_by_role("button", name="Make the summary").click()
        page.evaluate("window.print = () => { document.title = 'printed'; }")
        page.get_by_role("button", name="Print it").click()
        expect(page).to_have_title("printed")
        page.emulate_media(media="print")
        expect(page.get_by_role("region", name="Summary before a session")).to_be_visible()
        for gone in ("What might suit", "Send it with an enquiry", "The record", "Your summary"):
            expect(page.get_by_role("heading", name=gone)).to_be_hidden()
