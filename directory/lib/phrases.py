"""Finds phrases in what somebody wrote, whatever its case, accents, apostrophes and spaces, and where they stand.

A phrase that its sentence denies (“does not cure”) is not found.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator

_ALIKE = {
    **dict.fromkeys("‘’‛ʼ`´′＇", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("“”„«»", '"'),
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i",
}  # fmt: skip


class Folded:
    """A text in small letters without accents, and where each of its characters stood."""

    def __init__(self, written: str) -> None:
        self.written = written
        pieces: list[str] = []
        places: list[int] = []
        for place, character in enumerate(written):
            piece = _fold(character)
            pieces.append(piece)
            places += [place] * len(piece)
        self.text = "".join(pieces)
        self._places = [*places, len(written)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of `text` stands in what was written."""
        return self._places[start], self._places[end - 1] + 1 if end > start else self._places[start]

    def place(self, written: int) -> int:
        """Where a character of what was written stands in `text`."""
        return bisect_left(self._places, written)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The beginning and end, in `text`, of the clause around a stretch of it."""
        begins = max((found.end() for found in _BREAKS.finditer(self.text, 0, start)), default=0)
        after = _BREAKS.search(self.text, end)
        return begins, after.start() if after else len(self.text)

    def denies(self, start: int, end: int) -> bool:
        """Whether its clause denies this stretch of `text`: not, no, never, without before it, or so just after it."""
        begins, ends = self.clause(start, end)
        before = self.text[begins:start]
        words = list(_WORDS.finditer(before))[-_REACH:]
        near = before[words[0].start() :] if words else ""
        if any(not _ASSERTS.match(near, found.start()) for found in _DENIALS.finditer(near)):
            return True
        return bool(_DENIED_AFTER.match(self.text[end:ends]))


# So many words before a phrase can deny it.
_REACH = 10
_WORDS = re.compile(r"[^\W_][\w']*")
_BREAKS = re.compile(r"[.!?;:\n\r•]+(?=\s|$)|\n|[,\s](?:but|however|yet)\b|\s-+\s")
_DENIALS = re.compile(
    r"\b(?:not|no|never|nor|neither|cannot|without|nobody|nothing|none|\w+n't|rather than|instead of|far from"
    r"|avoid(?:s|ed|ing)?|refrain(?:s|ed|ing)? from|stop(?:ped|s)? short of|beware of|wary of)\b"
)
# They sound like a denial and are none.
_ASSERTS = re.compile(
    r"not (?:only|just|merely|simply)\b|no other\b|nothing else\b|nobody else\b|no doubt\b|no wonder\b"
)
_DENIED_AFTER = re.compile(
    r"(?:\W+\w+){0,3}?\W+(?:(?:is|are|was|were|can|will|would|should)(?: never| not|n't)|cannot|can't|isn't|aren't)\b"
)


def _fold(character: str) -> str:
    if character.isascii():
        return character.lower() if not character.isspace() or character == "\n" else " "
    if character.isspace():
        return " "
    folded = "".join(_ALIKE.get(one, one) for one in character.casefold())
    kept = "".join(one for one in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(one))
    return "" if unicodedata.category(character) in {"Mn", "Cf"} else kept


def words_of(phrases: Iterable[str]) -> str:
    """A part of a pattern that finds any of `phrases` in a folded text, the longest first, and nothing if none.

    Words may be parted by any spaces or hyphens.
    """
    folded = {" ".join(re.split(r"[\s-]+", Folded(phrase).text.strip())) for phrase in phrases}
    ordered = sorted((phrase for phrase in folded if phrase), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in ordered) or r"(?!)"


def whole(pattern: str) -> re.Pattern[str]:
    """The same as a pattern of its own: never inside another word."""
    return re.compile(rf"(?<![\w'])(?:{pattern})(?![\w])")


def without_overlaps(spans: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Which of `spans`, by number, to keep, so that none covers another: the first named win."""
    kept: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(spans):
        if all(end <= other_start or start >= other_end for other_start, other_end in kept):
            kept.append((start, end))
            yield number
