"""tsubo db: the tables."""

import click
from flask.cli import AppGroup

from directory.db import upgrade

db = AppGroup("db", help="The database.")


@db.command("upgrade")
def upgrade_command() -> None:
    """Make or change the tables to what this version needs. Can be repeated."""
    before, after = upgrade()
    if before == after:
        click.echo(f"The tables are up to date ({after}).")
    else:
        click.echo(f"The tables were changed from {before or 'nothing'} to {after}.")
