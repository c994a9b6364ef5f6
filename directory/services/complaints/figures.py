"""The public report: how many objections there were, on which grounds, and what became of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from directory.db import db
from directory.models import Complaint, ComplaintStep, Ruling, StepKind
from directory.services.complaints import cases
from directory.services.recommendations import REASONS, Reason


@dataclass(frozen=True)
class OnGround:
    """Of the objections on one ground: how many were made, and how the first decision about them went."""

    reason: Reason
    made: int
    hidden: int
    kept: int


@dataclass(frozen=True)
class Figures:
    """What was done since a moment, or ever. `steps`: how often each thing happened. `changed_on_appeal`: decisions
    about an appeal that were another than the first. `median_hours`: from an objection to the first decision by a
    person, None where there was none. `reasons`: how often each reason was given by a decision."""

    steps: Mapping[StepKind, int]
    hidden: int
    kept: int
    not_answered: int
    changed_on_appeal: int
    median_hours: float | None
    grounds: Sequence[OnGround]
    reasons: Sequence[tuple[Reason, int]]

    @property
    def made(self) -> int:
        return self.steps.get(StepKind.MADE, 0)


def lately_and_ever(since: dt.datetime) -> tuple[Figures, Figures]:
    """What happened since a moment, and from the beginning."""
    query = select(
        ComplaintStep.complaint_id, ComplaintStep.kind, ComplaintStep.at, ComplaintStep.by_id, ComplaintStep.ruling,
        ComplaintStep.reason, Complaint.ground, Complaint.made_at,
    ).join(Complaint, Complaint.id == ComplaintStep.complaint_id)  # fmt: skip
    rows = db.session.execute(query).all()
    first = {row.complaint_id: row.ruling for row in rows if row.kind is StepKind.DECIDED}
    return _figures([row for row in rows if row.at >= since], first), _figures(rows, first)


def _figures(rows: Sequence[Row[*tuple[Any, ...]]], first: Mapping[int, Ruling | None]) -> Figures:
    """`first`: how each case was decided the first time, be it before these rows."""
    decided = [row for row in rows if row.kind is StepKind.DECIDED]
    again = [row for row in rows if row.kind is StepKind.APPEAL_DECIDED]
    hours = [(row.at - row.made_at).total_seconds() / 3600 for row in decided if row.by_id is not None]
    given = [row.reason for row in (*decided, *again)]
    return Figures(
        steps={kind: sum(row.kind is kind for row in rows) for kind in StepKind},
        hidden=sum(row.ruling is Ruling.HIDE and row.by_id is not None for row in decided),
        kept=sum(row.ruling is Ruling.KEEP for row in decided),
        not_answered=sum(row.by_id is None for row in decided),
        changed_on_appeal=sum(row.ruling is not first.get(row.complaint_id) for row in again),
        median_hours=median(hours) if hours else None,
        grounds=[
            OnGround(
                REASONS[ground],
                sum(row.kind is StepKind.MADE and row.ground == ground for row in rows),
                sum(row.ruling is Ruling.HIDE and row.ground == ground for row in decided),
                sum(row.ruling is Ruling.KEEP and row.ground == ground for row in decided),
            )
            for ground in REASONS
            if any(row.ground == ground and row.kind in {StepKind.MADE, StepKind.DECIDED} for row in rows)
        ],
        reasons=[(REASONS[key], given.count(key)) for key in REASONS if key in given],
    )


def how_many_wait(*, at: dt.datetime) -> tuple[int, int]:
    """How many objections and appeals wait now; and how many for longer than 48 hours, or an appeal than a week."""
    waits = select(func.count()).select_from(Complaint).where(Complaint.state.in_(cases.WAITING))
    objected = and_(Complaint.appealed_at.is_(None), Complaint.made_at <= at - cases.DECIDE_WITHIN)
    late = waits.where(or_(objected, Complaint.appealed_at <= at - cases.DECIDE_APPEAL_WITHIN))
    return db.session.scalar(waits) or 0, db.session.scalar(late) or 0
