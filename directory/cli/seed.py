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
        loaded = reference.load(ROOT / "seeds" / "reference")
        # What search reads of a listing is made of these.
        stale = any(kind.changed or kind.gone for kind in loaded if kind.kind in FOUND_BY)
        refreshed = indexing.refresh_all() if stale else 0
    for kind in loaded:
        click.echo(f"{kind.kind}: {kind.total} in all; {kind.new} new, {kind.changed} changed, {kind.gone} gone")
    if refreshed:
        click.echo(f"{refreshed} listings were made ready to be found anew.")
