"""The cells of one row, by what they say, with everything that is wrong with them."""

from collections.abc import Mapping, Sequence

from directory.lib import cells
from directory.lib.cells import Remark
from directory.lib.csv_files import MAX_FIELD, Row
from directory.lib.words import N_, Message
from directory.services.listing_imports.facts import Problem, Severity

TOO_LONG = N_("This is longer than %(most)s characters.")


class RowCells:
    """Gives the clean value of a field, and collects problems."""

    def __init__(self, row: Row, columns: Mapping[str, Sequence[int]], names: Sequence[str]) -> None:
        self.line = row.line
        self.problems: list[Problem] = []
        self.is_refused = False
        self._cells = row.cells
        self._columns = columns
        self._names = names
        self._said: dict[str, str] = {}

    def has(self, field: str) -> bool:
        """Whether there is a column for it."""
        return field in self._columns

    def text(self, field: str, most: int = MAX_FIELD) -> str:
        """The value, on several lines where it has them; several columns follow each other. "" where there is none.

        What is wrong with the cell is said once; `most` counts the first time.
        """
        positions = self._columns.get(field)
        if positions is None:
            return ""
        said = self._said.get(field)
        if said is None:
            said = "\n".join(filter(None, (self._value(position, most) for position in positions)))
            self._said[field] = said
        return said

    def line_of(self, field: str, most: int) -> str:
        """The value on one line."""
        text = self.text(field, most)
        return cells.one_line(text) if "\n" in text else text

    def _value(self, position: int, most: int) -> str:
        raw = self._cells[position] if position < len(self._cells) else ""
        if not raw:
            return ""
        if len(raw) > MAX_FIELD:
            self._add(
                self._names[position], cells.visible(raw), "", Message(TOO_LONG, {"most": MAX_FIELD}), Severity.REFUSED
            )
            return ""
        text, remarks = cells.clean(raw)
        for given, understood, message in remarks:
            self._add(self._names[position], given, understood, message, Severity.WARNING)
        if len(text) > most:
            self._add(
                self._names[position], cells.visible(raw), "", Message(TOO_LONG, {"most": most}), Severity.REFUSED
            )
            return ""
        return text

    def take(self, field: str, remarks: Sequence[Remark], severity: Severity = Severity.WARNING) -> None:
        """Put remarks about a field into the report."""
        for given, understood, message in remarks:
            self._add(self.column(field), given, understood, message, severity)

    def warn(self, field: str, given: str, understood: str, text: str, **values: object) -> None:
        """The row is imported, and somebody should look at this."""
        self._add(self.column(field), given, understood, Message(text, values), Severity.WARNING)

    def refuse(self, field: str, given: str, text: str, **values: object) -> None:
        """The row is not imported."""
        self._add(self.column(field), given, "", Message(text, values), Severity.REFUSED)

    def column(self, field: str) -> str:
        """The heading of its column in the file."""
        positions = self._columns.get(field)
        return self._names[positions[0]] if positions else ""

    def _add(self, column: str, given: str, understood: str, message: Message, severity: Severity) -> None:
        self.is_refused = self.is_refused or severity is Severity.REFUSED
        self.problems.append(Problem(self.line, column, cells.visible(given), understood, message, severity))
