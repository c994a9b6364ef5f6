"""Claims that wait for a verifier, oldest first, and public figures about the work."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from directory.db import db
from directory.lib import clock
from directory.lib.words import N_
from directory.models import (
    PUBLIC_STATES,
    Audit,
    Check,
    Claim,
    ClaimSpan,
    Outcome,
    Practitioner,
    Proposal,
    ProposalKind,
    Status,
)
from directory.models.claims import OPEN_END, good_until
from directory.models.standings import NOT_FOUND_GRACE
from directory.services import copies

PAGE = 50
# Figures are of what was decided in so many days.
DAYS = 90


class Why(StrEnum):
    """Why a claim waits. It may wait for several reasons."""

    NEW = "new"
    DUE = "due"
    ANSWERED = "answered"
    NOTICE = "notice"
    REGISTER = "register"
    SECOND_LOOK = "second-look"
    SECOND_PERSON = "second-person"
    ASKED = "asked"

    @property
    def label(self) -> str:
        return {
            Why.NEW: N_("Not checked yet"),
            Why.DUE: N_("A new check is due"),
            Why.ANSWERED: N_("The practitioner answered"),
            Why.NOTICE: N_("Look at the notice again"),
            Why.REGISTER: N_("A new list says something else"),
            Why.SECOND_LOOK: N_("Second look"),
            Why.SECOND_PERSON: N_("Waits for a second person"),
            Why.ASKED: N_("Waits for the practitioner"),
        }[self]


@dataclass(frozen=True)
class Filters:
    """What of the queue to show. `why` None: all that a verifier can do something about now.

    `outcome`: that of the last check. `due_by`: also what falls due up to that day. `taken_by`: the account that has
    it; 0: nobody.
    """

    body_id: str | None = None
    outcome: Outcome | None = None
    due_by: dt.date | None = None
    taken_by: int | None = None
    why: Why | None = None
    page: int = 1


@dataclass(frozen=True)
class Waiting:
    """A claim in the queue, with its practitioner and body: why it is there, and since which day."""

    claim: Claim
    status: Status
    since: dt.date
    why: tuple[Why, ...]
    last: Outcome | None


@dataclass(frozen=True)
class Queue:
    """A page of the queue, and how many there are in all."""

    waiting: Sequence[Waiting]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Figures:
    """The work of the last 90 days, for everybody to read. `median_days` is None when nothing was decided."""

    median_days: float | None
    decided: int
    backlog: int
    oldest_on: dt.date | None
    outcomes: Mapping[Outcome, int]
    second_looks: int
    disagreements: int


# What a figure needs of a check: it may be of thousands.
_OF_A_WAIT = (
    Check.id, Check.practitioner_id, Check.body_id, Check.number_key, Check.checked_on, Check.outcome, Check.valid_to,
    Check.due_on,
)  # fmt: skip
_SECOND_LOOK = exists().where(Audit.claim_id == Claim.id, Audit.due_on.is_not(None), Audit.done_at.is_(None))
_PROPOSED = exists().where(
    Proposal.kind == ProposalKind.RESTRICTION, Proposal.about_id == Claim.id, Proposal.outcome.is_(None)
)


@cache
def _last(column: Any, outcome: Outcome | None = None) -> Any:
    """A column of the last check of a claim, of this outcome, that was not undone."""
    check, undoing = aliased(Check), aliased(Check)
    return (
        select(getattr(check, column.key))
        .where(
            *(() if outcome is None else (check.outcome == outcome,)),
            check.practitioner_id == Claim.practitioner_id,
            check.body_id == Claim.body_id,
            or_(check.number_key == Claim.number_key, check.outcome == Outcome.RESTRICTED),
            check.undoes_id.is_(None),
            ~exists().where(undoing.undoes_id == check.id),
        )
        .order_by(check.checked_on.desc(), check.id.desc())
        .limit(1)
        .correlate(Claim)
        .scalar_subquery()
    )


def _reasons(day: dt.date) -> dict[Why, ColumnElement[bool]]:
    return {
        Why.NEW: and_(ClaimSpan.status.in_((Status.SELF_REPORTED, Status.BEING_CHECKED)), ~_was_looked_for(day)),
        Why.DUE: ClaimSpan.status == Status.CHECK_DUE,
        Why.ANSWERED: Claim.answered_at.is_not(None),
        Why.NOTICE: and_(ClaimSpan.status == Status.RESTRICTED, _last(Check.due_on, Outcome.RESTRICTED) <= day),
        Why.REGISTER: _register_says_other(),
        Why.SECOND_LOOK: _SECOND_LOOK,
    }


def _was_looked_for(day: dt.date) -> ColumnElement[bool]:
    """Whether somebody looked and found nobody, which the public does not read yet: that is decided."""
    lately = select(Check.practitioner_id).where(
        Check.outcome == Outcome.NOT_FOUND, Check.checked_on > day - NOT_FOUND_GRACE
    )
    return and_(Claim.practitioner_id.in_(lately), _last(Check.outcome).is_not_distinct_from(Outcome.NOT_FOUND))


def _register_says_other() -> ColumnElement[bool]:
    """Whether the last that is known of a claim is what a list of its body left for a person to look at."""
    # Few have that, so those are looked for first.
    left = select(Check.practitioner_id).where(
        Check.register_import_id.is_not(None), Check.outcome == Outcome.INCONCLUSIVE
    )
    return and_(
        Claim.practitioner_id.in_(left),
        _last(Check.outcome) == Outcome.INCONCLUSIVE,
        _last(Check.register_import_id).is_not(None),
    )


def _since(day: dt.date) -> ColumnElement[dt.date]:
    """Since when a claim waits, as the database orders it: an answer by its day in UTC. _since_of says it exactly."""
    return case(
        (ClaimSpan.status.in_((Status.SELF_REPORTED, Status.BEING_CHECKED)), Claim.stated_on),
        (ClaimSpan.status == Status.CHECK_DUE, ClaimSpan.from_on),
        (Claim.answered_at.is_not(None), func.date(Claim.answered_at, type_=Date)),
        (ClaimSpan.status == Status.RESTRICTED, func.coalesce(_last(Check.due_on, Outcome.RESTRICTED), day)),
        (_register_says_other(), _last(Check.checked_on)),
        (and_(ClaimSpan.status == Status.CHECKED, ~_SECOND_LOOK), ClaimSpan.until_on),
        else_=ClaimSpan.from_on,
    )


def _chosen(filters: Filters, day: dt.date) -> list[ColumnElement[bool]]:
    reasons = _reasons(day)
    where = [
        Practitioner.state.in_(PUBLIC_STATES),
        ClaimSpan.from_on <= day,
        ClaimSpan.until_on > day,
        Claim.withdrawn_on.is_(None),
        ClaimSpan.status != Status.BODY_NOT_ASSESSED,
    ]
    is_asked = and_(Claim.asked_at.is_not(None), Claim.answered_at.is_(None))
    if filters.why is Why.ASKED:
        where.append(is_asked)
    elif filters.why is Why.SECOND_PERSON:
        where.append(_PROPOSED)
    elif filters.why is not None:
        where.append(reasons[filters.why])
    else:
        waits = or_(*reasons.values())
        if filters.due_by is not None:
            falls_due = and_(ClaimSpan.status == Status.CHECKED, ClaimSpan.until_on <= filters.due_by)
            waits = or_(waits, falls_due)
        where += [waits, ~is_asked, ~_PROPOSED]
    if filters.body_id is not None:
        where.append(Claim.body_id == filters.body_id)
    if filters.outcome is not None:
        where.append(_last(Check.outcome) == filters.outcome)
    if filters.taken_by is not None:
        where.append(Claim.taken_by_id.is_(None) if filters.taken_by == 0 else Claim.taken_by_id == filters.taken_by)
    return where


def _from(query: Any) -> Select[Any]:
    found: Select[Any] = query.join(ClaimSpan, ClaimSpan.claim_id == Claim.id)
    return found.join(Practitioner, Practitioner.id == Claim.practitioner_id)


def queue(filters: Filters, day: dt.date) -> Queue:
    """The claims that wait on `day`, oldest first."""
    where = _chosen(filters, day)
    total = how_many(filters, day)
    pages = max(1, -(-total // PAGE))
    page = min(max(filters.page, 1), pages)
    reasons = {**_reasons(day), Why.SECOND_PERSON: _PROPOSED}
    columns = [condition.label(f"is_{why.name.lower()}") for why, condition in reasons.items()]
    rows = db.session.execute(
        _from(select(Claim, ClaimSpan.status, _since(day), _last(Check.outcome), *columns))
        .where(*where)
        .options(joinedload(Claim.practitioner), joinedload(Claim.body))
        .order_by(_since(day), Claim.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    found = []
    for claim, status, since, last, *flags in rows:
        why = [one for one, is_so in zip(reasons, flags, strict=True) if is_so]
        if claim.asked_at is not None and claim.answered_at is None:
            why.append(Why.ASKED)
        found.append(Waiting(claim, status, _since_of(claim, status, since), tuple(why), last))
    return Queue(found, total, page, pages)


def _since_of(claim: Claim, status: Status, since: dt.date) -> dt.date:
    """The same where the site is, whatever day an answer came in UTC."""
    if claim.answered_at is None or status in {Status.SELF_REPORTED, Status.BEING_CHECKED, Status.CHECK_DUE}:
        return since
    return clock.day_of(claim.answered_at)


def how_many(filters: Filters, day: dt.date) -> int:
    """How many claims wait on `day`."""
    return db.session.scalar(_from(select(func.count(Claim.id))).where(*_chosen(filters, day))) or 0


def place_of(claim: Claim, day: dt.date) -> int | None:
    """How many claims wait before this one, and it: 1 is the next. None where it does not wait."""
    where = _chosen(Filters(), day)
    since = db.session.execute(_from(select(_since(day))).where(*where, Claim.id == claim.id)).scalar()
    if since is None:
        return None
    earlier = or_(_since(day) < since, and_(_since(day) == since, Claim.id <= claim.id))
    place: int | None = db.session.scalar(_from(select(func.count(Claim.id))).where(*where, earlier))
    return place


def median_days(*, at: dt.datetime) -> float | None:
    """The median of the days from when a claim came to wait to its decision, of the last 90 days of decisions; None
    where there were none."""
    waits, _outcomes = _decided_lately(at)
    return median(waits) if waits else None


def figures(day: dt.date, *, at: dt.datetime) -> Figures:
    """How the work stands on `day`: the median of the days from when a claim came to wait to its decision, what
    waits, and what was found, all of what people decided and nobody undid.
    """
    waits, outcomes = _decided_lately(at)
    waiting = _from(select(Claim, ClaimSpan.status, _since(day))).where(*_chosen(Filters(), day))
    oldest = db.session.execute(waiting.order_by(_since(day), Claim.id).limit(1)).first()
    looks = db.session.scalars(select(Audit.agrees).where(Audit.done_at > at - dt.timedelta(days=DAYS))).all()
    return Figures(
        median_days=median(waits) if waits else None,
        decided=outcomes.total(),
        backlog=how_many(Filters(), day),
        oldest_on=_since_of(*oldest) if oldest else None,
        outcomes=outcomes,
        second_looks=len(looks),
        disagreements=sum(agrees is False for agrees in looks),
    )


def _decided_lately(at: dt.datetime) -> tuple[list[int], Counter[Outcome]]:
    # To the hour, so that what was found is kept for so long.
    hour = at.replace(minute=0, second=0, microsecond=0)
    return _decided(hour - dt.timedelta(days=DAYS), hour + dt.timedelta(hours=1))


@copies.of_everything
def _decided(after: dt.datetime, until: dt.datetime) -> tuple[list[int], Counter[Outcome]]:
    """How many days each decision between two moments took, and what came out. With every check a listing changes."""
    undoing = aliased(Check)
    where = (
        Check.recorded_at > after,
        Check.recorded_at <= until,
        Check.by_id.is_not(None),
        Check.undoes_id.is_(None),
        Check.inherited_from_id.is_(None),
        Check.outcome != Outcome.INCONCLUSIVE,
        ~exists().where(undoing.undoes_id == Check.id),
    )
    checks = db.session.execute(select(*_OF_A_WAIT).where(*where).order_by(Check.id)).all()
    waits = _waits(checks, select(Check.practitioner_id).where(*where)) if checks else []
    return waits, Counter(check.outcome for check in checks)


def _waits(checks: Sequence[Any], practitioner_ids: Select[Any]) -> list[int]:
    """How many days each decision took, from when its claim was stated, or from when the check before it fell due.

    `checks` have the columns of _OF_A_WAIT.
    """
    stated: dict[tuple[int, str | None, str], dt.date] = {}
    claims = select(Claim.practitioner_id, Claim.body_id, Claim.number_key, Claim.stated_on)
    for id_, body_id, number, stated_on in db.session.execute(
        claims.where(Claim.practitioner_id.in_(practitioner_ids))
    ):
        stated[id_, body_id, number] = stated_on
    before: dict[tuple[int, str | None, str], list[Any]] = {}
    of_them = Check.practitioner_id.in_(practitioner_ids), Check.outcome != Outcome.INCONCLUSIVE
    for one in db.session.execute(select(*_OF_A_WAIT).where(*of_them).order_by(Check.id)):
        before.setdefault((one.practitioner_id, one.body_id, one.number_key), []).append(one)
    found = []
    for check in checks:
        name = check.practitioner_id, check.body_id, check.number_key
        earlier = [one for one in before.get(name, ()) if one.id < check.id]
        since = good_until(earlier[-1].valid_to, earlier[-1].due_on) if earlier else stated.get(name)
        if since is not None and since < OPEN_END:
            found.append(max(0, (check.checked_on - since).days))
    return found
