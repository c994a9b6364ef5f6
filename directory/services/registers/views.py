"""What is held of the registers of bodies, now or as it was known at a moment."""

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, true

from directory.db import db
from directory.models import NotFound, Register, RegisterImport, RegisterRow, RegisterStep, Shown

FEW = 500


class Line(NamedTuple):
    """One version of a row of a register. `listed_until` None: it stands on the latest list that is held.

    `telephone`, `email` and `website` are keyed hashes, or None: see services/registers/contacts.
    """

    id: int
    key: int
    number: str | None
    number_key: str
    name: str
    name_key: str
    grade: str | None
    disciplines: list[str]
    other_disciplines: str | None
    town: str | None
    outward: str | None
    telephone: str | None
    email: str | None
    website: str | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    shown: Shown
    standing: str | None
    notice_url: str | None
    listed_from: dt.date
    listed_until: dt.date | None


_COLUMNS = [getattr(RegisterRow, name) for name in Line._fields]


@dataclass(frozen=True)
class Lists:
    """The dates of the lists of a body that are held, oldest first."""

    dates: tuple[dt.date, ...]

    @property
    def first(self) -> dt.date | None:
        return self.dates[0] if self.dates else None

    @property
    def latest(self) -> dt.date | None:
        return self.dates[-1] if self.dates else None

    def next_after(self, day: dt.date) -> dt.date | None:
        """The date of the first list that is later than `day`."""
        return next((date for date in self.dates if date > day), None)


def get(body_id: str) -> Register:
    """How the lists of a body are read. Raises NotFound where none was ever brought."""
    found = find_register(body_id)
    if found is None:
        raise NotFound(f"no register of {body_id}")
    return found


def find_register(body_id: str) -> Register | None:
    """The same, or None."""
    return db.session.get(Register, body_id)


def list_registers() -> Sequence[Register]:
    """Every register of which a list was ever brought."""
    return db.session.scalars(select(Register).order_by(Register.body_id)).all()


def latest_step(body_id: str, *, known_at: dt.datetime | None = None) -> RegisterStep | None:
    """The last change of what is held of a register, made by a moment if one is given."""
    query = select(RegisterStep).where(RegisterStep.body_id == body_id).order_by(RegisterStep.number.desc()).limit(1)
    if known_at is not None:
        query = query.where(RegisterStep.at <= known_at)
    return db.session.scalars(query).one_or_none()


def rows(body_id: str, *, known_at: dt.datetime | None = None) -> list[Line]:
    """Every version of every row of a register, those that are listed no more among them."""
    return _lines(_known(body_id, known_at))


def find(
    body_id: str,
    *,
    number_key: str | None = None,
    name_keys: Collection[str] = (),
    known_at: dt.datetime | None = None,
) -> list[Line]:
    """The versions of rows with this number (as models/claims.number_key writes it) or one of these names (as
    lib/folding.plain does), newest first. A blank number finds nothing."""
    either: list[ColumnElement[bool]] = []
    if number_key:
        either.append(RegisterRow.number_key == number_key)
    if name_keys:
        either.append(RegisterRow.name_key.in_(list(name_keys)[:FEW]))
    if not either:
        return []
    found = _lines(and_(_known(body_id, known_at), or_(*either)))
    return sorted(found, key=lambda line: (line.listed_until is None, line.listed_from, line.id), reverse=True)


def get_line(row_id: int) -> Line:
    """One version of a row by its number in the table, known now or not. Raises NotFound."""
    found = _lines(RegisterRow.id == row_id)
    if not found:
        raise NotFound(f"no register row {row_id}")
    return found[0]


def versions(body_id: str, row_key: int, *, known_at: dt.datetime | None = None) -> list[Line]:
    """Every version of one row, oldest first."""
    found = _lines(and_(_known(body_id, known_at), RegisterRow.key == row_key))
    return sorted(found, key=lambda line: line.listed_from)


def listed(body_id: str, row_key: int, on: dt.date, *, known_at: dt.datetime | None = None) -> Line | None:
    """The version of a row that was in force on a day, by the lists that are held."""
    for line in versions(body_id, row_key, known_at=known_at):
        if line.listed_from <= on and (line.listed_until is None or on < line.listed_until):
            return line
    return None


def lists(body_id: str, *, known_at: dt.datetime | None = None) -> Lists:
    """The dates of the lists that are held of a body."""
    query = (
        select(RegisterStep.import_id, RegisterStep.is_undo, RegisterImport.listed_on)
        .join(RegisterImport, RegisterImport.id == RegisterStep.import_id)
        .where(RegisterStep.body_id == body_id)
        .order_by(RegisterStep.number)
    )
    if known_at is not None:
        query = query.where(RegisterStep.at <= known_at)
    held: dict[int, dt.date] = {}
    for import_id, is_undo, listed_on in db.session.execute(query):
        if is_undo:
            held.pop(import_id, None)
        else:
            held[import_id] = listed_on
    return Lists(tuple(sorted(set(held.values()))))


def view_hash(body_id: str, *, known_at: dt.datetime | None = None) -> str:
    """SHA-256 of all that is held of a register, whatever the order and the numbers of the rows."""
    query = select(RegisterRow.key, RegisterRow.digest, RegisterRow.listed_from, RegisterRow.listed_until)
    packed = sorted(
        b"%d %b %d %d" % (key, digest, since.toordinal(), until.toordinal() if until else 0)
        for key, digest, since, until in db.session.execute(query.where(_known(body_id, known_at)))
    )
    # Each part has a length of its own, so that no two views are written the same.
    return hashlib.sha256(b"".join(len(one).to_bytes(2, "big") + one for one in packed)).hexdigest()


def _known(body_id: str, known_at: dt.datetime | None) -> ColumnElement[bool]:
    """Rows as they are known now, or were at a moment."""
    of_body = RegisterRow.body_id == body_id
    if known_at is None:
        return and_(of_body, RegisterRow.until_step.is_(None))
    step = latest_step(body_id, known_at=known_at)
    if step is None:
        return and_(of_body, ~true())
    ended = or_(RegisterRow.until_step.is_(None), RegisterRow.until_step > step.id)
    return and_(of_body, RegisterRow.since_step <= step.id, ended)


def _lines(where: ColumnElement[bool]) -> list[Line]:
    found: Any = db.session.execute(select(*_COLUMNS).where(where))
    return [Line._make(row) for row in found]
