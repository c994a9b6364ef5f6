"""Questions as people ask them, and who should come first."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib.geography import Point
from directory.models import ListingState, Practitioner
from directory.services import search
from tests.conftest import isolated
from tests.factories import make_practitioner
from tests.services.search.conftest import ENGINES, asked_of

SITE = search.Site(("GB", "IE"), "mi", pairs_concerns=True)
DAY = dt.date(2026, 11, 20)
HOVE = Point(50.8279, -0.1688)
LEWES = Point(50.8739, 0.0088)
LEEDS = Point(53.7974, -1.5438)


@pytest.fixture(scope="module")
def people(app: Flask) -> Iterator[Session]:
    """A small town of practitioners, and a few elsewhere; they are only looked for, so they are made once."""
    with isolated(app) as kept:
        make_people()
        kept.commit()
        yield kept


@pytest.fixture(autouse=True, params=ENGINES)
def session(people: Session, request: pytest.FixtureRequest) -> Iterator[Session]:
    with asked_of(request.param):
        yield people


def make_people() -> None:
    make_practitioner(name="Sarah Jones", text="I love the sea.", town="Leeds", postcode_area="LS1", at=LEEDS)
    make_practitioner(name="Sarah Jonesborough", town="Lewes", postcode_area="BN7", at=LEWES)
    make_practitioner(name="Jones Sarah Whitlock")
    make_practitioner(name="Anna Reed", other_names=("Anna Sarah Jones",), town="Hove", postcode_area="BN3", at=HOVE)
    make_practitioner(name="Robin Vale", text="My teacher was Sarah Jones.")
    make_practitioner(name="Tobias Fenwold", modalities=("reflexology",), text="I learned shiatsu, then feet.")
    make_practitioner(name="Shia Tsubaki", modalities=("thai-massage",))
    make_practitioner(name="Ines Shiatsu-Meyer", modalities=("reiki",))
    make_practitioner(name="Mair ap Rhys", business="Hove Shiatsu", town="Hove", postcode_area="BN3", at=HOVE)
    make_practitioner(name="Jürgen Müller", modalities=("reflexology",))
    make_practitioner(name="Muller Greaves", modalities=("reflexology",))
    make_practitioner(name="Siobhán O’Brien", modalities=("reflexology",), town="Leeds", postcode_area="LS1", at=LEEDS)
    make_practitioner(name="Brien Oakes", modalities=("reflexology",))
    make_practitioner(name="Wren Nowhere", modalities=("reflexology",), text="Online only.", town=None, at=None)
    make_practitioner(name="Sarah Jones", state=ListingState.HIDDEN)


def names(**parameters: str) -> list[str]:
    given = {name: [value] for name, value in parameters.items()}
    hits = search.find(search.understand(given, DAY, SITE).criteria).hits
    return [db.session.get_one(Practitioner, hit.practitioner_id).name for hit in hits]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Sarah Jones", ["Sarah Jones"]),
        ("sarah  JONES", ["Sarah Jones"]),
        ("jones sarah whitlock", ["Jones Sarah Whitlock"]),
        ("anna reed", ["Anna Reed"]),
        ("tobias", ["Tobias Fenwold"]),
        ("siobhan o'brien", ["Siobhán O’Brien"]),
        ("obrien", ["Siobhán O’Brien"]),
        ("o brien", ["Siobhán O’Brien"]),
        ("jürgen", ["Jürgen Müller"]),
        ("jurgen mueller", ["Jürgen Müller"]),
        ("hove shiatsu", ["Mair ap Rhys"]),
    ],
)
def test_a_name_that_is_typed_comes_first(typed: str, first: list[str]) -> None:
    assert names(q=f'"{typed}"')[: len(first)] == first


def test_a_name_comes_before_a_name_that_begins_so_and_both_before_a_text(session: Session) -> None:
    found = names(q='"sarah jones"')
    assert found[0] == "Sarah Jones"
    assert set(found[1:4]) == {"Sarah Jonesborough", "Jones Sarah Whitlock", "Anna Reed"}
    assert found[4:] == ["Robin Vale"]


def test_a_method_in_a_name_comes_before_the_method_and_that_before_a_text() -> None:
    found = names(q='"shiatsu"')
    assert set(found[:2]) == {"Ines Shiatsu-Meyer", "Mair ap Rhys"}
    assert found[-1] == "Tobias Fenwold"
    assert set(found[2:-1]) == {"Sarah Jones", "Sarah Jonesborough", "Jones Sarah Whitlock", "Anna Reed", "Robin Vale"}


def test_with_a_place_near_comes_before_far_and_those_without_a_place_last() -> None:
    found = names(near="Hove", within="any")
    assert set(found[:2]) == {"Anna Reed", "Mair ap Rhys"}
    assert found.index("Sarah Jonesborough") < found.index("Siobhán O’Brien")
    assert found[-1] == "Wren Nowhere"


def test_words_and_a_place_give_the_nearest_of_those_who_have_the_words() -> None:
    assert names(q='"jones"', near="Hove", within="15mi")[0] == "Anna Reed"
    assert names(q='"jones"', near="Leeds", within="any")[0] == "Sarah Jones"


def test_with_a_place_the_best_fit_may_come_first_if_that_is_asked_for() -> None:
    found = names(q='"sarah jones"', near="Hove", within="any", sort="relevance")
    assert found[0] == "Sarah Jones"
    assert found[1] == "Anna Reed"
    assert found[-1] == "Robin Vale"


def test_by_name_means_by_the_folded_name_letter_by_letter() -> None:
    found = names(sort="name")
    assert found[:3] == ["Anna Reed", "Brien Oakes", "Ines Shiatsu-Meyer"]
    assert found.index("Jürgen Müller") < found.index("Mair ap Rhys") < found.index("Muller Greaves")
    assert found.index("Sarah Jones") + 1 == found.index("Sarah Jonesborough")


def test_whoever_is_hidden_is_not_among_them() -> None:
    assert names(q='"sarah jones"').count("Sarah Jones") == 1
