"""Listings: finding one, and counting them."""

from sqlalchemy import exists, select

from directory.db import db
from directory.models import Origin, Practitioner
from directory.services import copies


@copies.of_everything
def has_demo() -> bool:
    """Whether any listing is demonstration data."""
    return bool(db.session.scalar(select(exists().where(Practitioner.origin == Origin.DEMO))))
