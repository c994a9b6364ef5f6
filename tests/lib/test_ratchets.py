"""Keys that are only turned forwards."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from directory.lib import ratchets, tokens
from directory.lib.ratchets import Ratchet, Unreadable

DAY = dt.date(2026, 11, 21)
days = some.integers(0, 40).map(lambda number: DAY + dt.timedelta(days=number))
words = some.dictionaries(some.text(max_size=20), some.text(max_size=200), max_size=4)


def sealed(ratchet: Ratchet, day: dt.date, values: dict[str, str] | None = None, about: str = "enquiry:7") -> str:
    return ratchet.seal(values or {"message": "canary"}, about, day=day, nonce=tokens.nonce())


@given(day=days, begun=days, values=words)
def test_whoever_began_with_the_same_key_opens_what_the_other_sealed(
    day: dt.date, begun: dt.date, values: dict[str, str]
) -> None:
    first = Ratchet(DAY, b"k" * 32)
    text = first.seal(values, "x", day=day, nonce=tokens.nonce())
    other = ratchets.read(first.turned_to(begun).text())
    assert other.unseal(text, "x") == (values if begun <= day else None)


def test_what_was_sealed_before_a_day_that_was_forgotten_opens_for_nobody() -> None:
    ratchet = Ratchet(DAY, tokens.key())
    text = sealed(ratchet, DAY)
    assert ratchet.unseal(text, "enquiry:7") == {"message": "canary"}
    later = ratchet.turned_to(DAY + dt.timedelta(days=1))
    assert later.unseal(text, "enquiry:7") is None
    # Neither when somebody writes a later day on it.
    assert later.unseal(text.replace(DAY.isoformat(), "2026-11-22"), "enquiry:7") is None
    assert later.turned_to(DAY) is later


def test_it_opens_only_as_what_it_is_about_and_only_whole() -> None:
    ratchet = Ratchet(DAY, tokens.key())
    text = sealed(ratchet, DAY)
    assert ratchet.unseal(text, "enquiry:8") is None
    for other in ("", "x", text[:-4], text.replace("2026-11-21.", "2026-11-21.AAAA"), "9999-12-31." + text[11:]):
        assert ratchet.unseal(other, "enquiry:7") is None
    assert sealed(ratchet, DAY) != sealed(ratchet, DAY), "the same words look the same"


def test_keys_of_neighbouring_days_have_nothing_in_common() -> None:
    keys = {Ratchet(DAY, b"k" * 32).turned_to(DAY + dt.timedelta(days=number)).key for number in range(10)}
    assert len(keys) == 10


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"day": "2026-11-21", "key": "c2hvcnQ="}', '{"day": 1, "key": 2}'])
def test_a_file_that_holds_no_key_says_so(text: str) -> None:
    with pytest.raises(Unreadable):
        ratchets.read(text)


def test_a_clock_that_is_a_century_wrong_is_not_followed() -> None:
    with pytest.raises(Unreadable):
        Ratchet(dt.date(1900, 1, 1), b"k" * 32).turned_to(DAY)
