"""tsubo demo: invented practitioners, to look around with or to measure."""

import click
from flask import current_app
from flask.cli import AppGroup

from directory.config import ROOT
from directory.db import transaction
from directory.lib import clock
from directory.models import Status
from directory.services import demo as demonstrations

LISTINGS = 1_200
MOST_LISTINGS = 5_000_000

demo = AppGroup("demo", help="Demonstration data: invented practitioners.")


@demo.command("load")
@click.option(
    "--listings",
    type=click.IntRange(1, MOST_LISTINGS),
    default=LISTINGS,
    show_default=True,
    help="How many practitioners to invent.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another number gives other people.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is any listing.")
def load_command(listings: int, seed: int, if_empty: bool) -> None:
    """Invent practitioners. The same seed gives the same people on the same day."""
    today = clock.today(current_app.extensions["settings"].zone)
    began = clock.now()
    with transaction():
        if if_empty and demonstrations.has_listings():
            click.echo("There are listings already; no demonstration data was loaded.")
            return
        loaded = demonstrations.load(ROOT / "seeds" / "demo", listings=listings, seed=seed, today=today)
    if loaded is None:
        click.echo(f"The people of seed {seed} are there already; nothing was done. Another --seed gives others.")
        return
    seconds = max((clock.now() - began).total_seconds(), 0.001)
    click.echo(
        f"{loaded.listings:,} invented practitioners in {seconds:.1f} s: {loaded.listings / seconds:,.0f} a second"
    )
    click.echo("Their claims today:")
    for status in Status:
        click.echo(f"  {status.value}: {loaded.statuses.get(status, 0):,}")
    click.echo(f"  people who state no membership: {loaded.statuses.get(None, 0):,}")


@demo.command("remove")
def remove_command() -> None:
    """Take away all demonstration data. Other listings stay as they are."""
    began = clock.now()
    with transaction():
        removed = demonstrations.remove()
    seconds = (clock.now() - began).total_seconds()
    if not removed.listings and not removed.bodies:
        click.echo("There was no demonstration data.")
    else:
        click.echo(
            f"{removed.listings:,} invented practitioners, {removed.bodies} invented bodies and {removed.words:,} words"
            f" that nobody uses were taken away in {seconds:.1f} s."
        )
    for name in removed.kept_bodies:
        click.echo(f"{name} was left, because another listing names it.")
