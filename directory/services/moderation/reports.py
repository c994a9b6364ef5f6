"""What visitors reported, for administrators: those that wait oldest first, those that are settled newest first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.db import db
from directory.models import NotFound, Report, ReportState

PAGE = 50


def find_reports(state: ReportState, *, after: int | None = None, most: int = PAGE) -> Sequence[Report]:
    """Reports in a state: of the settled those before the report of number `after`, of the others those behind it."""
    query = select(Report).where(Report.state == state).options(joinedload(Report.practitioner)).limit(most)
    if state is ReportState.SETTLED:
        query = query.order_by(Report.id.desc())
        if after is not None:
            query = query.where(Report.id < after)
    else:
        query = query.order_by(Report.id)
        if after is not None:
            query = query.where(Report.id > after)
    return db.session.scalars(query).all()


def report_of(number: int) -> Report:
    """One report with its listing. Raises NotFound."""
    query = select(Report).where(Report.id == number).options(joinedload(Report.practitioner))
    report = db.session.scalars(query).one_or_none()
    if report is None:
        raise NotFound(f"no report {number}")
    return report
