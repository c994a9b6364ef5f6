"""tsubo seed: the facts that every site needs."""

import click
from flask.cli import AppGroup

from directory.config import ROOT
from directory.db import transaction
from directory.services import indexing, reference

FOUND_BY = frozenset({"modalities", "concerns", "bodies"})


seed = AppGroup("seed", help="Reference data.")


@seed.command("reference")
def reference_command() -> None:
    """Load modalities, concerns, bodies, regulation, guidance and places. Can be repeated."""
    with transaction():
        changes = reference.load(ROOT / "seeds" / "reference")
        # What search reads of a listing is made of these.
        stale = any(change.changed or change.gone for change in changes if change.kind in FOUND_BY)
        refreshed = indexing.refresh_all() if stale else 0
    for change in changes:
        click.echo(
            f"{change.kind}: {change.total} in all; {change.new} new, {change.changed} changed, {change.gone} gone"
        )
    if refreshed:
        click.echo(f"{refreshed} listings were made ready to be found anew.")
