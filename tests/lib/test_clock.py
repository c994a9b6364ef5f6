"""The time: asked in one place, in UTC, and a day that ends at midnight of the site's zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from directory.lib import clock


@time_machine.travel(dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), tick=False)
def test_now_is_in_utc() -> None:
    assert clock.now() == dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    assert clock.now().utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/London", 2), ("UTC", 1), ("America/New_York", 1), ("Pacific/Auckland", 2)]
)
@time_machine.travel(dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), tick=False)
def test_today_is_the_day_in_the_zone(zone: str, day: int) -> None:
    assert clock.today(ZoneInfo(zone)) == dt.date(2026, 7, day)


def test_the_day_of_a_moment_is_that_of_the_site_that_acts(bare_app: Flask) -> None:
    late = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    assert clock.day_of(late) == dt.date(2026, 7, 1)
    with bare_app.app_context():
        assert clock.day_of(late) == dt.date(2026, 7, 2)
        clock.arrive(ZoneInfo("America/New_York"))
        assert clock.day_of(late) == dt.date(2026, 7, 1)
        clock.leave()
        assert clock.day_of(late) == dt.date(2026, 7, 2)
    assert clock.day_of(late) == dt.date(2026, 7, 1)
