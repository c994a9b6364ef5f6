"""Statements of membership as a listing makes them. Nothing here says what they amount to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from directory.lib import clock
from directory.models import Check, Claim, Practitioner
from directory.models.claims import number_key
from directory.services import ledger


def said(claim: Claim) -> dict[str, Any]:
    """A claim as an answer, without its number."""
    until = claim.claimed_until.isoformat() if claim.claimed_until else None
    return {
        "body_id": claim.body_id,
        "body_name": claim.body_name,
        "grade": claim.grade,
        "claimed_until": until,
        "disciplines": list(claim.disciplines),
    }


def state(
    listing: Practitioner,
    answers: Sequence[Mapping[str, Any]],
    numbers: Sequence[str | None],
    *,
    at: dt.datetime,
) -> None:
    """Make the claims of a loaded listing those of `answers`.

    A claim that is stated again keeps its day and who looks at it. One that is no longer stated is taken back when
    somebody has looked at it; one that nobody has looked at goes.
    """
    before = list(listing.claims)
    for answer, number in zip(answers, numbers, strict=True):
        until = dt.date.fromisoformat(answer["claimed_until"]) if answer["claimed_until"] else None
        claim = _take_same(before, answer, number)
        is_said_anew = claim is None or claim.withdrawn_on is not None
        if claim is None:
            claim = Claim(
                body_id=answer["body_id"],
                body_name=answer["body_name"],
                number_key=number_key(number),
                disciplines=list(answer["disciplines"]),
                stated_on=clock.day_of(at),
                recorded_at=at,
            )
            listing.claims.append(claim)
        if is_said_anew:
            _note("claim-stated", listing, claim, at=at)
        claim.state(number, answer["grade"], until, answer["disciplines"], at=at)
    for claim in before:
        if claim.withdrawn_on is None:
            _note("claim-withdrawn", listing, claim, at=at)
        if not _was_looked_at(claim, listing.checks):
            listing.claims.remove(claim)
        elif claim.withdrawn_on is None:
            claim.take_back(clock.day_of(at))


def _note(kind: str, listing: Practitioner, claim: Claim, *, at: dt.datetime) -> None:
    ledger.append(kind, at=at, by=None, subject=f"practitioner:{listing.public_id}", body=claim.body_id)


def _was_looked_at(claim: Claim, checks: Sequence[Check]) -> bool:
    return claim.taken_on is not None or any(check.body_id == claim.body_id for check in checks)


def _take_same(claims: list[Claim], answer: Mapping[str, Any], number: str | None) -> Claim | None:
    """The claim of the same body and number, taken out of `claims`."""
    for claim in claims:
        if claim.is_of(answer["body_id"], answer["body_name"], number):
            claims.remove(claim)
            return claim
    return None
