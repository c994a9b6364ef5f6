"""A statement beside rows of a register: line by line, with what differs marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from directory.lib import word_differences
from directory.lib.folding import plain
from directory.lib.word_differences import Piece
from directory.lib.words import N_
from directory.models.claims import number_key

Compare = Callable[[str, str], tuple[list[Piece], list[Piece]]]


@dataclass(frozen=True)
class Cell:
    """What a row shows on one line. `agrees` is None where the practitioner said nothing to compare it with."""

    text: str
    pieces: Sequence[Piece]
    agrees: bool | None


@dataclass(frozen=True)
class Line:
    """One thing that both may show: what the practitioner says, and each row."""

    label: str
    said: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Side:
    """What one side shows, each as the page writes it; blank where it shows nothing. Several lines: any may agree."""

    number: str
    names: str
    grade: str
    disciplines: str
    towns: str
    areas: str
    valid: str
    says: str


# The label, the attribute, how to tell what differs, and when two are the same.
LINES: tuple[tuple[str, str, Compare, Callable[[str], str]], ...] = (
    (N_("Number"), "number", word_differences.compare_letters, number_key),
    (N_("Name"), "names", word_differences.compare, plain),
    (N_("Grade"), "grade", word_differences.compare, plain),
    (N_("For"), "disciplines", word_differences.compare, plain),
    (N_("Place"), "towns", word_differences.compare, plain),
    (N_("Postcode area"), "areas", word_differences.compare_letters, plain),
    (N_("Valid to"), "valid", word_differences.compare, plain),
    (N_("The register says"), "says", word_differences.compare, plain),
)


def compared(said: Side, rows: Sequence[Side]) -> list[Line]:
    """The lines of the table. A line that nobody fills is left out."""
    found = []
    for label, name, compare, key in LINES:
        ours, theirs = getattr(said, name), [getattr(row, name) for row in rows]
        if ours or any(theirs):
            found.append(Line(label, ours, [_cell(ours, one, compare, key) for one in theirs]))
    return found


def _cell(ours: str, theirs: str, compare: Compare, key: Callable[[str], str]) -> Cell:
    if not ours or not theirs:
        return Cell(theirs, [Piece(theirs, differs=False)] if theirs else [], None)
    options = ours.split("\n")
    if key(theirs) in {key(one) for one in options}:
        return Cell(theirs, [Piece(theirs, differs=False)], agrees=True)
    # Marked against what comes nearest: the fewest letters marked.
    marked = min((compare(one, theirs)[1] for one in options), key=_letters_marked)
    return Cell(theirs, marked, agrees=False)


def _letters_marked(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.differs)
