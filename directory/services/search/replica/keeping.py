"""Keeps the replica of a process equal to what each transaction sees.

Every question first looks at the newest change. What came since is read and put in, in the same transaction. Where
that would take long, or cannot be done, a thread makes a new replica while questions are answered in plain SQL.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from directory.db import mode
from directory.lib import clock
from directory.services import changes
from directory.services.changes import Forgotten, Since, Version
from directory.services.search.replica import files, places, rows
from directory.services.search.replica.listings import Replica
from directory.services.search.replica.words import Gathering, Stored, Unreadable, Words, write

FEW_LISTINGS = 1_000  # so many are read while a visitor waits
FEW_CHANGES = 1_000
MANY_CHANGES = 20_000  # from so many on it is quicker to read all listings than those that changed
RENEWED_AFTER = 4_000  # listings that came since the file was written
LOOKS_EACH_SECONDS = 3600
OLD_SECONDS = 24 * 3600  # after so long, what listings that went have left behind is taken out
FILE = "replica"

log = structlog.get_logger("directory")


def build(connection: Connection, folder: Path | None = None) -> Replica:
    """Read all listings. With a folder the replica is written there and read again, which leaves its words there."""
    version = changes.latest(connection)
    replica, gathered = Replica(version, rows.read_facts(connection)), Gathering()
    slots = _neighbours(*rows.read_points(connection))
    came: list[int] = []
    for some in rows.read_all(connection):
        replica.gather(some, slots, gathered)
        came += [slots[row[0]] for row in some.listings]
    replica.settle(np.array(came, np.int64))
    if folder is not None:
        files.save(replica, folder / FILE, gathered)
        return files.load(folder / FILE)
    lists = bytearray()
    known, ends = write(gathered.stored(), lists.extend)
    replica.words = Words(Stored(known, np.array(ends), lambda at, length: bytes(lists[at : at + length])))
    return replica


def _neighbours(ids: NDArray[np.int64], points: NDArray[np.int64]) -> dict[int, int]:
    """Slots by row number: neighbours follow each other, so that a circle is made of few runs of slots."""
    # Places of listings that are hidden are among them.
    highest = max(int(ids.max(initial=0)), int(points[:, 0].max(initial=0)))
    cubes = np.full(highest + 1, np.iinfo(np.int32).max, np.int32)
    cubes[points[:, 0]] = places.cubes(points[:, 1], points[:, 2], points[:, 3])
    order = np.argsort(cubes[ids], kind="stable")
    return dict(zip(ids[order].tolist(), range(len(ids)), strict=True))


def catch_up(replica: Replica, connection: Connection, what: Since) -> None:
    """Put in what changed since the version of the replica."""
    if what.facts:
        replica.facts = rows.read_facts(connection)
    replica.remove(what.practitioner_ids)
    for some in rows.read(connection, sorted(what.practitioner_ids)):
        replica.add(some)
    replica.version = what.version


class Keeper:
    """The replica of this process, of one database, with its file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._replica: Replica | None = None
        self._renewal: threading.Thread | None = None
        self._looks_again_at = 0.0  # on the clock for measuring
        self._somebody_left = False

    @contextmanager
    def current(self, connection: Connection, latest: Version) -> Iterator[Replica | None]:
        """The replica as the transaction of `connection` sees the listings, for this thread alone. None while there
        is none; then plain SQL is right."""
        with self._lock:
            yield self._up_to_date(connection, latest)

    def prepare(self, engine: Engine) -> int:
        """Make sure that a file is there from which processes can start quickly, unless listings are few; how many
        can be searched."""
        self._renew(engine)
        return len(self._replica or ())

    def _up_to_date(self, connection: Connection, latest: Version) -> Replica | None:
        if self._replica is None:
            self._replica = self._begin(connection)
        replica = self._replica
        if replica is None:
            return None
        if replica.version == latest:
            self._look_at_age(replica, connection.engine)
            return replica
        if replica.version.number > latest.number:
            self._look_back(connection.engine)
            return None
        try:
            what = changes.since(replica.version, connection)
        except Forgotten:
            return self._begin_anew(connection, "the log of changes does not go back so far")
        if len(what.practitioner_ids) > FEW_CHANGES:
            return self._begin_anew(connection, "too many listings changed at once")
        try:
            catch_up(replica, connection, what)
        except BaseException:
            # What was put in by halves is worth nothing.
            self._replica = None
            raise
        # Whoever was erased is not to stay in this process, nor in the file, for longer than it takes to renew them.
        self._somebody_left |= rows.any_missing(connection, sorted(what.practitioner_ids))
        if replica.added > RENEWED_AFTER or self._somebody_left or self._holds_what_went(replica):
            self._renew_beside(connection.engine)
        return replica

    def _look_at_age(self, replica: Replica, engine: Engine) -> None:
        """Once an hour: the last change may have been that somebody went."""
        if time.monotonic() > self._looks_again_at:
            self._looks_again_at = time.monotonic() + LOOKS_EACH_SECONDS
            if self._somebody_left or self._holds_what_went(replica):
                self._renew_beside(engine)

    def drop(self, reason: str) -> None:
        """Let go of the replica; the next question begins anew."""
        with self._lock:
            log.warning("replica-dropped", reason=reason)
            self._replica = None

    def _look_back(self, engine: Engine) -> None:
        """Another thread has seen more than this transaction does; or the database is an older one than before."""
        with reading(engine) as connection:
            newest = changes.latest(connection)
        if self._replica is not None and self._replica.version.number > newest.number:
            self.drop("the database has gone back")

    def _begin_anew(self, connection: Connection, reason: str) -> Replica | None:
        self.drop(reason)
        self._replica = self._begin(connection)
        return self._replica

    def _begin(self, connection: Connection) -> Replica | None:
        """A replica as the transaction sees it: from the file, or, of few listings, made anew."""
        if self._renewal is not None and self._renewal.is_alive():
            return None
        replica = self._from_file(connection, FEW_CHANGES)
        if replica is not None:
            return replica
        if rows.count(connection) <= FEW_LISTINGS:
            return build(connection)
        self._renew_beside(connection.engine)
        return None

    def _from_file(self, connection: Connection, few: int) -> Replica | None:
        path = self._folder / FILE
        if not path.exists():
            return None
        try:
            replica = files.load(path)
            what = changes.since(replica.version, connection)
        except (Unreadable, Forgotten) as error:
            log.warning("replica-file-not-used", reason=str(error) or "the log of changes does not go back so far")
            return None
        if len(what.practitioner_ids) > few:
            return None
        catch_up(replica, connection, what)
        self._somebody_left |= rows.any_missing(connection, sorted(what.practitioner_ids))
        return replica

    def _holds_what_went(self, replica: Replica) -> bool:
        """Whether the file has held words of listings that went for longer than it should."""
        try:
            written_at = (self._folder / FILE).stat().st_mtime
        except OSError:
            return False
        return bool(replica.removed) and clock.now().timestamp() - written_at > OLD_SECONDS

    def _renew_beside(self, engine: Engine) -> None:
        if self._renewal is None or not self._renewal.is_alive():
            self._renewal = threading.Thread(target=self._renew_and_tell, args=(engine,), name="replica", daemon=True)
            self._renewal.start()

    def _renew_and_tell(self, engine: Engine) -> None:
        try:
            self._renew(engine)
        except Exception:
            # Questions are answered in plain SQL meanwhile, and the next of them begins again.
            log.exception("replica-not-renewed")

    def _renew(self, engine: Engine) -> None:
        """Make a replica that is up to date, with its words in the file where that can be written."""
        somebody_left, self._somebody_left = self._somebody_left, False
        with reading(engine) as connection:
            try:
                with files.alone(self._folder):
                    replica = self._renewed(connection, somebody_left=somebody_left)
            except OSError:
                log.exception("replica-file-not-written")
                replica = build(connection)
        with self._lock:
            self._replica = replica

    def _renewed(self, connection: Connection, *, somebody_left: bool) -> Replica:
        path = self._folder / FILE
        if rows.count(connection) <= FEW_LISTINGS:
            # What it held of those who went would stay for ever.
            path.unlink(missing_ok=True)
            return build(connection)
        replica = self._from_file(connection, MANY_CHANGES)
        if replica is None:
            replica = build(connection, self._folder)
            log.info("replica-built", listings=len(replica))
        elif replica.added > FEW_CHANGES or self._holds_what_went(replica) or (somebody_left and bool(replica.removed)):
            files.save(replica, path)
            replica = files.load(path)
        return replica


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction of its own, which only reads."""
    with mode("reading"), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Pages may not keep the server waiting; between reading very many listings some work is done.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield connection
