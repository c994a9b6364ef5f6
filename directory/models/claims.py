"""Claims of accreditation, the checks made of them, and what the two amount to on a day.

The order of the statuses and their words are those of the product's table of statuses. Nothing here is stored as "the
status": it is worked out from claims, checks and a date whenever it is shown, so it cannot go stale.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.folding import plain
from directory.lib.words import N_, Message
from directory.models.base import Base, RowId, states
from directory.models.bodies import Body
from directory.models.practitioners import Practitioner

NOT_FOUND_GRACE = dt.timedelta(days=7)
ONE_DAY = dt.timedelta(days=1)
OPEN_END = dt.date(9999, 12, 31)


class Status(StrEnum):
    """What claims and checks amount to, in one of nine words."""

    SELF_REPORTED = "self-reported"
    BEING_CHECKED = "being-checked"
    CHECKED = "checked"
    CHECK_DUE = "check-due"
    NOT_CONFIRMED = "not-confirmed"
    ENDED = "ended"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"
    BODY_NOT_ASSESSED = "body-not-assessed"

    @property
    def label(self) -> str:
        """A few words for a filter or a key."""
        return _LABELS[self]

    @property
    def tone(self) -> str:
        """Which of the drawings of a seal goes with it."""
        return _TONES[self]


_LABELS = {
    Status.CHECKED: N_("Checked, in date"),
    Status.CHECK_DUE: N_("A check is due"),
    Status.BEING_CHECKED: N_("Being checked"),
    Status.SELF_REPORTED: N_("Said, not checked"),
    Status.NOT_CONFIRMED: N_("Not found on the register"),
    Status.ENDED: N_("Ended"),
    Status.RESTRICTED: N_("The body publishes a notice"),
    Status.WITHDRAWN: N_("Taken back"),
    Status.BODY_NOT_ASSESSED: N_("Body not assessed here"),
}

_TONES = {
    Status.CHECKED: "checked",
    Status.CHECK_DUE: "due",
    Status.BEING_CHECKED: "said",
    Status.SELF_REPORTED: "said",
    Status.NOT_CONFIRMED: "looked",
    Status.ENDED: "ended",
    Status.RESTRICTED: "notice",
    Status.WITHDRAWN: "said",
    Status.BODY_NOT_ASSESSED: "said",
}


class Outcome(StrEnum):
    """What somebody saw when they looked."""

    CONFIRMED = "confirmed"
    NOT_FOUND = "not-found"
    ENDED = "ended"
    RESTRICTED = "restricted"
    INCONCLUSIVE = "inconclusive"


class Method(StrEnum):
    """How somebody looked."""

    PUBLIC_REGISTER = "public-register"
    REGISTER_FILE = "register-file"
    BODY_LETTER = "body-letter"
    DOCUMENT = "document"
    TELEPHONE = "telephone"

    @property
    def label(self) -> str:
        return {
            Method.PUBLIC_REGISTER: N_("We looked at the body’s public register."),
            Method.REGISTER_FILE: N_("We looked at a copy of the register that the body gave us."),
            Method.BODY_LETTER: N_("The body answered us in writing."),
            Method.DOCUMENT: N_("We saw a document from the practitioner."),
            Method.TELEPHONE: N_("We asked the body by telephone."),
        }[self]


def number_key(number: str | None) -> str:
    """A membership number as it is compared: without case, spaces or punctuation. Blank stays blank.

    Leading zeros count, as bodies write them.
    """
    return plain(number or "").replace(" ", "")


class Claim(Base):
    """A practitioner's statement that they are accredited by a body."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("body_id IS NOT NULL OR body_name IS NOT NULL", name="claim_names_a_body"),
        Index("ix_claim_body_id", "body_id", "practitioner_id"),
    )

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    body_id: Mapped[str | None] = mapped_column(ForeignKey("body.id"))
    body_name: Mapped[str | None] = mapped_column(comment="as typed, where the directory does not know the body")
    grade: Mapped[str | None]
    number: Mapped[str | None]
    number_key: Mapped[str] = mapped_column(default="")
    claimed_until: Mapped[dt.date | None]
    stated_on: Mapped[dt.date]
    taken_on: Mapped[dt.date | None] = mapped_column(comment="the day on which a verifier took it")
    withdrawn_on: Mapped[dt.date | None]
    recorded_at: Mapped[dt.datetime]

    practitioner: Mapped[Practitioner] = relationship(back_populates="claims", lazy="raise_on_sql")
    body: Mapped[Body | None] = relationship(lazy="raise_on_sql")


class Check(Base):
    """An append-only fact: somebody looked, on a day, in a way, and saw this.

    It belongs to a person, a body and a number, so that a claim typed anew inherits it.
    """

    # "check" is a word of SQL.
    __tablename__ = "claim_check"
    __table_args__ = (
        CheckConstraint("(outcome = 'ended') = (ended_on IS NOT NULL)", name="ended_has_a_day"),
        CheckConstraint(
            "(outcome = 'restricted') = (notice_url IS NOT NULL)",
            name="restricted_has_a_notice",
        ),
        Index("ix_claim_check_practitioner_id", "practitioner_id", "body_id"),
    )

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    body_id: Mapped[str] = mapped_column(ForeignKey("body.id"))
    number_key: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    method: Mapped[Method] = mapped_column(states(Method))
    outcome: Mapped[Outcome] = mapped_column(states(Outcome))
    seen_name: Mapped[str | None]
    seen_grade: Mapped[str | None]
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    notice_url: Mapped[str | None]
    due_on: Mapped[dt.date | None] = mapped_column(comment="the day by which somebody looks again")

    practitioner: Mapped[Practitioner] = relationship(back_populates="checks", lazy="raise_on_sql")

    @property
    def good_until(self) -> dt.date:
        return good_until(self.valid_to, self.due_on)


def good_until(valid_to: dt.date | None, due_on: dt.date | None) -> dt.date:
    """The last day on which a confirming check counts: the earlier of its validity and its re-check date."""
    return min(day for day in (valid_to, due_on, OPEN_END) if day is not None)


class Stated(Protocol):
    """What is asked of a claim to say what it amounts to: a whole row has it, and so has what a list reads of one."""

    @property
    def id(self) -> int: ...
    @property
    def body_id(self) -> str | None: ...
    @property
    def body_name(self) -> str | None: ...
    @property
    def number_key(self) -> str: ...
    @property
    def stated_on(self) -> dt.date: ...
    @property
    def taken_on(self) -> dt.date | None: ...
    @property
    def withdrawn_on(self) -> dt.date | None: ...


class Seen(Protocol):
    """The same of a check."""

    @property
    def id(self) -> int: ...
    @property
    def body_id(self) -> str: ...
    @property
    def number_key(self) -> str: ...
    @property
    def checked_on(self) -> dt.date: ...
    @property
    def recorded_at(self) -> dt.datetime: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def seen_grade(self) -> str | None: ...
    @property
    def valid_to(self) -> dt.date | None: ...
    @property
    def ended_on(self) -> dt.date | None: ...
    @property
    def notice_url(self) -> str | None: ...
    @property
    def good_until(self) -> dt.date: ...


@dataclass(frozen=True)
class Standing:
    """What a claim amounts to on a day: its status, and the check that it rests on, if any."""

    claim: Stated
    body: Body | None
    status: Status
    check: Seen | None
    checks: tuple[Seen, ...]

    @property
    def body_name(self) -> str:
        return self.body.name if self.body else (self.claim.body_name or "")

    @property
    def day(self) -> dt.date | None:
        """The day that its seal carries."""
        check, claim = self.check, self.claim
        match self.status:
            case Status.CHECKED | Status.CHECK_DUE | Status.NOT_CONFIRMED:
                return check.checked_on if check else None
            case Status.ENDED:
                return check.ended_on if check else None
            case Status.BEING_CHECKED:
                return claim.taken_on
            case _:
                return None

    def history(self, day: dt.date) -> list["Event"]:
        """What was recorded about the claim and is public on `day`, oldest first."""
        found = [Event(self.claim.stated_on, Status.SELF_REPORTED, N_("Said by the practitioner. Not checked."))]
        if self.claim.taken_on is not None:
            found.append(Event(self.claim.taken_on, Status.BEING_CHECKED, N_("We began to check.")))
        for check in self.checks:
            if public_from(check, self.checks) <= day:
                found.append(Event(check.checked_on, *_EVENTS[check.outcome]))
            if check.outcome is Outcome.CONFIRMED and self._fell_due(check):
                found.append(Event(check.good_until + ONE_DAY, Status.CHECK_DUE, N_("A new check fell due.")))
        if self.claim.withdrawn_on is not None:
            found.append(Event(self.claim.withdrawn_on, Status.WITHDRAWN, N_("Taken back by the practitioner.")))
        return sorted((event for event in found if event.day <= day), key=lambda event: event.day)

    def _fell_due(self, check: Seen) -> bool:
        """Whether nothing had come after a confirming check when it ceased to count."""
        if check.good_until >= OPEN_END:
            return False
        then = standing(self.claim, self.body, self.checks, check.good_until + ONE_DAY)
        return then.status is Status.CHECK_DUE and then.check is check

    @property
    def sentence(self) -> Message:
        """The sentence of the status. What stands between asterisks carries weight; days are dates, to be written
        in the reader's way."""
        claim, check = self.claim, self.check
        values: dict[str, object] = {"body": self.body or self.body_name}
        match self.status:
            case Status.CHECKED if check:
                values |= {
                    "day": check.checked_on,
                    "grade": check.seen_grade,
                    "until": check.valid_to,
                }
                text = _CHECKED[bool(check.seen_grade), bool(check.valid_to)]
            case Status.CHECK_DUE if check:
                values |= {"day": check.checked_on}
                text = N_("*Last checked on %(day)s;* a new check is due. It was on the register of %(body)s then.")
            case Status.NOT_CONFIRMED if check:
                values |= {"day": check.checked_on}
                text = N_(
                    "*Looked on %(day)s; not found* on the register of %(body)s. "
                    "This does not mean that the person is unqualified."
                )
            case Status.ENDED if check:
                values |= {"day": check.checked_on, "ended": check.ended_on}
                text = N_("The register of %(body)s showed on %(day)s that this membership had *ended on %(ended)s.*")
            case Status.RESTRICTED:
                text = N_("*A notice about this person* is published by %(body)s. Read it there.")
            case Status.BEING_CHECKED:
                values |= {"day": claim.taken_on}
                text = N_("Says they are a member of %(body)s. *We have been checking since %(day)s.*")
            case Status.WITHDRAWN:
                values |= {"day": claim.withdrawn_on}
                text = N_("*Taken back on %(day)s:* no longer says they are a member of %(body)s.")
            case Status.BODY_NOT_ASSESSED:
                text = N_("Says they are a member of %(body)s, *which this directory has not assessed.*")
            case _:
                text = N_("Says they are a member of %(body)s. *Not checked.*")
        return Message(text, values)


@dataclass(frozen=True)
class Event:
    """One thing that was recorded about a claim, in the form of its seal and in words."""

    day: dt.date
    status: Status
    text: str


_EVENTS = {
    Outcome.CONFIRMED: (Status.CHECKED, N_("Found on the register.")),
    Outcome.NOT_FOUND: (Status.NOT_CONFIRMED, N_("Looked; not found on the register.")),
    Outcome.ENDED: (Status.ENDED, N_("The register showed that this membership had ended.")),
    Outcome.RESTRICTED: (Status.RESTRICTED, N_("The body published a notice.")),
    Outcome.INCONCLUSIVE: (Status.BEING_CHECKED, N_("Looked; it could not be told.")),
}

_CHECKED = {
    (True, True): N_(
        "*Checked on %(day)s:* on the register of %(body)s as %(grade)s, shown there as valid to %(until)s."
    ),
    (True, False): N_("*Checked on %(day)s:* on the register of %(body)s as %(grade)s."),
    (False, True): N_("*Checked on %(day)s:* on the register of %(body)s, shown there as valid to %(until)s."),
    (False, False): N_("*Checked on %(day)s:* on the register of %(body)s."),
}


def checks_of(claim: Stated, checks: Iterable[Seen]) -> tuple[Seen, ...]:
    """The checks that count for `claim`, oldest first: of the same body and number, and every notice of the body.

    A notice is about the person, so another number does not shed it.
    """
    return tuple(
        sorted(
            (
                check
                for check in checks
                if check.body_id == claim.body_id
                and (check.number_key == claim.number_key or check.outcome is Outcome.RESTRICTED)
            ),
            key=_order,
        )
    )


def standing(claim: Stated, body: Body | None, checks: Iterable[Seen], day: dt.date) -> Standing:
    """What `claim` amounts to on `day`, from all the checks of the practitioner. Pure.

    The first of these that applies is the status: restricted; withdrawn; body-not-assessed; then by the latest
    conclusive check: ended, not-confirmed, checked until the earlier of its validity and its re-check date, check-due
    after it; without one: being-checked once a verifier has taken it, else self-reported.
    """
    known = checks_of(claim, checks)
    seen = [check for check in known if check.checked_on <= day]

    def found(status: Status, check: Seen | None = None) -> Standing:
        return Standing(claim, body, status, check, known)

    notice = _notice_in_force(seen)
    if notice is not None:
        return found(Status.RESTRICTED, notice)
    if claim.withdrawn_on is not None and claim.withdrawn_on <= day:
        return found(Status.WITHDRAWN)
    if body is None or not body.is_assessed:
        return found(Status.BODY_NOT_ASSESSED)
    latest = _latest_conclusive(seen, day)
    if latest is not None:
        if latest.outcome is Outcome.ENDED:
            return found(Status.ENDED, latest)
        if latest.outcome is Outcome.NOT_FOUND:
            return found(Status.NOT_CONFIRMED, latest)
        return found(Status.CHECKED if day <= latest.good_until else Status.CHECK_DUE, latest)
    if claim.taken_on is not None and claim.taken_on <= day:
        return found(Status.BEING_CHECKED)
    return found(Status.SELF_REPORTED)


def _notice_in_force(seen: Sequence[Seen]) -> Seen | None:
    """The latest notice, unless somebody looked later and confirmed the membership without one."""
    for check in reversed(seen):
        if check.outcome is Outcome.RESTRICTED:
            return check
        if check.outcome is Outcome.CONFIRMED:
            return None
    return None


def _latest_conclusive(seen: Sequence[Seen], day: dt.date) -> Seen | None:
    for check in reversed(seen):
        if check.outcome in {Outcome.CONFIRMED, Outcome.ENDED}:
            return check
        if check.outcome is Outcome.NOT_FOUND and public_from(check, seen) <= day:
            return check
    return None


def public_from(check: Seen, checks: Iterable[Seen]) -> dt.date:
    """The day from which the public sees `check`, one of `checks`.

    "Not found" is told to the practitioner seven days before, counted from the first of them since somebody last found
    the membership. Looking again within the seven days does not shorten them.
    """
    if check.outcome is not Outcome.NOT_FOUND:
        return check.checked_on
    first = check.checked_on
    same = [other for other in checks if (other.body_id, other.number_key) == (check.body_id, check.number_key)]
    for other in sorted((other for other in same if _order(other) <= _order(check)), key=_order, reverse=True):
        if other.outcome in {Outcome.CONFIRMED, Outcome.ENDED}:
            break
        if other.outcome is Outcome.NOT_FOUND:
            first = other.checked_on
    return max(check.checked_on, first + NOT_FOUND_GRACE)


def _order(check: Seen) -> tuple[dt.date, dt.datetime, int]:
    return check.checked_on, check.recorded_at, check.id or 0


@dataclass(frozen=True)
class Period:
    """A status from a day on, up to and not including another."""

    status: Status
    from_on: dt.date
    until_on: dt.date


def periods(claim: Stated, body: Body | None, checks: Iterable[Seen]) -> list[Period]:
    """Every status that `claim` has had and will have if nothing more is recorded, in order, without gaps.

    It is the standing of every day, written short, so that a search can ask for a day without any work at midnight.
    """
    known = checks_of(claim, checks)
    days = {claim.stated_on}
    days |= {day for day in (claim.taken_on, claim.withdrawn_on) if day is not None}
    for check in known:
        days |= {check.checked_on, public_from(check, known)}
        if check.good_until < OPEN_END:
            days.add(check.good_until + ONE_DAY)
    changes = sorted(day for day in days if day >= claim.stated_on)
    found: list[Period] = []
    for position, day in enumerate(changes):
        until = changes[position + 1] if position + 1 < len(changes) else OPEN_END
        status = standing(claim, body, known, day).status
        if found and found[-1].status is status:
            found[-1] = Period(status, found[-1].from_on, until)
        else:
            found.append(Period(status, day, until))
    return found
