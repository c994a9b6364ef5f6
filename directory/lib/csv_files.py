"""Reads a CSV file as people save it: any of the usual encodings and separators, with the line numbers of the file.

A file that cannot be read as a whole raises UnreadableFile, with one sentence that says what to do.
"""

import csv
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from directory.lib import cells, encodings
from directory.lib.encodings import UnreadableFile
from directory.lib.words import N_, Message

__all__ = ["CsvFile", "Row", "UnreadableFile", "new_file", "open_csv"]

MAX_BYTES = 100_000_000
MAX_COLUMNS = 50
MAX_ROWS = 200_000
MAX_FIELD = 10_000
MAX_LINES_OF_A_ROW = 500
SEPARATORS = ",;\t|"
SAMPLE = 65_536
LOOK_AHEAD = 10
ENOUGH_COLUMNS = 6

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)

NOT_CLOSED = N_("Line %(line)s: a quotation mark is opened here and never closed. Correct it and try again.")
NUL_FOUND = N_("Line %(line)s: there is a NUL character. The file is damaged, or it is not a CSV file.")


class Row(NamedTuple):
    """One row, with the line of the file on which it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class CsvFile:
    """A file whose encoding, separator and headings are known."""

    path: Path
    encoding: str
    separator: str
    columns: list[str]
    headings: list[str]
    header_line: int
    notes: tuple[Message, ...]

    def rows(self) -> Iterator[Row]:
        """Every row below the headings that is not blank. Raises UnreadableFile."""
        count = 0
        for row in _records(self.path, self.encoding, self.separator):
            if row.line <= self.header_line or not any(cell.strip() for cell in row.cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise UnreadableFile(
                    N_("The file has more than %(limit)s rows. Cut it in parts and import one after the other."),
                    limit=MAX_ROWS,
                )
            yield row

    def repeats_headings(self, row: Row) -> bool:
        """Whether the row only says the headings again, as in files that were put together from several."""
        given = [cell.strip() for cell in row.cells]
        return given[: len(self.headings)] == [heading.strip() for heading in self.headings]


def open_csv(path: Path, *, encoding: str | None = None, separator: str | None = None) -> CsvFile:
    """Find out how `path` is written, and read its headings. What is given is not guessed.

    Raises UnreadableFile.
    """
    notes: list[Message] = []
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(N_("The file is larger than %(limit)s MB."), limit=MAX_BYTES // 1_000_000)
        encoding, note = encodings.find(path, encoding)
    except OSError as error:
        raise UnreadableFile(N_("The file cannot be opened: %(why)s."), why=error.strerror or str(error)) from None
    notes += [note] if note else []
    separator = separator or _separator(path, encoding)
    first = list(
        islice((row for row in _records(path, encoding, separator) if any(map(str.strip, row.cells))), LOOK_AHEAD)
    )
    if first and _SEPARATOR_LINE.fullmatch(separator.join(first[0].cells).strip()):
        del first[0]
    if not first:
        raise UnreadableFile(N_("The file is empty."))
    header = _header(first)
    notes += [
        Message(N_("Line %(line)s stands above the headings and was not read."), {"line": row.line})
        for row in first
        if row.line < header.line
    ]
    return CsvFile(path, encoding, separator, _columns(header.cells), header.cells, header.line, tuple(notes))


def _records(path: Path, encoding: str, separator: str) -> Iterator[Row]:
    """Every record of the file with its first line, blank ones as well."""
    recent: list[str] = []
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(_lines(file, recent), delimiter=separator)
            start = 1
            for record in reader:
                if len(recent) > MAX_LINES_OF_A_ROW:
                    raise UnreadableFile(NOT_CLOSED, line=start)
                if len(record) > MAX_COLUMNS and any(cell.strip() for cell in record[MAX_COLUMNS:]):
                    raise UnreadableFile(
                        N_("Line %(line)s has more than %(limit)s columns."), line=start, limit=MAX_COLUMNS
                    )
                yield Row(start, record)
                last, start = start, reader.line_num + 1
                ending = list(recent)
                recent.clear()
            if start > 1 and _is_cut_short(ending, separator):
                raise UnreadableFile(NOT_CLOSED, line=last)
    except UnicodeError:
        raise UnreadableFile(
            N_("The file cannot be read as %(encoding)s. Save it again as “CSV UTF-8”."), encoding=encoding
        ) from None
    except csv.Error:
        raise UnreadableFile(NOT_CLOSED, line=start) from None


def _lines(file: Iterable[str], recent: list[str]) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        if "\0" in line:
            raise UnreadableFile(NUL_FOUND, line=number)
        recent.append(line)
        yield line


def _is_cut_short(lines: Sequence[str], separator: str) -> bool:
    """Whether the last record ends inside quotation marks, and has so swallowed the rest of the file."""
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _separator(path: Path, encoding: str) -> str:
    """The separator under which the first rows agree on the number of columns, and have several."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(SAMPLE)
    except UnicodeError:
        sample = ""
    said = _SEPARATOR_LINE.match(sample.lstrip("\ufeff"))
    if said and said[1] in SEPARATORS:
        return said[1]
    return max(SEPARATORS, key=lambda separator: (_agreement(sample, separator), -SEPARATORS.index(separator)))


def _agreement(sample: str, separator: str) -> float:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    widths = [len(row) for row in islice(reader, 30) if any(row)]
    if len(widths) > 1 and len(sample) == SAMPLE:
        widths.pop()  # It may have been cut.
    usual, rows = max(Counter(widths).items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    # Agreement counts for more than columns: a list inside one cell has many separators, in that row.
    return (rows / len(widths)) ** 2 * min(usual, ENOUGH_COLUMNS) if usual > 1 else 0.0


def _header(first: Sequence[Row]) -> Row:
    """The first row that is at least half as full as the fullest: a title above the headings has one cell or two."""
    filled = [sum(1 for cell in row.cells if cell.strip()) for row in first]
    return next(row for row, count in zip(first, filled, strict=True) if count * 2 >= max(filled))


def _columns(headings: Sequence[str]) -> list[str]:
    """A name for every column, each once: `Email`, `Email (2)`, `(column G)`."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for position, heading in enumerate(headings):
        name = cells.one_line(cells.clean(heading)[0])[:100] or f"(column {_letters(position)})"
        seen[name] += 1
        while seen[name] > 1 or name in names:
            name = f"{name} ({seen[name]})"
            seen[name] += 1
        names.append(name)
    while len(names) > 1 and not headings[len(names) - 1].strip():
        names.pop()
    return names


def _letters(position: int) -> str:
    """The name of a column in a spreadsheet: A to Z, AA and on."""
    before, letter = divmod(position, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + letter)


@contextmanager
def new_file(path: Path, headings: Sequence[str]) -> Iterator[Callable[[Sequence[object]], None]]:
    """Write a CSV file that a spreadsheet opens well and only its owner may read. It is there as a whole, or not."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            yield lambda values: writer.writerow([cells.disarm(str(value)) for value in values])
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
