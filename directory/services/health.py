"""Whether an installation is well, and what to do where it is not."""

import datetime as dt
import difflib
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from babel import Locale
from sqlalchemy import Connection, exists, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from directory.config import PREFIX, ROOT, Environment, Settings, UnsafeSettings, unread
from directory.db import db, known_revisions, revisions
from directory.lib import clock
from directory.models import Body, Concern, Guidance, Letter, Modality, Origin, Place, Practitioner, Regulation
from directory.services import letters, sealing

# In older versions a reset of the write-ahead log can, very rarely, damage the file: https://sqlite.org/wal.html
SAFE_SQLITE = (3, 51, 3)
MIN_POSTGRESQL = 150_000
LITTLE_SPACE, NO_SPACE = 1_000_000_000, 100_000_000  # bytes
CLOCKS_APART_SECONDS = 60
# When the last backup was made, in the data folder.
BACKUP_MARKER = "last-backup"
BACKUP_HOURS = 48
# A worker says each minute that it lives.
WORKER_SILENT = dt.timedelta(minutes=3)
MAIL_LATE = dt.timedelta(hours=1)
STATIC_FILES = ("site.css", "tokens.css", "seals.svg", "icon.svg")
FACTS = (Modality, Concern, Body, Regulation, Guidance, Place)


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what to do about it."""

    level: Level
    text: str
    advice: str = ""


def is_ready() -> bool:
    """Whether the database answers and has the tables of this version."""
    try:
        current, head = revisions()
    except SQLAlchemyError:
        return False
    return current == head


def examine(settings: Settings, variables: Iterable[str]) -> Iterator[Finding]:
    """Look at everything that can be wrong with an installation. Changes nothing."""
    yield from look_at_settings(settings, variables)
    yield from look_at_folders(settings)
    yield from look_at_files(settings)
    yield from look_at_database(settings)
    yield from look_at_backups(settings)


def look_at_settings(settings: Settings, variables: Iterable[str]) -> Iterator[Finding]:
    """The settings are safe, or there would be no application; but a mistyped one is read by nobody."""
    yield Finding(Level.OK, f"The settings are complete, for {settings.environment}.")
    names = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in unread(variables):
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
        advice = f"Do you mean {near[0]}?" if near else "Take it away, or see the list of settings."
        yield Finding(Level.WARNING, f"No setting reads {name}.", advice)


def look_at_folders(settings: Settings) -> Iterator[Finding]:
    """Only the owner may read what is kept, and there is room for more."""
    folders = {settings.data_dir, *(path.parent for path in [_sqlite_file(settings)] if path)}
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        rights = stat.S_IMODE(folder.stat().st_mode)
        free = shutil.disk_usage(folder).free
        room = f"{free / 1e9:.1f} GB free"
        if rights & 0o077:
            yield Finding(Level.WRONG, f"Others may read the folder {folder} ({rights:04o}).", f"chmod 700 {folder}")
        elif not os.access(folder, os.W_OK):
            yield Finding(
                Level.WRONG, f"The folder {folder} cannot be written.", "Give it to the owner of the process."
            )
        elif free < NO_SPACE:
            yield Finding(Level.WRONG, f"The folder {folder} is full ({room}).", "Make room, or move it.")
        elif free < LITTLE_SPACE:
            yield Finding(Level.WARNING, f"The folder {folder} is nearly full ({room}).", "Make room soon.")
        else:
            yield Finding(Level.OK, f"The folder {folder} is private, with {room}.")


def look_at_files(settings: Settings, root: Path = ROOT) -> Iterator[Finding]:
    """What pages need beside the program: style sheets, and the words of their language."""
    missing = [name for name in STATIC_FILES if not (root / "directory" / "static" / name).is_file()]
    if missing:
        yield Finding(
            Level.WRONG, f"Files of the pages are missing: {', '.join(missing)}.", "Install the program anew."
        )
    else:
        yield Finding(Level.OK, "The files of the pages are there.")
    language = Locale.parse(settings.locale).language
    words = root / "directory" / "translations"
    if language == "en" or any(
        (words / name / "LC_MESSAGES" / "messages.mo").is_file() for name in (settings.locale, language)
    ):
        yield Finding(Level.OK, f"The words of the pages are there ({settings.locale}).")
    else:
        advice = f"Add a translation under {words}, or set {PREFIX}LOCALE=en_GB."
        yield Finding(Level.WARNING, f"There are no words for {settings.locale}; pages are in English.", advice)


def look_at_backups(settings: Settings) -> Iterator[Finding]:
    """In production somebody makes a backup every day or two."""
    if settings.environment is not Environment.PRODUCTION:
        return
    try:
        made_at = dt.datetime.fromisoformat((settings.data_dir / BACKUP_MARKER).read_text())
    except (OSError, ValueError):
        yield Finding(Level.WARNING, "No backup was made yet.", "tsubo backup FOLDER --keep 30, once a day")
        return
    hours = (clock.now() - made_at).total_seconds() / 3600
    if hours > BACKUP_HOURS:
        yield Finding(Level.WARNING, f"The last backup is {hours:.0f} hours old.", "tsubo backup FOLDER --keep 30")
    else:
        yield Finding(Level.OK, f"The last backup was made on {made_at:%Y-%m-%d at %H:%M} UTC.")


def look_at_database(settings: Settings) -> Iterator[Finding]:
    """It answers, has the tables of this version and the facts, and keeps what it is given."""
    file = _sqlite_file(settings)
    if file is not None and not file.is_file():
        # Opening it would make an empty one.
        yield Finding(Level.WRONG, f"There is no database at {file}.", "tsubo db upgrade")
        return
    try:
        current, head = revisions()
        with db.engine.connect() as connection:
            yield from (_look_at_sqlite if file else _look_at_postgresql)(connection)
        if current != head:
            yield _other_tables(current, head)
            return
        yield Finding(Level.OK, f"The tables are those of this version ({head}).")
        yield from _look_at_contents(settings)
        yield from look_at_mail(settings)
    except SQLAlchemyError as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        advice = "Is it running, and is DIRECTORY_DATABASE_URL right? A damaged file: restore a backup."
        yield Finding(Level.WRONG, f"The database does not answer ({kind}).", advice)


def _sqlite_file(settings: Settings) -> Path | None:
    url = make_url(settings.database)
    return Path((url.database or "").removeprefix("file:")) if url.get_backend_name() == "sqlite" else None


def _other_tables(current: str | None, head: str) -> Finding:
    if current is None:
        return Finding(Level.WRONG, "The database has no tables.", "tsubo db upgrade")
    if current in known_revisions():
        return Finding(Level.WRONG, f"The tables are of an older version ({current}, not {head}).", "tsubo db upgrade")
    return Finding(Level.WRONG, f"The tables are of a newer version ({current}).", "Start that version of the program.")


def _look_at_sqlite(connection: Connection) -> Iterator[Finding]:
    version = ".".join(map(str, sqlite3.sqlite_version_info))
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        safe = ".".join(map(str, SAFE_SQLITE))
        advice = f"Use SQLite {safe} or later when you can; until then keep backups that you have tried."
        yield Finding(Level.WARNING, f"SQLite {version} can, very rarely, damage a file.", advice)
    else:
        yield Finding(Level.OK, f"SQLite {version} answers.")
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode == "wal":
        yield Finding(Level.OK, "It writes ahead to a log.")
    else:
        yield Finding(Level.WRONG, f"It does not write ahead to a log ({mode}).", "Is the file on a network drive?")
    seen = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if seen == "ok":
        yield Finding(Level.OK, "The file is whole.")
    else:
        yield Finding(Level.WRONG, "The file is damaged.", "Stop the site and restore a backup.")


def _look_at_postgresql(connection: Connection) -> Iterator[Finding]:
    version = int(connection.scalar(text("SHOW server_version_num")) or 0)
    if version < MIN_POSTGRESQL:
        yield Finding(Level.WRONG, f"PostgreSQL {version // 10_000} is too old.", "Use PostgreSQL 15 or later.")
    else:
        yield Finding(Level.OK, f"PostgreSQL {version // 10_000} answers.")
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding == "UTF8":
        yield Finding(Level.OK, "It keeps text as UTF-8.")
    else:
        yield Finding(Level.WRONG, f"It keeps text as {encoding}.", "Make a database with ENCODING 'UTF8'.")
    there = connection.scalar(select(func.now()))
    apart = abs((clock.now() - there).total_seconds()) if there else 0
    if apart > CLOCKS_APART_SECONDS:
        yield Finding(Level.WARNING, f"Its clock and ours are {apart:.0f} seconds apart.", "Set both by the network.")


def _look_at_contents(settings: Settings) -> Iterator[Finding]:
    empty = [model.__tablename__ for model in FACTS if not db.session.scalar(select(exists().select_from(model)))]
    if empty:
        yield Finding(Level.WRONG, f"Reference data is missing: {', '.join(empty)}.", "tsubo seed reference")
    else:
        yield Finding(Level.OK, "The reference data is loaded.")
    compiled_on = db.session.scalar(select(func.max(Body.compiled_on)))
    if compiled_on is not None and clock.today(settings.zone) < compiled_on:
        yield Finding(Level.WRONG, "The clock is behind: it shows a day before the reference data.", "Set the clock.")
    else:
        yield Finding(Level.OK, f"The clock shows {clock.now():%Y-%m-%d %H:%M} UTC.")
    demo = db.session.scalar(select(exists().where(Practitioner.origin == Origin.DEMO)))
    if demo and settings.environment is Environment.PRODUCTION:
        yield Finding(Level.WARNING, "Invented people are shown.", "tsubo demo remove")


def look_at_mail(settings: Settings) -> Iterator[Finding]:
    """Mail can go somewhere, a worker sends it, and none has waited for long."""
    if settings.mail_url is None and settings.mail_folder is None:
        advice = "Set DIRECTORY_MAIL_URL and DIRECTORY_MAIL_FROM."
        yield Finding(Level.WARNING, "There is no mail server: mail waits, and nobody can sign up.", advice)
    else:
        where = "to a mail server" if settings.mail_url else f"to the folder {settings.mail_folder}"
        yield Finding(Level.OK, f"Mail goes {where}.")
    now = clock.now()
    yield from _look_at_key(settings, now)
    seen_at = letters.worker_seen_at()
    if seen_at is not None and now - seen_at < WORKER_SILENT:
        yield Finding(Level.OK, "A worker lives.")
    else:
        since = "was ever" if seen_at is None else f"has been, since {seen_at:%Y-%m-%d %H:%M} UTC,"
        yield Finding(Level.WARNING, f"No worker {since} seen.", "tsubo worker")
    waiting = letters.waiting()
    if waiting.since is None:
        yield Finding(Level.OK, "No mail waits.")
        return
    hours = (now - waiting.since).total_seconds() / 3600
    level = Level.WRONG if now - waiting.since > MAIL_LATE else Level.OK
    advice = "Does a worker run, and does the mail server take mail?" if level is Level.WRONG else ""
    yield Finding(level, f"Mail waits: {waiting.number}, the oldest for {hours:.1f} hours.", advice)


def _look_at_key(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    """Every machine has the key with which others seal letters, and it is turned as the days go by."""
    newest = select(Letter).where(Letter.sealed.is_not(None)).order_by(Letter.id.desc()).limit(1)
    letter = db.session.scalars(newest).one_or_none()
    try:
        if sealing.is_ahead(settings, at=now):
            advice = f"A clock was wrong. When no mail waits, put {sealing.path_of(settings)} aside on every machine."
            yield Finding(
                Level.WARNING, "The key that seals letters is of a day yet to come; it forgets nothing.", advice
            )
        if letter is None:
            return
        letters.opened(letter, settings, at=now)
    except letters.Unopened:
        advice = "Copy the file from the machine that serves the site: see “Enquiries” in docs/operating.md."
        yield Finding(Level.WRONG, "The key that seals letters is another than theirs.", advice)
    except UnsafeSettings as error:
        yield Finding(Level.WRONG, f"Nothing can be sealed, nor what is sealed sent: {error}.")
    else:
        yield Finding(Level.OK, "The key that seals letters opens them.")


def figures() -> dict[str, tuple[str, float]]:
    """Figures of the whole site at this moment, by name, each with what it says; none where the database is silent."""
    try:
        waiting = letters.waiting()
    except SQLAlchemyError:
        return {}
    age = (clock.now() - waiting.since).total_seconds() if waiting.since is not None else 0.0
    return {
        "directory_letters_waiting": ("Letters that wait to be sent", float(waiting.number)),
        "directory_letters_oldest_seconds": ("How long the oldest of them has waited", age),
    }
