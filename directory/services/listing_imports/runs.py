"""Imports an operator's spreadsheet: looks first, then writes all of it or nothing.

A row is known again by its source and its key. The same row again changes nothing; a changed row changes its listing; a
row that is gone is reported, and its listing stays. A listing that its practitioner looks after is left alone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from directory.config import Settings
from directory.db import db
from directory.lib.csv_files import CsvFile
from directory.lib.fingerprints import fingerprint
from directory.lib.folding import plain
from directory.lib.words import N_, Message
from directory.models import DirectoryError, ImportedRow, ListingState, Origin, PracticePlace, Practitioner
from directory.services import erasures, events, ledger
from directory.services.listing_imports.columns import ColumnMapping
from directory.services.listing_imports.facts import Identity, Problem, Reading, Severity
from directory.services.listing_imports.rows import RowReader
from directory.services.listing_imports.vocabulary import Vocabulary
from directory.services.listing_imports.writes import Change, Writer, much_memory

Report = Callable[[Problem], None]

IMPORT_LOCK = 7_282_102  # any number that nothing else in the database uses
EXAMPLES = 3
LEFT_ALONE_STATES = (ListingState.SUSPENDED, ListingState.WITHDRAWN)

SAME_ROW = N_("The same as line %(line)s. It was read once.")
SAME_PERSON = N_("The same person as line %(line)s, with other details. Put both in one row, or give each a reference.")
SAME_EMAIL = N_(
    "The same e-mail address as line %(line)s, for another name. Give each person a reference of their own."
)
HEADINGS_AGAIN = N_("The headings stand here once more. The row was passed over.")
OWN_HANDS = N_("The practitioner looks after this listing now. It was left as it is.")
LEFT_ALONE = N_("This listing is withdrawn or suspended. It was left as it is.")
ALREADY_THERE = N_("A listing of this name and e-mail address is already there, and not from this source.")
KEY_MOVED = N_("Known by another key until now; taken for the same person.")
LEFT = N_("This person asked to be erased here. Take the row out of your list, or ask them.")
GONE = N_("Not in the file any more. The listing stays as it is.")


class RowsRefused(DirectoryError):
    """Rows were refused, and all was wanted or nothing. Nothing is to be kept."""

    def __init__(self, summary: "Summary") -> None:
        self.summary = summary
        super().__init__(f"{summary.refused} rows were refused, so nothing was imported")


@dataclass
class Summary:
    """What an import did, or would do."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    kept: int = 0
    refused: int = 0
    gone: int = 0
    kinds: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    examples: dict[tuple[Severity, str], list[Problem]] = field(default_factory=dict)

    def note(self, problem: Problem) -> None:
        """Count a problem, and keep the first of its kind as examples."""
        kind = (problem.severity, problem.message.text)
        self.kinds[kind] += 1
        if self.kinds[kind] <= EXAMPLES:
            self.examples.setdefault(kind, []).append(problem)


class _Known(NamedTuple):
    """A listing that came from this source before."""

    digest: str
    practitioner_id: int
    refusal: str | None


class _Seen(NamedTuple):
    line: int
    digest: bytes
    name: int | None


def check(
    file: CsvFile, mapping: ColumnMapping, *, source: str, settings: Settings, today: dt.date, report: Report
) -> Summary:
    """Say what importing `file` would do. Writes nothing. Raises UnreadableFile."""
    return _Run(file, mapping, source, settings, today, report, None).go()


def apply(
    file: CsvFile,
    mapping: ColumnMapping,
    *,
    source: str,
    settings: Settings,
    today: dt.date,
    at: dt.datetime,
    report: Report,
    all_or_nothing: bool = False,
) -> Summary:
    """Import `file` in the transaction of the caller, who keeps it only if nothing is raised.

    Raises UnreadableFile; RowsRefused with `all_or_nothing`; DirectoryError when another import is going on.
    """
    _be_alone()
    try:
        with much_memory():
            summary = _Run(file, mapping, source, settings, today, report, at).go()
    except IntegrityError as error:
        if ImportedRow.__tablename__ not in str(error.orig):
            raise
        raise DirectoryError("another import was going on; nothing was imported, try again") from None
    if all_or_nothing and summary.refused:
        raise RowsRefused(summary)
    if summary.new or summary.changed:
        # One line for all of them: an operator at the machine decided once.
        events.record("listings-imported", at=at, new=summary.new, changed=summary.changed)
        ledger.append("listings-imported", at=at, by=None, new=summary.new, changed=summary.changed)
    return summary


def _be_alone() -> None:
    """Two imports at once would both find the same row new. A writing transaction of SQLite is alone anyhow."""
    if db.engine.dialect.name == "postgresql" and not db.session.scalar(
        text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": IMPORT_LOCK}
    ):
        raise DirectoryError("another import is going on; nothing was imported, try again")


class _Run:
    """One pass over a file."""

    def __init__(
        self,
        file: CsvFile,
        mapping: ColumnMapping,
        source: str,
        settings: Settings,
        today: dt.date,
        report: Report,
        at: dt.datetime | None,
    ) -> None:
        vocabulary = Vocabulary(settings.country, settings.countries)
        self._file, self._source, self._report = file, source, report
        self._reader = RowReader(file, mapping, settings, vocabulary, today, source)
        self._writer = Writer(vocabulary, at, today) if at is not None else None
        self._summary = Summary()
        self._seen: dict[str, _Seen] = {}
        self._met: set[int] = set()
        self._load_known()

    def go(self) -> Summary:
        for row in self._file.rows():
            if self._file.repeats_headings(row):
                self._say(Problem(row.line, "", "", "", Message(HEADINGS_AGAIN), Severity.WARNING))
                continue
            self._summary.rows += 1
            self._take(self._reader.read(row))
        if self._writer is not None:
            self._writer.flush()
        self._say_what_is_gone()
        return self._summary

    def _load_known(self) -> None:
        """What this source made before, and who else is in the directory, by small numbers."""
        self._known: dict[str, _Known] = {}
        self._left = erasures.LeftRows()
        self._by_email: dict[int, str | None] = {}
        self._by_place: dict[int, str | None] = {}
        keys: dict[int, str] = {}
        made = db.session.execute(
            select(ImportedRow.key, ImportedRow.digest, Practitioner.id, Practitioner.confirmed_on, Practitioner.state)
            .join(Practitioner, Practitioner.id == ImportedRow.practitioner_id)
            .where(ImportedRow.key.startswith(f"{self._source}:", autoescape=True))
        )
        for key, digest, id_, confirmed_on, state in made:
            refusal = OWN_HANDS if confirmed_on is not None else LEFT_ALONE if state in LEFT_ALONE_STATES else None
            self._known[key] = _Known(digest, id_, refusal)
            keys[id_] = key
        people = db.session.execute(
            select(
                Practitioner.id,
                Practitioner.contact_email,
                Practitioner.name_key,
                PracticePlace.postcode_area,
                PracticePlace.town,
            )
            .outerjoin(PracticePlace, PracticePlace.practitioner_id == Practitioner.id)
            .where(Practitioner.origin != Origin.DEMO)
        )
        for id_, email, name_key, area, town in people:
            if email:
                self._by_email[fingerprint(email.casefold(), name_key)] = keys.get(id_)
            if id_ in keys:
                place = fingerprint(name_key, plain(area or town or ""))
                # Two of one name in one place: neither is taken for the other.
                self._by_place[place] = keys[id_] if not email and place not in self._by_place else None

    def _take(self, reading: Reading) -> None:
        for problem in reading.problems:
            self._say(problem)
        listing, identity = reading.listing, reading.identity
        if listing is None or identity is None:
            self._summary.refused += 1
            if identity is not None:
                self._meet(identity.key)
            return
        digest = listing.digest()
        if self._is_repeated(reading, identity, digest):
            return
        key = self._key_of(reading, identity)
        if key is None:
            return
        known = self._known.get(key)
        self._meet(key)
        if known is not None and known.refusal is not None and known.digest != digest:
            self._summary.kept += 1
            self._warn(reading, listing.name, known.refusal)
        elif known is not None and known.digest == digest and key == identity.key:
            self._summary.unchanged += 1
        else:
            self._summary.new += known is None
            self._summary.changed += known is not None
            if self._writer is not None:
                practitioner_id = known.practitioner_id if known else None
                self._writer.add(Change(identity.key, digest, listing, practitioner_id, key if known else None))

    def _is_repeated(self, reading: Reading, identity: Identity, digest: str) -> bool:
        """Whether an earlier row has the same key. The same in all is passed over; anything else is refused."""
        short, name = bytes.fromhex(digest[:32]), fingerprint(plain(reading.listing.name)) if reading.listing else None
        earlier = self._seen.setdefault(identity.key, _Seen(reading.line, short, name))
        if earlier.line == reading.line:
            return False
        given = reading.listing.name if reading.listing else ""
        if earlier.digest == short:
            self._summary.repeated += 1
            self._warn(reading, given, SAME_ROW, line=earlier.line)
        else:
            self._summary.refused += 1
            text = SAME_PERSON if earlier.name == name else SAME_EMAIL
            self._say(Problem(reading.line, "", given, "", Message(text, {"line": earlier.line}), Severity.REFUSED))
        return True

    def _key_of(self, reading: Reading, identity: Identity) -> str | None:
        """The key under which the row is known; its own where it is new; None where it must not come in.

        Who adds references or e-mail addresses to a list changes its keys, and must not get everybody twice.
        """
        if identity.key in self._known:
            return identity.key
        name = reading.listing.name if reading.listing else ""
        if self._left.has(identity.key, identity.email_and_name):
            self._summary.refused += 1
            self._say(Problem(reading.line, "", name, "", Message(LEFT), Severity.REFUSED))
            return None
        by_email = (
            self._by_email.get(identity.email_and_name, identity.key) if identity.email_and_name else identity.key
        )
        if by_email is None:
            self._summary.refused += 1
            self._say(Problem(reading.line, "", name, "", Message(ALREADY_THERE), Severity.REFUSED))
            return None
        older = by_email if by_email != identity.key else self._by_place.get(identity.name_and_place or 0)
        if older is None or self._known[older].practitioner_id in self._met:
            return identity.key
        self._warn(reading, name, KEY_MOVED)
        return older

    def _meet(self, key: str) -> None:
        if key in self._known:
            self._met.add(self._known[key].practitioner_id)

    def _say_what_is_gone(self) -> None:
        gone = sorted(known.practitioner_id for known in self._known.values() if known.practitioner_id not in self._met)
        self._summary.gone = len(gone)
        for start in range(0, len(gone), 500):
            names = (
                select(Practitioner.name)
                .where(Practitioner.id.in_(gone[start : start + 500]))
                .order_by(Practitioner.id)
            )
            for name in db.session.scalars(names):
                self._say(Problem(None, "", name, "", Message(GONE), Severity.NOTE))

    def _warn(self, reading: Reading, given: str, text: str, **values: object) -> None:
        self._say(Problem(reading.line, "", given, "", Message(text, values), Severity.WARNING))

    def _say(self, problem: Problem) -> None:
        self._summary.note(problem)
        self._report(problem)
