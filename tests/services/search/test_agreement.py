"""Counts equal lists, and both databases agree, in sets, counts and order, for whatever is asked."""

import datetime as dt
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from directory.app import create_app
from directory.db import db
from directory.lib import clock
from directory.models import Accepting, Access, Gender, Pressure, PriceBand, Status, Visit
from directory.services import search
from directory.services.search import Answer, Criteria, Facet, engine
from tests import postgres
from tests.conftest import command, make_settings

# Both sites are made once: the tests of this file stay in one process.
pytestmark = pytest.mark.xdist_group("agreement")

LISTINGS = 400
QUERIES = 300
# fmt: off
WORDS = [
    "", "", "", "shiatsu", "smith", "o'brien", "deep tissue", "acupressure massage", "指圧", "zen shi", "a", "mcd",
    "studio", "stress", "lower back", "mrss", "brighton", "leeds", "Müller", "sarah j", "-x", "AND", '"', "massage the",
]
# fmt: on
PLACES = ["", "", "", "Brighton", "Leeds", "BS6", "Newport, Wales", "London", "Dublin", "Hebden Bridge", "53.5,-2.2"]
WITHIN = ["", "5mi", "15mi", "60mi", "100km", "any"]
VALUES: dict[str, list[str]] = {
    "status": [*Status, search.NO_CLAIM],
    "body": ["uk-shiatsu-society", "uk-cnhc", "uk-fht", "ie-ssi"],
    "modality": ["shiatsu", "zen-shiatsu", "massage", "reflexology", "deep-tissue-massage", "mindfulness"],
    "concern": ["lower-back-pain", "stress", "sleep"],
    "visit": list(Visit),
    "language": ["en", "cy", "pl", "de", "bfi"],
    "price": list(PriceBand),
    "gender": list(Gender),
    "pressure": list(Pressure),
    "access": list(Access),
    "accepting": list(Accepting),
}
SITE = search.Site(("GB", "IE", "IM", "JE", "GG"), "mi", pairs_concerns=True)


def random_parameters(source: random.Random) -> dict[str, list[str]]:
    asked = {"q": [source.choice(WORDS)], "near": [source.choice(PLACES)], "within": [source.choice(WITHIN)]}
    for name in source.sample(sorted(VALUES), source.choice([0, 0, 1, 1, 2, 3])):
        asked[name] = source.sample(VALUES[name], source.randint(1, 2))
    if source.random() < 0.3:
        asked["sort"] = [source.choice(["name", "relevance", "distance"])]
    return asked


@pytest.fixture(scope="module")
def sites(
    seeded_sqlite: Path,
    seeded_postgresql: str,
    postgres_server: postgres.Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[Flask]]:
    """The same invented people on both databases."""
    path = tmp_path_factory.mktemp("agreement") / "directory.sqlite3"
    shutil.copy(seeded_sqlite, path)
    urls = [f"sqlite:///{path}", postgres_server.url(postgres_server.create("agreement", seeded_postgresql))]
    made = []
    for url in urls:
        folder = tmp_path_factory.mktemp("site")
        loaded = command("demo", "load", "--listings", str(LISTINGS), folder=folder, url=url)
        assert loaded.returncode == 0, loaded.stderr
        made.append(create_app(make_settings(folder, url)))
    yield made
    for site in made:
        with site.app_context():
            db.engine.dispose()


def answer(site: Flask, parameters: dict[str, list[str]], day: dt.date) -> tuple[Criteria, Answer]:
    with site.app_context():
        criteria = search.understand(parameters, day, SITE).criteria
        return criteria, search.find(criteria)


def everybody(site: Flask, criteria: Criteria) -> list[int]:
    """All that a search finds, page after page."""
    with site.app_context():
        found: list[int] = []
        while len(page := engine.answer(replace(criteria, page=len(found) // 20 + 1)).hits) == 20:
            found += [hit.practitioner_id for hit in page]
        return found + [hit.practitioner_id for hit in page]


def test_both_databases_agree_in_set_count_and_order(sites: list[Flask]) -> None:
    source = random.Random(1)
    day = clock.today(make_settings(Path("/nowhere"), "").zone)
    totals = []
    for _ in range(QUERIES):
        parameters = random_parameters(source)
        (criteria, first), (other, second) = (answer(site, parameters, day) for site in sites)
        assert criteria == other, parameters
        assert first.total == second.total, parameters
        assert first.hits == second.hits, parameters
        for facet, counts in first.counts.items():
            theirs = second.counts[facet]
            assert {k: v for k, v in counts.items() if v} == {k: v for k, v in theirs.items() if v}, (facet, parameters)
        totals.append(first.total)
    # The questions must not be so hard that nothing is compared.
    assert sum(total > 0 for total in totals) > QUERIES / 3


def test_a_count_equals_the_list_that_its_click_gives(sites: list[Flask]) -> None:
    source = random.Random(2)
    day = clock.today(make_settings(Path("/nowhere"), "").zone)
    site = sites[0]
    compared = 0
    for _ in range(QUERIES):
        criteria, results = answer(site, random_parameters(source), day)
        assert len(everybody(site, criteria)) == results.total
        with site.app_context():
            facet = source.choice(sorted(results.counts))
            for value, number in source.sample(
                sorted(results.counts[facet].items()), min(3, len(results.counts[facet]))
            ):
                click = replace(criteria, filters={**criteria.filters, facet: (value,)})
                assert engine.count(click) == number, (criteria, facet, value)
                compared += 1
    assert compared > QUERIES


def test_every_list_has_nobody_twice(sites: list[Flask]) -> None:
    day = clock.today(make_settings(Path("/nowhere"), "").zone)
    for parameters in ({}, {"near": ["London"], "within": ["any"]}, {"q": ["shiatsu"]}, {"sort": ["name"]}):
        criteria, results = answer(sites[0], parameters, day)
        found = everybody(sites[0], criteria)
        assert len(found) == len(set(found)) == results.total


def test_the_day_changes_the_order_for_everybody_alike(sites: list[Flask]) -> None:
    day = clock.today(make_settings(Path("/nowhere"), "").zone)
    orders = [
        [hit.practitioner_id for hit in answer(site, {}, when)[1].hits]
        for when in (day, day + dt.timedelta(days=1))
        for site in sites
    ]
    assert orders[0] == orders[1]
    assert orders[2] == orders[3]
    assert orders[0] != orders[2]


def test_facets_other_than_its_own_narrow_a_count(sites: list[Flask]) -> None:
    day = clock.today(make_settings(Path("/nowhere"), "").zone)
    _, open_to_all = answer(sites[0], {}, day)
    _, checked = answer(sites[0], {"status": ["checked"]}, day)
    assert checked.counts[Facet.STATUS] == open_to_all.counts[Facet.STATUS]
    assert checked.counts[Facet.MODALITY]["shiatsu"] < open_to_all.counts[Facet.MODALITY]["shiatsu"]
