"""Who has a place inside a circle, and how far away is the nearest place of each.

All in whole metres and their squares, as in the database, so that both decide alike.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from directory.lib.geography import Point, chord_m
from directory.services.search.replica.tables import Column, Table

TYPES = {"slot": "i4", "x": "i4", "y": "i4", "z": "i4"}
CELL_M = 25_000  # side of the cubes by which places from a file are sorted
MAX_COLUMNS = 1_600  # of cubes; a circle over more of them looks at every place
_AXIS = 1_024  # more cubes than fit along an axis of the earth

FAR = np.int64(2**62)


class Places:
    """Where listings are. Places are sorted by cube up to `self._sorted`; those after it came later."""

    def __init__(self, columns: Mapping[str, Column] | None = None) -> None:
        self.table = Table(TYPES, columns)
        self._sorted = len(self.table)
        self._cubes = cubes(self.table["x"], self.table["y"], self.table["z"])
        self._by_slot: NDArray[np.int32] | None = None
        self._slots_rising = np.empty(0, np.int32)

    def add(self, rows: Iterable[tuple[int, int, int, int]]) -> None:
        """Add places: slot, x, y, z."""
        self.table.extend(rows)

    def sorted_columns(self) -> dict[str, Column]:
        """All places, sorted as they are to be written."""
        table = self.table
        order = np.argsort(cubes(table["x"], table["y"], table["z"]), kind="stable")
        return {name: table[name][order] for name in TYPES}

    def within(self, point: Point, radius_m: float | None) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Places inside the circle, or all without a radius: the slot of each and the square of its distance."""
        x, y, z = point.xyz
        if radius_m is None:
            return self.table["slot"], self._chords(slice(None), x, y, z)
        reach = chord_m(radius_m)
        near = self._near((x, y, z), reach)
        chords = self._chords(near, x, y, z)
        inside = np.flatnonzero(chords <= reach * reach)
        return self.table["slot"][near][inside], chords[inside]

    def count_within(self, members: NDArray[np.uint32], point: Point, radius_m: float) -> int:
        """How many of these slots have a place inside the circle. Quicker than all places of it where they are few."""
        reach = chord_m(radius_m)
        rows = self._rows_of(members)
        inside = rows[self._chords(rows, *point.xyz) <= reach * reach]
        return len(np.unique(self.table["slot"][inside]))

    def _rows_of(self, members: NDArray[np.uint32]) -> NDArray[np.intp]:
        """Row numbers of all places of these slots."""
        slots = self.table["slot"]
        if self._by_slot is None:
            self._by_slot = np.argsort(slots[: self._sorted], kind="stable").astype(np.int32)
            self._slots_rising = slots[self._by_slot]
        wanted = members.astype(np.int32)
        starts = np.searchsorted(self._slots_rising, wanted)
        lengths = np.searchsorted(self._slots_rising, wanted, side="right") - starts
        before = np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
        known = self._by_slot[before + np.arange(len(before))]
        later = np.flatnonzero(np.isin(slots[self._sorted :], wanted)) + self._sorted
        return np.concatenate([known, later]).astype(np.intp)

    def _chords(self, some: "NDArray[np.intp] | slice", x: int, y: int, z: int) -> NDArray[np.int64]:
        table = self.table
        across = table["x"][some].astype(np.int64) - x
        up = table["y"][some].astype(np.int64) - y
        out = table["z"][some].astype(np.int64) - z
        across *= across
        up *= up
        out *= out
        across += up
        across += out
        return across

    def _near(self, centre: tuple[int, int, int], reach: int) -> "NDArray[np.intp] | slice":
        """Row numbers of all places in the cubes that the circle touches, and of those that are not sorted."""
        first = [_cube(value - reach) for value in centre]
        last = [_cube(value + reach) for value in centre]
        if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) > MAX_COLUMNS:
            return slice(None)
        across, up = (np.arange(low, high + 1) for low, high in zip(first[:2], last[:2], strict=True))
        columns = (across[:, None] * _AXIS + up[None, :]).ravel() * _AXIS
        # Of the type of what is searched, which would be copied into another type else.
        starts = np.searchsorted(self._cubes, (columns + first[2]).astype(np.int32))
        ends = np.searchsorted(self._cubes, (columns + last[2]).astype(np.int32), side="right")
        some = starts < ends
        runs = [np.arange(start, end) for start, end in zip(starts[some], ends[some], strict=True)]
        return np.concatenate([*runs, np.arange(self._sorted, len(self.table))])


def _cube(value: int) -> int:
    return min(max(value // CELL_M + _AXIS // 2, 0), _AXIS - 1)


def cubes(x: Column, y: Column, z: Column) -> NDArray[np.int32]:
    """The number of the cube of each place: those along an axis follow each other."""
    along = [np.clip(axis // CELL_M + _AXIS // 2, 0, _AXIS - 1) for axis in (x, y, z)]
    found: NDArray[np.int32] = ((along[0] * _AXIS + along[1]) * _AXIS + along[2]).astype(np.int32)
    return found
