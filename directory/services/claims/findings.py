"""What somebody saw when they looked, and what may be made of it."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from directory.lib import clock
from directory.lib.words import N_
from directory.models import Body, Check, Claim, InvalidTransition, Method, Outcome, Tie

USUAL_MONTHS = 12
NOTICE_AGAIN_AFTER = dt.timedelta(days=30)
UNDO_WITHIN = dt.timedelta(minutes=10)

OWN = N_("This claim is of your own listing: another verifier decides it.")
NO_TIE = N_(
    "Nothing ties this listing to the person on the register yet. Choose what does, or ask the practitioner or the "
    "body."
)
NOT_COVERED = N_(
    "The claim is for a kind of treatment that the register does not show for this person. Ask the practitioner, or "
    "choose another outcome."
)
UNKNOWN_BODY = N_("This directory has not assessed the body, so nothing of it can be checked.")
TAKEN_BACK = N_("The practitioner has taken this statement back.")
OVER = N_("The membership that you saw is over already. Choose “ended”.")
TO_COME = N_("The day on which you looked has not come yet.")
NO_NOTICE = N_("Give the address at which the body publishes the notice.")
NO_END = N_("Say on which day the membership ended.")
PROPOSED = N_("A notice is proposed and waits for a second person. Decide that first.")
TOO_LATE = N_("Ten minutes have passed: look again, and decide anew.")
NOT_YOURS = N_("Somebody else decided this: only they can undo it.")
UNDONE = N_("This was undone already.")
TWICE = N_("Your listing has a statement of this body and number already.")
TOO_MUCH = N_("So many files are here already. Take what matters most.")
NOT_SEEN = N_("This kind of treatment is not in the listing.")


class Refused(InvalidTransition):
    """Why not, in words for whoever tried: marked for translation."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Conflict(InvalidTransition):
    """Somebody else decided, asked or answered since the claim was shown. `claim` is as it is now, `check` the last."""

    def __init__(self, claim: Claim, check: Check | None) -> None:
        super().__init__("this claim is not as it was shown")
        self.claim = claim
        self.check = check


@dataclass(frozen=True)
class Finding:
    """What somebody saw: how, on which day, what ties it to the listing, and what the register shows.

    `disciplines` are ids of modalities; none: the register shows none, so it speaks of the membership as such.
    `due_on`: when to look again; else worked out, see `due_on`.
    """

    method: Method
    checked_on: dt.date
    tie: Tie | None = None
    name: str | None = None
    grade: str | None = None
    disciplines: tuple[str, ...] = ()
    town: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    ended_on: dt.date | None = None
    notice_url: str | None = None
    evidence_url: str | None = None
    note: str | None = None
    due_on: dt.date | None = None
    register_row_id: int | None = None
    register_import_id: int | None = None

    def as_details(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            key: value.isoformat() if isinstance(value, dt.date) else list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def of_details(cls, details: Mapping[str, Any]) -> "Finding":
        """What `as_details` wrote."""
        days = {key: dt.date.fromisoformat(value) for key, value in details.items() if key in _DAYS and value}
        return cls(
            **{
                **{key: value for key, value in details.items() if key in _FIELDS and key not in _DAYS},
                **days,
                "method": Method(details["method"]),
                "tie": Tie(details["tie"]) if details.get("tie") else None,
                "disciplines": tuple(details.get("disciplines") or ()),
            }
        )


_DAYS = ("checked_on", "valid_from", "valid_to", "ended_on", "due_on")
_FIELDS = frozenset(Finding.__dataclass_fields__)


def due_on(outcome: Outcome, finding: Finding, body: Body | None) -> dt.date | None:
    """When somebody looks again: what the verifier said, else after the body's term of renewal, or a year, and not
    after the membership is over; a notice within 30 days.
    """
    if outcome is Outcome.RESTRICTED:
        latest = finding.checked_on + NOTICE_AGAIN_AFTER
        return min(finding.due_on or latest, latest)
    if outcome is Outcome.CONFIRMED and finding.due_on is None:
        term = months_after(finding.checked_on, (body.renewal_months if body else None) or USUAL_MONTHS)
        return min(finding.valid_to or term, term)
    return finding.due_on


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last of it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def refuse_unsound(claim: Claim, outcome: Outcome, finding: Finding, *, at: dt.datetime) -> None:
    """Raise Refused where what was seen does not carry this outcome."""
    if claim.body_id is None or claim.body is None or not claim.body.is_assessed:
        raise Refused(UNKNOWN_BODY)
    if finding.checked_on > clock.day_of(at):
        raise Refused(TO_COME)
    if outcome is Outcome.CONFIRMED:
        if claim.withdrawn_on is not None:
            raise Refused(TAKEN_BACK)
        if finding.tie is None:
            raise Refused(NO_TIE)
        if finding.disciplines and not set(claim.disciplines) <= set(finding.disciplines):
            raise Refused(NOT_COVERED)
        if finding.valid_to is not None and finding.valid_to < finding.checked_on:
            raise Refused(OVER)
    if outcome is Outcome.ENDED and finding.ended_on is None:
        raise Refused(NO_END)
    if outcome is Outcome.RESTRICTED and not (finding.notice_url or "").startswith(("https://", "http://")):
        raise Refused(NO_NOTICE)
