"""tsubo registers match: a list of people beside the list of a body."""

import csv
import datetime as dt
import gc
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from directory.cli.registers import registers
from directory.db import mode
from directory.http.words import plain_message
from directory.lib import cells, csv_files, dates
from directory.lib.csv_files import CsvFile, UnreadableFile
from directory.models import DirectoryError
from directory.services import bodies, matching
from directory.services.matching import Answer, Index, Person, Verdict

__all__ = ["registers"]

ASKED = ("id", "name", "number", "town", "on")
ANSWERED = ("id", "verdict", "register_number", "register_name", "reasons")
LONGEST_NAME = 200


class _Row(NamedTuple):
    id: str
    person: Person
    on: dt.date | None
    problem: str


@registers.command("match")
@click.argument("body")
@click.argument("file", type=click.Path(path_type=Path))
def match_command(body: str, file: Path) -> None:
    """Look for the people of a CSV file on the list of a body, and print CSV.

    FILE has the columns id, name, number, town and on; the last three may be empty. `on` is a day; without it the
    newest list counts. Each row gives one line, in order: id, verdict, register_number, register_name, reasons.
    Verdicts are match, possible, ambiguous, was-listed, not-found and bad-row. Only a match has both the number and a
    name that fits, and even that is a proposal: it does not say whose listing or letter it is.

    Ends with 0, or 2 if nothing could be read.
    """
    try:
        with mode("reading"):
            found = bodies.get(body)
            index = matching.for_body(found.id)
        if not index.rows:
            _stop(f"no list of {found.id} is held. Import one first: tsubo registers import {found.id} FILE.csv")
        _print(csv_files.open_csv(file), index)
    except UnreadableFile as error:
        _stop(plain_message(error.message))
    except DirectoryError as error:
        _stop(str(error))


def _print(file: CsvFile, index: Index) -> None:
    headings = [heading.strip().casefold() for heading in file.headings]
    missing = [name for name in ("id", "name") if name not in headings]
    if missing:
        _stop(f"the file has no column {' and no column '.join(missing)}. It needs: {', '.join(ASKED)}.")
    places = {name: headings.index(name) for name in ASKED if name in headings}
    gc.freeze()  # else all lines of the register are gone through for garbage again and again
    _write(ANSWERED)
    for row in file.rows():
        given = _read(row.cells, places, len(headings))
        answer = index.ask(given.person, given.on) if not given.problem else Answer(Verdict.BAD_ROW)
        _write(_line(given, answer))


def _read(given: Sequence[str], places: dict[str, int], columns: int) -> _Row:
    # Nothing is cleaned here: an invisible character in a name is a reason against it.
    values = {name: given[place].strip() if place < len(given) else "" for name, place in places.items()}
    on, problem = None, ""
    if values.get("on"):
        on, remarks = dates.parse(values["on"])
        problem = "date-not-understood" if on is None or remarks else ""
    if not values["id"]:
        problem = "no-id"
    elif not values["name"]:
        problem = "no-name"
    elif len(values["name"]) > LONGEST_NAME:
        problem = "name-too-long"
    elif any(cell.strip() for cell in given[columns:]):
        problem = "more-cells-than-columns"
    person = Person(values["name"], number=values.get("number") or None, town=values.get("town") or None)
    return _Row(values["id"], person, on, problem)


def _line(given: _Row, answer: Answer) -> Sequence[str]:
    one = answer.candidate
    if one is None:
        reasons = given.problem or ("not-a-name" if answer.verdict is Verdict.BAD_ROW else _reasons(answer))
        return given.id, answer.verdict, "", "", reasons
    return given.id, answer.verdict, one.row.number or "", one.row.name, _reasons(answer)


def _reasons(answer: Answer) -> str:
    """What speaks for the nearest line, and what against; of several, how many there are."""
    if answer.verdict is Verdict.NOT_FOUND or not answer.candidates:
        return ""
    nearest = answer.candidates[0]
    parts = [" ".join(reason.kind for reason in nearest.reasons)]
    if nearest.against:
        parts.append("against: " + " ".join(reason.kind for reason in nearest.against))
    return "; ".join(part for part in parts if part)


def _write(values: Sequence[str]) -> None:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([cells.disarm(str(value)) for value in values])
    click.echo(line.getvalue(), nl=False)


def _stop(sentence: str) -> None:
    click.echo(f"tsubo: {sentence}", err=True)
    sys.exit(2)
