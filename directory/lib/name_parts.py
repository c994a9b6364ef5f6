"""Takes the name of a person apart, to compare it with another: words, titles, hyphens, particles, other names.

Nothing is judged here. What is taken for a title or for letters after a name is left out of the words.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

from directory.lib import personal_names
from directory.lib.folding import plain
from directory.lib.personal_names import DEGREES, LEARNED_TITLES, TITLES

MOST_WORDS = 8

_MEN = frozenset({"mr", "sir", "lord", "brother", "herr", "monsieur", "dott", "sig"})
_WOMEN = frozenset(
    {"mrs", "ms", "miss", "dame", "lady", "sister", "frau", "mme", "mlle", "madame", "dottssa", "sigra", "sra"}
)
_TITLES = TITLES | LEARNED_TITLES
_GENERATIONS = {
    "jr": "junior", "jnr": "junior", "junior": "junior", "sr": "senior", "snr": "senior", "senior": "senior",
    "ii": "2", "iii": "3", "iv": "4", "2nd": "2", "3rd": "3", "younger": "junior", "elder": "senior",
}  # fmt: skip
_SMALL_WORDS = """
    van von vom zum zur der den de del della dello degli di da dos das du des la le ten ter te af av ap ab
    el bin ibn ben bint y e und zu of abu san st
"""
_PARTICLES = frozenset(_SMALL_WORDS.split())
_JOINED = frozenset({"mc", "mac", "o"})
_JOINS_A_NAME = "'’`´ʼ‘"
_APART = re.compile(r'[(\["“]|\bn[ée]e?\b|formerly|previously|\baka\b|a\.k\.a|known as|\bgeb', re.IGNORECASE)
_SIMPLE = re.compile(r"(?:[A-Z][a-z]+ ){1,2}[A-Z][a-z'’]+")  # most names by far
_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]+")
_INITIAL_BEFORE_A_NAME = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]{2})")
_JOINED_INITIALS = re.compile(r"[A-Z]{2,3}\.?")
_VOWELS = frozenset("aeiouy")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"))
_SPECIAL = _TITLES | _PARTICLES | _JOINED | DEGREES | frozenset(_GENERATIONS)


class Words(NamedTuple):
    """A name in folded words, in the order in which it is written; a family name before a comma stands last.

    `parts` has the parts of each hyphenated word, () for others. `particled` is the last word with what stands before
    it: `vanderberg`; "" where nothing does. `generation` is junior, senior or a number, `gender` what the title says: m
    or f.
    """

    words: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    particled: str = ""
    generation: str = ""
    gender: str = ""

    @property
    def whole(self) -> str:
        """All letters, without spaces."""
        return "".join(self.words[:-1]) + (self.particled or self.words[-1]) if self.words else ""


class PersonName(NamedTuple):
    """A name, and those that stand beside it: former ones and others."""

    main: Words
    former: tuple[Words, ...] = ()
    others: tuple[Words, ...] = ()


@lru_cache(maxsize=100_000)
def parse(text: str) -> PersonName:
    """The name in `text`, as lists and people write it. A text without letters gives a name without words."""
    if _SIMPLE.fullmatch(text):
        pieces = text.split()
        if _SPECIAL.isdisjoint(text.lower().split()):
            return PersonName(Words(tuple(_fold(piece)[0] for piece in pieces), ((),) * len(pieces)))
    if not _APART.search(text):
        return PersonName(_words(text))
    main, aside = personal_names.set_apart(text)
    former = tuple(_words(other) for other, is_former in aside if is_former)
    return PersonName(_words(main), former, tuple(_words(other) for other, is_former in aside if not is_former))


def _words(text: str) -> Words:
    family, comma, given = text.partition(",")
    raw = _pieces(family)
    after = _pieces(given) if comma else []
    generation = _take_generation(raw) or _take_generation(after)
    gender = _take_titles(raw) or _take_titles(after)
    shouted = text.isupper()
    if comma:
        after = _without_letters(after, shouted=shouted, fewest=0)
        raw = [*after, *raw] if after and not (len(raw) > 1 and _are_letters(given)) else raw
    raw = _without_letters(raw, shouted=shouted, fewest=2)
    return _folded(_spread(raw, shouted=shouted)[:MOST_WORDS], generation, gender)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _INITIAL_BEFORE_A_NAME.sub(". ", text.translate(_HYPHENS)).split() if piece != "-"]


def _bare(piece: str) -> str:
    return piece.strip(".,;()").replace(".", "").casefold()


def _take_generation(raw: list[str]) -> str:
    if len(raw) > 1 and (found := _GENERATIONS.get(_bare(raw[-1]))):
        raw.pop()
        if raw[-1].casefold() == "the":
            raw.pop()
        return found
    return ""


def _take_titles(raw: list[str]) -> str:
    gender = ""
    while len(raw) > 1 and _bare(raw[0]) in _TITLES and not _are_initials(raw[0]):
        title = _bare(raw[0])
        # "M" may be an initial, and "Fr" and "Sr" short for a name.
        if title in {"m", "fr", "sr"} and (len(raw) < 3 or not raw[0].endswith(".")):
            break
        gender = "m" if title in _MEN else "f" if title in _WOMEN else gender
        del raw[0]
    return gender


def _without_letters(raw: list[str], *, shouted: bool, fewest: int) -> list[str]:
    """Without letters after the name: degrees, and words of capitals where the name is not written so."""
    kept = list(raw)
    while len(kept) > fewest and _is_of_letters(kept[-1], shouted=shouted):
        kept.pop()
    return kept


def _is_of_letters(piece: str, *, shouted: bool) -> bool:
    bare = piece.strip(".,;")
    if _bare(piece) in DEGREES and not (bare.istitle() and len(bare) < 3):
        return True
    if shouted:
        return len(bare) >= 3 and bare.isalpha() and _VOWELS.isdisjoint(plain(bare))
    capitals = sum(map(str.isupper, bare))
    return "-" not in bare and capitals >= 3 and capitals * 2 > len(bare)


def _are_letters(text: str) -> bool:
    pieces = _pieces(text)
    return bool(pieces) and all(_is_of_letters(piece, shouted=False) for piece in pieces)


def _spread(raw: list[str], *, shouted: bool) -> list[str]:
    """Initials that are written together, as "J.A." and "JA", each as a word; Mc, Mac and O with what follows."""
    found: list[str] = []
    position = 0
    while position < len(raw):
        piece = raw[position]
        last = position == len(raw) - 1
        if _are_initials(piece) or (not shouted and not last and _JOINED_INITIALS.fullmatch(piece)):
            found += piece.replace(".", "")
        elif not last and _joins(piece, is_first=position == 0):
            found.append(piece.strip(_JOINS_A_NAME) + raw[position + 1])
            position += 1
        else:
            found.append(piece)
        position += 1
    return found


def _joins(piece: str, *, is_first: bool) -> bool:
    """Whether it is one name with what follows. An O at the beginning is an initial."""
    bare = piece.casefold().rstrip(_JOINS_A_NAME)
    return bare in _JOINED and not (is_first and bare == piece.casefold() == "o")


def _are_initials(piece: str) -> bool:
    return "." in piece.rstrip(".") and all(len(part) == 1 for part in piece.strip(".").split("."))


def _folded(raw: list[str], generation: str, gender: str) -> Words:
    words: list[str] = []
    parts: list[tuple[str, ...]] = []
    pending: list[str] = []
    for position, piece in enumerate(raw):
        joined, pieces = _fold(piece)
        if not joined:
            continue
        if words and position < len(raw) - 1 and joined in _PARTICLES and not piece.endswith("."):
            pending.append(piece)
            continue
        if pending and position < len(raw) - 1:
            pending = []  # a particle before a word that is not the last belongs to a first part of the family name
        words.append(joined)
        parts.append(pieces)
    # Folded as one word, as others write it: dumacdonald, not dumcdonald.
    particled = _fold("".join(pending) + raw[-1])[0] if pending and words else ""
    return Words(tuple(words), tuple(parts), particled, generation, gender)


def _latin_kana(piece: str) -> str:
    """Kana in Latin letters, before folding takes their marks for accents."""
    return _KANA.sub(lambda found: anyascii(found[0].replace("ー", "")).lower(), unicodedata.normalize("NFKC", piece))


@lru_cache(maxsize=200_000)
def _fold(piece: str) -> tuple[str, tuple[str, ...]]:
    """One written word as its letters, and its parts where it has a hyphen."""
    if _KANA.search(piece):
        piece = _latin_kana(piece)
    folded = plain(piece).split()
    joined = "".join(folded)
    if len(folded) < 2 or "-" not in piece:
        return joined, ()
    return joined, tuple(part for part in folded if len(part) > 1)
