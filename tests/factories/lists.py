"""Lists of bodies as files, and taken in."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from directory.models import Account, RegisterImport
from directory.services import register_imports
from directory.services.register_imports import Brought

BODY = "uk-shiatsu-society"
HEADINGS = ("Membership number", "Name", "Grade", "Therapies", "Town", "Postcode", "E-mail", "Valid to", "Status")
AT = dt.datetime(2026, 11, 17, 9, 0, tzinfo=dt.UTC)
LISTED_ON = dt.date(2026, 11, 16)

Row = Sequence[str]


def row(number: str = "12345", name: str = "Wren Hallowby", **said: str) -> list[str]:
    """One line of a list; `said` by the first word of a heading."""
    values = {"number": number, "name": name, "grade": "MRSS", "town": "Brighton", "postcode": "BN2 3QA"} | said
    names = ("number", "name", "grade", "therapies", "town", "postcode", "email", "valid", "status")
    assert set(values) <= set(names), values
    return [values.get(one, "") for one in names]


def rows(count: int, *, first: int = 1) -> list[list[str]]:
    """So many people, none like another."""
    return [row(str(20000 + n), f"Person {chr(65 + n % 26)}{_word(n)}") for n in range(first, first + count)]


def _word(number: int) -> str:
    """A word of letters that no other number has."""
    letters = ""
    while number:
        number, letter = divmod(number, 26)
        letters += chr(97 + letter)
    return letters or "a"


def content(lines: Iterable[Row], *, headings: Sequence[str] = HEADINGS) -> bytes:
    """A CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(lines)
    return text.getvalue().encode()


def bring(
    lines: Iterable[Row] | bytes,
    *,
    on: dt.date | None = LISTED_ON,
    at: dt.datetime = AT,
    by: Account | None = None,
    body_id: str = BODY,
    **said: Any,
) -> RegisterImport:
    """A list that is looked at, and not applied."""
    file = lines if isinstance(lines, bytes) else content(lines)
    brought = Brought(file, name="list.csv", listed_on=on, permission="they sent it to us", **said)
    return register_imports.stage(body_id, brought, by=by, at=at)


def take_in(
    lines: Iterable[Row] | bytes, *, at: dt.datetime = AT, by: Account | None = None, **said: Any
) -> RegisterImport:
    """A list that one person brings and applies."""
    return register_imports.apply(bring(lines, at=at, by=by, **said), by=by, at=at)


def take_in_together(
    lines: Iterable[Row] | bytes, first: Account, second: Account, *, at: dt.datetime = AT, **said: Any
) -> RegisterImport:
    """The same by two."""
    import_ = bring(lines, at=at, by=first, **said)
    register_imports.propose(import_, by=first, at=at)
    return register_imports.agree(import_, by=second, at=at)
