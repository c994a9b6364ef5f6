"""Whether dates are understood as people write them."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib import dates

DAY = dt.date(2027, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31/03/2027",
        "31.3.27",
        "31-03-2027",
        "2027-03-31",
        "2027-03-31 00:00:00",
        "31 March 2027",
        "31st March 2027",
        "31 Marc 2027",
        "31-Mar-27",
        "March 31st, 2027",
        "31. März 2027",
        "31 mars 2027",
        "Wednesday, 31 March 2027",
        "31 of March 2027",
    ],
)
def test_a_date_is_read_the_day_first(text: str) -> None:
    assert dates.parse(text) == (DAY, ())


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("03/31/2027", DAY, dates.MONTH_FIRST),
        ("Mar-27", DAY, dates.END_OF_MONTH),
        ("March 2027", DAY, dates.END_OF_MONTH),
        ("03/2027", DAY, dates.END_OF_MONTH),
        ("2027", dt.date(2027, 12, 31), dates.END_OF_YEAR),
        ("46477", DAY, dates.SERIAL),
        ("soon", None, dates.NOT_A_DATE),
        ("30/02/2027", None, dates.NOT_A_DATE),
        ("14/2027", None, dates.NOT_A_DATE),
        ("31 Ma 2027", None, dates.NOT_A_DATE),
        ("31 Jux 2027", None, dates.NOT_A_DATE),
        ("31/03/1820", None, dates.NOT_A_DATE),
    ],
)
def test_what_is_uncertain_in_a_date_is_said(text: str, expected: dt.date | None, note: str) -> None:
    day, remarks = dates.parse(text)
    assert day == expected
    assert [remark.message.text for remark in remarks] == [note]


@settings(max_examples=100)
@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_is_read_again(day: dt.date) -> None:
    assert dates.parse(day.isoformat())[0] == day
    assert dates.parse(f"{day.day}/{day.month}/{day.year}")[0] == day
    assert dates.parse(f"{day.day} {day:%B} {day.year}")[0] == day


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_whatever_stands_in_a_cell_of_dates_nothing_is_raised(text: str) -> None:
    dates.parse(text)
