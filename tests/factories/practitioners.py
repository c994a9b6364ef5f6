"""Practitioners."""

import datetime as dt
from typing import Any

import factory

from directory.lib import folding, tokens
from directory.lib.geography import Point
from directory.models import (
    Accepting,
    ListingState,
    Origin,
    OtherName,
    PracticePlace,
    Practitioner,
    Price,
    Speaks,
    Training,
    WorksWith,
)
from directory.models.practitioners import price_band
from directory.services import indexing
from tests.factories.base import BaseFactory

BRIGHTON = Point(50.8284, -0.1395)


class PractitionerFactory(BaseFactory):
    class Meta:
        model = Practitioner

    name = factory.Sequence(lambda n: f"Wren Hallowby {n}")
    public_id = factory.LazyFunction(tokens.public_id)
    slug = factory.LazyAttribute(lambda made: folding.plain(made.name).replace(" ", "-"))
    name_key = factory.LazyAttribute(lambda made: folding.plain(made.name))
    text = ""
    state = ListingState.PUBLISHED
    origin = Origin.PRACTITIONER
    country = "GB"
    shuffle = factory.Sequence(lambda n: (n * 7919 + 17) % (2**31 - 1))
    accepting = Accepting.YES
    visits_theirs = True
    listed_on = dt.date(2025, 2, 12)
    confirmed_on = dt.date(2026, 11, 8)
    updated_at = dt.datetime(2026, 11, 8, 9, 0, tzinfo=dt.UTC)


def make_practitioner(
    *,
    modalities: tuple[str, ...] = ("shiatsu",),
    concerns: tuple[str, ...] = (),
    languages: tuple[str, ...] = ("en",),
    other_names: tuple[str, ...] = (),
    town: str | None = "Brighton",
    postcode_area: str | None = "BN1",
    at: Point | None = BRIGHTON,
    hour_pounds: int | None = None,
    is_indexed: bool = True,
    **values: Any,
) -> Practitioner:
    """A published practitioner whom search finds; of many, `is_indexed=False` leaves that to one `indexing.refresh`."""
    hour = None if hour_pounds is None else hour_pounds * 100
    country = values.get("country", "GB")
    places = []
    if town is not None:
        place = PracticePlace(town=town, postcode_area=postcode_area, country=country)
        if at is not None:
            place.put_at(at)
        places = [place]
    # Everything at once: what has been stored does not load its parts by itself.
    made: Practitioner = PractitionerFactory(
        band=price_band(hour, "GBP"),
        other_names=[OtherName(name=name) for name in other_names],
        trainings=[Training(modality_id=modality, position=n) for n, modality in enumerate(modalities)],
        concerns=[WorksWith(concern_id=concern) for concern in concerns],
        languages=[Speaks(language=language) for language in languages],
        prices=[Price(minutes=60, amount_minor=hour, currency="GBP")] if hour is not None else [],
        places=places,
        **values,
    )
    if is_indexed:
        indexing.refresh([made.id])
    return made
