"""Asks the lists of bodies that are held. An index of each is kept in the process until the register changes."""

import datetime as dt
from collections import OrderedDict
from threading import Lock

from sqlalchemy import select

from directory.db import db
from directory.models import Claim, OtherName, PracticePlace, Practitioner
from directory.services import registers
from directory.services.matching.indexes import Index
from directory.services.matching.persons import Answer, Person

MOST_ROWS = 1_500_000  # in all indexes that a process keeps, about half a gigabyte

_kept: "OrderedDict[tuple[str, int, str], Index]" = OrderedDict()
_lock = Lock()


def of_claim(claim: Claim) -> Answer | None:
    """What the register of the claim's body says of it today; None where no list of that body is held.

    Lines that were once judged to be others are left out.
    """
    body_id = claim.body_id or ""
    if registers.latest_step(body_id) is None:
        return None
    others = registers.judged_other(claim.practitioner_id, body_id)
    return for_body(body_id).ask(person_of(claim), not_keys=others)


def person_of(claim: Claim) -> Person:
    """What the listing says of whoever makes the claim, names that are not shown among it."""
    id_ = claim.practitioner_id
    name = db.session.scalars(select(Practitioner.name).where(Practitioner.id == id_)).one()
    query = select(OtherName.name).where(OtherName.practitioner_id == id_).order_by(OtherName.id)
    places = select(PracticePlace.town, PracticePlace.postcode_area).where(PracticePlace.practitioner_id == id_)
    return Person(
        name,
        tuple(db.session.scalars(query)),
        claim.number,
        grade=claim.grade,
        disciplines=tuple(claim.disciplines),
        places=tuple((town, outward) for town, outward in db.session.execute(places.order_by(PracticePlace.id))),
    )


def for_body(body_id: str, *, known_at: dt.datetime | None = None) -> Index:
    """The index of all lines of a register that are held, or that were at a moment; an empty one where none is."""
    step = registers.latest_step(body_id, known_at=known_at)
    if step is None:
        return Index(())
    # The hash of all rows stands for them, whichever step brought them about.
    key = (body_id, step.id, step.view_hash)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = Index(registers.rows(body_id, known_at=known_at))
    with _lock:
        _kept[key] = found
        while len(_kept) > 1 and sum(len(one.rows) for one in _kept.values()) > MOST_ROWS:
            _kept.popitem(last=False)
    return found
