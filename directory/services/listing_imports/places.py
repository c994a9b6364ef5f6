"""Finds the town and the postcode area that a row means, in tables that are read once."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from sqlalchemy import select

from directory.db import db
from directory.lib import postcodes
from directory.lib.cells import Remark, remark
from directory.lib.folding import plain
from directory.lib.geography import Point, chord_m, chord_squared
from directory.lib.languages import country as find_country
from directory.lib.personal_names import recased
from directory.lib.words import N_, Message
from directory.models import Place, PlaceName, PostcodeArea

FAR_M = 40_000
SAME_M = 10_000
CLEARLY_LARGER = 10
MOST_SUGGESTIONS = 1_000
POSTCODES_OF = frozenset({"GB", "IE", "IM", "JE", "GG"})

_IRISH_PROVINCES = {"C": "Connacht", "L": "Leinster", "M": "Munster", "U": "Ulster"}

_NEAR = re.compile(r"^(?:near to|near|nr\.?|close to|outside|just outside)\s+", re.IGNORECASE)
_QUARTER = re.compile(
    r"^(?:(?:north|south|east|west|central|n|s|e|w|ne|nw|se|sw|inner|greater)\.?[\s-]+)+", re.IGNORECASE
)
_REST = re.compile(r"\s*[,(/;\n].*$", re.DOTALL)

CORRECTED = N_("A letter and a digit that look alike were exchanged.")
UNKNOWN_POSTCODE = N_("This postcode is not known. It was left out.")
FAR_APART = N_("The town and the postcode are far apart. The postcode was believed.")
OTHER_COUNTRY = N_("The country and the postcode disagree. The postcode was believed.")
UNKNOWN_TOWN = N_("This town is not known. Give a postcode, or another town near it.")
MEANT_TOWN = N_("This town is not known. Did you mean %(near)s?")
SEVERAL_TOWNS = N_("Several towns have this name: %(towns)s. Give a postcode, or write the town as one of these.")
NO_PLACE = N_("There is neither a town nor a postcode, and nothing says that the sessions are online.")
UNKNOWN_COUNTRY = N_("This country is not known. %(country)s was taken.")


class Town(NamedTuple):
    country: str
    name: str
    region: str | None
    point: Point
    population: int
    is_main: bool


class Area(NamedTuple):
    country: str
    code: str
    point: Point
    town: str | None
    region: str | None


class Found(NamedTuple):
    """A place that was found; `refusal` says why there is none."""

    town: str
    locality: str | None
    area: str | None
    region: str | None
    country: str
    point: Point | None
    remarks: tuple[tuple[str, Remark], ...]
    refusal: tuple[str, Message] | None


class Gazetteer:
    """Every postcode area, and the towns of the site's countries; those of another country when a row names it."""

    def __init__(self, country: str, countries: Sequence[str]) -> None:
        self._country = country
        self._areas: dict[str, list[Area]] = {}
        wanted = (PostcodeArea.country, PostcodeArea.code, PostcodeArea.latitude, PostcodeArea.longitude)
        areas = select(*wanted, PostcodeArea.town, PostcodeArea.region)
        for own, code, latitude, longitude, town, region in db.session.execute(areas.order_by(*wanted[:2])):
            area = Area(own, code, Point(latitude, longitude), town, _region(own, region))
            self._areas.setdefault(code, []).append(area)
        self._towns: dict[str, list[Town]] = {}
        self._loaded: set[str] = set()
        self._load((country, *countries))
        self._suggestions = MOST_SUGGESTIONS
        self.find = lru_cache(maxsize=50_000)(self._find)
        self._named = lru_cache(maxsize=50_000)(self._name_of)
        self._candidates = lru_cache(maxsize=50_000)(self._candidates_of)

    def _load(self, countries: Sequence[str]) -> None:
        wanted = sorted(set(countries) - self._loaded)
        self._loaded.update(wanted)
        columns = (Place.country, Place.name, Place.region, Place.latitude, Place.longitude, Place.population)
        found = db.session.execute(
            select(PlaceName.folded, PlaceName.is_main, *columns)
            .join(Place, Place.id == PlaceName.place_id)
            .where(Place.country.in_(wanted))
            .order_by(Place.population.desc(), Place.id)
        )
        for folded, is_main, country, name, region, latitude, longitude, population in found:
            town = Town(country, name, _region(country, region), Point(latitude, longitude), population, is_main)
            self._towns.setdefault(folded, []).append(town)

    def _find(self, town: str, postcode: str, country: str | None) -> Found:
        """Where a row is. `country` is the one that the row names, if any."""
        remarks: list[tuple[str, Remark]] = []
        if country is not None:
            self._load((country,))
        if not postcode:
            town, postcode = postcodes.split_from(town)
        area = self._area(postcode, country, remarks) if postcode else None
        if area is not None:
            return self._by_area(area, town, country, remarks)
        if not town:
            refusal = ("town", Message(NO_PLACE))
            return Found("", None, None, None, country or self._country, None, tuple(remarks), refusal)
        return self._by_town(town, country, remarks)

    def _area(self, postcode: str, country: str | None, remarks: list[tuple[str, Remark]]) -> Area | None:
        if country is not None and country not in POSTCODES_OF:
            return None
        shapes, is_corrected = postcodes.parse(postcode, self._areas)
        # "W12" is in London and in Kildare: the country decides, and the shape of a whole one.
        wanted = country or self._country
        candidates = [
            area
            for shape in shapes
            for area in self._areas.get(shape.area, ())
            if (area.country == "IE") == shape.is_irish
        ]
        best = min(candidates, key=lambda area: (area.country != wanted, area.country), default=None)
        if best is None:
            remarks.append(("postcode", remark(postcode, "", UNKNOWN_POSTCODE)))
        elif is_corrected:
            remarks.append(("postcode", remark(postcode, best.code, CORRECTED)))
        return best

    def _by_area(self, area: Area, town: str, country: str | None, remarks: list[tuple[str, Remark]]) -> Found:
        if country is not None and country != area.country:
            remarks.append(("country", remark(country, area.country, OTHER_COUNTRY)))
        name, region, is_far = self._named(area, town)
        if is_far:
            remarks.append(("town", remark(town, f"{name} {area.code}", FAR_APART)))
        return Found(name, None, area.code, region, area.country, area.point, tuple(remarks), None)

    def _name_of(self, area: Area, town: str) -> tuple[str, str | None, bool]:
        """What a town in a postcode area is called, its region, and whether the town is really far away."""
        name, nearest = recased(_REST.sub("", town)), None
        if name:
            candidates, _ = self._candidates(town, area.country)
            nearest = min(candidates, key=lambda known: chord_squared(known.point, area.point), default=None)
        if nearest is not None and not _is_close(nearest.point, area.point):
            return area.town or area.code, area.region, True
        if nearest is not None and plain(nearest.name) == plain(name):
            return nearest.name, nearest.region, False
        return name or area.town or area.code, area.region, False

    def _by_town(self, town: str, country: str | None, remarks: list[tuple[str, Remark]]) -> Found:
        candidates, is_exact = self._candidates(town, country)
        nothing = Found("", None, None, None, country or self._country, None, tuple(remarks), None)
        if not candidates:
            near = self._suggestion(town)
            message = Message(MEANT_TOWN, {"near": near}) if near else Message(UNKNOWN_TOWN)
            return nothing._replace(refusal=("town", message))
        best = _clear_choice(candidates)
        if best is None:
            names = "; ".join(dict.fromkeys(self._described(known) for known in candidates[:6]))
            return nothing._replace(refusal=("town", Message(SEVERAL_TOWNS, {"towns": names})))
        # "North London" is found as London, and says more than that.
        locality = None if is_exact else recased(_REST.sub("", town))
        return Found(best.name, locality, None, best.region, best.country, best.point, tuple(remarks), None)

    def _candidates_of(self, text: str, country: str | None) -> tuple[list[Town], bool]:
        """The towns that `text` can mean, the largest first, and whether the name itself was found."""
        first = _REST.sub("", text)
        second = text[len(first) :].strip(" ,()/;\n")
        for name, is_exact in (
            (text, True),
            (first, True),
            (_NEAR.sub("", first), True),
            (_QUARTER.sub("", first), False),
            (first.replace("&", " and ").split(" and ")[0], False),
        ):
            found = [t for t in self._towns.get(plain(name), ()) if country in {None, t.country}]
            found = [known for known in found if known.is_main] or found
            if found:
                return self._narrowed(found, second), is_exact
        return [], False

    def _narrowed(self, candidates: list[Town], second: str) -> list[Town]:
        """Those in the region, country or postcode area that stands after the comma; all where it says nothing."""
        if not second:
            return candidates
        folded, country = plain(second), find_country(second)
        near = next(iter(self._areas.get(second.upper().replace(" ", ""), ())), None)
        in_region = [known for known in candidates if known.region and plain(known.region) == folded]
        in_country = [known for known in candidates if known.country == country]
        near_area = [known for known in candidates if near is not None and _is_close(known.point, near.point)]
        return in_region or in_country or near_area or self._near_town(candidates, folded) or candidates

    def _near_town(self, candidates: list[Town], folded: str) -> list[Town]:
        """Those close to a second town: "Newport, near Telford"."""
        others = [other for other in self._towns.get(plain(_NEAR.sub("", folded)), ()) if other.is_main]
        return [known for known in candidates if any(_is_close(known.point, other.point) for other in others)]

    def _described(self, known: Town) -> str:
        """A name that would be understood: with its region, or with the postcode area beside it."""
        areas = [area for found in self._areas.values() for area in found if area.country == known.country]
        nearest = min(areas, key=lambda area: chord_squared(area.point, known.point), default=None)
        return f"{known.name}, {nearest.code if nearest else known.country}"

    def _suggestion(self, text: str) -> str | None:
        folded = plain(_REST.sub("", text))
        if self._suggestions == 0 or len(folded) < 4:
            return None
        self._suggestions -= 1
        near = process.extractOne(folded, self._towns.keys(), scorer=fuzz.ratio, score_cutoff=85)
        return self._towns[near[0]][0].name if near else None


def _region(country: str, region: str | None) -> str | None:
    """The words for a region; the tables have codes for most countries."""
    if country == "IE":
        return _IRISH_PROVINCES.get(region or "", region)
    return region if country == "GB" and region and not region.isdigit() else None


def _is_close(a: Point, b: Point) -> bool:
    return chord_squared(a, b) <= chord_m(FAR_M) ** 2


def _clear_choice(candidates: Sequence[Town]) -> Town | None:
    """The largest, if none elsewhere is nearly as large."""
    best = candidates[0]
    others = [known for known in candidates[1:] if chord_squared(known.point, best.point) > chord_m(SAME_M) ** 2]
    next_largest = max((known.population for known in others), default=None)
    if next_largest is None or best.population >= CLEARLY_LARGER * max(next_largest, 1):
        return best
    return None
