"""A form that is sent by several windows at once makes one note with one link; mail leaves once."""

from flask import Flask
from sqlalchemy import func, select

from directory.db import db, transaction
from directory.models import Account, Event, Letter, Recommendation, RecommendationLink
from directory.services import accounts
from tests import factories
from tests.crowds import Sites, at_once
from tests.factories import make_link, make_practitioner, make_recommendation
from tests.members import Member, sign_in_as
from tests.web.member.test_recommendations import NOTE

FIELDS = {**NOTE, "audience": "friend", "shown_as": "first-name", "reward": "", "revision": "0", "consents": "y"}
TEN = 10


def test_the_same_form_from_ten_windows_at_once_makes_one_note_and_one_link(two_sites: Sites) -> None:
    with two_sites[0].app_context(), transaction():
        factories.bind(db.session)
        listing, writer = make_practitioner(), factories.AccountFactory()
        public_id, number = listing.public_id, writer.id
    windows = [_window(two_sites[turn % 2], number) for turn in range(TEN)]

    def send(turn: int) -> int:
        fields = {**FIELDS, "practitioner": public_id}
        return windows[turn]._raw_post("/member/recommendations", data=fields).status_code

    assert at_once(send, TEN) == {303: TEN}
    with two_sites[0].app_context():
        assert db.session.scalar(select(func.count()).select_from(Recommendation)) == 1
        assert db.session.scalar(select(func.count()).select_from(RecommendationLink)) == 1
        assert db.session.scalar(select(func.count()).where(Event.kind == "recommendation-written")) == 1


def test_a_link_that_is_sent_from_five_windows_at_once_leaves_once(two_sites: Sites) -> None:
    with two_sites[0].app_context(), transaction():
        factories.bind(db.session)
        note = make_recommendation()
        path = f"/member/recommendations/{note.public_id}/links/{make_link(note).public_id}/mail"
        number = note.writer_id
    windows = [_window(two_sites[turn % 2], number) for turn in range(5)]

    def send(turn: int) -> int:
        return windows[turn]._raw_post(path, data={"to": f"ann{turn}@example.org"}).status_code

    answers = at_once(send, 5)
    assert answers[303] == 1, answers
    assert answers[409] == 4, answers
    with two_sites[0].app_context():
        assert db.session.scalar(select(func.count()).where(Letter.kind == "note-for-you")) == 1
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def _window(site: Flask, number: int) -> Member:
    with site.app_context(), transaction():
        return sign_in_as(site, accounts.get(number))


def test_ten_who_open_a_link_at_once_are_all_counted(two_sites: Sites) -> None:
    with two_sites[0].app_context(), transaction():
        factories.bind(db.session)
        link = make_link()
        path, number = f"/notes/{link.token}", link.id
    friends = [Member(two_sites[turn % 2]) for turn in range(TEN)]
    assert at_once(lambda turn: friends[turn].raw(path).status_code, TEN) == {200: TEN}
    with two_sites[0].app_context():
        assert db.session.get_one(RecommendationLink, number).opened == TEN
