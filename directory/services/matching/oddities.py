"""What in a name or number no honest typing brings about. Either forbids a match.

Registers are read without such characters (lib/cells), so only what is claimed is looked at.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from directory.lib import skeletons
from directory.lib.folding import plain
from directory.services.matching.reasons import Kind

_DIGIT = re.compile("[0-9]")
_TOGETHER = (
    frozenset({"HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"HAN", "HANGUL"}),
    frozenset({"HAN", "BOPOMOFO"}),
)
_OF_ANY_SCRIPT = frozenset({"COMMON", "INHERITED", "Unknown"})
_BETWEEN_NUMBERS = frozenset("‐‑‒–—−’‘`´·•№")


def of_name(text: str) -> tuple[Kind, ...]:
    """What is odd about a name, each kind once."""
    if text.isascii() and text.isprintable():
        return (Kind.ODD_LETTERS,) if _DIGIT.search(text) else ()
    return tuple(dict.fromkeys(_of_name(unicodedata.normalize("NFC", text))))


def of_number(text: str) -> tuple[Kind, ...]:
    """The same of a number."""
    if text.isascii() and text.isprintable():
        return ()
    return tuple(dict.fromkeys(_of_number(text)))


def _of_name(text: str) -> Iterator[Kind]:
    if _is_hidden(text):
        yield Kind.INVISIBLE
    scripts = {skeletons.script(character) for character in text} - _OF_ANY_SCRIPT
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        yield Kind.MIXED_SCRIPTS
    seen = "".join(character for character in text if not character.isspace())
    odd = (
        any(unicodedata.category(character)[0] == "N" for character in seen),
        unicodedata.normalize("NFKC", seen) != seen,
        any(map(_is_odd_latin, chain.from_iterable(plain(text).split()))),
        "LATIN" in scripts and any(map(unicodedata.combining, text)),
    )
    if any(odd):
        yield Kind.ODD_LETTERS


def _is_odd_latin(letter: str) -> bool:
    """Whether folding has left a letter that is Latin and none of a to z, as ɑ and ɡ."""
    return not letter.isascii() and skeletons.script(letter) in {"LATIN", "COMMON", "INHERITED"} and letter != "ー"


def _of_number(text: str) -> Iterator[Kind]:
    if _is_hidden(text):
        yield Kind.INVISIBLE
    if any(map(skeletons.is_number_of_another_script, text)):
        yield Kind.FOREIGN_DIGITS
    others = (one for one in text if not one.isascii() and not one.isspace() and one not in _BETWEEN_NUMBERS)
    if any(not skeletons.is_number_of_another_script(one) and not skeletons.is_invisible(one) for one in others):
        yield Kind.ODD_LETTERS


def _is_hidden(text: str) -> bool:
    return bool(skeletons.hidden(text)) or any(unicodedata.category(one) == "Cc" for one in text)
