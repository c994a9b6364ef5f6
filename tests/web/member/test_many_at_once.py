"""Twenty who press the same button at once, and two processes that count together."""

import pytest
from sqlalchemy import func, select

from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, Event, LinkKind, Role, SignIn
from directory.services import accounts, limits, links, second_factors
from tests.crowds import Sites, at_once
from tests.members import Member, sign_in_as


def test_a_link_that_is_pressed_twenty_times_at_once_signs_in_once(two_sites: Sites) -> None:
    with two_sites[0].app_context(), transaction():
        account = accounts._make("wren@example.org", Role.MEMBER, at=clock.now())
        token, _row = links.make(LinkKind.SIGN_IN, email=account.email, account_id=account.id, at=clock.now())

    def press(number: int) -> int:
        return two_sites[number % 2].test_client().post(f"/member/sign-in/{token}").status_code

    answers = at_once(press)
    assert answers[303] == 1, answers
    assert set(answers) <= {303, 404, 409}
    with two_sites[0].app_context():
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1
        assert db.session.scalar(select(func.count()).where(Event.kind == "signed-in")) == 1


def test_a_code_that_is_typed_five_times_at_once_signs_in_once(
    two_sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, "second-factor": ()})
    with two_sites[0].app_context(), transaction():
        account = accounts._make("wren@example.org", Role.MEMBER, at=clock.now())
        account.tf_primary_method, account.tf_totp_secret = second_factors.APP, second_factors.new_app_secret()
        codes = second_factors.new_recovery_codes(account)
    with two_sites[0].app_context():
        totp = two_sites[0].extensions["security"].totp_factory
        codes = [*codes[:3], totp.generate_totp_password(account.tf_totp_secret)]
    for code in codes:
        with two_sites[0].app_context(), transaction():
            half_way = [sign_in_as(two_sites[number % 2], accounts.get(account.id)) for number in range(5)]

        def type_in(number: int, code: str = code, half_way: list[Member] = half_way) -> int:
            return half_way[number]._raw_post("/member/second-factor", data={"code": code}).status_code

        answers = at_once(type_in, 5)
        assert answers[303] == 1, answers
        assert set(answers) <= {303, 409, 422}


def test_a_link_to_sign_up_that_is_pressed_twenty_times_at_once_makes_one_account(
    two_sites: Sites,
) -> None:
    with two_sites[0].app_context(), transaction():
        token, _row = links.make(LinkKind.SIGN_UP, email="wren@example.org", at=clock.now())
        second, _row = links.make(LinkKind.SIGN_UP, email="wren@example.org", at=clock.now())

    def press(number: int) -> int:
        which = second if number % 3 else token
        return two_sites[number % 2].test_client().post(f"/member/sign-up/{which}").status_code

    answers = at_once(press)
    assert 1 <= answers[303] <= 2, answers
    assert set(answers) <= {303, 404, 409}
    with two_sites[0].app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_two_processes_count_tries_together_even_those_that_fail(two_sites: Sites) -> None:
    def guess(number: int) -> int:
        answer = (
            two_sites[number % 2]
            .test_client()
            .post(
                "/member/sign-in",
                data={"email": "wren@example.org", "password": "not the one"},
                environ_base={"REMOTE_ADDR": f"10.{number}.0.1"},
            )
        )
        return answer.status_code

    assert at_once(guess, 30) == {422: 10, 429: 20}
