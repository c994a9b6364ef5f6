"""Random histories of a note, whoever does what in which order: nothing stands in public that no moderator has read,
and what was hidden is not read again before one has let it through."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Audience,
    InvalidTransition,
    ListingState,
    NotFound,
    Practitioner,
    Recommendation,
    RecommendationState,
    Relation,
    Reply,
    Role,
)
from directory.services import ledger, recommendations
from directory.services.recommendations import Given
from tests.conftest import sqlite_only
from tests.factories import AccountFactory
from tests.factories.listings import AT, make_kept

# The usual ones more often, so that histories get somewhere.
STEPS = (
    *("write", "publish", "reply", "publish_reply") * 3,
    *("refuse", "hide", "restore", "refuse_reply", "take_back", "remove"),
)
DECISIONS = {"publish", "refuse", "hide", "restore", "publish_reply", "refuse_reply"}
# The step, for whom a note is written, and whether whoever decides looks at an older state.
HISTORIES = st.lists(
    st.tuples(st.sampled_from(STEPS), st.sampled_from([*[Audience.PUBLIC] * 3, *Audience]), st.booleans()),
    max_size=15,
)
HIDDEN = [("write", Audience.CIRCLE), ("hide", Audience.CIRCLE)]
HIDDEN_AND_CHANGED_TWICE = [
    *HIDDEN,
    ("write", Audience.PUBLIC),
    ("write", Audience.CIRCLE),
    ("restore", Audience.CIRCLE),
]
HIDDEN_AND_WRITTEN_ANEW = [
    *HIDDEN, ("remove", Audience.CIRCLE), ("write", Audience.FRIEND), ("write", Audience.PUBLIC),
    ("publish", Audience.PUBLIC), ("write", Audience.FRIEND),
]  # fmt: skip


class World:
    """One listing, one writer, one moderator; and every text that the moderator let through."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.boss: Account = AccountFactory(role=Role.ADMINISTRATOR)
        self.keeper: Account = AccountFactory()
        self.writer: Account = AccountFactory()
        kept = make_kept(self.keeper, ListingState.PUBLISHED, by=self.boss)
        self.listing = session.get_one(Practitioner, kept.practitioner_id)
        self.at = AT
        self.count = 0
        self.let_through: set[str] = set()
        self.is_hidden = False

    @property
    def note(self) -> Recommendation | None:
        return recommendations.find_own(self.writer, self.listing)

    def take(self, step: str, audience: Audience, *, is_stale: bool) -> bool:
        """Try one step; whether it was done."""
        self.at += dt.timedelta(hours=1)
        self.count += 1
        note = self.note
        if step == "write":
            self._write(audience)
            return True
        if note is None:
            return False
        try:
            self._act(step, note, is_stale)
        except (InvalidTransition, NotFound):
            return False
        self.is_hidden = step == "hide" or (self.is_hidden and step not in {"publish", "restore"})
        return True

    def _write(self, audience: Audience) -> None:
        said = Given(audience, Relation.CLIENT, True, dt.date(2026, 10, 1), None, None, f"Note {self.count}", "Maud")  # noqa: FBT003
        recommendations.write(self.listing, replace(said), by=self.writer, network=None, at=self.at)

    def _act(self, step: str, note: Recommendation, is_stale: bool) -> None:
        boss, at = self.boss, self.at
        answer = self.session.get(Reply, note.id)
        if step == "publish":
            recommendations.publish(note, by=boss, at=at, revision=note.revision - is_stale)
            assert not is_stale, "published unread"
            self.let_through.add(note.text)
        elif step == "refuse":
            recommendations.refuse(note, "insult", by=boss, at=at, revision=note.revision - is_stale)
        elif step == "hide":
            recommendations.hide(note, "untrue", by=boss, at=at)
        elif step == "restore":
            recommendations.restore(note, "own-view", by=boss, at=at)
        elif step == "reply":
            recommendations.reply(note, f"Reply {self.count}", by=self.keeper, at=at)
        elif step == "publish_reply":
            revision = answer.revision - is_stale if answer else 1
            recommendations.publish_reply(note, by=boss, at=at, revision=revision)
            assert answer is not None
            assert not is_stale, "published unread"
            self.let_through.add(answer.text)
        elif step == "refuse_reply":
            recommendations.refuse_reply(note, "insult", by=boss, at=at, revision=answer.revision if answer else 1)
        elif step == "take_back":
            recommendations.take_back(note, by=self.keeper, at=at)
        else:
            recommendations.remove(note, by=self.writer, at=at)


def check_histories(session: Session, history: list[tuple[str, Audience, bool]]) -> None:
    world = World(session)
    for step, audience, is_stale in history:
        before = ledger.size()
        done = world.take(step, audience, is_stale=is_stale)
        session.flush()
        # Each decision is a line of the record, and nothing else is.
        assert ledger.size() - before == (done and step in DECISIONS)
        note, found = world.note, recommendations.public_of(world.listing.id)
        is_public = note is not None and note.audience is Audience.PUBLIC and note.state is RecommendationState.SHOWN
        assert [one.text for one in found] == ([note.text] if note is not None and is_public else [])
        for one in found:
            assert one.text in world.let_through
            assert one.reply is None or one.reply in world.let_through
        assert note is None or not world.is_hidden or note.state is not RecommendationState.SHOWN, (
            "written out of hiding"
        )
        waits = {(one.what.value, one.recommendation_id) for one in recommendations.waiting()}
        assert len(waits) == recommendations.how_many()
        assert note is None or (("note", note.id) in waits) is (note.state is RecommendationState.HELD)


# The long run is on both.
@sqlite_only
@settings(max_examples=8)
@given(history=HISTORIES)
@example([(step, audience, False) for step, audience in HIDDEN_AND_CHANGED_TWICE])
@example([(step, audience, False) for step, audience in HIDDEN_AND_WRITTEN_ANEW])
def test_nothing_stands_in_public_that_nobody_has_read(
    session: Session, history: list[tuple[str, Audience, bool]]
) -> None:
    check_histories(session, history)


@pytest.mark.soak
@settings(max_examples=1_000)
@given(history=HISTORIES)
def test_nothing_stands_in_public_that_nobody_has_read_in_a_thousand_histories(
    session: Session, history: list[tuple[str, Audience, bool]]
) -> None:
    check_histories(session, history)
