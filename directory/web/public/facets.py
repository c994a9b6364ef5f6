"""Filters as a page shows them: values with their words and counts, and chips to remove each.

The HTML of a value is rendered once and kept, with a gap for its count.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask, current_app
from flask_babel import gettext
from markupsafe import Markup

from directory.config import Settings
from directory.http import fragments
from directory.http.words import Labelled, language, language_name, money, translated
from directory.lib.words import N_
from directory.models import Accepting, Access, Gender, Pressure, PriceBand, Status, Visit
from directory.models.practitioners import BAND_ENDS, minor_units
from directory.services.search import FIXED_VALUES, NO_CLAIM, Answer, Criteria, Facet, Names

SHOWN_AT_FIRST = 8
TEMPLATE = "components/facet.html"
# Any two or three letters may be typed for a language: words and forms of so many values are kept, of each filter.
MOST_VALUES = 1_000
_COUNT, _FIRST, _REST = map(fragments.gap, ("count", "first", "rest"))


@dataclass(frozen=True)
class Chip:
    facet: Facet
    value: str
    legend: str
    label: str


@dataclass(frozen=True)
class _Pieces:
    """Of one filter: the words of its values; what stands before and after the count of each (whether it is empty,
    whether it is chosen); and what stands around the values, by how many are behind the fold."""

    labels: dict[str, str] = field(default_factory=dict)
    values: dict[tuple[str, bool, bool], tuple[str, str]] = field(default_factory=dict)
    frames: dict[int, tuple[str, str, str]] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    app.extensions["facets"] = fragments.Kept[_Pieces](len(Facet))


def render(criteria: Criteria, results: Answer, names: Names) -> list[tuple[Facet, Markup]]:
    """Every filter with its counts. A value that is chosen is always there."""
    rendered = []
    state = fragments.facts_state()
    for facet in Facet:
        if facet in results.counts:
            pieces = _pieces(facet, state)
            html = _render(pieces, facet, results.counts[facet], criteria.filters.get(facet, ()), names)
            if html:
                rendered.append((facet, html))
    return rendered


def _render(pieces: _Pieces, facet: Facet, counts: Mapping[str, int], chosen: Sequence[str], names: Names) -> Markup:
    values, labels = _candidates(facet, counts, chosen), pieces.labels
    for value in values:
        if value not in labels:
            labels[value] = label(facet, value, names)
    if facet in _BY_COUNT:
        values = [
            row[3] for row in sorted((one not in chosen, -counts.get(one, 0), labels[one], one) for one in values)
        ]
    if not values:
        return Markup()
    numbers, known = language().numbers, pieces.values
    html: list[str] = []  # three strings a value: joining many is quicker than filling in many
    for value in values:
        count = counts.get(value, 0)
        key = (value, count == 0, value in chosen)
        before, after = known.get(key) or _around_count(pieces, facet, *key)
        html += (before, numbers[count], after)
    behind = max(len(values) - SHOWN_AT_FIRST, 0)
    head, fold, foot = pieces.frames.get(behind) or _frame(pieces, facet, behind)
    shown = 3 * SHOWN_AT_FIRST
    whole = "".join([head, *html[:shown], fold, *html[shown:], foot])
    return Markup(whole)  # noqa: S704  rendered by a template


def _around_count(pieces: _Pieces, facet: Facet, value: str, is_empty: bool, is_chosen: bool) -> tuple[str, str]:
    html = fragments.macro(TEMPLATE, "value")(facet, value, pieces.labels[value], _COUNT, is_empty, is_chosen)
    pieces.values[value, is_empty, is_chosen] = around = fragments.around(html, _COUNT)
    return around


def _frame(pieces: _Pieces, facet: Facet, behind: int) -> tuple[str, str, str]:
    head, rest = fragments.around(fragments.macro(TEMPLATE, "facet")(facet.legend, _FIRST, _REST, behind), _FIRST)
    pieces.frames[behind] = frame = (head, *fragments.around(rest, _REST))
    return frame


def _pieces(facet: Facet, state: Hashable) -> _Pieces:
    """What was rendered of a filter before, as long as it would be rendered alike."""
    kept: fragments.Kept[_Pieces] = current_app.extensions["facets"]
    pieces = kept.get(facet, state)
    if pieces is None or len(pieces.labels) > MOST_VALUES:
        pieces = _Pieces()
        if fragments.is_kept():
            kept.put(facet, state, pieces, 1)
    return pieces


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
    **FIXED_VALUES,
}
_ENUMS: dict[Facet, Callable[[str], Labelled]] = {
    Facet.VISIT: Visit,
    Facet.ACCESS: Access,
    Facet.PRESSURE: Pressure,
    Facet.GENDER: Gender,
    Facet.ACCEPTING: Accepting,
}


def _candidates(facet: Facet, counts: Mapping[str, int], chosen: Sequence[str]) -> list[str]:
    if facet in _FIXED:
        return list(_FIXED[facet])
    return list(dict.fromkeys([*chosen, *(value for value, number in counts.items() if number)]))


def label(facet: Facet, value: str, names: Names) -> str:
    """A value of a filter in words."""
    match facet:
        case Facet.STATUS:
            return translated(N_("States no membership") if value == NO_CLAIM else Status(value).label)
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
            return translated(_ENUMS[facet](value).label)


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
