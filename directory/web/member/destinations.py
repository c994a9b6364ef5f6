"""Where somebody is sent next: always a page of this site."""

import re

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from directory.models import Account, Role
from directory.services import listings, recommendations

NEXT = "next"
LONGEST = 1_000
# One slash, then no second one and nothing that a browser reads as one, or drops.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def safe(wanted: str | None) -> str | None:
    """`wanted`, if it is the path of a page of this site."""
    if not wanted or len(wanted) > LONGEST or not _PATH.fullmatch(wanted):
        return None
    path = wanted.partition("#")[0].partition("?")[0]
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint == "static" else wanted


def wanted() -> str:
    """Where this request says that somebody wants to go; empty when nowhere on this site."""
    return safe(request.values.get(NEXT)) or ""


def remember() -> None:
    """Keep where somebody wants to go until they come back with a link."""
    if wanted():
        session[NEXT] = wanted()


def remembered() -> str:
    kept = session.get(NEXT)
    return (safe(kept) or "") if isinstance(kept, str) else ""


def after_sign_in(account: Account, wished: str) -> str:
    """Where whoever has signed in goes."""
    return safe(wished) or safe(_home(account)) or url_for("member_accounts.show")


def _home(account: Account) -> str:
    """Where somebody begins: at the desk, at their listing, or at their notes when these are all they have."""
    if account.role is not Role.MEMBER:
        return "/admin"
    is_friend = listings.of_account(account) is None and recommendations.of_writer(account)
    return "/member/recommendations" if is_friend else "/member/listing"


def send(path: str) -> ResponseReturnValue:
    return redirect(path, 303)
