"""What finds whom, by words."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import ListingState, Practitioner
from directory.services import search
from directory.services.search import Answer
from tests.factories import make_practitioner

SITE = search.Site(("GB", "IE"), "mi", pairs_concerns=True)
DAY = dt.date(2026, 11, 20)


def find(**parameters: str) -> Answer:
    # In a transaction of its own, as every page is.
    db.session.commit()
    given = {name: [value] for name, value in parameters.items()}
    return search.find(search.understand(given, DAY, SITE).criteria)


def finds(person: Practitioner, typed: str) -> bool:
    return person.id in [hit.practitioner_id for hit in find(q=typed).hits]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Siobhán O’Brien", "o'brien"),
        ("Siobhán O’Brien", "OBRIEN"),
        ("Siobhán O’Brien", "siobhan o brien"),
        ("Anne-Marie Lloyd", "anne marie lloyd"),
        ("Anne-Marie Lloyd", "annemarie"),
        ("Anne Marie Lloyd", "anne-marie"),
        ("Fiona MacLean", "mclean"),
        ("Fiona Mc Lean", "maclean"),
        ("Jürgen Müller", "muller"),
        ("Jürgen Müller", "Mueller"),
        ("Łukasz Żak", "lukasz zak"),
        ("田中 美穂", "田中"),
        ("Wren Hallowby", "wren hall"),
        ("Wren Hallowby", "hallowby wren"),
    ],
)
def test_a_name_is_found_however_it_is_typed(session: Session, name: str, typed: str) -> None:
    assert finds(make_practitioner(name=name), typed)


def test_a_former_name_that_is_not_shown_still_finds(session: Session) -> None:
    assert finds(make_practitioner(name="Wren Hallowby", other_names=("Wren Aldermaston",)), "aldermaston")


@pytest.mark.parametrize("typed", ["acupressure massage", "指圧", "shiatzu", "finger pressure"])
def test_another_word_for_a_method_finds_it(session: Session, typed: str) -> None:
    assert finds(make_practitioner(modalities=("shiatsu",)), typed)


def test_sports_massage_is_found_as_deep_tissue_too(session: Session) -> None:
    assert finds(make_practitioner(modalities=("sports-massage",)), "deep tissue")


def test_the_name_as_typed_comes_first(session: Session) -> None:
    make_practitioner(name="Robin Ash Wood", business="Ash Wood Studio")
    make_practitioner(name="Kim Lee", text="I learned from Ash Wood.")
    exact = make_practitioner(name="Ash Wood")
    assert find(q="ash wood").hits[0].practitioner_id == exact.id


def test_a_town_among_the_words_is_understood_as_a_place(session: Session) -> None:
    asked = search.understand({"q": ["shiatsu in Brighton"]}, DAY, SITE)
    assert asked.criteria.words == "shiatsu"
    assert asked.criteria.spot is not None
    assert asked.criteria.spot.name == "Brighton"
    assert asked.notices[0].link_words is not None


def test_a_postcode_typed_as_a_word_is_understood_as_a_place(session: Session) -> None:
    asked = search.understand({"q": ["bn1 4aa"]}, DAY, SITE)
    assert (asked.criteria.words, asked.criteria.spot and asked.criteria.spot.text) == ("", "BN1")


def test_a_town_that_is_somebodys_name_stays_a_word(session: Session) -> None:
    person = make_practitioner(name="Mary Brighton", town=None, at=None)
    assert finds(person, "Brighton")


def test_words_in_quotation_marks_are_no_place(session: Session) -> None:
    asked = search.understand({"q": ['"Brighton"']}, DAY, SITE)
    assert (asked.criteria.words, asked.criteria.spot) == ("Brighton", None)


def test_a_typo_is_guessed(session: Session) -> None:
    make_practitioner(name="Wren Hallowby")
    criteria = search.understand({"q": ["halloby"]}, DAY, SITE).criteria
    assert search.find(criteria).total == 0
    corrected = search.correct(criteria)
    assert corrected is not None
    assert (corrected.criteria.words, corrected.total) == ("hallowby", 1)


def test_a_guess_helps_even_where_filters_find_nobody(session: Session) -> None:
    make_practitioner(name="Wren Hallowby")
    criteria = search.understand({"q": ["halloby"], "gender": ["man"]}, DAY, SITE).criteria
    corrected = search.correct(criteria)
    assert corrected is not None
    assert corrected.criteria.filters == {}


def test_words_that_no_one_has_are_not_guessed_wildly(session: Session) -> None:
    make_practitioner(name="Wren Hallowby")
    assert search.correct(search.understand({"q": ["xqzvkk"]}, DAY, SITE).criteria) is None


@pytest.mark.parametrize(
    "state", [ListingState.DRAFT, ListingState.HIDDEN, ListingState.SUSPENDED, ListingState.WITHDRAWN]
)
def test_a_listing_that_is_not_published_is_not_found(session: Session, state: ListingState) -> None:
    assert not finds(make_practitioner(name="Wren Hallowby", state=state), "hallowby")


def test_a_concern_finds_by_its_words(session: Session) -> None:
    assert finds(make_practitioner(concerns=("lower-back-pain",)), "lumbago")


def test_a_concern_that_needs_a_doctor_finds_nobody(session: Session) -> None:
    assert not finds(make_practitioner(concerns=("headache",)), "migraine")


def test_where_concerns_are_switched_off_their_words_find_nobody(session: Session) -> None:
    make_practitioner(concerns=("lower-back-pain",))
    site = search.Site(("GB",), "mi", pairs_concerns=False)
    asked = search.understand({"q": ["lumbago"], "concern": ["lower-back-pain"]}, DAY, site)
    assert asked.criteria.filters == {}
    assert asked.notices
    assert search.find(asked.criteria).total == 0


def test_germany_pairs_no_concern_with_practitioners(session: Session) -> None:
    german = make_practitioner(concerns=("stress",), country="DE", town="Köln", postcode_area=None)
    british = make_practitioner(concerns=("stress",))
    found = find(concern="stress")
    assert [hit.practitioner_id for hit in found.hits] == [british.id]
    assert found.counts[search.Facet.CONCERN]["stress"] == 1
    assert not finds(german, "overwhelm")


@pytest.mark.parametrize("typed", ['"', "-x", "a:b", "AND", "NEAR(", "*", "'; --", "\\", "😀", "''", "(", "a" * 199])
def test_signs_break_nothing(session: Session, typed: str) -> None:
    make_practitioner()
    assert find(q=typed).total >= 0


def test_a_word_of_signs_alone_finds_nobody_and_says_why(session: Session) -> None:
    make_practitioner()
    asked = search.understand({"q": ["***"]}, DAY, SITE)
    assert search.find(asked.criteria).total == 0
    assert "letters" in asked.notices[0].message.text


def test_words_that_say_nothing_are_left_out(session: Session) -> None:
    assert finds(make_practitioner(), "a shiatsu therapist near me")
    assert finds(make_practitioner(name="Anne The"), "the")


def test_long_questions_are_cut_and_it_is_said(session: Session) -> None:
    asked = search.understand({"q": ["word " * 100]}, DAY, SITE)
    assert len(asked.criteria.words) <= 200
    assert len(asked.criteria.terms) == 8
    assert len(asked.notices) == 2
