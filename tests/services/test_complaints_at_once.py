"""Many have to do with one objection at the same moment: decide, answer, object, remove the note, run the clock."""

import datetime as dt
from functools import partial

from flask import Flask
from sqlalchemy import func, select

from directory.db import db, kept, transaction
from directory.models import (
    Account,
    Audience,
    Complaint,
    ComplaintState,
    ComplaintStep,
    LedgerEntry,
    NotFound,
    Recommendation,
    RecommendationState,
    Role,
    Ruling,
    StepKind,
)
from directory.services import complaints, recommendations
from tests import factories
from tests.crowds import Sites, together
from tests.factories.recommendations import AT, make_recommendation

HOW_MANY = 9
LATE = AT + dt.timedelta(hours=49)


def made(app: Flask) -> tuple[int, int, list[int]]:
    """An objection that is late, who wrote the note, and who may decide."""
    with app.app_context(), transaction():
        factories.bind(db.session)
        bosses = [factories.AccountFactory(role=Role.ADMINISTRATOR) for _ in range(HOW_MANY)]
        note = make_recommendation(None, None, Audience.PUBLIC, state=RecommendationState.SHOWN)
        db.session.flush()
        case = complaints.make(note, "untrue", "It is not so.", reply_to=None, at=AT)
        return case.id, note.writer_id, [one.id for one in bosses]


def decide(case_id: int, revision: int, boss_id: int, ruling: Ruling) -> None:
    reason = "untrue" if ruling is Ruling.HIDE else "own-view"
    by = db.session.get_one(Account, boss_id)
    complaints.decide(case_id, ruling, reason, by=by, at=LATE, revision=revision)


def test_of_many_who_decide_at_once_one_does(two_sites: Sites) -> None:
    case_id, _writer, bosses = made(two_sites[0])
    works = [partial(decide, case_id, 1, boss_id, list(Ruling)[number % 2]) for number, boss_id in enumerate(bosses)]
    assert sorted(together(two_sites, works)) == ["InvalidTransition"] * (HOW_MANY - 1) + ["done"]
    with two_sites[0].app_context():
        case = db.session.get_one(Complaint, case_id)
        note = db.session.get_one(Recommendation, case.recommendation_id)
        assert case.state is ComplaintState.DECIDED
        assert (note.state is RecommendationState.HIDDEN) == (case.ruling is Ruling.HIDE)
        entries = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "complaint-decided")
        assert db.session.scalar(entries) == 1


def test_the_clock_in_several_workers_hides_once_while_the_writer_answers(two_sites: Sites) -> None:
    case_id, writer_id, _bosses = made(two_sites[0])

    def answer() -> None:
        case = db.session.get_one(Complaint, case_id)
        complaints.answer(case, "So it was.", by=db.session.get_one(Account, writer_id), at=LATE)

    assert set(together(two_sites, [answer, *[partial(complaints.tend, case_id, at=LATE)] * 5])) == {"done"}
    with two_sites[0].app_context():
        kinds = [one.kind for one in complaints.steps_of(db.session.get_one(Complaint, case_id))]
        assert kinds.count(StepKind.ANSWERED) == 1
        assert kinds.count(StepKind.HIDDEN_LATE) <= 1
        note = db.session.scalars(select(Recommendation)).one()
        # Whoever was first: the answer is there now, so the note is shown.
        assert note.state is RecommendationState.SHOWN


def test_a_note_that_is_removed_meanwhile_ends_everything(two_sites: Sites) -> None:
    case_id, writer_id, bosses = made(two_sites[0])

    def remove() -> None:
        note = db.session.scalars(select(Recommendation)).one_or_none()
        if note is None:
            raise NotFound
        recommendations.remove(note, by=db.session.get_one(Account, writer_id), at=LATE)

    def objects(number: int) -> None:
        note = db.session.scalars(select(Recommendation)).one_or_none()
        if note is None:
            raise NotFound
        complaints.make(note, "insult", f"Number {number}", reply_to=None, at=LATE)

    works = [
        remove,
        *(partial(decide, case_id, 1, boss, Ruling.HIDE) for boss in bosses[:3]),
        *(partial(objects, number) for number in range(3)),
    ]
    came = together(two_sites, works)
    assert came[0] == "done"
    with two_sites[0].app_context():
        for complaint_id in kept(lambda: complaints.due(LATE)):
            kept(partial(complaints.tend, complaint_id, at=LATE))
        states = set(db.session.scalars(select(Complaint.state)))
        assert states <= {ComplaintState.GONE, ComplaintState.DECIDED}
        gone = select(func.count()).select_from(ComplaintStep).where(ComplaintStep.kind == StepKind.GONE)
        ended = select(func.count()).select_from(Complaint).where(Complaint.state == ComplaintState.GONE)
        assert db.session.scalar(gone) == db.session.scalar(ended)


def test_the_same_objection_sent_many_times_at_once_is_one(two_sites: Sites) -> None:
    case_id, _writer, _bosses = made(two_sites[0])

    def objects() -> None:
        note = db.session.scalars(select(Recommendation)).one()
        complaints.make(note, "insult", "It insults me.", reply_to=None, at=LATE)

    assert set(together(two_sites, [objects] * HOW_MANY)) == {"done"}
    with two_sites[0].app_context():
        assert db.session.scalar(select(func.count()).where(Complaint.id != case_id)) == 1


def test_a_note_comes_back_when_both_cases_that_hold_it_are_let_go_at_once(two_sites: Sites) -> None:
    case_id, _writer, bosses = made(two_sites[0])
    with two_sites[0].app_context(), transaction():
        note = db.session.scalars(select(Recommendation)).one()
        cases = [case_id]
        cases += [complaints.make(note, "insult", f"{one}", reply_to=None, at=AT).id for one in range(3)]
        for complaint_id in cases:
            complaints.tend(complaint_id, at=LATE)
        assert note.state is RecommendationState.HIDDEN
        revision = db.session.get_one(Complaint, case_id).revision
    works = [partial(decide, one, revision, boss, Ruling.KEEP) for one, boss in zip(cases, bosses, strict=False)]
    assert set(together(two_sites, works)) == {"done"}
    with two_sites[0].app_context():
        assert db.session.scalars(select(Recommendation)).one().state is RecommendationState.SHOWN
