"""tsubo worker: sends mail, and does what is due by the clock."""

import click
from flask import current_app
from flask.cli import with_appcontext

from directory import jobs


@click.command("worker")
@click.option("--until-input-ends", is_flag=True, help="End when the standard input does, as the server wants it.")
@with_appcontext
def worker(*, until_input_ends: bool) -> None:
    """Send mail that waits, and do what is due by the clock, until it is ended. Several may run."""
    settings = current_app.extensions["settings"]
    if not until_input_ends:
        click.echo(f"The worker of {settings.site_name} has begun (Ctrl+C ends it)", err=True)
    jobs.work(current_app._get_current_object(), until_input_ends=until_input_ends)  # type: ignore[attr-defined]
