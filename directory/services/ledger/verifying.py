"""Whether the ledger is whole: its chain, its Merkle tree, its heads, and what opens its commitments."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute

from directory.db import db
from directory.lib import canonical_json
from directory.lib.merkle import Tree
from directory.models import LedgerEntry, LedgerHead, LedgerOpening
from directory.services.ledger import entries, heads, keys
from directory.services.ledger.heads import Head

_AT_A_TIME = 1_000


class NotWhole(Exception):
    """The ledger was changed; the text is one sentence that says what does not fit."""


@dataclass
class Chain:
    """Entries that follow each other, checked as they come."""

    tree: Tree = field(default_factory=Tree)
    last: str = entries.BEGINNING

    def add(self, body: str) -> dict[str, Any]:
        """Check the next entry; what it says. Raises NotWhole."""
        seq = len(self.tree) + 1
        if not canonical_json.is_canonical(body) or not isinstance(said := json.loads(body), dict):
            raise NotWhole(f"Entry {seq} cannot be read.")
        if said.get("seq") != seq:
            raise NotWhole(f"Where entry {seq} should be, there is another.")
        if said.get("previous") != self.last:
            raise NotWhole(f"Entry {seq} does not follow entry {seq - 1} as it is now.")
        self.last = entries.hash_of(body)
        self.tree.append(bytes.fromhex(self.last))
        return said

    def compare(self, head: Head) -> None:
        """Whether the entries that a head covers are those that it covered. Raises NotWhole."""
        if head.size > len(self.tree):
            raise NotWhole(
                f"There are {len(self.tree)} entries, and the head covers {head.size}: the end was cut off, or an older"
                " copy was put in place."
            )
        if self.tree.root(head.size).hex() != head.root:
            raise NotWhole(f"The first {head.size} entries are not those that the head covers.")


@dataclass(frozen=True)
class Whole:
    """What was looked at, and fits."""

    size: int
    heads: int


def check_export(bodies: Iterable[str], head: Head) -> Whole:
    """Check the entries of an export against a head that was kept. Raises NotWhole."""
    chain = Chain()
    for body in bodies:
        chain.add(body)
    chain.compare(head)
    return Whole(len(chain.tree), 1)


def check_database(head: Head | None = None) -> Whole:
    """Check the ledger of the database against every head that it holds, and against one that was kept elsewhere.

    Raises NotWhole.
    """
    chain = Chain()
    columns_of = (LedgerEntry.at, LedgerEntry.kind, LedgerEntry.previous, LedgerEntry.hash, LedgerEntry.body)
    for row in _all(LedgerEntry.seq, *columns_of):
        said = chain.add(row.body)
        columns = (row.seq, row.previous, row.hash, row.kind, entries.written(row.at))
        if columns != (said["seq"], said["previous"], chain.last, said.get("kind"), said.get("at")):
            raise NotWhole(f"Entry {row.seq} does not say what stands beside it.")
    _check_openings()
    public = keys.list_public()
    count = 0
    for kept in db.session.scalars(select(LedgerHead).order_by(LedgerHead.size)):
        try:
            found = heads.read(kept.token, public)
        except keys.Forged as error:
            raise NotWhole(f"The head of {kept.size} entries is not signed with a key of this site.") from error
        if (found.size, found.root) != (kept.size, kept.root):
            raise NotWhole(f"The head of {kept.size} entries does not say what stands beside it.")
        chain.compare(found)
        count += 1
    if head is not None:
        chain.compare(head)
        count += 1
    return Whole(len(chain.tree), count)


def _check_openings() -> None:
    """What opens a commitment must open it."""
    bodies: dict[int, str] = {}
    for row in _all(LedgerOpening.seq, LedgerOpening.what, LedgerOpening.salt, LedgerOpening.plain):
        if row.seq not in bodies:
            span = LedgerEntry.seq.between(row.seq, row.seq + _AT_A_TIME)
            bodies = {}
            for seq, body in db.session.execute(select(LedgerEntry.seq, LedgerEntry.body).where(span)):
                bodies[seq] = body
        said = bodies.get(row.seq)
        if said is None or json.loads(said).get(row.what) != entries.commitment(row.salt, row.plain):
            raise NotWhole(f"What is kept to open entry {row.seq} does not open it.")


def _all(number: InstrumentedAttribute[int], *others: InstrumentedAttribute[Any]) -> Iterator[Row[Any]]:
    """Every row of a table by its number, some at a time: whoever finds something wrong stops in the middle."""
    last = -1
    while True:
        # Rows of one number stay together: there are two at most.
        end = select(number).where(number > last).order_by(number).offset(_AT_A_TIME).limit(1)
        query = select(number, *others).where(number > last).order_by(number)
        stop = db.session.scalar(end)
        found = db.session.execute(query if stop is None else query.where(number <= stop)).all()
        yield from found
        if stop is None:
            return
        last = stop
