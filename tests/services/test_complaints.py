"""Objections to notes: what hides one and when, what brings it back, who decides, and what both sides are told."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import (
    Account,
    Audience,
    Complaint,
    ComplaintState,
    ComplaintWords,
    Event,
    InvalidTransition,
    LedgerEntry,
    ListingState,
    NotFound,
    Practitioner,
    Recommendation,
    RecommendationState,
    Role,
    Ruling,
    Side,
    StepKind,
)
from directory.services import complaints, erasures, ledger, mail_stops, recommendations, retention
from directory.services.complaints import OwnCase
from directory.services.recommendations import AGAINST, FOR, REASONS
from tests import mail
from tests.conftest import sqlite_only
from tests.factories import AccountFactory
from tests.factories.listings import make_kept
from tests.factories.recommendations import AT, make_recommendation

SHOWN, HELD = RecommendationState.SHOWN, RecommendationState.HELD
REFUSED, HIDDEN = RecommendationState.REFUSED, RecommendationState.HIDDEN
OBJECTOR = "osric@example.net"
SECOND, HOUR, DAY = (dt.timedelta(**{unit: 1}) for unit in ("seconds", "hours", "days"))


@dataclass
class Sides:
    """A note that is shown, and everybody who has to do with it."""

    note: Recommendation
    writer: Account
    keeper: Account
    boss: Account
    other: Account

    def object(self, ground: str = "untrue", text: str = "It is not so.", at: dt.datetime = AT) -> Complaint:
        return complaints.make(self.note, ground, text, reply_to=OBJECTOR, at=at)

    def decide(self, case: Complaint, ruling: Ruling, reason: str, by: Account | None = None, hours: int = 3) -> None:
        at = AT + hours * HOUR
        complaints.decide(case.id, ruling, reason, by=by or self.boss, at=at, revision=case.revision)


@pytest.fixture
def sides(session: Session) -> Sides:
    boss, other = (AccountFactory(role=Role.ADMINISTRATOR) for _ in range(2))
    keeper, writer = AccountFactory(), AccountFactory()
    kept = make_kept(keeper, ListingState.PUBLISHED, by=boss)
    listing = session.get_one(Practitioner, kept.practitioner_id)
    note = make_recommendation(listing, writer, Audience.PUBLIC, state=SHOWN)
    session.flush()
    return Sides(note, writer, keeper, boss, other)


def run_clock(at: dt.datetime) -> None:
    """What the job does every five minutes."""
    for complaint_id in complaints.due(at):
        complaints.tend(complaint_id, at=at)


def kinds(session: Session, to: str) -> list[str]:
    """The letters that somebody gets about it, the oldest first."""
    found = [one.kind for one in mail.letters(session, to=to)]
    return [kind for kind in reversed(found) if kind.startswith(("complaint", "recommendation"))]


def steps(case: Complaint) -> list[StepKind]:
    return [one.kind for one in complaints.steps_of(case)]


def test_a_note_stays_for_48_hours_and_is_hidden_then_until_it_is_decided(session: Session, sides: Sides) -> None:
    case = sides.object()
    assert case.due_at == AT + 48 * HOUR
    run_clock(AT + 48 * HOUR - SECOND)
    assert sides.note.state is SHOWN
    run_clock(AT + 48 * HOUR)
    run_clock(AT + 50 * HOUR)
    assert (sides.note.state, sides.note.reason) == (HIDDEN, "undecided")
    assert steps(case) == [StepKind.MADE, StepKind.HIDDEN_LATE]
    assert kinds(session, OBJECTOR) == ["complaint-received", "complaint-late"]
    assert kinds(session, sides.writer.email) == ["complaint-made", "complaint-late"]
    assert kinds(session, sides.keeper.email) == ["recommendation-hidden"]
    sides.decide(case, Ruling.KEEP, "own-view", hours=60)
    assert (sides.note.state, case.state, case.holds) == (SHOWN, ComplaintState.DECIDED, False)
    assert kinds(session, sides.keeper.email)[-1] == "recommendation-restored"


@pytest.mark.parametrize("ground", sorted(key for key, one in REASONS.items() if one.hides_at_once))
def test_safety_and_private_life_hide_a_note_at_once(session: Session, sides: Sides, ground: str) -> None:
    case = sides.object(ground)
    assert (sides.note.state, sides.note.reason, case.due_at) == (HIDDEN, "objected", None)
    assert recommendations.public_of(sides.note.practitioner_id) == []
    assert kinds(session, sides.keeper.email) == ["recommendation-hidden"]
    # Who can decide is asked to look soon.
    assert "safety or private life" in mail.letters(session, to=sides.boss.email, kind="complaint-waits")[0].text
    made = mail.letters(session, to=sides.writer.email, kind="complaint-made")[0]
    assert "The note is hidden until we have decided." in made.text
    # An answer does not bring it back: somebody has to look.
    complaints.answer(case, "Nobody is in danger.", by=sides.writer, at=AT + HOUR)
    assert sides.note.state is HIDDEN
    run_clock(AT + 8 * DAY)
    assert case.state is ComplaintState.OPEN
    sides.decide(case, Ruling.KEEP, "answered", hours=200)
    assert sides.note.state is SHOWN


@pytest.mark.parametrize("on_appeal", [False, True])
def test_what_was_decided_to_stay_is_not_hidden_at_once_again(sides: Sides, on_appeal: bool) -> None:
    first = sides.object("safety", at=AT - 9 * DAY)
    if on_appeal:
        run_clock(AT - 4 * DAY)
        complaints.appeal(first, Side.WRITER, "I was away.", by=sides.writer, at=AT)
    sides.decide(first, Ruling.KEEP, "within-rules")
    again = sides.object("safety", "It is dangerous all the same.", AT + 5 * HOUR)
    assert (sides.note.state, again.due_at) == (SHOWN, AT + 53 * HOUR)
    sides.note.revision += 1
    changed = sides.object("safety", "These are other words.", AT + 6 * HOUR)
    assert changed.holds
    assert sides.note.state is HIDDEN


def test_the_writers_answer_brings_back_what_only_the_clock_had_hidden(session: Session, sides: Sides) -> None:
    case = sides.object()
    run_clock(AT + 49 * HOUR)
    complaints.answer(case, "I was there on the day.", by=sides.writer, at=AT + 50 * HOUR)
    assert (sides.note.state, case.holds, case.state) == (SHOWN, False, ComplaintState.OPEN)
    assert steps(case)[-2:] == [StepKind.ANSWERED, StepKind.BROUGHT_BACK]
    assert kinds(session, OBJECTOR)[-1] == "complaint-answered"
    assert kinds(session, sides.keeper.email) == ["recommendation-hidden", "recommendation-restored"]
    with pytest.raises(InvalidTransition):
        complaints.answer(case, "Once more.", by=sides.writer, at=AT + 51 * HOUR)
    # We have 48 hours anew, and no more.
    run_clock(AT + 97 * HOUR)
    assert sides.note.state is SHOWN
    run_clock(AT + 98 * HOUR)
    assert sides.note.state is HIDDEN


def test_who_does_not_answer_in_five_days_has_the_note_hidden_and_can_appeal(session: Session, sides: Sides) -> None:
    case = sides.object()
    run_clock(AT + 5 * DAY - SECOND)
    assert case.state is ComplaintState.OPEN
    run_clock(AT + 5 * DAY)
    assert (case.state, case.ruling, case.reason) == (ComplaintState.DECIDED, Ruling.HIDE, "not-answered")
    assert (sides.note.state, sides.note.reason) == (HIDDEN, "not-answered")
    with pytest.raises(InvalidTransition):
        complaints.answer(case, "Now I answer.", by=sides.writer, at=AT + 5 * DAY)
    complaints.appeal(case, Side.WRITER, "I was away.", by=sides.writer, at=AT + 6 * DAY)
    # Nobody decided the first time, so anybody may now.
    sides.decide(case, Ruling.KEEP, "own-view", hours=150)
    assert (sides.note.state, case.state) == (SHOWN, ComplaintState.FINAL)


def test_a_clock_that_stood_still_for_days_does_what_is_due_and_says_only_that(session: Session, sides: Sides) -> None:
    case = sides.object()
    for _ in range(2):
        run_clock(AT + 6 * DAY)
    assert steps(case) == [StepKind.MADE, StepKind.DECIDED]
    assert kinds(session, sides.writer.email) == ["complaint-made", "complaint-decided"]
    assert kinds(session, sides.keeper.email) == ["recommendation-hidden"]


def test_a_note_that_its_writer_changed_is_not_hidden_for_want_of_an_answer(sides: Sides) -> None:
    case = sides.object()
    sides.note.revision += 1
    sides.note.state = HELD
    run_clock(AT + 6 * DAY)
    assert (case.state, sides.note.state) == (ComplaintState.OPEN, HELD)
    sides.decide(case, Ruling.KEEP, "changed", hours=200)
    # Whether the new words are shown is decided where notes are read.
    assert sides.note.state is HELD


def test_the_objection_being_right_hides_for_a_published_reason_told_to_both(session: Session, sides: Sides) -> None:
    case = sides.object()
    sides.decide(case, Ruling.HIDE, "untrue")
    assert (sides.note.state, sides.note.reason) == (HIDDEN, "untrue")
    writers, objectors = (
        mail.letters(session, to=to, kind="complaint-decided")[0].text for to in (sides.writer.email, OBJECTOR)
    )
    assert REASONS["untrue"].to_author in writers
    assert "You can have somebody else decide again" in writers
    assert REASONS["untrue"].to_others in objectors
    assert "You can have somebody else decide again" not in objectors
    # Neither learns who the other is, and no letter repeats what was said.
    assert sides.writer.email not in objectors
    assert OBJECTOR not in writers
    for one in mail.letters(session):
        assert "It is not so." not in one.text
        assert sides.note.text not in one.text


@pytest.mark.parametrize("ruling", list(Ruling))
@sqlite_only
def test_a_decision_needs_a_reason_that_fits_it(sides: Sides, ruling: Ruling) -> None:
    case = sides.object()
    fitting = AGAINST if ruling is Ruling.HIDE else FOR
    for key in set(REASONS) - set(fitting):
        with pytest.raises(ValueError, match="no reason"):
            sides.decide(case, ruling, key)
    for ground in set(REASONS) - set(AGAINST):
        with pytest.raises(ValueError, match="no ground"):
            sides.object(ground)


def test_the_losing_side_appeals_once_and_somebody_else_decides_for_good(session: Session, sides: Sides) -> None:
    case = sides.object()
    sides.decide(case, Ruling.KEEP, "own-view")
    appeal = partial(complaints.appeal, case, text="Look again.", at=AT + DAY)
    with pytest.raises(InvalidTransition):
        appeal(Side.WRITER, by=sides.writer)
    appeal(Side.OBJECTOR)
    with pytest.raises(InvalidTransition):
        appeal(Side.OBJECTOR)
    with pytest.raises(OwnCase):
        sides.decide(case, Ruling.HIDE, "untrue", hours=30)
    sides.decide(case, Ruling.HIDE, "untrue", by=sides.other, hours=30)
    assert (case.state, sides.note.state) == (ComplaintState.FINAL, HIDDEN)
    assert "it is final" in mail.letters(session, to=sides.writer.email, kind="complaint-decided")[0].text
    with pytest.raises(InvalidTransition):
        appeal(Side.WRITER, by=sides.writer)
    kinds_ = [entry.kind for entry in ledger.list_latest(10)]
    assert {"complaint-decided", "complaint-appeal-decided", "recommendation-hidden"} <= set(kinds_)


def test_an_appeal_comes_too_late_after_thirty_days(sides: Sides) -> None:
    case = sides.object()
    sides.decide(case, Ruling.HIDE, "untrue", hours=0)
    with pytest.raises(InvalidTransition):
        complaints.appeal(case, Side.WRITER, "Look.", by=sides.writer, at=AT + 30 * DAY)
    complaints.appeal(case, Side.WRITER, "Look.", by=sides.writer, at=AT + 30 * DAY - SECOND)


@pytest.mark.parametrize(("ruling", "side"), [(Ruling.KEEP, Side.OBJECTOR), (Ruling.HIDE, Side.WRITER)])
def test_an_appeal_is_told_to_the_other_side_and_to_whoever_can_decide(
    session: Session, sides: Sides, ruling: Ruling, side: Side
) -> None:
    case = sides.object()
    sides.decide(case, ruling, "own-view" if ruling is Ruling.KEEP else "untrue", hours=0)
    complaints.appeal(case, side, "Canary.", by=sides.writer if side is Side.WRITER else None, at=AT)
    told, appellant = (OBJECTOR, sides.writer.email) if side is Side.WRITER else (sides.writer.email, OBJECTOR)
    assert kinds(session, told)[-1] == "complaint-appealed"
    assert "complaint-appealed" not in kinds(session, appellant)

    def asked() -> list[str]:
        letters = mail.letters(session, kind="complaint-waits")
        return [one.to for one in letters if one.subject == "An appeal about a note waits for you"]

    assert asked() == [sides.other.email]
    assert "anary" not in str(mail.letters(session))
    # A week later it is asked for once more, and what was decided holds until somebody else has.
    shown = sides.note.state
    run_clock(AT + 7 * DAY - SECOND)
    assert len(asked()) == 1
    assert complaints.how_many_wait(at=AT + 7 * DAY - SECOND) == (1, 0)
    for _ in range(2):
        run_clock(AT + 7 * DAY)
    assert asked() == [sides.other.email] * 2
    assert complaints.how_many_wait(at=AT + 7 * DAY) == (1, 1)
    assert (case.state, sides.note.state) == (ComplaintState.APPEALED, shown)


def test_where_nobody_else_can_whoever_decided_first_decides_again_three_days_after_the_appeal(
    session: Session, sides: Sides
) -> None:
    case = sides.object()
    sides.decide(case, Ruling.KEEP, "own-view", hours=0)
    complaints.appeal(case, Side.OBJECTOR, "Look again.", at=AT)
    with pytest.raises(OwnCase):
        sides.decide(case, Ruling.HIDE, "untrue", hours=3 * 24)
    # The other administrator turns out to be the writer, by another account.
    sides.other.email = sides.writer.email.replace("@", "+desk@")
    with pytest.raises(OwnCase):
        sides.decide(case, Ruling.HIDE, "untrue", hours=3 * 24 - 1)
    sides.decide(case, Ruling.HIDE, "untrue", hours=3 * 24)
    assert case.state is ComplaintState.FINAL


def test_an_address_that_somebody_typed_keeps_nobody_from_deciding_who_is_the_only_one(sides: Sides) -> None:
    case = complaints.make(sides.note, "untrue", "It is not so.", reply_to=sides.boss.email, at=AT)
    with pytest.raises(OwnCase):
        sides.decide(case, Ruling.KEEP, "own-view")
    sides.other.active = False
    sides.decide(case, Ruling.KEEP, "own-view")
    assert case.state is ComplaintState.DECIDED


def test_what_a_moderator_hid_besides_stays_hidden_whatever_becomes_of_the_objection(
    session: Session, sides: Sides
) -> None:
    case = sides.object()
    recommendations.hide(sides.note, "outcome", by=sides.boss, at=AT + HOUR)
    run_clock(AT + 48 * HOUR)
    assert "complaint-late" not in kinds(session, OBJECTOR)
    sides.decide(case, Ruling.HIDE, "untrue", hours=50)
    complaints.appeal(case, Side.WRITER, "It is so.", by=sides.writer, at=AT + 3 * DAY)
    sides.decide(case, Ruling.KEEP, "own-view", by=sides.other, hours=75)
    assert (sides.note.state, sides.note.reason) == (HIDDEN, "outcome")
    assert "For another reason it is not shown now." in mail.letters(session, to=OBJECTOR)[0].text
    assert not complaints.is_held(sides.note)


def test_objections_that_come_in_numbers_are_neither_all_kept_nor_all_obeyed(session: Session, sides: Sides) -> None:
    for number in range(complaints.MOST_OPEN):
        sides.object(text=f"Number {number}")
    with pytest.raises(complaints.TooManyOpen):
        sides.object("reward", text="One more.")
    # One about safety is always taken; and where many of these came, looked at before it hides anything.
    case = complaints.make(sides.note, "safety", "It is dangerous.", reply_to=None, at=AT, hides=False)
    assert (sides.note.state, case.due_at) == (SHOWN, AT + 48 * HOUR)
    # Who can decide is asked once an hour for either kind, however many come.
    assert len(mail.letters(session, to=sides.boss.email, kind="complaint-waits")) == 2
    run_clock(AT + 48 * HOUR)
    assert sides.note.state is HIDDEN


def test_nobody_decides_about_what_is_their_own(sides: Sides) -> None:
    case = sides.object()
    for part in (sides.writer, sides.keeper):
        part.role = Role.ADMINISTRATOR
        with pytest.raises(OwnCase):
            sides.decide(case, Ruling.KEEP, "own-view", by=part)
    sides.other.email = OBJECTOR
    with pytest.raises(OwnCase):
        sides.decide(case, Ruling.HIDE, "untrue", by=sides.other)


def test_of_two_decisions_about_what_was_seen_one_counts(sides: Sides) -> None:
    case = sides.object()
    seen = case.revision
    sides.decide(case, Ruling.KEEP, "own-view")
    with pytest.raises(InvalidTransition):
        complaints.decide(case.id, Ruling.HIDE, "untrue", by=sides.other, at=AT + 4 * HOUR, revision=seen)
    assert sides.note.state is SHOWN


def test_two_objections_hold_a_note_until_both_are_decided(sides: Sides) -> None:
    first, second = sides.object(), sides.object("insult", "It insults me.")
    run_clock(AT + 49 * HOUR)
    assert first.holds
    assert second.holds
    sides.decide(first, Ruling.KEEP, "own-view", hours=50)
    assert sides.note.state is HIDDEN
    sides.decide(second, Ruling.KEEP, "within-rules", hours=51)
    assert sides.note.state is SHOWN


def test_what_held_the_old_words_does_not_hold_new_ones(sides: Sides) -> None:
    first = sides.object("contact-details")
    sides.decide(first, Ruling.HIDE, "contact-details")
    assert complaints.is_held(sides.note)
    # Its writer takes them out, and a moderator lets the new words through.
    sides.note.state, sides.note.revision = HELD, sides.note.revision + 1
    assert not complaints.is_held(sides.note)
    recommendations.publish(sides.note, by=sides.boss, at=AT + 5 * HOUR, revision=sides.note.revision)
    second = sides.object("insult", at=AT + DAY)
    run_clock(AT + 3 * DAY)
    assert (sides.note.state, second.holds, first.holds) == (HIDDEN, True, False)
    sides.decide(second, Ruling.KEEP, "own-view", hours=80)
    assert sides.note.state is SHOWN


def test_new_words_wait_while_an_objection_to_the_old_ones_does(sides: Sides) -> None:
    case = sides.object("safety")
    sides.note.state, sides.note.revision = HELD, sides.note.revision + 1
    assert complaints.is_held(sides.note)
    sides.decide(case, Ruling.KEEP, "changed")
    assert not complaints.is_held(sides.note)


def test_a_hidden_note_is_not_shown_by_making_it_for_everybody_and_for_a_circle_again(sides: Sides) -> None:
    sides.note.audience = Audience.CIRCLE
    case = sides.object("private-life")
    for audience in (Audience.PUBLIC, Audience.CIRCLE):
        given = replace(recommendations.Given.of(sides.note), audience=audience)
        recommendations.write(sides.note.practitioner, given, by=sides.writer, network=None, at=AT + HOUR)
    run_clock(AT + 2 * HOUR)
    assert (sides.note.state, case.state) == (HIDDEN, ComplaintState.OPEN)
    sides.decide(case, Ruling.KEEP, "changed")
    assert sides.note.state is SHOWN


def test_the_same_words_again_are_one_objection(sides: Sides) -> None:
    assert sides.object() is sides.object()
    assert sides.object() is not sides.object(text="Something else.")


def test_a_removed_note_ends_its_case_and_takes_what_was_said_with_it(session: Session, sides: Sides) -> None:
    case = sides.object()
    recommendations.remove(sides.note, by=sides.writer, at=AT + HOUR)
    session.expire_all()
    assert session.scalars(select(ComplaintWords)).all() == []
    run_clock(AT + 2 * HOUR)
    assert (case.state, case.recommendation_id) == (ComplaintState.GONE, None)
    assert kinds(session, OBJECTOR)[-1] == "complaint-gone"
    assert complaints.lately_and_ever(AT)[1].steps[StepKind.GONE] == 1


def test_only_the_writer_answers_and_appeals(sides: Sides) -> None:
    case = sides.object()
    assert [one.id for one in complaints.of_writer(sides.writer)] == [case.id]
    for stranger in (sides.keeper, sides.other):
        with pytest.raises(NotFound):
            complaints.answer(case, "It is mine.", by=stranger, at=AT + HOUR)
        with pytest.raises(NotFound):
            complaints.get_own(stranger, case.public_id)
    sides.decide(case, Ruling.HIDE, "untrue")
    with pytest.raises(NotFound):
        complaints.appeal(case, Side.WRITER, "It is mine.", by=sides.keeper, at=AT + DAY)


def test_whoever_wants_no_such_mail_gets_none(session: Session, sides: Sides) -> None:
    mail_stops.stop(OBJECTOR, at=AT)
    sides.object()
    assert kinds(session, OBJECTOR) == []


@pytest.mark.parametrize("audience", [Audience.FRIEND, Audience.CIRCLE])
@sqlite_only
def test_the_practitioner_never_learns_of_a_private_note(session: Session, sides: Sides, audience: Audience) -> None:
    sides.note.audience = audience
    case = sides.object("safety")
    sides.decide(case, Ruling.KEEP, "own-view")
    assert kinds(session, sides.keeper.email) == []
    assert sides.note.state is SHOWN
    for event in session.scalars(select(Event).where(Event.practitioner_id == sides.note.practitioner_id)):
        assert not event.kind.startswith(("complaint", "recommendation"))


def test_the_ledger_and_events_hold_no_words(session: Session, sides: Sides) -> None:
    case = sides.object(text="Canary words.")
    complaints.answer(case, "Canary answer.", by=sides.writer, at=AT + HOUR)
    sides.decide(case, Ruling.HIDE, "untrue")
    ledger.size()
    rows = [one.body for one in session.scalars(select(LedgerEntry))]
    rows += [str(one.details) for one in session.scalars(select(Event))]
    assert not [row for row in rows if "anary" in row or OBJECTOR in row]


def test_what_was_said_goes_a_year_after_and_the_count_stays(session: Session, sides: Sides) -> None:
    case = sides.object()
    sides.decide(case, Ruling.HIDE, "untrue")
    token, before = case.token or "", complaints.lately_and_ever(AT)[1]
    retention.enforce(at=AT + 360 * DAY)
    assert complaints.of_token(token) is case
    retention.enforce(at=AT + 366 * DAY)
    session.expire_all()
    assert session.scalars(select(ComplaintWords)).all() == []
    assert (case.reply_to, case.token) == (None, None)
    assert complaints.lately_and_ever(AT)[1] == before
    with pytest.raises(NotFound):
        complaints.of_token(token)


def test_the_report_counts_what_happened(sides: Sides) -> None:
    first = sides.object()
    sides.decide(first, Ruling.KEEP, "own-view", hours=4)
    complaints.appeal(first, Side.OBJECTOR, "Look again.", at=AT + DAY)
    sides.decide(first, Ruling.HIDE, "untrue", by=sides.other, hours=30)
    sides.note.state = SHOWN
    late = sides.object("insult", at=AT + 2 * DAY)
    run_clock(AT + 4 * DAY)
    complaints.answer(late, "It does not.", by=sides.writer, at=AT + 4 * DAY)
    found = complaints.lately_and_ever(AT)[1]
    assert found.made == 2
    assert (found.hidden, found.kept, found.not_answered, found.changed_on_appeal) == (0, 1, 0, 1)
    assert found.median_hours == 4
    assert [found.steps[kind] for kind in (StepKind.HIDDEN_LATE, StepKind.BROUGHT_BACK, StepKind.APPEALED)] == [1, 1, 1]
    assert [(one.reason.key, one.made, one.hidden, one.kept) for one in found.grounds] == [
        ("insult", 1, 0, 0),
        ("untrue", 1, 0, 1),
    ]
    assert [(reason.key, count) for reason, count in found.reasons] == [("untrue", 1), ("own-view", 1)]
    assert complaints.lately_and_ever(AT + DAY)[0].made == 1
    assert complaints.how_many_wait(at=AT + 5 * DAY) == (1, 1)


def test_what_is_decided_about_an_appeal_is_compared_with_a_decision_of_long_ago(sides: Sides) -> None:
    case = sides.object()
    sides.decide(case, Ruling.KEEP, "own-view", hours=4)
    complaints.appeal(case, Side.OBJECTOR, "Look again.", at=AT + DAY)
    sides.decide(case, Ruling.KEEP, "own-view", by=sides.other, hours=30)
    lately, _ever = complaints.lately_and_ever(AT + DAY)
    assert (lately.made, lately.kept, lately.steps[StepKind.APPEAL_DECIDED]) == (0, 0, 1)
    assert lately.changed_on_appeal == 0


ACTS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["object", "safety", "answer", "keep", "hide", "appeal", "clock"])),
    min_size=1,
    max_size=14,
)


@settings(max_examples=8)
@given(acts=ACTS)
def test_whatever_happens_a_note_is_hidden_exactly_while_a_case_holds_it(
    sides: Sides, acts: list[tuple[int, str]]
) -> None:
    """And one that nobody decided about is never shown for longer than 48 hours after the last word of its writer."""
    with db.session.begin_nested() as undone:
        at, made = AT, list[Complaint]()
        for hours, act in acts:
            at += hours * HOUR
            run_clock(at)
            try:
                _do(sides, act, at, made)
            except InvalidTransition:
                db.session.expire_all()
            run_clock(at)
            held = any(one.holds for one in made)
            assert (sides.note.state is HIDDEN) == held
            for one in made:
                latest = max(one.made_at, one.answered_at or one.made_at)
                if one.state is ComplaintState.OPEN and latest + 48 * HOUR <= at:
                    assert sides.note.state is HIDDEN
        undone.rollback()
    db.session.expire_all()


def _do(sides: Sides, act: str, at: dt.datetime, made: list[Complaint]) -> None:
    if act in {"object", "safety"}:
        ground = "safety" if act == "safety" else "untrue"
        made.append(complaints.make(sides.note, ground, f"{at}", reply_to=None, at=at))
    for one in made[-1:]:
        if act == "answer":
            complaints.answer(one, "So it was.", by=sides.writer, at=at)
        elif act == "appeal":
            side = Side.WRITER if one.ruling is Ruling.HIDE else Side.OBJECTOR
            complaints.appeal(one, side, "Again.", by=sides.writer, at=at)
        elif act in {"keep", "hide"}:
            by = sides.other if one.state is ComplaintState.APPEALED else sides.boss
            ruling, reason = (Ruling.KEEP, "own-view") if act == "keep" else (Ruling.HIDE, "untrue")
            complaints.decide(one.id, ruling, reason, by=by, at=at, revision=one.revision)


def test_whoever_leaves_takes_what_they_said_and_where_they_can_be_reached(session: Session, sides: Sides) -> None:
    case = sides.object()
    complaints.answer(case, "So it was.", by=sides.writer, at=AT + HOUR)
    objector = AccountFactory(email=OBJECTOR.upper())
    erasures.erase_account(objector, at=AT + HOUR)
    session.expire_all()
    assert (case.reply_to, case.token) == (None, None)
    assert case.state is ComplaintState.OPEN
    erasures.erase_account(sides.writer, at=AT + HOUR)
    session.expire_all()
    assert session.scalars(select(ComplaintWords)).all() == []
    assert case.recommendation_id is None
