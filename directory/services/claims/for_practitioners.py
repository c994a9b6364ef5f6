"""A claim as its practitioner sees it: what the public sees, what comes next, and what is missing."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.db import db
from directory.lib.words import N_, Message
from directory.models import (
    PUBLIC_STATES,
    Check,
    Claim,
    Kept,
    NotFound,
    Outcome,
    Standing,
    Status,
)
from directory.models.standings import live, public_from, standing
from directory.services.claims import lookups
from directory.services.claims.queues import place_of

ONE_LOOKS = N_("One of us is looking.")


@dataclass(frozen=True)
class Mine:
    """One statement: its standing in the eyes of the public, and one sentence on what comes next.

    `place`: how many claims are before it in the queue, and it; None where it does not wait. `untold`: a check that the
    public does not see yet. `missing`: what would help us to check it, marked for translation.
    """

    claim: Claim
    standing: Standing
    next: Message
    place: int | None
    untold: Check | None
    untold_from: dt.date | None
    missing: tuple[str, ...]
    is_public: bool

    @property
    def last(self) -> Check | None:
        """What was found last."""
        found = self.untold or self.standing.check
        return found if isinstance(found, Check) else None


def of_listing(practitioner_id: int, day: dt.date) -> list[Mine]:
    """Every statement of a listing, those that were taken back last."""
    query = select(Claim).where(Claim.practitioner_id == practitioner_id).order_by(Claim.id)
    claims = db.session.scalars(query.options(joinedload(Claim.practitioner), joinedload(Claim.body))).all()
    return sorted((of_claim(claim, day) for claim in claims), key=lambda one: one.claim.withdrawn_on is not None)


def get_own(kept: Kept, claim_id: int) -> Claim:
    """A claim of the listing that an account keeps. Raises NotFound for anybody else's, as if it were not there."""
    claim = lookups.get(claim_id)
    if claim.practitioner_id != kept.practitioner_id:
        raise NotFound(f"no claim {claim_id}")
    return claim


def of_claim(claim: Claim, day: dt.date) -> Mine:
    """The same of one claim that was loaded with its practitioner and body."""
    checks = lookups.checks_about(claim)
    found = standing(claim, claim.body, checks, day)
    untold = _untold(claim, found, day)
    untold_from = public_from(untold, live(checks)) if untold else None
    place = place_of(claim, day)
    return Mine(
        claim=claim,
        standing=found,
        next=_next(claim, found, place, untold_from),
        place=place,
        untold=untold,
        untold_from=untold_from,
        missing=_missing(claim, found, untold),
        is_public=claim.practitioner.state in PUBLIC_STATES,
    )


def _untold(claim: Claim, found: Standing, day: dt.date) -> Check | None:
    """The last check, where it is one that the public sees later."""
    last = next((one for one in reversed(found.checks) if one.outcome is not Outcome.INCONCLUSIVE), None)
    if not isinstance(last, Check) or last.outcome is not Outcome.NOT_FOUND:
        return None
    return last if public_from(last, found.checks) > day else None


def _missing(claim: Claim, found: Standing, untold: Check | None) -> tuple[str, ...]:
    if claim.withdrawn_on is not None or found.status in {Status.CHECKED, Status.BODY_NOT_ASSESSED, Status.RESTRICTED}:
        return ()
    missing = []
    if not claim.number_key:
        missing.append(N_("Your number at the body, if it gives one. Without it there is only your name to go by."))
    if untold is not None or found.status is Status.NOT_CONFIRMED:
        missing.append(
            N_(
                "The number and the name exactly as the register shows them. The number you can correct below; a name "
                "goes with the names of your listing."
            )
        )
    missing.append(
        N_(
            "Something that ties this listing to the person on the register: best is that the e-mail address of your "
            "account here is the one that the register shows."
        )
    )
    return tuple(missing)


def _next(claim: Claim, found: Standing, place: int | None, untold_from: dt.date | None) -> Message:
    """One sentence on what comes next."""
    if claim.withdrawn_on is not None and found.status is not Status.RESTRICTED:
        return Message(N_("You took this back. To state it again, add it to your memberships."))
    if claim.asked_at is not None and claim.answered_at is None:
        return Message(N_("We have asked you something, and go on when you have answered."))
    if untold_from is not None:
        text = N_(
            "We did not find you on the register. The public sees that from %(day)s, unless it turns out otherwise."
        )
        return Message(text, {"day": untold_from})
    if place is not None and claim.taken_by_id is not None:
        return Message(ONE_LOOKS)
    if place is not None:
        text = N_("It waits for one of us to look: number %(place)s in the queue.")
        return Message(text, {"place": place})
    until = found.check.good_until if found.check is not None else None
    match found.status:
        case Status.CHECKED:
            return Message(N_("We look again by %(day)s."), {"day": until})
        case Status.BODY_NOT_ASSESSED:
            return Message(N_("We cannot check it: the directory has not assessed this body."))
        case Status.RESTRICTED:
            return Message(N_("We look again within 30 days. If it is not about you, or has ended, tell us."))
        case Status.ENDED | Status.NOT_CONFIRMED:
            return Message(N_("If this is wrong, or has changed, tell us, and we look again."))
        case _:
            is_public = claim.practitioner.state in PUBLIC_STATES
            return Message(ONE_LOOKS if is_public else N_("It waits until your listing is public."))
