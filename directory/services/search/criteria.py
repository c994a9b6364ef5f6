"""What is asked of a search, in full: words, a place, filters, an order, a page."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from directory.lib import folding
from directory.lib.words import N_
from directory.models import Accepting, Access, Gender, Pressure, PriceBand, Visit
from directory.services.places import Spot

MAX_TERMS = 8
MAX_VALUES = 12
MAX_PAGE = 500
PAGE_SIZE = 20

# Words that say nothing about a practitioner, left out unless nothing else was typed.
_STOP_WORDS = frozenset(
    {"a", "an", "and", "around", "at", "based", "by", "for", "from", "in", "me", "my", "near", "of", "on", "or"}
    | {"practitioner", "practitioners", "that", "the", "therapist", "therapists", "to", "who", "with"}
)


class Facet(StrEnum):
    """What results can be filtered by, as the names of the parameters."""

    STATUS = "status"
    BODY = "body"
    MODALITY = "modality"
    CONCERN = "concern"
    VISIT = "visit"
    PRICE = "price"
    ACCESS = "access"
    PRESSURE = "pressure"
    LANGUAGE = "language"
    GENDER = "gender"
    ACCEPTING = "accepting"

    @property
    def legend(self) -> str:
        """Its name on a page."""
        return _LEGENDS[self]


_LEGENDS = {
    Facet.STATUS: N_("What was checked"),
    Facet.BODY: N_("Body"),
    Facet.MODALITY: N_("Method"),
    Facet.CONCERN: N_("Often works with"),
    Facet.VISIT: N_("Visit"),
    Facet.PRICE: N_("Price of an hour"),
    Facet.ACCESS: N_("Access"),
    Facet.PRESSURE: N_("Pressure"),
    Facet.LANGUAGE: N_("Language"),
    Facet.GENDER: N_("Practitioner"),
    Facet.ACCEPTING: N_("Clients"),
}


class Sort(StrEnum):
    DISTANCE = "distance"
    RELEVANCE = "relevance"
    NAME = "name"
    SHUFFLE = "shuffle"


# The parameter that narrows a search to those whom somebody in the circle of the asker recommends, and its one value.
CIRCLE, YES = "circle", "yes"
CIRCLE_LEGEND = N_("Your circle")
NO_CLAIM = "none"  # the value of the status filter for "States no membership"

# Filters whose values are known beforehand, whatever the directory holds.
FIXED_VALUES: dict[Facet, tuple[str, ...]] = {
    Facet.VISIT: tuple(Visit),
    Facet.PRICE: tuple(PriceBand),
    Facet.ACCESS: tuple(Access),
    Facet.PRESSURE: tuple(Pressure),
    Facet.GENDER: tuple(Gender),
    Facet.ACCEPTING: tuple(Accepting),
}


def told(values: Sequence[str]) -> list[str]:
    """Of the values of the status filter, those that are statuses."""
    return [value for value in values if value != NO_CLAIM]


Terms = tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True)
class Criteria:
    """A search. Everything in it is known to be valid.

    `radius_m` is None for any distance. `filters` holds alternatives for each facet. `among` are row numbers to which
    it is narrowed, of those who are recommended to whoever asks; None for everybody. An address says only that it is.
    """

    day: dt.date
    words: str = ""
    spot: Spot | None = None
    radius_m: float | None = None
    within: str = ""  # the radius as an address writes it: "15mi", "25km" or "any"
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.SHUFFLE
    page: int = 1
    pairs_concerns: bool = True
    among: frozenset[int] | None = None

    @property
    def terms(self) -> Terms:
        """What the words ask for: each term with its alternatives (lib/folding)."""
        return parse_words(self.words)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The same search as parameters of an address, without the page, in an order that is always the same."""
        found = [("q", self.words)] if self.words else []
        if self.spot is not None:
            found += [("near", self.spot.text), ("within", self.within)]
        found += [(facet.value, value) for facet in Facet for value in self.filters.get(facet, ())]
        if self.among is not None:
            found.append((CIRCLE, YES))
        if self.sort is not self.usual_sort:
            found.append(("sort", self.sort.value))
        return found

    @property
    def usual_sort(self) -> Sort:
        """Distance first when there is a place, relevance first when there are words, else the order of the day."""
        if self.spot is not None:
            return Sort.DISTANCE
        return Sort.RELEVANCE if self.words else Sort.SHUFFLE

    @property
    def offset(self) -> int:
        """How many listings stand on the pages before this one."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def in_circle(self) -> bool:
        return self.spot is not None and self.radius_m is not None

    def without(self, facet: Facet) -> "Criteria":
        """The same search without one filter."""
        return replace(self, page=1, filters={name: kept for name, kept in self.filters.items() if name is not facet})

    def without_value(self, facet: Facet, value: str) -> "Criteria":
        """The same search without one value of one filter."""
        kept = tuple(other for other in self.filters.get(facet, ()) if other != value)
        bare = self.without(facet)
        return replace(bare, filters={**bare.filters, facet: kept}) if kept else bare

    def changed(self, **changes: Any) -> "Criteria":
        """The same search with something else, from its first page, in the usual order unless another was chosen."""
        usual = self.sort is self.usual_sort
        new = replace(self, **{"page": 1, **changes})
        return replace(new, sort=new.usual_sort) if usual and "sort" not in changes else new


@dataclass(frozen=True)
class Hit:
    """A listing found, with the square of its distance along a straight line in metres, if a place was asked for.

    `edition` changes whenever the listing does, within one process; None where that is not known. It says nothing of
    what was found: two hits with another edition are equal.
    """

    practitioner_id: int
    chord_squared: int | None = None
    edition: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Answer:
    """What a search found: how many in all, the listings of one page in order, and the counts of the filters.

    For each filter a count is how many listings each of its values would find: all other filters count, its own does
    not. Values that would find nobody may be left out.
    """

    total: int
    hits: tuple[Hit, ...]
    counts: dict[Facet, dict[str, int]]

    @property
    def pages(self) -> int:
        """How many pages can be looked at."""
        return min(math.ceil(self.total / PAGE_SIZE), MAX_PAGE)

    @property
    def shown(self) -> int:
        """How many listings stand on those pages."""
        return min(self.total, MAX_PAGE * PAGE_SIZE)

    @property
    def is_cut(self) -> bool:
        """Whether more was found than can be looked at."""
        return self.total > self.shown


def parse_words(text: str) -> Terms:
    """The terms of a typed text, at most eight, without words that say nothing."""
    terms = [tuple(tuple(alternative) for alternative in term) for term in folding.terms(text)]
    telling = [term for term in terms if not any(len(a) == 1 and a[0] in _STOP_WORDS for a in term)]
    return tuple((telling or terms)[:MAX_TERMS])


def is_beginning(terms: Terms, term: int, alternative: tuple[str, ...], token: int) -> bool:
    """Whether a token may be the beginning of a longer word: the last one typed, if it is two letters or more."""
    return term == len(terms) - 1 and token == len(alternative) - 1 and len(alternative[token]) >= 2


SHUFFLE_PRIME = 2_147_483_647  # 2^31 - 1, a prime: multiplying by a number of the day permutes what lies below it
SHUFFLE_STEP = 48_271  # a primitive root of it, https://en.wikipedia.org/wiki/Lehmer_random_number_generator


def shuffle_factor(day: dt.date) -> int:
    """The order of the day is that of (shuffle + 1) times this, modulo SHUFFLE_PRIME; then by row number."""
    return pow(SHUFFLE_STEP, day.toordinal(), SHUFFLE_PRIME)
