"""The event log: what happened to accounts and listings, by whom, from which network. Only ever added to."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from directory.db import apart, db
from directory.models import Account, Event

PAGE = 50
# What somebody tried in vain, without being signed in.
FAILURES = ("password-wrong", "code-wrong")


def record(
    kind: str,
    *,
    at: dt.datetime,
    by: Account | None = None,
    account_id: int | None = None,
    practitioner_id: int | None = None,
    network: str | None = None,
    **details: Any,
) -> Event:
    """Write down that `kind` (a past participle with its noun: `listing-approved`) happened.

    `details` are plain values for the people concerned to read: no passwords, tokens or private text.
    """
    event = Event(
        kind=kind,
        at=at,
        account_id=account_id,
        practitioner_id=practitioner_id,
        actor_id=by.id if by else None,
        network=network,
        details=details,
    )
    db.session.add(event)
    return event


def record_failure(kind: str, *, at: dt.datetime, account_id: int | None, network: str | None) -> None:
    """Write down, in a transaction of its own, what somebody tried in vain: the request that tried it keeps nothing.

    Also without an account, so that it takes as long for an address that nobody has.
    """
    with apart() as own:
        own.add(Event(kind=kind, at=at, account_id=account_id, network=network, details={}))


def list_events(
    *,
    account_id: int | None = None,
    practitioner_id: int | None = None,
    kind: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: int | None = None,
    most: int = PAGE,
) -> Sequence[Event]:
    """The newest events first, older than the event of number `before`, not before `since` and before `until`.

    An account's own: done to it, or by it.
    """
    query = select(Event).order_by(Event.id.desc()).limit(most)
    if account_id is not None:
        query = query.where((Event.account_id == account_id) | (Event.actor_id == account_id))
    if practitioner_id is not None:
        query = query.where(Event.practitioner_id == practitioner_id)
    if kind is not None:
        query = query.where(Event.kind == kind)
    if since is not None:
        query = query.where(Event.at >= since)
    if until is not None:
        query = query.where(Event.at < until)
    if before is not None:
        query = query.where(Event.id < before)
    return db.session.scalars(query).all()
