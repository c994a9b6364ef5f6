"""Pages that a browser keeps and asks for again: "nothing has changed" is said before anything is worked out.

A page that is made of nothing but the database, the day, the settings, the program and its address has a tag of these.
The browser keeps the page and sends the tag each time (`no-cache`). If the tag is still right, the answer is 304: given
in front of the framework, and counted and logged as any other. It is not limited: to refuse it would cost more.
"""

import hashlib
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, request
from flask.globals import request_ctx
from flask.sessions import SessionMixin
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_etags
from werkzeug.sansio.utils import host_is_trusted

from directory.config import ROOT, Settings
from directory.db import db
from directory.http.assets import Assets
from directory.http.logs import Requests
from directory.lib import clock
from directory.services import changes, copies
from directory.services.changes import Version

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])

METHODS = frozenset({"GET", "HEAD"})
# Libraries that have a say in what a page looks like.
LIBRARIES = ("babel", "flask", "jinja2", "markupsafe", "segno", "werkzeug")
MANY, LONGEST = 4_096, 500
KEEP_AND_ASK = "no-cache"
FOR_ONE_PERSON = "private, no-cache"


def lasting(*also: str) -> Callable[[View], View]:
    """Declare that a view makes its page of nothing but the database, the day, the settings and the address.

    `also` names headers of the request on which the page depends, too.
    """

    def declare(view: View) -> View:
        view.lasting = also  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask, settings: Settings) -> None:
    """Answer revisits of lasting pages, and tag these. Call it when the application has its database."""
    with app.app_context():
        revisits = _Revisits(app, settings, db.engine)
    app.after_request(revisits.tag)
    inner = app.wsgi_app

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        headers = revisits.unchanged(environ) if "HTTP_IF_NONE_MATCH" in environ else None
        if headers is None:
            return inner(environ, start_response)
        start_response("304 NOT MODIFIED", headers)
        return []

    app.wsgi_app = answer  # type: ignore[method-assign]


class _Revisits:
    def __init__(self, app: Flask, settings: Settings, engine: Engine) -> None:
        self._app, self._settings, self._engine = app, settings, engine
        self._program = _program() + settings.model_dump_json()
        self._cookie = app.config["SESSION_COOKIE_NAME"] + "="
        self._requests: Requests = app.extensions["requests"]
        self._endpoint = lru_cache(MANY)(self._find_endpoint)
        self._is_trusted = lru_cache(MANY)(lambda host: host_is_trusted(host, app.config["TRUSTED_HOSTS"]))

    def unchanged(self, environ: "WSGIEnvironment") -> list[tuple[str, str]] | None:
        """The headers of "not modified", if that is the answer; None where the page must be made, or refused."""
        started = time.perf_counter()
        known = environ["HTTP_IF_NONE_MATCH"]
        # What is longer is refused, and would be kept here.
        if len(environ["PATH_INFO"]) + len(environ.get("HTTP_HOST", "")) > LONGEST:
            return None
        endpoint, also = self._endpoint(environ["PATH_INFO"])
        if (
            endpoint is None
            or known.strip() == "*"
            or environ["REQUEST_METHOD"] not in METHODS
            or not self._is_trusted(environ.get("HTTP_HOST", ""))
            or self._is_personal(environ)
        ):
            return None
        now = changes.glance(self._engine)
        etag = self._etag(environ, also, now) if now is not None else ""
        if not etag or (known != etag and not parse_etags(known).contains_weak(etag[3:-1])):
            return None
        headers = [("ETag", etag), ("Cache-Control", KEEP_AND_ASK), ("Vary", _varying(also))]
        self._requests.answered(endpoint, environ["REQUEST_METHOD"], 304, started)
        return headers

    def tag(self, response: Response) -> Response:
        """Tag an answer, if it is that of a lasting page."""
        view = self._app.view_functions.get(request.endpoint or "")
        also: tuple[str, ...] | None = getattr(view, "lasting", None)
        environ = request.environ
        if also:
            response.headers["Vary"] = ", ".join(also)
        if also is not None and response.status_code == 200 and request.method in METHODS and not self._app.debug:
            if self._is_personal(environ) or _uses_session():
                response.headers["Cache-Control"] = FOR_ONE_PERSON
            else:
                response.headers["ETag"] = self._etag(environ, also, copies.version())
                response.headers["Cache-Control"] = KEEP_AND_ASK
                if "HTTP_IF_NONE_MATCH" in environ:
                    response.make_conditional(environ)
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    def _etag(self, environ: "WSGIEnvironment", also: Iterable[str], now: Version) -> str:
        assets: Assets = self._app.extensions["assets"]
        made_of = (
            self._program,
            assets.digest,
            f"{now.number} {now.mark}",
            clock.today(self._settings.zone).isoformat(),
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            environ.get("SCRIPT_NAME", ""),
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            *(environ.get("HTTP_" + name.upper().replace("-", "_"), "") for name in also),
        )
        # Weak: the same page has the same tag, however it is compressed.
        return f'W/"{hashlib.blake2b(repr(made_of).encode(), digest_size=15).hexdigest()}"'

    def _is_personal(self, environ: "WSGIEnvironment") -> bool:
        """Whether somebody has a session here, so that the page may be for them alone."""
        return self._cookie in environ.get("HTTP_COOKIE", "")

    def _find_endpoint(self, path: str) -> tuple[str | None, tuple[str, ...]]:
        try:
            endpoint, _ = self._app.url_map.bind("").match(path.encode("latin-1").decode(), "GET")
        except (HTTPException, UnicodeDecodeError):
            return None, ()
        also: tuple[str, ...] | None = getattr(self._app.view_functions[endpoint], "lasting", None)
        return (None, ()) if also is None else (endpoint, also)


def _uses_session() -> bool:
    """Whether a view asked for the session, whose cookie is set after this. To ask for it here would count as that."""
    kept: SessionMixin | None = request_ctx._session
    return kept is not None and kept.accessed


def _varying(also: Iterable[str]) -> str:
    """As the page itself says it, of which the compression says its part."""
    return ", ".join((*also, "Accept-Encoding"))


@cache
def _program() -> str:
    """Changes when the program, its words, its templates or a library does."""
    digest = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        digest.update(version(library).encode())
    for folder in ("directory", "templates"):
        for path in sorted((ROOT / folder).rglob("*.*")):
            if "__pycache__" not in path.parts and path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()
