"""What a practitioner sees of enquiries, and decides about them: counts, a pause, and from whom they want no more."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from directory.db import db, upsert
from directory.models import (
    Account,
    DeliveryState,
    EnquiryBlock,
    EnquiryDelivery,
    EnquiryPause,
    InvalidTransition,
    Kept,
    NotFound,
    WhyPaused,
)
from directory.services import events
from directory.services.enquiries.reaching import is_on

MONTH, YEAR = dt.timedelta(days=30), dt.timedelta(days=365)


@dataclass(frozen=True)
class Counts:
    """How many enquiries were passed on within 30 days and within a year, and how many of the year were kept away."""

    month: int
    year: int
    blocked: int


def counts(kept: Kept, *, at: dt.datetime) -> Counts:
    """How many enquiries came."""

    def number(state: DeliveryState, since: dt.timedelta) -> int:
        query = select(func.count()).where(
            EnquiryDelivery.practitioner_id == kept.practitioner_id,
            EnquiryDelivery.state == state,
            EnquiryDelivery.passed_on_at > at - since,
        )
        return db.session.scalar(query) or 0

    passed_on = DeliveryState.PASSED_ON
    return Counts(number(passed_on, MONTH), number(passed_on, YEAR), number(DeliveryState.BLOCKED, YEAR))


def pause_of(kept: Kept, today: dt.date) -> EnquiryPause | None:
    """The pause that lasts today, if any."""
    found = db.session.get(EnquiryPause, kept.practitioner_id)
    return found if found is not None and is_on(found, today) else None


def pause(kept: Kept, why: WhyPaused, until: dt.date | None, *, by: Account, at: dt.datetime) -> None:
    """Take no enquiries from now on, until that day if there is one. What was passed on still arrives."""
    row = {"practitioner_id": kept.practitioner_id, "why": why, "until": until, "made_at": at}
    change = {"why": why, "until": until, "made_at": at}
    db.session.execute(
        upsert(EnquiryPause).values(**row).on_conflict_do_update(index_elements=["practitioner_id"], set_=change)
    )
    _record("enquiries-paused", kept, by, at)


def resume(kept: Kept, *, by: Account, at: dt.datetime) -> None:
    """Take enquiries again."""
    found = db.session.get(EnquiryPause, kept.practitioner_id)
    if found is not None:
        db.session.delete(found)
        db.session.flush()
        _record("enquiries-resumed", kept, by, at)


def get_delivery(kept: Kept, delivery_id: int) -> EnquiryDelivery:
    """An enquiry that this practitioner got. Raises NotFound: anybody else's is not there."""
    found = db.session.get(EnquiryDelivery, delivery_id)
    if found is None or found.practitioner_id != kept.practitioner_id or found.state is not DeliveryState.PASSED_ON:
        raise NotFound(f"no enquiry {delivery_id}")
    return found


def is_blocked(delivery: EnquiryDelivery) -> bool:
    """Whether its sender is blocked."""
    query = select(EnquiryBlock.id).where(
        EnquiryBlock.practitioner_id == delivery.practitioner_id, EnquiryBlock.sender_key == delivery.sender_key
    )
    return db.session.scalar(query) is not None


def block(kept: Kept, delivery_id: int, *, by: Account, at: dt.datetime) -> None:
    """Take no more enquiries from whoever sent this one. They are not told.

    Raises NotFound, and InvalidTransition where it is so long ago that nothing is known of its sender any more.
    """
    delivery = get_delivery(kept, delivery_id)
    if delivery.sender_key is None:
        raise InvalidTransition("nothing is known of its sender any more")
    row = {"practitioner_id": kept.practitioner_id, "sender_key": delivery.sender_key, "made_at": at}
    added = db.session.scalar(upsert(EnquiryBlock).values(**row).on_conflict_do_nothing().returning(EnquiryBlock.id))
    if added is not None:
        _record("enquiry-sender-blocked", kept, by, at)


def blocks(kept: Kept) -> Sequence[EnquiryBlock]:
    """Those from whom they want no more, the newest first."""
    query = select(EnquiryBlock).where(EnquiryBlock.practitioner_id == kept.practitioner_id)
    return db.session.scalars(query.order_by(EnquiryBlock.made_at.desc(), EnquiryBlock.id.desc())).all()


def unblock(kept: Kept, block_id: int, *, by: Account, at: dt.datetime) -> None:
    """Take enquiries from them again. Raises NotFound."""
    found = db.session.get(EnquiryBlock, block_id)
    if found is None or found.practitioner_id != kept.practitioner_id:
        raise NotFound(f"no block {block_id}")
    db.session.delete(found)
    _record("enquiry-sender-unblocked", kept, by, at)


def _record(kind: str, kept: Kept, by: Account, at: dt.datetime) -> None:
    events.record(kind, at=at, by=by, account_id=kept.account_id, practitioner_id=kept.practitioner_id)
