"""Answers and confirmations that come at the same moment: one is taken, and the others are told."""

from flask import Flask
from sqlalchemy import func, select

from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, Acquaintance, CircleInvitation, Letter
from directory.services import accounts, circles
from tests import factories
from tests.crowds import Sites, at_once
from tests.factories.circles import make_invitation
from tests.members import Member, sign_in_as

TEN = 10


def people(site: Flask, how_many: int) -> list[int]:
    with site.app_context(), transaction():
        factories.bind(db.session)
        return [factories.AccountFactory().id for _ in range(how_many)]


def windows(sites: Sites, numbers: list[int]) -> list[Member]:
    """A window of each of these accounts, at one process or the other."""
    return [_window(sites[turn % 2], number) for turn, number in enumerate(numbers)]


def _window(site: Flask, number: int) -> Member:
    with site.app_context(), transaction():
        return sign_in_as(site, accounts.get(number))


def answered(site: Flask, inviter: int, answerer: int) -> tuple[str, str, str]:
    """An invitation with its answer: its name, its token, and the mark of the answer."""
    with site.app_context(), transaction():
        invitation = make_invitation(accounts.get(inviter))
        circles.answer(invitation.token, "Wren", by=accounts.get(answerer), at=clock.now())
        return invitation.public_id, invitation.token, circles.answer_mark(invitation)


def number_of(site: Flask, model: type[Acquaintance] | type[CircleInvitation]) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_of_ten_who_answer_one_link_at_once_one_has_it(two_sites: Sites) -> None:
    inviter, *others = people(two_sites[0], TEN + 1)
    with two_sites[0].app_context(), transaction():
        token = make_invitation(db.session.get_one(Account, inviter)).token
    asking = windows(two_sites, others)

    def send(turn: int) -> int:
        return asking[turn]._raw_post(f"/member/circle/answers/{token}", data={"name": "Wren"}).status_code

    assert at_once(send, TEN) == {303: 1, 404: TEN - 1}
    with two_sites[0].app_context():
        assert db.session.scalar(select(func.count()).where(Letter.kind == "circle-answered")) == 1


def test_a_yes_from_five_windows_at_once_makes_one_acquaintance(two_sites: Sites) -> None:
    inviter, other = people(two_sites[0], 2)
    name, _token, seen = answered(two_sites[0], inviter, other)
    asking = windows(two_sites, [inviter] * 5)

    def send(turn: int) -> int:
        path = f"/member/circle/invitations/{name}/confirmation"
        return asking[turn]._raw_post(path, data={"seen": seen}).status_code

    assert at_once(send, 5) == {303: 1, 404: 4}
    assert number_of(two_sites[0], Acquaintance) == 1


def test_two_who_say_yes_to_each_other_at_once_know_each_other_once(two_sites: Sites) -> None:
    pair = people(two_sites[0], 2)
    made = [answered(two_sites[0], *pair), answered(two_sites[0], *reversed(pair))]
    asking = windows(two_sites, pair)

    def send(turn: int) -> int:
        name, _token, seen = made[turn]
        path = f"/member/circle/invitations/{name}/confirmation"
        return asking[turn]._raw_post(path, data={"seen": seen}).status_code

    assert at_once(send, 2) == {303: 2}
    assert number_of(two_sites[0], Acquaintance) == 1
    assert number_of(two_sites[0], CircleInvitation) == 0


def test_an_answer_is_taken_back_or_confirmed_and_never_both(two_sites: Sites) -> None:
    inviter, other = people(two_sites[0], 2)
    name, token, seen = answered(two_sites[0], inviter, other)
    confirming, leaving = windows(two_sites, [inviter, other])

    def send(turn: int) -> int:
        if turn:
            return leaving._raw_post(f"/member/circle/answers/{token}/withdrawal").status_code
        path = f"/member/circle/invitations/{name}/confirmation"
        return confirming._raw_post(path, data={"seen": seen}).status_code

    answers = at_once(send, 2)
    assert answers[303] == 1, answers
    assert number_of(two_sites[0], Acquaintance) + number_of(two_sites[0], CircleInvitation) == 1
