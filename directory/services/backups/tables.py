"""Numbers and hashes of the rows of tables, to tell whether two databases hold the same."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, inspect

# The full-text index of SQLite is made of what search_text holds.
INDEX = "search_fts"
BLOCK = 5_000


def names(connection: Connection) -> list[str]:
    """All tables that hold rows of their own."""
    found = inspect(connection).get_table_names()
    return sorted(name for name in found if not name.startswith((INDEX, "sqlite_")))


def hashes(connection: Connection) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a hash of them that does not depend on their order."""
    return {name: _hash(connection, name) for name in names(connection)}


def _hash(connection: Connection, name: str) -> tuple[int, str]:
    rows, total = 0, 0
    for row in _rows(connection, name):
        # Added up, so that no order is needed; each row counts, also when it is there twice.
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest(), "big")
        rows += 1
    return rows, f"{total % 2**256:064x}"


def _rows(connection: Connection, name: str) -> Iterator[tuple[object, ...]]:
    columns = ", ".join(f'"{column["name"]}"' for column in inspect(connection).get_columns(name))
    statement = f'SELECT {columns} FROM "{name}"'  # noqa: S608  names that the database itself gave
    found = connection.exec_driver_sql(statement, execution_options={"stream_results": True, "yield_per": BLOCK})
    for row in found:
        yield tuple(row)
