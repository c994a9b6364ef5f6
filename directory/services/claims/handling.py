"""Who looks at which claim, and what verifiers and practitioners say to each other about it."""

import datetime as dt

from directory.db import db
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Account, Claim, ClaimMessage, Permission
from directory.services import indexing
from directory.services.claims import lookups
from directory.services.claims.findings import Conflict, Refused

NO_VERIFIER = N_("This account may not decide claims.")
LONGEST_MESSAGE = 4_000


def take(claim: Claim, *, by: Account, at: dt.datetime, revision: int | None = None) -> Claim:
    """Take a claim to look at it; the practitioner is told when it is the first time.

    Raises Conflict when somebody else has it or decided it meanwhile; Refused for one's own listing.
    """
    claim = lookups.for_decision(claim, by=by, revision=revision)
    if claim.taken_by_id == by.id:
        return claim
    if claim.taken_by_id is not None:
        raise Conflict(claim, lookups.last_check(claim))
    _give(claim, by, by=by, at=at)
    return claim


def assign(claim: Claim, to: Account, *, by: Account, at: dt.datetime, revision: int | None = None) -> Claim:
    """Give a claim to a verifier. Raises Conflict; Refused where either of the two keeps the listing."""
    claim = lookups.for_decision(claim, by=by, revision=revision)
    lookups.refuse_own(claim, to)
    if not to.active or not to.may(Permission.DECIDE_CLAIMS):
        raise Refused(NO_VERIFIER)
    _give(claim, to, by=by, at=at)
    return claim


def put_back(claim: Claim, *, by: Account, at: dt.datetime, revision: int | None = None) -> Claim:
    """Let somebody else take it. That somebody has begun to look stays."""
    claim = lookups.for_decision(claim, by=by, revision=revision)
    if claim.taken_by_id is not None:
        claim.taken_by_id = None
        claim.revision += 1
        lookups.note("claim-put-back", claim, by=by, at=at)
        db.session.flush()
    return claim


def _give(claim: Claim, to: Account, *, by: Account, at: dt.datetime) -> None:
    is_first = claim.taken_on is None
    claim.taken_on = claim.taken_on or clock.day_of(at)
    claim.taken_by_id = to.id
    claim.revision += 1
    lookups.note("claim-taken", claim, by=by, at=at)
    if is_first:
        lookups.tell("claim-taken", claim, cause=f"claim-taken:{lookups.mark(claim)}", at=at)
    db.session.flush()
    indexing.refresh([claim.practitioner_id])


def ask(claim: Claim, text: str, *, by: Account, at: dt.datetime, revision: int | None = None) -> ClaimMessage:
    """Ask the practitioner something. Until they answer the claim does not wait for a verifier."""
    claim = lookups.for_decision(claim, by=by, revision=revision)
    message = _say(claim, text, by=by, at=at, is_from_practitioner=False)
    claim.taken_on = claim.taken_on or clock.day_of(at)
    claim.asked_at, claim.answered_at = at, None
    claim.revision += 1
    lookups.note("claim-asked", claim, by=by, at=at)
    cause = f"claim-asked:{message.id}:{lookups.mark(claim)}"
    lookups.tell("claim-asked", claim, cause=cause, at=at, text=message.text)
    db.session.flush()
    indexing.refresh([claim.practitioner_id])
    return message


def answer(claim: Claim, text: str, *, by: Account, at: dt.datetime) -> ClaimMessage:
    """The practitioner says something, asked or not; the claim waits for a verifier again."""
    claim = lookups.lock(claim.id)
    message = _say(claim, text, by=by, at=at, is_from_practitioner=True)
    was_sent(claim, at=at)
    lookups.note("claim-answered", claim, by=by, at=at)
    return message


def was_sent(claim: Claim, *, at: dt.datetime) -> None:
    """The practitioner sent something for a verifier to see."""
    claim.asked_at, claim.answered_at = None, at
    claim.revision += 1
    db.session.flush()


def _say(claim: Claim, text: str, *, by: Account, at: dt.datetime, is_from_practitioner: bool) -> ClaimMessage:
    message = ClaimMessage(
        claim_id=claim.id,
        is_from_practitioner=is_from_practitioner,
        by_id=by.id,
        text=text.strip()[:LONGEST_MESSAGE],
        sent_at=at,
    )
    db.session.add(message)
    db.session.flush()
    return message
