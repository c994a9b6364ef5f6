"""Processes for drills: they migrate and count beside each other, and are killed.

They are forked from a process that has everything loaded, so that many can be made.
"""

import contextlib
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, exc, select
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Environment, Settings
from directory.db import db, transaction, upgrade
from directory.lib import clock
from directory.models import SeedFile
from directory.services import ledger

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])
PATIENCE_SECONDS = 90
COUNTER = select(SeedFile).where(SeedFile.name == "counter")


class Drill:
    """A process that runs `work(url, folder)` and hands back what that returns."""

    def __init__(self, work: Callable[..., Any], url: str, folder: Path) -> None:
        self._ours, theirs = PROCESSES.Pipe()
        self.process: BaseProcess = PROCESSES.Process(target=_run, args=(theirs, work, url, folder))
        self.process.start()
        theirs.close()
        assert self._next() == "ready"

    def begin(self) -> None:
        """Let it go: it has waited with everything loaded."""
        self._ours.send("begin")

    def end(self) -> Any:
        """Wait for it; what it returned. Raises what went wrong there, as text."""
        outcome, result = self._next()
        self._close()
        assert outcome == "done", result
        return result

    def kill(self) -> bool:
        """End it as the power does; whether it was still at work."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        at_work = not self._ours.poll()
        with contextlib.suppress(EOFError):
            at_work = at_work or self._ours.recv()[0] != "done"
        self._close()
        return at_work

    def _next(self) -> Any:
        assert self._ours.poll(PATIENCE_SECONDS), "the process does not answer"
        return self._ours.recv()

    def _close(self) -> None:
        self.process.join(PATIENCE_SECONDS)
        self._ours.close()
        self.process.close()


def _run(parent: Connection, work: Callable[..., Any], url: str, folder: Path) -> None:
    parent.send("ready")
    parent.recv()
    try:
        parent.send(("done", work(url, folder)))
    except Exception as error:
        parent.send(("failed", repr(error)))


def _settings(url: str, folder: Path) -> Settings:
    return Settings(environment=Environment.TEST, data_dir=folder, database_url=url)


def migrate(url: str, folder: Path) -> tuple[str | None, str, float]:
    """Bring the tables to the newest revision; the one before, the one after, and the seconds that it took."""
    with create_app(_settings(url, folder), for_commands=True).app_context():
        begun = time.monotonic()
        before, after = upgrade()
        return before, after, time.monotonic() - begun


def count(url: str, folder: Path, times: int = 50) -> None:
    """Read a number and write one more, as the site does; a step that lost against another is done again."""
    with create_app(_settings(url, folder), for_commands=True).app_context():
        for _ in range(times):
            while True:
                try:
                    with transaction():
                        db.session.expire_all()
                        _one_more(db.session)
                    break
                except exc.OperationalError as error:
                    if getattr(error.orig, "sqlstate", None) != "40001":
                        raise


def count_much(url: str, folder: Path) -> None:
    """The same, ten times as often."""
    count(url, folder, 500)


def count_by_default(url: str, _folder: Path, times: int = 50) -> None:
    """Read a number and write one more through an engine as SQLAlchemy makes it."""
    engine = create_engine(url)
    for _ in range(times):
        while True:
            try:
                with Session(engine) as session, session.begin():
                    _one_more(session)
                break
            except exc.OperationalError:  # locked: it was not acknowledged, so it may be tried again
                continue


def _one_more(session: Session) -> None:
    counter = session.scalars(COUNTER).one()
    counter.digest = str(int(counter.digest) + 1)
    session.flush()


def append_entries(url: str, folder: Path, how_many: int = 10) -> list[str]:
    """Append to the ledger, two decisions in each transaction; the hashes, as they were when each was kept."""
    app = create_app(_settings(url, folder), for_commands=True)
    found = []
    with app.app_context():
        for number in range(how_many):
            with transaction():
                # Looked at first, as a decision does: from here on others are not seen.
                ledger.list_latest(1)
                made = [ledger.append("drill-begun", at=clock.now(), by=None, number=number) for _ in range(2)]
            found += [one.hash for one in made]
        db.engine.dispose()
    return found


def append_many(url: str, folder: Path) -> list[str]:
    """The same, a hundred times."""
    return append_entries(url, folder, 100)
