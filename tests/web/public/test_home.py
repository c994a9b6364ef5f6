"""The first page."""

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from directory.config import Settings
from directory.models import ListingState, Outcome
from directory.services import indexing
from tests import factories
from tests.pages import Page, Visitor

pytestmark = pytest.mark.usefixtures("session")


def with_settings(app: Flask, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """The same site with other settings."""
    settings: Settings = app.extensions["settings"].model_copy(update=changes)
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setitem(app.jinja_env.globals, "site", settings)


def figure(page: Page, words: str) -> str:
    """The number above some words."""
    for box in page.all(".//dl[@class='figures']/div"):
        if "".join(box.find("dt").itertext()).strip() == words:  # type: ignore[union-attr]
            return "".join(box.find("dd").itertext()).strip()  # type: ignore[union-attr]
    raise AssertionError(words)


def test_the_first_page_searches_without_a_script(visitor: Visitor) -> None:
    page = visitor.get("/")
    form = page.tree.find(".//form[@role='search']")
    assert form is not None
    assert form.get("action") == "/practitioners"
    assert {field.get("name") for field in page.all(".//form//input")} == {"q", "near"}
    chosen = [option.get("value") for option in page.all(".//select/option[@selected]")]
    assert chosen == ["15mi"]
    assert "Message(" not in page.html


def test_the_title_is_said_to_be_open_only_where_the_law_leaves_it_open(
    visitor: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "In the United Kingdom no law says who may call themselves" in visitor.get("/").text()
    with_settings(app, monkeypatch, country="JP")
    assert "The law in Japan has something to say about shiatsu (A licence is needed here)" in visitor.get("/").text()
    with_settings(app, monkeypatch, country="JE")
    assert "In most countries anybody may use the title." in visitor.get("/").text()


@time_machine.travel("2026-11-20 10:00", tick=False)
def test_the_specimen_is_invented_and_its_seal_carries_a_day_of_these_weeks(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert "An invented entry" in page.text(".//article")
    assert "Checked on 9\u00a0November\u00a02026:".replace("\u00a0", " ") in page.text(".//article")
    assert "Not checked: skill, insurance, criminal record." in page.text(".//article")


def test_signs_of_an_emergency_stand_before_the_index(visitor: Visitor) -> None:
    html = visitor.get("/").html
    assert html.index("Back pain: emergency signs") < html.index("By method")
    assert "The emergency number here is 999." in html


def test_counts_are_of_published_listings(visitor: Visitor, session: Session) -> None:
    factories.make_practitioner(modalities=("zen-shiatsu",), concerns=("stress",))
    factories.make_practitioner(modalities=("shiatsu",), concerns=("stress",))
    factories.make_practitioner(state=ListingState.HIDDEN, concerns=("stress",))
    page = visitor.get("/")
    assert page.links()["Shiatsu 2 listings"] == "/practitioners?modality=shiatsu"
    assert page.links()["Zen shiatsu 1 listing"] == "/practitioners?modality=zen-shiatsu"
    assert page.links()["Stress and tension 2 listings"] == "/practitioners?concern=stress"
    assert figure(page, "practitioners listed") == "2"


def test_what_needs_a_doctor_has_a_page_and_no_count(visitor: Visitor, session: Session) -> None:
    factories.make_practitioner(concerns=("headache",))
    links = visitor.get("/").links()
    assert links["Headache"] == "/concerns/headache"
    assert not any(address == "/practitioners?concern=headache" for address in links.values())


@pytest.mark.parametrize("changes", [{"concern_pairing": False}, {"country": "DE"}])
def test_the_column_of_concerns_can_be_switched_off(
    visitor: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    with_settings(app, monkeypatch, **changes)
    page = visitor.get("/")
    assert "By what they often work with" not in page.html
    assert "concern=" not in page.html


@time_machine.travel("2026-11-20 10:00", tick=False)
def test_the_numbers_of_today_count_statements_and_not_people(visitor: Visitor, session: Session) -> None:
    listing = factories.make_practitioner()
    claims = [
        factories.ClaimFactory(practitioner=listing),
        factories.ClaimFactory(practitioner=listing, body_id="uk-cnhc", number="7", number_key="7"),
        factories.ClaimFactory(practitioner=listing, body_id="uk-fht", taken_on=dt.date(2026, 11, 1)),
    ]
    factories.CheckFactory(practitioner=listing, number_key=claims[0].number_key, outcome=Outcome.CONFIRMED)
    indexing.refresh([listing.id])
    page = visitor.get("/")
    assert figure(page, "statement checked and in date") == "1"
    assert figure(page, "statements that nobody has checked yet") == "2"
    assert int(figure(page, "professional bodies described")) > 50


def test_the_first_page_names_its_one_address(visitor: Visitor) -> None:
    link = visitor.get("/").tree.find(".//link[@rel='canonical']")
    assert link is not None
    assert link.get("href") == "http://localhost/"
