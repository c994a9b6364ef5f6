"""Whether listings are still right: asked after 90 days, asked again after 150, hidden after 180 without an answer."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from directory.db import db
from directory.models import PUBLIC_STATES, Account, Kept, LinkKind, Origin, Practitioner
from directory.services import events, links, listings, outbox
from directory.services.listings import keeping

ASKED_AFTER, WARNED_AFTER, HIDDEN_AFTER = (dt.timedelta(days=days) for days in (90, 150, 180))
# However late the warning was: so long is there to answer it.
GRACE = HIDDEN_AFTER - WARNED_AFTER


def due(today: dt.date) -> Sequence[int]:
    """Public listings of which something may be due today, by row number."""
    query = (
        select(Kept.practitioner_id)
        .join(Practitioner, Practitioner.id == Kept.practitioner_id)
        .where(
            Practitioner.state.in_(PUBLIC_STATES),
            Practitioner.origin != Origin.DEMO,  # invented people answer no letters
            Practitioner.confirmed_on <= today - ASKED_AFTER,
            or_(
                Kept.asked_on.is_(None),
                Kept.warned_on.is_(None) & (Practitioner.confirmed_on <= today - WARNED_AFTER),
                (Kept.warned_on <= today - GRACE) & (Practitioner.confirmed_on <= today - HIDDEN_AFTER),
            ),
        )
        .order_by(Kept.practitioner_id)
    )
    return db.session.scalars(query).all()


def tend(practitioner_id: int, *, today: dt.date, at: dt.datetime) -> str | None:
    """Ask, warn or hide, whichever is due for one listing; the kind of the letter. Done twice it does nothing more."""
    kept = keeping.lock(practitioner_id)
    confirmed_on = kept.practitioner.confirmed_on
    if kept.practitioner.state not in PUBLIC_STATES or confirmed_on is None:
        return None
    silent = today - confirmed_on
    if silent >= HIDDEN_AFTER and kept.warned_on is not None and today - kept.warned_on >= GRACE:
        listings.hide(kept, by=None, at=at, for_silence=True)
        return _write("hidden-for-silence", kept, confirmed_on, at=at)
    if silent >= WARNED_AFTER and kept.warned_on is None:
        kept.warned_on = today
        kept.asked_on = kept.asked_on or today
        return _write("silence-warning", kept, confirmed_on, at=at, hidden_on=(today + GRACE).isoformat())
    if silent >= ASKED_AFTER and kept.asked_on is None:
        kept.asked_on = today
        return _write("still-right", kept, confirmed_on, at=at)
    return None


def _write(kind: str, kept: Kept, confirmed_on: dt.date, *, at: dt.datetime, **values: Any) -> str:
    account = kept.account
    token, _ = links.make(
        LinkKind.STILL_RIGHT, email=account.email, account_id=account.id, at=at, practitioner_id=kept.practitioner_id
    )
    outbox.queue(
        kind,
        account.email,
        cause=f"{kind}:{kept.practitioner_id}:{confirmed_on.isoformat()}",
        at=at,
        account_id=account.id,
        name=kept.practitioner.name,
        confirmed_on=confirmed_on.isoformat(),
        path=f"/still-right/{token}",
        **values,
    )
    events.record(f"{kind}-sent", at=at, account_id=account.id, practitioner_id=kept.practitioner_id)
    return kind


def look(token: str, *, at: dt.datetime) -> Kept:
    """The listing that a link asks about. Raises NotFound for one that was used or is too old."""
    return _of(links.look(LinkKind.STILL_RIGHT, token, at=at).details)


def confirm(token: str, *, at: dt.datetime) -> Kept:
    """Whoever got the link says that the listing is still right. Raises NotFound, and InvalidTransition."""
    kept = _of(links.use(LinkKind.STILL_RIGHT, token, at=at).details)
    account: Account = kept.account
    listings.confirm_still_right(kept, by=account, at=at)
    # Older letters ask what has been answered.
    links.end_all(account.id, at=at, kinds=(LinkKind.STILL_RIGHT,))
    return listings.get_kept(kept.practitioner_id)


def _of(details: dict[str, int]) -> Kept:
    return listings.get_kept(details["practitioner_id"])
