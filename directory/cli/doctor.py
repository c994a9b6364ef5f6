"""tsubo doctor: what is wrong with an installation."""

import click
from flask.cli import with_appcontext


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is wrong with this installation."""
