"""Reads a list: every row that says who somebody is, and what is wrong with the others. Knows no database.

Whole columns are looked at before single cells, so that a hundred thousand rows take less than a second.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from directory.lib.cells import LEFT_OUT_FORMULA, REMOVED_CONTROL, Remark, visible
from directory.lib.csv_files import CsvFile, Row
from directory.lib.folding import plain
from directory.lib.words import Message
from directory.models import Shown
from directory.services.register_imports import cleaning, days, problems, words
from directory.services.register_imports.columns import Columns
from directory.services.register_imports.fields import BY_NAME, DATES, KEPT
from directory.services.register_imports.numbers import number_keys
from directory.services.register_imports.problems import MOST_PROBLEMS, Alarm, Problem

# So large a part of the rows may be unreadable, or have names and numbers that look like each other.
MOST_UNREADABLE = 0.05
MOST_SWAPPED = 0.2
BETWEEN_MANY = "; "
# Few enough to stay near the processor, and to let the collector rest.
BLOCK = 250

_GARBLED = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u2122]|\u00e2\u20ac|\ufffd")
_NOT_IN_NAMES = re.compile(r"\d[^\d\x1f]*\d|@|https?:|<[a-z/]", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"(?<![^\x1f])\d(?:[.,]\d+)?E\+\d+(?![^\x1f])", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


@dataclass
class Reading:
    """The rows of a list that could be read: for each field of KEPT a column (see cleaning) with a value for each row.

    `number_keys` and `lines` (of the file) go with them. `unread` are the numbers, and the names with towns, of rows
    that could not be read: what is held of these people stays as it is.
    """

    columns: dict[str, str]
    lines: list[int]
    number_keys: list[str]
    rows: int
    problems: list[Problem] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    alarms: set[Alarm] = field(default_factory=set)
    unread: set[tuple[str, str, str]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def unreadable(self) -> int:
        """Rows that were not read."""
        return self.rows - len(self.lines) - self.kinds[problems.REPEATED]

    def cells(self) -> Iterator[tuple[str, ...]]:
        """The rows, each with its values in the order of KEPT."""
        count = len(self.lines)
        return zip(*(cleaning.split(self.columns[name], count) for name in KEPT), strict=True)


class _Bad(NamedTuple):
    """Why a row is not read."""

    field: str
    text: str
    values: dict[str, object]
    alarm: Alarm | None


def read(file: CsvFile, columns: Columns, country: str) -> Reading:
    """Read `file` by `columns`. `country` is the body's. Raises UnreadableFile."""
    return _Reader(file, columns, country).read()


class _Reader:
    """One list on its way. What is bad is marked by position, and taken out at the end."""

    def __init__(self, file: CsvFile, columns: Columns, country: str) -> None:
        self._file, self._columns, self._country = file, columns, country
        self._positions = columns.positions(file)
        self._bad: dict[int, _Bad] = {}
        self._alarms: set[Alarm] = set()
        self._problems: list[Problem] = []
        self._kinds: Counter[str] = Counter()
        self._repeated: set[int] = set()

    def read(self) -> Reading:
        self._take_cells()
        count = len(self._lines)
        self._values = {name: self._clean(name, column) for name, column in self._raw.items()}
        self._join_names()
        for name in KEPT:
            self._values.setdefault(name, cleaning.join([""] * count))
        self._check_lengths()
        self._check_names()
        self._check_days()
        self._keys = number_keys(self._values["number"], count)
        self._check_repeats()
        self._note_standings()
        return self._result(count)

    def _take_cells(self) -> None:
        """Turn rows into columns, some at a time, so that no more than these are ever kept as lists."""
        self._lines: list[int] = []
        parts: dict[str, list[str]] = {name: [] for name in BY_NAME if name in self._positions}
        rows = self._file.rows()
        while read := list(islice(rows, BLOCK)):
            block = self._without_headings(read)
            if not block:
                continue
            start = len(self._lines)
            self._lines += [row.line for row in block]
            columns = list(zip(*self._square(block, start), strict=True))
            for name, column in parts.items():
                column.append(self._joined(columns, name, start))
        self._raw = {name: cleaning.join(column) for name, column in parts.items()}

    def _without_headings(self, rows: list[Row]) -> list[Row]:
        first = self._file.headings[0]
        again = [row for row in rows if row.cells[0] == first and self._file.repeats_headings(row)]
        for row in again:
            self._note(row.line, "", "", Message(problems.HEADINGS_AGAIN))
        return [row for row in rows if row not in again] if again else rows

    def _square(self, rows: Sequence[Row], start: int) -> list[list[str]]:
        """The cells of rows from position `start` on, each as wide as the headings; those that are not are bad."""
        width = len(self._file.headings)
        cells = [row.cells for row in rows]
        if {len(one) for one in cells} == {width}:
            return cells
        for position, one in enumerate(cells):
            if len(one) < width or any(map(str.strip, one[width:])):
                count: dict[str, object] = {"count": len(one), "headings": width}
                self._mark(start + position, "", problems.RAGGED, Alarm.RAGGED, **count)
            cells[position] = [*one[:width], *[""] * (width - len(one))]
        return cells

    def _joined(self, columns: Sequence[Sequence[str]], name: str, start: int) -> str:
        """The values of some rows for a field."""
        places = self._positions[name]
        values = columns[places[0]]
        if len(places) > 1:
            parts = zip(*(columns[place] for place in places), strict=True)
            values = [BETWEEN_MANY.join(filter(None, map(str.strip, one))) for one in parts]
        joined = cleaning.join(values)
        if joined.count(cleaning.BETWEEN) == len(values) - 1:
            return joined
        self._alarms.add(Alarm.CONTROLS)
        for position, value in enumerate(values):
            if cleaning.BETWEEN in value:
                line = self._lines[start + position]
                self._note(line, self._heading(name), value, Message(REMOVED_CONTROL))
        return cleaning.join(value.replace(cleaning.BETWEEN, " ") for value in values)

    def _list(self, name: str) -> list[str]:
        return cleaning.split(self._values[name], len(self._lines))

    def _clean(self, name: str, column: str) -> str:
        def noticed(position: int, remark: Remark) -> None:
            text = remark.message.text
            if text == LEFT_OUT_FORMULA:
                self._alarms.add(Alarm.FORMULAS)
                if name in {"number", "name", "given_name", "family_name"}:
                    self._mark(position, name, problems.FORMULA_IN_NAME, Alarm.FORMULAS)
                    return
            if text == REMOVED_CONTROL:
                self._alarms.add(Alarm.CONTROLS)
            self._note(self._lines[position], self._heading(name), remark.given, remark.message)

        return cleaning.clean(column, len(self._lines), noticed)

    def _join_names(self) -> None:
        """One name of the parts, where a list has them apart."""
        if "name" in self._values:
            return
        parts = [name for name in ("given_name", "family_name") if name in self._values]
        pairs = zip(*(self._list(name) for name in parts), strict=True)
        self._values["name"] = cleaning.join(" ".join(filter(None, pair)) for pair in pairs)
        self._raw["name"], self._positions["name"] = self._raw[parts[-1]], self._positions[parts[-1]]

    def _check_lengths(self) -> None:
        for name in self._values.keys() & frozenset(KEPT):
            most = BY_NAME[name].most
            for position in cleaning.longer(self._values[name], len(self._lines), most):
                self._mark(position, name, problems.TOO_LONG, Alarm.TOO_LONG, most=most)

    def _check_names(self) -> None:
        count = len(self._lines)
        for name in ("name", "given_name", "family_name", "town", "grade"):
            for position in cleaning.holding(self._raw.get(name, ""), count, _GARBLED):
                self._mark(position, name, problems.GARBLED, Alarm.GARBLED)
        if cleaning.has_blank(self._values["name"]):
            for position in (position for position, one in enumerate(self._list("name")) if not one):
                self._mark(position, "name", problems.NO_NAME, None)
        strange = cleaning.holding(self._values["name"], count, _NOT_IN_NAMES)
        for position in strange:
            self._mark(position, "name", problems.NOT_A_NAME, None)
        for position in cleaning.holding(self._values["number"], count, _SCIENTIFIC):
            self._mark(position, "number", problems.LOST_DIGITS, None)
        wordy = sum(1 for one in self._list("number") if one and not _DIGIT.search(one))
        if max(len(strange), wordy) > MOST_SWAPPED * max(count, 1):
            self._alarms.add(Alarm.SWAPPED)

    def _check_days(self) -> None:
        """Write all days in one way. What is none makes a row bad: else somebody is valid for ever by mistake."""
        for name in DATES:
            if not cleaning.has_any(self._values[name]):
                continue
            column = self._list(name)
            found, odd = days.read(set(column), self._country)
            unread = {text for text, day in found.items() if day is None}
            written = {text: day.isoformat() if day else "" for text, day in found.items()} | {"": ""}
            for position, text in enumerate(column if unread or odd else ()):
                if text in unread:
                    self._mark(position, name, problems.NOT_A_DATE, None)
                elif text in odd:
                    self._mark(position, name, problems.MIXED_DATES, None)
            self._values[name] = cleaning.join([written[text] for text in column])
        if cleaning.has_any(self._values["valid_from"]) and cleaning.has_any(self._values["valid_to"]):
            pairs = zip(self._list("valid_from"), self._list("valid_to"), strict=True)
            for position, (begin, end) in enumerate(pairs):
                if begin and end and end < begin:
                    self._mark(position, "valid_to", problems.BACKWARDS, None)

    def _check_repeats(self) -> None:
        """A number is one person's. Rows that repeat number and name are one; other names make all of them bad."""
        blank = self._keys.count("")
        if len(set(self._keys)) == len(self._keys) - max(blank - 1, 0):
            return
        counts = Counter(self._keys)
        groups: dict[str, list[int]] = {}
        for position, key in enumerate(self._keys):
            if key and counts[key] > 1:
                groups.setdefault(key, []).append(position)
        names = self._list("name")
        lists = {name: self._list(name) for name in KEPT}
        for group in groups.values():
            if len({plain(names[position]) for position in group if position not in self._bad}) > 1:
                for position in group:
                    other = group[1] if position == group[0] else group[0]
                    self._mark(position, "number", problems.TWO_NAMES, Alarm.TWO_NAMES, line=self._lines[other])
            elif not any(position in self._bad for position in group):
                self._merge(group, lists)
        if self._repeated:
            self._values |= {name: cleaning.join(column) for name, column in lists.items()}

    def _merge(self, group: Sequence[int], lists: dict[str, list[str]]) -> None:
        """Rows of one person, such as one for each discipline, as one."""
        first, *others = group
        for position in others:
            for name, column in lists.items():
                if name == "disciplines" and column[position] not in column[first].split(BETWEEN_MANY):
                    column[first] = BETWEEN_MANY.join(filter(None, (column[first], column[position])))
                elif not column[first]:
                    column[first] = column[position]
            self._repeated.add(position)
            message = Message(problems.REPEATED, {"line": self._lines[first]})
            self._note(self._lines[position], self._heading("number"), lists["number"][position], message)

    def _note_standings(self) -> None:
        if not cleaning.has_any(self._values["standing"]):
            return
        column = self._list("standing")
        unknown = {text for text in set(column) if words.standing(text) is Shown.UNCLEAR}
        for position, text in enumerate(column if unknown else ()):
            if text in unknown:
                message = Message(problems.UNKNOWN_STANDING)
                self._note(self._lines[position], self._heading("standing"), text, message)

    def _mark(self, position: int, name: str, text: str, alarm: Alarm | None, **values: object) -> None:
        """A row is bad. The first reason counts."""
        self._bad.setdefault(position, _Bad(name, text, values, alarm))

    def _note(self, line: int, column: str, given: str, message: Message, *, is_left_out: bool = False) -> None:
        self._kinds[message.text] += 1
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(line, column, visible(given), message, is_left_out))

    def _heading(self, name: str) -> str:
        places = self._positions.get(name, ())
        return self._file.columns[places[0]] if places else ""

    def _result(self, count: int) -> Reading:
        names, towns = (self._list("name"), self._list("town")) if self._bad else ([], [])
        raw: dict[str, list[str]] = {}
        unread = set()
        for position, bad in sorted(self._bad.items()):
            if bad.alarm is not None:
                self._alarms.add(bad.alarm)
            if bad.field in self._raw and bad.field not in raw:
                raw[bad.field] = cleaning.split(self._raw[bad.field], count)
            given = raw[bad.field][position] if bad.field in raw else ""
            message = Message(bad.text, bad.values)
            self._note(self._lines[position], self._heading(bad.field), given, message, is_left_out=True)
            unread.add((self._keys[position], plain(names[position]), plain(towns[position])))
        if len(self._bad) > MOST_UNREADABLE * count:
            self._alarms.add(Alarm.UNREADABLE)
        kept = {name: self._values[name] for name in KEPT}
        lines, keys = self._lines, self._keys
        out = self._bad.keys() | self._repeated
        if out:
            good = [position for position in range(count) if position not in out]
            for name, column in kept.items():
                values = cleaning.split(column, count)
                kept[name] = cleaning.join([values[position] for position in good])
            lines, keys = [lines[position] for position in good], [keys[position] for position in good]
        return Reading(kept, lines, keys, count, self._problems, self._kinds, self._alarms, unread)
