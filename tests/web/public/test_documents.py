"""The terms and the rules for listings: what somebody agreed to can be read for ever."""

import datetime as dt

import pytest

from directory.services.agreements import DOCUMENTS
from directory.web.public import documents
from tests.pages import Visitor

pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_version_that_is_agreed_to_is_the_newest_and_has_an_address_of_its_own(
    visitor: Visitor, document: str
) -> None:
    newest = max(documents.TEXTS[document])
    assert DOCUMENTS[document] == newest
    page = visitor.get(f"/{document}")
    assert "These hold from 21 November 2026." in page.text()
    for version in documents.TEXTS[document]:
        assert dt.date.fromisoformat(version)
        assert f"/{document}/{version}" in page.links().values()
        same = visitor.get(f"/{document}/{version}")
        assert same.text(".//h1") == page.text(".//h1")
    visitor.get(f"/{document}/2001-01-01", status=404)


def test_an_older_version_says_that_it_does_not_hold_any_more(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "public/documents/terms_2026_11_21.html"
    monkeypatch.setitem(documents.TEXTS, "terms", {"2026-11-21": text, "2025-01-01": text})
    assert "do not hold any more" in visitor.get("/terms/2025-01-01").text()
    assert "The version of 1 January 2025" in visitor.get("/terms").text()


def test_the_rules_say_how_old_one_must_be_and_what_they_rest_on(visitor: Visitor) -> None:
    page = visitor.get("/listing-rules")
    assert "18 or older" in page.text()
    assert any("asa.org.uk" in link or "cap.org.uk" in link for link in page.links().values())
    for words in ("One listing for each person", "Who decides", "leave and come back"):
        assert words in page.text()


def test_every_page_leads_to_them(visitor: Visitor) -> None:
    links = visitor.get("/").links()
    assert links["Terms"] == "/terms"
    assert links["Rules for listings"] == "/listing-rules"
