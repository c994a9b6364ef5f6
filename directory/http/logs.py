"""Log lines as JSON, without personal data: no address of a visitor, no query, no text that anybody typed."""

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from directory.config import Settings

log = structlog.get_logger("directory")


def init_app(app: Flask, settings: Settings, registry: CollectorRegistry) -> None:
    """Log and count every request."""
    configure(settings.log_level)
    requests = Counter(
        "directory_requests",
        "Requests answered",
        ["endpoint", "method", "status"],
        registry=registry,
    )
    seconds = Histogram(
        "directory_request_seconds",
        "Seconds to answer",
        ["endpoint"],
        registry=registry,
    )

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()
        g.request_id = uuid.uuid4().hex[:16]

    @app.after_request
    def _finish(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        # A request that is refused before anything else has no start.
        elapsed = time.perf_counter() - g.get("started", time.perf_counter())
        requests.labels(endpoint, request.method, response.status_code).inc()
        seconds.labels(endpoint).observe(elapsed)
        log.info(
            "request",
            endpoint=endpoint,
            method=request.method,
            status=response.status_code,
            milliseconds=round(elapsed * 1000, 1),
            request_id=g.get("request_id"),
        )
        return response


def configure(level: str) -> None:
    """Write one line of JSON for each event to the standard error."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
