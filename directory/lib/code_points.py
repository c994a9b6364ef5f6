"""Letters as Unicode numbers and names them: for telling apart what looks alike."""

import unicodedata
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

# Names and numbers are short; of anything longer the beginning is enough to see what is meant.
MOST_LETTERS = 120


class Letter(NamedTuple):
    """One code point. `shown` is how to print it: nothing where it would not be seen, or would move the others."""

    shown: str
    number: str
    name: str


def spell(text: str) -> list[Letter]:
    """Every letter of a text."""
    return [_letter(character) for character in text[:MOST_LETTERS]]


def unusual(text: str) -> list[Letter]:
    """The letters of a text that no English keyboard has."""
    return [_letter(character) for character in text[:MOST_LETTERS] if not (character.isascii() and character > "\x1f")]


def unseen(text: str) -> list[Letter]:
    """The letters of a text that nobody sees, but that may move or hide others, each once."""
    found = (one for one in text if unicodedata.category(one) in {"Cf", "Co", "Cn"})
    return [_letter(character) for character in dict.fromkeys(found)]


def side_by_side(one: str, other: str) -> list[tuple[Letter | None, Letter | None]]:
    """The letters in which two texts differ, each beside what stands in its place; None where there is nothing."""
    one, other = one[:MOST_LETTERS], other[:MOST_LETTERS]
    found: list[tuple[Letter | None, Letter | None]] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            found += zip_longest(spell(one[a:b]), spell(other[c:d]))
    return found


def _letter(character: str) -> Letter:
    seen = character.isprintable() and not unicodedata.combining(character)
    number = f"U+{ord(character):04X}"
    return Letter(character if seen else "", number, unicodedata.name(character, "").title())
