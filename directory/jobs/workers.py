"""The worker: a process that does what waits, and what is due by the clock, until it is told to end."""

import logging
import os
import signal
import sys
import threading
from types import FrameType

import structlog
from flask import Flask
from huey.consumer import Consumer

from directory.jobs import letters
from directory.jobs.queues import Queue

log = structlog.get_logger("worker")

# Longer than one letter may take.
GRACE_SECONDS = 75
LOOKS_EACH_SECONDS = 0.5


class Worker(Consumer):  # type: ignore[misc]
    """The library's consumer, which ends what it is doing first, whichever way it is told to end."""

    def _set_signal_handlers(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told)

    def _told(self, number: int, _frame: FrameType | None) -> None:
        letters.ENDING.set()
        self._signum = number


class _AsEvents(logging.Handler):
    """Hands what the library has to say on to the log of the directory."""

    def emit(self, record: logging.LogRecord) -> None:
        log.log(record.levelno, "worker", said=record.msg, where=record.module, exc_info=record.exc_info)


def run(app: Flask, *, until_input_ends: bool) -> None:
    """Work until a signal comes, or until whoever holds the other end of the standard input has gone."""
    lines = logging.getLogger("huey")
    lines.handlers, lines.propagate = [_AsEvents()], False
    lines.setLevel(logging.WARNING)
    queue: Queue = app.extensions["queue"]
    worker = Worker(queue.huey, workers=2, max_delay=LOOKS_EACH_SECONDS, shutdown_timeout=GRACE_SECONDS)
    if until_input_ends:
        threading.Thread(target=_wait_for_end, name="input", daemon=True).start()
    letters.ENDING.clear()
    worker.run()
    queue.close()


def _wait_for_end() -> None:
    # Not through a buffer, whose lock would be held when the process ends otherwise.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
