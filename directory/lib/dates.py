"""Reads dates as people write them, the day before the month."""

import calendar
import datetime as dt
import re
from functools import cache, lru_cache

from babel import Locale

from directory.lib.cells import Remark, remark
from directory.lib.words import N_

LANGUAGES = ("en", "de", "fr")
FIRST_YEAR, LAST_YEAR = 1950, 2100
SERIAL_START = dt.date(1899, 12, 30)  # day 0 of the spreadsheet's calendar

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d.*)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})(?:[t ]\d.*)?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?(?:\s+of)?[-\s/]*([^\W\d_]{3,})\.?[-\s/,]*(\d{4}|\d{2})")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH = re.compile(r"([^\W\d_]{3,})\.?[-\s/,']*(\d{4}|\d{2})")
_MONTH_NUMBER = re.compile(r"(\d{1,2})[-/.](\d{4})")
_YEAR = re.compile(r"\d{4}")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+")

MONTH_FIRST = N_("This can only be a date with the month first, and was read so.")
END_OF_MONTH = N_("No day was said; the last day of the month was taken.")
END_OF_YEAR = N_("Only a year was said; its last day was taken.")
SERIAL = N_("This is how a spreadsheet counts days. It was read as a date.")
NOT_A_DATE = N_("This date was not understood. It was left out.")


@lru_cache(maxsize=20_000)
def parse(text: str) -> tuple[dt.date | None, tuple[Remark, ...]]:
    """The last day that `text` says, or None. Never raises."""
    folded = _WEEKDAY.sub("", " ".join(text.casefold().split()))
    try:
        day, note = _read(folded)
    except ValueError:
        day, note = None, None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None, (remark(text, "", NOT_A_DATE),)
    return day, (remark(text, day.isoformat(), note),) if note else ()


def _read(text: str) -> tuple[dt.date | None, str | None]:
    if found := _ISO.fullmatch(text):
        return dt.date(int(found[1]), int(found[2]), int(found[3])), None
    if found := _NUMBERS.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        if second > 12 >= first:
            return dt.date(year, first, second), MONTH_FIRST
        return dt.date(year, second, first), None
    if found := _NAMED.fullmatch(text):
        return dt.date(_year(found[3]), _month(found[2]), int(found[1])), None
    if found := _NAMED_FIRST.fullmatch(text):
        return dt.date(int(found[3]), _month(found[1]), int(found[2])), None
    return _read_in_part(text)


def _read_in_part(text: str) -> tuple[dt.date | None, str | None]:
    if found := _MONTH.fullmatch(text):
        return _month_end(_year(found[2]), _month(found[1])), END_OF_MONTH
    if found := _MONTH_NUMBER.fullmatch(text):
        return _month_end(int(found[2]), int(found[1])), END_OF_MONTH
    if _YEAR.fullmatch(text):
        return dt.date(int(text), 12, 31), END_OF_YEAR
    if _SERIAL.fullmatch(text):
        return SERIAL_START + dt.timedelta(days=int(text.split(".")[0])), SERIAL
    return None, None


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _month_end(year: int, month: int) -> dt.date:
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _month(name: str) -> int:
    """1 to 12, by name or by its first letters. Raises ValueError."""
    names = _months()
    if name in names:
        return names[name]
    numbers = {number for month, number in names.items() if month.startswith(name)}
    if len(numbers) != 1:
        raise ValueError("no such month")
    return numbers.pop()


@cache
def _months() -> dict[str, int]:
    return {
        name.casefold().rstrip("."): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in Locale(language).months["format"][width].items()
    }
