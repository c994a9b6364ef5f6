"""Reads the name of a person as people write it in lists: with titles, letters, capitals, or back to front."""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from directory.lib.cells import Remark, one_line, remark
from directory.lib.words import N_

LONGEST = 120

TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "mx", "master", "sir", "dame", "lady", "lord", "rev", "revd", "reverend", "fr",
        "sister", "brother", "herr", "frau", "mme", "mlle", "m", "madame", "monsieur", "dott", "dottssa", "sig",
        "sigra", "sra", "sr",
    }
)  # fmt: skip
# Somebody may take them for something that was checked.
LEARNED_TITLES = frozenset(
    {
        "dr", "doctor", "prof", "professor",
    }
)  # fmt: skip
DEGREES = frozenset(
    {
        "ba", "bsc", "msc", "ma", "mba", "phd", "dphil", "bed", "llb", "md", "mbbs", "rgn", "rmn", "srn", "rn", "obe",
        "mbe", "cbe", "hnd", "hnc", "pgce", "itec", "vtct", "btec", "lic", "licac", "dip", "diphe", "cert", "hons",
        "mcsp", "csp", "hcpc", "frsa", "mcma", "bphil", "mphil", "ac",
    }
)  # fmt: skip
_PARTICLES = frozenset(
    {
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "do", "dos", "du", "la", "le", "ten", "ter", "af",
        "av", "al", "el", "bin", "ibn", "y", "und", "zu",
    }
)  # fmt: skip
_LETTERS_LIKE = re.compile(r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:\([A-Za-z]+\))?")
_DIP = re.compile(r"(?:dip|cert|lic|b|m|pg)[a-z]*[A-Z]\w*")
_FORMER = re.compile(r"\b(?:née|nee|né|formerly|previously|was|geb\.?|geborene)\s+", re.IGNORECASE)
_ALSO = re.compile(r"\b(?:aka|a\.k\.a\.?|also known as|known as)\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|[“\"]([^”\"]*)[”\"]")
_TWO_PEOPLE = re.compile(r"\s(?:&|\+|and|und|et)\s|\s/\s|;", re.IGNORECASE)
_TWO_CAPITALS = re.compile(r"(?:Mc|Mac|De|Le|La|Di|Da|Du|Van|Fitz)[A-Z][a-z]")
_MC = re.compile(r"^Mc(\w)")
_ROMAN = re.compile(r"(?:II|III|IV)")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN")

TITLE_DROPPED = N_("“%(title)s” is not shown: this directory has not checked it.")
UNKNOWN_LETTERS = N_("Letters after the name that the directory does not know were left out: %(letters)s.")
RECASED = N_("The name was written in one size of letters. Look whether the capitals are right now.")
SWAPPED = N_("The family name stood first, before a comma. The name was turned round.")
TWO_PEOPLE = N_("This looks like two people. A listing is for one person: give each a row.")
MIXED_SCRIPTS = N_("The name mixes letters of two alphabets that look alike. Type it again.")
NOT_A_NAME = N_("This is not the name of a person.")
TOO_LONG = N_("The name is longer than %(most)s characters.")


class Name(NamedTuple):
    """`letters` are those after the name that somebody knows; `others` are former and other names."""

    name: str
    letters: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def parse(text: str, known_letters: Mapping[str, object]) -> tuple[Name | None, tuple[Remark, ...]]:
    """The name in `text`, or None with the reason. `known_letters` are keyed by their capitals, without spaces."""
    text = one_line(text)
    problem = _problem(text)
    if problem:
        return None, (remark(text, "", problem, most=LONGEST),)
    notes: list[Remark] = []
    main, aside = _aside(text)
    if not any(map(str.isalpha, main)):
        return None, (remark(text, "", NOT_A_NAME),)
    words, letters, unknown = _without_letters(main, known_letters)
    words, title = _without_title(words)
    name = " ".join(words).strip(" ,.")
    if "," in name:
        family, _, given = name.partition(",")
        name = f"{given.strip()} {family.strip()}"
        words, title_inside = _without_title(name.split())
        name, title = " ".join(words), title or title_inside
        notes.append(remark(text, name, SWAPPED))
    if sum(character.isalpha() for character in name) < 2 or "," in name:
        return None, (remark(text, "", NOT_A_NAME),)
    if _is_one_size(name):
        name = _recased(name)
        notes.append(remark(text, name, RECASED))
    if title in LEARNED_TITLES:
        notes.append(remark(text, name, TITLE_DROPPED, title=title.title()))
    if unknown:
        notes.append(remark(text, name, UNKNOWN_LETTERS, letters=", ".join(unknown)))
    others = tuple(other for other in (_other(piece, name) for piece in aside) if other and other != name)
    return Name(name, tuple(letters), others), tuple(notes)


def _problem(text: str) -> str | None:
    if len(text) > LONGEST:
        return TOO_LONG
    if not any(character.isalpha() for character in text) or any(
        mark in text for mark in ("@", "://", "www.", "<", ">")
    ):
        return NOT_A_NAME
    if any(character.isdigit() for character in text):
        return NOT_A_NAME
    if any(len(_scripts(word)) > 1 for word in text.split()):
        return MIXED_SCRIPTS
    return TWO_PEOPLE if _TWO_PEOPLE.search(text) else None


def _scripts(word: str) -> set[str]:
    if word.isascii():
        return set()
    names = (unicodedata.name(character, "") for character in word if character.isalpha())
    return {script for name in names for script in _SCRIPTS if name.startswith(script + " ")}


def _aside(text: str) -> tuple[str, list[str]]:
    """The name without what stands in brackets or after "née", and those. Brackets of letters stay: MRSS(T)."""
    aside: list[str] = []

    def take(found: re.Match[str]) -> str:
        inside = (found[1] or found[2] or found[3] or "").strip()
        joined = found.start() > 0 and not text[found.start() - 1].isspace()
        if joined or not inside:
            return found[0]
        aside.append(inside)
        return " "

    main = _BRACKETS.sub(take, text)
    for pattern in (_FORMER, _ALSO):
        found = pattern.search(main)
        if found and found.start() > 0:
            aside.append(main[found.start() :])
            main = main[: found.start()]
    return one_line(main), aside


def set_apart(text: str) -> tuple[str, list[tuple[str, bool]]]:
    """The name without what stands in brackets or after "née" or "aka"; and these as whole names, each with whether it
    is a former one."""
    name, aside = _aside(text)
    if not name:
        return text, []
    pieces = ((_other(piece, name), _FORMER.match(piece) is not None) for piece in aside)
    return name, [(other, is_former) for other, is_former in pieces if other]


def _other(piece: str, name: str) -> str | None:
    """A former family name goes with the given name; a short name with the family name."""
    former = _FORMER.match(piece) is not None
    words = _ALSO.sub("", _FORMER.sub("", piece)).strip(' ,."“”').split()
    if (
        not words
        or words[0].casefold() in DEGREES
        or not all(word[0].isalpha() for word in words)
        or len(" ".join(words)) > LONGEST
    ):
        return None
    if len(words) > 1:
        return " ".join(words)
    own = name.split()
    return " ".join([*own[:-1], words[0]] if former else [words[0], *own[1:]])


def _without_letters(text: str, known: Mapping[str, object]) -> tuple[list[str], list[str], list[str]]:
    """The words of the name, the known letters after it, and the unknown ones, degrees aside."""
    words = text.replace(" ,", ",").split()
    letters: list[str] = []
    unknown: list[str] = []
    capitals = _is_one_size(text)
    family_first = words[0].endswith(",")
    while len(words) > 1:
        last = words[-1].strip(",.;")
        key = last.replace(".", "").upper()
        if key in known and len(key) > 2 and (capitals or last.upper() == last or _LETTERS_LIKE.fullmatch(last)):
            letters.insert(0, last)
        elif key.casefold() in DEGREES and len(words) > 2:
            pass
        elif not capitals and not family_first and len(words) > 2 and _is_letters(last) and len(last) > 2:
            unknown.insert(0, last)
        else:
            break
        words.pop()
    words[-1] = words[-1].rstrip(",")
    return words, letters, unknown


def _is_letters(word: str) -> bool:
    if _ROMAN.fullmatch(word) or _TWO_CAPITALS.match(word):
        return False
    return bool(_LETTERS_LIKE.fullmatch(word) or _DIP.fullmatch(word))


def _without_title(words: list[str]) -> tuple[list[str], str]:
    title = ""
    while len(words) > 1:
        first = words[0].strip(".,").casefold()
        if first not in TITLES and first not in LEARNED_TITLES:
            break
        # "M" alone may be an initial, and "Fr" a short form.
        if first == "m" and not words[0].endswith("."):
            break
        title = first if first in LEARNED_TITLES or not title else title
        words = words[1:]
    return words, title


def _is_one_size(name: str) -> bool:
    if not (name.isupper() or name.islower()):
        return False
    # Initials are written large by everybody.
    return any(sum(map(str.isalpha, word)) > 1 for word in name.split())


def _recased(name: str) -> str:
    words = name.split()
    return " ".join(
        word.lower() if 0 < position < len(words) - 1 and word.casefold() in _PARTICLES else _capital(word)
        for position, word in enumerate(words)
    )


def _capital(word: str) -> str:
    pieces = (piece[:1].upper() + piece[1:].lower() for piece in re.split(r"(?<=[-'’.])", word))
    return "".join(_MC.sub(lambda found: "Mc" + found[1].upper(), piece) for piece in pieces)


def recased(text: str) -> str:
    """`HALLOWBY` as `Hallowby`; a text of mixed letters stays as it is."""
    return _recased(text) if _is_one_size(text) else text
