"""Where the worker is woken. What is to be done stands in the database; here lies only that there is something."""

import threading
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer
from huey.signals import SIGNAL_ERROR, SIGNAL_INTERRUPTED

from directory.config import Settings, make_folder
from directory.jobs import clock, letters

log = structlog.get_logger("directory")

NAME = "tsubo"
FILE = "queue.sqlite3"
WAITS_SECONDS = 2  # for the queue, in a request: it can do without
# So many calls that nobody has answered are enough to wake a worker.
ENOUGH = 50

Job = Callable[[], object]


class Queue:
    """The queue of one site. It is opened when it is first needed: commands that only look make no file."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: tuple[Huey, Callable[[], object]] | None = None

    @property
    def huey(self) -> Huey:
        """The library's queue, with every job."""
        return self._open()[0]

    def wake(self) -> None:
        """Tell the worker that letters wait. When that cannot be told, it finds them within a minute by itself."""
        try:
            huey, deliver = self._open()
            if huey.pending_count() < ENOUGH:
                deliver()
        except Exception as error:
            log.warning("worker-not-woken", exc_info=error)

    def close(self) -> None:
        """Let go of the file or the connection."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].storage.close()
                self._opened = None

    def _let_go(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened[0].storage.close()

    def _open(self) -> tuple[Huey, Callable[[], object]]:
        with self._lock:
            if self._opened is None:
                huey = open_queue(self._settings)
                deliver = huey.task(name="deliver")(self._within(letters.deliver))
                for regular in clock.REGULAR:
                    times = crontab(minute=regular.minute, hour=regular.hour)
                    huey.periodic_task(times, name=regular.name)(self._within(regular.work))
                huey.signal(SIGNAL_ERROR)(_failed)
                huey.signal(SIGNAL_INTERRUPTED)(_interrupted)
                # Each thread of the worker closes what it has opened, and some share it: one after the other.
                huey.on_shutdown(name="close")(self._let_go)
                self._opened = (huey, deliver)
            return self._opened

    def _within(self, work: Job) -> Job:
        """A job in a context of its own, as a request has one."""

        def run() -> None:
            with self._app.app_context():
                work()

        return run


def open_queue(settings: Settings) -> Huey:
    """The library's queue, where the settings want it."""
    given: dict[str, Any] = {
        "name": NAME,
        "serializer": SignedSerializer(secret=settings.secret(), salt=NAME),
        "results": False,
    }
    url = settings.queue_url.get_secret_value() if settings.queue_url is not None else ""
    if url.startswith("postgresql"):
        return PostgresHuey(dsn=url, connect_timeout=WAITS_SECONDS, **given)
    if url:
        url = "redis" + url.removeprefix("valkey") if url.startswith("valkey") else url
        waits = f"socket_connect_timeout={WAITS_SECONDS}&socket_timeout={WAITS_SECONDS * 2}"
        return RedisHuey(url=f"{url}{'&' if '?' in url else '?'}{waits}", **given)
    make_folder(settings.data_dir)
    # Nothing is lost with it, so it does not wait for the disk.
    return SqliteHuey(filename=str(settings.data_dir / FILE), fsync=False, timeout=WAITS_SECONDS, **given)


def _failed(_signal: str, task: Any, error: BaseException | None = None) -> None:
    log.error("job-failed", job=task.name, exc_info=error)


def _interrupted(_signal: str, task: Any) -> None:
    log.warning("job-interrupted", job=task.name)
