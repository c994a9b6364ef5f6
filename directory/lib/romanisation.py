"""Writes names of other scripts in Latin letters, and finds that two spellings render one name.

Letters are transliterated by the package anyascii. A language has several ways to be written in Latin letters: Satō is
Sato, Satou, Satoh; Юлия is Yulia, Julia, Iuliia; Müller is Muller and Mueller. `sound` gives them one key. It asks for
a look and does not decide by itself.
"""

import re
from functools import lru_cache

from anyascii import anyascii

from directory.lib.folding import plain

SHORTEST = 5  # Jan and Ian, Jo and Joe are two people; longer names do not meet by chance.

_VOWEL = "[aiueo]"
_SYLLABLE = (
    rf"(?:(?:ky|sh|sy|ch|ty|ts|ny|hy|my|ry|gy|jy|zy|by|py|[kstnhmyrwgzjdbpf])?{_VOWEL}"
    rf"|n(?!{_VOWEL})|m(?=[bp])|h(?![aiueoy])|[kstp](?=[kstpc]))"
)
_JAPANESE = re.compile(rf"{_SYLLABLE}+")
_LONG = re.compile(r"ou|oo|oh(?![aiueoy])|uu|ii|aa")
_HEPBURN = (
    ("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("tsu", "tu"), ("ji", "zi"), ("j", "zy"), ("jy", "zy"),
    ("fu", "hu"), ("tch", "tt"), ("mb", "nb"), ("mp", "np"), ("dzu", "zu"), ("dz", "z"),
)  # fmt: skip
_SLAVIC = (
    ("shch", "s"), ("stsch", "s"), ("sch", "s"), ("sh", "s"), ("tsch", "c"), ("tch", "c"), ("ch", "c"), ("kh", "h"),
    ("zh", "z"), ("ph", "f"), ("tz", "ts"), ("ck", "k"), ("x", "ks"), ("w", "v"),
)  # fmt: skip
# Between two consonants y is a letter of its own: Smyth is not Smith.
_GLIDE = re.compile(r"(?<![^aeiou])[yj]|[yj](?=[aeiouyj]|$)")
_UMLAUT = re.compile(r"([aou])e(?!l$)")
_LONG_I = re.compile("i+")


@lru_cache(maxsize=200_000)
def latin(word: str) -> str:
    """`word`, in small letters, in Latin letters without accents. Chinese characters are not read: "" is the answer.

    They have several readings, and only their bearer knows which.
    """
    if word.isascii():
        return word
    if any("\u3400" <= character <= "\u9fff" or character > "\U0001ffff" for character in word):
        return ""
    return plain(anyascii(word.replace("ου", "ou"))).replace(" ", "")


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """A key that is the same for the usual spellings of one name in Latin letters; "" where there is none.

    `word` is one folded word.
    """
    text = latin(word)
    if _JAPANESE.fullmatch(text):
        text = _LONG.sub(lambda found: found[0][0], text)
        for written, key in _HEPBURN:
            text = text.replace(written, key)
    if len(text) < SHORTEST:
        return text
    text = _UMLAUT.sub(r"\1", text)
    for written, key in _SLAVIC:
        text = text.replace(written, key)
    text = _GLIDE.sub("i", text)
    return _LONG_I.sub("i", text)
