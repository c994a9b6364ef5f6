"""Suggestions as the script of the search form asks for them."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.config import Settings
from directory.models import Concern, ListingState, OtherName, Practitioner
from directory.services import indexing
from tests.factories import make_practitioner
from tests.pages import Visitor

ADDRESS = "/practitioners/suggest"
JSON = {"Accept": "application/json"}


def ask(visitor: Visitor, text: str, field: str = "q") -> dict[str, Any]:
    response = visitor.raw(ADDRESS, query_string={"field": field, "text": text}, headers=JSON)
    assert response.status_code == 200
    assert response.content_type == "application/json"
    found: dict[str, Any] = response.get_json()
    return found


def test_a_suggestion_has_words_for_the_box_or_a_page_that_it_leads_to(visitor: Visitor) -> None:
    made = make_practitioner(name="Shira Hallowby", town="Brighton", postcode_area="BN1")
    found = ask(visitor, "shi")
    assert found["count"] == f"{len(found['suggestions'])} suggestions"
    assert found["suggestions"][0] == {"kind": "modality", "label": "Shiatsu", "note": "method", "text": "Shiatsu"}
    assert found["suggestions"][-1] == {
        "kind": "practitioner",
        "label": "Shira Hallowby",
        "note": "Brighton\u00a0BN1",
        "address": f"/practitioners/{made.public_id}/shira-hallowby",
        "leads": "opens a page",
    }
    assert visitor.get(found["suggestions"][-1]["address"]).text(".//h1") == "Shira Hallowby"


@pytest.mark.parametrize(
    ("text", "label", "note"),
    [
        ("finger p", "Shiatsu", "method, also called “finger pressure”"),
        ("sore lower", "Lower back pain", "what people come with"),
        ("headac", "Headache", "see a doctor first"),
        ("wren h", "Wren Hallowby", "practitioner"),
        ("sorrel", "Wren Hallowby", "also “Sorrel Quill”"),
    ],
)
def test_a_note_says_what_is_meant(visitor: Visitor, text: str, label: str, note: str) -> None:
    make_practitioner(name="Wren Hallowby", other_names=("Sorrel Quill",), town=None)
    assert [(one["label"], one["note"]) for one in ask(visitor, text)["suggestions"]] == [(label, note)]


def test_what_needs_a_doctor_leads_to_the_guide(visitor: Visitor) -> None:
    [found] = ask(visitor, "headac")["suggestions"]
    assert found["address"] == "/concerns/headache"
    assert "text" not in found


def test_places_are_told_apart(visitor: Visitor) -> None:
    found = ask(visitor, "newport", "near")["suggestions"]
    assert found[0] == {"kind": "town", "label": "Newport, Wales (NP10)", "note": "", "text": "Newport, NP10"}
    assert ask(visitor, "bs6", "near") == {
        "suggestions": [{"kind": "postcode", "label": "BS6, Bristol", "note": "", "text": "BS6"}],
        "count": "1 suggestion",
    }


def test_nothing_is_suggested_without_words(visitor: Visitor) -> None:
    for field in ("q", "near"):
        for text in ("", "  ", "-?!", "x" * 100):
            assert ask(visitor, text, field) == {"suggestions": [], "count": ""}


@pytest.mark.parametrize(
    "query",
    [{}, {"field": "q,near", "text": "a"}, {"field": "email", "text": "a"}, {"field": "q", "text": "x" * 101}],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_what_cannot_be_asked_is_a_problem(visitor: Visitor, query: dict[str, str], accept: str) -> None:
    response = visitor.raw(ADDRESS, query_string=query, headers={"Accept": accept})
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert json.loads(response.data)["status"] == 400


@pytest.mark.parametrize("query", ["field=q&text=%00", "field=q&text=%ff", "field=near&text=%ed%a0%80"])
def test_what_is_not_text_is_refused(visitor: Visitor, query: str) -> None:
    response = visitor.raw(f"{ADDRESS}?{query}", headers=JSON)
    assert (response.status_code, response.content_type) == (400, "application/problem+json")


@settings(max_examples=40)
@given(
    st.sampled_from(["q", "near"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffd"), max_size=100),
)
def test_whatever_is_typed_is_answered(visitor: Visitor, field: str, text: str) -> None:
    found = ask(visitor, text, field)
    assert len(found["suggestions"]) <= 8
    for one in found["suggestions"]:
        assert ("text" in one) != ("address" in one)


def test_an_answer_with_people_is_never_kept_and_another_for_a_short_time(visitor: Visitor) -> None:
    make_practitioner(name="Wren Hallowby")
    caching = {
        text: visitor.raw(ADDRESS, query_string={"field": field, "text": text}).headers["Cache-Control"]
        for field, text in (("q", "wren"), ("q", "finger p"), ("near", "bris"))
    }
    assert caching == {
        "wren": "no-store",
        "finger p": "public, max-age=300",
        "bris": "public, max-age=300",
    }


def test_somebody_who_hides_is_gone_from_the_next_answer(visitor: Visitor, session: Session) -> None:
    made = make_practitioner(name="Wren Hallowby")
    assert ask(visitor, "wren")["suggestions"]
    session.execute(update(Practitioner).where(Practitioner.id == made.id).values(state=ListingState.HIDDEN))
    assert ask(visitor, "wren") == ask(visitor, "hallowby") == {"suggestions": [], "count": ""}


def test_what_is_private_is_never_sent(visitor: Visitor, session: Session) -> None:
    made = make_practitioner(
        name="Wren Hallowby",
        other_names=("Wren Secretly",),
        contact_email="wren@example.org",
        contact_telephone="01273 555000",
    )
    session.execute(update(OtherName).values(is_shown=False))
    made.places[0].address = "17 Zebra Crescent"
    session.flush()
    indexing.refresh([made.id])
    for text in ("wren", "secretly", "wren s", "wren@example.org", "01273", "zebra", "17 zebra"):
        sent = visitor.raw(ADDRESS, query_string={"field": "q", "text": text}).get_data(as_text=True)
        assert not any(private in sent for private in ("Secretly", "example.org", "555000", "Zebra")), text
    assert [one["label"] for one in ask(visitor, "secretly")["suggestions"]] == ["Wren Hallowby"]


@pytest.mark.parametrize("changes", [{"concern_pairing": False}, {"country": "DE"}])
def test_where_concerns_are_not_paired_none_is_suggested(
    visitor: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    assert [one["kind"] for one in ask(visitor, "lower b")["suggestions"]] == ["concern"]
    site: Settings = app.extensions["settings"].model_copy(update=changes)
    monkeypatch.setitem(app.extensions, "settings", site)
    assert ask(visitor, "lower b")["suggestions"] == []
    assert [one["kind"] for one in ask(visitor, "headac")["suggestions"]] == ["doctor"]


def test_a_fact_that_changed_is_suggested_in_the_next_answer(visitor: Visitor, session: Session) -> None:
    assert ask(visitor, "xylo")["suggestions"] == []
    session.execute(update(Concern).where(Concern.id == "stress").values(synonyms=["xylophobia"]))
    assert [one["label"] for one in ask(visitor, "xylo")["suggestions"]] == ["Stress and tension"]


def test_the_form_carries_what_the_script_needs_and_works_without_it(visitor: Visitor) -> None:
    page = visitor.get("/practitioners")
    boxes = {box.get("name"): box for box in page.all(".//form[@role='search']//input") if box.get("data-suggest")}
    assert {name: box.get("data-suggest") for name, box in boxes.items()} == {
        "q": f"{ADDRESS}?field=q",
        "near": f"{ADDRESS}?field=near",
    }
    assert not any(box.get("role") or box.get("aria-expanded") for box in boxes.values())
