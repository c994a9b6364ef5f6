"""Where a place of work is: a town or postcode as it was typed, understood as search understands it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from directory.lib import postcodes
from directory.lib.geography import Point
from directory.services import places
from directory.services.places import Spot


@dataclass(frozen=True)
class Found:
    """What a typed place may be: a place (with a point, or without one where it is not known), or several of which the
    asker chooses. One that was chosen keeps its choices. `guess` is a name that was perhaps meant."""

    town: str
    postcode_area: str | None = None
    region: str | None = None
    country: str | None = None
    point: Point | None = None
    choices: tuple[tuple[str, str], ...] = ()
    guess: str | None = None

    @property
    def shown(self) -> dict[str, Any]:
        return {
            "town": self.town,
            "postcode_area": self.postcode_area,
            "region": self.region,
            "country": self.country,
        }

    @property
    def private(self) -> dict[str, Any]:
        rounded = self.point.rounded() if self.point else None
        return {
            "latitude": rounded.latitude if rounded else None,
            "longitude": rounded.longitude if rounded else None,
        }


def find(text: str, chosen: str, countries: Sequence[str]) -> Found:
    """What `text` means; `chosen` is which of several places it was said to be."""
    head, tail = postcodes.split_from(text)
    area = places.find_postcode(tail) if tail else None
    if area is not None and head:
        return _of_area(area, head)
    area = places.find_postcode(text)
    if area is not None:
        return _of_area(area, None)
    if places.find_coordinates(text) is not None:
        return Found(text)
    answer = places.find(text, countries)
    spots = (*answer.choices, *answer.others, *([answer.spot] if answer.spot else []))
    choices = tuple((spot.text, spot.label or spot.text) for spot in answer.choices)
    for spot in spots:
        if chosen and spot.text == chosen:
            return replace(_of_town(spot), choices=choices)
    if answer.spot is not None:
        return _of_town(answer.spot)
    if choices:
        return Found(text, choices=choices)
    return Found(text, guess=answer.guess.name if answer.guess else None)


def _of_area(spot: Spot, town: str | None) -> Found:
    return Found(town or spot.town or spot.text, spot.text, spot.region, spot.country, spot.point)


def _of_town(spot: Spot) -> Found:
    return Found(spot.name, None, spot.region, spot.country, spot.point)


def typed(place: Mapping[str, Any]) -> str:
    """What to type to get a place that is stored: `Brighton BN2`."""
    if place["postcode_area"]:
        return " ".join(dict.fromkeys((place["town"], place["postcode_area"])))
    return ", ".join(part for part in (place["town"], place["region"] or place["country"]) if part)
