"""A listing from its first answer to its withdrawal, through the verbs."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import (
    OPEN_VERSIONS,
    PUBLIC_STATES,
    Account,
    Claim,
    Event,
    InvalidTransition,
    Kept,
    Letter,
    ListingState,
    ListingVersion,
    NotFound,
    OtherName,
    Role,
    Training,
    VersionState,
)
from directory.services import listings, profiles, search
from tests.factories import CheckFactory
from tests.factories.accounts import AccountFactory
from tests.factories.listings import AT, PRIVATE, SHOWN, change, make_kept, open_version

LATER = AT + dt.timedelta(days=3)
DAY = LATER.date()
# What is private, wherever it might turn up.
PRIVATE_WORDS = ("Secretname", "wren@example.org", "496012", "7 Hidden Street", "12345")


@pytest.fixture
def wren(session: Session) -> Account:
    made: Account = AccountFactory(email="wren@example.org")
    return made


@pytest.fixture
def desk(session: Session) -> Account:
    made: Account = AccountFactory(role=Role.ADMINISTRATOR)
    return made


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Event.kind).order_by(Event.id)))


def letters(session: Session) -> list[str]:
    return list(session.scalars(select(Letter.kind).order_by(Letter.id)))


def is_found(kept: Kept, words: str) -> bool:
    asked = search.understand({"q": [words]}, DAY, search.Site(("GB",), "mi", pairs_concerns=True))
    return kept.practitioner_id in {hit.practitioner_id for hit in search.find(asked.criteria).hits}


def test_what_was_approved_is_what_the_rows_say(wren: Account, desk: Account, session: Session) -> None:
    kept = make_kept(wren, ListingState.SUBMITTED)
    assert not is_found(kept, "Hallowby")
    listings.approve(open_version(kept).id, revision=kept.revision, by=desk, at=LATER)
    assert listings.published_answers(kept.practitioner) == listings.even(SHOWN, PRIVATE)
    assert kept.practitioner.state is ListingState.PUBLISHED
    assert kept.practitioner.listed_on == DAY
    assert kept.practitioner.confirmed_on == AT.date()
    assert is_found(kept, "Hallowby")
    assert is_found(kept, "Secretname")
    assert not is_found(kept, "Hidden Street")
    assert letters(session) == ["listing-submitted", "listing-approved"]
    assert kinds(session) == ["listing-started", "listing-submitted", "listing-approved"]


def test_a_small_fact_applies_at_once_and_a_name_waits(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.PUBLISHED, by=desk)
    dearer = [{"minutes": 60, "amount_minor": 6500, "currency": "GBP"}]
    saved = change(kept, "prices", prices=dearer, at=LATER)
    assert (saved.is_public, saved.waiting) == (True, None)
    assert profiles.cards([kept.practitioner_id], DAY)[0].fees[0].amount_minor == 6500
    saved = change(kept, "about", name="Wren Newname", at=LATER)
    assert not saved.is_public
    assert saved.waiting is not None
    assert kept.practitioner.state is ListingState.CHANGES_WAITING
    assert kept.practitioner.name == "Wren Hallowby"
    assert is_found(kept, "Hallowby")
    assert not is_found(kept, "Newname")
    change(kept, "prices", travels_km=5, visits=["theirs", "yours"], at=LATER)
    listings.approve(open_version(kept).id, revision=kept.revision, by=desk, at=LATER)
    assert (kept.practitioner.name, kept.practitioner.travels_km) == ("Wren Newname", 5)
    assert is_found(kept, "Newname")
    assert not is_found(kept, "Hallowby")


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("about", {"business": "Another Room"}),
        ("about", {"other_names": []}),
        ("about", {"private": {"search_only_names": ["Somebody Famous"]}}),
        ("methods", {"further_methods": "Something else"}),
        ("methods", {"modalities": [{"id": "shiatsu", "since_year": 1999, "school": "Elsewhere", "hours": 500}]}),
        ("memberships", {"claims": []}),
        ("memberships", {"private": {"claim_numbers": ["999"]}}),
        ("words", {"text": "Another text."}),
        ("words", {"website": None}),
    ],
)
def test_what_is_large_waits(wren: Account, desk: Account, step: str, answers: dict[str, object]) -> None:
    kept = make_kept(wren, ListingState.PUBLISHED, by=desk)
    before = listings.published_answers(kept.practitioner)
    assert change(kept, step, at=LATER, **answers).waiting is not None  # type: ignore[arg-type]
    assert listings.published_answers(kept.practitioner) == before
    listings.refuse(open_version(kept).id, revision=kept.revision, reason="No.", by=desk, at=LATER)
    assert kept.practitioner.state is ListingState.PUBLISHED
    assert listings.answers_now(kept) == before


def test_a_change_that_is_taken_back_waits_no_more(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.CHANGES_WAITING, by=desk)
    change(kept, "about", name="Wren Hallowby", at=LATER)
    assert listings.open_version(kept.practitioner_id) is None
    assert kept.practitioner.state is ListingState.PUBLISHED


def test_a_method_without_words_about_training_is_small(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.PUBLISHED, by=desk)
    training = db.session.get_one(Training, (kept.practitioner_id, "shiatsu"))
    training.seen_on = AT.date()
    more = [*SHOWN["modalities"], {"id": "reflexology"}]
    assert change(kept, "methods", modalities=more, at=LATER).waiting is None
    assert db.session.get_one(Training, (kept.practitioner_id, "shiatsu")).seen_on == AT.date()
    more[0] = {**more[0], "school": "Another school"}
    change(kept, "methods", modalities=more, at=LATER)
    listings.approve(open_version(kept).id, revision=kept.revision, by=desk, at=LATER)
    assert db.session.get_one(Training, (kept.practitioner_id, "shiatsu")).seen_on is None


def test_a_claim_that_nobody_looked_at_goes_and_one_that_somebody_did_is_taken_back(
    wren: Account, desk: Account, session: Session
) -> None:
    two = [*SHOWN["claims"], {"body_id": None, "body_name": "The Guild of Hands", "grade": None}]
    kept = make_kept(wren, ListingState.PUBLISHED, by=desk, claims=two)
    first = session.scalars(select(Claim).where(Claim.body_id.is_not(None))).one()
    CheckFactory(practitioner_id=kept.practitioner_id, body_id=first.body_id)
    change(kept, "memberships", claims=[], at=LATER)
    listings.approve(open_version(kept).id, revision=kept.revision, by=desk, at=LATER)
    left = session.scalars(select(Claim)).all()
    assert [(claim.id, claim.withdrawn_on) for claim in left] == [(first.id, DAY)]
    change(kept, "memberships", claims=SHOWN["claims"], private={"claim_numbers": ["1 23-45"]}, at=LATER)
    listings.approve(open_version(kept).id, revision=kept.revision, by=desk, at=LATER)
    session.refresh(first)
    assert (first.withdrawn_on, first.stated_on, first.number) == (None, AT.date(), "1 23-45")


def test_changes_that_are_asked_for_are_made_and_sent_again(wren: Account, desk: Account, session: Session) -> None:
    kept = make_kept(wren, ListingState.SUBMITTED)
    sent = open_version(kept)
    listings.ask_for_changes(sent.id, revision=kept.revision, reason="Say where.", by=desk, at=LATER)
    assert kept.practitioner.state is ListingState.DRAFT
    change(kept, "words", text="Here.", at=LATER)
    draft = open_version(kept)
    assert (sent.state, draft.state, draft.reason) == (VersionState.SUPERSEDED, VersionState.DRAFT, "Say where.")
    listings.submit(kept, revision=kept.revision, by=wren, at=LATER)
    listings.approve(draft.id, revision=kept.revision, by=desk, at=LATER)
    assert letters(session).count("listing-submitted") == 2
    assert letters(session)[-1] == "listing-approved"


def test_a_refused_listing_can_be_written_anew(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.SUBMITTED)
    listings.refuse(open_version(kept).id, revision=kept.revision, reason="This is not you.", by=desk, at=LATER)
    assert kept.practitioner.state is ListingState.DRAFT
    assert listings.answers_now(kept).shown["name"] == "Wren Hallowby"
    with pytest.raises(InvalidTransition):
        listings.submit(kept, revision=kept.revision, by=wren, at=LATER)
    change(kept, "words", text="Me.", at=LATER)
    listings.submit(kept, revision=kept.revision, by=wren, at=LATER)
    assert kept.practitioner.state is ListingState.SUBMITTED


def test_what_was_sent_stays_as_it_was_sent(wren: Account) -> None:
    kept = make_kept(wren, ListingState.SUBMITTED)
    sent = open_version(kept)
    change(kept, "words", text="Changed while it waits.", at=LATER)
    now = open_version(kept)
    assert (sent.state, sent.shown["text"]) == (VersionState.SUPERSEDED, SHOWN["text"])
    assert (now.state, now.submitted_at) == (VersionState.WAITING, AT)
    with pytest.raises(InvalidTransition):
        listings.approve(sent.id, revision=kept.revision, by=AccountFactory(role=Role.ADMINISTRATOR), at=LATER)


def test_nobody_decides_their_own_listing(session: Session) -> None:
    both: Account = AccountFactory(role=Role.ADMINISTRATOR)
    kept = make_kept(both, ListingState.SUBMITTED)
    waiting = open_version(kept).id
    decisions: list[Callable[[], object]] = [
        lambda: listings.approve(waiting, revision=kept.revision, by=both, at=LATER),
        lambda: listings.refuse(waiting, revision=kept.revision, reason="x", by=both, at=LATER),
        lambda: listings.ask_for_changes(waiting, revision=kept.revision, reason="x", by=both, at=LATER),
        lambda: listings.suspend(kept.practitioner_id, reason="x", by=both, at=LATER),
    ]
    for decide in decisions:
        with pytest.raises(listings.OwnListing):
            decide()
    assert kept.practitioner.state is ListingState.SUBMITTED


def test_a_decision_about_what_changed_meanwhile_is_refused(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.CHANGES_WAITING, by=desk)
    seen, version = kept.revision, open_version(kept).id
    change(kept, "prices", travels_km=7, visits=["yours"], at=LATER)
    with pytest.raises(listings.Conflict) as refused:
        listings.approve(version, revision=seen, by=desk, at=LATER)
    assert refused.value.theirs.shown["travels_km"] == 7
    listings.approve(version, revision=kept.revision, by=desk, at=LATER)
    with pytest.raises(InvalidTransition):
        listings.refuse(version, revision=kept.revision, reason="x", by=desk, at=LATER)


def test_what_is_not_there_cannot_be_decided(session: Session, desk: Account) -> None:
    for missing in (
        lambda: listings.approve(999, revision=1, by=desk, at=LATER),
        lambda: listings.suspend(999, reason="x", by=desk, at=LATER),
        lambda: listings.get_kept(999),
    ):
        with pytest.raises(NotFound):
            missing()


@pytest.mark.parametrize("state", [ListingState.HIDDEN, ListingState.SUSPENDED, ListingState.WITHDRAWN])
def test_what_is_taken_down_is_found_nowhere(wren: Account, desk: Account, state: ListingState) -> None:
    kept = make_kept(wren, state, by=desk)
    assert kept.practitioner.state is state
    assert not is_found(kept, "Hallowby")
    assert profiles.cards([kept.practitioner_id], DAY) == []
    with pytest.raises(profiles.TakenDown):
        profiles.get(kept.practitioner.public_id, DAY)
    change(kept, "prices", travels_km=9, visits=["yours"], at=LATER)
    assert not is_found(kept, "Hallowby")


def test_a_suspension_ends_where_it_began(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.HIDDEN, by=desk)
    listings.suspend(kept.practitioner_id, reason="Why.", by=desk, at=LATER)
    assert kept.state_reason == "Why."
    for verb in (listings.hide, listings.show_again, listings.withdraw):
        with pytest.raises(InvalidTransition):
            verb(kept, by=wren, at=LATER)
    listings.lift(kept.practitioner_id, reason="Answered.", by=desk, at=LATER)
    assert (kept.practitioner.state, kept.state_reason) == (ListingState.HIDDEN, None)
    listings.show_again(kept, by=wren, at=LATER)
    assert is_found(kept, "Hallowby")


def test_whoever_withdrew_comes_back_only_through_an_administrator(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.WITHDRAWN, by=desk)
    kept.asked_on = kept.warned_on = LATER.date()
    with pytest.raises(InvalidTransition):
        listings.show_again(kept, by=wren, at=LATER)
    listings.submit(kept, revision=kept.revision, by=wren, at=LATER)
    assert kept.practitioner.state is ListingState.SUBMITTED
    assert not is_found(kept, "Hallowby")
    listings.approve(open_version(kept).id, revision=kept.revision, by=desk, at=LATER)
    assert is_found(kept, "Hallowby")
    assert (kept.practitioner.confirmed_on, kept.asked_on, kept.warned_on) == (LATER.date(), None, None)


def test_one_button_says_that_it_is_still_right(wren: Account, desk: Account) -> None:
    kept = make_kept(wren, ListingState.PUBLISHED, by=desk)
    listings.hide(kept, by=None, at=LATER, for_silence=True)
    assert not is_found(kept, "Hallowby")
    listings.confirm_still_right(kept, by=wren, at=LATER)
    assert kept.practitioner.confirmed_on == DAY
    assert is_found(kept, "Hallowby")


def test_a_listing_needs_a_name_a_method_and_a_place(wren: Account) -> None:
    kept = make_kept(wren, further_methods=None, modalities=[], places=[], visits=["theirs"])
    with pytest.raises(listings.NotReady) as refused:
        listings.submit(kept, revision=kept.revision, by=wren, at=LATER)
    assert [one.step for one in refused.value.missing] == ["methods", "places"]


def test_an_account_keeps_one_listing(wren: Account, session: Session) -> None:
    kept = make_kept(wren)
    assert listings.start(wren, {"name": "Another"}, {}, at=LATER) is kept
    assert session.scalar(select(func.count()).select_from(Kept)) == 1


@pytest.mark.usefixtures("session")
def test_differences_are_told_field_by_field_and_private_ones_only_to_whom_they_belong() -> None:
    before, after = listings.even(SHOWN, PRIVATE), listings.even({**SHOWN, "name": "W. H."}, {})
    public = listings.differences(before, after, private=False)
    assert [(one.field, one.before, one.after) for one in public] == [("name", "Wren Hallowby", "W. H.")]
    every = listings.differences(before, after, private=True)
    assert {"search_only_names", "contact_email", "claim_numbers", "addresses"} <= {one.field for one in every}
    told = str(listings.described(before, private=False))
    assert not [word for word in PRIVATE_WORDS if word in told]


# ---------- any order of all steps ----------

ACTIONS = (
    "small", "large", "submit", "approve", "return", "refuse", "hide", "show", "suspend", "lift", "withdraw", "confirm"
)  # fmt: skip


def act(action: str, number: int, kept: Kept, wren: Account, desk: Account) -> None:
    """Try one step; one that is not allowed now changes nothing."""
    at = AT + dt.timedelta(minutes=number)
    version = listings.open_version(kept.practitioner_id)
    waiting = version.id if version else 0
    of, revision = kept.practitioner_id, kept.revision
    verbs: dict[str, Callable[[], object]] = {
        "small": lambda: change(kept, "prices", at=at, travels_km=number + 1, visits=["yours"]),
        "large": lambda: change(kept, "about", at=at, name=f"Wren Number{number}"),
        "submit": lambda: listings.submit(kept, revision=revision, by=wren, at=at),
        "approve": lambda: listings.approve(waiting, revision=revision, by=desk, at=at),
        "return": lambda: listings.ask_for_changes(waiting, revision=revision, reason="x", by=desk, at=at),
        "refuse": lambda: listings.refuse(waiting, revision=revision, reason="x", by=desk, at=at),
        "hide": lambda: listings.hide(kept, by=wren, at=at),
        "show": lambda: listings.show_again(kept, by=wren, at=at),
        "suspend": lambda: listings.suspend(of, reason="x", by=desk, at=at),
        "lift": lambda: listings.lift(of, reason="x", by=desk, at=at),
        "withdraw": lambda: listings.withdraw(kept, by=wren, at=at),
        "confirm": lambda: listings.confirm_still_right(kept, by=wren, at=at),
    }
    try:
        verbs[action]()
    except (InvalidTransition, NotFound):
        return


def check(kept: Kept) -> None:
    """What holds after any step."""
    found = listings.versions(kept.practitioner_id)
    listing = kept.practitioner
    assert len([one for one in found if one.state in OPEN_VERSIONS]) <= 1
    assert [one.number for one in found] == list(range(len(found), 0, -1))
    public = [one for one in found if one.state is VersionState.PUBLISHED]
    if kept.is_approved:
        assert listings.published_answers(listing) == listings.answers_of(public[0])
    is_public = listing.state in PUBLIC_STATES
    assert not is_public or kept.is_approved
    assert is_found(kept, listing.name) == is_public
    waiting = [one for one in found if one.state is VersionState.WAITING]
    if listing.state in {ListingState.SUBMITTED, ListingState.CHANGES_WAITING}:
        assert waiting
    if listing.state in {ListingState.DRAFT, ListingState.PUBLISHED}:
        assert not waiting
    told = str([one.shown for one in found])
    assert not [word for word in PRIVATE_WORDS if word in told]


@settings(max_examples=12)
@given(actions=st.lists(st.sampled_from(ACTIONS), min_size=4, max_size=10), is_published=st.booleans())
# A small fact that changes while something else waits is public before it.
@example(actions=["large", "small", "approve"], is_published=True)
def test_any_order_of_steps_keeps_what_must_hold(
    session: Session, wren: Account, desk: Account, actions: list[str], is_published: bool
) -> None:
    # Nothing of the run before is remembered: its rows were undone, and their numbers come again.
    ids = [inspect(account).identity for account in (wren, desk)]
    session.expunge_all()
    wren, desk = (session.get_one(Account, identity) for identity in ids)
    with session.begin_nested() as before:
        state = ListingState.PUBLISHED if is_published else ListingState.DRAFT
        kept = make_kept(wren, state, by=desk)
        for number, action in enumerate(actions):
            act(action, number, kept, wren, desk)
            session.flush()
            check(kept)
        before.rollback()


def test_private_words_stand_in_no_public_row(wren: Account, desk: Account, session: Session) -> None:
    kept = make_kept(wren, ListingState.PUBLISHED, by=desk)
    names = session.scalars(select(OtherName).where(OtherName.practitioner_id == kept.practitioner_id)).all()
    assert {(one.name, one.is_shown) for one in names} == {("Wren Ashdown", True), ("Wren Secretname", False)}
    versions = session.scalars(select(ListingVersion)).all()
    assert not [word for word in PRIVATE_WORDS if word in str([one.shown for one in versions])]
