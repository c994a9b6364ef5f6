"""Notes as their writers keep them: who may write, what changing does, and what goes with them."""

import datetime as dt
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Audience,
    Event,
    ListingState,
    NotFound,
    Recommendation,
    RecommendationLink,
    RecommendationState,
    Relation,
    Reply,
    Role,
    SignIn,
)
from directory.services import erasures, exports, recommendations
from directory.services.recommendations import Conflict, Given, NotAllowed
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_link, make_practitioner, make_recommendation
from tests.factories.listings import make_kept
from tests.mail import letters

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)
SHOWN, HELD = RecommendationState.SHOWN, RecommendationState.HELD
REFUSED, HIDDEN = RecommendationState.REFUSED, RecommendationState.HIDDEN


def given(**values: Any) -> Given:
    """What somebody says."""
    said: dict[str, Any] = {
        "audience": Audience.FRIEND,
        "relation": Relation.CLIENT,
        "was_treated": True,
        "month": dt.date(2026, 10, 1),
        "modality_id": "shiatsu",
        "reward": None,
        "text": "They asked first, and listened.",
        "name": "Maud Fairlie",
    }
    return Given(**{**said, **values})


def listed(email: str = "wren@example.org", contact: str = "studio@example.org") -> tuple[Account, Any]:
    """Somebody who keeps a listing that everybody sees."""
    keeper: Account = AccountFactory(email=email)
    kept = make_kept(
        keeper,
        ListingState.PUBLISHED,
        by=AccountFactory(role=Role.ADMINISTRATOR),
        private={"contact_email": contact},
    )
    return keeper, kept.practitioner


def write(practitioner: Any, by: Account, **values: Any) -> Recommendation:
    options = {name: values.pop(name) for name in ("revision", "network", "at") if name in values}
    return recommendations.write(practitioner, given(**values), by=by, **{"network": None, "at": AT, **options})


@pytest.mark.parametrize(
    ("audience", "state"), [(Audience.FRIEND, SHOWN), (Audience.CIRCLE, SHOWN), (Audience.PUBLIC, HELD)]
)
@sqlite_only
def test_only_what_is_for_everybody_waits_to_be_read(
    session: Session, audience: Audience, state: RecommendationState
) -> None:
    writer = AccountFactory()
    note = write(make_practitioner(), writer, audience=audience)
    assert (note.state, note.revision, note.consented_at) == (state, 1, AT)
    assert recommendations.of_writer(writer) == [note]
    assert recommendations.get_own(writer, note.public_id) is note
    with pytest.raises(NotFound):
        recommendations.get_own(AccountFactory(), note.public_id)


def test_nobody_writes_about_their_own_listing(session: Session) -> None:
    keeper, practitioner = listed()
    with pytest.raises(NotAllowed) as refused:
        write(practitioner, keeper)
    assert refused.value.reason == "own-listing"
    assert "your own listing" in refused.value.words


@pytest.mark.parametrize(
    "own", ["studio@example.org", "Studio+me@Example.org", "wren+friend@example.org", "s.tudio@googlemail.com"]
)
@sqlite_only
def test_nobody_writes_with_another_account_of_the_practitioners_mailbox(session: Session, own: str) -> None:
    contact = "stud.io+clients@gmail.com" if "google" in own else "studio@example.org"
    _keeper, practitioner = listed(contact=contact)
    with pytest.raises(NotAllowed) as refused:
        write(practitioner, AccountFactory(email=own.lower()))
    assert refused.value.reason == "same-address"


def test_one_mailbox_writes_one_note_whatever_stands_behind_its_plus(session: Session) -> None:
    practitioner = make_practitioner()
    write(practitioner, AccountFactory(email="maud@example.org"))
    with pytest.raises(NotAllowed) as refused:
        write(practitioner, AccountFactory(email="maud+2@example.org"))
    assert refused.value.reason == "one-each"
    write(make_practitioner(), AccountFactory(email="maud+3@example.org"))


@pytest.mark.parametrize("state", sorted(set(ListingState) - {"published", "changes-waiting"}))
@sqlite_only
def test_nobody_writes_about_a_listing_that_is_not_shown(session: Session, state: ListingState) -> None:
    with pytest.raises(NotAllowed) as refused:
        write(make_practitioner(state=state), AccountFactory())
    assert refused.value.reason == "not-public"


def test_writing_takes_a_confirmed_address(session: Session) -> None:
    with pytest.raises(NotAllowed) as refused:
        write(make_practitioner(), AccountFactory(confirmed_at=None))
    assert refused.value.reason == "not-confirmed"


def test_a_network_from_which_the_practitioner_signs_in_is_flagged_and_stays_so(session: Session) -> None:
    keeper, practitioner = listed()
    session.add(
        SignIn(
            account_id=keeper.id, token_hash="x", method="link", created_at=AT, seen_at=AT, proved_at=AT,
            network="203.0.113.0/24", device="",
        )
    )  # fmt: skip
    elsewhere, beside = AccountFactory(), AccountFactory()
    assert not write(practitioner, elsewhere, network="198.51.100.0/24").is_from_same_network
    assert write(practitioner, beside, network="203.0.113.0/24").is_from_same_network
    again = write(practitioner, beside, network="198.51.100.0/24", text="Another word.", at=LATER)
    assert again.is_from_same_network


def test_a_note_is_changed_and_not_doubled(session: Session) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    first = write(practitioner, writer)
    again = write(practitioner, writer, text="Calm and exact.", revision=1, at=LATER)
    assert again is first
    assert (again.text, again.revision, again.made_at, again.changed_at) == ("Calm and exact.", 2, AT, LATER)
    assert session.scalar(select(func.count()).select_from(Recommendation)) == 1


def test_the_same_said_again_changes_nothing(session: Session) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    note = write(practitioner, writer, audience=Audience.PUBLIC, revision=0)
    note.state = SHOWN
    again = write(practitioner, writer, audience=Audience.PUBLIC, revision=0, at=LATER)
    assert (again.revision, again.state, again.changed_at) == (1, SHOWN, AT)


@pytest.mark.parametrize("revision", [0, 1, 3])
def test_nobody_writes_over_what_they_have_not_seen(session: Session, revision: int) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    write(practitioner, writer)
    now = write(practitioner, writer, text="Calm and exact.")
    with pytest.raises(Conflict) as conflict:
        write(practitioner, writer, text="Something else.", revision=revision)
    assert conflict.value.now is now
    assert now.text == "Calm and exact."


def test_a_note_that_was_removed_meanwhile_does_not_come_back_by_a_change(session: Session) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    recommendations.remove(write(practitioner, writer), by=writer, at=AT)
    with pytest.raises(Conflict) as conflict:
        write(practitioner, writer, text="Calm and exact.", revision=1)
    assert conflict.value.now is None


def _expected(before: tuple[Audience, RecommendationState], after: Audience) -> RecommendationState:
    if after is Audience.PUBLIC:
        return HELD
    return HIDDEN if before[1] is HIDDEN else SHOWN


BEFORE = [
    *product(Audience, (SHOWN, HIDDEN)),
    (Audience.PUBLIC, HELD),
    (Audience.PUBLIC, REFUSED),
]


@pytest.mark.parametrize(("before", "after"), list(product(BEFORE, Audience)))
@sqlite_only
def test_changing_a_note_never_shows_what_nobody_has_read_nor_what_is_hidden(
    session: Session, before: tuple[Audience, RecommendationState], after: Audience
) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    decided = {"decided_at": AT, "decided_by_id": 7, "reason": "outcome"}
    make_recommendation(practitioner, writer, before[0], state=before[1], **decided)
    note = write(practitioner, writer, audience=after, text="Calm and exact.", at=LATER)
    assert note.state is _expected(before, after)
    assert (note.reason is None) == (note.state is not HIDDEN)


def test_a_reply_waits_again_when_the_words_change_and_goes_with_its_public(session: Session) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    note = make_recommendation(practitioner, writer, Audience.PUBLIC, state=SHOWN)
    session.add(Reply(recommendation_id=note.id, text="Thank you.", state=SHOWN, made_at=AT, revision=1))
    session.flush()
    write(practitioner, writer, audience=Audience.PUBLIC, text="Calm and exact.")
    reply = session.get_one(Reply, note.id)
    assert (reply.state, reply.revision) == (HELD, 2)
    # Nobody lets it through who saw it beside other words.
    write(practitioner, writer, audience=Audience.PUBLIC, text="Calm.")
    assert (reply.state, reply.revision) == (HELD, 3)
    write(practitioner, writer, audience=Audience.CIRCLE, text="Calm and exact.")
    session.expire_all()
    assert session.get(Reply, note.id) is None


@pytest.mark.parametrize("audience", [Audience.CIRCLE, Audience.PUBLIC])
def test_private_links_end_when_a_note_is_no_longer_for_one_friend(session: Session, audience: Audience) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    note = write(practitioner, writer)
    link = recommendations.links.make(note, "", at=AT)
    write(practitioner, writer, text="Calm and exact.", at=LATER)
    assert link.ended_at is None
    write(practitioner, writer, audience=audience, at=LATER)
    assert link.ended_at == LATER


def test_removing_takes_links_and_mail_that_waits_with_it(session: Session) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    note = write(practitioner, writer)
    link = recommendations.links.make(note, "Ann", at=AT)
    recommendations.links.send(link, "ann@example.org", sender="Maud", at=AT)
    assert letters(session, kind="note-for-you")
    recommendations.remove(note, by=writer, at=LATER)
    session.expire_all()
    assert not session.scalars(select(Recommendation)).all()
    assert not session.scalars(select(RecommendationLink)).all()
    assert not letters(session, kind="note-for-you")
    with pytest.raises(NotFound):
        recommendations.remove(note, by=writer, at=LATER)


def test_nobody_removes_what_somebody_else_wrote(session: Session) -> None:
    note = make_recommendation()
    with pytest.raises(NotFound):
        recommendations.remove(note, by=AccountFactory(), at=AT)


def test_no_event_tells_the_practitioner_that_there_is_a_note(session: Session) -> None:
    keeper, practitioner = listed()
    writer = AccountFactory()
    note = write(practitioner, writer, network="198.51.100.0/24")
    write(practitioner, writer, text="Calm and exact.")
    recommendations.remove(note, by=writer, at=LATER)
    told = session.scalars(select(Event).where(Event.kind.like("recommendation-%"))).all()
    assert [event.kind for event in told] == [
        "recommendation-written", "recommendation-changed", "recommendation-removed",
    ]  # fmt: skip
    for event in told:
        assert (event.account_id, event.actor_id, event.practitioner_id) == (writer.id, writer.id, None)
        assert event.details == {"audience": "friend"}
    assert "recommendation-" not in str(exports.everything(keeper))


def test_whoever_leaves_takes_their_notes_links_and_mail_with_them(session: Session) -> None:
    practitioner, writer = make_practitioner(), AccountFactory()
    note = write(practitioner, writer, text="Canary words.")
    link = recommendations.links.make(note, "Canary friend", at=AT)
    recommendations.links.send(link, "canary@example.org", sender="Maud", at=AT)
    taken_away = str(exports.everything(writer))
    assert "Canary words." in taken_away
    assert "Canary friend" in taken_away
    make_link(make_recommendation(practitioner))
    erasures.erase_account(writer, at=LATER)
    session.expire_all()
    assert "anary" not in str([row.text for row in session.scalars(select(Recommendation))])
    assert session.scalar(select(func.count()).select_from(RecommendationLink)) == 1
    assert not letters(session, to="canary@example.org")


def test_notes_go_with_the_listing_that_they_are_about(session: Session) -> None:
    _keeper, practitioner = listed()
    make_link(make_recommendation(practitioner))
    erasures.erase_listing(practitioner.id, at=LATER)
    session.expire_all()
    assert not session.scalars(select(RecommendationLink)).all()
    assert not session.scalars(select(Recommendation)).all()


@pytest.mark.parametrize("text", ["", "x" * 601])
def test_the_database_refuses_a_note_without_words_or_with_too_many(session: Session, text: str) -> None:
    with pytest.raises(DBAPIError), session.begin_nested():
        make_recommendation(text=text)
