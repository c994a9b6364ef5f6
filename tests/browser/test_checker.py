"""The checker in a browser, by keyboard and without a script, and what axe says of each of its answers."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from playwright.sync_api import Browser, Page, expect

from directory.app import create_app
from directory.db import db, kept
from directory.lib import clock
from directory.models import Practitioner
from directory.services import indexing
from tests import factories
from tests.browser.conftest import serving, watching
from tests.browser.looks import look, open_by_key
from tests.conftest import make_settings
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.lists import BODY, bring

ANSWERS = {
    "one person": "/check?name=Wren+Hallowby&number=4471",
    "several people": "/check?name=Sorrel+Tamsin",
    "a near name": "/check?name=Oona+Pelmarsh",
    "a line of a list": f"/check?name=Juniper+Lisk&number=5127&body={BODY}",
    "on no list": f"/check?name=Juniper+Lisk&number=5999&body={BODY}",
    "another shape": "/check?number=x&body=uk-hcpc",
    "nobody": "/check?name=Xqzw+" + "W" * 110,
    "a day in the past": "/check?name=Wren+Hallowby&on=2026-01-05&known=2026-02-01",
    "an objection": "/check/objection",
}
MISTAKES = "/check?name=&day=31&month=2&year=2026"


@pytest.fixture(scope="module")
def site(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a checked practitioner, two of one name, one with a name like another, and lists of a body."""
    folder = tmp_path_factory.mktemp("checker")
    copy(seeded_sqlite, folder / "directory.sqlite3")
    app = create_app(make_settings(folder, ""))
    with app.app_context():
        factories.bind(db.session)
        kept(people)
        bring(dt.date(2025, 3, 1), ["Juniper Lisk,5127,MRSS,Hexham"])
        bring(dt.date(2026, 6, 1), ["Juniper Lisk,5127,MRSS,Hexham"])
        db.session.commit()
    with serving(app) as address:
        yield address


def people() -> None:
    today = clock.now().date()
    wren = make_practitioner(name="Wren Hallowby")
    checked(wren, "4471", today - dt.timedelta(days=11), disciplines=["shiatsu"])
    ClaimFactory(practitioner=wren, body_id="uk-cnhc", number="D1", number_key="d1")
    checked(make_practitioner(name="Sorrel Tamsin"), "88", today - dt.timedelta(days=400))
    make_practitioner(name="Sorrel Tamsin", town="Leeds", postcode_area="LS6")
    checked(make_practitioner(name="Oona Pellmarsh", town="Keynsham", postcode_area="BS31"), "89", today)
    make_practitioner(name="Oona Pettmarsh", town="Hexham", postcode_area="NE46")


def checked(made: Practitioner, number: str, on: dt.date, disciplines: list[str] | None = None) -> None:
    stated = on - dt.timedelta(days=300)
    ClaimFactory(practitioner=made, number=number, stated_on=stated, disciplines=disciplines or [])
    until = on + dt.timedelta(days=300)
    for day in (stated + dt.timedelta(days=20), on):
        CheckFactory(
            practitioner=made, number_key=number, checked_on=day, valid_to=until, due_on=until,
            seen_disciplines=disciplines or [],
        )  # fmt: skip
    db.session.flush()
    indexing.refresh([made.id])


@pytest.mark.parametrize("answer", list(ANSWERS))
def test_axe_finds_nothing_in_an_answer(chromium: Browser, site: str, answer: str) -> None:
    with watching(chromium, site) as page:
        page.goto(ANSWERS[answer])
        look(page)
        assert bool(page.context.cookies()) is (answer == "an objection"), "an answer sets a cookie"


def test_axe_finds_nothing_in_a_mistake_nor_on_a_page_of_another_day(chromium: Browser, site: str) -> None:
    with watching(chromium, site) as page:
        page.goto(MISTAKES)
        assert page.get_by_role("alert").get_by_role("link").count() == 2
        look(page)
        page.goto(ANSWERS["one person"])
        page.get_by_role("link", name="The whole listing of Wren Hallowby").click()
        profile = page.url
        page.goto(f"{profile}?on=2026-01-05&known=2026-02-01")
        look(page)
        page.get_by_role("link", name="As it stood on another day").click()
        look(page)


def test_somebody_asks_by_keyboard_and_chooses_whom_they_mean(chromium: Browser, site: str) -> None:
    with watching(chromium, site, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("link", name="Check a name").first.click()
        name = page.get_by_label("Name", exact=True)
        name.focus()
        page.keyboard.type("Oona Pelmarsh")
        open_by_key(page, "Enter")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Nobody fits exactly")
        assert letters(page) == ["l", "tt"]
        page.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        open_by_key(page, "Enter")
        expect(heading).to_have_text("Oona Pellmarsh is listed here")
        assert "name=Oona+Pelmarsh&who=" in page.url
        page.get_by_label("Name", exact=True).fill("Wren Hallowby")
        page.get_by_label("Membership number").fill("4471")
        page.get_by_role("button", name="Check").click()
        expect(heading).to_have_text("Wren Hallowby is listed here")


def letters(page: Page) -> list[str]:
    """The letters that are marked."""
    return page.locator("mark.letter").all_inner_texts()
