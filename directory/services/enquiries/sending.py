"""An enquiry from its form to its practitioners: sealed, confirmed by its sender, passed on as letters.

Its words and its sender's address never stand anywhere unsealed, and are erased at each step as soon as the next has
them (docs/decisions/0015).
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from flask_security.utils import get_hmac
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from directory.config import Settings
from directory.db import db
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
    TooMany,
)
from directory.services import letters, limits, outbox, sealing
from directory.services.enquiries.reaching import why_not_all
from directory.services.sign_ins import digest

# How long a sender has to confirm their address.
LASTS = dt.timedelta(days=1)
# How long an enquiry waits that came without a proof of work.
HOLD = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Said:
    """Who asks, and what: plain text. `summary` of their complaint, if they want it to go along."""

    name: str
    email: str
    message: str
    summary: str | None


def sender_key(email: str) -> str:
    """A keyed hash of a mailbox: says nothing to whoever has only the database."""
    key: str = get_hmac(f"enquiry-sender\n{mailbox(email)}").decode()
    return key


def begin(said: Said, to: Sequence[Practitioner], *, did_work: bool, settings: Settings, at: dt.datetime) -> Enquiry:
    """Seal an enquiry, and ask its sender by mail whether the address is theirs. Nothing leaves before."""
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
    )
    return enquiry


def of_token(token: str, *, at: dt.datetime, lock: bool = False) -> Enquiry:
    """The enquiry of a link, with its practitioners. Raises NotFound for one that nobody confirmed within a day."""
    query = (
        select(Enquiry)
        .where(Enquiry.token_hash == digest(token))
        .options(selectinload(Enquiry.deliveries).joinedload(EnquiryDelivery.practitioner))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(query.with_for_update(of=Enquiry) if lock else query).one_or_none()
    if found is None or (found.confirmed_at is None and at - found.made_at >= LASTS):
        raise NotFound("no such enquiry")
    return found


def confirm(token: str, *, settings: Settings, today: dt.date, at: dt.datetime) -> Enquiry:
    """Its sender has the address: pass the enquiry on to everybody who takes it. To confirm again changes nothing.

    Raises NotFound. Call it before anything is changed: limits are counted apart.
    """
    waiting = of_token(token, at=at)
    said = _opened(waiting, settings, at)
    if said is None:
        return waiting
    key, ids = sender_key(said.email), [one.practitioner_id for one in waiting.deliveries]
    blocked, away = _blocked(key, ids), why_not_all(ids, today)
    full = {id_ for id_ in ids if id_ not in blocked and id_ not in away and not _may_have_more(id_, at)}
    enquiry = of_token(token, at=at, lock=True)
    if enquiry.sealed is None:
        return enquiry
    accounts = _accounts(ids)
    for one in enquiry.deliveries:
        one.sender_key = key
        if one.practitioner_id in blocked:
            one.state, one.passed_on_at = DeliveryState.BLOCKED, at
        elif one.practitioner_id in away or one.practitioner_id not in accounts:
            one.state = DeliveryState.NOT_TAKEN
        elif one.practitioner_id in full:
            one.state = DeliveryState.TOO_MANY
        else:
            _pass_on(one, enquiry, said, accounts[one.practitioner_id], settings, at)
    enquiry.sealed, enquiry.confirmed_at = None, at
    letters.note(letters.ERASED, at=at)
    return enquiry


def _pass_on(
    one: EnquiryDelivery, enquiry: Enquiry, said: Said, account: Account, settings: Settings, at: dt.datetime
) -> None:
    one.state, one.passed_on_at = DeliveryState.PASSED_ON, at
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
        one.state, one.passed_on_at = DeliveryState.TAKEN_BACK, None
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


def _blocked(key: str, ids: Collection[int]) -> frozenset[int]:
    query = select(EnquiryBlock.practitioner_id).where(
        EnquiryBlock.sender_key == key, EnquiryBlock.practitioner_id.in_(ids)
    )
    return frozenset(db.session.scalars(query))


def _may_have_more(practitioner_id: int, at: dt.datetime) -> bool:
    try:
        limits.spend("enquiry-received", account=f"practitioner {practitioner_id}", at=at)
    except TooMany:
        return False
    return True


def _accounts(ids: Collection[int]) -> dict[int, Account]:
    """Who keeps these listings."""
    query = select(Kept).where(Kept.practitioner_id.in_(ids)).options(joinedload(Kept.account))
    return {kept.practitioner_id: kept.account for kept in db.session.scalars(query)}
