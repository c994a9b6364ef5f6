"""tsubo backup and tsubo restore: the database and the erasures beside it, in one file."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from directory.lib import clock
from directory.services import backups


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--keep", "keep_days", type=click.IntRange(1, 3650), help="Remove backups of the folder older than so many days."
)
@with_appcontext
def backup(target: Path, keep_days: int | None) -> None:
    """Back up the database to a file, or into a folder, while the site runs."""
    made = backups.make(current_app.extensions["settings"], target, at=clock.now(), keep_days=keep_days)
    tables = len(made.manifest.tables)
    click.echo(f"{made.path}: {made.manifest.rows:,} rows of {tables} tables, looked through and whole.")
    if made.removed:
        click.echo(f"{made.removed} older ones were removed.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Restore. Without it nothing is changed: you see what would happen.")
@with_appcontext
def restore(file: Path, yes: bool) -> None:
    """Put a backup in the place of the database. Stop the site and its worker first."""
    settings = current_app.extensions["settings"]
    if not yes:
        manifest = backups.verify(file)
        click.echo(f"{file} is whole: {manifest.rows:,} rows as they were on {manifest.at:%Y-%m-%d at %H:%M} UTC.")
        click.echo("Nothing was changed. With --yes it takes the place of the database, which is backed up first.")
        return
    done = backups.restore(settings, file, at=clock.now())
    manifest = done.manifest
    click.echo(f"Restored {manifest.rows:,} rows as they were on {manifest.at:%Y-%m-%d at %H:%M} UTC.")
    if done.safety is not None:
        click.echo(f"What they replaced is kept in {done.safety}; delete it when you no longer need it.")
    if done.revision != manifest.revision:
        click.echo(f"The tables were changed from {manifest.revision} to {done.revision}.")
    click.echo(f"Accounts and listings erased again, because they were erased since: {done.erased_again}.")
    click.echo("Everybody has to sign in again. Start the site.")
