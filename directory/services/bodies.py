"""Professional bodies: finding one, and listing them."""

from collections.abc import Mapping

from sqlalchemy import select

from directory.models import Body, NotFound
from directory.services import copies


def get(body_id: str) -> Body:
    """One body by its name in addresses. Raises NotFound."""
    found = by_id().get(body_id)
    if found is None:
        raise NotFound(f"no body {body_id}")
    return found


@copies.of_facts
def by_id() -> Mapping[str, Body]:
    """Every body by its name in addresses, in the order of their names."""
    return {body.id: body for body in copies.rows(select(Body).order_by(Body.sort_key, Body.id))}


def list_all() -> list[Body]:
    """Every body, by name."""
    return list(by_id().values())


def named(body_ids: list[str]) -> list[Body]:
    """These bodies, in the order given. One that is not known is left out."""
    known = by_id()
    return [known[body_id] for body_id in body_ids if body_id in known]
