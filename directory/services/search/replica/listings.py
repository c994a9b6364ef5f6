"""The copy itself: every public listing has a slot, and sets of slots say what is true of them.

A listing that changes gets a new slot; its old one is taken out of `public` and is in no answer any more. So nothing
else has to be taken back, and what is written to a file can be read where it lies.
"""

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.models import Pressure
from directory.services.changes import Version
from directory.services.search.criteria import Facet
from directory.services.search.replica.orders import Orders
from directory.services.search.replica.places import Places
from directory.services.search.replica.rows import FLAGS, Facts, Rows
from directory.services.search.replica.standings import Standings
from directory.services.search.replica.tables import Table, numbers
from directory.services.search.replica.words import Gathering, Words

TYPES = {"id": "i4", "shuffle": "i4", "start": "u8", "hash": "u8"}
NAME_BYTES = 8  # of a name that are kept for sorting
_made = count(1)


def name_start(name_key: str) -> int:
    """The first bytes of a folded name as a number: names sort as their numbers do, as far as those tell."""
    return int.from_bytes(name_key.encode()[:NAME_BYTES].ljust(NAME_BYTES, b"\0"), "big")


def name_hash(name_key: str) -> int:
    """A number by which a folded name is recognised."""
    return int.from_bytes(hashlib.blake2b(name_key.encode(), digest_size=8).digest(), "big")


class Replica:
    """Public listings as they were at `version`."""

    def __init__(self, version: Version, facts: Facts) -> None:
        self.version = version
        self.facts = facts
        self.table = Table(TYPES)
        self.public = BitMap()
        self.located = BitMap()
        self.facets: dict[Facet, dict[str, BitMap]] = {facet: {} for facet in Facet}
        self.places = Places()
        self.standings = Standings()
        self.words = Words()
        self.orders = Orders(self.table)
        self.added = 0  # listings that came since it was built or read from a file
        self.removed = 0
        self.number = next(_made)
        self._slots: dict[int, int | None] = {}  # by row number, where it differs from the table in `_sorted`
        self._sorted: tuple[NDArray[np.int32], NDArray[np.uint32]] | None = None

    def fill(
        self,
        table: Table,
        *,
        public: BitMap,
        located: BitMap,
        places: Places,
        standings: Standings,
        words: Words,
    ) -> None:
        """Take over what a file holds."""
        self.table, self.public, self.located = table, public, located
        self.places, self.standings, self.words = places, standings, words
        self.orders = Orders(table)

    def __len__(self) -> int:
        return len(self.public)

    def edition(self, slot: int) -> int:
        """A number that another state of the listing, or another copy in this process, does not have."""
        return self.number << 32 | slot

    def ids(self, slots: Sequence[int]) -> list[int]:
        """Row numbers of the listings in these slots."""
        found: list[int] = self.table["id"][np.asarray(slots, np.intp)].tolist()
        return found

    def slots_of(self, ids: Iterable[int]) -> BitMap:
        """The slots of listings, by row number. Those that are not there are left out."""
        return BitMap(slot for slot in map(self._slot, ids) if slot is not None)

    def remove(self, ids: Iterable[int]) -> None:
        """Take listings out, by row number. Those that are not there are left alone."""
        for id_ in ids:
            slot = self._slot(id_)
            if slot is not None:
                self.public.discard(slot)
                self.removed += 1
            self._slots[id_] = None

    def add(self, rows: Rows) -> None:
        """Put listings in that are not there."""
        first = len(self.table)
        slots = {row[0]: first + position for position, row in enumerate(rows.listings)}
        self._add(rows, slots)
        self.words.add((slots[row[0]], row[1:]) for row in rows.texts)
        self._slots |= slots
        self.added += len(slots)

    def gather(self, rows: Rows, slots: Mapping[int, int], words: Gathering) -> None:
        """Put listings in while the copy is built, in slots that are given. Their words go to `words`."""
        self._add(rows, slots)
        words.add([(slots[row[0]], row[1:]) for row in rows.texts])

    def settle(self, slots: NDArray[np.int64]) -> None:
        """End building: `slots` are those of the rows of the table in the order in which they came."""
        settled = {}
        for name in TYPES:
            settled[name] = np.empty_like(self.table[name])
            settled[name][slots] = self.table[name]
        self.table = Table(TYPES, settled)
        self.orders = Orders(self.table)
        self.places = Places(self.places.sorted_columns())

    def _add(self, rows: Rows, slots: Mapping[int, int]) -> None:
        self.table.extend((row[0], row[2], name_start(row[1]), name_hash(row[1])) for row in rows.listings)
        self.public.update(slots[row[0]] for row in rows.listings)
        self.places.add((slots[row[0]], row[1], row[2], row[3]) for row in rows.places)
        self.located.update(slots[row[0]] for row in rows.places)
        self.standings.add((slots[row[0]], row[1], row[2], row[3], row[4]) for row in rows.spans)
        for (facet, value), having in self._values(rows, slots).items():
            self.facets[facet].setdefault(value, BitMap()).update(BitMap(having))

    def _values(self, rows: Rows, slots: Mapping[int, int]) -> "dict[tuple[Facet, str], array[int]]":
        """For each value of a filter, the slots that have it."""
        found: defaultdict[tuple[Facet, str], array[int]] = defaultdict(lambda: array("I"))
        for row in rows.listings:
            _add_own(found, slots[row[0]], row)
        paired = {row[0] for row in rows.listings if row[3]}
        for id_, modality in rows.modalities:
            for form in self.facts.lineage[modality]:
                found[Facet.MODALITY, form].append(slots[id_])
        for id_, concern in rows.concerns:
            if id_ in paired:
                found[Facet.CONCERN, concern].append(slots[id_])
        for id_, language in rows.languages:
            found[Facet.LANGUAGE, language].append(slots[id_])
        return found

    def _slot(self, id_: int) -> int | None:
        if id_ in self._slots:
            return self._slots[id_]
        if self._sorted is None:
            # Only what stands in the table up to here: the dictionary knows what came later.
            public = numbers(self.public)
            ids = self.table["id"][public]
            order = np.argsort(ids, kind="stable")
            self._sorted = ids[order], public[order]
        ids, slots = self._sorted
        at = int(np.searchsorted(ids, id_))
        return int(slots[at]) if at < len(ids) and ids[at] == id_ else None


_FLAGS = [(Facet(facet), value) for facet, value, _ in FLAGS]
_PRESSURES = list(Pressure)


def _add_own(found: "defaultdict[tuple[Facet, str], array[int]]", slot: int, row: Any) -> None:
    """Add what the row of a listing itself says."""
    _, _, _, _, lightest, firmest, price, gender, accepting, *told = row
    for pressure in _PRESSURES[lightest - 1 : firmest] if lightest else ():
        found[Facet.PRESSURE, pressure.value].append(slot)
    for facet, value in ((Facet.PRICE, price), (Facet.GENDER, gender), (Facet.ACCEPTING, accepting)):
        if value is not None:
            found[facet, value].append(slot)
    for flag in compress(_FLAGS, told):
        found[flag].append(slot)
