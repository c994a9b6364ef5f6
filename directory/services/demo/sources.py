"""What invented people are made of: shares and words from files, places, methods and bodies from the tables."""

import json
import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import func, select

from directory.db import db
from directory.lib.folding import plain, tokens
from directory.lib.geography import Point, chord_m, chord_squared
from directory.models import Body, Concern, Modality, Place, PostcodeArea
from directory.services import indexing

T = TypeVar("T")

CHARING_CROSS = Point(51.5073, -0.1276)
LONDON_SQUARED = chord_m(25_000) ** 2
# London has more practitioners than its people alone would give; the guidance record ds-cities has a share of 22 %.
MORE_IN_LONDON = 1.4
FIRST_OF_OFFICES = 50
_DISTRICT = re.compile("([A-Z]+)([0-9]+)")
# Postcode areas that number their districts on beyond that.
_LONG_ROWS = frozenset({"AB", "B", "BT", "CF", "G", "IV", "KA", "LL", "NE", "PA", "S", "SA"})

# For a town whose number of people is not known.
SMALL_TOWN = 500


class Deck(Generic[T]):
    """Things to draw from by their weights."""

    def __init__(self, weights: Iterable[tuple[T, float]]) -> None:
        pairs = tuple(weights)
        self._things = tuple(thing for thing, _ in pairs)
        self._ends = tuple(accumulate(weight for _, weight in pairs))
        self._total = self._ends[-1]

    def __len__(self) -> int:
        return len(self._things)

    def draw(self, chance: float) -> T:
        """The thing at `chance`, from 0 up to and not including 1."""
        return self._things[bisect(self._ends, chance * self._total)]


# Each once, in order.
Tokens = dict[str, None]


class Piece(NamedTuple):
    """Words with their key and tokens. A text of pieces that are all plain has theirs, one after another."""

    key: str
    tokens: Tokens
    is_plain: bool


class Pieces(dict[str, Piece]):
    """Folds each text once."""

    def __missing__(self, text: str) -> Piece:
        key = plain(text)
        words = dict.fromkeys(key.split())
        # A hyphen or an umlaut gives more tokens than words, and Mc or O would join the word that follows.
        is_plain = tokens(f"{text} zz") == [*words, "zz"]
        piece = self[text] = Piece(key, words if is_plain else fold(text), is_plain)
        return piece

    def together(self, texts: Iterable[str], whole: str) -> Tokens:
        """The tokens of `whole`, which is made of `texts` and nothing else but spaces and stops."""
        found: Tokens = {}
        for text in texts:
            piece = self[text]
            if not piece.is_plain:
                return fold(whole)
            found |= piece.tokens
        return found

    def each(self, texts: Iterable[str]) -> Tokens:
        """The tokens of `texts`, each folded by itself."""
        found: Tokens = {}
        for text in texts:
            found |= self[text].tokens
        return found


def fold(*texts: str) -> Tokens:
    """The tokens of `texts`, as search will have them."""
    return dict.fromkeys(indexing.join(*texts).split())


class Area(NamedTuple):
    """A postcode area, as a practice there is kept."""

    country: str
    code: str
    town: str
    region: str | None
    prices: str
    point: tuple[float, float, int, int, int]


class Origin(NamedTuple):
    """Where a name comes from."""

    languages: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    men_end: tuple[tuple[str, str], ...]


class Method(NamedTuple):
    """A modality, as far as an invented listing needs it."""

    id: str
    name: str
    tokens: Tokens
    is_shiatsu: bool
    on_floor: bool
    in_chair: bool


class KnownBody(NamedTuple):
    """A body that is claimed. Only of invented ones is anything unpleasant said."""

    id: str
    tokens: Tokens
    is_demo: bool
    is_assessed: bool
    grades: Deck[str]


@dataclass(frozen=True)
class Sources:
    """Everything to draw from. The same files and tables give the same decks in the same order."""

    countries: Deck[str]
    areas: Mapping[str, Sequence[Area]]
    area_numbers: Mapping[str, Deck[int]]
    origins: Mapping[str, Deck[Origin]]
    methods: Mapping[str, Method]
    first_method: Deck[str]
    further_method: Deck[str]
    concerns: Mapping[str, Tokens]
    concern: Deck[str]
    bodies: Mapping[str, KnownBody]
    claimed: Mapping[str, Deck[str]]
    demo_bodies: Mapping[str, Deck[str]]
    shares: Mapping[str, Deck[str]]
    hour_price: Mapping[str, Deck[int]]
    access: Mapping[str, float]
    claim_groups: Mapping[str, str]
    named_bodies: tuple[str, ...]
    histories: Mapping[str, Deck[str]]
    words: Mapping[str, Any]
    short_names: Mapping[str, str]
    written: Mapping[str, Mapping[str, str]]
    pieces: Pieces


def read_file(folder: Path, name: str) -> Any:
    """One of the files of `folder`."""
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


def read(folder: Path) -> Sources:
    """Take what is needed from `folder` and from the tables, which must hold the reference data and invented bodies."""
    choices, names = read_file(folder, "choices"), read_file(folder, "names")
    pieces = Pieces()
    areas = _areas(choices["countries"])
    methods = _methods(pieces)
    concerns = _concerns(pieces)
    bodies = _bodies(choices["grades"], read_file(folder, "bodies")["bodies"], pieces)
    return Sources(
        countries=_known(choices["countries"], areas),
        areas={country: [area for area, _ in found] for country, found in areas.items()},
        area_numbers={
            country: Deck((number, weight) for number, (_, weight) in enumerate(found))
            for country, found in areas.items()
        },
        origins=_origins(names["origins"], areas),
        methods=methods,
        first_method=_known(choices["first_method"], methods),
        further_method=_known(choices["further_methods"], methods),
        concerns=concerns,
        concern=_known(choices["concerns"], concerns),
        bodies=bodies,
        claimed={group: _known(shares, {"", *bodies}) for group, shares in choices["claims"].items()},
        demo_bodies=_demo_bodies(read_file(folder, "bodies")["bodies"]),
        shares={
            name: Deck(choices[name].items())
            for name in (
                *("gender", "method_count", "concern_count", "pressure", "accepting", "further_languages"),
                *("minutes", "claims_count"),
            )
        },
        hour_price={
            zone: Deck((int(price), share) for price, share in shares.items())
            for zone, shares in choices["hour_price"].items()
        },
        access={name: share / 100 for name, share in choices["access"].items()},
        claim_groups=choices["claim_groups"],
        named_bodies=tuple(choices["named_bodies"]),
        histories={name: Deck(kinds.items()) for name, kinds in choices["histories"].items()},
        words=read_file(folder, "words"),
        short_names=names["short_names"],
        written=names["written"],
        pieces=pieces,
    )


def _known(shares: Mapping[str, float], known: Mapping[str, Any] | set[str]) -> Deck[str]:
    return Deck((name, share) for name, share in shares.items() if name in known)


def _areas(countries: Iterable[str]) -> dict[str, list[tuple[Area, float]]]:
    """The areas of each country with their weights: the people of a town, shared among its areas."""
    towns = select(PostcodeArea.town).where(PostcodeArea.country.in_(countries))
    people = {
        (country, name, region): population
        for country, name, region, population in db.session.execute(
            select(Place.country, Place.name, Place.region, func.max(Place.population))
            .where(Place.country.in_(countries), Place.name.in_(towns))
            .group_by(Place.country, Place.name, Place.region)
        )
    }
    areas = db.session.scalars(
        select(PostcodeArea).where(PostcodeArea.country.in_(countries), PostcodeArea.town.is_not(None))
    )
    rows = sorted((area for area in areas if _is_lived_in(area)), key=lambda area: (area.country, area.code))
    towns_of = [(row.country, row.town or "", row.region or "") for row in rows]
    shared = Counter(towns_of)
    found: dict[str, list[tuple[Area, float]]] = defaultdict(list)
    for row, town in zip(rows, towns_of, strict=True):
        share = (people.get(town) or SMALL_TOWN) / shared[town]
        found[row.country].append((_area(row, town[1]), share * (MORE_IN_LONDON if town[1] == "London" else 1)))
    return dict(found)


def _is_lived_in(area: PostcodeArea) -> bool:
    """Whether people live there: high numbers are mostly post boxes and large offices."""
    match = _DISTRICT.match(area.code)
    return area.country != "GB" or match is None or int(match[2]) < FIRST_OF_OFFICES or match[1] in _LONG_ROWS


def _area(row: PostcodeArea, town: str) -> Area:
    # Some regions are known by a code only, which says nothing to a reader.
    region = row.region if row.region and len(row.region) > 2 and not row.region.isdigit() else None
    near_london = chord_squared(row.point, CHARING_CROSS) <= LONDON_SQUARED
    point = row.point.rounded()
    return Area(
        country=row.country,
        code=row.code,
        town=town,
        region=region,
        prices="London" if near_london else "England" if region == "England" or row.country == "IE" else "",
        point=(point.latitude, point.longitude, *point.xyz),
    )


def _origins(sources: Sequence[Mapping[str, Any]], countries: Iterable[str]) -> dict[str, Deck[Origin]]:
    """Origins of names for each country; the islands are as Great Britain."""
    origins = [
        (
            Origin(
                tuple(source["languages"]),
                tuple(source["women"]),
                tuple(source["men"]),
                tuple(source["families"]),
                tuple(source.get("men_end", {}).items()),
            ),
            source["weights"],
        )
        for source in sources
    ]
    decks = {key: Deck((origin, weights[key]) for origin, weights in origins) for key in ("GB", "IE")}
    return {country: decks["IE" if country == "IE" else "GB"] for country in countries}


def _methods(pieces: Pieces) -> dict[str, Method]:
    return {
        row.id: Method(
            row.id,
            row.name,
            pieces.each(row.terms),
            row.is_shiatsu,
            "floor" in (row.surface or "") or "mat" in (row.surface or ""),
            "chair" in (row.surface or ""),
        )
        for row in db.session.scalars(select(Modality))
    }


def _concerns(pieces: Pieces) -> dict[str, Tokens]:
    """The words of each concern by which practitioners may be listed."""
    return {row.id: pieces.each(row.terms) for row in db.session.scalars(select(Concern)) if row.lists_practitioners}


def _bodies(
    grades: Mapping[str, Mapping[str, float]], invented: Sequence[Mapping[str, Any]], pieces: Pieces
) -> dict[str, KnownBody]:
    grades = {**grades, **{body["id"]: body["grades"] for body in invented}}
    return {
        row.id: KnownBody(
            row.id,
            pieces[row.abbreviation].tokens,
            row.is_demo,
            row.is_assessed,
            Deck(grades.get(row.id, {"": 1}).items()),
        )
        for row in db.session.scalars(select(Body))
        # A real body that is not assessed would be named in an unpleasant sentence.
        if row.is_demo or row.is_assessed
    }


def _demo_bodies(invented: Sequence[Mapping[str, Any]]) -> dict[str, Deck[str]]:
    return {
        country: Deck((body["id"], body["weight"]) for body in invented if body["country"] == country)
        for country in {body["country"] for body in invented}
    }
