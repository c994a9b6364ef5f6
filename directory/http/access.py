"""Who may see a page. An endpoint that declares nothing is closed."""

import hmac
import ipaddress
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from directory.config import Settings
from directory.models import Permission

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


def init_app(app: Flask, settings: Settings) -> None:
    """Check the access that each endpoint declares before it runs."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None

    @app.before_request
    def _check() -> None:
        if request.endpoint is None:
            return  # no such address, or not with this method: the error page says so
        declared = access_of(request.endpoint)
        if declared is Access.ANYONE:
            return
        if declared is Access.DEVELOPER:
            if not settings.is_development:
                abort(404)
        elif declared is not Access.OPERATOR or not (_is_this_machine() or _bears(token)):
            abort(403)


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
