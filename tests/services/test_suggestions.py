"""What is suggested while somebody types: found in any spelling, few, and never more than a page would show."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.db import set_mode
from directory.lib.geography import Point
from directory.models import Concern, ListingState, Modality, OtherName, Place, PlaceName, PostcodeArea
from directory.services import gazetteer, indexing, places, search, suggestions
from directory.services.listings import whereabouts
from directory.services.suggestions import Kind, Suggestion
from tests.factories import make_practitioner

SITE = search.Site(("GB", "IE", "IM", "JE", "GG"), "mi", pairs_concerns=True)
TODAY = dt.date(2026, 11, 20)
NOTHING_TOO_MUCH = settings(max_examples=40, derandomize=True)


@contextmanager
def reading() -> Iterator[None]:
    """As on a page: what is made of facts is kept."""
    set_mode("reading")
    try:
        yield
    finally:
        set_mode("writing")


def words(text: str, *, pairs_concerns: bool = True) -> list[Suggestion]:
    return suggestions.for_words(text, pairs_concerns=pairs_concerns)


def people(text: str) -> list[str]:
    return [one.label for one in words(text) if one.kind is Kind.PRACTITIONER]


def place(text: str) -> list[str]:
    with reading():
        return [one.label for one in suggestions.for_place(text, SITE.countries)]


# Methods and concerns


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("acu", [("Acupressure", ""), ("Acupuncture", ""), ("Shiatsu", "acupressure massage")]),
        ("Finger-pr", [("Shiatsu", "finger pressure")]),
        ("指", [("Shiatsu", "指圧")]),
        ("macrob", [("Macrobiotic shiatsu", "")]),
        ("deep tissue", [("Deep tissue massage", ""), ("Sports massage", "deep tissue")]),
        ("tissue deep", [("Deep tissue massage", "")]),
        ("head mass", [("Indian head massage", "")]),
        ("rolf", [("Structural integration", "Rolfing")]),
    ],
)
def test_a_method_is_found_by_any_of_its_names_and_shown_by_its_own(
    typed: str, expected: list[tuple[str, str]]
) -> None:
    found = [(one.label, one.called) for one in words(typed) if one.kind is Kind.MODALITY]
    assert found[: len(expected)] == expected


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("typed", "expected"), [("sore ba", "Lower back pain"), ("insom", "Sleep"), ("BACK", "Lower back pain")]
)
def test_a_concern_is_found_by_what_people_call_it_and_that_is_not_repeated(typed: str, expected: str) -> None:
    first = next(one for one in words(typed) if one.kind is Kind.CONCERN)
    assert (first.label, first.text, first.called) == (expected, expected, "")


@pytest.mark.usefixtures("session")
def test_what_needs_a_doctor_leads_to_its_page_and_fills_no_box() -> None:
    [found] = [one for one in words("headac") if one.kind is not Kind.PRACTITIONER]
    assert (found.kind, found.text, found.id) == (Kind.DOCTOR, "", "headache")


@pytest.mark.usefixtures("session")
def test_where_nobody_is_listed_by_a_concern_none_is_suggested() -> None:
    assert not [one for one in words("lower back", pairs_concerns=False) if one.kind is Kind.CONCERN]
    assert [one.kind for one in words("headac", pairs_concerns=False)] == [Kind.DOCTOR]


@pytest.mark.usefixtures("session")
def test_a_word_inside_of_another_name_does_not_crowd_out_what_begins_so() -> None:
    assert "Comfort during or after cancer treatment" not in [one.label for one in words("mas")]
    assert "Comfort during or after cancer treatment" in [one.label for one in words("oncology")]


def test_whatever_fills_the_box_finds_those_who_are_listed_by_it(session: Session) -> None:
    listed = {
        name: make_practitioner(modalities=(key,), is_indexed=False).id
        for key, name in session.execute(select(Modality.id, Modality.name))
    }
    for concern in session.scalars(select(Concern)):
        if concern.lists_practitioners:
            listed[concern.name] = make_practitioner(modalities=(), concerns=(concern.id,), is_indexed=False).id
    indexing.refresh(list(listed.values()))
    for name, person in listed.items():
        assert name in [one.text for one in words(name)]
        criteria = search.understand({"q": [name]}, TODAY, SITE).criteria
        assert criteria.spot is None, f"{name} is read as a place"
        # On whichever page the order of the day has put them.
        first = search.find(criteria)
        others = (search.find(replace(criteria, page=page)) for page in range(2, first.pages + 1))
        assert person in [hit.practitioner_id for answer in (first, *others) for hit in answer.hits], name


def test_a_fact_that_is_new_is_suggested_at_once(session: Session) -> None:
    assert not words("xylo")
    shiatsu = session.get_one(Modality, "shiatsu")
    session.execute(update(Modality).where(Modality.id == shiatsu.id).values(synonyms=["Xylotherapy"]))
    session.expire_all()
    assert [(one.label, one.called) for one in words("xylo")] == [("Shiatsu", "Xylotherapy")]


# Practitioners


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Siobhán O’Brien", "siobhan o"),
        ("Siobhán O’Brien", "O'B"),
        ("Siobhán O’Brien", "o br"),
        ("Fergus MacDonald", "fergus macd"),
        ("Fergus MacDonald", "mcdona"),
        ("Ursel Müller", "Mueller"),
        ("Ursel Müller", "müller ur"),
        ("Zoë Richardson-Bradley", "zoe richardson-b"),
        ("Zoë Richardson-Bradley", "bradley"),
        ("李明", "李"),
        ("An Nguyễn", "an ng"),
    ],
)
def test_a_person_is_found_by_the_beginning_of_a_name_in_any_spelling(name: str, typed: str) -> None:
    make_practitioner(name=name)
    assert people(typed) == [name]


def test_who_begins_so_comes_first_and_then_by_name(session: Session) -> None:
    for name in ("Zara Marlow", "Marlow Quill", "Anna Marlow", "Marla Finch"):
        make_practitioner(name=name)
    assert people("marl") == ["Marla Finch", "Marlow Quill", "Anna Marlow", "Zara Marlow"]
    assert people("marlow") == ["Marlow Quill", "Anna Marlow", "Zara Marlow"]


def test_a_person_is_told_from_others_of_the_name_by_their_place(session: Session) -> None:
    for town, area in (("Brighton", "BN1"), ("Leeds", "LS1")):
        make_practitioner(name="Wren Hallowby", town=town, postcode_area=area)
    make_practitioner(name="Wren Hallowby", town=None)
    found = [one.place.town if one.place else None for one in words("wren h")]
    assert found == ["Brighton", "Leeds", None]


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("typed", ["w", "W ", "-", "", "  ", "'"])
def test_one_letter_suggests_nobody(typed: str) -> None:
    make_practitioner(name="Wren Hallowby")
    assert people(typed) == []


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("state", [state for state in ListingState if state not in {"published", "changes-waiting"}])
def test_a_listing_that_is_not_public_is_never_suggested(state: ListingState) -> None:
    make_practitioner(name="Wren Hallowby", other_names=("Sorrel Quill",), business="Quiet Hands", state=state)
    for typed in ("wren", "hallowby", "sorrel", "quiet"):
        assert people(typed) == []


def test_a_name_that_is_not_shown_finds_the_person_and_is_never_told(session: Session) -> None:
    made = make_practitioner(name="Wren Hallowby", other_names=("Wren Secretly", "Sorrel Quill"))
    session.execute(update(OtherName).where(OtherName.name == "Wren Secretly").values(is_shown=False))
    session.expire_all()
    indexing.refresh([made.id])
    [found] = words("secre")
    assert (found.label, found.called) == ("Wren Hallowby", "")
    assert "Secretly" not in repr(found)
    assert [one.called for one in words("sorr")] == ["Sorrel Quill"]


def test_a_business_is_suggested_unless_its_word_is_a_method(session: Session) -> None:
    make_practitioner(name="Wren Hallowby", business="Quiet Shiatsu")
    make_practitioner(name="Shira Quill", business=None)
    assert [(one.label, one.called) for one in words("qui") if one.called] == [("Wren Hallowby", "Quiet Shiatsu")]
    assert people("shi") == ["Shira Quill"]


def test_at_most_eight_are_suggested_and_four_of_a_kind(session: Session) -> None:
    for number in range(6):
        make_practitioner(name=f"Stella Hallowby {number}")
    found = [one.kind for one in words("st")]
    assert len(found) == suggestions.MOST
    assert max(found.count(kind) for kind in Kind) <= suggestions.MOST_OF_A_KIND
    assert {Kind.MODALITY, Kind.CONCERN, Kind.PRACTITIONER} <= set(found)
    assert people("stella") == [f"Stella Hallowby {number}" for number in range(4)]


@NOTHING_TOO_MUCH
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=120))
def test_whatever_is_typed_few_are_suggested(session: Session, text: str) -> None:
    found = words(text)
    assert len(found) <= suggestions.MOST
    assert all(bool(one.text) != (one.kind in {Kind.DOCTOR, Kind.PRACTITIONER}) for one in found)
    with reading():
        assert len(suggestions.for_place(text, SITE.countries)) <= suggestions.MOST


# Places


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lond", ["London, England"]),
        ("hull", ["Kingston upon Hull, England"]),
        ("st iv", ["Saint Ives, England (PE27)", "St Ives, England (TR26)"]),
        ("newport, w", ["Newport, Wales (NP10)", "Newport, Wales (SA42)"]),
        ("maccl", ["Macclesfield, England"]),
        ("bs6", ["BS6, Bristol"]),
        ("BS6 5r", ["BS6, Bristol"]),
        ("bs65rh", ["BS6, Bristol"]),
        ("d02 x", ["D02, Dublin"]),
        ("berlin", ["Berlin, DE"]),
    ],
)
def test_a_place_is_found_by_its_beginning(typed: str, expected: list[str]) -> None:
    assert place(typed)[: len(expected)] == expected


@pytest.mark.usefixtures("session")
def test_the_larger_town_comes_first_and_those_of_the_site_before_others() -> None:
    with reading():
        found = places.complete("newp", SITE.countries, 8)
    assert [spot.population for spot in found] == sorted((spot.population for spot in found), reverse=True)
    assert {spot.country for spot in found} <= set(SITE.countries)
    assert place("par") == [one for one in place("par") if not one.endswith("FR")]
    assert "Paris, FR" in [spot.label for spot in places.complete("pari", ("FR",), 4)]


@pytest.mark.usefixtures("session")
def test_two_letters_of_a_postcode_are_followed_by_its_districts() -> None:
    assert place("bs")[-4:] == ["BS0, Bristol", "BS1, Bristol", "BS2, Bristol", "BS3, Bristol"]
    assert place("sw19") == ["SW19, London"]


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("typed", ["", " ", ",", "50.83,-0.14", "x" * 90, "zz9 9zz", "newport, xq", "?!"])
def test_what_begins_no_place_suggests_none(typed: str) -> None:
    assert place(typed) == []


@NOTHING_TOO_MUCH
@given(st.integers(0, 10**6), st.integers(2, 12))
def test_a_chosen_place_is_the_one_that_is_searched(session: Session, which: int, typed: int) -> None:
    known = select(Place.name).where(Place.country.in_(SITE.countries), Place.population > 0).order_by(Place.id)
    with reading():
        names = session.scalars(known).all()
        for spot in places.complete(names[which % len(names)][:typed], SITE.countries, 4):
            if spot.country in SITE.countries:
                found = places.find(spot.text, SITE.countries).spot
                assert found is not None, spot
                assert found.country == spot.country, spot
                assert found.point == spot.point, spot


@NOTHING_TOO_MUCH
@given(st.floats(49, 61), st.floats(-11, 2))
def test_the_nearest_area_is_the_same_in_memory(session: Session, latitude: float, longitude: float) -> None:
    point = Point(latitude, longitude)
    with reading():
        slow, quick = places.nearest_area(point), gazetteer.nearest_area(point)
    assert (slow is None) == (quick is None)
    # The islands stand twice in the data, once with a point of Britain's.
    if slow is not None and quick is not None and quick.country in {"GB", "IE"}:
        assert slow.code == quick.code


@pytest.mark.usefixtures("session")
def test_a_district_of_london_is_not_taken_for_an_irish_one() -> None:
    found = places.find_postcode("W12"), places.find_postcode("W12 7RJ"), places.find_postcode("W12 X2Y3")
    assert [spot.country for spot in found if spot] == ["GB", "GB", "IE"]
    islands = places.find_postcode("GY1")
    assert islands is not None
    assert islands.country == "GG"
    assert place("w12") == ["W12, London"]
    irish = found[2]
    assert irish is not None
    assert irish.town not in {None, "London"}
    assert place("w12 x2y3") == [f"W12, {irish.town}"]
    places_of_work = [whereabouts.find(text, "", SITE.countries).town for text in ("W12 7RJ", "W12 X2Y3")]
    assert places_of_work == ["London", irish.town]


def test_before_there_are_facts_nothing_is_suggested(session: Session) -> None:
    for table in (PlaceName, PostcodeArea):
        session.execute(delete(table))
    assert places.complete("lond", SITE.countries, 4) == []
    assert places.complete("bs6", SITE.countries, 4) == []
    assert gazetteer.nearest_area(Point(51, 0)) is None
