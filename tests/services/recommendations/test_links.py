"""Private links: by which a note can be read, and who learns what of them."""

import datetime as dt
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import (
    PUBLIC_STATES,
    Audience,
    InvalidTransition,
    Letter,
    ListingState,
    NotFound,
    RecommendationLink,
    RecommendationState,
)
from directory.services import exports, mail_stops, recommendations, retention
from tests.conftest import sqlite_only
from tests.factories import make_link, make_practitioner, make_recommendation
from tests.mail import PostOffice, deliver, letters

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)
links = recommendations.links


@sqlite_only
def test_a_note_is_read_exactly_where_all_agree_to_it(session: Session) -> None:
    note = make_recommendation()
    link = make_link(note, made_at=AT)
    for audience, state, listing, ended, age in product(
        Audience, RecommendationState, ListingState, (False, True), (YEAR - DAY, YEAR)
    ):
        if audience is not Audience.PUBLIC and state not in {"shown", "hidden"}:
            continue
        note.audience, note.state, note.practitioner.state = audience, state, listing
        link.ended_at = AT + DAY if ended else None
        session.flush()
        is_open = audience == "friend" and state == "shown" and listing in PUBLIC_STATES and not ended and age < YEAR
        if is_open:
            assert links.look(link.token, at=AT + age) is link
        else:
            with pytest.raises(NotFound):
                links.look(link.token, at=AT + age)


def test_a_link_lasts_for_a_year_and_nobody_guesses_it(session: Session) -> None:
    note = make_recommendation()
    made = [links.make(note, "", at=AT) for _ in range(3)]
    assert {len(link.token) for link in made} == {43}
    assert len({link.token for link in made}) == 3
    assert made[0].expires_at == AT + YEAR
    with pytest.raises(NotFound):
        links.look("x" * 43, at=AT)


@pytest.mark.parametrize(("audience", "state"), [("circle", "shown"), ("public", "shown"), ("friend", "hidden")])
def test_links_are_made_to_notes_for_one_friend_alone(session: Session, audience: str, state: str) -> None:
    note = make_recommendation(audience=Audience(audience), state=RecommendationState(state))
    with pytest.raises(InvalidTransition):
        links.make(note, "", at=AT)


def test_a_note_has_only_so_many_links_that_work(session: Session) -> None:
    note = make_recommendation()
    made = [links.make(note, "", at=AT) for _ in range(links.MOST)]
    with pytest.raises(InvalidTransition):
        links.make(note, "", at=AT)
    links.end(made[0], at=AT)
    assert links.make(note, "", at=AT)


def test_a_letter_with_a_link_holds_the_link_and_the_senders_name_and_nothing_else(
    app: Flask, session: Session, post_office: PostOffice
) -> None:
    note = make_recommendation(make_practitioner(name="Canary Canaryname"), text="Canary words.")
    link = links.make(note, "Canary Ann", at=AT)
    links.send(link, "ann@example.org", sender="Maud Fairlie", at=AT)
    row = session.scalars(select(Letter).where(Letter.kind == "note-for-you")).one()
    assert set(row.values) == {"sender", "path", "stop_path"}
    session.commit()
    assert deliver(app, post_office.way) == 1
    message = post_office.to("ann@example.org")[0]
    assert message["Subject"] == "Maud Fairlie sends you a link"
    assert "anary" not in message.as_string()
    assert f"/notes/{link.token}" in message.as_string().replace("=\n", "")
    assert message["List-Unsubscribe"].endswith(mail_stops.path_of("ann@example.org") + ">")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_link_is_sent_once(session: Session) -> None:
    link = make_link(made_at=AT)
    links.send(link, "ann@example.org", sender="Maud", at=AT)
    with pytest.raises(InvalidTransition):
        links.send(link, "bob@example.org", sender="Maud", at=AT)
    assert [letter.to for letter in letters(session)] == ["ann@example.org"]


def test_a_link_that_works_no_more_is_not_sent(session: Session) -> None:
    link = make_link(made_at=AT, ended_at=AT)
    with pytest.raises(InvalidTransition):
        links.send(link, "ann@example.org", sender="Maud", at=AT)


def test_nothing_goes_to_whoever_stopped_such_mail_and_the_sender_does_not_learn_it(session: Session) -> None:
    mail_stops.stop("Ann+notes@Example.org", at=AT)
    one, other = make_link(made_at=AT), make_link(made_at=AT)
    links.send(one, "ann@example.org", sender="Maud", at=AT)
    links.send(other, "bob@example.org", sender="Maud", at=AT)
    assert [letter.to for letter in letters(session)] == ["bob@example.org"]
    assert one.mailed_at == other.mailed_at == AT
    # Nor by taking away what is theirs.
    for link in (one, other):
        assert "note-for-you" not in str(exports.everything(link.recommendation.writer))


def test_a_writer_whose_account_is_switched_off_is_not_read(session: Session) -> None:
    link = make_link(made_at=AT)
    assert links.look(link.token, at=AT) is link
    link.recommendation.writer.active = False
    with pytest.raises(NotFound):
        links.look(link.token, at=AT)


def test_ending_a_link_takes_mail_back_that_has_not_gone(session: Session) -> None:
    link = make_link(made_at=AT)
    links.send(link, "ann@example.org", sender="Maud", at=AT)
    links.end(link, at=AT + DAY)
    links.end(link, at=AT + 2 * DAY)
    assert link.ended_at == AT + DAY
    assert not letters(session)


def test_a_link_belongs_to_its_note(session: Session) -> None:
    link, other = make_link(), make_recommendation()
    assert links.get_of(link.recommendation, link.public_id) is link
    with pytest.raises(NotFound):
        links.get_of(other, link.public_id)


def test_what_was_removed_meanwhile_is_not_there(session: Session) -> None:
    link = make_link()
    note = link.recommendation
    recommendations.remove(note, by=note.writer, at=AT)
    with pytest.raises(NotFound):
        links.make(note, "", at=AT)
    with pytest.raises(NotFound):
        links.end(link, at=AT)


def test_links_that_are_over_go_after_thirty_days(session: Session) -> None:
    ended = make_link(made_at=AT - YEAR, ended_at=AT - 31 * DAY, expires_at=AT + DAY)
    old = make_link(made_at=AT - 2 * YEAR, expires_at=AT - 31 * DAY)
    fresh = make_link(made_at=AT - YEAR, ended_at=AT - 29 * DAY)
    works = make_link(made_at=AT)
    kept = {fresh.id, works.id}
    gone = {ended.id, old.id}
    session.commit()
    retention.enforce(at=AT)
    left = set(session.scalars(select(RecommendationLink.id)))
    assert kept <= left
    assert not gone & left
