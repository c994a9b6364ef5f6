"""Whether prices are understood as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib import durations, prices
from directory.lib.prices import Price, parse, written
from directory.models.practitioners import minor_units


def understood(text: str, currency: str = "GBP", minutes: int | None = None) -> list[str]:
    return [written(price) for price in parse(text, currency, minutes)[0]]


def notes(text: str, currency: str = "GBP", minutes: int | None = None) -> list[str]:
    return [remark.message.text for remark in parse(text, currency, minutes)[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60 mins £50", ["60 min GBP 50.00"]),
        ("£50 / 60 min", ["60 min GBP 50.00"]),
        ("£60/hr", ["60 min GBP 60.00"]),
        ("£45 per hour", ["60 min GBP 45.00"]),
        ("£45p/h", ["60 min GBP 45.00"]),
        ("90 mins - £85", ["90 min GBP 85.00"]),
        ("1h30 £80, 60 min £55", ["90 min GBP 80.00", "60 min GBP 55.00"]),
        ("1 hour 30 mins: £80", ["90 min GBP 80.00"]),
        ("an hour and a half £75", ["90 min GBP 75.00"]),
        ("½ hour £30", ["30 min GBP 30.00"]),
        ("£55 per 1.5 hours", ["90 min GBP 55.00"]),
        ("£50 for an hour, £70 for 90 minutes", ["60 min GBP 50.00", "90 min GBP 70.00"]),
        ("60min=£50 90min=£75", ["60 min GBP 50.00", "90 min GBP 75.00"]),
        ("60/90 mins £50/£70", ["60 min GBP 50.00", "90 min GBP 70.00"]),
        ("£60, 75 mins", ["75 min GBP 60.00"]),
        ("£45.50 60min; 90 min £1,200\n€70 60 min", ["60 min GBP 45.50", "90 min GBP 1200.00", "60 min EUR 70.00"]),
        ("50 EUR an hour", ["60 min EUR 50.00"]),
        ("45,00 € 60 Min.", ["60 min EUR 45.00"]),
        ("CHF 120.- 60 min", ["60 min CHF 120.00"]),
        ("¥8000 60 min", ["60 min JPY 8000"]),
        ("from £40 per hour", ["from 60 min GBP 40.00"]),
        ("£50 (£40 concessions) 60 min", ["60 min GBP 50.00", "60 min GBP 40.00 concession"]),
        ("£50 60 min, student rates available", ["60 min GBP 50.00"]),
        ("£50 60 min; concessions £40 60 min", ["60 min GBP 50.00", "60 min GBP 40.00 concession"]),
        ("free 15 min", ["15 min GBP 0.00"]),
        ("Free 15 min call; £60 60 min", ["call 15 min GBP 0.00", "60 min GBP 60.00"]),
        ("First session 75 mins £65", ["first session 75 min GBP 65.00"]),
        ("Initial 75 mins £60. Follow up 60 mins £50", ["initial 75 min GBP 60.00", "follow up 60 min GBP 50.00"]),
    ],
)
def test_prices_are_read_as_people_write_them(text: str, expected: list[str]) -> None:
    assert (understood(text), notes(text)) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("£45", ["60 min GBP 45.00"], prices.ASSUMED_MINUTES),
        ("45", ["60 min GBP 45.00"], prices.ASSUMED_MINUTES),
        ("60 £50", ["60 min GBP 50.00"], prices.GUESSED_MINUTES),
        ("£45 to £60 per hour", ["from 60 min GBP 45.00"], prices.RANGE),
        ("sliding scale £30-£60 an hour", ["from 60 min GBP 30.00"], prices.RANGE),
        ("POA", [], prices.NO_AMOUNT),
        ("-45", [], prices.NOT_UNDERSTOOD),
        ("£5000 60 min", [], prices.NOT_UNDERSTOOD),
        ("£45.555 60 min", [], prices.NOT_UNDERSTOOD),
        ("£45 £50 £60 an hour", [], prices.NOT_UNDERSTOOD),
        ("£45 €50 an hour", [], prices.NOT_UNDERSTOOD),
        ("£45 60 min 90 min", [], prices.NOT_UNDERSTOOD),
    ],
)
def test_what_is_uncertain_in_a_price_is_said(text: str, expected: list[str], note: str) -> None:
    assert understood(text) == expected
    assert note in notes(text)


def test_a_column_of_lengths_fills_in_what_a_price_does_not_say() -> None:
    assert understood("£45", minutes=90) == ["90 min GBP 45.00"]
    assert notes("£45", minutes=90) == []


def test_a_dollar_is_the_one_of_the_site() -> None:
    assert understood("$80 an hour", "CAD") == ["60 min CAD 80.00"]
    assert understood("$80 an hour", "GBP") == ["60 min USD 80.00"]


def test_too_many_prices_are_cut_and_said() -> None:
    many = "; ".join(f"£{n} 60 min" for n in range(20, 35))
    assert len(understood(many)) == prices.MOST_PRICES
    assert notes(many) == [prices.TOO_MANY]


@pytest.mark.parametrize("currency", ["GBP", "EUR", "JPY", "CHF", "USD"])
def test_coins_are_counted_as_the_listings_count_them(currency: str) -> None:
    assert minor_units(currency) == (1 if currency in prices.WHOLE else 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60", [60]),
        ("1h", [60]),
        ("90 mins", [90]),
        ("60/90", [60, 90]),
        ("an hour", [60]),
        ("2", []),
        ("45, 60 min", [45, 60]),
    ],
)
def test_lengths_are_read_as_people_write_them(text: str, expected: list[int]) -> None:
    assert sorted(durations.parse(text)) == expected


some_prices = st.builds(
    Price,
    label=st.sampled_from([None, "from"]),
    minutes=st.integers(5, 600),
    amount_minor=st.integers(0, 300_000),
    currency=st.sampled_from(["GBP", "EUR", "JPY", "CHF", "USD"]),
    is_reduced=st.booleans(),
)


@settings(max_examples=200)
@given(some_prices)
def test_a_price_that_is_written_is_read_as_the_same(price: Price) -> None:
    assert parse(written(price), "GBP") == ((price,), ())


@settings(max_examples=200)
@given(st.text(alphabet="£€$0123456789.,-/; mhinfromu½\n'", max_size=40))
def test_whatever_stands_in_a_cell_of_prices_is_bounded(text: str) -> None:
    found, _ = parse(text, "GBP")
    assert all(0 <= price.amount_minor <= 300_000 and 5 <= price.minutes <= 600 for price in found)
    assert len(found) <= prices.MOST_PRICES
