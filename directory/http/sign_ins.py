"""Who is signed in: the account of this request, if any.

The cookie holds a random token and the state of forms; the row that the token names says the rest.
"""

import ipaddress

from flask import Flask, Request, Response, current_app, g, request, session
from sqlalchemy.exc import SQLAlchemyError

from directory.http import afterwards
from directory.lib import clock, devices
from directory.models import Account, SignIn
from directory.services import sign_ins

TOKEN = "sign_in"  # noqa: S105  the name of a key


def init_app(app: Flask) -> None:
    """Write down now and then that a session is in use: after the answer, where nobody waits for it."""
    app.jinja_env.globals["signed_in"] = current

    @app.after_request
    def _note(response: Response) -> Response:
        row: SignIn | None = g.get("sign_in")
        number = _due(row) if row is not None else None
        if number is not None:
            afterwards.do(response, lambda: sign_ins.seen(number, at=clock.now()), "session-not-noted")
        return response


def _due(row: SignIn) -> int | None:
    """The number of a session that is in use, if that was written down some time ago or never."""
    try:
        is_due = row.ended_at is None and clock.now() - row.seen_at >= sign_ins.SEEN_EVERY
    except SQLAlchemyError:
        # It is read anew where the request kept nothing; its account may have gone meanwhile, or the database.
        return None
    return row.id if is_due else None


def current() -> Account | None:
    """The account that is signed in, with its second factor shown where it has one."""
    row = current_row()
    return None if row is None or sign_ins.is_half_way(row) else row.account


def member() -> Account:
    """Who is signed in, where access has made sure of it."""
    account = current()
    if account is None:
        raise LookupError("a page for somebody who is signed in, without anybody")
    return account


def searcher() -> Account | None:
    """Who searches, on pages that are the same for everybody else: signed in with all that their role needs.

    A browser that brings no session is not asked for one: the page of a stranger stays one that can be kept.
    """
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return None
    account, row = current(), current_row()
    if account is None or row is None or (account.role.needs_second_factor and not row.had_second_factor):
        return None
    return account


def half_way() -> SignIn | None:
    """The session that still waits for the second factor, if any."""
    row = current_row()
    return row if row is not None and sign_ins.is_half_way(row) else None


def current_row() -> SignIn | None:
    """The session of this request, asked for once; perhaps half way."""
    if "sign_in" not in g:
        token = session.get(TOKEN)
        g.sign_in = sign_ins.of_token(token, at=clock.now()) if isinstance(token, str) else None
    row: SignIn | None = g.sign_in
    return row


def begin(account: Account, method: str, *, had_second_factor: bool) -> SignIn:
    """Sign somebody in: a new token, and nothing of whoever used the browser before."""
    end()
    token, row = sign_ins.begin(
        account,
        method=method,
        had_second_factor=had_second_factor,
        network=network_of(request),
        device=device_of(request),
        at=clock.now(),
    )
    session[TOKEN] = token
    g.sign_in = row
    return row


def end() -> None:
    """Sign out."""
    row = current_row()
    if row is not None:
        sign_ins.end(row, at=clock.now())
    session.clear()
    # The token of forms belongs to the session.
    g.pop("csrf_token", None)
    g.sign_in = None


def network_of(asked: Request) -> str:
    """Where a request comes from, no more exact than need be: 203.0.113.0/24 or 2001:db8:1234::/56."""
    return _within(asked, 24, 56)


def machine_of(asked: Request) -> str:
    """The same as exactly as a limit needs it, and to be kept nowhere: 203.0.113.7/32 or 2001:db8:1234:5::/64."""
    return _within(asked, 32, 64)


def _within(asked: Request, length: int, length_of_6: int) -> str:
    try:
        address = ipaddress.ip_address(asked.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network(f"{address}/{length if address.version == 4 else length_of_6}", strict=False))


def device_of(asked: Request) -> str:
    """What somebody uses, in two words: Firefox on Linux."""
    return devices.named(asked.headers.get("User-Agent", ""))
