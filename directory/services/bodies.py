"""Professional bodies: finding one, and listing them."""

from sqlalchemy import select

from directory.db import db
from directory.models import Body, NotFound


def get(body_id: str) -> Body:
    """One body by its name in addresses. Raises NotFound."""
    found = db.session.get(Body, body_id)
    if found is None:
        raise NotFound(f"no body {body_id}")
    return found


def list_all() -> list[Body]:
    """Every body, by name."""
    return list(db.session.scalars(select(Body).order_by(Body.sort_key, Body.id)))


def named(body_ids: list[str]) -> list[Body]:
    """These bodies, in the order given. One that is not known is left out."""
    known = {body.id: body for body in db.session.scalars(select(Body).where(Body.id.in_(body_ids)))}
    return [known[body_id] for body_id in body_ids if body_id in known]
