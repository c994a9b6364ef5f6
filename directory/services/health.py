"""Whether the database answers and fits this version."""

from sqlalchemy.exc import SQLAlchemyError

from directory.db import revisions


def is_ready() -> bool:
    """Whether the database answers and has the tables of this version."""
    try:
        current, head = revisions()
    except SQLAlchemyError:
        return False
    return current == head
