"""Writes the memberships that rows state, with the status of each by date."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table, insert, select

from directory.db import db
from directory.models import Body, Check, Claim, ClaimSpan
from directory.models.claims import number_key
from directory.models.standings import Period, periods
from directory.services.listing_imports.facts import ClaimSaid, Listing


class ClaimWriter:
    """Writes the claims of listings in the transaction of the caller."""

    def __init__(
        self, bodies: Mapping[str, Body], at: dt.datetime, on: dt.date, take_ids: Callable[[Any, int], Sequence[int]]
    ) -> None:
        self._bodies, self._at, self._on, self._take_ids = bodies, at, on, take_ids
        self._first_periods = lru_cache(maxsize=None)(self._periods_of_new)

    def write(self, listings: Sequence[tuple[int, Listing, bool]]) -> dict[int, list[Claim]]:
        """State the claims of listings, each with its row number and whether it is new; return the claims that are kept
        though they are no longer stated.

        A claim that is stated again keeps its day and who looks at it. One that somebody has looked at is taken back
        when the row no longer states it; one that nobody has looked at goes.
        """
        old = [id_ for id_, _, is_new in listings if not is_new]
        known, checks = _by_practitioner(Claim, old), _by_practitioner(Check, old)
        new: list[dict[str, Any]] = []
        kept: list[Claim] = []
        left: dict[int, list[Claim]] = {}
        for id_, listing, _ in listings:
            before = known.get(id_, [])
            for said in listing.claims:
                claim = _take_same(before, said)
                if claim is None:
                    new.append(self._row(id_, said))
                else:
                    claim.state(said.number, said.grade, said.until, claim.disciplines, at=self._at)
                    kept.append(claim)
            left[id_] = self._take_back(before, checks.get(id_, []))
            kept += left[id_]
        db.session.flush()
        for row, number in zip(new, self._take_ids(Claim, len(new)), strict=True):
            row["id"] = number
        insert_rows(Claim, new)
        insert_rows(ClaimSpan, [*self._spans_of_new(new, checks), *self._spans_of_kept(kept, checks)])
        return left

    def _row(self, practitioner_id: int, said: ClaimSaid) -> dict[str, Any]:
        return {
            "practitioner_id": practitioner_id,
            "body_id": said.body_id,
            "body_name": said.body_name,
            "grade": said.grade,
            "number": said.number,
            "number_key": number_key(said.number),
            "disciplines": [],
            "past": [],
            "revision": 1,
            "claimed_until": said.until,
            "stated_on": self._on,
            "taken_on": None,
            "withdrawn_on": None,
            "recorded_at": self._at,
        }

    def _take_back(self, claims: Sequence[Claim], checks: Sequence[Check]) -> list[Claim]:
        """End claims that a row no longer states; return those that stay as taken back."""
        left = []
        for claim in claims:
            if claim.taken_on is None and not any(check.body_id == claim.body_id for check in checks):
                db.session.delete(claim)
            else:
                if claim.withdrawn_on is None:
                    claim.take_back(self._on)
                left.append(claim)
        return left

    def _spans_of_new(
        self, rows: Sequence[dict[str, Any]], checks: Mapping[int, Sequence[Check]]
    ) -> list[dict[str, Any]]:
        spans = []
        for row in rows:
            known = checks.get(row["practitioner_id"])
            found = self._periods(row, known) if known else self._first_periods(row["body_id"])
            spans += [_span(row["id"], row["practitioner_id"], row["body_id"], period) for period in found]
        return spans

    def _periods_of_new(self, body_id: str | None) -> list[Period]:
        """What a claim stated today amounts to while nobody looks: it depends on the body alone."""
        return periods(Claim(body_id=body_id, stated_on=self._on, number_key=""), self._bodies.get(body_id or ""), ())

    def _periods(self, row: Mapping[str, Any], checks: Sequence[Check]) -> list[Period]:
        return periods(Claim(**row), self._bodies.get(row["body_id"] or ""), checks)

    def _spans_of_kept(self, claims: Sequence[Claim], checks: Mapping[int, Sequence[Check]]) -> list[dict[str, Any]]:
        return [
            _span(claim.id, claim.practitioner_id, claim.body_id, period)
            for claim in claims
            for period in periods(claim, self._bodies.get(claim.body_id or ""), checks.get(claim.practitioner_id, ()))
        ]


def insert_rows(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows at once, or none. All have the same columns.

    The driver is called directly: preparing every row anew costs SQLAlchemy more than SQLite needs to write it.
    """
    if not rows:
        return
    statement, processors = _prepared(model.__table__, frozenset(rows[0]), db.engine.dialect)
    values: list[Any] = [
        {name: row[name] if process is None else process(row[name]) for name, process in processors} for row in rows
    ]
    if db.engine.dialect.positional:
        values = [tuple(row.values()) for row in values]
    db.session.connection().exec_driver_sql(statement, values)


@lru_cache(maxsize=100)
def _prepared(table: Table, names: frozenset[str], dialect: Dialect) -> tuple[str, list[tuple[str, Any]]]:
    """The statement in the words of the driver, and for each column what turns a value into one of the driver's."""
    columns = [column for column in table.columns if column.key in names]
    statement = str(insert(table).compile(dialect=dialect, column_keys=[column.key for column in columns]))
    return statement, [(column.key, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in columns]


def _span(claim_id: int, practitioner_id: int, body_id: str | None, period: Period) -> dict[str, Any]:
    return {
        "claim_id": claim_id,
        "practitioner_id": practitioner_id,
        "body_id": body_id,
        "status": period.status,
        "from_on": period.from_on,
        "until_on": period.until_on,
    }


def _by_practitioner(model: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    if ids:
        for row in db.session.scalars(select(model).where(model.practitioner_id.in_(ids)).order_by(model.id)):
            found.setdefault(row.practitioner_id, []).append(row)
    return found


def _take_same(claims: list[Claim], said: ClaimSaid) -> Claim | None:
    """The claim of the same body and number, taken out of `claims`."""
    for claim in claims:
        if claim.is_of(said.body_id, said.body_name, said.number):
            claims.remove(claim)
            return claim
    return None
