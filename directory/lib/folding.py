"""Folds words as people type them to the tokens that are stored and looked for.

Done once, here, so that every database finds the same people. A token is made of lower-case letters and digits;
scripts written without spaces give one token for each character.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

MAX_TOKEN = 40

_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ß": "ss",
    }
)
_APOSTROPHES = re.compile(r"['`´\u2018\u2019\u201b\u02bc\u02bb\u02b9\u2032\uff07]")
_HYPHENS = re.compile(r"[-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_SPACELESS = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002fa1f]"
)
_ALNUM = re.compile(r"[^\W_]+")  # what str.isalnum() says of each character
_MAC = re.compile(r"^ma?c(?=[^\W\d_]{3})")
_BEGINS_MAC = re.compile(r"^ma(?:c(?=[^\W\d_]{0,2}$)|$)")
_PARTICLES = frozenset({"mc", "mac", "o"})
_SHORT = 2  # so much of a name is not joined to what stands before it
_STEMS_NOT_MAC = frozenset(
    {
        "machine",
        "machines",
        "mackerel",
        "macro",
        "macrobiotic",
        "macrobiotics",
        "macaroni",
    }
)


def plain(text: str) -> str:
    """Lower case, without accents, apostrophes or hyphens; words separated by one space."""
    if text.isascii() and text.isalnum() and text[0] not in "mM":  # one word, and nothing to fold
        return text.lower()[:MAX_TOKEN]
    return " ".join(_words(_HYPHENS.sub(" ", _lower(text))))


def beginnings(text: str) -> list[str]:
    """How plain() may write the beginning of a text of which `text` is typed so far, each once.

    `sarah o b` may become `sarah obrien`, `macd` may become `mcdonald`, and `macrob` `macrobiotic`.
    """
    folded = plain(text)
    words = folded.split()
    if not words:
        return []
    found = [folded]
    *others, last = words
    if others and others[-1] in _PARTICLES and len(last) <= _SHORT and last[0].isalpha():
        found.append(" ".join([*others[:-1], _BEGINS_MAC.sub("mc", others[-1] + last)]))
    typed = _ALNUM.findall(_HYPHENS.sub(" ", _lower(text)))[-1]
    is_stem = any(stem.startswith(typed) for stem in _STEMS_NOT_MAC)
    for ending in (_BEGINS_MAC.sub("mc", last), _MAC.sub("mc", last), *([typed] if is_stem else [])):
        found.append(" ".join([*others, ending]))
    return list(dict.fromkeys(found))


def tokens(text: str) -> list[str]:
    """All tokens under which `text` is found, each once, in order.

    A hyphenated word is found by its parts and as one word; ü is found as u and as ue; McLean and Mac Lean are one.
    Whatever `text` is, terms(text) finds it.
    """
    found: dict[str, None] = {}
    for reading in _readings(text, hyphens=(" ", "")):
        found.update(dict.fromkeys(reading))
    return list(found)


def terms(text: str) -> list[list[list[str]]]:
    """What a typed text asks for: terms, each a list of alternatives, each a list of tokens that must all be there.

    `smith-jones` asks for `smithjones`, or for `smith` and `jones`.
    """
    asked = []
    chunks = unicodedata.normalize("NFC", text).casefold().split()
    for chunk in _join_particles(chunks, between=" "):
        alternatives: list[list[str]] = []
        for reading in _readings(chunk, hyphens=("", " ")):
            if reading and reading not in alternatives:
                alternatives.append(reading)
        if alternatives:
            asked.append(alternatives)
    return asked


def _readings(text: str, hyphens: tuple[str, str]) -> Iterator[list[str]]:
    """The ways to read a text: ü as u or ue, a hyphen as nothing or as a space, particles joined or apart."""
    for variant in _variants(text):
        for unhyphened in dict.fromkeys(_HYPHENS.sub(hyphen, variant) for hyphen in hyphens):
            apart = _ALNUM.findall(unhyphened)
            joined = _join_particles(apart)
            yield [token for word in joined for token in _split(_mac(word)[:MAX_TOKEN])]
            if joined != apart:
                yield [token for word in apart for token in _split(_mac(word)[:MAX_TOKEN])]


def _variants(text: str) -> Iterable[str]:
    lowered = _lower(text)
    if text.isascii():
        return (lowered,)
    return dict.fromkeys((lowered, _lower(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))))


def _lower(text: str) -> str:
    if text.isascii():  # Most texts by far, and there is nothing to fold.
        return text.lower().replace("'", "").replace("`", "")
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", text))


def _words(text: str) -> list[str]:
    words = _ALNUM.findall(text)
    return [_mac(word)[:MAX_TOKEN] for word in _join_particles(words)]


def _join_particles(words: list[str], between: str = "") -> list[str]:
    """`mac lean` and `o brien` are one name each."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _PARTICLES and len(word) > _SHORT and word[0].isalpha():
            joined[-1] += between + word
        else:
            joined.append(word)
    return joined


def _mac(word: str) -> str:
    return word if word[0] != "m" or word in _STEMS_NOT_MAC else _MAC.sub("mc", word)


def _split(word: str) -> list[str]:
    if word.isascii() or not _SPACELESS.search(word):
        return [word]
    return [piece for piece in re.split(f"({_SPACELESS.pattern})", word) if piece]
