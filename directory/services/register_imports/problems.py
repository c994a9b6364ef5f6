"""What a list leaves to look at: problems of single rows, and alarms about the whole."""

from enum import StrEnum
from typing import Any, NamedTuple

from directory.lib.words import N_, Message

# So many are kept, with their lines, and so much of what a cell held.
MOST_PROBLEMS = 500
MOST_GIVEN = 120

NO_NAME = N_("There is no name. The row was not read.")
NOT_A_NAME = N_("This is no name. The row was not read.")
TOO_LONG = N_("This is longer than %(most)s characters. The row was not read.")
NOT_A_DATE = N_("This is no date. The row was not read.")
MIXED_DATES = N_("Other rows say the day first, and this one the month. The row was not read.")
BACKWARDS = N_("This ends before it begins. The row was not read.")
RAGGED = N_("The row has %(count)s cells, the headings %(headings)s. It was not read.")
TWO_NAMES = N_("This number stands beside different names, also in line %(line)s. None of these rows was read.")
LOST_DIGITS = N_("A spreadsheet has rounded this number; its digits are lost. The row was not read.")
GARBLED = N_("Letters are garbled: part of the file is in another encoding. The row was not read.")
FORMULA_IN_NAME = N_("This is a formula where a name or number belongs. The row was not read.")
REPEATED = N_("The same number and name stood in line %(line)s. The two were read as one row.")
UNKNOWN_STANDING = N_("The directory does not know this word. The row confirms nothing until somebody has looked.")
HEADINGS_AGAIN = N_("The headings stand here again. The line was not read.")


class Alarm(StrEnum):
    """Something that makes a whole file suspect: it is applied by two persons, or not."""

    FORMULAS = "formulas"
    CONTROLS = "controls"
    GARBLED = "garbled"
    TOO_LONG = "too-long"
    SWAPPED = "swapped"
    TOWNS_FOR_NAMES = "towns-for-names"
    TWO_NAMES = "two-names"
    RAGGED = "ragged"
    UNREADABLE = "unreadable"
    OTHER_BODY = "other-body"
    OTHER_SHAPE = "other-shape"
    OTHER_NAMES = "other-names"

    @property
    def label(self) -> str:
        return {
            Alarm.FORMULAS: N_("There are formulas in cells. They were left out."),
            Alarm.CONTROLS: N_("There are control characters in cells. They were taken out."),
            Alarm.GARBLED: N_("Letters are garbled: parts of the file are in different encodings."),
            Alarm.TOO_LONG: N_("There are cells far longer than what they should say."),
            Alarm.SWAPPED: N_("Names stand where numbers belong, or numbers where names do. Look at the columns."),
            Alarm.TOWNS_FOR_NAMES: N_("Towns stand where names belong. Look at the columns."),
            Alarm.TWO_NAMES: N_("A number stands beside different names."),
            Alarm.RAGGED: N_("Rows have more or fewer cells than there are headings."),
            Alarm.UNREADABLE: N_("More than one row in twenty could not be read."),
            Alarm.OTHER_BODY: N_("These people are on the register of another body: this may be its list."),
            Alarm.OTHER_SHAPE: N_("The numbers are not shaped like those of this body."),
            Alarm.OTHER_NAMES: N_("Many numbers stand beside other names than before."),
        }[self]


class Problem(NamedTuple):
    """One thing in one row. `is_left_out`: the row was not read."""

    line: int
    column: str
    given: str
    message: Message
    is_left_out: bool

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "line": self.line,
            "column": self.column,
            "given": self.given[:MOST_GIVEN],
            "text": self.message.text,
            "values": dict(self.message.values),
            "is_left_out": self.is_left_out,
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Problem":
        """The reverse."""
        message = Message(kept["text"], kept["values"])
        return cls(kept["line"], kept["column"], kept["given"], message, kept["is_left_out"])
