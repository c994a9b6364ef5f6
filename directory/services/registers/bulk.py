"""Puts many rows of a register into their table as fast as the database takes them: executemany, or COPY."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import update

from directory.db import db
from directory.models import RegisterRow

# What a row says, in the order of the table; then when it said so, and since and until when that is known.
SAID = (
    *("body_id", "key", "number", "number_key", "name", "name_key", "grade", "disciplines", "other_disciplines"),
    *("town", "outward", "telephone", "email", "website", "valid_from", "valid_to", "shown", "standing", "notice_url"),
    "digest",
)
COLUMNS = (*SAID, "listed_from", "listed_until", "since_step")
MANY = 10_000

Said = tuple[Any, ...]


def add(rows: Iterable[tuple[Any, ...]]) -> int:
    """Add rows with the values of COLUMNS, in the transaction of the session; how many there were."""
    connection = db.session.connection()
    driver: Any = connection.connection.dbapi_connection
    names, count = ", ".join(COLUMNS), 0
    if connection.dialect.name == "sqlite":
        written = [tuple(map(_written, row)) for row in rows]
        places = ", ".join("?" * len(COLUMNS))
        driver.executemany(f"INSERT INTO register_row ({names}) VALUES ({places})", written)  # noqa: S608  own names
        return len(written)
    rest = iter(rows)
    # A part at a time: to a page no statement is given more than a few seconds.
    while part := list(islice(rest, MANY)):
        with driver.cursor() as cursor, cursor.copy(f"COPY register_row ({names}) FROM STDIN") as copy:
            for row in part:
                copy.write_row(tuple(map(_written, row)))
        count += len(part)
    return count


def end(ids: Sequence[int], step: int) -> None:
    """Let these rows be known until `step`, and no longer."""
    for start in range(0, len(ids), MANY):
        db.session.execute(
            update(RegisterRow).where(RegisterRow.id.in_(ids[start : start + MANY])).values(until_step=step),
            execution_options={"synchronize_session": False},
        )


def _written(value: Any) -> Any:
    """As both databases take it."""
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bytes:
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, list | tuple) else value
