"""Columns of numbers, all of one length, that can grow."""

from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Column = NDArray[Any]

ROOM = 1024  # rows that a table can grow by before its columns are copied


class Table:
    """Columns of equal length, by name. Rows are only ever added."""

    def __init__(self, types: Mapping[str, str], columns: Mapping[str, Column] | None = None) -> None:
        self.types = dict(types)
        self._length = len(next(iter(columns.values()))) if columns else 0
        room = self._length + ROOM
        self._columns = {name: np.empty(room, kind) for name, kind in types.items()}
        for name, values in (columns or {}).items():
            self._columns[name][: self._length] = values

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> Column:
        """A view of a column. It is not kept up to date when rows are added."""
        return self._columns[name][: self._length]

    def extend(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows, each with a value for every column in the order of the types."""
        added = list(zip(*rows, strict=True))
        if added:
            self.append(
                {name: np.array(values, kind) for (name, kind), values in zip(self.types.items(), added, strict=True)}
            )

    def append(self, columns: Mapping[str, Column]) -> None:
        """Add rows, given as columns."""
        new_length = self._length + len(next(iter(columns.values())))
        for name, values in columns.items():
            column = self._columns[name]
            if new_length > len(column):
                column = self._columns[name] = np.resize(column, new_length + new_length // 8 + ROOM)
            column[self._length : new_length] = values
        self._length = new_length


def bitmap(numbers: Column) -> BitMap:
    """The set of these numbers, in any order, each from 0 to 2^32 - 1."""
    return BitMap(array("I", numbers.astype(np.uint32, copy=False).tobytes()))


def numbers(members: BitMap) -> NDArray[np.uint32]:
    """The numbers of a set, rising."""
    return np.frombuffer(members.to_array(), np.uint32)


def run(first: int, end: int) -> BitMap:
    """The set of numbers from `first` up to and not including `end`."""
    found = BitMap()
    found.add_range(first, end)
    return found
