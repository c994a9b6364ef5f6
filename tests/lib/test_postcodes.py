"""Whether postcodes are understood as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib import postcodes
from directory.lib.postcodes import Postcode

KNOWN = frozenset({"BN1", "BN14", "W12", "D02", "SW1A", "OX1", "M1", "E1", "EC1A", "N1", "D6W"})


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("bn1 4gh", "BN1"),
        ("BN14GH", "BN1"),
        (" BN1", "BN1"),
        ("BN1 4", "BN1"),
        ("SW1A1AA", "SW1A"),
        ("e.c.1.a 1bb", "EC1A"),
        ("D02 X285", "D02"),
        ("d02x285", "D02"),
        ("D6W XY00", "D6W"),
        ("BN14", "BN14"),
    ],
)
def test_a_postcode_is_read_in_any_spacing_and_case(text: str, area: str) -> None:
    found, is_corrected = postcodes.parse(text, KNOWN)
    assert {postcode.area for postcode in found} == {area}
    assert not is_corrected


@pytest.mark.parametrize(
    ("text", "area"),
    [("BNI 4GH", "BN1"), ("0X1 2JD", "OX1"), ("DO2 X285", "D02"), ("NI 9GU", "N1"), ("SWlA 1AA", "SW1A")],
)
def test_a_letter_for_a_digit_is_put_right(text: str, area: str) -> None:
    found, is_corrected = postcodes.parse(text, KNOWN)
    assert {postcode.area for postcode in found} == {area}
    assert is_corrected


def test_a_half_that_is_in_london_and_in_kildare_is_both_unless_it_is_whole() -> None:
    assert {found.is_irish for found in postcodes.parse("W12", KNOWN)[0]} == {True, False}
    assert postcodes.parse("W12 8QQ", KNOWN)[0] == [Postcode("W12", is_irish=False, is_whole=True)]
    assert postcodes.parse("W12 AB12", KNOWN)[0] == [Postcode("W12", is_irish=True, is_whole=True)]


@pytest.mark.parametrize("text", ["", "nowhere", "12345", "BN", "8N1"])
def test_what_is_no_postcode_is_none(text: str) -> None:
    assert postcodes.parse(text, KNOWN) == ([], False)


def test_a_postcode_that_is_not_in_the_table_is_read_by_its_shape_alone() -> None:
    assert postcodes.parse("ZZ9 9ZZ", KNOWN) == ([Postcode("ZZ9", is_irish=False, is_whole=True)], False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Brighton BN1 4GH", ("Brighton", "BN1 4GH")),
        ("Hove, bn3", ("Hove", "bn3")),
        ("Dublin D02 X285", ("Dublin", "D02 X285")),
        ("Hove", ("Hove", "")),
    ],
)
def test_a_postcode_at_the_end_of_a_town_is_taken_apart(text: str, expected: tuple[str, str]) -> None:
    assert postcodes.split_from(text) == expected


@settings(max_examples=200)
@given(st.text(alphabet="BN14GHOI0LSW A", max_size=10))
def test_what_was_corrected_is_known(text: str) -> None:
    found, is_corrected = postcodes.parse(text, KNOWN)
    assert not is_corrected or all(postcode.area in KNOWN for postcode in found)
