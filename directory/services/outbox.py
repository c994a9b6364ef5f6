"""Mail goes out through rows that are kept together with their cause; a worker sends them.

What visitors write to practitioners, and where visitors can be reached, stands in such a row only sealed.
"""

import datetime as dt
from typing import Any

from sqlalchemy import delete, select, update

from directory.config import Settings
from directory.db import db, upsert
from directory.lib import tokens
from directory.models import Letter, LetterState
from directory.services import sealing

# Set on a session that queued mail, so that whoever listens for its commit wakes the worker.
QUEUED = "letters were queued"


def queue(
    kind: str,
    to: str,
    *,
    cause: str,
    at: dt.datetime,
    account_id: int | None = None,
    not_before: dt.datetime | None = None,
    **values: Any,
) -> Letter | None:
    """Queue a letter of `kind` (a folder of templates/email) to one address; None when `cause` has one already.

    `cause` names what happened, once: `listing-approved:7:3`. `values` fill the templates and must be plain JSON.
    `not_before`: until when it waits, so that it can be taken back.
    """
    return _add(kind, cause, at, not_before, to=to, account_id=account_id, values=values)


def queue_sealed(
    kind: str,
    to: str,
    *,
    cause: str,
    settings: Settings,
    at: dt.datetime,
    account_id: int | None = None,
    reply_to: str | None = None,
    not_before: dt.datetime | None = None,
    **values: Any,
) -> Letter | None:
    """The same of a letter whose words and addresses nobody reads here: sealed until it has gone, and then erased.

    `to` stands open only where it is that of an account, which needs to be found when it leaves. `reply_to`: where an
    answer goes, instead of nowhere.
    """
    said = {"to": to if account_id is None else None, "reply_to": reply_to, "values": values}
    sealed = sealing.seal(said, about=cause, settings=settings, at=at)
    shown = to if account_id is not None else ""
    return _add(kind, cause, at, not_before, to=shown, account_id=account_id, values={}, sealed=sealed)


def _add(kind: str, cause: str, at: dt.datetime, not_before: dt.datetime | None, **more: Any) -> Letter | None:
    row = {
        "kind": kind,
        "cause": cause,
        "message_id": tokens.message_id(),
        "state": LetterState.WAITING,
        "tries": 0,
        "queued_at": at,
        "next_at": not_before or at,
        **more,
    }
    added = db.session.execute(upsert(Letter).values(**row).on_conflict_do_nothing().returning(Letter.id)).scalar()
    if added is None:
        return None
    db.session.info[QUEUED] = True
    return db.session.scalars(select(Letter).where(Letter.id == added)).one()


def follow(account_id: int, to: str) -> None:
    """An account has another address: what others wrote to it, and has not left, goes there."""
    waits = (Letter.account_id == account_id, Letter.sealed.is_not(None), Letter.state == LetterState.WAITING)
    db.session.execute(update(Letter).where(*waits).values(to=to))


def take_back(cause: str) -> bool:
    """Take a letter out that waits still; whether it was there. One that is on its way, or has gone, stays."""
    query = delete(Letter).where(Letter.cause == cause, Letter.state == LetterState.WAITING, Letter.tries == 0)
    return db.session.execute(query.returning(Letter.id)).first() is not None
