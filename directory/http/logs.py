"""Log lines as JSON, without personal data: no address of a visitor, no query, no text that anybody typed.

What an exception says may quote what was typed, so of an exception only its kind and its place are written.
"""

import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from directory.config import ROOT, Settings
from directory.lib import clock, tokens

log = structlog.get_logger("directory")

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"})
MAX_FRAMES = 12


class Requests:
    """Logs and counts every request that is answered."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answered = Counter(
            "directory_requests", "Requests answered", ["endpoint", "method", "status"], registry=registry
        )
        self._seconds = Histogram("directory_request_seconds", "Seconds to answer", ["endpoint"], registry=registry)
        # Looking a count up by its labels costs more than counting. There are as many as pages and states.
        self._counts: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def answered(self, endpoint: str, method: str, status: int, started: float) -> None:
        """Say that a request was answered which came at `started`, on the clock for measuring."""
        # Anybody can make up a method: its name is typed text, and would be a new count each time.
        method = method if method in METHODS else "other"
        key = (endpoint, method, status)
        counts = self._counts.get(key)
        if counts is None:
            counts = (self._answered.labels(endpoint, method, status), self._seconds.labels(endpoint))
            self._counts[key] = counts
        elapsed = time.perf_counter() - started
        counts[0].inc()
        counts[1].observe(elapsed)
        if log.is_enabled_for(logging.INFO):
            # As any other line of the log, but written here: nothing in it was typed, and it comes with every request.
            sys.stderr.write(
                f'{{"endpoint": "{endpoint}", "method": "{method}", "status": {status}, '
                f'"milliseconds": {elapsed * 1000:.1f}, "request_id": "{tokens.mark():016x}", "event": "request", '
                f'"level": "info", "timestamp": "{clock.now().replace(tzinfo=None).isoformat()}Z"}}\n'
            )


def init_app(app: Flask, settings: Settings, registry: CollectorRegistry) -> None:
    """Log and count every request."""
    configure(settings.log_level)
    app.extensions["requests"] = requests = Requests(registry)
    # What the framework would write quotes the address that was asked for.
    app.log_exception = lambda exc_info: log.error("unexpected", exc_info=exc_info)  # type: ignore[method-assign]

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        requests.answered(request.endpoint or "none", request.method, response.status_code, g.started)
        return response


def configure(level: str) -> None:
    """Write one line of JSON for each event to the standard error."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        # Looked up at each line: tests put another in its place.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the kind and the place of an exception where the exception was."""
    given = event.pop("exc_info", None)
    if given:
        error = (
            given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else sys.exc_info()[1]
        )
        if error is not None:
            event.update(described(error))
    return event


def described(error: BaseException) -> dict[str, Any]:
    """The kind of an exception and of what caused it, and where it was raised. Not what it says."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < MAX_FRAMES:
        state = getattr(cause, "sqlstate", None)
        kinds.append(type(cause).__name__ + (f" {state}" if state else ""))
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    return {"error": kinds, "where": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]}


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])
