"""tsubo ledger: whether the log of all decisions is whole, and files of it for others."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

import click
from flask.cli import AppGroup, ScriptInfo, with_appcontext

from directory.db import mode
from directory.services import ledger as log
from directory.services.ledger.heads import Head

ledger = AppGroup("ledger", help="The log of all decisions.")

FILE = click.Path(path_type=Path)
WRONG, UNREADABLE = 1, 2


@ledger.command("verify", with_appcontext=False)
@click.option("--head", "head_file", type=FILE, help="A head that was kept: a file from the site, or its letter.")
@click.option("--export", "export_file", type=FILE, help="A file of `ledger export`. Then no database is needed.")
@click.option("--key", "key_file", type=FILE, help="The public key. Default: the one that the export brings.")
@click.pass_context
def verify_command(
    context: click.Context, head_file: Path | None, export_file: Path | None, key_file: Path | None
) -> None:
    """Check that no entry was changed, taken away or put in. Exit code 1 if one was, 2 if a file cannot be read."""
    if export_file is not None:
        if head_file is None:
            _stop("--export needs --head FILE, a head that you have kept", UNREADABLE)
        _verify_export(export_file, head_file, key_file)
        return
    with context.ensure_object(ScriptInfo).load_app().app_context(), mode("reading"), _said():
        head = None if head_file is None else _head(head_file, log.keys.list_public(), key_file)
        _tell(log.verifying.check_database(head), head)


def _verify_export(path: Path, head_file: Path, key_file: Path | None) -> None:
    try:
        with path.open(encoding="utf-8", newline="\n") as file, _said():
            public, bodies = log.exports.read(file)
            head = _head(head_file, public, key_file)
            _tell(log.verifying.check_export(bodies, head), head)
    except log.exports.NotAnExport:
        _stop(f"{path} is no export of a ledger", UNREADABLE)
    except OSError as error:
        _stop(f"{path} cannot be read: {error.strerror}", UNREADABLE)
    except UnicodeDecodeError:
        _stop("The export was changed: it is not text any more.", WRONG)


@contextmanager
def _said() -> Iterator[None]:
    """End with the sentence that says what does not fit."""
    try:
        yield
    except log.verifying.NotWhole as error:
        _stop(str(error), WRONG)


def _head(path: Path, public: list[str], key_file: Path | None) -> Head:
    try:
        if key_file is not None:
            public = log.keys.read_public(key_file.read_text(encoding="utf-8"))
        return log.heads.read(log.heads.found_in(path.read_text(encoding="utf-8")), public)
    except log.keys.Forged as error:
        _stop(f"{path} holds no head that can be believed: {error}", UNREADABLE)
    except (OSError, UnicodeDecodeError):
        _stop(f"{path}, or the file of the key, cannot be read", UNREADABLE)


def _tell(found: log.verifying.Whole, head: Head | None) -> None:
    if head is not None:
        click.echo(
            f"The ledger is whole: its first {head.size:,} of {found.size:,} entries are those of the head of"
            f" {head.at:%Y-%m-%d %H:%M} UTC, and the others follow them."
        )
    else:
        click.echo(f"The ledger is whole: {found.size:,} entries. Signed heads that were compared: {found.heads:,}.")


@ledger.command("export")
@click.argument("file", type=FILE)
@with_appcontext
def export_command(file: Path) -> None:
    """Write every entry to a file, with the public keys, for others to verify. It holds no personal data."""
    with mode("reading"), _new(file) as target:
        count = -1
        for line in log.exports.lines():
            target.write(line)
            count += line.count("\n")
    click.echo(f"{file}: {count:,} entries.")


@ledger.command("head")
@click.argument("file", type=FILE)
@with_appcontext
def head_command(file: Path) -> None:
    """Write the newest signed head to a file, to keep elsewhere."""
    with mode("reading"):
        head = log.heads.latest()
        if head is None:
            _stop("no head was signed yet; the worker signs one within an hour of the first decision", UNREADABLE)
        with _new(file) as target:
            target.write(head.token + "\n")
    click.echo(f"{file}: the head of {head.size:,} entries, {head.fingerprint}.")


@contextmanager
def _new(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            yield file
    except FileExistsError:
        _stop(f"{path} is there already; nothing is written over", UNREADABLE)
    except OSError as error:
        _stop(f"{path} cannot be written: {error.strerror}", UNREADABLE)


def _stop(sentence: str, code: int) -> NoReturn:
    click.echo(f"tsubo: {sentence}", err=True)
    sys.exit(code)
