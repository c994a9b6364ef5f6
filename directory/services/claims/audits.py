"""Second looks: some confirmed claims come back to another verifier, drawn by chance after they were decided.

Nobody knows beforehand which. The other verifier looks within 30 days without being told what was seen first, and where
the two differ the desk says so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from directory.db import db
from directory.lib import clock, tokens
from directory.models import (
    PERMISSIONS,
    Account,
    Audit,
    Check,
    Claim,
    Outcome,
    Permission,
)
from directory.services import events, ledger
from directory.services.claims.findings import UNDO_WITHIN

WITHIN = dt.timedelta(days=30)
BATCH = 200


@dataclass(frozen=True)
class Disagreement:
    """A second look that saw something else."""

    audit: Audit
    first: Check
    second: Check


def draw(share: float, *, at: dt.datetime) -> int:
    """Draw for every confirming check of a verifier that was not drawn for yet, each with the chance `share` (0 to 1);
    how many come back. On a site with one verifier nothing does: there is nobody to look again.
    """
    others = select(Account.id).where(Account.role.in_(_ROLES), Account.active)
    if len(db.session.scalars(others.limit(2)).all()) < 2:
        return 0
    undoing = aliased(Check)
    query = (
        select(Check)
        .where(
            Check.outcome == Outcome.CONFIRMED,
            Check.by_id.is_not(None),
            Check.inherited_from_id.is_(None),
            Check.recorded_at < at - UNDO_WITHIN,
            ~exists().where(undoing.undoes_id == Check.id),
            ~exists().where(Audit.check_id == Check.id),
        )
        .order_by(Check.id)
        .limit(BATCH)
    )
    drawn = 0
    for check in db.session.scalars(query).all():
        claim = _claim_of(check)
        is_drawn = claim is not None and tokens.fraction() < share
        audit = Audit(check_id=check.id, claim_id=claim.id if claim else None, considered_at=at)
        db.session.add(audit)
        if is_drawn and claim is not None:
            drawn += 1
            audit.due_on = clock.day_of(at) + WITHIN
            events.record("second-look-drawn", at=at, practitioner_id=claim.practitioner_id, claim=claim.id)
    db.session.flush()
    return drawn


_ROLES = [role for role, permissions in PERMISSIONS.items() if Permission.DECIDE_CLAIMS in permissions]


def _claim_of(check: Check) -> Claim | None:
    query = select(Claim).where(
        Claim.practitioner_id == check.practitioner_id,
        Claim.body_id == check.body_id,
        Claim.number_key == check.number_key,
        Claim.withdrawn_on.is_(None),
    )
    return db.session.scalars(query.order_by(Claim.id).limit(1)).one_or_none()


def open_of(claim: Claim) -> Audit | None:
    """The second look that waits at a claim, with the first check."""
    query = (
        select(Audit)
        .where(Audit.claim_id == claim.id, Audit.due_on.is_not(None), Audit.done_at.is_(None))
        .options(joinedload(Audit.check))
        .order_by(Audit.check_id.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def is_for(audit: Audit, account: Account) -> bool:
    """Whether this verifier may take the second look: they are not who looked first."""
    return account.id not in (audit.check.by_id, audit.check.second_by_id)


def close(claim: Claim, check: Check, *, at: dt.datetime) -> None:
    """A verifier decided: where a second look waited and they are another one, this was it."""
    audit = open_of(claim)
    if audit is None or check.outcome is Outcome.INCONCLUSIVE or check.by_id == audit.check.by_id:
        return
    audit.done_check_id, audit.done_at = check.id, at
    audit.agrees = check.outcome is audit.check.outcome
    ledger.append("second-look-taken", at=at, by=None, agrees=audit.agrees, body=claim.body_id)


def reopen(check: Check) -> None:
    """What was a second look is undone: it waits again."""
    for audit in db.session.scalars(select(Audit).where(Audit.done_check_id == check.id)):
        audit.done_check_id = audit.done_at = audit.agrees = None


def disagreements(*, most: int = 50) -> Sequence[Disagreement]:
    """Where the second look saw something else, the newest first."""
    query = (
        select(Audit, Check)
        .join(Check, Check.id == Audit.done_check_id)
        .where(Audit.agrees.is_(False))
        .options(joinedload(Audit.check), joinedload(Audit.claim).joinedload(Claim.practitioner))
        .order_by(Audit.done_at.desc())
        .limit(most)
    )
    return [Disagreement(audit, audit.check, second) for audit, second in db.session.execute(query)]
