"""Listings: finding one, and counting them."""

from sqlalchemy import exists, select

from directory.db import db
from directory.models import Origin, Practitioner


def has_demo() -> bool:
    """Whether any listing is demonstration data."""
    return bool(db.session.scalar(select(exists().where(Practitioner.origin == Origin.DEMO))))
