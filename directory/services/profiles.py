"""What is shown of a practitioner: cards in a list, a whole profile, a comparison."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from directory.db import db
from directory.lib.geography import Point, chord_squared, distance_m
from directory.models import (
    PUBLIC_STATES,
    HolisticRole,
    NotFound,
    PracticePlace,
    Practitioner,
    Price,
    Standing,
    Status,
    Training,
    WorksWith,
)
from directory.models.claims import standing
from directory.services import bodies, concerns, modalities
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING

# In a list of statements, what somebody has looked at comes before what nobody has.
_ORDER = (
    Status.RESTRICTED,
    Status.CHECKED,
    Status.CHECK_DUE,
    Status.BEING_CHECKED,
    Status.SELF_REPORTED,
    Status.NOT_CONFIRMED,
    Status.ENDED,
    Status.BODY_NOT_ASSESSED,
    Status.WITHDRAWN,
)


@dataclass(frozen=True)
class Holistic:
    """Why a listing is called holistic, by the guidance record sc-holistic-rule. `seen_on` is the latest day on which
    a verifier saw a certificate, when all three were seen."""

    base: Training
    other_deep: Training
    stress: Training
    seen_on: dt.date | None


@dataclass(frozen=True)
class Card:
    """A practitioner as a list shows them. `distance_m` is that of `place`, the nearest."""

    practitioner: Practitioner
    standings: list[Standing]
    place: PracticePlace | None
    distance_m: float | None
    session: Price | None


@dataclass(frozen=True)
class Profile:
    """A practitioner as their own page shows them."""

    practitioner: Practitioner
    standings: list[Standing]
    holistic: Holistic | None
    concerns: list[WorksWith]


def cards(ids: Sequence[int], day: dt.date, near: Point | None = None) -> list[Card]:
    """Cards of the published ones among these listings, in this order."""
    query = select(Practitioner).where(Practitioner.id.in_(ids), Practitioner.state.in_(PUBLIC_STATES))
    loaded = {listing.id: listing for listing in _load(query, _ON_A_CARD)}
    return [_card(loaded[key], day, near) for key in ids if key in loaded]


def find_public(public_ids: Sequence[str]) -> list[Practitioner]:
    """The published listings among these, in this order."""
    query = select(Practitioner).where(Practitioner.public_id.in_(public_ids), Practitioner.state.in_(PUBLIC_STATES))
    loaded = {listing.public_id: listing for listing in db.session.scalars(query)}
    return [loaded[key] for key in public_ids if key in loaded]


def get(public_id: str, day: dt.date) -> Profile:
    """A published profile. Raises NotFound."""
    query = select(Practitioner).where(Practitioner.public_id == public_id, Practitioner.state.in_(PUBLIC_STATES))
    loaded = _load(query, _EVERYTHING)
    if not loaded:
        raise NotFound(f"no listing {public_id}")
    listing = loaded[0]
    return Profile(listing, standings(listing, day), holistic(listing.trainings), _shown_concerns(listing))


def standings(listing: Practitioner, day: dt.date) -> list[Standing]:
    """What each claim of the listing amounts to on `day`."""
    found = [standing(claim, claim.body, listing.checks, day) for claim in listing.claims if claim.stated_on <= day]
    return sorted(found, key=lambda one: (_ORDER.index(one.status), one.body_name, one.claim.id))


def holistic(trainings: Sequence[Training]) -> Holistic | None:
    """A base method, another deep method that is not a form of shiatsu, and a way of easing stress; else None."""

    def best(role: HolisticRole) -> Training | None:
        fitting = [
            training
            for training in trainings
            if training.modality.holistic_role is role
            and not (role is HolisticRole.OTHER_DEEP and training.modality.is_shiatsu)
        ]
        return min(fitting, key=lambda training: (training.seen_on is None, training.position), default=None)

    base, deep, stress = best(HolisticRole.BASE), best(HolisticRole.OTHER_DEEP), best(HolisticRole.STRESS)
    if base is None or deep is None or stress is None:
        return None
    seen = [training.seen_on for training in (base, deep, stress) if training.seen_on is not None]
    return Holistic(base, deep, stress, max(seen) if len(seen) == len((base, deep, stress)) else None)


def _shown_concerns(listing: Practitioner) -> list[WorksWith]:
    if listing.country in COUNTRIES_WITHOUT_PAIRING:
        return []
    return [link for link in listing.concerns if link.concern.lists_practitioners]


def _card(listing: Practitioner, day: dt.date, near: Point | None) -> Card:
    place, distance = listing.places[0] if listing.places else None, None
    known = [one for one in listing.places if one.point is not None]
    if near is not None and known:
        chord, place = min(
            ((chord_squared(near, one.point), one) for one in known if one.point is not None),
            key=lambda pair: pair[0],
        )
        distance = distance_m(chord)
    return Card(listing, standings(listing, day), place, distance, usual_session(listing.prices))


def usual_session(prices: Sequence[Price]) -> Price | None:
    """The price to show where there is room for one: of the session nearest to an hour, at the full price."""
    full = [price for price in prices if not price.is_reduced] or list(prices)
    return min(full, key=lambda price: (abs((price.minutes or 60) - 60), price.amount_minor), default=None)


def _load(query: Select[Practitioner], parts: Sequence[ORMOption]) -> list[Practitioner]:
    """Listings with their parts. The facts that these name are at hand, and are not read again."""
    found = list(db.session.scalars(query.options(*parts)))
    methods, known = modalities.by_id(), bodies.by_id()
    for listing in found:
        for training in listing.trainings:
            set_committed_value(training, "modality", methods[training.modality_id])
        for claim in listing.claims:
            set_committed_value(claim, "body", known[claim.body_id] if claim.body_id else None)
    if parts is _EVERYTHING:
        all_concerns = concerns.by_id()
        for link in (link for listing in found for link in listing.concerns):
            set_committed_value(link, "concern", all_concerns[link.concern_id])
    return found


_ON_A_CARD: tuple[ORMOption, ...] = (
    selectinload(Practitioner.places),
    selectinload(Practitioner.prices),
    selectinload(Practitioner.trainings),
    selectinload(Practitioner.languages),
    selectinload(Practitioner.claims),
    selectinload(Practitioner.checks),
)
_EVERYTHING: tuple[ORMOption, ...] = (
    *_ON_A_CARD,
    selectinload(Practitioner.other_names),
    selectinload(Practitioner.concerns),
)
