"""What the web server itself has to say, in the same form as the rest: gunicorn --logger-class.

Of a request that it could not read it would write the visitor's address and what was sent. Here it says only that.
"""

import logging
from typing import Any

import structlog
from gunicorn.glogging import Logger

from directory.http.logs import configure

log = structlog.get_logger("server")


class _AsEvents(logging.Handler):
    """Hands lines of the server on to the log of the directory."""

    def emit(self, record: logging.LogRecord) -> None:
        about_a_request = any(part in record.pathname for part in ("/gunicorn/workers/", "/gunicorn/http/"))
        said = "a request could not be read or answered" if about_a_request else record.getMessage()
        where = f"{record.module}:{record.lineno}"
        log.log(record.levelno, "server", said=said, where=where, exc_info=record.exc_info)


class ServerLog(Logger):  # type: ignore[misc]
    """The log of gunicorn, as JSON and without personal data."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        configure(cfg.loglevel)
        self.error_log.handlers = [_AsEvents()]
        self.access_log.handlers = []

    # As in the class above, but a line knows which part of the server it comes from.

    def critical(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.critical(msg, *args, stacklevel=2, **kwargs)

    def error(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.error(msg, *args, stacklevel=2, **kwargs)

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.warning(msg, *args, stacklevel=2, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.exception(msg, *args, stacklevel=2, **kwargs)
