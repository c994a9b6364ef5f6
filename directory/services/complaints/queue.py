"""The desk of complaints: what waits to be decided, and all that is needed to decide about one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from directory.db import db
from directory.models import (
    Account,
    Complaint,
    ComplaintStep,
    ComplaintWords,
    NotFound,
    Practitioner,
    Recommendation,
)
from directory.services import recommendations
from directory.services.complaints import cases, sides

PAGE = 50


@dataclass(frozen=True)
class Case:
    """A complaint with its note as it is now, its listing, both sides and what they said. `others` are further
    objections to the same note. All but the complaint and its steps are None or empty where the note is gone."""

    complaint: Complaint
    note: Recommendation | None
    listing: Practitioner | None
    writer: Account | None
    words: Sequence[ComplaintWords]
    steps: Sequence[ComplaintStep]
    others: Sequence[Complaint]

    @property
    def has_changed(self) -> bool:
        """Whether the note is another than the one to which they objected."""
        return self.note is not None and self.note.revision != self.complaint.note_revision

    @property
    def account_ids(self) -> set[int]:
        """Everybody who decided something here."""
        found = {one.by_id for one in self.steps} | {self.note.decided_by_id if self.note else None}
        return {one for one in found if one is not None}


@dataclass(frozen=True)
class Line:
    """A complaint in a list: about whom the note is, None where it is gone; and since when it waits."""

    complaint: Complaint
    name: str | None
    since: dt.datetime


_WAITS = (Complaint.state.in_(cases.WAITING), Complaint.recommendation_id.is_not(None))
_SINCE = func.coalesce(Complaint.appealed_at, Complaint.made_at)


def waiting(*, most: int = PAGE) -> list[Line]:
    """What waits to be decided, an appeal from when it was made, the oldest first."""
    return _lines(*_WAITS, order=(_SINCE, Complaint.id), most=most)


def how_many() -> int:
    """How much waits."""
    return db.session.scalar(select(func.count()).select_from(Complaint).where(*_WAITS)) or 0


def list_ended(*, before: int | None = None, most: int = PAGE) -> list[Line]:
    """What was decided, or whose note is gone, the newest first; older than the one of number `before`."""
    older = [] if before is None else [Complaint.id < before]
    return _lines(Complaint.state.not_in(cases.WAITING), *older, order=(Complaint.id.desc(),), most=most)


def _lines(*conditions: ColumnElement[bool], order: Sequence[Any], most: int) -> list[Line]:
    query = (
        select(Complaint, Practitioner.name)
        .outerjoin(Recommendation, Recommendation.id == Complaint.recommendation_id)
        .outerjoin(Practitioner, Practitioner.id == Recommendation.practitioner_id)
        .where(*conditions)
        .order_by(*order)
        .limit(most)
    )
    return [Line(one, name, one.appealed_at or one.made_at) for one, name in db.session.execute(query)]


def case_of(complaint_id: int) -> Case:
    """All about one complaint. Whoever decides reads the note, whomever it is for. Raises NotFound."""
    complaint = db.session.get(Complaint, complaint_id)
    if complaint is None:
        raise NotFound(f"no complaint {complaint_id}")
    query = (
        select(Recommendation)
        .where(Recommendation.id == complaint.recommendation_id)
        .options(joinedload(Recommendation.practitioner), joinedload(Recommendation.writer))
    )
    note = db.session.scalars(query).one_or_none()
    others = select(Complaint).where(Complaint.recommendation_id == complaint.recommendation_id)
    return Case(
        complaint,
        note,
        note.practitioner if note else None,
        note.writer if note else None,
        sides.words_of(complaint),
        sides.steps_of(complaint),
        db.session.scalars(others.where(Complaint.id != complaint.id).order_by(Complaint.id.desc())).all()
        if note
        else [],
    )


def is_own(case: Case, by: Account, *, at: dt.datetime) -> bool:
    """Whether somebody may not decide about it."""
    return case.note is not None and cases.is_own(case.complaint, case.note, by, at=at)


def hints_of(case: Case) -> list[recommendations.NoteHint]:
    """Phrases of the note to look at again."""
    return recommendations.hints(case.note.text, case.note.practitioner) if case.note else []
