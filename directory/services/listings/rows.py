"""Answers as rows, and rows as answers: what the public sees of a listing is what was published last."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from directory.db import db
from directory.lib.folding import plain
from directory.lib.geography import Point
from directory.models import (
    Accepting,
    Access,
    Gender,
    OtherName,
    Photo,
    PracticePlace,
    Practitioner,
    Price,
    Speaks,
    Training,
    Visit,
    WorksWith,
)
from directory.models.practitioners import access_column, price_band
from directory.services import bodies, concerns, indexing, modalities
from directory.services.claims import inheriting
from directory.services.listings import claims
from directory.services.listings.answers import Answers, even

LONGEST_SLUG = 120

_PARTS = (
    selectinload(Practitioner.other_names),
    selectinload(Practitioner.places),
    selectinload(Practitioner.prices),
    selectinload(Practitioner.trainings),
    selectinload(Practitioner.concerns),
    selectinload(Practitioner.languages),
    selectinload(Practitioner.claims),
    selectinload(Practitioner.checks),
)


def load(practitioner_id: int) -> Practitioner:
    """A listing with all its parts, as they are now."""
    query = select(Practitioner).where(Practitioner.id == practitioner_id).options(*_PARTS)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def answers_of(listing: Practitioner) -> Answers:
    """What the rows of a loaded listing say."""
    stated = [claim for claim in listing.claims if claim.withdrawn_on is None]
    low, high = listing.pressure_from, listing.pressure_to
    return even(
        {
            "name": listing.name,
            "business": listing.business,
            "other_names": [other.name for other in listing.other_names if other.is_shown],
            "text": listing.text,
            "further_methods": listing.further_methods,
            "gender": listing.gender,
            "modalities": [_method(training) for training in listing.trainings],
            "pressure": None if low is None else [low, high],
            "concerns": [link.concern_id for link in listing.concerns],
            "places": [_place(place) for place in listing.places],
            "visits": [visit.value for visit in listing.visits],
            "travels_km": listing.travels_km,
            "prices": [
                {key: getattr(price, key) for key in ("label", "minutes", "amount_minor", "currency", "is_reduced")}
                for price in listing.prices
            ],
            "languages": [link.language for link in listing.languages],
            "access": [access.value for access in listing.access],
            "access_note": listing.access_note,
            "accepting": listing.accepting.value if listing.accepting else None,
            "availability_note": listing.availability_note,
            "states_insurance": listing.states_insurance,
            "claims": [claims.said(claim) for claim in stated],
            "photo": listing.photo,
            "website": listing.website,
            "country": listing.country,
        },
        {
            "search_only_names": [other.name for other in listing.other_names if not other.is_shown],
            "contact_email": listing.contact_email,
            "contact_telephone": listing.contact_telephone,
            "places": [
                {"address": place.address, "latitude": place.latitude, "longitude": place.longitude}
                for place in listing.places
            ],
            "claim_numbers": [claim.number for claim in stated],
        },
    )


def _method(one: Training) -> dict[str, Any]:
    return {"id": one.modality_id, "since_year": one.since_year, "school": one.school, "hours": one.hours}


def _place(place: PracticePlace) -> dict[str, Any]:
    found = {key: getattr(place, key) for key in ("locality", "town", "postcode_area", "region", "country")}
    return {**found, "address": place.address if place.address_is_public else None}


def publish(listing: Practitioner, answers: Answers, *, at: dt.datetime) -> None:
    """Make the rows of a loaded listing say what `answers` say, and all that search reads of them."""
    answers = _still_known(answers)
    before, shown, private = answers_of(listing), answers.shown, answers.private
    name_rows(listing, shown["name"])
    _write_columns(listing, answers, at=at)

    def changed(*keys: str) -> bool:
        return any(
            shown.get(key) != before.shown.get(key) or private.get(key) != before.private.get(key) for key in keys
        )

    if changed("other_names", "search_only_names"):
        listing.other_names = [
            *(OtherName(name=name, is_shown=True) for name in shown["other_names"]),
            *(OtherName(name=name, is_shown=False) for name in private["search_only_names"]),
        ]
    if changed("places"):
        listing.places = [_new_place(*pair) for pair in zip(shown["places"], private["places"], strict=True)]
    if changed("prices"):
        listing.prices = [Price(**price) for price in shown["prices"]]
    if changed("concerns"):
        listing.concerns = _kept_by(listing.concerns, "concern_id", shown["concerns"], WorksWith)
    if changed("languages"):
        listing.languages = _kept_by(listing.languages, "language", shown["languages"], Speaks)
    if changed("modalities"):
        _write_trainings(listing, shown["modalities"])
    claims.state(listing, shown["claims"], private["claim_numbers"], at=at)
    _show_photo(listing)
    inheriting.inherit(listing, at=at)
    indexing.refresh([listing.id])


def _still_known(answers: Answers) -> Answers:
    """Without what the directory no longer knows: a version may have waited while the facts changed."""
    shown = answers.shown
    known, all_concerns, all_bodies = modalities.by_id(), concerns.by_id(), bodies.by_id()
    return even(
        {
            **shown,
            "modalities": [one for one in shown["modalities"] if one["id"] in known],
            "concerns": [one for one in shown["concerns"] if one in all_concerns],
            "claims": [
                {
                    **one,
                    **({} if one["body_id"] in all_bodies else {"body_id": None, "body_name": _name_of(one)}),
                    "disciplines": [id_ for id_ in one["disciplines"] if id_ in known],
                }
                for one in shown["claims"]
            ],
        },
        answers.private,
    )


def _name_of(claim: Mapping[str, Any]) -> str:
    return claim["body_name"] or claim["body_id"] or ""


def name_rows(listing: Practitioner, name: str) -> None:
    """Give a listing its name, and the address and order that follow from it."""
    listing.name, listing.name_key = name, plain(name)
    listing.slug = listing.name_key.replace(" ", "-")[:LONGEST_SLUG] or "practitioner"


def _write_columns(listing: Practitioner, answers: Answers, *, at: dt.datetime) -> None:
    shown, private = answers.shown, answers.private
    for key in ("business", "text", "further_methods", "website", "access_note", "availability_note", "travels_km"):
        setattr(listing, key, shown[key])
    listing.country = shown["country"] or listing.country
    listing.photo, listing.states_insurance = shown["photo"], bool(shown["states_insurance"])
    listing.contact_email, listing.contact_telephone = private["contact_email"], private["contact_telephone"]
    listing.gender = Gender(shown["gender"]) if shown["gender"] else None
    listing.accepting = Accepting(shown["accepting"]) if shown["accepting"] else None
    listing.pressure_from, listing.pressure_to = shown["pressure"] or (None, None)
    for visit in Visit:
        setattr(listing, f"visits_{visit.value}", visit.value in shown["visits"])
    for access in Access:
        setattr(listing, access_column(access), access.value in shown["access"])
    listing.band = price_band(*_hour_price(shown["prices"]))
    listing.updated_at = at


def _hour_price(prices: list[dict[str, Any]]) -> tuple[int | None, str]:
    """What an hour costs, from the full price whose length is nearest to an hour, and its currency."""
    timed = [price for price in prices if price["minutes"]]
    full = [price for price in timed if not price["is_reduced"]] or timed
    if not full:
        return None, ""
    price = min(full, key=lambda price: (abs(price["minutes"] - 60), price["amount_minor"]))
    return round(price["amount_minor"] * 60 / price["minutes"]), price["currency"]


def _new_place(shown: dict[str, Any], private: dict[str, Any]) -> PracticePlace:
    place = PracticePlace(
        **{key: shown[key] for key in ("locality", "town", "postcode_area", "region", "country")},
        address=private["address"],
        address_is_public=bool(shown["address"]),
    )
    if private["latitude"] is not None and private["longitude"] is not None:
        place.put_at(Point(private["latitude"], private["longitude"]))
    return place


def _kept_by(links: list[Any], key: str, values: list[str], make: Any) -> list[Any]:
    """Links to these values: those that there are, and new ones."""
    known = {getattr(link, key): link for link in links}
    return [known.get(value) or make(**{key: value}) for value in values]


def _write_trainings(listing: Practitioner, modalities: list[dict[str, Any]]) -> None:
    """A certificate that a verifier saw stays seen while what it was about stays said."""
    known = {training.modality_id: training for training in listing.trainings}
    found = []
    for position, said in enumerate(modalities):
        training = known.get(said["id"]) or Training(modality_id=said["id"])
        details = (said["school"], said["since_year"], said["hours"])
        if details != (training.school, training.since_year, training.hours):
            training.school, training.since_year, training.hours = details
            training.seen_on = None
        training.position = position
        found.append(training)
    listing.trainings = found


def _show_photo(listing: Practitioner) -> None:
    """Let the public see the photograph that is shown, and no other."""
    own = Photo.practitioner_id == listing.id
    if listing.photo and db.session.get(Photo, (listing.photo, listing.id)) is None:
        listing.photo = None
    db.session.execute(update(Photo).where(own).values(is_public=Photo.digest == (listing.photo or "")))
