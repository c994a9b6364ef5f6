"""The names of all places, and the postcode areas, in memory: what begins so, and what is nearest, without a query."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from directory.db import db
from directory.lib.geography import Point
from directory.models import Place, PlaceName, PostcodeArea
from directory.services import copies

Numbers = np.ndarray[Any, np.dtype[Any]]

# Of two places that begin alike, one is found by its own name, the other by a name that it also has: that counts less.
OTHER_NAME_FACTOR = 20
LONG_ENOUGH = 4  # fewer letters begin too many names of places abroad
BOX_DEGREES = 0.4
PAGE = 10_000
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Area:
    """An outward postcode, or an Irish routing key."""

    country: str
    code: str
    point: Point
    town: str | None
    region: str | None


@dataclass(frozen=True)
class Likely:
    """A place that may be meant, and its own name, folded."""

    place_id: int
    folded: str
    country: str


@dataclass(frozen=True)
class _Names:
    """Every name of every place, in the order of the folded names. `own` is the row of the place's own name."""

    folded: list[str]
    place_ids: Numbers
    own: Numbers
    importance: Numbers
    country: Numbers
    countries: tuple[str, ...]


def beginning(folded: Collection[str], countries: Collection[str], most: int) -> list[Likely]:
    """Places with a name that begins in one of these ways: those in `countries` first, the larger first."""
    names = _names()
    spans = [(bisect_left(names.folded, one), bisect_left(names.folded, one + _LAST)) for one in folded]
    rows = np.concatenate([np.arange(*span) for span in spans]) if spans else np.arange(0)
    is_home = np.array([code in countries for code in names.countries], dtype=bool)[names.country[rows]]
    if all(len(one) < LONG_ENOUGH and one.isascii() for one in folded):
        rows, is_home = rows[is_home], is_home[is_home]
    if not len(rows):
        return []
    rank = names.importance[rows] + np.where(is_home, np.int64(1) << 32, 0)
    # A place has several names, so more rows are looked at than places are wanted.
    wanted = min(len(rows), most * 8)
    best = np.argpartition(-rank, wanted - 1)[:wanted]
    found: dict[int, Likely] = {}
    for row in rows[best[np.lexsort((names.place_ids[rows[best]], -rank[best]))]].tolist():
        key = int(names.place_ids[row])
        found.setdefault(key, Likely(key, names.folded[names.own[row]], names.countries[names.country[row]]))
    return list(found.values())[:most]


def areas_beginning(code: str, countries: Collection[str], most: int) -> list[Area]:
    """Areas whose code begins so: those in `countries` first, the shorter first."""
    found = [area for key, area in areas().items() if key.startswith(code)]
    found.sort(key=lambda area: (area.country not in countries, len(area.code), area.code))
    return found[:most]


def order(area: Area | PostcodeArea) -> tuple[bool, bool]:
    """Of two areas with one code the later is meant: of the islands rather than British, British rather than Irish."""
    return area.country != "IE", area.country != "GB"


@copies.of_facts
def areas() -> Mapping[str, Area]:
    """Every area by its code, in the order of the codes."""
    area = PostcodeArea
    query = select(area.code, area.country, area.latitude, area.longitude, area.town, area.region)
    found = [
        Area(country, code, Point(latitude, longitude), town, region)
        for code, country, latitude, longitude, town, region in db.session.execute(query)
    ]
    return {area.code: area for area in sorted(found, key=lambda area: (area.code, *order(area)))}


def nearest_area(point: Point) -> Area | None:
    """The area whose mean point is nearest, within about 30 km; of equally near ones the first by code."""
    known, degrees, metres = _points()
    near = np.flatnonzero((abs(degrees - (point.latitude, point.longitude)) <= BOX_DEGREES).all(axis=1))
    if not len(near):
        return None
    chords = ((metres[near] - point.xyz) ** 2).sum(axis=1)
    return known[int(near[np.argmin(chords)])]


@copies.of_facts
def _points() -> tuple[Sequence[Area], Any, Numbers]:
    """Every area in the order of the codes, with its point in degrees and in metres."""
    known = list(areas().values())
    degrees = np.array([(area.point.latitude, area.point.longitude) for area in known]).reshape(-1, 2)
    return known, degrees, np.array([area.point.xyz for area in known], dtype=np.int64).reshape(-1, 3)


@copies.of_facts
def _names() -> _Names:
    query = (
        select(PlaceName.folded, PlaceName.place_id, PlaceName.is_main, Place.country, Place.population)
        .join(Place, Place.id == PlaceName.place_id)
        .order_by(PlaceName.folded, PlaceName.id)
        .execution_options(yield_per=PAGE)
    )
    folded: list[str] = []
    place_ids, importance, country = array("q"), array("q"), array("q")
    own: dict[int, int] = {}
    countries: dict[str, int] = {}
    for name, place_id, is_main, code, population in db.session.execute(query):
        if is_main:
            own[place_id] = len(folded)
        folded.append(name)
        place_ids.append(place_id)
        importance.append(population // (1 if is_main else OTHER_NAME_FACTOR))
        country.append(countries.setdefault(code, len(countries)))
    rows = np.array([own.get(place_id, row) for row, place_id in enumerate(place_ids)], dtype=np.int32)
    return _Names(folded, _numbers(place_ids), rows, _numbers(importance), _numbers(country), tuple(countries))


def _numbers(values: "array[int]") -> Numbers:
    """Half as large; no number of a place is beyond it."""
    return np.frombuffer(values, dtype=np.int64).astype(np.int32)
