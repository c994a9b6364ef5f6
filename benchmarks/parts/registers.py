"""A list of a body: read and kept, compared with what is held, applied, and undone."""

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from typing import Any

from benchmarks import sites, times
from benchmarks.benches import Bench, Findings, say
from directory.db import db, kept, mode
from directory.lib import clock
from directory.models import RegisterImport
from directory.services import register_imports
from directory.services.register_imports import Brought, Difference

SEED = 5
ROWS = 100_000
BODY = "uk-shiatsu-society"
HEADINGS = (
    *("Membership number", "Full name", "Grade", "Therapies", "Town", "Postcode", "Telephone", "E-mail"),
    *("Valid to", "Status"),
)
GIVEN = ("Sarah", "Tom", "Élise", "Karin", "Ana", "Zoë", "Mia", "John", "Peter", "Noor")
FAMILY = ("Hallowby", "Marsh", "Okoro", "Müller", "Smith-Jones", "O’Neill", "Tanaka", "Brown", "Fell", "Pike")
# How much of the second list is another person, and how much says something else of the same one.
GONE, CHANGED = 0.01, 0.02


def run(bench: Bench) -> Findings:
    """A list as large as the goal speaks of, whatever the size of the site; then the next one of the same body."""
    rows = ROWS if bench.amounts.questions > ROWS // 1_000 else ROWS // 10
    with sites.open_app().app_context():
        return measure(rows)


def measure(rows: int) -> Findings:
    """In the site that is open."""
    source = random.Random(SEED)
    first = _people(source, rows)
    second = [line if source.random() > CHANGED else [*line[:4], "Elsewhere", *line[5:]] for line in first]
    second = [line if source.random() > GONE else _person(source, rows + n) for n, line in enumerate(second)]
    at = clock.now()
    found: Findings = {"rows": rows}
    for name, lines, day in (("first", first, at.date() - dt.timedelta(days=30)), ("next", second, at.date())):
        file = _file(lines)
        found["bytes"] = len(file)
        brought = Brought(file, name="list.csv", listed_on=day, permission="invented")
        staging = found[f"{name}: read, checked and kept"] = _timed(lambda brought=brought: _staged(brought, at))
        import_ = staging.pop("value")
        said = found[f"{name}: compared"] = _timed(lambda import_=import_: _compared(import_, at))
        said["counts"] = said.pop("value").counts
        applied = found[f"{name}: applied"] = _timed(lambda import_=import_: _applied(import_, at))
        applied.pop("value")
        say(f"{name} list: {staging['seconds']:.2f} s, {said['seconds']:.2f} s, {applied['seconds']:.2f} s")
    undone = found["undone"] = _timed(lambda: kept(lambda: register_imports.undo(import_, by=None, at=at)))
    undone.pop("value")
    say(f"undone: {undone['seconds']:.2f} s")
    return found


def _timed(work: Callable[[], Any]) -> dict[str, Any]:
    seconds, value = times.taken(work)
    return {"seconds": seconds, "value": value}


def _staged(brought: Brought, at: dt.datetime) -> RegisterImport:
    return kept(lambda: register_imports.stage(BODY, brought, by=None, at=at))


def _compared(import_: RegisterImport, at: dt.datetime) -> Difference:
    with mode("reading"):
        found = register_imports.difference(import_, by=None, at=at)
        db.session.rollback()
    return found


def _applied(import_: RegisterImport, at: dt.datetime) -> RegisterImport:
    return kept(lambda: register_imports.apply(import_, by=None, at=at))


def _people(source: random.Random, count: int) -> list[list[str]]:
    return [_person(source, number) for number in range(count)]


def _person(source: random.Random, number: int) -> list[str]:
    name = f"{source.choice(GIVEN)} {source.choice(FAMILY)}{source.choice('aeiou')}{source.choice(FAMILY).lower()}"
    return [
        f"TS-{number:06d}",
        name,
        source.choice(("MRSS", "Graduate", "Fellow")),
        source.choice(("Shiatsu", "Shiatsu; Reflexology", "Reflexology")),
        source.choice(("Leeds", "York", "Bath", "Hove")),
        f"LS{source.randint(1, 29)} {source.randint(1, 9)}AB",
        f"0113 {source.randint(2_000_000, 9_999_999)}",
        f"person{number}@example.org",
        source.choice(("31/12/2026", "30/06/2027")),
        "Current",
    ]


def _file(lines: list[list[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(lines)
    return text.getvalue().encode()
