"""Filters as a page shows them: values with their words and counts, and chips to remove each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext

from directory.config import Settings
from directory.http.words import Labelled, language_name, money
from directory.lib.words import N_
from directory.models import Accepting, Access, Gender, Pressure, PriceBand, Status, Visit
from directory.models.practitioners import BAND_ENDS, minor_units
from directory.services.search import NO_CLAIM, Answer, Criteria, Facet, Names

SHOWN_AT_FIRST = 8


@dataclass(frozen=True)
class Value:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """A filter: the values to show at once, and the rest behind a fold."""

    facet: Facet
    legend: str
    first: list[Value]
    rest: list[Value]


@dataclass(frozen=True)
class Chip:
    facet: Facet
    value: str
    legend: str
    label: str


def build(criteria: Criteria, results: Answer, names: Names) -> list[Group]:
    """Every filter with its counts. A value that is chosen is always there."""
    groups = []
    for facet in Facet:
        if facet not in results.counts:
            continue
        counts, chosen = results.counts[facet], criteria.filters.get(facet, ())
        values = [
            Value(value, label(facet, value, names), counts.get(value, 0), value in chosen)
            for value in _candidates(facet, counts, chosen)
        ]
        if facet in _BY_COUNT:
            values.sort(key=lambda one: (not one.is_chosen, -one.count, one.label))
        if values:
            groups.append(Group(facet, facet.legend, values[:SHOWN_AT_FIRST], values[SHOWN_AT_FIRST:]))
    return groups


def chips(criteria: Criteria, names: Names) -> list[Chip]:
    """Every filter in use."""
    return [
        Chip(facet, value, facet.legend, label(facet, value, names))
        for facet in Facet
        for value in criteria.filters.get(facet, ())
    ]


_BY_COUNT = frozenset({Facet.BODY, Facet.MODALITY, Facet.CONCERN, Facet.LANGUAGE})
_FIXED: dict[Facet, tuple[str, ...]] = {
    Facet.STATUS: (
        *(Status.CHECKED, Status.CHECK_DUE, Status.BEING_CHECKED, Status.SELF_REPORTED, Status.NOT_CONFIRMED),
        *(Status.ENDED, Status.RESTRICTED, Status.BODY_NOT_ASSESSED, Status.WITHDRAWN, NO_CLAIM),
    ),
    Facet.VISIT: tuple(Visit),
    Facet.PRICE: tuple(PriceBand),
    Facet.ACCESS: tuple(Access),
    Facet.PRESSURE: tuple(Pressure),
    Facet.GENDER: tuple(Gender),
    Facet.ACCEPTING: tuple(Accepting),
}
_ENUMS: dict[Facet, Callable[[str], Labelled]] = {
    Facet.VISIT: Visit,
    Facet.ACCESS: Access,
    Facet.PRESSURE: Pressure,
    Facet.GENDER: Gender,
    Facet.ACCEPTING: Accepting,
}


def _candidates(facet: Facet, counts: Mapping[str, int], chosen: tuple[str, ...]) -> list[str]:
    if facet in _FIXED:
        return list(_FIXED[facet])
    return list(dict.fromkeys([*chosen, *(value for value, number in counts.items() if number)]))


def label(facet: Facet, value: str, names: Names) -> str:
    """A value of a filter in words."""
    match facet:
        case Facet.STATUS:
            return str(gettext(N_("States no membership") if value == NO_CLAIM else Status(value).label))
        case Facet.MODALITY:
            return names.modalities[value]
        case Facet.CONCERN:
            return names.concerns[value]
        case Facet.BODY:
            return names.bodies[value]
        case Facet.LANGUAGE:
            return language_name(value)
        case Facet.PRICE:
            return _price(PriceBand(value))
        case _:
            return str(gettext(_ENUMS[facet](value).label))


def _price(band: PriceBand) -> str:
    settings: Settings = current_app.extensions["settings"]
    currency = settings.currency if settings.currency in BAND_ENDS else "EUR"
    unit = minor_units(currency)
    low, middle = BAND_ENDS[currency]
    match band:
        case PriceBand.LOW:
            return str(gettext("Up to %(price)s", price=money(low * unit, currency)))
        case PriceBand.MIDDLE:
            lowest, highest = money((low + 1) * unit, currency), money(middle * unit, currency)
            return str(gettext("%(lowest)s to %(highest)s", lowest=lowest, highest=highest))
        case _:
            return str(gettext("Over %(price)s", price=money(middle * unit, currency)))
