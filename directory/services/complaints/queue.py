"""The desk of complaints: what waits to be decided, and all that is needed to decide about one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
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


def waiting() -> list[Line]:
    """What waits to be decided, an appeal from when it was made, the oldest first."""
    found = _lines(Complaint.state.in_(cases.WAITING), Complaint.recommendation_id.is_not(None))
    return sorted(found, key=lambda one: (one.since, one.complaint.id))


def how_many() -> int:
    """How much waits."""
    query = select(func.count()).select_from(Complaint)
    open_ones = query.where(Complaint.state.in_(cases.WAITING), Complaint.recommendation_id.is_not(None))
    return db.session.scalar(open_ones) or 0


def list_ended(*, before: int | None = None, most: int = PAGE) -> list[Line]:
    """What was decided, or whose note is gone, the newest first; older than the one of number `before`."""
    older = [] if before is None else [Complaint.id < before]
    return _lines(Complaint.state.not_in(cases.WAITING), *older, most=most)


def _lines(*conditions: object, most: int | None = None) -> list[Line]:
    query = (
        select(Complaint, Practitioner.name)
        .outerjoin(Recommendation, Recommendation.id == Complaint.recommendation_id)
        .outerjoin(Practitioner, Practitioner.id == Recommendation.practitioner_id)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(Complaint.id.desc())
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


def is_own(case: Case, by: Account) -> bool:
    """Whether somebody may not decide about it."""
    return case.note is not None and cases.is_own(case.complaint, case.note, by)


def hints_of(case: Case) -> list[recommendations.NoteHint]:
    """Phrases of the note to look at again."""
    return recommendations.hints(case.note.text, case.note.practitioner) if case.note else []
