"""Keeps what search reads in step with the listings: folded words, the status of each claim by date, and by what
look-alikes of a checked practitioner are found."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import selectinload

from directory.db import db, upsert
from directory.lib.folding import tokens
from directory.models import Claim, ClaimSpan, PracticePlace, Practitioner, SearchText, SearchWord, Training, WorksWith
from directory.models.standings import periods
from directory.services import lookalikes

BATCH = 500

# Where concerns are not paired with practitioners: see the guidance record germany-illness.
COUNTRIES_WITHOUT_PAIRING = frozenset({"DE"})


def join(*texts: str | None) -> str:
    """The folded tokens of all `texts`, each once, separated by one space."""
    found: dict[str, None] = {}
    for text in texts:
        if text:
            found.update(dict.fromkeys(tokens(text)))
    return " ".join(found)


def refresh(practitioner_ids: Sequence[int]) -> None:
    """Make anew what search reads of these listings. Call it in the transaction that changed them."""
    for start in range(0, len(practitioner_ids), BATCH):
        _refresh(practitioner_ids[start : start + BATCH])


def refresh_all() -> int:
    """The same of every listing, after the facts that they name have changed; how many there are."""
    ids = db.session.scalars(select(Practitioner.id).order_by(Practitioner.id)).all()
    refresh(ids)
    return len(ids)


def _refresh(ids: Sequence[int]) -> None:
    for table in (SearchText, ClaimSpan):
        db.session.execute(delete(table).where(table.practitioner_id.in_(ids)))
    listings = db.session.scalars(
        select(Practitioner)
        .where(Practitioner.id.in_(ids))
        .options(
            selectinload(Practitioner.other_names),
            selectinload(Practitioner.places),
            selectinload(Practitioner.trainings).selectinload(Training.modality),
            selectinload(Practitioner.concerns).selectinload(WorksWith.concern),
            selectinload(Practitioner.claims).selectinload(Claim.body),
            selectinload(Practitioner.checks),
        )
        .execution_options(populate_existing=True)
    ).all()
    texts = [text_of(listing) for listing in listings]
    spans = [span for listing in listings for span in spans_of(listing)]
    if texts:
        db.session.execute(insert(SearchText), texts)
    if spans:
        db.session.execute(insert(ClaimSpan), spans)
    add_words(word for text in texts for column in ("names", "methods") for word in text[column].split())
    lookalikes.refresh(ids)


def text_of(listing: Practitioner) -> dict[str, Any]:
    """The words of a listing, by how much they say about it."""
    concerns = [
        term
        for link in listing.concerns
        if link.concern.lists_practitioners and listing.country not in COUNTRIES_WITHOUT_PAIRING
        for term in link.concern.terms
    ]
    claims = [
        text
        for claim in listing.claims
        for text in (claim.grade, claim.number, claim.body.abbreviation if claim.body else claim.body_name)
    ]
    return {
        "practitioner_id": listing.id,
        "names": join(listing.name, *(other.name for other in listing.other_names), listing.business),
        "methods": join(*(term for training in listing.trainings for term in training.modality.terms)),
        "body": join(listing.text, *claims, *(text for place in listing.places for text in place_texts(place))),
        "concerns": join(*concerns),
    }


def place_texts(place: PracticePlace) -> tuple[str | None, ...]:
    """What of a place is found by words. A street address is not."""
    return (place.locality, place.town, place.postcode_area)


def spans_of(listing: Practitioner) -> list[dict[str, Any]]:
    """The status of each claim, by date."""
    return [
        {
            "claim_id": claim.id,
            "practitioner_id": listing.id,
            "body_id": claim.body_id,
            "status": period.status,
            "from_on": period.from_on,
            "until_on": period.until_on,
        }
        for claim in listing.claims
        for period in periods(claim, claim.body, listing.checks)
    ]


def add_words(words: Iterable[str]) -> None:
    """Remember words by which somebody is found. One that is no longer used does no harm."""
    rows = [{"word": word} for word in sorted(set(words))]
    if not rows:
        return
    for start in range(0, len(rows), BATCH):
        db.session.execute(upsert(SearchWord).on_conflict_do_nothing(), rows[start : start + BATCH])
