"""What is erased of enquiries, and when: what nobody confirmed, what waited too long, and what shows who sent them."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Delete, Text, Update, cast, delete, literal, or_, select, update

from directory.db import db
from directory.models import (
    DeliveryState,
    Enquiry,
    EnquiryDelivery,
    Letter,
    LetterState,
    SpentForm,
)
from directory.services import letters
from directory.services.enquiries.sending import HOLD, LASTS

# How long a link shows what became of an enquiry; a practitioner can block its sender; and it counts.
LINK_SHOWS, CAN_BLOCK, COUNTS = (dt.timedelta(days=days) for days in (30, 90, 365))
# Longer than a letter is tried, so that whoever sends it gives it up first, and tells its sender. Where nothing takes
# mail, nothing sealed waits for longer than this.
WAITS = letters.KEPT_TRYING + HOLD
WAITED = "waited too long"


def tidy(*, at: dt.datetime) -> int:
    """Erase what is due, in the transaction of the caller; how much of it was sealed."""
    over = select(Enquiry.id).where(_is_over(at - LASTS))
    _do(delete(EnquiryDelivery).where(EnquiryDelivery.enquiry_id.in_(over), _never_left()))
    sealed = _do(delete(Enquiry).where(_is_over(at - LASTS)))
    sealed += _do(_give_up(or_(Letter.queued_at <= at - WAITS, _is_of_link() & (Letter.queued_at <= at - LASTS))))
    _do(delete(Enquiry).where(Enquiry.made_at <= at - LINK_SHOWS))
    _do(
        update(EnquiryDelivery)
        .where(EnquiryDelivery.made_at <= at - CAN_BLOCK, EnquiryDelivery.sender_key.is_not(None))
        .values(sender_key=None)
    )
    _do(delete(EnquiryDelivery).where(EnquiryDelivery.made_at <= at - COUNTS))
    _do(delete(SpentForm).where(SpentForm.expires_at <= at))
    if sealed:
        letters.note(letters.ERASED, at=at)
    return sealed


def forget_letters_of(practitioner_id: int, *, at: dt.datetime) -> None:
    """A listing goes: enquiries to it that have not left do not leave."""
    mine = select(literal("enquiry:") + cast(EnquiryDelivery.id, Text)).where(
        EnquiryDelivery.practitioner_id == practitioner_id
    )
    if _do(delete(Letter).where(Letter.cause.in_(mine), Letter.sealed.is_not(None))):
        letters.note(letters.ERASED, at=at)


def forget_what_waits(*, at: dt.datetime) -> None:
    """After a restore: what waited when the backup was made has left since, or was erased, and must not come back."""
    waiting = select(Enquiry.id).where(Enquiry.sealed.is_not(None))
    _do(delete(EnquiryDelivery).where(EnquiryDelivery.enquiry_id.in_(waiting), _never_left()))
    sealed = _do(delete(Enquiry).where(Enquiry.sealed.is_not(None)))
    sealed += _do(delete(Letter).where(Letter.sealed.is_not(None)))
    if sealed:
        letters.note(letters.ERASED, at=at)


def _is_over(before: dt.datetime) -> ColumnElement[bool]:
    return Enquiry.confirmed_at.is_(None) & (Enquiry.made_at <= before)


def _never_left() -> ColumnElement[bool]:
    return EnquiryDelivery.state.in_([DeliveryState.CHOSEN, DeliveryState.TAKEN_BACK])


def _is_of_link() -> ColumnElement[bool]:
    return Letter.kind == "enquiry-link"


def _give_up(which: ColumnElement[bool]) -> Update:
    return (
        update(Letter)
        .where(Letter.sealed.is_not(None), which)
        .values(state=LetterState.GIVEN_UP, sealed=None, claimed_until=None, problem=WAITED)
    )


def _do(statement: Delete | Update) -> int:
    done: CursorResult[Any] = db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[assignment]
    return done.rowcount
