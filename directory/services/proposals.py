"""What needs a second person: one proposes, another agrees or refuses.

Where nobody else may decide when something is proposed, it ripens: after a day the proposer may do it alone. That it
waits is announced at once, in the events and in the ledger.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select

from directory.db import db, locked
from directory.models import (
    PERMISSIONS,
    Account,
    InvalidTransition,
    NotFound,
    Permission,
    Proposal,
    ProposalKind,
    ProposalOutcome,
)
from directory.services import events, ledger

RIPENS_AFTER = dt.timedelta(hours=24)

# Who may propose and agree.
NEEDS: Mapping[ProposalKind, Permission] = {
    ProposalKind.RESTRICTION: Permission.DECIDE_CLAIMS,
    ProposalKind.REGISTER_IMPORT: Permission.DECIDE_CLAIMS,
}


class NeedsSecond(InvalidTransition):
    """Whoever proposed it cannot agree to it: somebody else must, or it is not ripe yet."""


def propose(
    kind: ProposalKind,
    about_id: int,
    *,
    by: Account,
    at: dt.datetime,
    practitioner_id: int | None = None,
    subject: str | None = None,
    details: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Proposal:
    """Propose something about the claim or import `about_id`. `details` must be plain JSON; `facts` go to the ledger.

    Raises InvalidTransition while another proposal of this kind about the same thing waits.
    """
    if find_open(kind, about_id) is not None:
        raise InvalidTransition("this is proposed already")
    proposal = Proposal(
        kind=kind,
        about_id=about_id,
        practitioner_id=practitioner_id,
        details=dict(details or {}),
        by_id=by.id,
        made_at=at,
        ripe_at=at + RIPENS_AFTER if is_alone(kind, by) else None,
    )
    db.session.add(proposal)
    db.session.flush()
    ripe: dict[str, Any] = {"ripe_at": proposal.ripe_at.isoformat()} if proposal.ripe_at else {}
    events.record(f"{kind.value}-proposed", at=at, by=by, practitioner_id=practitioner_id, **ripe)
    ledger.append(f"{kind.value}-proposed", at=at, by=by, subject=subject, ripe_at=proposal.ripe_at, **facts)
    return proposal


def get(proposal_id: int) -> Proposal:
    """A proposal. Raises NotFound."""
    found = db.session.get(Proposal, proposal_id)
    if found is None:
        raise NotFound(f"no proposal {proposal_id}")
    return found


def find_open(kind: ProposalKind, about_id: int) -> Proposal | None:
    """The proposal of this kind that waits about a claim or import."""
    return db.session.scalars(
        select(Proposal).where(Proposal.kind == kind, Proposal.about_id == about_id, Proposal.outcome.is_(None))
    ).one_or_none()


def list_open(kind: ProposalKind | None = None) -> Sequence[Proposal]:
    """What waits for a second person, oldest first."""
    query = select(Proposal).where(Proposal.outcome.is_(None)).order_by(Proposal.id)
    return db.session.scalars(query if kind is None else query.where(Proposal.kind == kind)).all()


def is_alone(kind: ProposalKind, account: Account) -> bool:
    """Whether nobody else could agree to what this account proposes."""
    roles = [role for role, permissions in PERMISSIONS.items() if NEEDS[kind] in permissions]
    other = exists().where(Account.role.in_(roles), Account.active, Account.id != account.id)
    return not db.session.scalar(select(other))


def may_agree(proposal: Proposal, account: Account, at: dt.datetime) -> bool:
    """Whether this account could agree to a proposal now."""
    if proposal.outcome is not None or not account.may(NEEDS[proposal.kind]):
        return False
    if account.id != proposal.by_id:
        return True
    return ripe(proposal, at) and is_alone(proposal.kind, account)


def ripe(proposal: Proposal, at: dt.datetime) -> bool:
    """Whether it has waited long enough for its proposer to do it alone, where nobody else can."""
    return proposal.ripe_at is not None and proposal.ripe_at <= at


def agree(proposal: Proposal, *, by: Account, at: dt.datetime) -> Proposal:
    """Agree, as somebody else, or alone once it is ripe. Whoever calls this does what was proposed.

    Raises NeedsSecond, or InvalidTransition when it was decided meanwhile.
    """
    proposal = _locked(proposal)
    if not may_agree(proposal, by, at):
        raise NeedsSecond("somebody else must agree to this")
    return _decide(proposal, ProposalOutcome.AGREED, by=by, at=at)


def refuse(proposal: Proposal, *, by: Account, at: dt.datetime, subject: str | None = None) -> Proposal:
    """Refuse it; whoever proposed it may take it back so. Raises InvalidTransition when it was decided meanwhile."""
    proposal = _locked(proposal)
    if not by.may(NEEDS[proposal.kind]):
        raise NeedsSecond("this account may not decide it")
    events.record(f"{proposal.kind.value}-refused", at=at, by=by, practitioner_id=proposal.practitioner_id)
    ledger.append(f"{proposal.kind.value}-refused", at=at, by=by, subject=subject, proposal=proposal.id)
    return _decide(proposal, ProposalOutcome.REFUSED, by=by, at=at)


def _locked(proposal: Proposal) -> Proposal:
    found = db.session.scalars(locked(select(Proposal).where(Proposal.id == proposal.id))).one_or_none()
    if found is None:
        raise NotFound("this proposal has gone with its listing")
    if found.outcome is not None:
        raise InvalidTransition("this proposal is decided")
    return found


def _decide(proposal: Proposal, outcome: ProposalOutcome, *, by: Account, at: dt.datetime) -> Proposal:
    proposal.outcome, proposal.decided_by_id, proposal.decided_at = outcome, by.id, at
    db.session.flush()
    return proposal
