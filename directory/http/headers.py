"""Security headers on every answer."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, make_response

from directory.config import Environment, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: forms over HTTPS are refused without one.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), interest-cohort=()",
}
HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer of what `app` is by now: of pages, files and refusals alike."""
    always = [(name.lower(), (name, value)) for name, value in HEADERS.items()]
    strict = settings.environment is Environment.PRODUCTION
    inner = app.wsgi_app

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            given = {name.lower() for name, _ in headers}
            added = [header for name, header in always if name not in given]
            if strict and environ["wsgi.url_scheme"] == "https":
                added.append(("Strict-Transport-Security", HSTS))
            return start_response(status, [*headers, *added], exc_info)

        return inner(environ, start)

    app.wsgi_app = answer  # type: ignore[method-assign]


def unlisted(page: str, status: int = 200) -> Response:
    """An answer that no search engine keeps. That no cache does goes without saying: see http/revisits.py."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
