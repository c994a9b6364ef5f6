"""Where is that? Towns, postcodes in any spacing, Irish routing keys, coordinates."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process
from sqlalchemy import func, select

from directory.db import db
from directory.lib.folding import beginnings, plain
from directory.lib.geography import Point, chord_squared, distance_m
from directory.models import Place, PlaceName, PostcodeArea
from directory.services import gazetteer
from directory.services.gazetteer import Area

MAX_TEXT = 100
SURE_FACTOR = 10  # a town is meant when it has ten times the people of the next of that name
SAME_TOWN_M = 6_000
MAX_CHOICES = 12
MAX_NAMESAKES = 400
GOOD_GUESS = 78  # of 100

_UK_FULL = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}")
_UK_SECTOR = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) [0-9]")
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_EIRCODE = re.compile(r"([A-Z][0-9][0-9W])[A-Z0-9]{4}")
_COORDINATES = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,8})?) ?, ?(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)")
_WITH_AREAS = frozenset({"GB", "IE"})
_BEGINS_AREA = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?|[A-Z]{2}")
_REST_OF_POSTCODE = re.compile(r"[0-9A-Z]{1,4}")
_Row = tuple[Place, bool, str]  # a place, whether a name is its own, and that name, folded
_IRISH_PROVINCES = {"C": "Connacht", "L": "Leinster", "M": "Munster", "U": "Ulster"}


@dataclass(frozen=True)
class Spot:
    """A place that was asked for. `text` is what to type to be sure to get it again."""

    kind: str  # "town", "postcode" or "here"
    name: str
    text: str
    point: Point
    country: str | None = None
    region: str | None = None
    population: int = 0
    label: str = ""  # its name, with as much of where it is as tells it from others
    town: str | None = None  # of a postcode area


@dataclass(frozen=True)
class Answer:
    """What a typed place may mean: one spot; or several, of which the asker chooses; or a guess at a typo.

    `others` are less likely places of the same name as `spot`.
    """

    spot: Spot | None = None
    choices: tuple[Spot, ...] = ()
    others: tuple[Spot, ...] = ()
    guess: Spot | None = None


def find(text: str, countries: Sequence[str]) -> Answer:
    """What `text` may mean, in `countries` first, then anywhere."""
    text = " ".join(text.split())[:MAX_TEXT]
    spot = find_coordinates(text) or find_postcode(text)
    if spot is not None:
        return Answer(spot=spot)
    name, qualifier = _split(text)
    for within in (tuple(countries), None):
        answer = _find_town(name, qualifier, within)
        if answer is not None:
            return answer
    if qualifier is None and " " in text:
        # "Newport Wales"
        head, tail = text.rsplit(" ", 1)
        answer = _find_town(head, tail, tuple(countries))
        if answer is not None:
            return answer
    return Answer(guess=_guess(plain(name), countries))


def find_coordinates(text: str) -> Spot | None:
    """A point such as `50.83,-0.14`, as a browser gives it when its owner agrees."""
    match = _COORDINATES.fullmatch(text)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Spot("here", text, text, Point(latitude, longitude))


def find_postcode(text: str) -> Spot | None:
    """An outward or full postcode, or an Irish routing key or Eircode, in any spacing and case."""
    upper = " ".join(text.upper().split())
    compact = upper.replace(" ", "")
    candidates = [
        match[1] if match.lastindex else match[0]
        for match in (
            _UK_FULL.fullmatch(compact),
            _UK_SECTOR.fullmatch(upper),
            _OUTWARD.fullmatch(compact),
            _EIRCODE.fullmatch(compact),
        )
        if match is not None
    ]
    if not candidates:
        return None
    query = select(PostcodeArea).where(PostcodeArea.code.in_(candidates))
    # The islands' own records stand before the British ones; W12 is Irish only where the rest of it is.
    preferred = "IE" if _EIRCODE.fullmatch(compact) else ""
    areas = sorted(db.session.scalars(query), key=lambda area: (area.country == preferred, *gazetteer.order(area)))
    found = {area.code: area for area in areas}
    for code in candidates:
        if code in found:
            return replace(_area_spot(found[code]), label=code)
    return None


def find_known_town(text: str, countries: Sequence[str], smallest: int) -> Answer:
    """The town of this name, or several to choose from, if the largest has `smallest` inhabitants; else nothing."""
    answer = _find_town(text, None, tuple(countries))
    largest = max((spot.population for spot in (answer.spot, *answer.choices) if spot), default=-1) if answer else -1
    return answer if answer is not None and largest >= smallest else Answer()


def names_among(texts: Iterable[str]) -> set[str]:
    """Those of some folded texts that are the names of places, anywhere."""
    asked = set(texts) - {""}
    return set(db.session.scalars(select(PlaceName.folded).where(PlaceName.folded.in_(asked)))) if asked else set()


def complete(text: str, countries: Sequence[str], most: int) -> list[Spot]:
    """Towns that begin as `text` does, then postcode areas: at most `most` of each, those in `countries` first.

    The larger town comes before the smaller. What the `text` of a spot finds is that spot.
    """
    text = " ".join(text.split())[:MAX_TEXT]
    return [*_complete_town(text, tuple(countries), most), *_complete_postcode(text.upper(), countries, most)]


def _complete_postcode(upper: str, countries: Sequence[str], most: int) -> list[Spot]:
    head, _, rest = upper.partition(" ")
    whole = find_postcode(upper) or (find_postcode(head) if _REST_OF_POSTCODE.fullmatch(rest) else None)
    if whole is not None:
        return [replace(whole, label=_area_label(whole.text, whole.town))]
    if _BEGINS_AREA.fullmatch(upper):
        return [_area_spot(area) for area in gazetteer.areas_beginning(upper, countries, most)]
    return []


def _area_spot(area: Area | PostcodeArea) -> Spot:
    label = _area_label(area.code, area.town)
    return Spot("postcode", area.code, area.code, area.point, area.country, area.region, label=label, town=area.town)


def _area_label(code: str, town: str | None) -> str:
    return f"{code}, {town}" if town else code


def _complete_town(text: str, countries: tuple[str, ...], most: int) -> list[Spot]:
    name, qualifier = _split(text)
    if qualifier is not None:
        rows = [row for row in _named_so(_spellings(plain(name))) if _is_found(row[0], countries)]
        wanted = plain(text)
        return [spot for spot in _told(_known(rows, None)) if plain(spot.label).startswith(wanted)][:most]
    begun = {spelling for folded in beginnings(name) for spelling in _spellings(folded)}
    # Some are postal localities of a town that is there, too, so more are looked at than are wanted.
    likely = gazetteer.beginning(begun, countries, most * 3)
    rows = _named_so([spelling for one in likely for spelling in _spellings(one.folded)])
    found: dict[str, Spot] = {}
    told: dict[tuple[str, bool], dict[int, Spot]] = {}
    for one in likely:
        key = one.folded, one.country in countries
        if key not in told and len(found) < most:
            told[key] = _told_by_id(rows, one.folded, countries if key[1] else None)
        spot = told.get(key, {}).get(one.place_id)
        # Without a spot another town stands for it.
        if spot is not None and len(found) < most:
            found.setdefault(spot.text, spot)
    return list(found.values())


def _told_by_id(rows: Sequence[_Row], folded: str, countries: tuple[str, ...] | None) -> dict[int, Spot]:
    """The places of a name among `rows`, told apart."""
    spellings = _spellings(folded)
    known = _known([row for row in rows if row[2] in spellings and _is_found(row[0], countries)], None)
    bare = [_spot(place).text for place in known]
    # Now and then nothing tells two of them apart, and which of them is chosen would be lost.
    return {place.id: spot for place, spot in zip(known, _told(known), strict=True) if bare.count(spot.text) <= 1}


def _told(known: Sequence[Place]) -> list[Spot]:
    """Places of one name, told apart with as few words as find() needs."""
    told = _tell_apart(known, gazetteer.nearest_area)
    if known and _is_sure(known):
        first, *others = [_spot(place) for place in known]
        told[0] = first if all(first.text != other.text for other in others) else replace(first, text=first.name)
    return told


def _split(text: str) -> tuple[str, str | None]:
    """`Newport, Wales` and `Newport (Wales)` are a name and where it is."""
    head, comma, tail = text.replace("(", ",").replace(")", "").rpartition(",")
    return (head.strip(), tail.strip()) if comma and head.strip() and tail.strip() else (text, None)


def _spellings(folded: str) -> list[str]:
    """`st ives` and `saint ives` are one name."""
    words = folded.split()
    for short, long in (("st", "saint"), ("saint", "st")):
        if short in words:
            return [folded, " ".join(long if word == short else word for word in words)]
    return [folded]


def _find_town(name: str, qualifier: str | None, countries: tuple[str, ...] | None) -> Answer | None:
    folded = plain(name)
    if not folded:
        return None
    rows = [row for row in _named_so(_spellings(folded)) if _is_found(row[0], countries)]
    known = _known(rows, qualifier)
    if not known:
        return None
    spots = _tell_apart(known)
    if _is_sure(known):
        return Answer(spot=spots[0], others=tuple(spots[1:MAX_CHOICES]))
    return Answer(choices=tuple(spots[:MAX_CHOICES]))


def _named_so(spellings: Sequence[str]) -> list[_Row]:
    """Places that have one of these folded names, the larger first."""
    query = (
        select(Place, PlaceName.is_main, PlaceName.folded)
        .join(PlaceName, PlaceName.place_id == Place.id)
        .where(PlaceName.folded.in_(spellings))
        .order_by(Place.population.desc(), Place.id)
        .limit(MAX_NAMESAKES)
    )
    return [(place, is_main, folded) for place, is_main, folded in db.session.execute(query)]


def _is_found(place: Place, countries: tuple[str, ...] | None) -> bool:
    return place.country in countries if countries else place.population > 0


def _known(rows: Sequence[_Row], qualifier: str | None) -> list[Place]:
    """The different places among those of a name, the larger first; of unknown size only when there is no other."""
    places = [place for place, is_main, _ in rows if is_main] or [place for place, _, _ in rows]
    if qualifier is not None:
        places = [place for place in places if _qualifies(place, qualifier)]
        area = find_postcode(qualifier)
        if not places and area is not None:
            places = _near([place for place, _, _ in rows], area.point)
    places = _distinct(places)
    return [place for place in places if place.population] or places[:1]


def _is_sure(known: Sequence[Place]) -> bool:
    return len(known) == 1 or known[0].population >= SURE_FACTOR * known[1].population


def _qualifies(place: Place, qualifier: str) -> bool:
    wanted = plain(qualifier)
    names = {plain(place.region), plain(place.country), plain(_region(place) or "")}
    if place.country == "GB":
        names |= {"uk", "united kingdom", "great britain", "britain"}
    if place.country == "IE":
        names |= {"ireland", "republic of ireland", "eire"}
    return wanted in names


def _near(places: Sequence[Place], point: Point) -> list[Place]:
    """The place nearest to `point`, when it is as near as a town is to its postcode."""
    by_distance = sorted(places, key=lambda place: chord_squared(place.point, point))
    return [place for place in by_distance[:1] if _is_near(place.point, point)]


def _is_near(one: Point, other: Point) -> bool:
    return distance_m(chord_squared(one, other)) < 3 * SAME_TOWN_M


def _distinct(places: Sequence[Place]) -> list[Place]:
    """Without postal localities that are the same town again; the larger first."""
    kept: list[Place] = []
    for place in places:
        if all(distance_m(chord_squared(place.point, other.point)) > SAME_TOWN_M for other in kept):
            kept.append(place)
    return kept


def _region(place: Place) -> str | None:
    if place.country == "IE":
        return _IRISH_PROVINCES.get(place.region, place.region)
    return place.region if place.country == "GB" and not place.region.isdigit() else None


def _spot(place: Place) -> Spot:
    region = _region(place)
    text = f"{place.name}, {region or place.country}"
    return Spot("town", place.name, text, place.point, place.country, region, place.population, label=text)


def _tell_apart(places: Sequence[Place], nearest: Callable[[Point], Area | None] | None = None) -> list[Spot]:
    """Spots whose texts differ: where the region does not tell them apart, the nearest postcode does."""
    spots = [_spot(place) for place in places]
    texts = [spot.text for spot in spots]
    told = []
    for spot in spots:
        # Saint Ives and St Ives are one name to whoever types it.
        if texts.count(spot.text) > 1 or (len(spots) > 1 and spot.country in _WITH_AREAS):
            area = (nearest or nearest_area)(spot.point)
            code = area.code if area and _is_near(area.point, spot.point) else ""
            told.append(replace(spot, text=f"{spot.name}, {code}", label=f"{spot.label} ({code})") if code else spot)
        else:
            told.append(spot)
    return told


def nearest_area(point: Point) -> PostcodeArea | None:
    """The postcode area whose mean point is nearest, within about 30 km."""
    box = 0.4
    near = db.session.scalars(
        select(PostcodeArea).where(
            PostcodeArea.latitude.between(point.latitude - box, point.latitude + box),
            PostcodeArea.longitude.between(point.longitude - box, point.longitude + box),
        )
    ).all()
    return min(near, key=lambda area: (chord_squared(area.point, point), area.code), default=None)


def _guess(folded: str, countries: Sequence[str]) -> Spot | None:
    """The town whose name is most like what was typed; of equally like ones the largest."""
    if len(folded) < 4:
        return None
    query = (
        select(PlaceName.folded, func.max(Place.population))
        .join(Place, Place.id == PlaceName.place_id)
        .where(PlaceName.is_main, Place.country.in_(countries), Place.population > 0)
        .where(func.length(PlaceName.folded).between(len(folded) - 2, len(folded) + 2))
        .group_by(PlaceName.folded)
    )
    population = {row[0]: int(row[1]) for row in db.session.execute(query)}
    alike = process.extract(folded, list(population), scorer=fuzz.ratio, score_cutoff=GOOD_GUESS, limit=20)
    if not alike:
        return None
    best = max(score for _, score, _ in alike)
    name = max((name for name, score, _ in alike if score >= best - 3), key=lambda name: (population[name], name))
    answer = _find_town(name, None, tuple(countries))
    if answer is None:
        return None
    return answer.spot or answer.choices[0]
