"""What moderators decide about notes and replies: once, not about their own, with a reason that both sides read."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Audience,
    Change,
    Event,
    InvalidTransition,
    LedgerOpening,
    ListingState,
    NotFound,
    Practitioner,
    Recommendation,
    RecommendationState,
    Reply,
    Role,
)
from directory.services import ledger, recommendation_switches, recommendations, retention
from directory.services.recommendations import AGAINST, FOR, REASONS, Conflict, NotAllowed, OwnNote, ReplyChanged
from tests import mail
from tests.conftest import sqlite_only
from tests.factories import AccountFactory
from tests.factories.listings import make_kept
from tests.factories.recommendations import AT, make_recommendation

NOW = AT + dt.timedelta(hours=3)
SHOWN, HELD = RecommendationState.SHOWN, RecommendationState.HELD
REFUSED, HIDDEN = RecommendationState.REFUSED, RecommendationState.HIDDEN


@dataclass
class Sides:
    """A note for everybody that waits, and everybody who has to do with it."""

    note: Recommendation
    writer: Account
    keeper: Account
    boss: Account

    @property
    def public(self) -> list[recommendations.PublicNote]:
        return recommendations.public_of(self.note.practitioner_id)

    def publish(self) -> Recommendation:
        return recommendations.publish(self.note, by=self.boss, at=NOW, revision=self.note.revision)


@pytest.fixture
def sides(session: Session) -> Sides:
    boss, keeper, writer = (AccountFactory(role=role) for role in (Role.ADMINISTRATOR, Role.MEMBER, Role.MEMBER))
    kept = make_kept(keeper, ListingState.PUBLISHED, by=boss)
    listing = session.get_one(Practitioner, kept.practitioner_id)
    return Sides(make_recommendation(listing, writer, Audience.PUBLIC), writer, keeper, boss)


def kinds(session: Session, to: Account) -> list[str]:
    """The letters about notes that somebody gets, the newest first."""
    return [one.kind for one in mail.letters(session, to=to.email) if one.kind.startswith(("reco", "reply"))]


def events_of(session: Session, **where: Any) -> list[str]:
    query = select(Event.kind).filter_by(**where).where(Event.kind.like("re%-%ed")).order_by(Event.id)
    return list(session.scalars(query))


def test_a_note_that_waits_is_seen_by_nobody_until_it_is_published(session: Session, sides: Sides) -> None:
    assert sides.public == []
    sides.publish()
    assert [one.text for one in sides.public] == [sides.note.text]
    assert (sides.note.decided_at, sides.note.decided_by_id) == (NOW, sides.boss.id)
    assert kinds(session, sides.writer) == ["recommendation-published"]
    assert kinds(session, sides.keeper) == ["recommendation-received"]
    assert sides.note.text not in mail.letters(session, to=sides.keeper.email)[0].text
    assert events_of(session, account_id=sides.writer.id) == ["recommendation-published"]
    [entry] = ledger.list_latest(1)
    assert (entry.kind, dict(entry.facts)) == ("recommendation-published", {})


def test_a_refusal_is_told_to_the_writer_alone(session: Session, sides: Sides) -> None:
    recommendations.refuse(sides.note, "illness", by=sides.boss, at=NOW, revision=sides.note.revision)
    assert (sides.note.state, sides.note.reason, sides.public) == (REFUSED, "illness", [])
    [letter] = mail.letters(session, to=sides.writer.email)
    assert REASONS["illness"].to_author in letter.text
    assert kinds(session, sides.keeper) == []
    assert events_of(session, account_id=sides.writer.id) == ["recommendation-refused"]
    assert "recommendation-refused" not in events_of(session, practitioner_id=sides.note.practitioner_id)
    [entry] = ledger.list_latest(1)
    assert dict(entry.facts) == {"reason": "illness"}
    about = select(LedgerOpening.plain).where(LedgerOpening.seq == entry.seq)
    assert set(session.scalars(about)) == {f"account:{sides.boss.id}", f"account:{sides.writer.id}"}


def test_a_second_decision_comes_too_late(session: Session, sides: Sides) -> None:
    revision = sides.note.revision
    sides.publish()
    with pytest.raises(InvalidTransition):
        recommendations.refuse(sides.note, "illness", by=sides.boss, at=NOW, revision=revision)
    with pytest.raises(InvalidTransition):
        recommendations.publish(sides.note, by=sides.boss, at=NOW, revision=revision)
    assert sides.note.state is SHOWN
    assert kinds(session, sides.writer) == ["recommendation-published"]


def test_nobody_publishes_words_that_they_have_not_seen(session: Session, sides: Sides) -> None:
    seen = sides.note.revision
    said = recommendations.Given.of(sides.note)
    changed = {name: getattr(said, name) for name in recommendations.Given.__dataclass_fields__}
    listing = session.get_one(Practitioner, sides.note.practitioner_id)
    recommendations.write(
        listing,
        recommendations.Given(**{**changed, "text": "Something else."}),
        by=sides.writer,
        network=None,
        at=NOW,
    )
    with pytest.raises(Conflict):
        recommendations.publish(sides.note, by=sides.boss, at=NOW, revision=seen)
    assert sides.public == []


def test_nobody_decides_about_their_own(session: Session, sides: Sides) -> None:
    again = AccountFactory(role=Role.ADMINISTRATOR, email=sides.writer.email.replace("@", "+two@"))
    for own in (sides.writer, sides.keeper):
        own.role = Role.ADMINISTRATOR
    revision = sides.note.revision
    for somebody in (sides.writer, sides.keeper, again):
        with pytest.raises(OwnNote):
            recommendations.publish(sides.note, by=somebody, at=NOW, revision=revision)
        with pytest.raises(OwnNote):
            recommendations.refuse(sides.note, "insult", by=somebody, at=NOW, revision=revision)
    sides.publish()
    recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    for somebody in (sides.writer, sides.keeper, again):
        with pytest.raises(OwnNote):
            recommendations.hide(sides.note, "insult", by=somebody, at=NOW)
        with pytest.raises(OwnNote):
            recommendations.publish_reply(sides.note, by=somebody, at=NOW, revision=1)


def test_a_note_is_hidden_and_shown_again(session: Session, sides: Sides) -> None:
    with pytest.raises(InvalidTransition):
        recommendations.hide(sides.note, "untrue", by=sides.boss, at=NOW)
    sides.publish()
    recommendations.hide(sides.note, "untrue", by=sides.boss, at=NOW, tell=True)
    assert (sides.note.state, sides.note.reason, sides.public) == (HIDDEN, "untrue", [])
    with pytest.raises(InvalidTransition):
        recommendations.hide(sides.note, "untrue", by=None, at=NOW)
    recommendations.restore(sides.note, "not-shown-wrong", by=sides.boss, at=NOW + dt.timedelta(hours=1), tell=True)
    assert (sides.note.state, sides.note.reason, len(sides.public)) == (SHOWN, None, 1)
    with pytest.raises(InvalidTransition):
        recommendations.restore(sides.note, "own-view", by=None, at=NOW)
    expected = ["recommendation-restored", "recommendation-hidden"]
    assert kinds(session, sides.writer)[:2] == kinds(session, sides.keeper)[:2] == expected
    assert [one.kind for one in ledger.list_latest(2)] == expected


@pytest.mark.parametrize("audience", [Audience.FRIEND, Audience.CIRCLE])
@sqlite_only
def test_of_what_was_never_public_the_practitioner_hears_nothing(session: Session, audience: Audience) -> None:
    boss, keeper = AccountFactory(role=Role.ADMINISTRATOR), AccountFactory()
    kept = make_kept(keeper, ListingState.PUBLISHED, by=boss)
    note = make_recommendation(session.get_one(Practitioner, kept.practitioner_id), None, audience)
    before = kinds(session, keeper), events_of(session, practitioner_id=kept.practitioner_id)
    with pytest.raises(InvalidTransition):
        recommendations.publish(note, by=boss, at=NOW, revision=note.revision)
    recommendations.hide(note, "safety", by=None, at=NOW, tell=True)
    assert note.state is HIDDEN
    recommendations.restore(note, "answered", by=None, at=NOW, tell=True)
    assert note.state is SHOWN
    assert (kinds(session, keeper), events_of(session, practitioner_id=kept.practitioner_id)) == before
    assert kinds(session, note.writer) == ["recommendation-restored", "recommendation-hidden"]
    with pytest.raises(NotFound):
        recommendations.case_of(note.id)


@sqlite_only
def test_a_reason_fits_its_decision(session: Session, sides: Sides) -> None:
    for reason in ("nothing", *FOR):
        with pytest.raises(ValueError, match="no reason"):
            recommendations.refuse(sides.note, reason, by=sides.boss, at=NOW, revision=sides.note.revision)
        with pytest.raises(ValueError, match="no reason"):
            recommendations.refuse_reply(sides.note, reason, by=sides.boss, at=NOW, revision=1)
    sides.publish()
    for reason in AGAINST:
        with pytest.raises(ValueError, match="no reason"):
            recommendations.restore(sides.note, reason, by=sides.boss, at=NOW)


def test_the_published_list_of_reasons_says_each_to_both_sides() -> None:
    assert {one.key for one in REASONS.values()} == set(REASONS)
    for one in REASONS.values():
        assert one.label
        assert one.to_author.endswith(".")
        assert one.to_others.endswith(".")
    assert {key for key, one in REASONS.items() if one.hides_at_once} == {"safety", "private-life"}
    assert not set(AGAINST) & set(FOR)
    assert set(REASONS) - set(AGAINST) - set(FOR) == {key for key, one in REASONS.items() if one.is_automatic}


# Replies


def test_the_practitioner_replies_once_and_is_read_first(session: Session, sides: Sides) -> None:
    with pytest.raises(InvalidTransition):
        recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    sides.publish()
    answer = recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    assert (answer.state, sides.public[0].reply) == (HELD, None)
    assert [(one.what, one.recommendation_id) for one in recommendations.waiting()] == [("reply", sides.note.id)]
    recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=answer.revision)
    assert sides.public[0].reply == "Thank you."
    assert kinds(session, sides.keeper)[0] == "reply-published"
    assert kinds(session, sides.writer)[0] == "recommendation-answered"
    with pytest.raises(InvalidTransition):
        recommendations.reply(sides.note, "And another.", by=sides.keeper, at=NOW)
    [one] = recommendations.of_listing(sides.keeper)
    assert not one.can_write
    recommendations.take_back(sides.note, by=sides.keeper, at=NOW)
    assert sides.public[0].reply is None
    with pytest.raises(NotFound):
        recommendations.take_back(sides.note, by=sides.keeper, at=NOW)


def test_a_refused_reply_can_be_written_anew(session: Session, sides: Sides) -> None:
    sides.publish()
    answer = recommendations.reply(sides.note, "Your sciatica is better, I hope.", by=sides.keeper, at=NOW)
    recommendations.refuse_reply(sides.note, "illness", by=sides.boss, at=NOW, revision=1)
    assert (answer.state, answer.reason, sides.public[0].reply) == (REFUSED, "illness", None)
    assert REASONS["illness"].to_author in mail.letters(session, to=sides.keeper.email, kind="reply-refused")[0].text
    with pytest.raises(InvalidTransition):
        recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=1)
    again = recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    assert (again.state, again.reason, again.revision) == (HELD, None, 2)
    # Sent twice is sent once.
    assert recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW).revision == 2
    with pytest.raises(ReplyChanged):
        recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=1)


def test_the_practitioner_hears_that_a_note_changed_to_which_they_replied(session: Session, sides: Sides) -> None:
    sides.publish()
    answer = recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=answer.revision)
    later = NOW + dt.timedelta(days=1)
    changed = replace(recommendations.Given.of(sides.note), text="Other words.")
    recommendations.write(sides.note.practitioner, changed, by=sides.writer, network=None, at=later)
    assert recommendations.case_of(sides.note.id).is_reply_older
    recommendations.publish(sides.note, by=sides.boss, at=later, revision=sides.note.revision)
    assert [(one.text, one.reply) for one in sides.public] == [("Other words.", None)]
    letter = mail.letters(session, to=sides.keeper.email, kind="recommendation-received")[0]
    assert "A note about you that you replied to was changed" in letter.text
    [one] = recommendations.of_listing(sides.keeper)
    assert one.can_write


def test_a_reply_that_everybody_reads_can_be_taken_down(session: Session, sides: Sides) -> None:
    sides.publish()
    answer = recommendations.reply(sides.note, "She still owes me money.", by=sides.keeper, at=NOW)
    recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=answer.revision)
    recommendations.refuse_reply(sides.note, "private-life", by=sides.boss, at=NOW, revision=answer.revision)
    assert (answer.state, sides.public[0].reply) == (REFUSED, None)
    assert kinds(session, sides.keeper)[0] == "reply-refused"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"email": "same+tag@example.org"}, "same-address"),
        ({"confirmed_at": None}, "not-confirmed"),
    ],
)
def test_nobody_publishes_what_its_writer_could_not_write_any_more(
    session: Session, sides: Sides, changed: dict[str, Any], why: str
) -> None:
    sides.keeper.email = "same@example.org"
    for name, value in changed.items():
        setattr(sides.writer, name, value)
    session.flush()
    with pytest.raises(NotAllowed) as refused:
        sides.publish()
    assert refused.value.reason == recommendations.case_of(sides.note.id).why_not == why
    assert (sides.note.state, sides.public) == (HELD, [])


def test_only_whoever_keeps_the_listing_replies(session: Session, sides: Sides) -> None:
    sides.publish()
    for somebody in (sides.writer, sides.boss, AccountFactory()):
        with pytest.raises(NotFound):
            recommendations.reply(sides.note, "Thank you.", by=somebody, at=NOW)
        with pytest.raises(NotFound):
            recommendations.get_answerable(somebody, sides.note.public_id)
        assert recommendations.of_listing(somebody) == []
    assert session.scalar(select(func.count()).select_from(Reply)) == 0


def test_a_reply_to_a_note_that_is_hidden_meanwhile_waits_with_it(session: Session, sides: Sides) -> None:
    sides.publish()
    answer = recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    recommendations.hide(sides.note, "untrue", by=None, at=NOW)
    assert recommendations.waiting() == []
    with pytest.raises(InvalidTransition):
        recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=answer.revision)
    recommendations.restore(sides.note, "own-view", by=None, at=NOW)
    recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=answer.revision)
    assert sides.public[0].reply == "Thank you."
    assert "recommendation-answered" in kinds(session, sides.writer)


def test_what_its_writer_removed_is_decided_by_nobody(session: Session, sides: Sides) -> None:
    revision = sides.note.revision
    recommendations.remove(sides.note, by=sides.writer, at=NOW)
    with pytest.raises(NotFound):
        recommendations.publish(sides.note, by=sides.boss, at=NOW, revision=revision)
    assert kinds(session, sides.writer) == []


# Where notes are switched off


def test_where_notes_are_switched_off_none_is_shown_published_or_answered(session: Session, sides: Sides) -> None:
    other = make_recommendation(sides.note.practitioner, None, Audience.PUBLIC)
    sides.publish()
    switch = recommendation_switches.off_for(sides.note.practitioner, "The law.", by=sides.boss, at=NOW)
    assert sides.public == []
    with pytest.raises(NotAllowed):
        recommendations.publish(other, by=sides.boss, at=NOW, revision=other.revision)
    with pytest.raises(NotAllowed):
        recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    recommendations.refuse(other, "law", by=sides.boss, at=NOW, revision=other.revision)
    recommendation_switches.on(switch.id, by=sides.boss, at=NOW)
    assert [one.public_id for one in sides.public] == [sides.note.public_id]


# What the log of changes hears


def changes(session: Session, sides: Sides) -> int:
    session.flush()
    of_listing = Change.practitioner_id == sides.note.practitioner_id
    return session.scalar(select(func.count()).where(of_listing)) or 0


def test_kept_pages_hear_of_what_changes_on_them_and_of_nothing_else(session: Session, sides: Sides) -> None:
    def grows(does_grow: bool) -> None:
        nonlocal count
        before, count = count, changes(session, sides)
        assert (count > before) is does_grow

    count = changes(session, sides)
    sides.note.text = "Another word."
    grows(False)  # noqa: FBT003
    sides.publish()
    grows(True)  # noqa: FBT003
    answer = recommendations.reply(sides.note, "Thank you.", by=sides.keeper, at=NOW)
    grows(False)  # noqa: FBT003
    recommendations.publish_reply(sides.note, by=sides.boss, at=NOW, revision=answer.revision)
    grows(True)  # noqa: FBT003
    recommendations.take_back(sides.note, by=sides.keeper, at=NOW)
    grows(True)  # noqa: FBT003
    recommendations.hide(sides.note, "untrue", by=None, at=NOW)
    grows(True)  # noqa: FBT003
    recommendations.restore(sides.note, "own-view", by=None, at=NOW)
    grows(True)  # noqa: FBT003
    recommendations.remove(sides.note, by=sides.writer, at=NOW)
    grows(True)  # noqa: FBT003


@pytest.mark.parametrize("audience", [Audience.FRIEND, Audience.CIRCLE])
def test_what_is_not_for_everybody_leaves_no_trace_in_the_log(
    session: Session, sides: Sides, audience: Audience
) -> None:
    count = changes(session, sides)
    note = make_recommendation(sides.note.practitioner, AccountFactory(), audience)
    session.flush()
    note.text = "Another word."
    recommendations.hide(note, "safety", by=None, at=NOW)
    recommendations.restore(note, "answered", by=None, at=NOW)
    recommendations.remove(note, by=note.writer, at=NOW)
    assert changes(session, sides) == count


# What runs out


def test_what_was_not_shown_goes_half_a_year_later(session: Session, sides: Sides) -> None:
    sides.publish()
    recommendations.reply(sides.note, "Your sciatica is better, I hope.", by=sides.keeper, at=NOW)
    recommendations.refuse_reply(sides.note, "illness", by=sides.boss, at=NOW, revision=1)
    other = make_recommendation(sides.note.practitioner, None, Audience.PUBLIC)
    recommendations.refuse(other, "insult", by=sides.boss, at=NOW, revision=other.revision)
    retention.enforce(at=NOW + dt.timedelta(days=179))
    assert session.scalar(select(func.count()).select_from(Recommendation)) == 2
    assert session.scalar(select(func.count()).select_from(Reply)) == 1
    retention.enforce(at=NOW + dt.timedelta(days=181))
    assert session.scalars(select(Recommendation.id)).all() == [sides.note.id]
    assert session.scalar(select(func.count()).select_from(Reply)) == 0
