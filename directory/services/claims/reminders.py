"""Reminders before a status lapses: 60, 30 and 7 days before, and on the last day. Each once for what lapses."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.db import db
from directory.models import PUBLIC_STATES, Claim, ClaimSpan, Kept, Origin, Practitioner, Status
from directory.models.claims import Seen
from directory.models.standings import standing
from directory.services import outbox
from directory.services.claims import lookups

BEFORE = (60, 30, 7, 0)


def due(day: dt.date) -> Sequence[int]:
    """Claims of public listings that lapse within 60 days if nobody looks, by row number."""
    last = day + dt.timedelta(days=max(BEFORE))
    query = (
        select(ClaimSpan.claim_id)
        .join(Practitioner, Practitioner.id == ClaimSpan.practitioner_id)
        .join(Kept, Kept.practitioner_id == Practitioner.id)
        .where(
            ClaimSpan.status == Status.CHECKED,
            ClaimSpan.from_on <= day,
            ClaimSpan.until_on > day,
            ClaimSpan.until_on <= last + dt.timedelta(days=1),
            Practitioner.state.in_(PUBLIC_STATES),
            Practitioner.origin != Origin.DEMO,  # invented people renew nothing
        )
        .order_by(ClaimSpan.claim_id)
    )
    return db.session.scalars(query).all()


def remind(claim_id: int, *, day: dt.date, at: dt.datetime) -> int | None:
    """Write to the practitioner if one of the days has come: the latest that has, so that a worker who was away writes
    one letter and not four; of how many days. Done twice it does nothing more.
    """
    claim = db.session.scalars(
        select(Claim).where(Claim.id == claim_id).options(joinedload(Claim.practitioner), joinedload(Claim.body))
    ).one_or_none()
    if claim is None:
        return None
    found = standing(claim, claim.body, lookups.checks_about(claim), day)
    if found.status is not Status.CHECKED or found.check is None:
        return None
    until = found.check.good_until
    days = min((one for one in BEFORE if (until - day).days <= one), default=None)
    if days is None:
        return None
    # A letter about what lapses sooner does not wait behind one that has not gone yet.
    for earlier in BEFORE:
        if earlier > days:
            outbox.take_back(_cause(found.check, earlier))
    lookups.tell(
        "claim-lapses-soon",
        claim,
        cause=_cause(found.check, days),
        at=at,
        until=until.isoformat(),
        days=(until - day).days,
    )
    return days


def _cause(check: Seen, days: int) -> str:
    return f"claim-lapses:{lookups.mark(check)}:{days}"
