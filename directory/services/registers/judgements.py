"""Pairs of a listing and a row of a register that somebody has judged not to be one person."""

import datetime as dt

from sqlalchemy import select

from directory.db import db
from directory.models import Account, Judgement, Practitioner
from directory.services import events, ledger


def judge_other(practitioner_id: int, body_id: str, row_key: int, *, by: Account, at: dt.datetime) -> None:
    """Say that this row is not this person, for good. To say so again changes nothing."""
    if db.session.get(Judgement, (practitioner_id, body_id, row_key)) is not None:
        return
    db.session.add(Judgement(practitioner_id=practitioner_id, body_id=body_id, row_key=row_key, by_id=by.id, at=at))
    db.session.flush()
    public_id = db.session.scalars(select(Practitioner.public_id).where(Practitioner.id == practitioner_id)).one()
    events.record("register-row-judged", at=at, by=by, practitioner_id=practitioner_id, body=body_id)
    ledger.append("register-row-judged", at=at, by=by, subject=f"practitioner:{public_id}", body=body_id)


def judged_other(practitioner_id: int, body_id: str) -> frozenset[int]:
    """The keys of the rows that are not this person."""
    query = select(Judgement.row_key).where(Judgement.practitioner_id == practitioner_id, Judgement.body_id == body_id)
    return frozenset(db.session.scalars(query))
