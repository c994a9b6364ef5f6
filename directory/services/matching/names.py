"""Whether two names can be names of one person, and why. Pure."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from jellyfish import metaphone
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from directory.lib.name_parts import Words
from directory.lib.romanisation import latin, sound
from directory.lib.short_forms import is_short_form
from directory.lib.skeletons import skeleton
from directory.services.matching.reasons import Kind

SHORTEST_SIMILAR = 4  # letters; among shorter words one letter makes another name
AS_A_WHOLE = 0.8  # of letters in order, where neither half agrees by itself
HEARD = 0.85  # of Jaro and Winkler, for words with the same consonants


class Level(IntEnum):
    """How far two names agree. From COMPATIBLE on they can be one person's without a mistake in either."""

    NONE = 0
    RELATED = 1
    SIMILAR = 2
    COMPATIBLE = 3
    EQUAL = 4


class Likeness(NamedTuple):
    """How far, what speaks for it and what against."""

    level: Level
    kinds: tuple[Kind, ...] = ()
    against: tuple[Kind, ...] = ()


class _Half(NamedTuple):
    """How far two given names or two family names agree."""

    level: Level
    kind: Kind | None = None


_SAME = _Half(Level.EQUAL)
_OTHER = _Half(Level.NONE)
_ALIKE = _Half(Level.SIMILAR, Kind.LOOKS_ALIKE)


def compare(claimed: Words, listed: Words) -> Likeness:
    """What is claimed beside what a register shows."""
    if not claimed.words or not listed.words:
        return Likeness(Level.NONE)
    if claimed.words == listed.words and claimed.particled == listed.particled:
        return _checked(Likeness(Level.EQUAL, (Kind.NAME,)), claimed, listed)
    if claimed.whole == listed.whole:
        return _checked(Likeness(Level.EQUAL, (Kind.NAME,)), claimed, listed)
    found = _aligned(claimed, listed)
    if found.level < Level.COMPATIBLE and len(claimed.words) > 1 and len(listed.words) > 1:
        swapped = [_as_swapped(turned, listed) for turned in _turned(claimed)]
        swapped += [_as_swapped(claimed, turned) for turned in _turned(listed)]
        best = max(swapped, key=lambda one: one.level)
        found = best if best.level >= Level.COMPATIBLE else found
    if found.level is Level.NONE and _is_similar_as_a_whole(claimed, listed):
        found = Likeness(Level.SIMILAR, (Kind.SIMILAR,))
    return _checked(found, claimed, listed)


def _is_similar_as_a_whole(claimed: Words, listed: Words) -> bool:
    """Whether both names have slips, or words in other places."""
    one, other = ("".join(sorted(name.words)) for name in (claimed, listed))
    return Indel.normalized_similarity(one, other, score_cutoff=AS_A_WHOLE) > 0


def _checked(found: Likeness, claimed: Words, listed: Words) -> Likeness:
    """What stands beside the name may contradict it."""
    against = list(found.against)
    if claimed.generation != listed.generation:
        against.append(Kind.GENERATION_DIFFERS)
    if claimed.gender and listed.gender and claimed.gender != listed.gender:
        against.append(Kind.TITLE_DIFFERS)
    return found if len(against) == len(found.against) else found._replace(against=tuple(against))


def _turned(name: Words) -> list[Words]:
    """The same with the last word first, and with the first word last."""
    words, parts = name.words, name.parts
    one = name._replace(words=words[-1:] + words[:-1], parts=parts[-1:] + parts[:-1], particled="")
    if len(words) == 2:
        return [one]
    return [one, name._replace(words=words[1:] + words[:1], parts=parts[1:] + parts[:1], particled="")]


def _as_swapped(one: Words, other: Words) -> Likeness:
    """Two names of which one was turned."""
    if one.words == other.words:
        return Likeness(Level.COMPATIBLE, (Kind.NAME, Kind.SWAPPED))
    found = _aligned(one, other)
    # With a word that may be of either name too much would fit.
    if found.level < Level.COMPATIBLE or found.against or Kind.DOUBLE_NAME in found.kinds:
        return Likeness(Level.NONE)
    return found._replace(kinds=(*found.kinds, Kind.SWAPPED))


def _aligned(claimed: Words, listed: Words) -> Likeness:
    if len(claimed.words) == 1 or len(listed.words) == 1:
        return _one_word(claimed, listed)
    family, is_double = _family(claimed, listed)
    given = _given(claimed, listed)
    against = []
    if not is_double and _middles_differ(claimed.words[1:-1], listed.words[1:-1]):
        against.append(Kind.MIDDLE_DIFFERS)
    for half, differs in ((family, Kind.FAMILY_DIFFERS), (given, Kind.GIVEN_DIFFERS)):
        if half.level is Level.NONE:
            against.append(differs)
        if half.kind is Kind.LOOKS_ALIKE:
            against.append(Kind.LOOKS_ALIKE)
    kinds = [half.kind for half in (given, family) if half.kind not in {None, Kind.LOOKS_ALIKE}]
    lower = min(family.level, given.level)
    if lower is Level.NONE:
        level = Level.RELATED if max(family.level, given.level) >= Level.COMPATIBLE else Level.NONE
    else:
        level = min(lower, Level.COMPATIBLE)
    if Kind.MIDDLE_DIFFERS in against:
        level = min(level, Level.SIMILAR)
    named = (Kind.NAME,) if level >= Level.SIMILAR else ()
    return Likeness(level, named + tuple(dict.fromkeys(kind for kind in kinds if kind)), tuple(dict.fromkeys(against)))


def _one_word(claimed: Words, listed: Words) -> Likeness:
    """Of one of them only a given or a family name is known, so nothing is sure."""
    one, other = sorted((claimed, listed), key=lambda name: len(name.words))
    halves = [_alike(one.words[0], word) for word in other.words]
    best = max(halves, key=lambda half: half.level, default=_OTHER)
    differs = Kind.FAMILY_DIFFERS if len(other.words) == 1 else Kind.GIVEN_DIFFERS
    if len(other.words) == 1 and best.level:
        against = (Kind.LOOKS_ALIKE,) if best.kind is Kind.LOOKS_ALIKE else ()
        kinds = tuple(kind for kind in (Kind.NAME, best.kind) if kind and kind not in against)
        return Likeness(min(best.level, Level.COMPATIBLE), kinds, against)
    return Likeness(Level.RELATED if best.level >= Level.COMPATIBLE else Level.NONE, (), (differs,))


def _family(claimed: Words, listed: Words) -> tuple[_Half, bool]:
    """The family names, and whether one of them is double, in which case a word before it belongs to it."""
    one, other = claimed.words[-1], listed.words[-1]
    if one == other:
        return _SAME if claimed.particled == listed.particled else _Half(Level.COMPATIBLE, Kind.PARTICLES), False
    if {one, claimed.particled} & {other, listed.particled} - {""}:
        return _Half(Level.COMPATIBLE, Kind.PARTICLES), False
    parts, other_parts = claimed.parts[-1], listed.parts[-1]
    if other in parts or one in other_parts or (parts and set(parts) == set(other_parts)):
        return _Half(Level.COMPATIBLE, Kind.DOUBLE_NAME), False
    if other in claimed.words[1:-1] or one in listed.words[1:-1]:
        return _Half(Level.COMPATIBLE, Kind.DOUBLE_NAME), True
    if _are_double(claimed, other_parts) or _are_double(listed, parts):
        return _Half(Level.COMPATIBLE, Kind.DOUBLE_NAME), True
    return _alike(one, other), False


def _are_double(name: Words, parts: Sequence[str]) -> bool:
    """Whether the last two words are what the other writes with a hyphen."""
    return len(name.words) > 2 and len(parts) > 1 and set(parts) == set(name.words[-2:])


def _given(claimed: Words, listed: Words) -> _Half:
    one, other = claimed.words[0], listed.words[0]
    if one == other:
        return _SAME
    if len(one) == 1 or len(other) == 1:
        return _Half(Level.COMPATIBLE, Kind.INITIALS) if _begins(one, other) else _OTHER
    if one == "".join(listed.words[:2]) or other == "".join(claimed.words[:2]):
        return _SAME
    if is_short_form(one, other):
        return _Half(Level.COMPATIBLE, Kind.SHORT_FORM)
    if one in listed.parts[0][:1] or other in claimed.parts[0][:1]:
        return _Half(Level.COMPATIBLE, Kind.DOUBLE_NAME)
    return _alike(one, other)


def _begins(one: str, other: str) -> bool:
    return latin(one)[:1] == latin(other)[:1] != ""


def _middles_differ(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether both have middle names, and one of the shorter list fits none of the other."""
    fewer, more = sorted((some, others), key=len)
    return any(not any(_fits(name, other) for other in more) for name in fewer)


def _fits(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return _begins(one, other)
    return one == other or is_short_form(one, other) or sound(one) == sound(other)


def _alike(one: str, other: str) -> _Half:
    """Two words: the same, one name in two spellings, similar, or not."""
    if one == other:
        return _SAME
    key = sound(one)
    if key and key == sound(other):
        is_disguised = skeleton(one) == skeleton(other) and latin(one) != latin(other)
        return _ALIKE if is_disguised else _Half(Level.COMPATIBLE, Kind.TRANSLITERATION)
    if skeleton(one) == skeleton(other):
        return _ALIKE
    return _Half(Level.SIMILAR, Kind.SIMILAR) if is_similar(one, other) else _OTHER


def is_similar(one: str, other: str) -> bool:
    """Whether a slip of the finger or of the ear makes one word of the other."""
    if min(len(one), len(other)) < SHORTEST_SIMILAR:
        return False
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return True
    if not (one.isascii() and other.isascii()) or one[0] != other[0] or metaphone(one) != metaphone(other):
        return False
    return JaroWinkler.similarity(one, other) >= HEARD  # Jane and John sound alike to the table, and to nobody else
