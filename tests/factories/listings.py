"""Listings that somebody keeps, at each stage of their life, made through the verbs themselves."""

import datetime as dt
from typing import Any

from directory.db import db
from directory.models import Account, Kept, ListingState, ListingVersion, Practitioner, Role
from directory.services import listings
from directory.services.listings import STEPS
from tests.factories.accounts import AccountFactory

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)

SHOWN: dict[str, Any] = {
    "name": "Wren Hallowby",
    "business": "The Quiet Room",
    "other_names": ["Wren Ashdown"],
    "text": "I work slowly, on a futon.",
    "further_methods": "Breathing with sound",
    "gender": "woman",
    "modalities": [{"id": "shiatsu", "since_year": 2009, "school": "A school in Bristol", "hours": 500}],
    "pressure": [1, 3],
    "concerns": ["lower-back-pain"],
    "places": [
        {
            "locality": "Kemptown",
            "town": "Brighton",
            "postcode_area": "BN2",
            "region": "England",
            "country": "GB",
            "address": None,
        }
    ],
    "visits": ["theirs", "online"],
    "travels_km": None,
    "prices": [{"label": None, "minutes": 60, "amount_minor": 5000, "currency": "GBP", "is_reduced": False}],
    "languages": ["en"],
    "access": ["step-free"],
    "access_note": None,
    "accepting": "yes",
    "availability_note": None,
    "states_insurance": True,
    "claims": [
        {"body_id": "uk-shiatsu-society", "body_name": None, "grade": "MRSS", "claimed_until": "2027-03-31"},
    ],
    "photo": None,
    "website": "https://example.org/wren",
    "country": "GB",
}
PRIVATE: dict[str, Any] = {
    "search_only_names": ["Wren Secretname"],
    "contact_email": "wren@example.org",
    "contact_telephone": "+44 1273 496012",
    "places": [{"address": "7 Hidden Street", "latitude": 50.819512, "longitude": -0.126034}],
    "claim_numbers": ["12345"],
}


def make_kept(
    account: Account,
    state: ListingState = ListingState.DRAFT,
    *,
    by: Account | None = None,
    at: dt.datetime = AT,
    private: dict[str, Any] | None = None,
    **shown: Any,
) -> Kept:
    """A listing of `account` in `state`; `by` is the administrator who decides, where somebody must.

    `shown` and `private` replace answers of the example.
    """
    said, hidden = {**SHOWN, **shown}, {**PRIVATE, **(private or {})}
    kept = listings.start(account, said, hidden, at=at)
    *first, last = STEPS
    _answer(kept, first, said, hidden)
    listings.save(kept, last, said, hidden, revision=kept.revision, by=account, at=at)
    if state is ListingState.DRAFT:
        return kept
    listings.submit(kept, revision=kept.revision, by=account, at=at)
    if state is ListingState.SUBMITTED:
        return kept
    assert by is not None, "somebody must approve it"
    listings.approve(open_version(kept).id, revision=kept.revision, by=by, at=at)
    if state is ListingState.CHANGES_WAITING:
        change(kept, "about", at=at, name=f"{said['name']} Newname")
    elif state is ListingState.HIDDEN:
        listings.hide(kept, by=account, at=at)
    elif state is ListingState.SUSPENDED:
        listings.suspend(kept.practitioner_id, reason="We could not reach you.", by=by, at=at)
    elif state is ListingState.WITHDRAWN:
        listings.withdraw(kept, by=account, at=at)
    db.session.flush()
    return kept


def make_listed(account: Account | None = None, *, by: Account | None = None, **shown: Any) -> Practitioner:
    """A public listing that somebody keeps."""
    by = by or AccountFactory(role=Role.ADMINISTRATOR)
    return make_kept(account or AccountFactory(), ListingState.PUBLISHED, by=by, **shown).practitioner


def _answer(kept: Kept, steps: list[str], said: dict[str, Any], hidden: dict[str, Any]) -> None:
    """What `listings.save` does to a draft, of several steps at once: hundreds of tests begin with it."""
    answers, version = listings.answers_now(kept), open_version(kept)
    for step in steps:
        before, answers = answers, answers.with_step(step, said, hidden)
        if answers != before:
            kept.revision += 1
            kept.step_revisions = {**kept.step_revisions, step: kept.revision}
    version.shown, version.private = dict(answers.shown), dict(answers.private)
    version.steps_done = steps


def open_version(kept: Kept) -> ListingVersion:
    version = listings.open_version(kept.practitioner_id)
    assert version is not None
    return version


def change(
    kept: Kept, step: str, *, at: dt.datetime = AT, private: dict[str, Any] | None = None, **shown: Any
) -> listings.Saved:
    """Save one step of a listing with these answers changed, as its practitioner."""
    now = listings.answers_now(kept)
    account = listings.get_kept(kept.practitioner_id).account
    return listings.save(
        kept,
        step,
        {**now.shown, **shown},
        {**now.private, **(private or {})},
        revision=kept.revision,
        by=account,
        at=at,
    )
