"""One claim at a time: looked up, locked for a decision, and who is told."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from directory.db import db, locked
from directory.lib.skeletons import skeletons
from directory.models import Account, Check, Claim, ClaimMessage, Evidence, Kept, NotFound, Outcome, Practitioner
from directory.models.claims import Seen
from directory.services import events, ledger, outbox
from directory.services.claims.findings import OWN, UNDO_WITHIN, Conflict, Refused

# A claim with what belongs to it.
WHOLE = select(Claim).options(joinedload(Claim.practitioner), joinedload(Claim.body))


def get(claim_id: int) -> Claim:
    """A claim with its practitioner and body. Raises NotFound."""
    return _one(WHOLE, claim_id)


def lock(claim_id: int) -> Claim:
    """The same, as it is now, and for nobody else to change before this transaction ends. Raises NotFound."""
    return _one(locked(WHOLE, of=Claim), claim_id)


def _one(query: Select[Claim], claim_id: int) -> Claim:
    found = db.session.scalars(query.where(Claim.id == claim_id)).one_or_none()
    if found is None:
        raise NotFound(f"no claim {claim_id}")
    return found


def for_decision(claim: Claim, *, by: Account, revision: int | None) -> Claim:
    """The claim, locked, for a verifier who saw it at `revision` (None: as it is in `claim`).

    Raises Conflict when it is another now, and Refused for a claim of the verifier's own listing.
    """
    seen = claim.revision if revision is None else revision
    claim = lock(claim.id)
    refuse_own(claim, by)
    if claim.revision != seen:
        raise Conflict(claim, last_check(claim))
    return claim


def refuse_own(claim: Claim, by: Account) -> None:
    """Nobody decides a claim of their own: of the listing that they keep, or of another in their name that states the
    same number. Raises Refused.
    """
    kept = keeper(claim.practitioner_id)
    if (kept is not None and kept.account_id == by.id) or _is_namesake(claim, by):
        raise Refused(OWN)


def _is_namesake(claim: Claim, by: Account) -> bool:
    """Whether the listing of `by` states this membership, too, under a name that looks the same: a second account is
    no second person."""
    if claim.body_id is None or not claim.number_key:
        return False
    names = (
        select(Practitioner.name)
        .join(Kept, Kept.practitioner_id == Practitioner.id)
        .join(Claim, Claim.practitioner_id == Practitioner.id)
        .where(Kept.account_id == by.id, Claim.body_id == claim.body_id, Claim.number_key == claim.number_key)
    )
    looks = set(skeletons(claim.practitioner.name))
    return any(not looks.isdisjoint(skeletons(name)) for name in db.session.scalars(names.distinct()))


def keeper(practitioner_id: int) -> Kept | None:
    """Who keeps the listing, with the account."""
    query = select(Kept).where(Kept.practitioner_id == practitioner_id).options(joinedload(Kept.account))
    return db.session.scalars(query).one_or_none()


def checks_about(claim: Claim) -> Sequence[Check]:
    """Every check of the practitioner at the body of a claim, whatever its number, also those that were undone, oldest
    first.
    """
    query = select(Check).where(Check.practitioner_id == claim.practitioner_id, Check.body_id == claim.body_id)
    return db.session.scalars(query.order_by(Check.checked_on, Check.id)).all()


def last_check(claim: Claim) -> Check | None:
    """What was recorded last about a claim, undone or not."""
    found = [one for one in checks_about(claim) if one.undoes_id is None and is_about(one, claim)]
    return max(found, key=lambda one: one.id, default=None)


def is_about(check: Check, claim: Claim) -> bool:
    """Whether a check is of this claim: of its body and number, or a notice of its body."""
    same = check.practitioner_id == claim.practitioner_id and check.body_id == claim.body_id
    return same and (check.number_key == claim.number_key or check.outcome is Outcome.RESTRICTED)


def messages(claim: Claim) -> Sequence[ClaimMessage]:
    """What was asked and answered, oldest first."""
    query = select(ClaimMessage).where(ClaimMessage.claim_id == claim.id).order_by(ClaimMessage.id)
    return db.session.scalars(query).all()


def evidence_of(claim: Claim) -> Sequence[Evidence]:
    """The files that were sent for a claim, oldest first; those that were erased, too."""
    return db.session.scalars(select(Evidence).where(Evidence.claim_id == claim.id).order_by(Evidence.id)).all()


def mark(row: Seen | Claim) -> str:
    """What no other row has or had. SQLite gives the number of one that is gone to another, and then a letter would
    seem to be written already."""
    return f"{row.id}:{row.recorded_at.timestamp():.0f}"


def cause_of(check: Check) -> str:
    """What names the letter about a check."""
    return f"check:{mark(check)}"


def subject(listing: Practitioner) -> str:
    """How the ledger names the practitioner."""
    return f"practitioner:{listing.public_id}"


def note(kind: str, claim: Claim, *, by: Account | None, at: dt.datetime, **facts: Any) -> None:
    """Write down in the events and in the ledger what was decided about a claim. `facts`: no personal data."""
    kept = keeper(claim.practitioner_id)
    known = {"body": claim.body_id, **{key: value for key, value in facts.items() if value is not None}}
    events.record(
        kind,
        at=at,
        by=by,
        account_id=kept.account_id if kept else None,
        practitioner_id=claim.practitioner_id,
        claim=claim.id,
        **known,
    )
    ledger.append(kind, at=at, by=by, subject=subject(claim.practitioner), **known)


def tell(
    kind: str, claim: Claim, *, cause: str, at: dt.datetime, not_before: dt.datetime | None = None, **values: Any
) -> None:
    """Write to the practitioner, if anybody keeps the listing. `values` must be plain JSON."""
    kept = keeper(claim.practitioner_id)
    if kept is None:
        return
    outbox.queue(
        kind,
        kept.account.email,
        cause=cause,
        at=at,
        account_id=kept.account_id,
        not_before=not_before,
        name=claim.practitioner.name,
        body=claim.body.name if claim.body else claim.body_name,
        article=bool(claim.body and claim.body.details.get("article")),
        path=f"/member/claims/{claim.id}",
        **values,
    )


def tell_found(kind: str, check: Check, claim: Claim, *, at: dt.datetime, public_on: dt.date | None = None) -> None:
    """Write to the practitioner what a check found, once it can no longer be undone at once."""
    days = {"checked_on": check.checked_on, "until": check.good_until, "ended_on": check.ended_on}
    if public_on is not None:
        days["public_on"] = public_on
    tell(
        kind,
        claim,
        cause=cause_of(check),
        at=at,
        not_before=at + UNDO_WITHIN,
        grade=check.seen_grade,
        **{key: day.isoformat() if day else None for key, day in days.items()},
    )


def tell_undone(check: Check, claim: Claim, *, at: dt.datetime) -> None:
    """Write that what the practitioner was told of a check does not hold."""
    tell("claim-undone", claim, cause=f"undone:{mark(check)}", at=at, outcome=check.outcome.value)
