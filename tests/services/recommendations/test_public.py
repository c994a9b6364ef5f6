"""Who reads what of a note, and what is told of a writer's name."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.models import Audience, ListingState, RecommendationState, Reply, ShownAs
from directory.services import recommendations
from tests.factories import make_practitioner
from tests.factories.recommendations import AT, make_recommendation

STATES = {
    Audience.PUBLIC: list(RecommendationState),
    Audience.FRIEND: [RecommendationState.SHOWN, RecommendationState.HIDDEN],
    Audience.CIRCLE: [RecommendationState.SHOWN, RecommendationState.HIDDEN],
}
CASES = st.sampled_from([(audience, state) for audience, states in STATES.items() for state in states])
REPLIES = st.sampled_from([None, *(one for one in RecommendationState if one is not RecommendationState.HIDDEN)])
SHOWN = RecommendationState.SHOWN


@settings(max_examples=12)
@given(said=st.lists(st.tuples(CASES, REPLIES), max_size=5))
def test_everybody_reads_what_is_for_everybody_and_was_let_through(
    session: Session, said: list[tuple[tuple[Audience, RecommendationState], RecommendationState | None]]
) -> None:
    listing = make_practitioner()
    expected = {}
    for (audience, state), reply in said:
        note = make_recommendation(listing, None, audience, state=state)
        session.flush()
        if reply is not None:
            text = f"Reply to {note.id}"
            session.add(Reply(recommendation_id=note.id, text=text, state=reply, made_at=AT, revision=1))
        if audience is Audience.PUBLIC and state is SHOWN:
            expected[note.public_id] = f"Reply to {note.id}" if reply is SHOWN else None
    session.flush()
    assert {one.public_id: one.reply for one in recommendations.public_of(listing.id)} == expected


def test_the_latest_month_comes_first(session: Session) -> None:
    listing = make_practitioner()
    for month in (3, 9, 6):
        make_recommendation(listing, None, Audience.PUBLIC, state=SHOWN, month=dt.date(2026, month, 1))
    session.flush()
    assert [one.month.month for one in recommendations.public_of(listing.id)] == [9, 6, 3]


@pytest.mark.parametrize(
    ("name", "first", "initials"),
    [
        ("Maud Fairlie", "Maud", "M. F."),
        ("Anne-Marie O’Neill", "Anne-Marie", "A. O."),
        ("Dr. Maud Fairlie", "Maud", "M. F."),
        ("Prof Dr Fairlie", "Fairlie", "F."),
        ("maud", "maud", "M."),
        ("Dr", "Dr", "D."),
        ("Émile de la Tour", "Émile", "É. D. L. T."),
        ("小林 さくら", "小林", "小. さ."),
        ("- Maud -", "Maud", "M."),
        ("", "", ""),
    ],
)
def test_a_writer_is_shown_by_first_name_or_initials(name: str, first: str, initials: str) -> None:
    assert recommendations.shown_name(name, ShownAs.FIRST_NAME) == first
    assert recommendations.shown_name(name, ShownAs.INITIALS) == initials


@given(st.text(max_size=60))
def test_no_more_is_told_of_a_name_than_was_agreed(name: str) -> None:
    words = name.split()
    assert " " not in recommendations.shown_name(name, ShownAs.FIRST_NAME).strip()
    initials = recommendations.shown_name(name, ShownAs.INITIALS).split()
    assert len(initials) <= len(words)
    for one in initials:
        # Some letters are two in capitals, and none is more than three.
        assert one.endswith(".")
        assert len(one) <= 4


def test_what_waits_stands_in_the_queue_oldest_first(session: Session) -> None:
    listing = make_practitioner()
    later = make_recommendation(listing, None, Audience.PUBLIC, made_at=AT + dt.timedelta(hours=2))
    sooner = make_recommendation(listing, None, Audience.PUBLIC, is_from_same_network=True)
    make_recommendation(listing, None, Audience.FRIEND)
    make_recommendation(make_practitioner(state=ListingState.HIDDEN), None, Audience.PUBLIC)
    shown = make_recommendation(listing, None, Audience.PUBLIC, state=SHOWN)
    refused = make_recommendation(listing, None, Audience.PUBLIC, state=RecommendationState.REFUSED)
    session.flush()
    for note, after in ((shown, 1), (refused, 0)):
        moment = AT + dt.timedelta(hours=after)
        session.add(
            Reply(recommendation_id=note.id, text="x", state=RecommendationState.HELD, made_at=moment, revision=1)
        )
    session.flush()
    found = recommendations.waiting()
    assert [(one.what.value, one.recommendation_id) for one in found] == [
        ("note", sooner.id),
        ("reply", shown.id),
        ("note", later.id),
    ]
    assert [one.is_flagged for one in found] == [True, False, False]
    assert recommendations.how_many() == len(found)
    assert [one.id for one in recommendations.list_notes(RecommendationState.REFUSED)] == [refused.id]
    assert recommendations.list_notes(RecommendationState.REFUSED, before=refused.id) == []
