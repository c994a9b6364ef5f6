"""Demonstration data: invented practitioners, notes about them, and invented bodies for what is unpleasant to say.

Pages with such data say so. They are marked by their origin, so all of it can be taken away again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, exists, func, or_, select

from directory.db import db
from directory.lib.folding import plain
from directory.models import (
    Base,
    Body,
    Check,
    Claim,
    DirectoryError,
    Origin,
    PostcodeArea,
    Practitioner,
    SearchText,
    SearchWord,
    Status,
)
from directory.services import indexing
from directory.services.demo import accounts, keepers, notes, sources, tables
from directory.services.demo.people import BLOCK, People

# From so many on, it is worth while to have the tables for oneself.
MANY = 10_000
# So many, the first, can be written to and have notes.
MOST_KNOWN = 1_200


class NothingToStandOn(DirectoryError):
    """The reference data is not there."""


@dataclass(frozen=True)
class Loaded:
    """What a load did. `statuses` counts the claims of each status today, and people without any (None)."""

    listings: int
    statuses: dict[Status | None, int]


@dataclass(frozen=True)
class Removed:
    """What was taken away, and the names of invented bodies that are left because other listings name them."""

    listings: int
    bodies: int
    words: int
    kept_bodies: tuple[str, ...]


def has_listings() -> bool:
    """Whether there is any listing, invented or not."""
    return bool(db.session.scalar(select(exists().where(Practitioner.id > 0))))


def load(folder: Path, *, listings: int, seed: int, today: dt.date) -> Loaded | None:
    """Invent so many practitioners, with the files of `folder` and the reference data of the tables.

    The same seed and day give the same people in every database, and the first of many are the few. None, and nothing
    done, if people of this seed are there already. Raises NothingToStandOn without reference data.
    """
    tables.lock()
    if not db.session.scalar(select(exists().where(PostcodeArea.country == "GB"))):
        raise NothingToStandOn("there is no reference data; run `tsubo seed reference` first")
    _add_bodies(sources.read_file(folder, "bodies")["bodies"], today)
    drawn = sources.read(folder)
    people = People(drawn, seed, today)
    first = [people.public_id(number) for number in range(BLOCK)]
    if db.session.scalar(select(exists().where(Practitioner.public_id.in_(first)))):
        return None
    ids = tables.last_ids()
    # Where there are no listings, nobody misses them for the time it takes.
    with tables.adding(alone=listings >= MANY and not has_listings()) as add:
        for start in range(0, listings, BLOCK):
            add(people.block(start, min(BLOCK, listings - start), ids))
    tables.advance_sequences(ids)
    indexing.add_words(people.words)
    written = notes.Notes(drawn, sources.read_file(folder, "notes"), seed, today)
    known = [people.public_id(number) for number in range(min(listings, MOST_KNOWN))]
    keepers.add(known, seed)
    written.add(known)
    return Loaded(listings, dict(people.statuses))


def _add_bodies(bodies: Sequence[dict[str, Any]], today: dt.date) -> None:
    known = set(db.session.scalars(select(Body.id).where(Body.is_demo)))
    for body in bodies:
        if body["id"] not in known:
            db.session.add(_body(body, today))
    db.session.flush()


def _body(source: dict[str, Any], today: dt.date) -> Body:
    return Body(
        **{key: source[key] for key in ("id", "name", "abbreviation", "country", "confidence")},
        aliases=[],
        former_names=[],
        kind="membership_body",
        lists_individuals=True,
        website=f"https://example.org/bodies/{source['id']}",
        register_url=f"https://example.org/bodies/{source['id']}/register",
        psa_status="not_applicable",
        status="active",
        notes="Invented for this demonstration.",
        letters=[],
        verifies={},
        renewal_months=12,
        details={"article": True},
        sort_key=plain(source["name"]),
        sources=[],
        compiled_on=today,
        digest="",
        is_demo=True,
    )


def remove() -> Removed:
    """Take away all demonstration data: listings with everything of theirs, bodies, and words that nobody uses now."""
    tables.lock()
    listings = _remove_listings()
    accounts.remove()
    kept: list[Body] = []
    unused: list[Body] = []
    for body in db.session.scalars(select(Body).where(Body.is_demo).order_by(Body.id)):
        is_named = exists().where(Claim.body_id == body.id), exists().where(Check.body_id == body.id)
        (kept if db.session.scalar(select(or_(*is_named))) else unused).append(body)
    for body in unused:
        db.session.delete(body)
    db.session.flush()
    return Removed(listings, len(unused), _remove_words() if listings else 0, tuple(body.name for body in kept))


def _remove_listings() -> int:
    """Take away what hangs on the listings table by table first, which is much faster than row by row with each."""
    is_demo = Practitioner.origin == Origin.DEMO
    count = db.session.scalar(select(func.count()).where(is_demo)) or 0
    if count:
        for table in reversed(Base.metadata.sorted_tables):
            if any(key.column is Practitioner.__table__.c.id for key in table.foreign_keys):
                demo = select(Practitioner.id).where(is_demo)
                db.session.execute(delete(table).where(table.c.practitioner_id.in_(demo)))
        db.session.execute(delete(Practitioner).where(is_demo))
    return count


def _remove_words() -> int:
    known = set(db.session.scalars(select(SearchWord.word)))
    for names, methods in db.session.execute(select(SearchText.names, SearchText.methods)).yield_per(BLOCK):
        known.difference_update(names.split(), methods.split())
    unused = sorted(known)
    for start in range(0, len(unused), BLOCK):
        db.session.execute(delete(SearchWord).where(SearchWord.word.in_(unused[start : start + BLOCK])))
    return len(unused)
