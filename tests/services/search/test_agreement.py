"""Counts equal lists, and both databases agree, in sets, counts and order, for whatever is asked."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from flask import Flask

from directory.db import Mode, set_mode
from directory.services import search
from directory.services.search import Answer, Criteria, Facet, engine
from tests.conftest import BACKENDS, Inhabited, inhabited_url, make_settings
from tests.services.search import asking
from tests.sites import made

QUERIES = 200


@pytest.fixture(scope="module")
def sites(
    inhabited: Inhabited, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Flask]]:
    """The same invented people on both databases."""
    with ExitStack() as end:
        both = []
        for backend in BACKENDS:
            folder = tmp_path_factory.mktemp("site")
            settings = make_settings(folder, inhabited_url(backend, inhabited, request, folder))
            both.append(end.enter_context(made(settings)))
        yield both


def answer(
    site: Flask, parameters: dict[str, list[str]], day: dt.date, mode: Mode = "reading"
) -> tuple[Criteria, Answer]:
    """A transaction that may write is answered in plain SQL, one that only reads from the copy in the process."""
    with site.app_context():
        set_mode(mode)
        criteria = search.understand(parameters, day, asking.SITE).criteria
        return criteria, search.find(criteria)


def everybody(site: Flask, criteria: Criteria) -> list[int]:
    """All that a search finds, page after page."""
    with site.app_context():
        set_mode("reading")
        found: list[int] = []
        while len(page := engine.answer(replace(criteria, page=len(found) // 20 + 1)).hits) == 20:
            found += [hit.practitioner_id for hit in page]
        return found + [hit.practitioner_id for hit in page]


@pytest.mark.parametrize("queries", [70, pytest.param(1_000, marks=pytest.mark.soak)])
def test_both_databases_agree_in_set_count_and_order(sites: list[Flask], queries: int) -> None:
    source = random.Random(1)
    day = asking.today()
    totals = []
    modes: tuple[Mode, ...] = ("writing", "reading")
    for _ in range(queries):
        parameters = asking.random_parameters(source)
        given = [answer(site, parameters, day, mode) for site in sites for mode in modes]
        criteria, first = given[0]
        for other, second in given[1:]:
            assert criteria == other, parameters
            assert (first.total, first.hits) == (second.total, second.hits), parameters
            assert asking.counted(first) == asking.counted(second), parameters
        totals.append(first.total)
    # The questions must not be so hard that nothing is compared.
    assert sum(total > 0 for total in totals) > queries / 3


def test_a_count_equals_the_list_that_its_click_gives(sites: list[Flask]) -> None:
    source = random.Random(2)
    day = asking.today()
    site = sites[0]
    compared = 0
    for _ in range(QUERIES):
        criteria, results = answer(site, asking.random_parameters(source), day)
        assert len(everybody(site, criteria)) == results.total
        with site.app_context():
            set_mode("reading")
            facet = source.choice(sorted(results.counts))
            for value, number in source.sample(
                sorted(results.counts[facet].items()), min(3, len(results.counts[facet]))
            ):
                click = replace(criteria, filters={**criteria.filters, facet: (value,)})
                assert engine.count(click) == number, (criteria, facet, value)
                compared += 1
    assert compared > QUERIES


def test_every_list_has_nobody_twice(sites: list[Flask]) -> None:
    day = asking.today()
    for parameters in ({}, {"near": ["London"], "within": ["any"]}, {"q": ["shiatsu"]}, {"sort": ["name"]}):
        criteria, results = answer(sites[0], parameters, day)
        found = everybody(sites[0], criteria)
        assert len(found) == len(set(found)) == results.total


def test_the_day_changes_the_order_for_everybody_alike(sites: list[Flask]) -> None:
    day = asking.today()
    orders = [
        [hit.practitioner_id for hit in answer(site, {}, when)[1].hits]
        for when in (day, day + dt.timedelta(days=1))
        for site in sites
    ]
    assert orders[0] == orders[1]
    assert orders[2] == orders[3]
    assert orders[0] != orders[2]


def test_facets_other_than_its_own_narrow_a_count(sites: list[Flask]) -> None:
    day = asking.today()
    _, open_to_all = answer(sites[0], {}, day)
    _, checked = answer(sites[0], {"status": ["checked"]}, day)
    assert checked.counts[Facet.STATUS] == open_to_all.counts[Facet.STATUS]
    assert checked.counts[Facet.MODALITY]["shiatsu"] < open_to_all.counts[Facet.MODALITY]["shiatsu"]
