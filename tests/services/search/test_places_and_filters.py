"""Circles, orders, filters, advice, and values that cannot be used."""

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.lib.geography import EARTH_RADIUS_M, METRES_PER_MILE, Point, chord_m, chord_squared
from directory.models import Check, Claim, PracticePlace
from directory.services import indexing, search
from directory.services.search import Answer, Asked, Facet, Sort
from tests.factories import CheckFactory, ClaimFactory, make_practitioner

SITE = search.Site(("GB", "IE"), "mi", pairs_concerns=True)
DAY = dt.date(2026, 11, 20)
BRIGHTON = Point(50.8284, -0.1395)


def ask(**parameters: str | list[str]) -> Asked:
    given = {name: [value] if isinstance(value, str) else value for name, value in parameters.items()}
    return search.understand(given, DAY, SITE)


def find(**parameters: str | list[str]) -> Answer:
    return search.find(ask(**parameters).criteria)


def ids(results: Answer) -> list[int]:
    return [hit.practitioner_id for hit in results.hits]


def north_of_brighton(kilometres: float) -> Point:
    return Point(BRIGHTON.latitude + kilometres / 111.195, BRIGHTON.longitude)


def test_a_circle_is_true_and_near_comes_before_far(session: Session) -> None:
    far = make_practitioner(at=north_of_brighton(14))
    near = make_practitioner(at=north_of_brighton(3))
    make_practitioner(at=north_of_brighton(30))
    assert ids(find(near="Brighton", within="10mi")) == [near.id, far.id]


@settings(max_examples=60)
@given(st.floats(-60, 70), st.floats(-179, 179), st.floats(-60, 70), st.floats(-179, 179), st.floats(1_000, 2_000_000))
def test_inside_the_circle_means_what_the_haversine_says(
    a_lat: float, a_lng: float, b_lat: float, b_lng: float, radius: float
) -> None:
    a, b = Point(a_lat, a_lng), Point(b_lat, b_lng)
    half = math.sin(math.radians(b.latitude - a.latitude) / 2) ** 2
    half += (
        math.cos(math.radians(a.latitude))
        * math.cos(math.radians(b.latitude))
        * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    )
    true_distance = 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(half, 1)))
    inside = chord_squared(a, b) <= chord_m(radius) ** 2
    assert inside == (true_distance <= radius) or abs(true_distance - radius) < 5


def test_the_nearest_of_several_places_counts(session: Session) -> None:
    person = make_practitioner(at=north_of_brighton(500))
    second = PracticePlace(town="Brighton", country="GB")
    second.put_at(BRIGHTON)
    person.places.append(second)
    session.flush()
    results = find(near="Brighton", within="5mi")
    assert ids(results) == [person.id]
    assert math.sqrt(results.hits[0].chord_squared or 0) < 2_000


def test_any_distance_finds_everybody_and_those_without_a_place_last(session: Session) -> None:
    online = make_practitioner(town=None, at=None)
    near = make_practitioner()
    assert ids(find(near="Brighton", within="any")) == [near.id, online.id]
    assert ids(find(near="Brighton", within="15mi")) == [near.id]


@pytest.mark.parametrize(
    ("typed", "metres"),
    [
        ("10mi", 10 * METRES_PER_MILE),
        ("10", 10 * METRES_PER_MILE),
        ("16km", 16_000),
        ("16 km", 16_000),
        ("2.5 miles", 2.5 * METRES_PER_MILE),
        ("", 15 * METRES_PER_MILE),
    ],
)
def test_the_radius_is_the_one_that_was_typed(session: Session, typed: str, metres: float) -> None:
    asked = ask(near="Brighton", within=typed)
    assert asked.criteria.radius_m == pytest.approx(metres)
    assert not asked.notices


@pytest.mark.parametrize("typed", ["-5", "far", "0", "999999mi", "1e9", "٣mi"])
def test_a_distance_that_cannot_be_read_is_named(session: Session, typed: str) -> None:
    asked = ask(near="Brighton", within=typed)
    assert asked.criteria.within == "15mi"
    assert len(asked.notices) == 1


def test_kilometres_are_usual_where_the_site_says_so(session: Session) -> None:
    asked = search.understand(
        {"near": ["Dublin"], "within": ["10"]}, DAY, search.Site(("IE",), "km", pairs_concerns=True)
    )
    assert asked.criteria.radius_m == 10_000
    assert search.distances("km")[0][0] == "5km"


def test_several_towns_of_a_name_are_asked_about(session: Session) -> None:
    asked = ask(near="Newport")
    assert asked.criteria.spot is None
    assert len(asked.choices) > 3
    assert ask(near="Newport, Wales").criteria.spot is not None


def test_the_less_likely_town_of_a_name_is_offered(session: Session) -> None:
    asked = ask(near="Newport, Wales")
    assert asked.notices[0].parameters[-1][0] == "near"


def test_a_mistyped_town_is_guessed(session: Session) -> None:
    asked = ask(near="Brigton", modality="shiatsu")
    assert asked.notices[0].parameters == (("modality", "shiatsu"), ("near", "Brighton, England"))


def test_an_unknown_town_is_named(session: Session) -> None:
    asked = ask(near="Xqzw")
    assert asked.criteria.spot is None
    assert "postcode" in asked.notices[0].message.text


def test_few_results_say_how_wide_to_go(session: Session) -> None:
    for kilometres in (3, 40, 41, 42, 43, 44):
        make_practitioner(at=north_of_brighton(kilometres))
    criteria = ask(near="Brighton", within="5mi").criteria
    wider = search.widen(criteria, search.find(criteria).total, "mi")
    assert wider is not None
    assert (wider.criteria.within, wider.total) == ("30mi", 6)
    assert search.widen(wider.criteria, wider.total, "mi") is None


def test_an_empty_result_says_what_to_loosen(session: Session) -> None:
    make_practitioner(modalities=("shiatsu",))
    criteria = ask(q="shiatsu", near="Leeds", within="5mi", modality="shiatsu").criteria
    assert [(one.drops, one.total) for one in search.loosen(criteria)] == [("place", 1)]
    both = ask(near="Leeds", within="5mi", modality="reflexology").criteria
    assert [(one.drops, one.total) for one in search.loosen(both)] == [("filters-and-place", 1)]


def test_a_modality_includes_its_own_forms(session: Session) -> None:
    watsu = make_practitioner(modalities=("watsu",))
    make_practitioner(modalities=("reflexology",))
    results = find(modality="shiatsu")
    assert ids(results) == [watsu.id]
    assert results.counts[Facet.MODALITY]["shiatsu"] == 1


def claim(person_id: int, body: str, *, confirmed: bool) -> tuple[Claim, Check | None]:
    made = ClaimFactory(practitioner_id=person_id, body_id=body)
    check = CheckFactory(practitioner_id=person_id, body_id=body) if confirmed else None
    indexing.refresh([person_id])
    return made, check


def test_body_with_status_means_one_and_the_same_claim(session: Session) -> None:
    one, other = make_practitioner(), make_practitioner()
    claim(one.id, "uk-shiatsu-society", confirmed=True)
    claim(other.id, "uk-shiatsu-society", confirmed=False)
    claim(other.id, "uk-cnhc", confirmed=True)
    assert ids(find(body="uk-shiatsu-society", status="checked")) == [one.id]
    counts = find(body="uk-shiatsu-society").counts[Facet.STATUS]
    assert counts == {"checked": 1, "self-reported": 1}
    assert find(status="checked").counts[Facet.BODY] == {"uk-shiatsu-society": 1, "uk-cnhc": 1}


def test_a_status_lapses_in_search_without_anybody_acting(session: Session) -> None:
    person = make_practitioner()
    claim(person.id, "uk-shiatsu-society", confirmed=True)
    for day, status in ((dt.date(2027, 3, 31), "checked"), (dt.date(2027, 4, 1), "check-due")):
        results = search.find(search.understand({"status": [status]}, day, SITE).criteria)
        assert ids(results) == [person.id]


def test_states_no_membership_can_be_asked_for(session: Session) -> None:
    without, with_one = make_practitioner(), make_practitioner()
    claim(with_one.id, "uk-cnhc", confirmed=False)
    results = find(status="none")
    assert ids(results) == [without.id]
    assert results.counts[Facet.STATUS]["none"] == 1
    assert set(ids(find(status=["none", "self-reported"]))) == {without.id, with_one.id}
    assert find(status="none", body="uk-cnhc").total == 0
    assert find(status="none").counts[Facet.BODY] == {}


def test_several_values_of_a_filter_are_alternatives(session: Session) -> None:
    make_practitioner(languages=("en",))
    make_practitioner(languages=("cy", "pl"))
    make_practitioner(languages=("de",))
    assert find(language=["cy", "de"]).total == 2


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("modality", "levitation"),
        ("status", "brilliant"),
        ("price", "cheap"),
        ("language", "<script>"),
        ("body", "no-such-body"),
        ("sort", "best"),
        ("sort", "distance"),
        ("page", "99999999999999999999"),
        ("page", "-1"),
        ("page", "٣"),
        ("colour", "red"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_left_out(session: Session, parameter: str, value: str) -> None:
    make_practitioner()
    asked = ask(**{parameter: value})
    assert len(asked.notices) == 1
    assert search.find(asked.criteria).total == 1


def test_at_most_twelve_values_of_a_filter_are_taken(session: Session) -> None:
    asked = ask(language=[f"{letter}a" for letter in "abcdefghijklmnop"])
    assert len(asked.criteria.filters[Facet.LANGUAGE]) == 12
    assert asked.notices


def test_the_address_of_a_search_gives_the_same_search(session: Session) -> None:
    asked = ask(q="shiatsu", near="bn1", within="7", modality=["shiatsu", "massage"], sort="name", status="checked")
    again: dict[str, list[str]] = {}
    for name, value in asked.criteria.parameters:
        again.setdefault(name, []).append(value)
    assert search.understand(again, DAY, SITE).criteria == asked.criteria


def test_orders_that_were_chosen_stay_and_usual_ones_change(session: Session) -> None:
    usual = ask(near="Brighton").criteria
    assert usual.sort is Sort.DISTANCE
    assert usual.changed(spot=None).sort is Sort.SHUFFLE
    by_name = ask(near="Brighton", sort="name").criteria
    assert by_name.changed(spot=None).sort is Sort.NAME


def test_names_are_sorted_without_regard_to_accents_and_case(session: Session) -> None:
    made = [make_practitioner(name=name).id for name in ("Zoë Ash", "Émile Bee", "eve Cord", "Ömer Dale")]
    assert ids(find(sort="name")) == [made[1], made[2], made[3], made[0]]


def test_a_region_is_understood_without_a_comma(session: Session) -> None:
    spot = ask(near="Newport Wales").criteria.spot
    assert spot is not None
    assert spot.region == "Wales"


def test_a_postcode_that_does_not_exist_is_named(session: Session) -> None:
    assert "postcode" in ask(near="ZZ9 9ZZ").notices[0].message.text


def test_all_filters_at_once_are_counted(session: Session) -> None:
    person = make_practitioner(
        gender="woman", pressure_from=1, pressure_to=2, access_chair=True, hour_pounds=50, visits_theirs=True
    )
    results = find(
        gender="woman", pressure="light", access="chair", price="middle", visit="theirs", accepting="yes", near="BN1"
    )
    assert ids(results) == [person.id]
    assert results.counts[Facet.GENDER]["woman"] == 1


def test_a_letter_beside_a_town_is_no_method(session: Session) -> None:
    assert ask(q="s Brighton").criteria.words == "s Brighton"
