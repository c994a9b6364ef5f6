"""What people come with: finding one, and listing them."""

from collections.abc import Mapping

from sqlalchemy import select

from directory.models import Concern, NotFound
from directory.services import copies


def get(concern_id: str) -> Concern:
    """One concern by its slug. Raises NotFound."""
    found = by_id().get(concern_id)
    if found is None:
        raise NotFound(f"no concern {concern_id}")
    return found


@copies.of_facts
def by_id() -> Mapping[str, Concern]:
    """Every concern by its slug, in the order of their names."""
    return {concern.id: concern for concern in copies.rows(select(Concern).order_by(Concern.sort_key, Concern.id))}


def list_all() -> list[Concern]:
    """Every concern, by name."""
    return list(by_id().values())
