"""One-time links: what somebody got by mail opens a page with a button, and the button works once."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update

from directory.db import db
from directory.lib import tokens
from directory.models import LinkKind, NotFound, OneTimeLink
from directory.services.sign_ins import digest

# How long a link of each kind works.
LASTS: Mapping[LinkKind, dt.timedelta] = MappingProxyType(
    {
        LinkKind.SIGN_IN: dt.timedelta(minutes=10),
        LinkKind.NEW_PASSWORD: dt.timedelta(minutes=10),
        LinkKind.SIGN_UP: dt.timedelta(hours=24),
        LinkKind.NEW_ADDRESS: dt.timedelta(hours=24),
        LinkKind.INVITATION: dt.timedelta(days=7),
        LinkKind.STILL_RIGHT: dt.timedelta(days=90),
    }
)


def make(
    kind: LinkKind, *, email: str, account_id: int | None = None, at: dt.datetime, **details: Any
) -> tuple[str, OneTimeLink]:
    """A new link: its token, which is kept nowhere, and its row."""
    token = tokens.secret()
    row = OneTimeLink(
        token_hash=digest(token),
        kind=kind,
        account_id=account_id,
        email=email,
        details=details,
        created_at=at,
        expires_at=at + LASTS[kind],
    )
    db.session.add(row)
    return token, row


def look(kind: LinkKind, token: str, *, at: dt.datetime) -> OneTimeLink:
    """The link, if it still works; it is not used up by this. Raises NotFound."""
    row = db.session.scalars(
        select(OneTimeLink).where(OneTimeLink.token_hash == digest(token), OneTimeLink.kind == kind)
    ).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= at:
        raise NotFound
    return row


def wished(row: OneTimeLink) -> str:
    """Where whoever asked for a link wanted to go; the letter may be read in another browser. Blank: nowhere."""
    return str(row.details.get("wished", ""))


def use(kind: LinkKind, token: str, *, at: dt.datetime) -> OneTimeLink:
    """Use a link up. Of several at once one gets it; the others get NotFound."""
    row = db.session.scalars(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == digest(token),
            OneTimeLink.kind == kind,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
        )
        .values(used_at=at)
        .returning(OneTimeLink)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


# A link in a letter that asks whether a listing is still right opens nothing else, so nobody is kept out by ending it.
SIGNS_IN = tuple(kind for kind in LinkKind if kind is not LinkKind.STILL_RIGHT)


def end_all(account_id: int, *, at: dt.datetime, kinds: tuple[LinkKind, ...] = SIGNS_IN) -> None:
    """Let no link of an account work any more by which somebody could come in or change how."""
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None), OneTimeLink.kind.in_(kinds))
        .values(used_at=at)
    )


def end_for_address(email: str, kind: LinkKind, *, at: dt.datetime) -> None:
    """Let no link of this kind work any more that went to an address, whether it has an account or not."""
    is_open = OneTimeLink.used_at.is_(None) & (OneTimeLink.kind == kind)
    db.session.execute(update(OneTimeLink).where(is_open, OneTimeLink.email == email).values(used_at=at))
