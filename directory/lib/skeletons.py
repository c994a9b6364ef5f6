"""What a name or number looks like to the eye (UTS #39), and what in it only a machine can see.

Two texts with the same skeleton can be taken for each other. Which characters look alike comes from the tables of the
Unicode Consortium, as the package confusable-homoglyphs carries them. On top of these, case does not count, nor do
accents, spaces, hyphens, dots and apostrophes: somebody who types “Zoe Obrien” is taken for “Zoë O’Brien”. I, l, i and
1 are one letter here, and so are O, o and 0. So two honest names can have one skeleton, too: a skeleton asks for a
look, it never decides.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from confusable_homoglyphs import categories
from confusable_homoglyphs.confusables import confusables_data

_MARKS_OF_DIRECTION = re.compile("[\u200e\u200f]")

# Left out of a skeleton: nobody tells names apart by them.
_SEPARATORS = frozenset(" \t.,'_-·`~\u0674")

# Letters that the tables keep apart and eyes do not, or not in every face.
_ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "ı": "l", "0": "o", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})
_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")


def _prototypes() -> dict[str, str]:
    """Each character with what it looks like: of characters that look alike, one stands for all.

    The package gives pairs. The one in the middle of most pairs is what Unicode calls the prototype.
    """
    pairs = {
        (_MARKS_OF_DIRECTION.sub("", one), _MARKS_OF_DIRECTION.sub("", other["c"]))
        for one, others in confusables_data.items()
        for other in others
    }
    # What is made of several characters first, then by how many look like it, then letters of this alphabet.
    weight = Counter(one for one, _ in pairs)

    def rank(text: str) -> tuple[bool, int, bool, str]:
        return len(unicodedata.normalize("NFD", text)) == 1, -weight[text], not text.isascii(), text

    found: dict[str, str] = {}
    for one, other in sorted(pairs):
        if len(one) == 1 and rank(other) < rank(found.get(one, one)):
            found[one] = other
    return found


_PROTOTYPES = _prototypes()


def skeleton(text: str) -> str:
    """What `text` looks like, as small letters without spaces; empty if nothing of it can be seen."""
    return "".join(_look(character) for character in unicodedata.normalize("NFD", text))


def skeletons(text: str) -> list[str]:
    """The skeletons of `text` as it is, and as it would be with capitals only where words begin, each once.

    Capitals of other scripts look like other letters than their small ones: ΝΙΚΟΣ is found as Νίκος by this.
    """
    found = (skeleton(text), skeleton(_with_usual_capitals(text)))
    return [one for one in dict.fromkeys(found) if one]


def _with_usual_capitals(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


@lru_cache(maxsize=20_000)
def _look(character: str) -> str:
    if is_invisible(character) or character.isspace():
        return ""
    prototype = _PROTOTYPES.get(character, character)
    if len(prototype) > 1 or prototype != character:
        # A prototype of several letters is itself made of letters that look like others.
        return "".join(_look_of_prototype(part) for part in unicodedata.normalize("NFD", prototype))
    return _look_of_prototype(character)


def _look_of_prototype(character: str) -> str:
    found = []
    for part in unicodedata.normalize("NFKD", _PROTOTYPES.get(character, character)).casefold().translate(_ALIKE):
        small = _SMALL_CAPITAL.fullmatch(unicodedata.name(part, ""))
        letter = small[1].lower().translate(_ALIKE) if small else part
        if letter not in _SEPARATORS and not unicodedata.combining(letter):
            found.append(letter)
    return "".join(found)


def is_number_of_another_script(character: str) -> bool:
    """Whether `character` is a digit or number, and none of 0 to 9."""
    return unicodedata.category(character) in {"Nd", "Nl", "No"} and not character.isascii()


_WORD_BREAKS = re.compile(r"[\s\-‐-―.,;:/&+|()\[\]{}\"“”„«»'’‘`´·•・‧_]+")

# Scripts that are written together in one word.
_TOGETHER = (
    frozenset({"HAN", "HIRAGANA", "KATAKANA", "LATIN"}),
    frozenset({"HAN", "HANGUL", "LATIN"}),
    frozenset({"HAN", "BOPOMOFO", "LATIN"}),
)
_OF_ANY_SCRIPT = frozenset({"COMMON", "INHERITED", "Unknown"})


def mixed_words(text: str) -> list[str]:
    """The words of `text` that mix scripts which are not written together. “Мария Ivanova” has none."""
    return [word for word in _WORD_BREAKS.split(text) if word and _mixes(word)]


def _mixes(word: str) -> bool:
    if word.isascii():
        return False
    scripts = {script(character) for character in word} - _OF_ANY_SCRIPT
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)


@lru_cache(maxsize=20_000)
def script(character: str) -> str:
    """The script of a character, in the words of Unicode and in capitals; COMMON where it belongs to none."""
    return str(categories.alias(character))


# What is not drawn, whatever its category says: fillers, selectors, and marks that only steer other characters.
_NOT_DRAWN = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10))
) | frozenset(range(0xE0000, 0xE1000))
_JOINERS = "\u200c\u200d"
_JOINED_SCRIPTS = frozenset(
    {
        *("ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL"),
        *("TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN"),
    }
)


def is_invisible(character: str) -> bool:
    """Whether nothing of `character` is seen. Spaces are seen."""
    if character.isspace():
        return False
    return unicodedata.category(character) in {"Cf", "Cc"} or ord(character) in _NOT_DRAWN


def hidden(text: str) -> list[str]:
    """The invisible characters of `text` that no script needs where they stand.

    Joiners are needed between letters of Arabic, Persian and the scripts of India and their kin; selectors of variants
    after ideographs, as in Japanese names.
    """
    return [character for position, character in enumerate(text) if _is_hidden(text, position)]


def _is_hidden(text: str, position: int) -> bool:
    character = text[position]
    if not is_invisible(character):
        return False
    before = _letter_before(text, position)
    after = text[position + 1 : position + 2]
    if character in _JOINERS:
        joins = bool(before) and script(before) in _JOINED_SCRIPTS
        return not (joins and (not after or after.isspace() or script(after) in _JOINED_SCRIPTS))
    if 0xE0100 <= ord(character) <= 0xE01EF:
        return position == 0 or script(text[position - 1]) != "HAN"
    if 0x180B <= ord(character) <= 0x180F:
        return position == 0 or script(text[position - 1]) != "MONGOLIAN"
    return True


def _letter_before(text: str, position: int) -> str:
    """The letter before `position`, past one mark of the kind that all scripts share; empty where there is none."""
    before = text[max(position - 2, 0) : position]
    return next((one for one in reversed(before) if script(one) != "INHERITED"), "")
