"""Which words, or letters, of two texts differ, for showing them side by side."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

# Longer texts are compared as a whole: word by word would take too long, and nobody could read it.
MOST_WORDS = 2_000

_WORDS = re.compile(r"\s+|[^\s]+")
_ENDS = re.compile(r"(\s*\n\s*)")


class Piece(NamedTuple):
    """A part of a text, and whether the other text has something else in its place."""

    text: str
    differs: bool


def compare(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces. Joined, the pieces of each are the text again."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        differs = before != after
        return ([Piece(before, differs)] if before else []), ([Piece(after, differs)] if after else [])
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for pieces, text in ((left, "".join(old[a:b])), (right, "".join(new[c:d]))):
            # The ends of lines are never marked: a mark would fill the empty lines between.
            parts = _ENDS.split(text) if kind != "equal" else [text]
            pieces += [Piece(part, kind != "equal" and not part.isspace()) for part in parts if part]
    return left, right


def compare_letters(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The same letter by letter, for what is as short as a number: of 5127 and 5172 the last two letters differ."""
    if max(len(before), len(after)) > MOST_WORDS:
        return compare(before, after)
    if len(before) == len(after):
        # Two digits that changed places are seen where they stand.
        runs = groupby(range(len(before)), lambda place: before[place] != after[place])
        spans = [(differs, *_ends_of(places)) for differs, places in runs]
        return [Piece(before[a:b], differs) for differs, a, b in spans], [
            Piece(after[a:b], differs) for differs, a, b in spans
        ]
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left += [Piece(before[a:b], kind != "equal")] if b > a else []
        right += [Piece(after[c:d], kind != "equal")] if d > c else []
    return left, right


def _ends_of(places: Iterable[int]) -> tuple[int, int]:
    found = list(places)
    return found[0], found[-1] + 1
