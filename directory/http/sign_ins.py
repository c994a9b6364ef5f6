"""Who is signed in: the account of this request, if any."""

from flask import g

from directory.models import Account


def current() -> Account | None:
    """The account that is signed in, once for a request."""
    account: Account | None = g.get("account")
    return account
