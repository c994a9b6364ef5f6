"""Numbers of the directory. Each is what a search finds, so that a number equals the list to which it leads."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from directory.db import db
from directory.models import PUBLIC_STATES, ClaimSpan, Practitioner, RegisterRow, Status
from directory.services import bodies, copies, registers, search
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING
from directory.services.search import Criteria, Facet

UNCHECKED = (Status.SELF_REPORTED, Status.BEING_CHECKED)


@dataclass(frozen=True)
class Figures:
    """The directory on a day: listings, and how many of them offer a modality or say they often work with a concern."""

    listed: int
    by_modality: dict[str, int]
    by_concern: dict[str, int]


@dataclass(frozen=True)
class Statements:
    """Statements of membership on a day, one by one: a person may make several."""

    checked: int
    unchecked: int


def pairs_concerns(country: str, *, switched_on: bool) -> bool:
    """Whether a site in `country` lists practitioners by what they often work with."""
    return switched_on and country not in COUNTRIES_WITHOUT_PAIRING


@copies.of_everything
def on(day: dt.date) -> Figures:
    """How many are listed, and by what."""
    found = search.find(Criteria(day=day))
    return Figures(found.total, found.counts.get(Facet.MODALITY, {}), found.counts.get(Facet.CONCERN, {}))


@copies.of_everything
def of_body(body_id: str, day: dt.date) -> tuple[int, int]:
    """How many practitioners state a membership of a body, and of how many it is checked and in date on `day`."""
    found = search.find(Criteria(day=day, filters={Facet.BODY: (body_id,)}))
    return found.total, found.counts[Facet.STATUS].get(Status.CHECKED.value, 0)


@copies.of_everything
def statements(day: dt.date) -> Statements:
    """How many statements are checked and in date, and how many nobody has looked at yet."""
    query = (
        select(ClaimSpan.status, func.count())
        .join(Practitioner, Practitioner.id == ClaimSpan.practitioner_id)
        .where(Practitioner.state.in_(PUBLIC_STATES), ClaimSpan.from_on <= day, ClaimSpan.until_on > day)
        .group_by(ClaimSpan.status)
    )
    counts = {status: number for status, number in db.session.execute(query)}  # noqa: C416  a row is no pair for mypy
    return Statements(counts.get(Status.CHECKED, 0), sum(counts.get(status, 0) for status in UNCHECKED))


@dataclass(frozen=True)
class Held:
    """The lists that are held of a body: how many, of which dates, and how many lines the latest one has."""

    lists: int
    first_on: dt.date
    latest_on: dt.date
    lines: int


@copies.of_facts
def lists_of(body_id: str) -> Held | None:
    """The lists that are held of a body, or None where there is none. A list that is taken in is a change of facts."""
    held = registers.lists(body_id)
    if held.first is None or held.latest is None:
        return None
    lines = select(func.count()).where(
        RegisterRow.body_id == body_id, RegisterRow.until_step.is_(None), RegisterRow.listed_until.is_(None)
    )
    return Held(len(held.dates), held.first, held.latest, db.session.scalar(lines) or 0)


def described_bodies() -> int:
    """How many bodies have a page that says something: not those invented, nor those not reviewed yet."""
    return sum(body.is_shown and not body.is_demo for body in bodies.list_all())
