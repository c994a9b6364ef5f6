"""How many requests an address may make."""

import time

import pytest

from directory.http import limits
from directory.http.limits import UNLIMITED, Limits


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    clock.now -= clock.now % 60
    return clock


def allowed(counted: Limits, times: int, address: str = "a", endpoint: str = "page") -> int:
    return sum(counted.hit(address, endpoint).is_allowed for _ in range(times))


def test_so_many_are_allowed_and_no_more(moment: Clock) -> None:
    counted = Limits("10 per minute")
    assert allowed(counted, 15) == 10
    verdict = counted.hit("a", "page")
    assert (verdict.amount, verdict.remaining, verdict.seconds) == (10, 0, 61)
    assert allowed(counted, 15, address="b") == 10
    assert allowed(counted, 15, endpoint="other") == 10


def test_a_new_minute_does_not_allow_twice_as_many_at_once(moment: Clock) -> None:
    counted = Limits("10 per minute")
    moment.now += 59
    assert allowed(counted, 10) == 10
    moment.now += 2
    assert allowed(counted, 10) == 0
    moment.now += 30
    assert 4 <= allowed(counted, 10) <= 6
    moment.now += 600
    assert allowed(counted, 15) == 10


def test_the_tightest_of_several_limits_counts(moment: Clock) -> None:
    counted = Limits("5 per minute; 8 per hour")
    assert allowed(counted, 20) == 5
    moment.now += 180
    assert allowed(counted, 20) <= 3


def test_without_a_limit_everything_is_allowed() -> None:
    assert Limits("off").hit("a", "page") is UNLIMITED


def test_so_many_addresses_are_counted_and_no_more(moment: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_COUNTED", 2)
    counted = Limits("1 per minute")
    assert [allowed(counted, 1, address=address) for address in "abca"] == [1, 1, 1, 1]
    assert allowed(counted, 1, address="a") == 0
