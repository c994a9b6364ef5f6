"""The table of statuses worked out a second time, from its words alone, by walking through days and not backwards.

It shares nothing with the program but the facts: rows of claims and checks as the database has them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

WEEK = dt.timedelta(days=7)
FOR_EVER = dt.date(9999, 12, 31)
ADVERSE = ("restricted", "ended", "not-found")


@dataclass(frozen=True)
class Fact:
    """A row of checks."""

    id: int
    practitioner_id: int
    body_id: str
    number_key: str
    checked_on: dt.date
    recorded_at: dt.datetime
    outcome: str
    tie: str | None
    by_id: int | None
    second_by_id: int | None
    seen: frozenset[str]
    last_day: dt.date
    undoes_id: int | None
    inherited_from_id: int | None
    register_import_id: int | None

    @property
    def place(self) -> tuple[dt.date, dt.datetime, int]:
        return self.checked_on, self.recorded_at, self.id


@dataclass(frozen=True)
class Said:
    """A row of claims; `is_assessed`: whether the directory knows the body."""

    id: int
    practitioner_id: int
    body_id: str | None
    number_key: str
    kinds: frozenset[str]
    stated_on: dt.date
    taken_on: dt.date | None
    withdrawn_on: dt.date | None
    keeper_id: int | None
    is_public: bool
    public_id: str
    recorded_at: dt.datetime

    @property
    def key(self) -> tuple[str, dt.datetime, int]:
        """What no other claim has, even after this one has gone."""
        return self.public_id, self.recorded_at, self.id

    @property
    def is_assessed(self) -> bool:
        return self.body_id is not None


def of(said: Said, facts: Iterable[Fact], day: dt.date) -> str:
    """The status of a claim on a day, by the table."""
    about = [one for one in standing_facts(facts) if one.checked_on <= day and belongs(one, said)]
    if is_restricted(about):
        return "restricted"
    if said.withdrawn_on is not None and said.withdrawn_on <= day:
        return "withdrawn"
    if not said.is_assessed:
        return "body-not-assessed"
    last = "being-checked" if said.taken_on is not None and said.taken_on <= day else "self-reported"
    # Since when nothing was found, as long as nobody has found anything again.
    missing_since = None
    for one in about:
        if one.outcome == "not-found":
            missing_since = missing_since or one.checked_on
        elif one.outcome in {"confirmed", "ended"}:
            missing_since = None
            last = "ended" if one.outcome == "ended" else "checked" if day <= one.last_day else "check-due"
    if missing_since is not None and day >= missing_since + WEEK:
        return "not-confirmed"
    return last


def standing_facts(facts: Iterable[Fact]) -> list[Fact]:
    """Those that were not undone, in the order of the days on which somebody looked."""
    known = list(facts)
    undone = {one.undoes_id for one in known}
    return sorted((one for one in known if one.undoes_id is None and one.id not in undone), key=lambda one: one.place)


def belongs(fact: Fact, said: Said) -> bool:
    """Checks belong to the person, the body and the number, and a notice to the person; none of one discipline says
    anything of another."""
    if (fact.practitioner_id, fact.body_id) != (said.practitioner_id, said.body_id):
        return False
    if fact.outcome == "restricted":
        return True
    return fact.number_key == said.number_key and (not fact.seen or said.kinds <= fact.seen)


def is_restricted(about: Sequence[Fact]) -> bool:
    """Whether there is a notice after which nobody confirmed the membership."""
    found = False
    for one in about:
        if one.outcome == "restricted":
            found = True
        elif one.outcome == "confirmed":
            found = False
    return found


def supports(said: Said, facts: Iterable[Fact], day: dt.date) -> Fact | None:
    """The check that makes a claim `checked`."""
    confirming = [
        one
        for one in standing_facts(facts)
        if one.outcome == "confirmed" and belongs(one, said) and one.checked_on <= day <= one.last_day
    ]
    return confirming[-1] if confirming else None


def read(connection: Connection) -> tuple[list[Said], list[Fact]]:
    """All claims and checks that there are, straight from the tables."""
    claims = connection.execute(
        text(
            "SELECT c.id, c.practitioner_id, c.body_id, c.number_key, c.disciplines, c.stated_on, c.taken_on,"
            " c.withdrawn_on, k.account_id, p.state, p.public_id,"
            " c.recorded_at FROM claim c JOIN practitioner p ON p.id = c.practitioner_id"
            " LEFT JOIN kept_listing k ON k.practitioner_id = p.id ORDER BY c.id"
        )
    )
    said = [
        Said(
            *row[:4],
            kinds(row[4]),
            *(day(one) for one in row[5:8]),
            row[8],
            row[9] in {"published", "changes-waiting"},
            row[10],
            moment(row[11]),
        )
        for row in claims
    ]
    checks = connection.execute(
        text(
            "SELECT id, practitioner_id, body_id, number_key, checked_on, recorded_at, outcome, tie, by_id,"
            " second_by_id, seen_disciplines, valid_to, due_on, undoes_id, inherited_from_id, register_import_id"
            " FROM claim_check ORDER BY id"
        )
    )
    facts = [
        Fact(
            *row[:4],
            day(row[4]) or FOR_EVER,
            moment(row[5]),
            *row[6:10],
            kinds(row[10]),
            min(day(row[11]) or FOR_EVER, day(row[12]) or FOR_EVER),
            *row[13:],
        )
        for row in checks
    ]
    return said, facts


def kinds(written: Any) -> frozenset[str]:
    """A list as one database gives it, and as the other does."""
    return frozenset(json.loads(written) if isinstance(written, str) else written)


def day(written: Any) -> Any:
    return dt.date.fromisoformat(written[:10]) if isinstance(written, str) else written


def moment(written: Any) -> dt.datetime:
    found = dt.datetime.fromisoformat(written) if isinstance(written, str) else written
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
