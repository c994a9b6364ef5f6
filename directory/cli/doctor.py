"""tsubo doctor: what is wrong with an installation."""

import os

import click
from flask import current_app
from flask.cli import with_appcontext

from directory.services import health
from directory.services.health import Level


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is wrong with this installation. Changes nothing, and can be repeated."""
    found = list(health.examine(current_app.extensions["settings"], os.environ))
    for finding in found:
        click.echo(f"{finding.level:<8} {finding.text}" + (f" {finding.advice}" if finding.advice else ""))
    wrong = sum(finding.level is Level.WRONG for finding in found)
    if wrong:
        click.echo(f"{wrong} of {len(found)} things are wrong.")
        raise SystemExit(1)
    click.echo("The installation is well.")
