"""Numbers of the directory: how many are listed, by what, and what has been checked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from directory.db import db
from directory.models import PUBLIC_STATES, Body, ClaimSpan, Concern, Practitioner, Status, Training, WorksWith
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING

UNCHECKED = (Status.SELF_REPORTED, Status.BEING_CHECKED)


@dataclass(frozen=True)
class Figures:
    """The directory on a day. Statements count one by one: a person may make several."""

    listed: int
    checked: int
    unchecked: int
    bodies: int


def pairs_concerns(country: str, *, switched_on: bool) -> bool:
    """Whether a site in `country` lists practitioners by what they often work with."""
    return switched_on and country not in COUNTRIES_WITHOUT_PAIRING


def on(day: dt.date) -> Figures:
    """How many practitioners are listed, how many statements are checked and in date or not looked at yet, how many
    bodies are described."""
    return Figures(
        listed=_number(select(func.count()).select_from(Practitioner).where(_is_public())),
        checked=_number(_statements(day, [Status.CHECKED])),
        unchecked=_number(_statements(day, UNCHECKED)),
        bodies=sum(body.is_shown for body in db.session.scalars(select(Body).where(~Body.is_demo))),
    )


def by_modality() -> dict[str, int]:
    """How many listings offer each kind of treatment."""
    query = (
        select(Training.modality_id, func.count())
        .join(Practitioner, Practitioner.id == Training.practitioner_id)
        .where(_is_public())
        .group_by(Training.modality_id)
    )
    return dict(db.session.execute(query).tuples().all())


def by_concern() -> dict[str, int]:
    """How many practitioners say they often work with each concern. One that needs a doctor is left out."""
    query = (
        select(WorksWith.concern_id, func.count())
        .join(Practitioner, Practitioner.id == WorksWith.practitioner_id)
        .where(_is_public(), Practitioner.country.not_in(COUNTRIES_WITHOUT_PAIRING))
        .group_by(WorksWith.concern_id)
    )
    listed = {concern.id for concern in db.session.scalars(select(Concern)) if concern.lists_practitioners}
    return {concern_id: count for concern_id, count in db.session.execute(query).tuples() if concern_id in listed}


def of_body(body_id: str, day: dt.date) -> tuple[int, int]:
    """How many practitioners state a membership of a body, and of how many it is checked and in date on `day`."""
    query = (
        select(func.count(ClaimSpan.practitioner_id.distinct()))
        .join(Practitioner, Practitioner.id == ClaimSpan.practitioner_id)
        .where(_is_public(), _in_force(day), ClaimSpan.body_id == body_id)
    )
    return _number(query), _number(query.where(ClaimSpan.status == Status.CHECKED))


def _is_public() -> ColumnElement[bool]:
    return Practitioner.state.in_(PUBLIC_STATES)


def _in_force(day: dt.date) -> ColumnElement[bool]:
    return (ClaimSpan.from_on <= day) & (ClaimSpan.until_on > day)


def _statements(day: dt.date, statuses: Sequence[Status]) -> Select[int]:
    return (
        select(func.count())
        .select_from(ClaimSpan)
        .join(Practitioner, Practitioner.id == ClaimSpan.practitioner_id)
        .where(_is_public(), _in_force(day), ClaimSpan.status.in_(statuses))
    )


def _number(query: Select[int]) -> int:
    return db.session.scalar(query) or 0
