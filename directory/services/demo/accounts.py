"""Accounts of invented people. Nobody has their mailboxes: the name behind the @ is reserved for that (RFC 6761)."""

import datetime as dt

from sqlalchemy import delete

from directory.db import db
from directory.lib import tokens
from directory.models import Account, Role

DOMAIN = "demonstration.invalid"


def make(name: str, *, at: dt.datetime, active: bool) -> Account:
    """An account that was made and confirmed at that moment. `name` stands before the @."""
    return Account(
        email=f"{name}@{DOMAIN}",
        role=Role.MEMBER,
        active=active,
        fs_uniquifier=tokens.secret(),
        created_at=at,
        confirmed_at=at,
    )


def remove() -> None:
    """Take away all of them, and so whatever they wrote and keep."""
    db.session.execute(delete(Account).where(Account.email.endswith(f"@{DOMAIN}", autoescape=True)))
