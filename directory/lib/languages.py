"""Finds languages and countries by the names that people use for them."""

import re
from functools import cache, lru_cache

from babel import Locale

from directory.lib.folding import plain

NAMED_IN = ("en", "de", "fr")

# Languages whose own names are understood as well.
OWN_NAMES = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "gu", "he",
    "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pa", "pl", "pt", "ro", "ru",
    "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip

_OTHER_LANGUAGES = {
    "bsl": "bfi", "british sign language": "bfi", "isl": "isg", "irish sign language": "isg",
    "mandarin": "zh", "mandarin chinese": "zh", "cantonese": "yue", "farsi": "fa", "panjabi": "pa", "flemish": "nl",
    "castilian": "es", "gaeilge": "ga", "irish gaelic": "ga", "scots gaelic": "gd", "tagalog": "fil", "slovene": "sl",
    "serbo croat": "sh", "kiswahili": "sw", "brazilian portuguese": "pt", "british english": "en", "bangla": "bn",
    "burmese": "my", "eng": "en", "fre": "fr", "ger": "de", "norwegian": "no", "greek": "el", "moldovan": "ro",
}  # fmt: skip

_OTHER_COUNTRIES = {
    "uk": "GB", "u k": "GB", "gb": "GB", "great britain": "GB", "britain": "GB", "united kingdom": "GB", "gbr": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "cymru": "GB", "northern ireland": "GB", "n ireland": "GB",
    "eire": "IE", "republic of ireland": "IE", "roi": "IE", "irl": "IE", "southern ireland": "IE",
    "usa": "US", "u s a": "US", "america": "US", "united states of america": "US", "holland": "NL",
    "the netherlands": "NL", "czech republic": "CZ", "deu": "DE", "channel islands": "JE",
}  # fmt: skip

LEVEL = re.compile(
    r"\([^)]*\)|\b(?:fluent|native|basic|some|a little|a bit of|conversational|good|mother tongue|beginners?|bilingual|"
    r"level|speaker|intermediate|advanced|fließend|courant|[abc][12])\b|[:*]",
    re.IGNORECASE,
)


@lru_cache(maxsize=5_000)
def language(text: str) -> str | None:
    """The ISO 639 code of a language, by its name in English, German, French or itself, or by the code."""
    return _languages().get(plain(LEVEL.sub(" ", text)))


@lru_cache(maxsize=5_000)
def country(text: str) -> str | None:
    """The ISO 3166-1 code of a country, by its name or by the code."""
    folded = plain(text.replace(".", " "))
    return _countries().get(folded) or _countries().get(folded.replace(" ", ""))


@cache
def _languages() -> dict[str, str]:
    names: dict[str, str] = {}
    for code in OWN_NAMES:
        names[plain(Locale(code).get_language_name(code) or code)] = code
    for tongue in NAMED_IN:
        for code, name in Locale(tongue).languages.items():
            if "_" not in code and len(code) <= 3:
                names.setdefault(plain(name), code)
                names.setdefault(code, code)
    return names | _OTHER_LANGUAGES


@cache
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for tongue in NAMED_IN:
        for code, name in Locale(tongue).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(plain(name), code)
                names.setdefault(code.casefold(), code)
    return names | _OTHER_COUNTRIES
