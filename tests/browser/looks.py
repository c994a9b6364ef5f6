"""How every page is looked at: by axe, light and dark, at a desk's width and as narrow as the smallest phone."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Another scheme changes colours alone, so in the dark colours are all that is looked at; on a page of a story, once.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
LOOKS = (("light", 1280, RULES), ("dark", 1280, COLOURS), ("light", 320, RULES))
CLOSELY = (*LOOKS, ("dark", 320, COLOURS))
# Only what is wrong is handed over: axe also tells of every rule that is kept.
FIND = "async (rules) => [(await axe.run(rules)).violations, document.documentElement.scrollWidth]"


def look(page: Page, what: str | None = None, looks: Sequence[tuple[str, int, dict[str, Any]]] = LOOKS) -> None:
    """Axe finds nothing, and nothing scrolls sideways. `what` names the page where its address does not."""
    page.wait_for_load_state()
    what = what or page.url
    # Brought to a page once: each time more it would be read and warm up anew.
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    for scheme, width, rules in looks:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        found, wide = page.evaluate(FIND, rules)
        assert not found, f"{what}, {scheme}, {width}: {AxeResults({'violations': found}).generate_report()}"
        assert wide <= width, f"{what}, {scheme}: scrolls sideways, {wide} of {width}"


def open_by_key(page: Page, key: str) -> None:
    """Press a key that opens a page, and wait for the whole of it: a key that comes before its script is lost."""
    with page.expect_navigation():
        page.keyboard.press(key)
