"""The memberships of professional bodies that a row states, in columns or by letters after the name."""

import re
from collections.abc import Sequence

from directory.lib import dates
from directory.lib.cells import remark
from directory.lib.words import N_
from directory.services.listing_imports import choices
from directory.services.listing_imports.facts import ClaimSaid
from directory.services.listing_imports.row_cells import RowCells
from directory.services.listing_imports.vocabulary import Vocabulary

LONGEST = 60
LONGEST_CELL = 300

FROM_LETTERS = N_("A membership was read from these letters.")
NUMBER_WITHOUT_BODY = N_("There is a grade or number of a membership, but no body. They were left out.")
NUMBER_OF_FIRST = N_("Several bodies, but one number. It was taken to belong to the first.")
LOST_DIGITS = N_("The spreadsheet has rounded this number; its digits are lost. It was left out.")

_SEPARATORS = re.compile(r"[;|\n]+|,\s+|\s/\s|\s&\s")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)

# The id of the body, or its name as it was written; never both.
_Body = tuple[str | None, str | None]


def read(cells: RowCells, letters: Sequence[str], country: str, vocabulary: Vocabulary) -> tuple[ClaimSaid, ...]:
    """What is stated; `letters` are those after the name. Number and date belong to the body that is named first."""
    grade, number = cells.line_of("grade", LONGEST) or None, cells.line_of("number", LONGEST) or None
    if number and _SCIENTIFIC.fullmatch(number):
        cells.warn("number", number, "", LOST_DIGITS)
        number = None
    until, remarks = dates.parse(said) if (said := cells.line_of("until", LONGEST)) else (None, ())
    cells.take("until", remarks)
    bodies = _named(cells, country, vocabulary)
    _add_letters(bodies, cells, (*letters, *([grade] if grade else [])), country, vocabulary)
    if not bodies:
        if grade or number:
            cells.warn("number" if number else "grade", number or grade or "", "", NUMBER_WITHOUT_BODY)
        return ()
    if len(bodies) > 1 and number:
        cells.warn("number", number, number, NUMBER_OF_FIRST)
    return tuple(
        ClaimSaid(*body, own or grade, number, until) if position == 0 else ClaimSaid(*body, own, None, None)
        for position, (body, own) in enumerate(bodies.items())
    )


def _named(cells: RowCells, country: str, vocabulary: Vocabulary) -> dict[_Body, str | None]:
    """The bodies of the column, each with the letters that stand beside its name."""
    bodies: dict[_Body, str | None] = {}
    said = cells.text("body", LONGEST_CELL)
    if not said or choices.yes(said) is not None:
        return bodies
    for line in said.split("\n"):
        is_one = vocabulary.body(line.strip(), country)[0] is not None
        for piece in [line] if is_one else _SEPARATORS.split(line):
            if piece.strip():
                body_id, body_name, remarks = vocabulary.body(piece.strip(), country)
                cells.take("body", remarks)
                bodies.setdefault((body_id, body_name), _letters_in(piece, body_id, country, vocabulary))
    return bodies


def _letters_in(piece: str, body_id: str | None, country: str, vocabulary: Vocabulary) -> str | None:
    """Letters that stand for the body, or beside it, as in "Shiatsu Society (MRSS)"."""
    for word in re.split(r"[\s,;]+", piece):
        for letters in (word, word.strip("()")):
            if body_id is not None and vocabulary.body_of_letters(letters, country) == body_id:
                return letters
    return None


def _add_letters(
    bodies: dict[_Body, str | None], cells: RowCells, letters: Sequence[str], country: str, vocabulary: Vocabulary
) -> None:
    for written in letters:
        body_id = vocabulary.body_of_letters(written, country)
        if body_id is None:
            continue
        body = (body_id, None)
        if body not in bodies:
            name = vocabulary.bodies[body_id].name
            cells.take("name" if cells.text("grade") != written else "grade", (remark(written, name, FROM_LETTERS),))
        bodies[body] = bodies.get(body) or written
