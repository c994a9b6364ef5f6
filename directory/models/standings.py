"""What claims and checks amount to on a day: the status, its sentence and its history. Pure.

The order of the statuses and their words are those of the product's table of statuses. Nothing here is stored as "the
status": it is worked out from claims, checks and a date whenever it is shown, so it cannot go stale. There are two
clocks: the day that is asked about, and what was known by a moment.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard, TypeVar, cast

from directory.lib import clock
from directory.lib.words import N_, Message
from directory.models.bodies import Body
from directory.models.claims import OPEN_END, Outcome, Seen, Stated, Status
from directory.models.modalities import Kinds

NOT_FOUND_GRACE = dt.timedelta(days=7)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """What a claim amounts to on a day: its status, and the check that it rests on, if any. With `known_at`, as known
    then: `checks` are those that count for it."""

    claim: Stated
    body: Body | None
    status: Status
    check: Seen | None
    checks: tuple[Seen, ...]
    known_at: dt.datetime | None = None

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

    @property
    def since(self) -> dt.date | None:
        """The first day on which what was seen was seen, each time that somebody looked from then on."""
        if self.check is None:
            return None
        first = self.check
        for before in reversed([one for one in self.checks if _order(one) < _order(self.check)]):
            if before.outcome is Outcome.INCONCLUSIVE:
                continue
            if before.outcome is not self.check.outcome:
                break
            first = before
        return first.checked_on

    def history(self, day: dt.date) -> list["Event"]:
        """What was recorded about the claim and is public on `day`, oldest first."""
        found = [Event(self.claim.stated_on, Status.SELF_REPORTED, N_("Said by the practitioner. Not checked."))]
        if _has_come(self.claim.taken_on, day, self.known_at):
            found.append(Event(self.claim.taken_on, Status.BEING_CHECKED, N_("We began to check.")))
        for check in self.checks:
            if public_from(check, self.checks) <= day:
                found.append(Event(check.checked_on, *_EVENTS[check.outcome]))
            if check.outcome is Outcome.CONFIRMED and self._fell_due(check):
                found.append(Event(check.good_until + ONE_DAY, Status.CHECK_DUE, N_("A new check fell due.")))
        for back, again in said_again(self.claim, self.known_at):
            found.append(Event(back, Status.WITHDRAWN, N_("Taken back by the practitioner.")))
            found.append(Event(again, Status.SELF_REPORTED, N_("Said again by the practitioner.")))
        if _has_come(self.claim.withdrawn_on, day, self.known_at):
            found.append(Event(self.claim.withdrawn_on, Status.WITHDRAWN, N_("Taken back by the practitioner.")))
        return sorted((event for event in found if event.day <= day), key=lambda event: event.day)

    def was_inconclusive(self, day: dt.date) -> bool:
        """Whether somebody had looked by `day` and it could not be told. A "not found" that waits is not told so."""
        return any(check.outcome is Outcome.INCONCLUSIVE and check.checked_on <= day for check in self.checks)

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
                    "kinds": Kinds(tuple(check.seen_disciplines or ())),
                }
                text = _CHECKED[bool(check.seen_grade), bool(check.seen_disciplines), bool(check.valid_to)]
            case Status.CHECK_DUE if check:
                values |= {"day": check.checked_on, "kinds": Kinds(tuple(check.seen_disciplines or ()))}
                text = _CHECK_DUE[bool(check.seen_disciplines)]
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

# By whether the register showed a grade, kinds of treatment, and until when.
_CHECKED = {
    (True, True, True): N_(
        "*Checked on %(day)s:* on the register of %(body)s as %(grade)s, for %(kinds)s, "
        "shown there as valid to %(until)s."
    ),
    (True, True, False): N_("*Checked on %(day)s:* on the register of %(body)s as %(grade)s, for %(kinds)s."),
    (False, True, True): N_(
        "*Checked on %(day)s:* on the register of %(body)s for %(kinds)s, shown there as valid to %(until)s."
    ),
    (False, True, False): N_("*Checked on %(day)s:* on the register of %(body)s for %(kinds)s."),
    (True, False, True): N_(
        "*Checked on %(day)s:* on the register of %(body)s as %(grade)s, shown there as valid to %(until)s."
    ),
    (True, False, False): N_("*Checked on %(day)s:* on the register of %(body)s as %(grade)s."),
    (False, False, True): N_("*Checked on %(day)s:* on the register of %(body)s, shown there as valid to %(until)s."),
    (False, False, False): N_("*Checked on %(day)s:* on the register of %(body)s."),
}

_CHECK_DUE = {
    True: N_("*Last checked on %(day)s;* a new check is due. It was on the register of %(body)s for %(kinds)s then."),
    False: N_("*Last checked on %(day)s;* a new check is due. It was on the register of %(body)s then."),
}


CheckSeen = TypeVar("CheckSeen", bound=Seen)


def live(checks: Iterable[CheckSeen]) -> list[CheckSeen]:
    """Of all the checks of a listing at a body or more, those that were not taken back, in their order."""
    known = list(checks)
    undone = {check.undoes_id for check in known}
    # One that is not kept yet has no number.
    return [one for one in known if one.undoes_id is None and (one.id is None or one.id not in undone)]


def checks_of(claim: Stated, checks: Iterable[Seen]) -> tuple[Seen, ...]:
    """The checks that count for `claim`, oldest first: of the same body and number, and every notice of the body.

    A notice is about the person, so another number or another discipline does not shed it. A check of some disciplines
    says nothing of a claim to others. What was taken back does not count.
    """
    of_body = live(check for check in checks if check.body_id == claim.body_id)
    return tuple(
        sorted(
            (
                check
                for check in of_body
                if check.outcome is Outcome.RESTRICTED
                or (check.number_key == claim.number_key and speaks_of(check, claim.disciplines))
            ),
            key=_order,
        )
    )


def speaks_of(check: Seen, disciplines: Sequence[str]) -> bool:
    """Whether what was seen covers every one of these modalities; a register that shows none speaks of membership."""
    return not check.seen_disciplines or set(disciplines) <= set(check.seen_disciplines)


def standing(
    claim: Stated, body: Body | None, checks: Iterable[Seen], day: dt.date, *, known_at: dt.datetime | None = None
) -> Standing:
    """What `claim` amounts to on `day`, from all the checks of the practitioner; with `known_at`, as known then.

    `known_at` is a moment; which day it belongs to is told by its own zone.
    The first of these that applies is the status: restricted; withdrawn; body-not-assessed; then by the latest
    conclusive check: ended, not-confirmed, checked until the earlier of its validity and its re-check date, check-due
    after it; without one: being-checked once a verifier has taken it, else self-reported.
    """
    claim = as_said(claim, day, known_at)
    known = checks_of(claim, (check for check in checks if known_at is None or check.recorded_at <= known_at))
    seen = [check for check in known if check.checked_on <= day]

    def found(status: Status, check: Seen | None = None) -> Standing:
        return Standing(claim, body, status, check, known, known_at)

    notice = _notice_in_force(seen)
    if notice is not None:
        return found(Status.RESTRICTED, notice)
    if _has_come(claim.withdrawn_on, day, known_at):
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
    if _has_come(claim.taken_on, day, known_at):
        return found(Status.BEING_CHECKED)
    return found(Status.SELF_REPORTED)


@dataclass(frozen=True)
class Earlier:
    """A claim as it was said before it was changed."""

    claim: Stated
    number_key: str
    disciplines: list[str]
    withdrawn_on: dt.date | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.claim, name)


def as_said(claim: Stated, day: dt.date, known_at: dt.datetime | None) -> Stated:
    """The claim as it was said at `known_at`, and taken back, if it was on `day`, although it was said again later."""
    if not claim.past:
        return claim
    moments = [dt.datetime.fromisoformat(before["until"]) for before in claim.past]
    said: Mapping[str, Any] | None = None
    if known_at is not None:
        said = next((one for one, until in zip(claim.past, moments, strict=True) if until > known_at), None)
    number, disciplines = (said["number_key"], said["disciplines"]) if said else (claim.number_key, claim.disciplines)
    withdrawn_on = _day_of(said) if said else claim.withdrawn_on
    for before, until in zip(claim.past, moments, strict=True):
        if clock.day_of(until) > day:
            withdrawn_on = _day_of(before)
            break
        if before is said:
            break
    return cast("Stated", Earlier(claim, number, disciplines, withdrawn_on))


def said_again(claim: Stated, known_at: dt.datetime | None) -> list[tuple[dt.date, dt.date]]:
    """When the claim was taken back, and when it was said again, as far as was known."""
    untils = [(_day_of(before), dt.datetime.fromisoformat(before["until"])) for before in claim.past or ()]
    return [(back, clock.day_of(until)) for back, until in untils if back and (known_at is None or until <= known_at)]


def _day_of(before: Mapping[str, Any]) -> dt.date | None:
    return dt.date.fromisoformat(before["withdrawn_on"]) if before["withdrawn_on"] else None


def _has_come(on: dt.date | None, day: dt.date, known_at: dt.datetime | None) -> TypeGuard[dt.date]:
    """Whether what happened to the claim `on` a day had happened by `day`, as far as was known."""
    return on is not None and on <= day and (known_at is None or on <= clock.day_of(known_at))


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
    days |= {day for pair in said_again(claim, None) for day in pair}
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


def against(
    checks: Iterable[CheckSeen], numbers: Mapping[str, Collection[str]]
) -> list[tuple[CheckSeen, frozenset[str]]]:
    """Of all the checks of one listing, those that speak against a membership and that nothing later has answered, each
    with the numbers under which it does.

    An end, and that nothing was found, stands under its own number. A notice is about the person: it stands under its
    own and under every number that they have claimed at that body (`numbers`, by body), but for one under which the
    membership was confirmed later. They follow the person: see services/claims/inheriting.
    """
    confirmed: dict[tuple[str, str], CheckSeen] = {}
    notices: dict[str, CheckSeen] = {}
    last: dict[tuple[str, str], CheckSeen] = {}
    for check in sorted(live(checks), key=_order):
        if check.outcome is Outcome.RESTRICTED:
            notices[check.body_id] = check
        elif check.outcome is not Outcome.INCONCLUSIVE:
            last[check.body_id, check.number_key] = check
            if check.outcome is Outcome.CONFIRMED:
                confirmed[check.body_id, check.number_key] = check
    found = [
        (one, frozenset({one.number_key})) for one in last.values() if one.outcome in {Outcome.ENDED, Outcome.NOT_FOUND}
    ]
    for body_id, notice in notices.items():
        under = {notice.number_key, *numbers.get(body_id, ())}
        later = {
            number for (body, number), one in confirmed.items() if body == body_id and _order(one) > _order(notice)
        }
        if under - later:
            found.append((notice, frozenset(under - later)))
    return found
