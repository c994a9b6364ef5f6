"""Circles: both say yes, either leaves in silence; and who may see which note, for any circles and any notes."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib import clock
from directory.models import (
    Account,
    Acquaintance,
    Audience,
    CircleInvitation,
    Event,
    InvalidTransition,
    LedgerEntry,
    ListingState,
    NotFound,
    Recommendation,
    RecommendationState,
    RecommendationSwitch,
)
from directory.models import Letter as Row
from directory.services import circles, erasures, exports, mail_stops, recommendation_switches, retention
from tests import mail
from tests.factories import AccountFactory, make_practitioner, make_recommendation
from tests.factories.circles import make_acquainted, make_invitation

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def maud(session: Session) -> Account:
    account: Account = AccountFactory(email="maud@example.org")
    return account


@pytest.fixture
def wren(session: Session) -> Account:
    account: Account = AccountFactory(email="wren@example.org")
    return account


def invited(by: Account, email: str | None = None) -> CircleInvitation:
    return circles.invite("Maud", "my sister", by=by, at=AT, email=email)


def confirmed(invitation: CircleInvitation, by: Account) -> None:
    circles.confirm(invitation.public_id, circles.answer_mark(invitation), by=by, at=LATER)


def known_by(account: Account) -> set[int]:
    """The accounts in somebody's circle."""
    pairs = db.session.execute(select(Acquaintance.one_id, Acquaintance.other_id))
    return {id_ for pair in pairs if account.id in pair for id_ in pair} - {account.id}


def test_both_say_yes_before_either_knows_the_other(session: Session, maud: Account, wren: Account) -> None:
    invitation = invited(maud)
    assert not circles.answer(invitation.token, "Wren", by=wren, at=AT)
    assert known_by(maud) == known_by(wren) == set()
    confirmed(invitation, maud)
    assert known_by(maud) == {wren.id}
    assert known_by(wren) == {maud.id}
    assert [one.name for one in circles.people(maud)] == ["Wren"]
    assert [one.name for one in circles.people(wren)] == ["Maud"]
    assert session.scalar(select(func.count()).select_from(CircleInvitation)) == 0


def test_whoever_answers_from_the_address_to_which_we_wrote_is_known_at_once(
    session: Session, maud: Account, wren: Account
) -> None:
    invitation = invited(maud, "wren@example.org")
    assert circles.answer(invitation.token, "Wren", by=wren, at=AT)
    assert known_by(maud) == {wren.id}
    assert [letter.kind for letter in mail.letters(session, to="maud@example.org")] == ["circle-joined"]


def test_somebody_else_who_got_the_mailed_link_waits_for_the_inviter(
    session: Session, maud: Account, wren: Account
) -> None:
    invitation = invited(maud, "robin@example.org")
    assert not circles.answer(invitation.token, "Robin", by=wren, at=AT)
    assert known_by(maud) == set()
    assert [letter.kind for letter in mail.letters(session, to="maud@example.org")] == ["circle-answered"]


def test_an_account_whose_address_is_not_confirmed_is_not_taken_for_its_owner(session: Session, maud: Account) -> None:
    nobody = AccountFactory(email="wren@example.org", confirmed_at=None)
    assert not circles.answer(invited(maud, "wren@example.org").token, "Wren", by=nobody, at=AT)


def test_the_first_who_answers_has_the_invitation(session: Session, maud: Account, wren: Account) -> None:
    invitation = invited(maud)
    circles.answer(invitation.token, "Wren", by=wren, at=AT)
    circles.answer(invitation.token, "Wren Again", by=wren, at=LATER)
    assert invitation.answered_name == "Wren"
    with pytest.raises(NotFound):
        circles.answer(invitation.token, "Robin", by=AccountFactory(), at=LATER)
    with pytest.raises(NotFound):
        circles.look(invitation.token, at=LATER)


def test_nobody_confirms_an_answer_that_they_have_not_seen(session: Session, maud: Account, wren: Account) -> None:
    invitation = invited(maud)
    circles.answer(invitation.token, "Wren", by=wren, at=AT)
    seen = circles.answer_mark(invitation)
    circles.take_answer_back(invitation.token, by=wren)
    circles.answer(invitation.token, "Wren", by=AccountFactory(), at=LATER)
    for decide in (circles.confirm, circles.refuse, circles.take_back):
        with pytest.raises(InvalidTransition):
            decide(invitation.public_id, seen, by=maud, at=LATER)
    assert known_by(maud) == set()


def test_a_refusal_is_silent_and_final(session: Session, maud: Account, wren: Account) -> None:
    invitation = invited(maud)
    circles.answer(invitation.token, "Wren", by=wren, at=AT)
    before = len(mail.letters(session))
    circles.refuse(invitation.public_id, circles.answer_mark(invitation), by=maud, at=LATER)
    assert circles.own_answers(wren, at=LATER) == []
    assert len(mail.letters(session)) == before
    with pytest.raises(NotFound):
        circles.look_as(wren, invitation.token, at=LATER)


def test_nobody_invites_themselves_or_decides_for_another(session: Session, maud: Account, wren: Account) -> None:
    invitation = invited(maud)
    with pytest.raises(circles.OwnInvitation):
        circles.answer(invitation.token, "Maud", by=maud, at=AT)
    circles.answer(invitation.token, "Wren", by=wren, at=AT)
    for decide in (circles.confirm, circles.refuse, circles.take_back):
        with pytest.raises(NotFound):
            decide(invitation.public_id, circles.answer_mark(invitation), by=wren, at=LATER)


def test_two_who_invited_each_other_know_each_other_once(session: Session, maud: Account, wren: Account) -> None:
    hers, theirs = invited(maud), circles.invite("Wren", "Maud", by=wren, at=AT)
    circles.answer(hers.token, "Wren", by=wren, at=AT)
    circles.answer(theirs.token, "Maud", by=maud, at=AT)
    confirmed(hers, maud)
    confirmed(theirs, wren)
    assert session.scalar(select(func.count()).select_from(Acquaintance)) == 1
    assert circles.own_answers(maud, at=LATER) == []


def test_an_invitation_runs_out_and_is_forgotten(session: Session, maud: Account) -> None:
    invitation, late = invited(maud), AT + circles.LASTS
    number = invitation.id
    with pytest.raises(NotFound):
        circles.look(invitation.token, at=late)
    assert circles.own_invitations(maud, at=late) == []
    retention.enforce(at=late - dt.timedelta(seconds=1))
    assert session.get(CircleInvitation, number) is not None
    retention.enforce(at=late)
    session.expire_all()
    assert session.get(CircleInvitation, number) is None


def test_a_letter_holds_the_link_and_the_name_and_the_address_is_not_kept(session: Session, maud: Account) -> None:
    invitation = invited(maud, "robin@example.org")
    (letter,) = mail.letters(session, to="robin@example.org")
    assert invitation.token in letter.text
    assert "Maud" in letter.text
    assert "my sister" not in letter.text + letter.subject
    kept = [str(getattr(invitation, column.key)) for column in CircleInvitation.__table__.columns]
    assert not [value for value in kept if "robin" in value]
    circles.take_back(invitation.public_id, by=maud, at=LATER)
    assert not mail.letters(session, to="robin@example.org")


def test_who_wants_no_such_mail_gets_none_and_the_inviter_learns_nothing(session: Session, maud: Account) -> None:
    mail_stops.stop("robin@example.org", at=AT)
    invitation = invited(maud, "robin@example.org")
    assert not mail.letters(session)
    assert circles.look(invitation.token, at=AT) is invitation


def test_nobody_asks_more_people_than_they_can_know(session: Session, maud: Account) -> None:
    for _ in range(circles.MOST_OPEN):
        invited(maud)
    with pytest.raises(circles.TooManyOpen):
        invited(maud)


def test_neither_an_event_nor_the_ledger_tells_who_is_in_a_circle_and_leaving_is_silent_and_takes_all_with_it(
    session: Session, maud: Account, wren: Account
) -> None:
    counts = (_number(session, Event), _number(session, LedgerEntry))
    invitation = invited(maud)
    circles.answer(invitation.token, "Wren", by=wren, at=AT)
    confirmed(invitation, maud)
    make_recommendation(writer=maud, audience=Audience.CIRCLE)
    assert circles.recommended(wren.id)
    letters, row = len(mail.letters(session)), circles.people(maud)[0]
    with pytest.raises(NotFound):
        circles.leave(AccountFactory(), row.public_id)
    circles.leave(wren, circles.people(wren)[0].public_id)
    assert known_by(maud) == known_by(wren) == set()
    assert circles.recommended(wren.id) == {}
    assert len(mail.letters(session)) == letters
    assert (_number(session, Event), _number(session, LedgerEntry)) == counts


def _number(session: Session, model: type[Event] | type[LedgerEntry]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_whoever_leaves_the_directory_leaves_every_circle(session: Session, maud: Account, wren: Account) -> None:
    friend = AccountFactory()
    make_acquainted(maud, friend)
    make_recommendation(writer=maud, audience=Audience.CIRCLE)
    invited(maud, "robin@example.org")
    circles.answer(make_invitation(wren).token, "Maud", by=maud, at=clock.now())
    assert mail.letters(session, to="wren@example.org", kind="circle-answered")
    erasures.erase_account(maud, at=LATER)
    session.expire_all()
    assert known_by(friend) == set()
    for model in (Acquaintance, CircleInvitation, Recommendation):
        assert session.scalar(select(func.count()).select_from(model)) == 0, model
    assert not session.scalars(select(Row)).all(), "a letter tells others their name"


def test_everybody_takes_away_what_is_theirs_and_no_word_of_another(
    session: Session, maud: Account, wren: Account
) -> None:
    make_acquainted(maud, AccountFactory(), "Maud", "Robin")
    invitation = invited(maud)
    circles.answer(invitation.token, "Wren", by=wren, at=AT)
    hers, theirs = str(exports.everything(maud)), str(exports.everything(wren))
    assert "my sister" in hers
    assert "Robin" in hers
    assert "my sister" not in theirs
    assert invitation.token not in theirs
    assert "wren@example.org" not in hers
    assert "maud@example.org" not in theirs


def test_a_name_is_offered_that_was_given_before(session: Session, maud: Account, wren: Account) -> None:
    assert circles.usual_name(maud) == ""
    make_recommendation(writer=maud, name="Maud F.")
    assert circles.usual_name(maud) == "Maud F."
    make_acquainted(wren, maud, "Wren", "Maudie")
    assert circles.usual_name(maud) == "Maudie"
    invited(maud)
    assert circles.usual_name(maud) == "Maud"


def test_nothing_is_told_where_notes_are_switched_off(session: Session, maud: Account, wren: Account) -> None:
    make_acquainted(maud, wren)
    british, irish, other = (make_practitioner(country=country) for country in ("GB", "IE", "GB"))
    for listing in (british, irish, other):
        make_recommendation(listing, writer=maud, audience=Audience.CIRCLE)
    cases: list[tuple[Callable[[], RecommendationSwitch], set[int]]] = [
        (partial(recommendation_switches.off_for, british, "x", by=None, at=AT), {irish.id, other.id}),
        (partial(recommendation_switches.off_in, "IE", "x", by=None, at=AT), {british.id, other.id}),
        (partial(recommendation_switches.off_for_site, "x", by=None, at=AT), set()),
    ]
    for switch_off, left in cases:
        switch = switch_off()
        on = {one.id for one in (british, irish, other) if recommendation_switches.find(one) is None}
        assert frozenset(circles.recommended(wren.id)) == on == left
        recommendation_switches.on(switch.id, by=None, at=AT)


# ---- who sees what, whatever the circles and the notes


class Note(NamedTuple):
    writer: int
    about: int
    audience: Audience
    state: RecommendationState


PEOPLE, LISTINGS = 4, 3
STATES = {
    Audience.PUBLIC: list(RecommendationState),
    Audience.CIRCLE: [RecommendationState.SHOWN, RecommendationState.HIDDEN],
    Audience.FRIEND: [RecommendationState.SHOWN, RecommendationState.HIDDEN],
}
NOTES = st.sampled_from(Audience).flatmap(
    lambda audience: st.builds(
        Note,
        st.integers(0, PEOPLE - 1),
        st.integers(0, LISTINGS - 1),
        st.just(audience),
        st.sampled_from(STATES[audience]),
    )
)


@pytest.fixture
def people(session: Session) -> list[Account]:
    return [AccountFactory() for _ in range(PEOPLE)]


@pytest.fixture
def listings(session: Session) -> list[int]:
    """The first two are public, and the last one is hidden."""
    states = [ListingState.PUBLISHED, ListingState.PUBLISHED, ListingState.HIDDEN]
    return [make_practitioner(state=state).id for state in states]


@settings(max_examples=12)
@given(
    pairs=st.sets(st.sampled_from(list(combinations(range(PEOPLE), 2)))),
    notes=st.lists(NOTES, max_size=6, unique_by=lambda note: (note.writer, note.about)),
    off=st.none() | st.integers(0, PEOPLE - 1),
)
def test_a_note_is_seen_by_the_circle_of_its_writer_and_by_nobody_else(
    session: Session,
    people: list[Account],
    listings: list[int],
    pairs: set[tuple[int, int]],
    notes: list[Note],
    off: int | None,
) -> None:
    with session.begin_nested() as undo:
        for one, other in pairs:
            make_acquainted(people[one], people[other], f"{one} for {other}", f"{other} for {one}")
        for note in notes:
            session.add(_row(note, people, listings))
        if off is not None:
            people[off].active = False
        session.flush()
        for asker in range(PEOPLE):
            told = circles.recommended(people[asker].id)
            seen = {(name, note.writer_id, id_) for id_, found in told.items() for name, note in found}
            assert seen == {
                (f"{note.writer} for {asker}", people[note.writer].id, listings[note.about])
                for note in notes
                if tuple(sorted((note.writer, asker))) in pairs
                and note.audience is not Audience.FRIEND
                and note.state is RecommendationState.SHOWN
                and note.about < 2
                and note.writer != off
            }
            assert set(circles.recommended(people[asker].id)) == {id_ for _, _, id_ in seen}
            some = circles.recommended(people[asker].id, listings[:1])
            assert set(some) == set(told) & set(listings[:1])
        assert circles.recommended(AccountFactory().id) == {}
        undo.rollback()
    session.expire_all()


def _row(note: Note, people: list[Account], listings: list[int]) -> Recommendation:
    return Recommendation(
        public_id=f"{note.writer}-{note.about}",
        practitioner_id=listings[note.about],
        writer_id=people[note.writer].id,
        audience=note.audience,
        state=note.state,
        relation="client",
        was_treated=True,
        month=dt.date(2026, 10, 1),
        text="x",
        name="x",
        shown_as="first-name",
        consented_at=AT,
        made_at=AT,
        changed_at=AT,
        revision=1,
    )
