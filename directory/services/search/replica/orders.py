"""Orders that do not depend on what is asked: that of a day, and that of names as far as a few letters tell."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.services.search.criteria import SHUFFLE_PRIME, shuffle_factor
from directory.services.search.replica.tables import Column, Table, bitmap, numbers, run

MANY = 100_000  # members that are sorted rather than looked for among the first of all
KEPT = 3


class Order:
    """A number for each slot, by which to sort. `rising` are the first of the slots, sorted."""

    def __init__(self, keys: Column, rising: NDArray[np.uint32] | None = None) -> None:
        self.keys = keys
        self.rising = rising

    def first(self, members: BitMap, how_many: int) -> NDArray[np.uint32]:
        """At least so many of `members` with the lowest numbers, and all that share the last of those."""
        if self.rising is not None and len(members) > MANY:
            members = self._low(self.rising, members, how_many)
        return lowest(numbers(members), self.keys, how_many)

    def _low(self, rising: NDArray[np.uint32], members: BitMap, how_many: int) -> BitMap:
        """Those of `members` among which are the lowest: looked for among the lowest of all."""
        later = members & run(len(rising), len(self.keys))
        step = max(2 * how_many * len(rising) // len(members), 64)
        found, end = BitMap(), 0
        while len(found) < how_many and end < len(rising):
            found |= bitmap(rising[end : end + step]) & members
            end += step
        # Others may share the number of the last one that was looked at.
        while end < len(rising) and self.keys[rising[end]] == self.keys[rising[end - 1]]:
            found |= bitmap(rising[end : end + step]) & members
            end += step
        return found | later


def lowest(slots: NDArray[np.uint32], keys: Column, how_many: int) -> NDArray[np.uint32]:
    """At least so many of `slots` with the lowest keys, and all that share the last of those."""
    if len(slots) <= how_many:
        return slots
    values = keys[slots]
    low: NDArray[np.uint32] = slots[values <= np.partition(values, how_many - 1)[how_many - 1]]
    return low


class Orders:
    """The orders of the slots of `table` that were asked for last."""

    def __init__(self, table: Table) -> None:
        self._slots = table
        self._kept: OrderedDict[object, tuple[Table, NDArray[np.uint32]]] = OrderedDict()

    def of_day(self, day: dt.date) -> Order:
        """The order of the day. Equal shuffles go by row number, so that no two are equal."""

        def keys(first: int) -> Column:
            shuffled = (self._slots["shuffle"][first:].astype(np.int64) + 1) * shuffle_factor(day) % SHUFFLE_PRIME
            column: Column = (shuffled << 32) | self._slots["id"][first:]
            return column

        return self._get(day, keys)

    def of_names(self) -> Order:
        """The order of how folded names begin."""
        return self._get("names", lambda first: self._slots["start"][first:])

    def _get(self, what: object, keys: Callable[[int], Any]) -> Order:
        if what not in self._kept:
            column = keys(0)
            rising = np.argsort(column, kind="stable").astype(np.uint32)
            self._kept[what] = Table({"key": column.dtype.str}, {"key": column}), rising
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(what)
        table, rising = self._kept[what]
        if len(table) < len(self._slots):
            table.append({"key": keys(len(table))})
        return Order(table["key"], rising)
