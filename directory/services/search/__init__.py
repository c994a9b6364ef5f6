"""Searching the directory. The rest of the code knows this interface, and not how it is done."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlalchemy import func, select

from directory.db import db
from directory.models import SearchWord
from directory.services.search import engine
from directory.services.search.criteria import (
    CIRCLE,
    CIRCLE_LEGEND,
    FIXED_VALUES,
    NO_CLAIM,
    YES,
    Answer,
    Criteria,
    Facet,
    Hit,
    Sort,
)
from directory.services.search.engine import keep, prepare
from directory.services.search.replica import keeping
from directory.services.search.understanding import (
    Asked,
    Names,
    Notice,
    Site,
    distances,
    load_names,
    radius_of,
    radius_words,
    understand,
    usual_within,
)

__all__ = [
    "CIRCLE",
    "CIRCLE_LEGEND",
    "FIXED_VALUES",
    "NO_CLAIM",
    "YES",
    "Answer",
    "Asked",
    "Criteria",
    "Facet",
    "Hit",
    "Loosening",
    "Names",
    "Notice",
    "Site",
    "Sort",
    "correct",
    "count",
    "distances",
    "find",
    "forget",
    "keep",
    "load_names",
    "loosen",
    "named",
    "prepare",
    "radius_words",
    "understand",
    "usual_within",
    "widen",
]

FEW = 5
GOOD_GUESS = 74  # of 100
_WIDER = {"mi": (5, 10, 15, 30, 60, 120), "km": (10, 25, 50, 100, 200)}


@dataclass(frozen=True)
class Loosening:
    """A search that asks for less, and how many it would find. `facet` is what it drops, else words or the place."""

    criteria: Criteria
    total: int
    facet: Facet | None = None
    drops: str = ""


def find(criteria: Criteria) -> Answer:
    """Search."""
    return engine.answer(criteria)


def count(criteria: Criteria) -> int:
    """How many listings a search finds."""
    return engine.count(criteria)


def named(words: str, limit: int) -> list[int]:
    """Listings with all the words in their names, the last one as a beginning; by name, at most `limit`."""
    return engine.named(words, limit)


def forget(folder: Path) -> None:
    """Take away the file of the search in `folder`, which holds words of listings. Processes make it anew."""
    with contextlib.suppress(FileNotFoundError):
        (folder / keeping.FILE).unlink()


def loosen(criteria: Criteria) -> list[Loosening]:
    """For a search that found nobody: what each loosening would give, the most helpful first."""
    found = [Loosening(bare, engine.count(bare), facet, drops) for facet, drops, bare in _barer(criteria)]
    helpful = sorted((one for one in found if one.total), key=lambda one: -one.total)
    return helpful or list(islice(_much_barer(criteria), 1))


def _barer(criteria: Criteria) -> Iterator[tuple[Facet | None, str, Criteria]]:
    for facet in criteria.filters:
        yield facet, "", criteria.without(facet)
    if criteria.among is not None:
        yield None, "circle", criteria.changed(among=None)
    if criteria.words:
        yield None, "words", criteria.changed(words="")
    if criteria.in_circle:
        yield None, "place", criteria.changed(spot=None, radius_m=None, within="")


def _much_barer(criteria: Criteria) -> Iterator[Loosening]:
    """Where leaving out one thing is not enough: without all filters, then without the words or the place, too."""
    bare = criteria.changed(filters={}, among=None)
    placeless = bare.changed(spot=None, radius_m=None, within="")
    for drops, barer in (
        ("filters", bare),
        ("filters-and-words", bare.changed(words="")),
        ("filters-and-place", placeless),
    ):
        total = engine.count(barer)
        if total:
            yield Loosening(barer, total, drops=drops)


def widen(criteria: Criteria, total: int, unit: str) -> Loosening | None:
    """For few results: the next wider circle that finds at least five, or else the widest that finds more."""
    if not criteria.in_circle or total >= FEW:
        return None
    best = None
    for number in _WIDER[unit]:
        radius = radius_of(f"{number}{unit}") or 0.0
        if radius <= (criteria.radius_m or 0.0):
            continue
        wider = criteria.changed(radius_m=radius, within=f"{number}{unit}")
        found = engine.count(wider)
        if found > total:
            best = Loosening(wider, found, drops="radius")
            total = found
        if found >= FEW:
            break
    return best


def correct(criteria: Criteria) -> Loosening | None:
    """For a search that found nobody: the same with each mistyped word as it was probably meant."""
    corrected = []
    changed = False
    for term in criteria.terms:
        typed = "".join(term[0])
        if engine.count(Criteria(day=criteria.day, words=typed, pairs_concerns=criteria.pairs_concerns)):
            corrected.append(typed)
            continue
        meant = _nearest_word(typed)
        changed = changed or meant is not None
        corrected.append(meant or typed)
    if not changed:
        return None
    new = replace(criteria, words=" ".join(corrected), page=1)
    bare = new.changed(filters={}, among=None)
    for candidate in (new, bare, bare.changed(spot=None, radius_m=None, within="")):
        total = engine.count(candidate)
        if total:
            return Loosening(candidate, total, drops="typo")
    return None


def _nearest_word(typed: str) -> str | None:
    """The known word most like a mistyped one; of equally like ones the first by code point."""
    length = func.length(SearchWord.word)
    near = select(SearchWord.word).where(length.between(len(typed) - 2, len(typed) + 2)).order_by(SearchWord.word)
    found = process.extract(typed, db.session.scalars(near).all(), scorer=fuzz.ratio, score_cutoff=GOOD_GUESS, limit=1)
    return found[0][0] if found else None
