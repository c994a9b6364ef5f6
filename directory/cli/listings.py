"""tsubo listings: an operator's own spreadsheet."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from directory.config import Settings
from directory.db import db, set_mode, transaction
from directory.http.words import plain_message
from directory.lib import clock, csv_files
from directory.lib.csv_files import CsvFile, UnreadableFile
from directory.lib.folding import plain
from directory.models import DirectoryError
from directory.services import erasures, listing_imports, traces
from directory.services.listing_imports import Report, RowsRefused, Severity, Summary
from directory.services.listing_imports.columns import ColumnMapping

listings = AppGroup("listings", help="Practitioners.")

REPORT_COLUMNS = ("line", "column", "given", "understood", "problem", "severity")

AGREEMENT = (
    "Importing publishes a page about each person in the file. Add --people-agreed to say that every one of them has "
    "agreed to be listed, and that their e-mail addresses are confirmed."
)


@listings.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Import. Without it nothing is changed: you see what would happen.")
@click.option("--people-agreed", is_flag=True, help="Every person in the file has agreed to be listed.")
@click.option("--all-or-nothing", is_flag=True, help="Import nothing if any row is refused.")
@click.option("--mapping", type=click.Path(path_type=Path), help="Which column says what. Default: FILE.mapping.toml")
@click.option("--source", help="A name for the list, by which its rows are known again. Default: the name of the file.")
def import_command(
    file: Path, yes: bool, people_agreed: bool, all_or_nothing: bool, mapping: Path | None, source: str | None
) -> None:
    """Take in a spreadsheet of practitioners, saved as CSV.

    The first time it guesses which column says what, writes that beside FILE as FILE.mapping.toml for you to
    correct, and reports what it would do, row by row, in FILE.report.csv. Then run it again with --yes.

    Ends with 0 if all is well, 1 if rows were refused, 2 if nothing could be done.
    """
    try:
        summary = _run(file, mapping or _beside(file, "mapping.toml"), source, yes, people_agreed, all_or_nothing)
    except UnreadableFile as error:
        _stop(plain_message(error.message))
    except RowsRefused as error:
        _show(error.summary, is_done=False)
        click.echo("Nothing was imported, because rows were refused. The report says why.")
        sys.exit(1)
    except DirectoryError as error:
        _stop(str(error))
    sys.exit(1 if summary.refused else 0)


@listings.command("erase")
@click.argument("public_id")
@click.option("--yes", is_flag=True, help="Erase. Without it nothing is changed: you see whom it would be.")
def erase_command(public_id: str, yes: bool) -> None:
    """Erase a listing, because the person asks for it. The next import does not bring it back.

    PUBLIC_ID is the part of the address of the listing before the name. An account that keeps it stays.
    """
    listing = erasures.find_listing(public_id)
    if listing is None:
        _stop(f"there is no listing {public_id}.")
    elif not yes:
        click.echo(f"{listing.name} ({listing.state}, {listing.origin}). Nothing was changed; erase with --yes.")
    else:
        settings: Settings = current_app.extensions["settings"]
        with transaction():
            erasures.erase_listing(listing.id, at=clock.now())
        click.echo(f"{public_id} is erased.")
        if not traces.clean(settings.data_dir, at=clock.now()):
            click.echo("Somebody still reads what was there before; the worker overwrites the rest.")


def _run(
    path: Path, mapping_path: Path, source: str | None, yes: bool, people_agreed: bool, all_or_nothing: bool
) -> Summary:
    settings: Settings = current_app.extensions["settings"]
    is_mapped = mapping_path.exists()
    if yes and not is_mapped:
        _stop(f"{mapping_path} is not there. Run the command without --yes first, and look at the file that it makes.")
    if yes and not people_agreed:
        _stop(AGREEMENT)
    said = listing_imports.columns.read_settings(mapping_path) if is_mapped else {}
    how = said.get("file", {})
    file = csv_files.open_csv(path, encoding=how.get("encoding") or None, separator=how.get("separator") or None)
    mapping = listing_imports.columns.read(said, file) if is_mapped else listing_imports.columns.guess(file)
    name = source or mapping.source or path.stem
    source_key = re.sub(r"\s", "-", plain(name)) or "file"
    if not is_mapped:
        mapping_path.write_text(listing_imports.columns.text_of(mapping, file, name), encoding="utf-8")
    _show_columns(file, mapping, mapping_path, is_mapped=is_mapped)
    report_path = _beside(path, "report.csv")
    today, at = clock.today(settings.zone), clock.now()
    with _report(report_path) as report:
        if yes:
            with transaction():
                summary = listing_imports.apply(
                    file, mapping, source=source_key, settings=settings, today=today, at=at, report=report,
                    all_or_nothing=all_or_nothing,
                )  # fmt: skip
        else:
            with _reading():
                summary = listing_imports.check(
                    file, mapping, source=source_key, settings=settings, today=today, report=report
                )
    _show(summary, is_done=yes)
    click.echo(f"Row by row: {report_path}")
    if not yes:
        click.echo(
            f"Nothing was changed. Look at {mapping_path.name} and the report; then import with --yes --people-agreed."
        )
    return summary


def _beside(path: Path, ending: str) -> Path:
    """people.csv and people.mapping.toml."""
    return path.with_name(f"{path.name.removesuffix('.csv')}.{ending}")


@contextmanager
def _reading() -> Iterator[None]:
    """Nothing can be written inside, and nobody who writes has to wait."""
    set_mode("reading")
    try:
        yield
    finally:
        db.session.rollback()
        set_mode("writing")


@contextmanager
def _report(path: Path) -> Iterator[Report]:
    with csv_files.new_file(path, REPORT_COLUMNS) as write:
        yield lambda problem: write(
            (
                problem.line or "",
                problem.column,
                problem.given,
                problem.understood,
                plain_message(problem.message),
                problem.severity.value,
            )
        )


def _show_columns(file: CsvFile, mapping: ColumnMapping, path: Path, *, is_mapped: bool) -> None:
    for note in file.notes:
        click.echo(plain_message(note))
    names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    click.echo(f"Read as {file.encoding}, separated by {names.get(file.separator, file.separator)}.")
    click.echo(f"Columns, as {path.name} says:" if is_mapped else f"Columns were guessed. Correct them in {path.name}:")
    for field, positions in mapping.columns.items():
        click.echo(f"  {field} = {', '.join(file.columns[position] for position in positions)}")
    if mapping.ignored:
        click.echo(f"  Not read: {', '.join(mapping.ignored)}")


def _show(summary: Summary, *, is_done: bool) -> None:
    click.echo(f"{summary.rows} rows{'' if is_done else ', of which an import would find'}:")
    for count, words in (
        (summary.new, "new"),
        (summary.changed, "changed"),
        (summary.unchanged, "unchanged"),
        (summary.repeated, "repeated in the file, read once"),
        (summary.kept, "left alone"),
        (summary.refused, "refused"),
    ):
        click.echo(f"{count:>8} {words}")
    if summary.gone:
        click.echo(f"{summary.gone:>8} listings are not in the file any more; they stay as they are")
    for severity, title in ((Severity.REFUSED, "Refused"), (Severity.WARNING, "To look at"), (Severity.NOTE, "Notes")):
        kinds = [(kind, count) for kind, count in summary.kinds.most_common() if kind[0] is severity]
        if kinds:
            click.echo(f"{title}:")
        for kind, count in kinds:
            _show_kind(summary, kind, count)


def _show_kind(summary: Summary, kind: tuple[Severity, str], count: int) -> None:
    examples = summary.examples[kind]
    click.echo(f"{count:>6} × {plain_message(examples[0].message)}")
    for problem in examples:
        where = f"line {problem.line}" if problem.line else ""
        given = f"“{' '.join(problem.given.split())[:60]}”" if problem.given else ""
        taken = f"-> {' '.join(problem.understood.split())[:60]}" if problem.understood else ""
        click.echo("           " + " ".join(filter(None, (where, problem.column, given, taken))))


def _stop(sentence: str) -> None:
    click.echo(f"tsubo: {sentence}", err=True)
    sys.exit(2)
