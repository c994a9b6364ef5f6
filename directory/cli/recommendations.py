"""tsubo recommendations: where notes are switched off."""

from functools import partial

import click
from babel import Locale
from flask.cli import AppGroup

from directory.db import kept
from directory.lib import clock
from directory.models import NotFound, Practitioner
from directory.services import erasures, recommendation_switches
from directory.services.recommendation_switches import Scope

recommendations = AppGroup("recommendations", help="Notes about practitioners.")


@recommendations.command("off")
@click.option("--country", help="Only about practitioners in a country, like GB.")
@click.option("--listing", "public_id", help="Only about one: the ten characters that name it in addresses.")
@click.option("--why", required=True, help="For whoever reads this later; on no public page.")
def off(country: str | None, public_id: str | None, why: str) -> None:
    """Show and take no notes any more: on the whole site, about a country, or about one listing.

    What was written is kept, and nobody but its writer sees it.
    """
    country, listing = _understood(country, public_id)
    at = clock.now()
    if listing is not None:
        kept(lambda: recommendation_switches.off_for(listing, why, by=None, at=at))
    elif country is not None:
        kept(lambda: recommendation_switches.off_in(country, why, by=None, at=at))
    else:
        kept(lambda: recommendation_switches.off_for_site(why, by=None, at=at))
    click.echo("Notes are switched off there.")


@recommendations.command("on")
@click.option("--country", help="About practitioners in a country, like GB.")
@click.option("--listing", "public_id", help="About one: the ten characters that name it in addresses.")
def on(country: str | None, public_id: str | None) -> None:
    """Show and take notes again, where you have switched just that off; what else is off stays off.

    Ends with 2 if it was not.
    """
    country, listing = _understood(country, public_id)
    scope = Scope.LISTING if listing else Scope.COUNTRY if country else Scope.SITE
    for one in recommendation_switches.list_all():
        is_it = recommendation_switches.scope_of(one) is scope and one.country == country
        if is_it and one.practitioner_id == (listing.id if listing else None):
            kept(partial(recommendation_switches.on, one.id, by=None, at=clock.now()))
            click.echo("Notes are switched on there.")
            return
    raise NotFound("notes are not switched off there")


@recommendations.command("list")
def list_command() -> None:
    """Say where notes are switched off."""
    found = recommendation_switches.list_all()
    for one in found:
        where = one.practitioner.public_id if one.practitioner else one.country or "the whole site"
        click.echo(f"{where}: since {one.made_at:%Y-%m-%d}, {one.why}")
    if not found:
        click.echo("Notes are switched off nowhere.")


def _understood(country: str | None, public_id: str | None) -> tuple[str | None, Practitioner | None]:
    """The country as it is written, and the listing. Raises NotFound."""
    if country is not None and public_id is not None:
        raise click.UsageError("name a country or a listing, not both")
    if country is not None and (len(country) != 2 or country.upper() not in Locale("en").territories):
        raise NotFound(f"no country {country}; write it like GB")
    listing = erasures.find_listing(public_id) if public_id is not None else None
    if public_id is not None and listing is None:
        raise NotFound(f"no listing {public_id}")
    return country.upper() if country else None, listing
