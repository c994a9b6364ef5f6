"""tsubo registers: the lists of people that bodies publish."""

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from directory.config import Settings
from directory.db import kept, mode
from directory.http.words import plain_message
from directory.lib import clock
from directory.models import DirectoryError, ImportState, RegisterImport
from directory.services import bodies, register_imports
from directory.services.register_imports import Brought, Difference, NeedsSecond, Problem, Refused

registers = AppGroup("registers", help="The lists of people that bodies publish.")

# So many problems are printed; the page shows more.
SHOWN = 10
NUMBER = click.argument("number", type=int)


@registers.command("import")
@click.argument("body")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Apply it. Without it nothing is changed: you see what would happen.")
@click.option("--source", help="The address where the body publishes the list.")
@click.option("--listed-on", type=click.DateTime(["%Y-%m-%d"]), help="The date of the list. Default: today.")
@click.option("--permission", default="", help="Under which the list is used, in words.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=HEADING",
    help=f"Which column says what. NAME: {', '.join(field.name for field in register_imports.FIELDS)}.",
)
@click.option("--older", is_flag=True, help="The list is older than one that is held, and that is meant.")
def import_command(
    body: str,
    file: Path,
    yes: bool,
    source: str | None,
    listed_on: dt.datetime | None,
    permission: str,
    columns: Sequence[str],
    older: bool,
) -> None:
    """Take in a list of BODY, saved as CSV.

    Without --yes it is read and compared, and nothing is changed. With --yes it is applied, unless more than 5 % of the
    rows or statements would end or change, or something about the file looks wrong: then two people decide on its page.

    Ends with 0; with 1 where a second person must agree; with 2 where nothing could be done.
    """
    with _plainly():
        brought = Brought(
            content=_content(file),
            name=file.name,
            source_url=source,
            listed_on=listed_on.date() if listed_on else None,
            permission=permission,
            columns=_columns(columns) or None,
            is_older=older,
        )
        import_ = kept(lambda: register_imports.stage(body, brought, by=None, at=clock.now()))
        if import_.state is ImportState.APPLIED:
            click.echo(f"This file is held already, as the list of {import_.listed_on} (import {import_.id}).")
            return
        _show(import_, apply=yes)


@registers.command("apply")
@NUMBER
def apply_command(number: int) -> None:
    """Apply a list that was brought before: the import NUMBER, as "registers list" shows it."""
    with _plainly():
        with mode("reading"):
            import_ = register_imports.get(number)
        _show(import_, apply=True)


@registers.command("undo")
@NUMBER
@click.option("--yes", is_flag=True, help="Undo it. Without it nothing is changed.")
def undo_command(number: int, yes: bool) -> None:
    """Put back what was held before the import NUMBER: the latest of its body, for 30 days."""
    with _plainly():
        with mode("reading"):
            import_ = register_imports.get(number)
            latest = register_imports.undoable(import_.body_id, at=clock.now())
        if latest is None or latest.id != number:
            _stop("only the latest list of a body that is held can be undone, within 30 days.")
        if not yes:
            click.echo(f"The list of {import_.listed_on} of {import_.body_id}. Nothing was changed; undo with --yes.")
            return
        step = kept(lambda: register_imports.undo(register_imports.get(number), by=None, at=clock.now()))
        click.echo(f"Undone. What is held is as before: {step.view_hash}")


@registers.command("discard")
@NUMBER
def discard_command(number: int) -> None:
    """Take nothing of a list that was brought and not applied: the import NUMBER."""
    with _plainly():
        kept(lambda: register_imports.discard(register_imports.get(number), by=None, at=clock.now()))
        click.echo(f"Import {number} is discarded.")


@registers.command("list")
@click.argument("body", required=False)
def list_command(body: str | None) -> None:
    """List the registers that are held, or what was brought of one BODY."""
    with _plainly(), mode("reading"):
        if body is None:
            for one in register_imports.overview():
                latest = one.lists.latest.isoformat() if one.lists.latest else "no list"
                click.echo(f"{one.body.id}\t{latest}\t{one.rows} rows\t{len(one.lists.dates)} lists")
            return
        for import_ in register_imports.imports(bodies.get(body).id):
            click.echo(f"{import_.id}\t{import_.listed_on}\t{import_.state.value}\t{import_.name}\t{import_.digest}")


def _show(import_: RegisterImport, *, apply: bool) -> None:
    """Print what a list would do; then do it, if that was asked for and may be done."""
    if import_.state is not ImportState.STAGED:
        _stop(f"import {import_.id} is not open: {import_.state.label.lower()}.")
    _print_columns(import_)
    with mode("reading"):
        found = register_imports.difference(import_, by=None, at=clock.now())
    _print(found)
    page = f"{_settings().address}/admin/registers/imports/{import_.id}"
    if found.is_empty:
        kept(lambda: register_imports.discard(register_imports.get(import_.id), by=None, at=clock.now()))
        click.echo("Everything in it is held already. Nothing was changed.")
        return
    if not import_.columns_are_sure:
        click.echo("Headings were guessed. Say with --column which column says what.")
        sys.exit(1 if apply else 0)
    if found.needs_second:
        click.echo(f"Two people must decide this, on its page: {page}")
        sys.exit(1 if apply else 0)
    if not apply:
        click.echo(f"Nothing was changed. Apply with --yes, or on {page}")
        return
    done = kept(lambda: _apply(import_.id, found.mark))
    click.echo(f"Applied as the list of {done.listed_on}. Undo within 30 days: tsubo registers undo {done.id} --yes")


def _apply(number: int, seen: str) -> RegisterImport:
    return register_imports.apply(register_imports.get(number), by=None, at=clock.now(), seen=seen)


def _print_columns(import_: RegisterImport) -> None:
    click.echo(f"Import {import_.id}: {import_.name}, {import_.size} bytes, SHA-256 {import_.digest}")
    for field, headings in import_.columns.items():
        click.echo(f"  {field} = {', '.join(headings)}")
    if not import_.permission:
        click.echo("Nobody has said under which permission this list is used. Say it with --permission.")
    problems = [Problem.of_json(one) for one in import_.report]
    for problem in problems[:SHOWN]:
        given = f" “{problem.given[:60]}”" if problem.given else ""
        click.echo(f"  line {problem.line} {problem.column}{given}: {plain_message(problem.message)}")
    if len(problems) > SHOWN:
        click.echo(f"  and {sum(import_.counts['kinds'].values()) - SHOWN} more")


def _print(found: Difference) -> None:
    for name, count in found.counts.items():
        click.echo(f"{count:>8} {name}")
    click.echo(f"{len(found.claims_that_change):>8} of {found.claims} statements would change their status")
    for effect in found.claims_that_change[:SHOWN]:
        click.echo(f"           {effect.claim.practitioner.name}: {effect.before.value} -> {effect.after.value}")
    for example in found.examples:
        before, after = example.before, example.after
        name = after["name"] if after else before.name if before else ""
        number = after["number"] if after else (before.number or "") if before else ""
        where = f" (line {example.line})" if example.line else ""
        click.echo(f"  {example.kind}: {number} {name}{where}")
    for alarm in found.alarms:
        click.echo(f"! {alarm.label}")
    for reason in found.reasons:
        click.echo(f"! {plain_message(reason)}")


def _columns(given: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in given:
        name, is_there, heading = one.partition("=")
        if not is_there or not heading:
            _stop(f"“{one}” is not NAME=HEADING.")
        found.setdefault(name.strip(), []).append(heading.strip())
    return found


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > register_imports.MOST_BYTES:
            _stop(f"{file} is larger than {register_imports.MOST_BYTES // 1_000_000} MB.")
        return file.read_bytes()
    except OSError as error:
        _stop(f"{file} cannot be opened: {error.strerror}.")


@contextmanager
def _plainly() -> Iterator[None]:
    """What cannot be done, in one line."""
    try:
        yield
    except Refused as error:
        for problem in (error.reading.problems if error.reading else [])[:SHOWN]:
            click.echo(f"  line {problem.line} {problem.column}: {plain_message(problem.message)}", err=True)
        _stop(plain_message(error.message))
    except NeedsSecond:
        _stop("a second person must agree to this, on its page.")
    except DirectoryError as error:
        _stop(str(error))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _stop(sentence: str) -> NoReturn:
    click.echo(f"tsubo: {sentence}", err=True)
    sys.exit(2)
