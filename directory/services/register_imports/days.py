"""Dates of a whole column: whether they say the day or the month first is told by all of them together."""

import datetime as dt
import re
from collections.abc import Iterable

from directory.lib import dates

_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(.*)", re.DOTALL)
# Where people write the month first.
MONTH_FIRST = frozenset({"US"})


def read(values: Iterable[str], country: str) -> tuple[dict[str, dt.date | None], frozenset[str]]:
    """Each different value with its day, None where it is no date; and those that say it in another order than most."""
    texts = {value for value in values if value}
    parts = {text: (int(found[1]), int(found[3])) for text in texts if (found := _NUMBERS.fullmatch(text))}
    day_first = {text for text, (first, second) in parts.items() if first > 12 >= second}
    month_first = {text for text, (first, second) in parts.items() if second > 12 >= first}
    is_month_first = len(month_first) > len(day_first) or (not month_first and not day_first and country in MONTH_FIRST)
    odd = frozenset(day_first if is_month_first else month_first) if day_first and month_first else frozenset()
    return {text: dates.parse(_turned(text) if is_month_first and text in parts else text)[0] for text in texts}, odd


def _turned(text: str) -> str:
    """`12/31/2026` as `31/12/2026`."""
    return _NUMBERS.sub(r"\3\2\1\2\4\5", text)
