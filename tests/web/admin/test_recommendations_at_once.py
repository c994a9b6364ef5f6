"""Many decide about one note at the same moment, and somebody changes it: one thing happens, once."""

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.app import create_app
from directory.db import db, kept, transaction
from directory.models import (
    Account,
    Audience,
    Event,
    InvalidTransition,
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
from tests.conftest import make_settings
from tests.factories.listings import AT, make_kept
from tests.factories.recommendations import make_recommendation
from tests.members import sign_in_as

HOW_MANY = 12
NOW = AT + dt.timedelta(days=1)
DECIDED = ("recommendation-published", "recommendation-refused")

Work = Callable[[Recommendation, Account], object]


@pytest.fixture
def apps(own_database: str, tmp_path: Path) -> Sequence[Flask]:
    """Sites on one database, as so many processes would be."""
    return [create_app(make_settings(tmp_path, own_database), for_commands=True) for _ in range(3)]


def together(apps: Sequence[Flask], note_id: int, works: Sequence[tuple[int, Work]]) -> list[str]:
    """Let accounts do all this at the same moment; who won."""
    ready = Barrier(len(works))

    def do(number: int) -> str:
        account_id, work = works[number]
        with apps[number % len(apps)].app_context():
            ready.wait()
            try:
                kept(lambda: work(db.session.get_one(Recommendation, note_id), db.session.get_one(Account, account_id)))
            except InvalidTransition:
                return "lost"
            return "won"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, range(len(works))))


def made(apps: Sequence[Flask], state: RecommendationState) -> tuple[int, int, list[int], int]:
    """A note for everybody: its number, who keeps the listing, who may decide, and who wrote it."""
    with apps[0].app_context(), transaction():
        factories.bind(db.session)
        bosses = [factories.AccountFactory(role=Role.ADMINISTRATOR) for _ in range(HOW_MANY)]
        keeper = factories.AccountFactory()
        listing_id = make_kept(keeper, ListingState.PUBLISHED, by=bosses[0]).practitioner_id
        listing = db.session.get_one(Practitioner, listing_id)
        note = make_recommendation(listing, None, Audience.PUBLIC, state=state)
        db.session.flush()
        return note.id, keeper.id, [one.id for one in bosses], note.writer_id


def test_of_many_decisions_at_once_one_counts(apps: Sequence[Flask]) -> None:
    note_id, _, bosses, _ = made(apps, RecommendationState.HELD)
    publish: Work = lambda note, by: recommendations.publish(note, by=by, at=NOW, revision=1)  # noqa: E731
    refuse: Work = lambda note, by: recommendations.refuse(note, "insult", by=by, at=NOW, revision=1)  # noqa: E731
    answers = together(apps, note_id, [(boss, (publish, refuse)[n % 2]) for n, boss in enumerate(bosses)])
    assert sorted(answers) == ["lost"] * (HOW_MANY - 1) + ["won"]
    with apps[0].app_context():
        for told in (Event, LedgerEntry, Letter):
            assert db.session.scalar(select(func.count()).select_from(told).where(told.kind.in_(DECIDED))) == 1


def test_what_its_writer_changes_at_that_moment_is_never_published_unread(apps: Sequence[Flask]) -> None:
    note_id, _, bosses, writer = made(apps, RecommendationState.HELD)

    def change(note: Recommendation, by: Account) -> object:
        listing = db.session.get_one(Practitioner, note.practitioner_id)
        given = replace(recommendations.Given.of(note), text="Words that nobody has read.")
        return recommendations.write(listing, given, by=by, network=None, at=NOW)

    publish: Work = lambda note, by: recommendations.publish(note, by=by, at=NOW, revision=1)  # noqa: E731
    answers = together(apps, note_id, [(writer, change), *((boss, publish) for boss in bosses[:3])])
    # The writer may always change it; then it waits again, whatever was decided a moment before.
    assert answers[0] == "won"
    with apps[0].app_context():
        note = db.session.get_one(Recommendation, note_id)
        assert (note.state, note.text) == (RecommendationState.HELD, "Words that nobody has read.")
        assert recommendations.public_of(note.practitioner_id) == []


def test_a_reply_sent_many_times_at_once_is_one(apps: Sequence[Flask]) -> None:
    note_id, keeper, _, _ = made(apps, RecommendationState.SHOWN)
    people = []
    for app in apps:
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context(), transaction():
            address = f"/member/replies/{db.session.get_one(Recommendation, note_id).public_id}"
            people.append(sign_in_as(app, db.session.get_one(Account, keeper)))
    ready = Barrier(9)

    def send(number: int) -> int:
        ready.wait()
        return people[number % len(people)]._raw_post(address, data={"text": "Thank you."}).status_code

    with ThreadPoolExecutor(9) as pool:
        assert set(pool.map(send, range(9))) == {303}
    with apps[0].app_context():
        [reply] = db.session.scalars(select(Reply))
        assert (reply.text, reply.revision) == ("Thank you.", 1)
