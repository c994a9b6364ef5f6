"""Error pages in the site's look; problem+json for a program."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, g, render_template
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from directory.http.logs import log
from directory.http.transaction import abandon, reconnect, try_anew, was_second
from directory.http.words import ngettext, problem, wants_json
from directory.lib.words import N_
from directory.models import InvalidTransition, NotFound, TooMany

EMPTY: Mapping[str, str] = MappingProxyType({})

# What happened, and what to do.
PAGES: dict[int, tuple[str, str]] = {
    400: (
        N_("We could not read that"),
        N_("Something in the address or the form is not text. Go back and try again."),
    ),
    403: (
        N_("This page is not for you"),
        N_("You may need to sign in, or ask whoever runs this site."),
    ),
    404: (
        N_("There is no such page"),
        N_("The address may be mistyped, or the practitioner may have taken their listing down."),
    ),
    405: (
        N_("That cannot be done here"),
        N_("Go back and use the buttons on the page."),
    ),
    409: (
        N_("Somebody changed this meanwhile"),
        N_("Open the page again, look at what changed, and decide anew."),
    ),
    410: (
        N_("This listing is not shown now"),
        N_("It was here, and it was taken down. We do not say why; it may come back. You can search for others."),
    ),
    413: (N_("That is too large"), N_("Send a smaller file, or a shorter text.")),
    414: (
        N_("That address is too long"),
        N_("Search with fewer words or fewer filters."),
    ),
    422: (
        N_("Something is missing or wrong"),
        N_("Go back: each mistake is named beside its field."),
    ),
    429: (N_("Too many requests"), N_("Wait a minute, then try again.")),
    500: (
        N_("Something went wrong on our side"),
        N_("It has been written down. Nothing that you sent was kept."),
    ),
    503: (
        N_("The directory cannot answer now"),
        N_("Try again in a minute. Nothing that you sent was lost or kept."),
    ),
}


UNDEFINED_TABLE = "42P01"
RETRY_SECONDS = "60"


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        kept = {name: value for name, value in error.get_response().headers.items() if name in {"Allow", "Retry-After"}}
        return _answer(error.code or 500, kept)

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> ResponseReturnValue:
        return _answer(400)

    @app.errorhandler(NotFound)
    def _not_found(_error: NotFound) -> ResponseReturnValue:
        return _answer(404)

    @app.errorhandler(InvalidTransition)
    def _invalid(_error: InvalidTransition) -> ResponseReturnValue:
        return _answer(409)

    @app.errorhandler(TooMany)
    def _too_many(error: TooMany) -> ResponseReturnValue:
        minutes = math.ceil(error.retry_after / 60)
        when = ngettext("Wait a minute, then try again.", "You can try again in %(num)s minutes.", minutes)
        return _answer(429, {"Retry-After": str(error.retry_after)}, when % {"num": minutes})

    @app.errorhandler(SQLAlchemyError)
    def _database(error: SQLAlchemyError) -> ResponseReturnValue:
        try_anew(error)
        status = _status_of(error)
        log.error("database", status=status, exc_info=error)
        abandon()
        if status == 503:
            reconnect()
        return _answer(status, {"Retry-After": RETRY_SECONDS} if status == 503 else {})

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> ResponseReturnValue:
        log.error("unexpected", exc_info=error)
        return _answer(500)


def _status_of(error: SQLAlchemyError) -> int:
    """409 where somebody else was first, 503 where the database cannot answer, 500 where we asked nonsense."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if isinstance(error, IntegrityError) or was_second(error):
        return 409
    cannot = isinstance(error, OperationalError | InterfaceError | PoolTimeout) or type(error) is DatabaseError
    return 503 if cannot or state == UNDEFINED_TABLE else 500


def _answer(
    status: int, headers: Mapping[str, str] = EMPTY, instead: str | None = None
) -> tuple[str, int, dict[str, str]]:
    what, do = PAGES.get(status, PAGES[400] if status < 500 else PAGES[500])
    do = instead or do
    abandon()
    if wants_json():
        text, status, said = problem(status, gettext(what), gettext(do))
        return text, status, {**said, **headers}
    if request_ctx.url_adapter is None:
        # Asked for under a foreign name, so no link can be made.
        return _plainly(what, do, status, headers)
    if status >= 500:
        # The page would ask the database, which may be what is wrong.
        g.setdefault("has_demo", False)
        g.setdefault("ledger_head", None)
    try:
        page = render_template("errors/error.html", status=status, what=what, do=do)
    except Exception as error:  # the page about an error must not itself be one
        log.error("error-page", exc_info=error)
        return _plainly(what, do, status, headers)
    return page, status, dict(headers)


def _plainly(what: str, do: str, status: int, headers: Mapping[str, str]) -> tuple[str, int, dict[str, str]]:
    text = f"{gettext(what)}. {gettext(do)}\n"
    return text, status, {**headers, "Content-Type": "text/plain; charset=utf-8"}
