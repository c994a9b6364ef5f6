"""What visitors tell us of listings. Never public: the practitioner sees some of it, administrators all."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.db import db, locked
from directory.lib import clock
from directory.models import (
    Account,
    InvalidTransition,
    Kept,
    NotFound,
    Practitioner,
    Report,
    ReportKind,
    ReportSays,
    ReportState,
)
from directory.services import accounts, events, listings, mail_stops, outbox

# How long a practitioner has to answer before administrators look.
ANSWER_WITHIN = dt.timedelta(days=14)

# What to ring in an emergency, where it is not 112.
EMERGENCY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("GB", "IM", "JE", "GG", "IE"), ("999", "112")),
    **dict.fromkeys(("US", "CA"), ("911",)),
    "AU": ("000",),
    "NZ": ("111",),
    "JP": ("119", "110"),
}


def emergency_numbers(country: str) -> tuple[str, ...]:
    """What to ring in an emergency in a country."""
    return EMERGENCY.get(country, ("112",))


def make(listing: Practitioner, kind: ReportKind, text: str, *, reply_to: str | None, at: dt.datetime) -> Report:
    """Keep what a visitor says of a listing. The same words again, while nobody has dealt with them, are one report.

    What is not grave goes to the practitioner first, if the listing has an account; else administrators see it at once.
    """
    open_ones = (Report.practitioner_id == listing.id) & (Report.state != ReportState.SETTLED)
    known = db.session.scalars(select(Report).where(open_ones, Report.kind == kind, Report.text == text)).first()
    if known is not None:
        return known
    kept = None if kind.is_grave else _keeper(listing.id)
    report = Report(
        practitioner_id=listing.id,
        kind=kind,
        text=text,
        reply_to=reply_to,
        state=ReportState.WITH_ADMINISTRATORS if kept is None else ReportState.WITH_PRACTITIONER,
        made_at=at,
    )
    db.session.add(report)
    db.session.flush()
    if kind is ReportKind.DANGER:
        _alarm(report, listing, at=at)
    if kept is not None:
        outbox.queue(
            "report-made",
            kept.account.email,
            cause=f"report-made:{report.id}",
            at=at,
            account_id=kept.account_id,
            name=listing.name,
            answer_by=clock.day_of(at + ANSWER_WITHIN).isoformat(),
        )
    return report


def _alarm(report: Report, listing: Practitioner, *, at: dt.datetime) -> None:
    """Write to every administrator: nobody should have to look at the queue to learn of a danger."""
    for administrator in accounts.list_administrators():
        outbox.queue(
            "danger-reported",
            administrator.email,
            cause=f"danger-reported:{report.id}:{administrator.id}",
            at=at,
            account_id=administrator.id,
            name=listing.name,
            path=f"/admin/reports/{report.id}",
        )


def _keeper(practitioner_id: int) -> Kept | None:
    try:
        return listings.get_kept(practitioner_id)
    except NotFound:
        return None


def of_listing(kept: Kept) -> Sequence[Report]:
    """What the practitioner may see of the reports on their listing, the newest first. Never who made them."""
    query = select(Report).where(
        Report.practitioner_id == kept.practitioner_id,
        Report.kind.in_([kind for kind in ReportKind if not kind.is_grave]),
    )
    return db.session.scalars(query.order_by(Report.id.desc())).all()


def answer(report_id: int, says: ReportSays, *, kept: Kept, by: Account, at: dt.datetime) -> Report:
    """The practitioner answers. What was corrected is settled; what they say is right administrators look at.

    Raises NotFound for a report that is not theirs to see, InvalidTransition for one that is answered.
    """
    report = _lock(report_id)
    if report.practitioner_id != kept.practitioner_id or report.kind.is_grave:
        raise NotFound(f"no report {report_id}")
    if report.state is not ReportState.WITH_PRACTITIONER:
        raise InvalidTransition("it is answered, or administrators have it")
    report.says, report.answered_at = says, at
    report.revision += 1
    if says is ReportSays.CORRECTED:
        _close(report, by=by, at=at)
    else:
        report.state = ReportState.WITH_ADMINISTRATORS
    events.record(
        "report-answered",
        at=at,
        by=by,
        account_id=kept.account_id,
        practitioner_id=kept.practitioner_id,
        says=says.value,
    )
    return report


def hand_over(*, at: dt.datetime) -> int:
    """Give administrators what practitioners have not answered in time; how many."""
    query = select(Report).where(Report.state == ReportState.WITH_PRACTITIONER, Report.made_at <= at - ANSWER_WITHIN)
    late = db.session.scalars(query.with_for_update(skip_locked=True)).all()
    for report in late:
        report.state = ReportState.WITH_ADMINISTRATORS
        report.revision += 1
    return len(late)


def settle(
    report_id: int, *, revision: int, answer: str, by: Account, at: dt.datetime, reply: str | None = None
) -> Report:
    """An administrator has dealt with it: `answer` is what was found and done, for administrators to read, and `reply`
    what whoever told us is told, if they left an address.

    Raises NotFound, and InvalidTransition when somebody else settled it or its practitioner answered meanwhile.
    """
    report = _lock(report_id)
    kept = _keeper(report.practitioner_id)
    if kept is not None and kept.account_id == by.id:
        raise InvalidTransition("nobody decides about their own listing")
    if report.state is ReportState.SETTLED or report.revision != revision:
        raise InvalidTransition("this report changed meanwhile")
    report.answer = answer
    report.revision += 1
    _close(report, by=by, at=at, reply=reply)
    # Not with the account of the listing: its practitioner is not told of what is grave.
    events.record("report-settled", at=at, by=by, report=report.id)
    return report


def _close(report: Report, *, by: Account, at: dt.datetime, reply: str | None = None) -> None:
    report.state, report.settled_at, report.settled_by = ReportState.SETTLED, at, by.id
    if report.reply_to:
        mail_stops.queue(
            "report-settled",
            report.reply_to,
            cause=f"report-settled:{report.id}",
            at=at,
            name=report.practitioner.name,
            reply=reply,
        )


def _lock(report_id: int) -> Report:
    query = select(Report).where(Report.id == report_id).options(joinedload(Report.practitioner))
    found = db.session.scalars(locked(query, of=Report)).one_or_none()
    if found is None:
        raise NotFound(f"no report {report_id}")
    return found
