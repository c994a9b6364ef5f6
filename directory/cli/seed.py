"""tsubo seed: the facts that every site needs."""

import click
from flask.cli import AppGroup

from directory.config import ROOT
from directory.db import transaction
from directory.services import reference


seed = AppGroup("seed", help="Reference data.")


@seed.command("reference")
def reference_command() -> None:
    """Load modalities, concerns, bodies, regulation, guidance and places. Can be repeated."""
    with transaction():
        changes = reference.load(ROOT / "seeds" / "reference")
    for change in changes:
        click.echo(
            f"{change.kind}: {change.total} in all; {change.new} new, {change.changed} changed, {change.gone} gone"
        )
