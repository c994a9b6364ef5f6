"""Columns of a list, each as one text: that is how a hundred thousand cells are looked at in a few milliseconds.

A column is the values of its cells with BETWEEN between them; no cell holds that character. What is clean as a whole is
never looked at cell by cell, and a column that nobody looks at needs no memory for its cells.
"""

import re
from collections.abc import Callable, Iterable

from directory.lib import cells
from directory.lib.cells import NOTHING, Remark

BETWEEN = "\x1f"
# Letters that cells.clean leaves as they are: composed ones of Latin and Cyrillic, kana, and most ideographs.
_UNUSUAL = re.compile(
    f"[^{BETWEEN}\\x20-\\x7e\u00a1-\u00ac\u00ae-\u024f\u0400-\u045f\u2010-\u2027\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fef]"
)
# A value that begins with a space or as a formula does, or only says that there is none.
_BEGINS = re.compile(
    f"{BETWEEN}(?:[ =+\\-@'#]|(?:{'|'.join(map(re.escape, sorted(NOTHING, reverse=True)))}){BETWEEN})", re.IGNORECASE
)


def join(values: Iterable[str]) -> str:
    """Values as a column."""
    return BETWEEN.join(values)


def split(column: str, count: int) -> list[str]:
    """The `count` values of a column."""
    return column.split(BETWEEN) if count else []


def clean(column: str, count: int, noticed: Callable[[int, Remark], None]) -> str:
    """A column with its values on one line each, without what cannot be seen and what a spreadsheet would run.

    `noticed` is told of each remark with the position of its row.
    """
    if _is_ordinary(column):
        return column
    values = split(column, count)
    for position, value in enumerate(values):
        found, remarks = cells.clean(value)
        values[position] = cells.one_line(found) if "\n" in found else found
        for one in remarks:
            noticed(position, one)
    return join(values)


def _is_ordinary(column: str) -> bool:
    """Whether cells.clean would leave every value as it is."""
    text = BETWEEN + column + BETWEEN
    if "  " in text or f" {BETWEEN}" in text:
        return False
    return not _BEGINS.search(text) and not _UNUSUAL.search(text)


def holding(column: str, count: int, pattern: re.Pattern[str]) -> list[int]:
    """The positions of values in which `pattern` is found; it must not find BETWEEN."""
    if not pattern.search(column):
        return []
    return [position for position, value in enumerate(split(column, count)) if pattern.search(value)]


def longer(column: str, count: int, most: int) -> list[int]:
    """The positions of values that are longer than `most`."""
    values = split(column, count)
    if max(map(len, values), default=0) <= most:
        return []
    return [position for position, value in enumerate(values) if len(value) > most]


def has_blank(column: str) -> bool:
    """Whether a value is missing."""
    return BETWEEN + BETWEEN in BETWEEN + column + BETWEEN


def has_any(column: str) -> bool:
    """Whether a value is there at all."""
    return bool(column.strip(BETWEEN))
