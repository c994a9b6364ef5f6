"""Which lists are held and of which day, what was brought, and what the columns of a file hold."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select

from directory.db import db, pause
from directory.models import Body, ImportState, Register, RegisterImport, RegisterRow
from directory.services import bodies, registers
from directory.services.register_imports import staging
from directory.services.registers import Lists

MANY = 100
_CELL = 60


@dataclass(frozen=True)
class Overview:
    """What is held of one body. `rows`: how many are listed now; `waiting`: imports that nobody has decided."""

    body: Body
    register: Register
    lists: Lists
    rows: int
    waiting: int

    def age(self, today: dt.date) -> int | None:
        """How many days ago the latest list was made."""
        return (today - self.lists.latest).days if self.lists.latest else None


def overview() -> list[Overview]:
    """Every body of which a list was ever brought, by name."""
    listed = RegisterRow.until_step.is_(None), RegisterRow.listed_until.is_(None)
    counts = dict(_counted(select(RegisterRow.body_id, func.count()).where(*listed).group_by(RegisterRow.body_id)))
    open_ = RegisterImport.state.in_([ImportState.STAGED, ImportState.WAITING])
    waiting = dict(_counted(select(RegisterImport.body_id, func.count()).where(open_).group_by(RegisterImport.body_id)))
    known = {register.body_id: register for register in registers.list_registers()}
    return [
        Overview(body, known[body.id], registers.lists(body.id), counts.get(body.id, 0), waiting.get(body.id, 0))
        for body in bodies.list_all()
        if body.id in known
    ]


def _counted(query: object) -> list[tuple[str, int]]:
    return [(name, count) for name, count in db.session.execute(query)]  # type: ignore[call-overload]


def imports(body_id: str | None = None) -> Sequence[RegisterImport]:
    """What was brought, newest first."""
    query = select(RegisterImport).order_by(RegisterImport.id.desc()).limit(MANY)
    return db.session.scalars(query if body_id is None else query.where(RegisterImport.body_id == body_id)).all()


def sample(import_: RegisterImport) -> list[tuple[str, list[str]]]:
    """The headings of a list that waits, each with what its first rows hold, for whoever says what they mean.

    Ends the transaction that is open. Raises staging.Refused.
    """
    content = staging.content_of(import_)
    pause()
    with staging.opened(content) as file:
        rows = list(islice(file.rows(), 3))
        return [
            (column, [row.cells[place].strip()[:_CELL] for row in rows if place < len(row.cells)])
            for place, column in enumerate(file.columns)
        ]
