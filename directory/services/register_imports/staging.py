"""Takes a file in: looked at, its hash and its pieces kept, and nothing changed yet."""

import datetime as dt
import hashlib
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select

from directory.db import db, locked, pause
from directory.lib import clock, csv_files, tokens
from directory.lib.csv_files import CsvFile, UnreadableFile
from directory.lib.words import N_, Message
from directory.models import (
    Account,
    Body,
    DirectoryError,
    ImportState,
    InvalidTransition,
    NotFound,
    Register,
    RegisterFile,
    RegisterImport,
    RegisterStep,
)
from directory.services import bodies, events, registers
from directory.services.register_imports import reading
from directory.services.register_imports.columns import Columns, choose, of_form
from directory.services.register_imports.reading import Reading

MOST_BYTES = 50_000_000
PIECE = 1_000_000
# Looked at in a moment, and compressed as far as that costs nothing.
_LEVEL = 1

TOO_LARGE = N_("The file is larger than %(limit)s MB.")
NOTHING_READ = N_("No row of the file could be read. Look at the columns, and at the report.")
IN_FUTURE = N_("The date of the list has not come yet.")
OLDER = N_("The list of %(latest)s is held already, and this one is of %(day)s. Say that it is older on purpose.")
GONE = N_("The file is not kept any more. Bring it again.")


class Refused(DirectoryError):
    """A file of which nothing can be taken in; `message` says why. `reading` is there when its rows were looked at."""

    def __init__(self, message: Message, found: Reading | None = None) -> None:
        super().__init__(message.text % message.values)
        self.message, self.reading = message, found


@dataclass(frozen=True)
class Brought:
    """A file, and what somebody says of it. `listed_on` None: today, or the date under which it is held already.

    `columns` are headings by field, where somebody says so; `is_older`: it is older than the latest list on purpose.
    """

    content: bytes
    name: str
    source_url: str | None = None
    listed_on: dt.date | None = None
    permission: str = ""
    columns: Mapping[str, Sequence[str]] | None = None
    is_older: bool = False


def stage(body_id: str, brought: Brought, *, by: Account | None, at: dt.datetime) -> RegisterImport:
    """Look at a list of a body and keep it until somebody decides. Ends the transaction that is open.

    A file that is held already, or waits, with the same date, is not taken in again: that import is returned. Raises
    NotFound for an unknown body, and Refused.
    """
    body = bodies.get(body_id)
    register = registers.find_register(body_id)
    kept = register.columns if register else None
    held = registers.lists(body_id)
    if len(brought.content) > MOST_BYTES:
        raise Refused(Message(TOO_LARGE, {"limit": MOST_BYTES // 1_000_000}))
    digest = hashlib.sha256(brought.content).hexdigest()
    same = _find_same(body_id, digest, brought)
    if same is not None:
        return same
    listed_on = brought.listed_on or clock.day_of(at)
    if listed_on > clock.day_of(at) + dt.timedelta(days=1):
        raise Refused(Message(IN_FUTURE))
    is_older = held.latest is not None and listed_on < held.latest
    if is_older and not brought.is_older:
        raise Refused(Message(OLDER, {"latest": held.latest, "day": listed_on}))
    pause()
    columns, found = _read(body, brought, kept)
    pieces = _pieces(brought.content)
    if register is None:
        register = _new_register(body_id, brought, at)
    import_ = RegisterImport(
        body_id=body_id,
        state=ImportState.STAGED,
        name=brought.name[:200],
        digest=digest,
        size=len(brought.content),
        listed_on=listed_on,
        is_older=is_older,
        source_url=brought.source_url or register.source_url,
        permission=brought.permission or register.permission,
        columns={field: list(headings) for field, headings in columns.fields.items()},
        columns_are_sure=columns.is_sure,
        counts=_counts(found),
        report=[one.to_json() for one in found.problems],
        staged_at=at,
        staged_by_id=by.id if by else None,
    )
    db.session.add(import_)
    db.session.flush()
    db.session.add_all(RegisterFile(import_id=import_.id, position=n, content=one) for n, one in enumerate(pieces))
    db.session.flush()
    events.record("register-staged", at=at, by=by, body=body_id, import_id=import_.id, rows=found.rows)
    return import_


def choose_columns(
    import_: RegisterImport, said: Mapping[str, str | Sequence[str]], *, by: Account | None, at: dt.datetime
) -> None:
    """Read a list that waits by the columns that a person chose. Ends the transaction that is open.

    Raises Refused, and InvalidTransition where it is decided already.
    """
    if import_.state is not ImportState.STAGED:
        raise InvalidTransition("this list is decided, or waits for a second person")
    body = bodies.get(import_.body_id)
    content = content_of(import_)
    pause()
    with opened(content) as file:
        try:
            columns = of_form(said, file)
            found = reading.read(file, columns, body.country)
        except UnreadableFile as error:
            raise Refused(error.message) from None
    _refuse_nothing(found)
    import_ = lock(import_.id)
    if import_.state is not ImportState.STAGED:
        raise InvalidTransition("this list was decided meanwhile")
    import_.columns = {field: list(headings) for field, headings in columns.fields.items()}
    import_.columns_are_sure = True
    import_.counts, import_.report = _counts(found), [one.to_json() for one in found.problems]
    events.record("register-columns-chosen", at=at, by=by, body=import_.body_id, import_id=import_.id)
    db.session.flush()


def get(import_id: int) -> RegisterImport:
    """A list that somebody brought. Raises NotFound."""
    found = db.session.get(RegisterImport, import_id)
    if found is None:
        raise NotFound(f"no import {import_id}")
    return found


def lock(import_id: int) -> RegisterImport:
    """The same as it is now, and for nobody else to change before the end of the transaction."""
    return db.session.scalars(locked(select(RegisterImport).where(RegisterImport.id == import_id))).one()


def content_of(import_: RegisterImport) -> bytes:
    """The file of a list that waits. Raises Refused when it is not kept any more."""
    query = select(RegisterFile.content).where(RegisterFile.import_id == import_.id).order_by(RegisterFile.position)
    pieces = db.session.scalars(query).all()
    if not pieces:
        raise Refused(Message(GONE))
    return zlib.decompress(b"".join(pieces))


def forget_file(import_: RegisterImport) -> None:
    """Keep the rows that were taken in, and the hash; not the file, in which there may be more than we need."""
    db.session.execute(delete(RegisterFile).where(RegisterFile.import_id == import_.id))


@contextmanager
def opened(content: bytes) -> Iterator[CsvFile]:
    """A file as rows. Raises Refused when it cannot be read as a whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        try:
            yield csv_files.open_csv(path)
        except UnreadableFile as error:
            raise Refused(error.message) from None


def read_again(import_: RegisterImport, content: bytes, body: Body) -> Reading:
    """The rows of a list by the columns that were chosen for it. Raises Refused."""
    fields = {field: tuple(headings) for field, headings in import_.columns.items()}
    with opened(content) as file:
        return reading.read(file, Columns(fields, is_sure=True), body.country)


def _find_same(body_id: str, digest: str, brought: Brought) -> RegisterImport | None:
    """The import of the very same file that is held or waits, unless somebody says that it is of another day."""
    query = select(RegisterImport).where(
        RegisterImport.body_id == body_id,
        RegisterImport.digest == digest,
        RegisterImport.state.in_([ImportState.STAGED, ImportState.WAITING, ImportState.APPLIED]),
    )
    for one in db.session.scalars(query.order_by(RegisterImport.id.desc())):
        if brought.listed_on in {None, one.listed_on} and _says_the_same(one, brought.columns) and _counts_still(one):
            return one
    return None


def _counts_still(import_: RegisterImport) -> bool:
    """Whether no other list of the same day was applied after it, to correct it."""
    if import_.applied_at is None:
        return True
    query = (
        select(RegisterStep.import_id)
        .join(RegisterImport, RegisterImport.id == RegisterStep.import_id)
        .where(
            RegisterImport.body_id == import_.body_id,
            RegisterImport.listed_on == import_.listed_on,
            RegisterImport.state == ImportState.APPLIED,
        )
        .order_by(RegisterStep.number.desc())
        .limit(1)
    )
    return db.session.scalar(query) == import_.id


def _says_the_same(import_: RegisterImport, said: Mapping[str, Sequence[str]] | None) -> bool:
    """Whether the columns that somebody names are those by which a list was read."""
    if not said:
        return True
    same = all(list(import_.columns.get(field, ())) == list(headings) for field, headings in said.items())
    return same and import_.columns_are_sure


def _read(body: Body, brought: Brought, kept: Mapping[str, Sequence[str]] | None) -> tuple[Columns, Reading]:
    with opened(brought.content) as file:
        columns = choose(file, kept, brought.columns)
        found = reading.read(file, columns, body.country)
    _refuse_nothing(found)
    return columns, found


def _refuse_nothing(found: Reading) -> None:
    if not len(found):
        raise Refused(Message(NOTHING_READ), found)


def _pieces(content: bytes) -> list[bytes]:
    packed = zlib.compress(content, _LEVEL)
    return [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]


def _counts(found: Reading) -> dict[str, object]:
    return {
        "rows": found.rows,
        "read": len(found),
        "unreadable": found.unreadable,
        "kinds": dict(found.kinds),
        "alarms": sorted(alarm.value for alarm in found.alarms),
    }


def _new_register(body_id: str, brought: Brought, at: dt.datetime) -> Register:
    register = Register(
        body_id=body_id,
        columns={},
        permission=brought.permission,
        source_url=brought.source_url,
        confirms_automatically=False,
        key=hashlib.sha256(tokens.secret().encode()).digest(),
        changed_at=at,
    )
    db.session.add(register)
    db.session.flush()
    return register
