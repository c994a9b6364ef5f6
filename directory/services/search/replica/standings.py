"""Who has a claim of which status with which body on a day."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from directory.models import Status
from directory.services.search.replica.rows import Ordinals
from directory.services.search.replica.tables import Column, Table, bitmap

TYPES = {"slot": "i4", "pair": "u2", "from": "i4", "until": "i4"}
_STATUSES = tuple(Status)
KEPT_DAYS = 2

Span = tuple[int, str, str | None, dt.date, dt.date]


class Day:
    """The claims of one day: the slots that have a claim of a status with a body; None is a body not known here."""

    def __init__(self) -> None:
        self.slots: dict[tuple[str, str | None], BitMap] = {}
        self.anybody = BitMap()
        self._statuses: dict[str, BitMap] = {}
        self._bodies: dict[str, BitMap] = {}

    def add(self, status: str, body: str | None, slots: BitMap) -> None:
        """Add slots with such a claim."""
        self.slots.setdefault((status, body), BitMap()).update(slots)
        self._statuses.setdefault(status, BitMap()).update(slots)
        if body is not None:
            self._bodies.setdefault(body, BitMap()).update(slots)
        self.anybody |= slots

    def claiming(self, statuses: Sequence[str], bodies: Sequence[str]) -> BitMap:
        """Slots with one and the same claim of one of `statuses` with one of `bodies`; empty means any."""
        return BitMap.union(
            BitMap(),
            *(
                slots
                for (status, body), slots in self.slots.items()
                if (not statuses or status in statuses) and (not bodies or body in bodies)
            ),
        )

    def by_status(self, bodies: Sequence[str]) -> dict[str, BitMap]:
        """For each status, the slots with a claim of it with one of `bodies`; empty means any."""
        return {status: self.claiming((status,), bodies) for status in self._statuses} if bodies else self._statuses

    def by_body(self, statuses: Sequence[str]) -> dict[str, BitMap]:
        """For each body that is known here, the slots with a claim of one of `statuses` with it; empty means any."""
        return {body: self.claiming(statuses, (body,)) for body in self._bodies} if statuses else self._bodies


class Standings:
    """The statuses of claims by date, and the days that were asked for last."""

    def __init__(self, columns: Mapping[str, Column] | None = None, bodies: Sequence[str | None] = ()) -> None:
        self.table = Table(TYPES, columns)
        self.bodies: list[str | None] = list(bodies)
        self._pairs: dict[tuple[str, str | None], int] = {}
        self._ordinals = Ordinals()
        self._days: OrderedDict[dt.date, Day] = OrderedDict()

    def add(self, spans: Iterable[Span]) -> None:
        """Add spans: slot, status, body, from this day on, up to and not including this one."""
        first = len(self.table)
        self.table.extend(
            (
                slot,
                self._pairs.get((status, body)) or self._pair(status, body),
                self._ordinals[start],
                self._ordinals[end],
            )
            for slot, status, body, start, end in spans
        )
        for day, known in self._days.items():
            self._fill(known, day, first)

    def on(self, day: dt.date) -> Day:
        """The claims of `day`."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = Day()
            self._fill(found, day, 0)
            if len(self._days) > KEPT_DAYS:
                self._days.popitem(last=False)
        else:
            self._days.move_to_end(day)
        return found

    def _pair(self, status: str, body: str | None) -> int:
        """A number for a status with a body."""
        if body not in self.bodies:
            self.bodies.append(body)
        number = self._pairs[status, body] = self.bodies.index(body) * len(_STATUSES) + _STATUSES.index(Status(status))
        return number

    def _fill(self, day: Day, date: dt.date, first: int) -> None:
        """Add the spans from row `first` on that hold on `date`."""
        table, ordinal = self.table, date.toordinal()
        holds = np.flatnonzero((table["from"][first:] <= ordinal) & (table["until"][first:] > ordinal)) + first
        pairs, slots = table["pair"][holds], table["slot"][holds]
        order = np.argsort(pairs, kind="stable")
        pairs, slots = pairs[order], slots[order]
        kinds, starts = np.unique(pairs, return_index=True)
        ends = np.append(starts[1:], len(pairs))[: len(starts)]
        for kind, start, end in zip(kinds.tolist(), starts, ends, strict=True):
            body, status = divmod(kind, len(_STATUSES))
            day.add(_STATUSES[status].value, self.bodies[body], bitmap(slots[start:end]))
