"""About the site: accessibility, privacy, credits, and the components for developers."""

import pytest
from flask import Flask

from directory.config import Environment, Settings
from directory.http import access
from tests.pages import Visitor

pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize("address", ["/accessibility", "/privacy", "/credits"])
def test_pages_about_the_site_open(visitor: Visitor, address: str) -> None:
    page = visitor.get(address)
    assert page.tree.find(".//meta[@name='description']") is not None
    link = page.tree.find(".//link[@rel='canonical']")
    assert link is not None
    assert link.get("href") == f"http://localhost{address}"


READING = (
    "/",
    "/guide",
    "/statuses",
    "/before-you-go",
    "/bodies",
    "/bodies/uk-cnhc",
    "/modalities",
    "/modalities/shiatsu",
)
READING += ("/concerns", "/concerns/stress", "/regulation", "/regulation/GB", "/accessibility", "/privacy", "/credits")


@pytest.mark.parametrize("address", READING)
def test_reading_sets_no_cookie_and_promises_no_more_than_was_checked(visitor: Visitor, address: str) -> None:
    page = visitor.get(address)
    assert "Set-Cookie" not in page.response.headers
    words = page.text().lower().split()
    for promise in ("verified", "trusted", "guaranteed", "heals", "cures"):
        assert promise not in words, promise


def test_the_data_is_credited(visitor: Visitor) -> None:
    links = visitor.get("/credits").links()
    assert links["GeoNames"] == "https://www.geonames.org/"
    assert links["Creative Commons Attribution 4.0"] == "https://creativecommons.org/licenses/by/4.0/"
    assert links["Natural Earth"] == "https://www.naturalearthdata.com/"


def test_the_style_guide_is_for_development_only(visitor: Visitor) -> None:
    visitor.get("/styleguide", status=404)


def test_the_style_guide_shows_the_components(visitor: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "is_development", property(lambda self: True))
    assert access.access_of is not None
    assert app.extensions["settings"].environment is Environment.TEST
    page = visitor.get("/styleguide")
    main = page.text()
    for words in ("Seals", "Statements", "Search slip", "Facet", "Pager", "The law of the place", "Error summary"):
        assert words in main
    assert len(page.all(".//{http://www.w3.org/2000/svg}svg")) > 9 * 6
