"""What was asked, made ready to be looked up, and how much one line of a register says of it. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from directory.lib import name_parts
from directory.lib.folding import plain
from directory.lib.name_parts import Words
from directory.models import Shown
from directory.models.claims import number_key
from directory.services.matching import oddities
from directory.services.matching.keys import pairs
from directory.services.matching.names import Level, Likeness, compare
from directory.services.matching.persons import Person, RegisterRowLike
from directory.services.matching.reasons import Kind, Reason


class Tier(IntEnum):
    """How much a line has to say for itself."""

    NOTHING = 0
    NUMBER_ONLY = 1
    SIMILAR = 2
    COMPATIBLE = 3
    STRONG = 4
    MATCH = 5


class Look(NamedTuple):
    """A line, beside what was asked."""

    row: RegisterRowLike
    tier: Tier
    likeness: Likeness
    via: Reason | None
    has_number: bool
    is_listed: bool


class Asked(NamedTuple):
    """What was asked, made ready."""

    person: Person
    names: list[tuple[Words, Reason | None]]
    number_key: str
    odd: tuple[Kind, ...]
    towns: tuple[str, ...]
    outwards: tuple[str, ...]
    on: dt.date | None
    not_keys: Collection[int]


def made_ready(person: Person, on: dt.date | None, not_keys: Collection[int]) -> Asked | None:
    name = name_parts.parse(person.name)
    if not any(map(_has_letters, name.main.words)):
        return None
    names: list[tuple[Words, Reason | None]] = [(name.main, None)]
    names += [(other, Reason(Kind.FORMER_NAME, {"name": _shown(other)})) for other in name.former]
    names += [(other, Reason(Kind.OTHER_NAME, {"name": _shown(other)})) for other in name.others]
    odd = oddities.of_name(person.name)
    for text in person.other_names:
        other = name_parts.parse(text).main
        # What hides something is no name to be found by.
        if other.words and not oddities.of_name(text):
            names.append((other, Reason(Kind.OTHER_NAME, {"name": text})))
    places = ((person.town, person.outward), *person.places)
    return Asked(
        person,
        names,
        number_key(person.number) if person.number else "",
        odd + tuple(kind for kind in oddities.of_number(person.number or "") if kind not in odd),
        tuple(folded_town(town) for town, _ in places if town),
        tuple(outward.upper() for _, outward in places if outward),
        on,
        not_keys,
    )


@lru_cache(maxsize=20_000)
def folded_town(town: str) -> str:
    """A town as it is compared. There are not many."""
    return plain(town)


def _has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))


def _shown(name: Words) -> str:
    return " ".join(name.words).title()


def asked_pairs(name: Words) -> Iterator[tuple[str, str]]:
    """The pairs under which a line of this name is kept, and those of the name with its halves swapped."""
    for family, given in pairs(name):
        yield family, given
        if family != given:
            yield given, family
    if len(name.words) > 2:
        yield name.words[-1], "".join(name.words[:2])
        yield name.words[0], name.words[-1]
        yield "".join(name.words[-2:]), name.words[0]


def best_name(asked: Asked, text: str) -> tuple[Likeness, Reason | None]:
    """Of all names of both sides the two that agree most; and which other name that was."""
    listed = name_parts.parse(text)
    if len(asked.names) == 1 and not listed.former and not listed.others:  # most by far
        return compare(asked.names[0][0], listed.main), None
    sides: list[tuple[Words, Reason | None]] = [(listed.main, None)]
    sides += [(other, Reason(Kind.FORMER_NAME, {"name": _shown(other)})) for other in listed.former]
    sides += [(other, Reason(Kind.OTHER_NAME, {"name": _shown(other)})) for other in listed.others]
    best: tuple[Likeness, Reason | None] = (Likeness(Level.NONE), None)
    for name, via in asked.names:
        for other, other_via in sides:
            likeness = compare(name, other)
            if (best[1] is None and best[0].level is Level.NONE) or _rank(likeness) > _rank(best[0]):
                best = likeness, via or other_via
    return best


def _rank(likeness: Likeness) -> tuple[int, int]:
    return likeness.level, -len(likeness.against)


def tier_of(likeness: Likeness, *, has_number: bool, is_odd: bool) -> Tier:
    level = likeness.level
    is_contradicted = is_odd or any(kind.contradicts for kind in likeness.against)
    if has_number:
        if level >= Level.COMPATIBLE:
            return Tier.STRONG if is_contradicted else Tier.MATCH
        if level is Level.SIMILAR:
            return Tier.STRONG
        return Tier.COMPATIBLE if level is Level.RELATED else Tier.NUMBER_ONLY
    if level < Level.SIMILAR:
        return Tier.NOTHING
    if level is Level.SIMILAR or likeness.against:
        return Tier.SIMILAR
    return Tier.STRONG if level is Level.EQUAL else Tier.COMPATIBLE


def may_be_one(before: str, after: str) -> bool:
    """Whether a line that shows another name than before may still be the same person's. Family names change with a
    marriage; with another given name, somebody else has the number now."""
    if before == after:
        return True
    found = compare(name_parts.parse(before).main, name_parts.parse(after).main)
    is_given = found.level is Level.RELATED and Kind.GIVEN_DIFFERS not in found.against
    return is_given or found.level >= Level.SIMILAR


def is_listed_on(row: RegisterRowLike, on: dt.date | None) -> bool:
    """Whether a version shows a membership on a day; None: now."""
    if row.shown is Shown.ENDED:
        return False
    if on is None:
        return row.listed_until is None
    if row.listed_from is not None and on < row.listed_from:
        return False
    return row.listed_until is None or on < row.listed_until


def was_listed_before(row: RegisterRowLike, on: dt.date | None) -> bool:
    """Whether a version that does not do so is of an earlier time, and not of a later one."""
    if on is None:
        return True
    if row.shown is Shown.ENDED:
        return row.listed_from is None or row.listed_from <= on
    return row.listed_until is not None and row.listed_until <= on
