"""Writes a replica to a file and reads it again. The words stay in the file and are looked up there.

The file begins with its format and a check sum of the rest; at its end is a table of what lies where.
"""

import contextlib
import fcntl
import json
import os
import struct
import weakref
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.services.changes import Version
from directory.services.search.criteria import Facet
from directory.services.search.replica import listings as listings_
from directory.services.search.replica import places, standings, words
from directory.services.search.replica.listings import Replica
from directory.services.search.replica.places import Places
from directory.services.search.replica.rows import Facts
from directory.services.search.replica.standings import Standings
from directory.services.search.replica.tables import Table, numbers
from directory.services.search.replica.words import Gathering, Stored, Unreadable, Words

FORMAT = b"tsubo replica 2\n"
_HEAD = struct.Struct("<QQQ")  # check sum of all that follows; where in it the table of contents is, and its length
ALIGNED = 8
CHUNK = 1 << 24


def save(replica: Replica, path: Path, gathered: Gathering | None = None) -> None:
    """Write `replica` to `path`, whole or not at all. While it is built its words are in `gathered`.

    Of listings that are not public any more no word, name or number is written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whoever saves has the lock, so a half-written one is that of a process that was ended.
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(FORMAT + _HEAD.pack(0, 0, 0))
        writing = _Writing(file)
        # Part by part: all of them together would take the memory of another replica.
        for name, part in _parts(replica):
            writing.begin(name)
            writing.put(part)
        writing.begin("lists")
        stored = gathered.stored() if gathered is not None else replica.words.stored(replica.public)
        known, ends = words.write(stored, writing.put)
        writing.begin("ends")
        writing.put(ends.tobytes())
        writing.begin("words")
        writing.put("\n".join(known).encode())
        writing.begin("")
        head = {
            "version": [replica.version.number, replica.version.mark],
            "bodies": replica.standings.bodies,
            "facts": {"lineage": replica.facts.lineage, "medical": sorted(replica.facts.medical)},
            "contents": writing.contents,
        }
        start = writing.length
        writing.put(json.dumps(head).encode())
        file.seek(len(FORMAT))
        file.write(_HEAD.pack(writing.check, start, writing.length - start))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


class _Writing:
    """Parts on their way to a file. `contents` are the place and the length of each by name."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._name = ""
        self.contents: dict[str, tuple[int, int]] = {}
        self.length = 0
        self.check = 0

    def put(self, some: bytes) -> None:
        """Write some more of the part."""
        self._file.write(some)
        self.check = zlib.crc32(some, self.check)
        self.length += len(some)

    def begin(self, name: str) -> None:
        """End a part and begin another."""
        if self._name:
            start, _ = self.contents[self._name]
            self.contents[self._name] = (start, self.length - start)
        self.put(b"\0" * (-self.length % ALIGNED))
        self._name = name
        if name:
            self.contents[name] = (self.length, 0)


def _parts(replica: Replica) -> Iterator[tuple[str, bytes]]:
    gone = np.ones(len(replica.table), bool)
    gone[numbers(replica.public)] = False
    for name in listings_.TYPES:
        yield f"listing {name}", np.where(gone, 0, replica.table[name]).astype(listings_.TYPES[name]).tobytes()
    for name, column in replica.places.sorted_columns().items():
        yield f"place {name}", column.tobytes()
    for name in standings.TYPES:
        yield f"span {name}", replica.standings.table[name].tobytes()
    yield "public", replica.public.serialize()
    yield "located", replica.located.serialize()
    for facet, values in replica.facets.items():
        for value, slots in values.items():
            yield f"facet {facet.value} {value}", slots.serialize()


def load(path: Path) -> Replica:
    """Read a replica. Raises Unreadable, also when there is no file."""
    try:
        return _load(_File(path))
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise Unreadable(str(error) or type(error).__name__) from error


class _File:
    """A file that stays open, and the one that was opened, whatever comes to stand in its place."""

    def __init__(self, path: Path) -> None:
        self._number = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._number)

    def read(self, at: int, length: int) -> bytes:
        """So many bytes from there on. Raises Unreadable where they are not there any more."""
        found = os.pread(self._number, length, at)
        if len(found) != length:
            raise Unreadable("it was cut while it was in use")
        return found


def _load(file: _File) -> Replica:
    start = len(FORMAT) + _HEAD.size
    beginning = file.read(0, start)
    if not beginning.startswith(FORMAT):
        raise ValueError("another format")
    check, at_head, length = _HEAD.unpack(beginning[len(FORMAT) :])
    end, total = start + at_head + length, 0
    for at in range(start, end, CHUNK):
        total = zlib.crc32(file.read(at, min(CHUNK, end - at)), total)
    if total != check:
        raise ValueError("not whole")
    head = json.loads(file.read(start + at_head, length))
    return _replica(head, _Parts(file, start, head["contents"]))


class _Parts:
    def __init__(self, file: _File, start: int, contents: dict[str, list[int]]) -> None:
        self.file = file
        self._start = start
        self.contents = contents

    def place(self, name: str) -> int:
        """Where a part begins in the file."""
        return self._start + self.contents[name][0]

    def __getitem__(self, name: str) -> bytes:
        return self.file.read(self.place(name), self.contents[name][1])

    def columns(self, kind: str, types: dict[str, str]) -> dict[str, NDArray[Any]]:
        return {name: np.frombuffer(self[f"{kind} {name}"], of_type) for name, of_type in types.items()}

    def slots(self, name: str) -> BitMap:
        return BitMap.deserialize(self[name])


def _replica(head: dict[str, Any], parts: _Parts) -> Replica:
    facts = Facts(
        {form: tuple(line) for form, line in head["facts"]["lineage"].items()}, frozenset(head["facts"]["medical"])
    )
    replica = Replica(Version(*head["version"]), facts)
    replica.fill(
        Table(listings_.TYPES, parts.columns("listing", listings_.TYPES)),
        public=parts.slots("public"),
        located=parts.slots("located"),
        places=Places(parts.columns("place", places.TYPES)),
        standings=Standings(parts.columns("span", standings.TYPES), head["bodies"]),
        words=Words(
            Stored(
                parts["words"].decode().split("\n") if parts.contents["words"][1] else [],
                np.frombuffer(parts["ends"], np.int64) + parts.place("lists"),
                parts.file.read,
            )
        ),
    )
    for name in parts.contents:
        if name.startswith("facet "):
            _, facet, value = name.split(" ", 2)
            replica.facets[Facet(facet)][value] = parts.slots(name)
    return replica


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process has the folder to itself, and have it until the block ends, or the process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
