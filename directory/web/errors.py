"""Error pages in the site's look; problem+json for a program."""

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from directory.http.logs import log
from directory.http.words import problem, wants_json
from directory.lib.words import N_
from directory.models import InvalidTransition, NotFound

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
        N_(
            "The address may be mistyped, or the practitioner may have taken their listing down."
        ),
    ),
    405: (
        N_("That cannot be done here"),
        N_("Go back and use the buttons on the page."),
    ),
    409: (
        N_("Somebody changed this meanwhile"),
        N_("Open the page again, look at what changed, and decide anew."),
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


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        answer = _answer(error.code or 500)
        retry = error.get_response().headers.get("Retry-After")
        if retry:
            return answer[0], answer[1], {**answer[2], "Retry-After": retry}
        return answer

    @app.errorhandler(CSRFError)
    def _csrf(error: CSRFError) -> ResponseReturnValue:
        return _answer(400)

    @app.errorhandler(NotFound)
    def _not_found(error: NotFound) -> ResponseReturnValue:
        return _answer(404)

    @app.errorhandler(InvalidTransition)
    def _invalid(error: InvalidTransition) -> ResponseReturnValue:
        return _answer(409)

    @app.errorhandler(OperationalError)
    def _database(error: DBAPIError) -> ResponseReturnValue:
        log.error("database", error=type(error.orig).__name__)
        # 40001: somebody else changed the same row first.
        return _answer(409 if getattr(error.orig, "sqlstate", None) == "40001" else 503)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> ResponseReturnValue:
        log.exception("unexpected", error=type(error).__name__)
        return _answer(InternalServerError.code or 500)


def _answer(status: int) -> tuple[str, int, dict[str, str]]:
    what, do = PAGES.get(status, PAGES[400] if status < 500 else PAGES[500])
    if wants_json():
        return problem(status, gettext(what), gettext(do))
    try:
        return (
            render_template("errors/error.html", status=status, what=what, do=do),
            status,
            {},
        )
    except Exception:  # the page about an error must not itself be one
        log.exception("error-page")
        return f"{what}. {do}", status, {"Content-Type": "text/plain; charset=utf-8"}
