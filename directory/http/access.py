"""Who may see a page. An endpoint that declares nothing is closed."""

import hmac
import ipaddress
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http import sign_ins
from directory.http.transaction import SAFE_METHODS
from directory.http.words import problem, wants_json
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Permission
from directory.services import agreements
from directory.services import sign_ins as sessions

# Pages to which somebody is sent on the way.
SIGN_IN = "member_signing_in.show"
SECOND_FACTOR = "member_signing_in.ask_second_factor"
SET_UP = "member_second_factors.index"
AGREE = "member_agreements.ask"
PROVE = "member_proving.ask"
# Where the answer to a form that came from somebody who is not signed in is kept: see web/member/resuming.
INTERRUPTED = "interrupted"

# A request with one of these came through a proxy: then it is not this machine that asks.
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """Whom an endpoint is for."""

    ANYONE = "anyone"
    OPERATOR = "operator"  # this machine, or the bearer of the token for metrics
    DEVELOPER = "developer"  # only where the site runs in development
    MEMBER = "member"  # whoever is signed in
    PERMITTED = "permitted"  # whoever is signed in and has the permission that the view names


def allows(access: Access) -> Callable[[View], View]:
    """Declare whom a view is for."""

    def declare(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declare


anyone = allows(Access.ANYONE)
operator = allows(Access.OPERATOR)
developer = allows(Access.DEVELOPER)
member = allows(Access.MEMBER)


def permitted(permission: Permission) -> Callable[[View], View]:
    """Declare that a view is for accounts with `permission`; roles that need a second factor must have shown it."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return allows(Access.PERMITTED)(view)

    return declare


def recently_proved(view: View) -> View:
    """Declare that a view is for those who proved within ten minutes who they are."""
    view.needs_proof = True  # type: ignore[attr-defined]
    return view


def on_the_way(view: View) -> View:
    """Declare that a view is needed to get in: before a needed second factor is set up, or a document agreed to."""
    view.is_on_the_way = True  # type: ignore[attr-defined]
    return view


def without_agreement(view: View) -> View:
    """Declare that a view asks for no agreement: to see what is kept, and to leave, nobody agrees to anything new."""
    view.needs_no_agreement = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, settings: Settings) -> None:
    """Check the access that each endpoint declares before it runs."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None

    @app.before_request
    def _check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such address, or not with this method: the error page says so
        declared = access_of(request.endpoint)
        if declared is Access.ANYONE:
            return None
        if declared in {Access.MEMBER, Access.PERMITTED}:
            return _check_account(current_app.view_functions[request.endpoint])
        if declared is Access.DEVELOPER:
            if not settings.is_development:
                abort(404)
        elif declared is not Access.OPERATOR or not (_is_this_machine() or _bears(token)):
            abort(403)
        return None


def _check_account(view: Callable[..., Any]) -> ResponseReturnValue | None:
    """What stands between this request and a page for somebody who is signed in; None when nothing does."""
    account, row = sign_ins.current(), sign_ins.current_row()
    if account is None or row is None:
        return _send_to(SECOND_FACTOR if row is not None else SIGN_IN, 401)
    if not getattr(view, "is_on_the_way", False):
        if account.role.needs_second_factor and not row.had_second_factor:
            return _send_to(SET_UP, 403)
        if not getattr(view, "needs_no_agreement", False) and agreements.outstanding(account):
            return _send_to(AGREE, 403)
    permission: Permission | None = getattr(view, "permission", None)
    if permission is not None and not account.may(permission):
        abort(403)
    if getattr(view, "needs_proof", False) and not sessions.has_proved(row, at=clock.now()):
        return _send_to(PROVE, 401)
    return None


def _send_to(endpoint: str, status: int) -> ResponseReturnValue:
    """Send a reader to another page first; keep what a writer typed; tell a program."""
    if wants_json():
        return problem(status, gettext(N_("Sign in first")), gettext(N_("This is for those who are signed in.")))
    if request.method not in SAFE_METHODS:
        interrupted: Callable[[str], ResponseReturnValue] | None = current_app.extensions.get(INTERRUPTED)
        if interrupted is None or endpoint == SET_UP:
            abort(403)
        return interrupted(endpoint)
    here = request.full_path if request.query_string else request.path
    return redirect(f"{url_for(endpoint)}?{urlencode({'next': here})}", 303)


def access_of(endpoint: str) -> Access | None:
    """The access that `endpoint` declares, if any."""
    if endpoint == "static":
        return Access.ANYONE
    view = current_app.view_functions[endpoint]
    return getattr(view, "access", None)


def _is_this_machine() -> bool:
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _bears(token: str | None) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return token is not None and scheme == "Bearer" and hmac.compare_digest(given.encode(), token.encode())
