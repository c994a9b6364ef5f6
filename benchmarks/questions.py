"""The questions: distinct searches of ten kinds, drawn from the listings that they are asked of.

Words are ordinary ones of the texts, by how many listings have them: three of five, one of twenty, one of ten thousand.
"""

import datetime as dt
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from directory.lib.geography import Point
from directory.models import Accepting, Access, Gender, Pressure, PriceBand, Status, Visit
from directory.services.places import Spot
from directory.services.search.criteria import (
    MAX_PAGE,
    MAX_VALUES,
    NO_CLAIM,
    Criteria,
    Facet,
    Sort,
    parse_words,
)
from directory.services.search.understanding import MAX_WITHIN_M

SEED = 7
BANDS = {"common": (0.4, 0.8), "middling": (0.03, 0.08), "rare": (0.0, 0.0002)}
TOWNS = 400
PAGES = 4  # of everybody, whose counts are always the same
FIXED_VALUES: dict[Facet, list[str]] = {
    Facet.STATUS: [*Status, NO_CLAIM],
    Facet.VISIT: list(Visit),
    Facet.PRICE: list(PriceBand),
    Facet.ACCESS: list(Access),
    Facet.PRESSURE: list(Pressure),
    Facet.GENDER: list(Gender),
    Facet.ACCEPTING: list(Accepting),
}


@dataclass(frozen=True)
class Question:
    """A search of one kind."""

    kind: str
    criteria: Criteria

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal questions."""
        return (*self.parameters,)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The same search as a page takes it. In quotation marks a word is never read as a town."""
        page = [("page", str(self.criteria.page))] if self.criteria.page > 1 else []
        pairs = [(name, f'"{value}"' if name == "q" else value) for name, value in self.criteria.parameters]
        return [*pairs, *page]


@dataclass(frozen=True)
class Stock:
    """What questions are made of."""

    day: dt.date
    words: dict[str, list[str]]
    names: list[str]
    spots: list[Spot]
    values: dict[Facet, list[str]]


def read_stock(database: Path, day: dt.date) -> Stock:
    """What the listings of a SQLite database can be asked for."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.execute("create virtual table temp.vocabulary using fts5vocab('main', 'search_fts', 'row')")
        number = connection.execute("select count(*) from practitioner").fetchone()[0]
        found = connection.execute("select term, doc from temp.vocabulary order by term").fetchall()
        telling = [(word, held / number) for word, held in found if word.isascii() and len(word) > 3 and _tells(word)]
        words = {
            band: [word for word, share in telling if low < share <= max(high, 1 / number)]
            for band, (low, high) in BANDS.items()
        }
        names = [row[0] for row in connection.execute("select distinct name from practitioner order by id limit 2000")]
        values = {
            Facet.MODALITY: _column(connection, "select distinct modality_id from training order by 1"),
            Facet.CONCERN: _column(connection, "select distinct concern_id from works_with order by 1"),
            Facet.LANGUAGE: _column(connection, "select distinct language from speaks order by 1"),
            Facet.BODY: _column(connection, "select distinct body_id from claim_span where body_id <> '' order by 1"),
        }
        towns = connection.execute(
            "select name, latitude, longitude from place where country in ('GB', 'IE') order by population desc, id"
            f" limit {TOWNS}"
        )
        spots = [_spot(*row) for row in towns]
    fixed = {facet: [str(value) for value in given] for facet, given in FIXED_VALUES.items()}
    return Stock(day, words, names, spots, {**values, **fixed})


def draw(stock: Stock, number: int, seed: int = SEED, but: frozenset[object] = frozenset()) -> list[Question]:
    """About `number` distinct questions, of all kinds in turn, none of which has its key in `but`."""
    source = random.Random(seed)
    found: dict[object, Question] = {}
    exhausted: set[str] = set()
    while len(found) < number and len(exhausted) < len(KINDS):
        for kind, make in KINDS.items():
            question = next(_fresh(kind, make, stock, source, but | found.keys()), None)
            if question is None:
                exhausted.add(kind)
            else:
                found[question.key] = question
    questions = list(found.values())[:number]
    source.shuffle(questions)
    return questions


def _fresh(
    kind: str, make: "Maker", stock: Stock, source: random.Random, known: frozenset[object] | set[object]
) -> Iterator[Question]:
    for _ in range(20):
        criteria = make(stock, source)
        question = Question(
            kind, criteria if criteria.sort is Sort.NAME else replace(criteria, sort=criteria.usual_sort)
        )
        if question.key not in known:
            yield question


def _tells(word: str) -> bool:
    return parse_words(f"{word} shiatsu")[0] == ((word,),)


def _column(connection: sqlite3.Connection, query: str) -> list[str]:
    return [row[0] for row in connection.execute(query)]


def _spot(name: str, latitude: float, longitude: float) -> Spot:
    """As if somebody had typed the numbers."""
    point = Point(round(latitude, 4), round(longitude, 4))
    return Spot("here", name, f"{point.latitude},{point.longitude}", point)


def worst(stock: Stock) -> list[Question]:
    """The dearest that may be asked: eight words, the widest circle, all filters with twelve values, the last page."""
    words = ["", " ".join(stock.words["common"][:7]) + " sh", "sh", " ".join(["shi-at ma-ss re-fl ac-up"] * 2)]
    near: dict[str, Any] = {
        "spot": stock.spots[0],
        "radius_m": float(MAX_WITHIN_M),
        "within": f"{MAX_WITHIN_M // 1000}km",
    }
    some = {facet: tuple(sorted(values[:MAX_VALUES])) for facet, values in stock.values.items()}
    everything = {facet: some[facet] for facet in Facet}
    found = []
    for text, place, filters, page in product(words, ({}, near), ({}, everything), (1, MAX_PAGE)):
        asked = replace(_plain(stock, words=text, filters=filters, page=page), **place)
        orders = {asked.usual_sort, Sort.NAME, *([Sort.RELEVANCE] if text else [])}
        found += [Question("worst", replace(asked, sort=order)) for order in sorted(orders)]
    return found


# ---- kinds ----

Maker = Callable[[Stock, random.Random], Criteria]


def _plain(stock: Stock, **asked: Any) -> Criteria:
    return replace(Criteria(day=stock.day), **asked)


def _near(stock: Stock, source: random.Random, *kilometres: int) -> dict[str, Any]:
    chosen = source.choice(kilometres)
    return {"spot": source.choice(stock.spots), "radius_m": chosen * 1000.0, "within": f"{chosen}km"}


def _values(stock: Stock, source: random.Random, *facets: Facet) -> dict[Facet, tuple[str, ...]]:
    return {facet: (source.choice(stock.values[facet]),) for facet in facets}


def _everybody(stock: Stock, source: random.Random) -> Criteria:
    return _plain(stock, page=source.randint(1, PAGES))


def _filters(stock: Stock, source: random.Random) -> Criteria:
    chosen = source.sample(list(Facet), source.choice((1, 2, 2, 3, 4)))
    filters = _values(stock, source, *chosen)
    if Facet.STATUS in filters and filters[Facet.STATUS] == (NO_CLAIM,):
        filters.pop(Facet.BODY, None)
    if Facet.MODALITY in filters and source.random() < 0.3:
        filters[Facet.MODALITY] = tuple(sorted(source.sample(stock.values[Facet.MODALITY], 3)))
    sort = Sort.NAME if source.random() < 0.2 else Sort.SHUFFLE
    return _plain(stock, filters={facet: filters[facet] for facet in Facet if facet in filters}, sort=sort)


def _word(band: str) -> Maker:
    return lambda stock, source: _plain(stock, words=source.choice(stock.words[band]))


def _word_and_status(stock: Stock, source: random.Random) -> Criteria:
    return replace(_word("middling")(stock, source), filters=_values(stock, source, Facet.STATUS))


def _circle(stock: Stock, source: random.Random) -> Criteria:
    return _plain(stock, **_near(stock, source, 50, 80, 110), filters=_values(stock, source, Facet.MODALITY))


def _narrow(stock: Stock, source: random.Random) -> Criteria:
    asked = (Facet.STATUS, Facet.MODALITY, Facet.CONCERN, Facet.VISIT)
    return _plain(stock, **_near(stock, source, 15, 25), filters=_values(stock, source, *asked))


def _beginning(stock: Stock, source: random.Random) -> Criteria:
    return _plain(stock, **_near(stock, source, 30, 40), words=source.choice(stock.names).lower()[:4].strip())


def _two_words(stock: Stock, source: random.Random) -> Criteria:
    words = f"{source.choice(stock.words['middling'])} {source.choice(stock.words['common'])}"
    return _plain(stock, words=words, filters=_values(stock, source, Facet.MODALITY))


def _name(stock: Stock, source: random.Random) -> Criteria:
    return _plain(stock, words=source.choice(stock.names).lower())


KINDS: dict[str, Maker] = {
    "everybody": _everybody,
    "filters": _filters,
    "common word": _word("common"),
    "word": _word("middling"),
    "word and status": _word_and_status,
    "rare word": _word("rare"),
    "circle and method": _circle,
    "narrow": _narrow,
    "beginning and circle": _beginning,
    "two words and method": _two_words,
    "name": _name,
}
