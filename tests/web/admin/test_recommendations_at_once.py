"""Many decide about one note at the same moment, and somebody changes it: one thing happens, once."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import func, select

from directory.db import db, transaction
from directory.models import (
    Account,
    Audience,
    Event,
    HiddenBefore,
    LedgerEntry,
    Letter,
    ListingState,
    Practitioner,
    Recommendation,
    RecommendationState,
    Reply,
    Role,
)
from directory.services import recommendations
from tests import factories
from tests.crowds import Sites, at_once, together
from tests.factories.listings import AT, make_kept
from tests.factories.recommendations import make_recommendation
from tests.members import sign_in_as

HOW_MANY = 12
NOW = AT + dt.timedelta(days=1)
DECIDED = ("recommendation-published", "recommendation-refused")

Work = Callable[[Recommendation, Account], object]


def decided(sites: Sites, note_id: int, works: Sequence[tuple[int, Work]]) -> list[str]:
    """Let accounts do all this at the same moment; what came of each."""

    def do(account_id: int, work: Work) -> object:
        return work(db.session.get_one(Recommendation, note_id), db.session.get_one(Account, account_id))

    return together(sites, [partial(do, account_id, work) for account_id, work in works])


def made(two_sites: Sites, state: RecommendationState) -> tuple[int, int, list[int], int]:
    """A note for everybody: its number, who keeps the listing, who may decide, and who wrote it."""
    with two_sites[0].app_context(), transaction():
        factories.bind(db.session)
        bosses = [factories.AccountFactory(role=Role.ADMINISTRATOR) for _ in range(HOW_MANY)]
        keeper = factories.AccountFactory()
        listing_id = make_kept(keeper, ListingState.PUBLISHED, by=bosses[0]).practitioner_id
        listing = db.session.get_one(Practitioner, listing_id)
        note = make_recommendation(listing, None, Audience.PUBLIC, state=state)
        db.session.flush()
        return note.id, keeper.id, [one.id for one in bosses], note.writer_id


def test_of_many_decisions_at_once_one_counts(two_sites: Sites) -> None:
    note_id, _, bosses, _ = made(two_sites, RecommendationState.HELD)
    publish: Work = lambda note, by: recommendations.publish(note, by=by, at=NOW, revision=1)  # noqa: E731
    refuse: Work = lambda note, by: recommendations.refuse(note, "insult", by=by, at=NOW, revision=1)  # noqa: E731
    answers = decided(two_sites, note_id, [(boss, (publish, refuse)[n % 2]) for n, boss in enumerate(bosses)])
    assert answers.count("done") == 1
    with two_sites[0].app_context():
        for told in (Event, LedgerEntry, Letter):
            assert db.session.scalar(select(func.count()).select_from(told).where(told.kind.in_(DECIDED))) == 1


def test_what_its_writer_changes_at_that_moment_is_never_published_unread(two_sites: Sites) -> None:
    note_id, _, bosses, writer = made(two_sites, RecommendationState.HELD)

    def change(note: Recommendation, by: Account) -> object:
        listing = db.session.get_one(Practitioner, note.practitioner_id)
        given = replace(recommendations.Given.of(note), text="Words that nobody has read.")
        return recommendations.write(listing, given, by=by, network=None, at=NOW)

    publish: Work = lambda note, by: recommendations.publish(note, by=by, at=NOW, revision=1)  # noqa: E731
    answers = decided(two_sites, note_id, [(writer, change), *((boss, publish) for boss in bosses[:3])])
    # The writer may always change it; then it waits again, whatever was decided a moment before.
    assert answers[0] == "done"
    with two_sites[0].app_context():
        note = db.session.get_one(Recommendation, note_id)
        assert (note.state, note.text) == (RecommendationState.HELD, "Words that nobody has read.")
        assert recommendations.public_of(note.practitioner_id) == []


def test_who_removes_a_note_as_it_is_hidden_does_not_shed_that(two_sites: Sites) -> None:
    note_id, _, bosses, writer = made(two_sites, RecommendationState.SHOWN)

    def remove() -> None:
        by = db.session.get_one(Account, writer)
        recommendations.remove(recommendations.lock(note_id), by=by, at=NOW)

    def hide() -> None:
        by = db.session.get_one(Account, bosses[0])
        recommendations.hide(recommendations.lock(note_id), "safety", by=by, at=NOW)

    answers = together(two_sites, [remove, hide, hide, hide])
    assert answers[0] == "done"
    with two_sites[0].app_context():
        assert db.session.get(Recommendation, note_id) is None
        assert db.session.scalar(select(func.count()).select_from(HiddenBefore)) == answers.count("done") - 1


def test_a_reply_sent_many_times_at_once_is_one(two_sites: Sites) -> None:
    note_id, keeper, _, _ = made(two_sites, RecommendationState.SHOWN)
    people = []
    for site in two_sites:
        with site.app_context(), transaction():
            address = f"/member/replies/{db.session.get_one(Recommendation, note_id).public_id}"
            people.append(sign_in_as(site, db.session.get_one(Account, keeper)))

    def send(number: int) -> int:
        return people[number % len(people)]._raw_post(address, data={"text": "Thank you."}).status_code

    assert at_once(send, 9) == {303: 9}
    with two_sites[0].app_context():
        [reply] = db.session.scalars(select(Reply))
        assert (reply.text, reply.revision) == ("Thank you.", 1)
