"""Where recommendations are switched off: on the whole site, in a country, or for one listing.

The example is a law on testimonials for registered health professions. What was written is kept, and shown to nobody
but its writer; nothing new is taken. Each switch is an event and a line of the ledger.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.db import db, locked
from directory.models import Account, NotFound, Practitioner, RecommendationSwitch
from directory.services import copies, events, ledger


class Scope(StrEnum):
    """What a switch is of. From the widest to the narrowest."""

    SITE = "site"
    COUNTRY = "country"
    LISTING = "listing"


def off_for_site(why: str, *, by: Account | None, at: dt.datetime) -> RecommendationSwitch:
    """Show and take no notes at all. `why` is for the desk; `by` is None for a command. To do it twice changes
    nothing."""
    return _off("site", why, by, at)


def off_in(country: str, why: str, *, by: Account | None, at: dt.datetime) -> RecommendationSwitch:
    """The same for every listing in a country, as ISO 3166-1 writes it: GB."""
    return _off(_of_country(country), why, by, at, country=country)


def off_for(listing: Practitioner, why: str, *, by: Account | None, at: dt.datetime) -> RecommendationSwitch:
    """The same for one listing."""
    return _off(_of_listing(listing), why, by, at, listing=listing)


def on(switch_id: int, *, by: Account | None, at: dt.datetime) -> None:
    """Switch on again what a switch is of; what else is off stays off. Raises NotFound."""
    query = select(RecommendationSwitch).where(RecommendationSwitch.id == switch_id)
    loaded = query.options(joinedload(RecommendationSwitch.practitioner))
    found = db.session.scalars(locked(loaded, of=RecommendationSwitch)).one_or_none()
    if found is None:
        raise NotFound(f"no switch {switch_id}")
    _record("recommendations-switched-on", found, by, at)
    db.session.delete(found)
    db.session.flush()


def scope_of(switch: RecommendationSwitch) -> Scope:
    """What a switch is of."""
    if switch.practitioner_id is not None:
        return Scope.LISTING
    return Scope.COUNTRY if switch.country is not None else Scope.SITE


def find(practitioner: Practitioner) -> Scope | None:
    """The widest switch by which no notes are shown about a practitioner; None where they are."""
    off, of = _all_off(), {Scope.SITE: "site", Scope.COUNTRY: _of_country(practitioner.country)}
    of[Scope.LISTING] = _of_listing(practitioner)
    return next((scope for scope, key in of.items() if key in off), None)


@copies.of_everything
def _all_off() -> frozenset[str]:
    """What is switched off. Asked for each profile, and for each note in a list."""
    return frozenset(db.session.scalars(select(RecommendationSwitch.scope)))


def list_all() -> Sequence[RecommendationSwitch]:
    """Everything that is off, the newest first, with the listings."""
    query = select(RecommendationSwitch).options(joinedload(RecommendationSwitch.practitioner))
    return db.session.scalars(query.order_by(RecommendationSwitch.id.desc())).all()


def _of_country(country: str) -> str:
    return f"country:{country}"


def _of_listing(listing: Practitioner) -> str:
    return f"listing:{listing.id}"


def _off(
    scope: str,
    why: str,
    by: Account | None,
    at: dt.datetime,
    *,
    country: str | None = None,
    listing: Practitioner | None = None,
) -> RecommendationSwitch:
    query = select(RecommendationSwitch).where(RecommendationSwitch.scope == scope)
    known = db.session.scalars(query.options(joinedload(RecommendationSwitch.practitioner))).one_or_none()
    if known is not None:
        return known
    switch = RecommendationSwitch(
        scope=scope, country=country, practitioner=listing, why=why, made_at=at, made_by_id=by.id if by else None
    )
    db.session.add(switch)
    db.session.flush()
    _record("recommendations-switched-off", switch, by, at)
    return switch


def _record(kind: str, switch: RecommendationSwitch, by: Account | None, at: dt.datetime) -> None:
    said: dict[str, Any] = {"scope": scope_of(switch).value}
    if switch.country is not None:
        said["country"] = switch.country.lower()
    events.record(kind, at=at, by=by, practitioner_id=switch.practitioner_id, **said)
    listing = switch.practitioner
    ledger.append(kind, at=at, by=by, subject=f"practitioner:{listing.public_id}" if listing else None, **said)
