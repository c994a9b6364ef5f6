"""Invented practitioners who keep their listing themselves, so that they can be written to: most of the first ones."""

import datetime as dt
from collections.abc import Sequence
from random import Random

from sqlalchemy import select

from directory.db import db
from directory.models import Kept, Practitioner
from directory.services.demo import accounts

SHARE = 0.85


def add(public_ids: Sequence[str], seed: int) -> None:
    """Let practitioners keep their listings since the day they were listed, by their names in addresses."""
    chance = Random(f"{seed}/keepers")  # noqa: S311  it must choose the same again
    chosen = [public_id for public_id in public_ids if chance.random() < SHARE]
    query = select(Practitioner.id, Practitioner.public_id, Practitioner.listed_on)
    for id_, public_id, listed_on in db.session.execute(query.where(Practitioner.public_id.in_(chosen))):
        since = dt.datetime.combine(listed_on, dt.time(9), dt.UTC)
        account = accounts.make(f"practitioner-{public_id}", at=since, active=True)
        db.session.add(Kept(practitioner_id=id_, account=account, started_at=since, is_approved=True))
    db.session.flush()
