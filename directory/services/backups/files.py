"""The file of a backup: one line with a check sum of all that follows, and an archive of the parts."""

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from directory.models import DirectoryError

FORMAT = "tsubo backup 1"
ENDING = ".tsubo"
MANIFEST = "manifest.json"
_HEAD = len(FORMAT) + 1 + 64 + 1
_CHUNK = 1 << 20


class BackupRefused(DirectoryError):
    """It cannot be made or restored; the text is one line for an operator."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is of. `tables` are the number of rows and the hash of each table by name; `parts` are SHA-256."""

    made_at: str
    version: str
    backend: str
    revision: str
    tables: Mapping[str, tuple[int, str]]
    parts: Mapping[str, str]

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.made_at)

    @property
    def rows(self) -> int:
        return sum(rows for rows, _ in self.tables.values())


def write(path: Path, manifest: Manifest, parts: Mapping[str, Path]) -> None:
    """Write a backup of these files by name, whole or not at all, for its owner alone."""
    partial = path.with_name(path.name + ".partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            file.write(b" " * _HEAD)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
                for name, source in parts.items():
                    archive.write(source, name)
            file.seek(_HEAD)
            digest = _digest(file)
            file.seek(0)
            file.write(f"{FORMAT} {digest}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest:
    """What the backup at `path` says of itself, once every byte of it has been looked at. Raises BackupRefused."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if not head.startswith(FORMAT.encode()):
                raise BackupRefused(f"{path} is not a backup of this program, or of a newer version of it")
            if head != f"{FORMAT} {_digest(file)}\n".encode():
                raise BackupRefused(f"{path} is not whole, or was altered; take another backup")
        with zipfile.ZipFile(path) as archive:
            said: dict[str, Any] = json.loads(archive.read(MANIFEST))
        tables = {name: (int(rows), str(digest)) for name, (rows, digest) in said.pop("tables").items()}
        return Manifest(**said, tables=tables)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise BackupRefused(f"{path} is not a backup that can be understood") from None


def take_out(path: Path, manifest: Manifest, name: str, target: Path) -> None:
    """Write one part of a backup to `target`, for its owner alone. Raises BackupRefused."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as part:
        descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            while some := part.read(_CHUNK):
                file.write(some)
            file.flush()
            os.fsync(file.fileno())
    if digest_of(target) != manifest.parts[name]:
        raise BackupRefused(f"{path} is not whole, or was altered; take another backup")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while some := file.read(_CHUNK):
        digest.update(some)
    return digest.hexdigest()
