"""An enquiry from its form to its practitioners: sealed, confirmed by its sender, passed on as letters.

Its words and its sender's address never stand anywhere unsealed, and are erased at each step as soon as the next has
them (docs/decisions/0015).
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from flask_security.utils import get_hmac
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from directory.config import Settings
from directory.db import db, locked
from directory.lib import tokens
from directory.lib.mailboxes import mailbox
from directory.models import (
    Account,
    DeliveryState,
    Enquiry,
    EnquiryBlock,
    EnquiryDelivery,
    InvalidTransition,
    Kept,
    Letter,
    NotFound,
    Practitioner,
)
from directory.services import letters, mail_stops, outbox, sealing
from directory.services.enquiries.reaching import why_not_all
from directory.services.sign_ins import digest

# How long a sender has to confirm their address.
LASTS = dt.timedelta(days=1)
# How long an enquiry waits that came without a proof of work.
HOLD = dt.timedelta(minutes=30)
# How many one practitioner gets in any stretch of a day.
MOST_A_DAY, DAY = 20, dt.timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """Who asks, and what: plain text. `summary` of their complaint, if they want it to go along."""

    name: str
    email: str
    message: str
    summary: str | None


def sender_key(email: str, practitioner_id: int) -> str:
    """A keyed hash of a mailbox: says nothing to whoever has only the database, not even who wrote to two people."""
    key: str = get_hmac(f"enquiry-sender\n{practitioner_id}\n{mailbox(email)}").decode()
    return key


def begin(said: Said, to: Sequence[Practitioner], *, did_work: bool, settings: Settings, at: dt.datetime) -> None:
    """Seal an enquiry, and ask its sender by mail whether the address is theirs. Nothing leaves before.

    Nothing is kept where the owner of the mailbox wants no letters that others have us send: nobody could confirm it.
    """
    if mail_stops.is_stopped(said.email):
        return
    token = tokens.secret()
    hashed = digest(token)
    enquiry = Enquiry(
        token_hash=hashed,
        sealed=sealing.seal(asdict(said), about=_about(hashed), settings=settings, at=at),
        did_work=did_work,
        made_at=at,
    )
    enquiry.deliveries = [EnquiryDelivery(practitioner_id=one.id, state=DeliveryState.CHOSEN, made_at=at) for one in to]
    db.session.add(enquiry)
    db.session.flush()
    outbox.queue_sealed(
        "enquiry-link",
        said.email,
        cause=f"enquiry-link:{enquiry.id}",
        settings=settings,
        at=at,
        names=[one.name for one in to],
        path=f"/enquiries/{token}",
        stop_path=mail_stops.path_of(said.email),
    )


def of_token(token: str, *, at: dt.datetime, lock: bool = False) -> Enquiry:
    """The enquiry of a link, with its practitioners. Raises NotFound for one that nobody confirmed within a day."""
    query = (
        select(Enquiry)
        .where(Enquiry.token_hash == digest(token))
        .options(selectinload(Enquiry.deliveries).joinedload(EnquiryDelivery.practitioner))
    )
    found = db.session.scalars(locked(query, of=Enquiry) if lock else query).one_or_none()
    if found is None or (found.confirmed_at is None and at - found.made_at >= LASTS):
        raise NotFound("no such enquiry")
    return found


def confirm(token: str, *, settings: Settings, today: dt.date, at: dt.datetime) -> Enquiry:
    """Its sender has the address: pass the enquiry on to everybody who takes it. To confirm again changes nothing.

    Raises NotFound.
    """
    enquiry = of_token(token, at=at, lock=True)
    said = _opened(enquiry, settings, at)
    if said is None:
        return enquiry
    ids = [one.practitioner_id for one in enquiry.deliveries]
    away, full, blocked = why_not_all(ids, today), _full(ids, at), _blocked(said.email, ids)
    accounts = _accounts(ids)
    for one in enquiry.deliveries:
        id_ = one.practitioner_id
        # Whoever is blocked is told what anybody would be told, so that comes last.
        if id_ in away or id_ not in accounts:
            one.state = DeliveryState.NOT_TAKEN
        elif id_ in full:
            one.state = DeliveryState.TOO_MANY
        elif id_ in blocked:
            one.state, one.passed_on_at = DeliveryState.BLOCKED, at
        else:
            _pass_on(one, enquiry, said, accounts[id_], settings, at)
    enquiry.sealed, enquiry.confirmed_at = None, at
    letters.note(letters.ERASED, at=at)
    return enquiry


def _pass_on(
    one: EnquiryDelivery, enquiry: Enquiry, said: Said, account: Account, settings: Settings, at: dt.datetime
) -> None:
    one.state, one.passed_on_at = DeliveryState.PASSED_ON, at
    one.sender_key = sender_key(said.email, one.practitioner_id)
    outbox.queue_sealed(
        "enquiry",
        account.email,
        cause=cause_of(one.id),
        settings=settings,
        at=at,
        account_id=account.id,
        reply_to=said.email,
        not_before=None if enquiry.did_work else at + HOLD,
        practitioner=one.practitioner.name,
        path=f"/member/enquiries/{one.id}",
        **asdict(said),
    )


def cause_of(delivery_id: int) -> str:
    """What the letter of a delivery is called."""
    return f"enquiry:{delivery_id}"


def take_back(token: str, *, at: dt.datetime) -> Enquiry:
    """Its sender wants it back: erase what has not left yet.

    Raises NotFound, and InvalidTransition where all of it has left.
    """
    enquiry = of_token(token, at=at, lock=True)
    if enquiry.ended_at is not None:
        return enquiry
    if enquiry.confirmed_at is None:
        back = list(enquiry.deliveries)
    else:
        is_held = waits(enquiry, at=at)
        back = [one for one in enquiry.deliveries if one.state.was_passed_on and _comes_back(one, is_held)]
    if not back:
        raise InvalidTransition("it has left")
    for one in back:
        one.state, one.passed_on_at, one.sender_key = DeliveryState.TAKEN_BACK, None, None
    enquiry.sealed, enquiry.ended_at = None, at
    letters.note(letters.ERASED, at=at)
    return enquiry


def _comes_back(one: EnquiryDelivery, is_held: bool) -> bool:
    """Whether a delivery had not left. Of one that was kept away, its sender is told what they would be told."""
    return is_held if one.state is DeliveryState.BLOCKED else outbox.take_back(cause_of(one.id))


def waits(enquiry: Enquiry, *, at: dt.datetime) -> bool:
    """Whether a confirmed enquiry is held, so that it can still be taken back."""
    return (
        not enquiry.did_work
        and enquiry.ended_at is None
        and enquiry.confirmed_at is not None
        and at < enquiry.confirmed_at + HOLD
    )


def tell_undelivered(letter: Letter, settings: Settings, *, at: dt.datetime) -> None:
    """Tell the sender of an enquiry that its practitioner could not be reached, as long as anybody can open it."""
    if letter.kind != "enquiry" or letter.sealed is None:
        return
    try:
        opened = letters.opened(letter, settings, at=at)
    except letters.Unopened:
        return
    if opened.reply_to is not None:
        outbox.queue_sealed(
            "enquiry-undelivered",
            opened.reply_to,
            cause=f"enquiry-undelivered:{letter.id}",
            settings=settings,
            at=at,
            practitioner=opened.values["practitioner"],
        )


def _about(token_hash: str) -> str:
    return f"enquiry of {token_hash}"


def _opened(enquiry: Enquiry, settings: Settings, at: dt.datetime) -> Said | None:
    """What an enquiry says; None where it has been passed on or taken back. Raises NotFound where its key is gone."""
    if enquiry.sealed is None:
        return None
    said = sealing.unseal(enquiry.sealed, about=_about(enquiry.token_hash), settings=settings, at=at)
    if said is None:
        raise NotFound("nobody can open it any more")
    return Said(**said)


def _blocked(email: str, ids: Collection[int]) -> frozenset[int]:
    """Those of these practitioners who want nothing from the owner of this mailbox."""
    query = select(EnquiryBlock.practitioner_id).where(
        EnquiryBlock.practitioner_id.in_(ids), EnquiryBlock.sender_key.in_([sender_key(email, id_) for id_ in ids])
    )
    return frozenset(db.session.scalars(query))


def _full(ids: Collection[int], at: dt.datetime) -> frozenset[int]:
    """Those who have had as many within a day as anybody gets."""
    got = (
        select(EnquiryDelivery.practitioner_id)
        .where(
            EnquiryDelivery.practitioner_id.in_(ids),
            EnquiryDelivery.state == DeliveryState.PASSED_ON,
            EnquiryDelivery.passed_on_at > at - DAY,
        )
        .group_by(EnquiryDelivery.practitioner_id)
        .having(func.count() >= MOST_A_DAY)
    )
    return frozenset(db.session.scalars(got))


def _accounts(ids: Collection[int]) -> dict[int, Account]:
    """Who keeps these listings."""
    query = select(Kept).where(Kept.practitioner_id.in_(ids)).options(joinedload(Kept.account))
    return {kept.practitioner_id: kept.account for kept in db.session.scalars(query)}
