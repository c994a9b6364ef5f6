"""A search narrowed to those whom a circle recommends: the same by both engines, in the order that it has anyway."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db, set_mode
from directory.models import ListingState, Practitioner
from directory.services import search
from directory.services.search import Criteria, Facet, engine, plain_sql
from tests import sites
from tests.conftest import Inhabited, inhabited_url, make_settings, sqlite_only
from tests.factories import make_practitioner
from tests.services.search import asking

SITE = search.Site(("GB", "IE"), "mi", pairs_concerns=True)
DAY = dt.date(2026, 11, 20)


def ask(known: frozenset[int] | None, /, **parameters: str) -> search.Asked:
    return search.understand({name: [value] for name, value in parameters.items()}, DAY, SITE, known)


def ids(criteria: Criteria) -> list[int]:
    return [hit.practitioner_id for hit in search.find(criteria).hits]


@pytest.fixture
def people(session: Session) -> list[Practitioner]:
    made = [make_practitioner(modalities=("shiatsu",)) for _ in range(4)]
    made.append(make_practitioner(modalities=("reflexology",)))
    made.append(make_practitioner(state=ListingState.HIDDEN))
    session.commit()
    return made


def test_a_circle_narrows_the_list_and_its_counts_and_leaves_the_order(people: list[Practitioner]) -> None:
    circle = frozenset(one.id for one in (people[0], people[2], people[4], people[5])) | {999_999}
    whole, asked = ids(ask(circle).criteria), ask(circle, circle="yes")
    assert ids(asked.criteria) == [id_ for id_ in whole if id_ in circle]
    answer = search.find(asked.criteria)
    assert answer.total == search.count(asked.criteria) == 3
    assert answer.counts[Facet.MODALITY]["shiatsu"] == 2
    assert search.find(ask(circle, circle="yes", modality="shiatsu").criteria).total == 2
    assert search.find(ask(circle, circle="yes", near="Brighton").criteria).total == 3


def test_an_empty_circle_finds_nobody_and_says_where_to_look(people: list[Practitioner]) -> None:
    criteria = ask(frozenset(), circle="yes").criteria
    assert search.find(criteria).total == 0
    (beyond,) = search.loosen(criteria)
    assert (beyond.drops, beyond.total, beyond.criteria.among) == ("circle", 5, None)


@sqlite_only
def test_an_address_keeps_that_a_search_is_narrowed_and_not_to_whom(people: list[Practitioner]) -> None:
    criteria = ask(frozenset({people[0].id}), circle="yes", q="wren").criteria
    assert criteria.parameters == [("q", "wren"), ("circle", "yes")]
    assert criteria.changed(among=None).parameters == [("q", "wren")]


@sqlite_only
def test_who_is_not_signed_in_sees_everybody_and_is_told(people: list[Practitioner]) -> None:
    asked = ask(None, circle="yes")
    assert asked.criteria == ask(None).criteria
    assert "signed in" in asked.notices[0].message.text
    assert "circle=no" in str(ask(frozenset(), circle="no").notices[0].message.values)
    assert ask(None, circle="no").criteria == ask(None).criteria


@pytest.fixture
def site(
    backend: str, inhabited: Inhabited, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("circles")
    with sites.made(make_settings(folder, inhabited_url(backend, inhabited, request, folder))) as made:
        yield made


@pytest.mark.parametrize("questions", [15, pytest.param(1_000, marks=pytest.mark.soak)])
def test_whatever_is_asked_both_engines_say_the_same_of_a_circle(site: Flask, questions: int) -> None:
    source, day, somebody = random.Random(7), asking.today(), 0
    with site.app_context():
        everybody = list(db.session.scalars(select(Practitioner.id)))
        for _ in range(questions):
            set_mode("reading")
            circle = frozenset(source.sample(everybody, source.choice([0, 5, 60, 250])))
            open_to_all = search.understand(asking.random_parameters(source), day, asking.SITE).criteria
            asked = replace(open_to_all, among=circle)
            quick, plain = engine.answer(asked), plain_sql.answer(asked)
            assert quick.hits == () or quick.hits[0].edition is not None, "it was not the copy that answered"
            assert (quick.total, quick.hits) == (plain.total, plain.hits), asked
            assert asking.counted(quick) == asking.counted(plain), asked
            assert engine.count(asked) == plain.total
            assert {hit.practitioner_id for hit in quick.hits} <= circle
            somebody += bool(quick.total)
            db.session.rollback()
        set_mode("writing")
    assert somebody > questions / 10
