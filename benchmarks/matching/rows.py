"""Lines of an invented register as the matcher reads them."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.matching.sets import Asked, Line
from directory.models import Shown
from directory.models.claims import number_key
from directory.services.matching import Person


class Row(NamedTuple):
    """What services/matching asks of a line."""

    id: int
    key: int
    number: str | None
    number_key: str
    name: str
    town: str | None = None
    outward: str | None = None
    grade: str | None = None
    disciplines: Sequence[str] = ()
    listed_from: dt.date | None = None
    listed_until: dt.date | None = None
    telephone: str | None = None
    email: str | None = None
    website: str | None = None
    shown: Shown = Shown.LISTED


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """All lines."""
    return [Row(line.key, line.key, line.number, number_key(line.number), line.name, line.town) for line in lines]


def person(asked: Asked) -> Person:
    """Somebody who is looked for."""
    return Person(asked.name, number=asked.number or None, town=asked.town or None)
