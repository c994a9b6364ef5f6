"""Sign-ins: sessions that live in rows, so that they can be listed and ended. See docs/decisions/0009."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from directory.db import db, mode
from directory.lib import tokens
from directory.models import Account, NotFound, Role, SignIn
from directory.services import events

# How long a session lasts when nobody uses it, and at most.
IDLE: dict[Role, dt.timedelta] = {
    Role.MEMBER: dt.timedelta(days=7),
    Role.VERIFIER: dt.timedelta(minutes=30),
    Role.ADMINISTRATOR: dt.timedelta(minutes=30),
}
ABSOLUTE: dict[Role, dt.timedelta] = {
    Role.MEMBER: dt.timedelta(days=30),
    Role.VERIFIER: dt.timedelta(hours=12),
    Role.ADMINISTRATOR: dt.timedelta(hours=12),
}
# How long somebody may take between the first and the second factor.
HALF_WAY = dt.timedelta(minutes=10)
# For how long after proving who one is sensitive things may be done.
PROOF_LASTS = dt.timedelta(minutes=10)
# How often it is written down that a session is in use.
SEEN_EVERY = dt.timedelta(minutes=5)


def digest(token: str) -> str:
    """What is kept of a token of 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    account: Account, *, method: str, had_second_factor: bool, network: str, device: str, at: dt.datetime
) -> tuple[str, SignIn]:
    """A new session: the token for its cookie, and its row. `method`: password, link, passkey or invitation."""
    token = tokens.secret()
    row = SignIn(
        token_hash=digest(token),
        account_id=account.id,
        account=account,
        method=method,
        had_second_factor=had_second_factor,
        created_at=at,
        seen_at=at,
        proved_at=at,
        network=network,
        device=device,
    )
    db.session.add(row)
    return token, row


def of_token(token: str, *, at: dt.datetime) -> SignIn | None:
    """The session that a cookie names, with its account, if it still counts."""
    row = db.session.scalars(
        select(SignIn).where(SignIn.token_hash == digest(token)).options(joinedload(SignIn.account))
    ).one_or_none()
    return row if row is not None and counts(row, at=at) else None


def counts(row: SignIn, *, at: dt.datetime) -> bool:
    """Whether a session is neither ended nor too old, and its account is active."""
    if row.ended_at is not None or not row.account.active:
        return False
    if is_half_way(row) and at - row.created_at > HALF_WAY:
        return False
    role = row.account.role
    return at - row.seen_at <= IDLE[role] and at - row.created_at <= ABSOLUTE[role]


def is_half_way(row: SignIn) -> bool:
    """Whether the account has a second factor that was not shown yet: then nobody is signed in."""
    return row.account.has_second_factor and not row.had_second_factor


def has_proved(row: SignIn, *, at: dt.datetime) -> bool:
    """Whether whoever sits there proved a moment ago who they are."""
    return at - row.proved_at <= PROOF_LASTS


def list_open(account: Account, *, at: dt.datetime) -> Sequence[SignIn]:
    """The sessions of an account that count, the one used last first."""
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.account))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [row for row in rows if counts(row, at=at) and not is_half_way(row)]


def is_new_device(account: Account, *, network: str, device: str, before: SignIn) -> bool:
    """Whether an account that has signed in before never did so with this device or from this network."""
    earlier = db.session.execute(
        select(SignIn.network, SignIn.device).where(SignIn.account_id == account.id, SignIn.id < before.id)
    ).all()
    return bool(earlier) and (network, device) not in {(row.network, row.device) for row in earlier}


def end(row: SignIn, *, at: dt.datetime) -> None:
    """End one session."""
    row.ended_at = row.ended_at or at


def end_one(account: Account, number: int, *, by: Account, network: str | None, at: dt.datetime) -> None:
    """End the session of that number, if it is the account's own. Raises NotFound."""
    row = db.session.get(SignIn, number)
    if row is None or row.account_id != account.id or row.ended_at is not None:
        raise NotFound
    row.ended_at = at
    events.record("session-ended", at=at, by=by, account_id=account.id, network=network, device=row.device)


def end_all(account: Account, *, at: dt.datetime, but: SignIn | None = None) -> int:
    """End every session of an account, except one; return how many."""
    statement = update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
    if but is not None:
        statement = statement.where(SignIn.id != but.id)
    ended = db.session.execute(statement.values(ended_at=at).returning(SignIn.id)).all()
    return len(ended)


def prove(row: SignIn, *, at: dt.datetime, second_factor: bool = False) -> None:
    """Write down that whoever sits there proved who they are."""
    row.proved_at = at
    row.had_second_factor = row.had_second_factor or second_factor


def seen(number: int, *, at: dt.datetime) -> None:
    """Write down that a session is in use, in a short transaction of its own."""
    with mode("writing"), db.sessionmaker() as own:
        own.execute(update(SignIn).where(SignIn.id == number, SignIn.seen_at < at).values(seen_at=at))
        own.commit()
