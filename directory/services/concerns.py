"""What people come with: finding one, and listing them."""

from sqlalchemy import select

from directory.db import db
from directory.models import Concern, NotFound


def get(concern_id: str) -> Concern:
    """One concern by its slug. Raises NotFound."""
    found = db.session.get(Concern, concern_id)
    if found is None:
        raise NotFound(f"no concern {concern_id}")
    return found


def list_all() -> list[Concern]:
    """Every concern, by name."""
    return list(db.session.scalars(select(Concern).order_by(Concern.sort_key, Concern.id)))
