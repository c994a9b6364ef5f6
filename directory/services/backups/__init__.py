"""Backups: made by the database's own means while others write, verified, and restored whole or not at all.

A backup holds people who asked to be erased since. A restore applies every erasure that is known again: those in the
backup, in the database that it replaces, and in the file beside it.
"""

import datetime as dt
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import delete, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from directory.config import Settings, make_folder
from directory.db import db, known_revisions, mode, revisions, transaction, upgrade
from directory.models import OneTimeLink, SignIn
from directory.services import enquiries, erasures, health, ledger, search, traces
from directory.services.backups import files, postgresql_programs, sqlite_files, tables
from directory.services.backups.files import ENDING, BackupRefused, Manifest

__all__ = ["BackupRefused", "Made", "Manifest", "Restored", "make", "remove_old", "restore", "verify"]

SQLITE = "sqlite"
SAFETY = "before-restore"
_STAMP = "%Y%m%dT%H%M%SZ"
# The first revision that has a table of erasures.
_REVISION_OF_ERASURES = "0004"
_NAME = re.compile(r"tsubo-(\d{8}T\d{6}Z)\.tsubo")


@dataclass(frozen=True)
class Made:
    """A backup that was made and looked at."""

    path: Path
    manifest: Manifest
    removed: int


@dataclass(frozen=True)
class Restored:
    """What a restore did. `safety` is where the database that it replaced is, if there was one."""

    manifest: Manifest
    safety: Path | None
    revision: str
    erased_again: int


def make(settings: Settings, target: Path, *, at: dt.datetime, keep_days: int | None = None) -> Made:
    """Back the database up to a file, or into a folder under a name of its own. Raises BackupRefused.

    With `keep_days`, backups in the folder that are older are removed; never the newest.
    """
    in_folder = target.is_dir()
    path = target / f"tsubo-{at:{_STAMP}}{ENDING}" if in_folder else target
    if not path.parent.is_dir():
        raise BackupRefused(f"there is no folder {path.parent}")
    if path.exists():
        raise BackupRefused(f"{path} is there already; nothing is written over")
    if keep_days is not None and not in_folder:
        raise BackupRefused("only backups in a folder have older ones beside them; name the folder")
    try:
        manifest = _make(settings, path, at)
    except (OSError, SQLAlchemyError) as error:
        raise BackupRefused(f"the backup could not be made ({type(error).__name__}); tsubo doctor says more") from error
    files.read_manifest(path)
    (settings.data_dir / health.BACKUP_MARKER).write_text(at.isoformat())
    return Made(path, manifest, remove_old(target, keep_days, at=at) if keep_days is not None else 0)


def _make(settings: Settings, path: Path, at: dt.datetime) -> Manifest:
    make_folder(settings.data_dir)
    current, _ = revisions()
    if current is None:
        raise BackupRefused("the database has no tables; there is nothing to back up")
    if current in known_revisions() and current >= _REVISION_OF_ERASURES:
        erasures.write_file(settings.data_dir)
    db.session.rollback()
    backend = db.engine.dialect.name
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".tsubo-") as folder:
        if backend == SQLITE:
            part = Path(folder) / sqlite_files.PART
            sqlite_files.copy(_file_of(settings), part)
            sqlite_files.check(part)
            with sqlite_files.opened(part) as connection:
                found = tables.hashes(connection)
                revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        else:
            part = Path(folder) / postgresql_programs.PART
            with mode("reading"), db.engine.connect() as connection:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
                postgresql_programs.dump(settings.database, connection, part)
                found = tables.hashes(connection)
                revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
                postgresql_programs.check(part, postgresql_programs.server_version(connection))
        parts = {part.name: part}
        known = settings.data_dir / erasures.FILE
        if known.exists():
            parts[erasures.FILE] = known
        manifest = Manifest(
            made_at=at.isoformat(),
            version=version("tsubo"),
            backend=backend,
            revision=revision,
            tables=found,
            parts={name: files.digest_of(source) for name, source in parts.items()},
        )
        files.write(path, manifest, parts)
    return manifest


def remove_old(folder: Path, keep_days: int, *, at: dt.datetime) -> int:
    """Remove backups in `folder` that are older than so many days, never the newest; how many."""
    found = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    old = [path for path in found[:-1] if _made_at(path) < at - dt.timedelta(days=keep_days)]
    for path in old:
        path.unlink()
    return len(old)


def _made_at(path: Path) -> dt.datetime:
    match = _NAME.fullmatch(path.name)
    return dt.datetime.strptime(match[1] if match else "", _STAMP).replace(tzinfo=dt.UTC)


def verify(path: Path) -> Manifest:
    """Whether a backup is whole and can be restored by this version into this database. Raises BackupRefused."""
    manifest = files.read_manifest(path)
    if manifest.revision not in known_revisions():
        raise BackupRefused(f"{path} was made by a newer version ({manifest.version}); restore it with that one")
    if manifest.backend != db.engine.dialect.name:
        raise BackupRefused(f"{path} is of a {manifest.backend} database, and this one is {db.engine.dialect.name}")
    return manifest


def restore(settings: Settings, path: Path, *, at: dt.datetime) -> Restored:
    """Put a backup in the place of the database. Raises BackupRefused; then the database is as it was.

    What it replaces is backed up first. Older tables are brought to this version, erasures are applied again, and
    everybody has to sign in anew: a link or a session that ended since would count again.
    """
    manifest = verify(path)
    make_folder(settings.data_dir)
    is_sqlite = manifest.backend == SQLITE
    with tempfile.TemporaryDirectory(dir=_place(settings), prefix=".tsubo-") as folder:
        part = Path(folder) / (sqlite_files.PART if is_sqlite else postgresql_programs.PART)
        files.take_out(path, manifest, part.name, part)
        marks = _known_marks(settings, path, manifest, Path(folder))
        if is_sqlite:
            safety = _replace_sqlite(settings, part, manifest, at)
        else:
            safety = _replace_postgresql(settings, part, manifest, at)
    search.forget(settings.data_dir / "search")
    _, head = upgrade()
    with transaction():
        erased = erasures.apply(marks, at=at)
        db.session.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=at))
        db.session.execute(delete(OneTimeLink))
        enquiries.forget_what_waits(at=at)
        ledger.append("database-restored", at=at, by=None, made_at=manifest.at)
    traces.clean(settings.data_dir, at=at)
    return Restored(manifest, safety, head, erased)


def _place(settings: Settings) -> Path:
    """Where files are made that are put in place: in the folder of the database."""
    if db.engine.dialect.name == SQLITE:
        return _file_of(settings).parent
    return settings.data_dir


def _file_of(settings: Settings) -> Path:
    return Path((make_url(settings.database).database or "").removeprefix("file:"))


def _known_marks(settings: Settings, path: Path, manifest: Manifest, folder: Path) -> list[erasures.Mark]:
    """Every erasure that is known anywhere. They are written beside the database before anything is replaced."""
    found = erasures.read_file(settings.data_dir)
    if erasures.FILE in manifest.parts:
        files.take_out(path, manifest, erasures.FILE, folder / erasures.FILE)
        found += erasures.read_file(folder)
    found += _present_marks(settings)
    erasures.add_to_file(settings.data_dir, found)
    return list(dict.fromkeys(found))


def _present_marks(settings: Settings) -> Iterable[erasures.Mark]:
    """Those of the database that is to be replaced, if it can still be read."""
    if db.engine.dialect.name == SQLITE and not _file_of(settings).exists():
        return []
    try:
        return erasures.list_marks()
    except SQLAlchemyError:
        return []
    finally:
        db.session.rollback()
        db.engine.dispose()


def _replace_sqlite(settings: Settings, part: Path, manifest: Manifest, at: dt.datetime) -> Path | None:
    path = _file_of(settings)
    sqlite_files.check(part)
    with sqlite_files.opened(part) as connection:
        _compare(tables.hashes(connection), manifest)
    sqlite_files.be_alone(path)
    safety = None if _is_empty(settings) else _keep_safe(settings, at)
    aside = None
    if safety is None and not _is_empty(settings):
        # It cannot be copied, so it is damaged: kept as it is.
        aside = safety = path.with_name(f"{path.name}.{SAFETY}-{at:{_STAMP}}")
    db.engine.dispose()
    sqlite_files.put_in_place(part, path, aside)
    return safety


def _replace_postgresql(settings: Settings, part: Path, manifest: Manifest, at: dt.datetime) -> Path | None:
    with mode("reading"), db.engine.connect() as connection:
        server = postgresql_programs.server_version(connection)
        others = postgresql_programs.others(connection)
    if others:
        raise BackupRefused(f"{others} others use this database; stop the site and its worker, then restore")
    postgresql_programs.check(part, server)
    safety = None if _is_empty(settings) else _keep_safe(settings, at)
    if safety is None and not _is_empty(settings):
        raise BackupRefused(
            "the database that would be replaced cannot be backed up; make an empty one, and restore there"
        )
    db.engine.dispose()
    postgresql_programs.load(settings.database, part, server)
    with mode("reading"), db.engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        _compare(tables.hashes(connection), manifest)
    return safety


def _is_empty(settings: Settings) -> bool:
    """Whether there is no database to lose. One that is damaged is something."""
    if db.engine.dialect.name == SQLITE and not _file_of(settings).exists():
        return True
    try:
        return revisions()[0] is None
    except SQLAlchemyError:
        return False


def _keep_safe(settings: Settings, at: dt.datetime) -> Path | None:
    """A backup of what is about to be replaced; None where it cannot be copied."""
    folder = settings.data_dir / SAFETY
    make_folder(folder)
    path = folder / f"tsubo-{at:{_STAMP}}{ENDING}"
    try:
        _make(settings, path, at)
    except (BackupRefused, OSError, SQLAlchemyError):
        return None
    finally:
        db.session.rollback()
    return path


def _compare(found: dict[str, tuple[int, str]], manifest: Manifest) -> None:
    different = sorted(name for name in {*found, *manifest.tables} if found.get(name) != manifest.tables.get(name))
    if different:
        raise BackupRefused(f"what was restored is not what was backed up ({', '.join(different)})")
