"""Changes of listings, as a practitioner or an operator would make them."""

import random
import string
from collections.abc import Sequence

from sqlalchemy import select

from directory.db import db, transaction
from directory.lib.folding import plain
from directory.models import ListingState, Practitioner
from directory.services import indexing


def some_ids(source: random.Random, number: int) -> list[int]:
    """Row numbers of listings, drawn from all."""
    known = db.session.scalars(select(Practitioner.id)).all()
    db.session.rollback()
    return source.sample(list(known), number)


def new_word(source: random.Random) -> str:
    """A word that nobody has."""
    return "zq" + "".join(source.choices(string.ascii_lowercase, k=10))


def rename(ids: Sequence[int], word: str) -> None:
    """Give listings a name with a word in it, in one transaction."""
    with transaction():
        for listing in _listings(ids):
            listing.name = f"{word.title()} {listing.name.split()[-1]}"
            listing.name_key = plain(listing.name)
        db.session.flush()
        indexing.refresh(ids)


def hide(ids: Sequence[int]) -> None:
    """Hide listings, in one transaction."""
    with transaction():
        for listing in _listings(ids):
            listing.state = ListingState.HIDDEN
        db.session.flush()
        indexing.refresh(ids)


def _listings(ids: Sequence[int]) -> Sequence[Practitioner]:
    return db.session.scalars(select(Practitioner).where(Practitioner.id.in_(ids))).all()
