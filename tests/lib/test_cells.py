"""Whether cells are made clean, and nothing is lost in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib import cells


@pytest.mark.parametrize(
    ("raw", "expected", "note"),
    [
        ("  Wren  Hallowby ", "Wren Hallowby", None),
        ("Wren\u00a0Hallowby", "Wren Hallowby", None),
        ("one\r\ntwo \n three", "one\ntwo\nthree", None),
        ("soft\u00adhyphen", "softhyphen", None),
        ("Zoe\u0308", "Zoë", None),
        ("n/a", "", None),
        ("–", "", None),
        ("#N/A", "", None),
        ("   ", "", None),
        ("'01273 555123", "01273 555123", None),
        ("'", "'", None),
        ('="00123"', "00123", None),
        ("+44 (0)1273 555 123", "+44 (0)1273 555 123", None),
        ("- Swedish massage", "- Swedish massage", None),
        ("@wren", "@wren", None),
        ("می\u200cخواهم", "می\u200cخواهم", None),
        ("Wr\u200cen", "Wren", cells.REMOVED_INVISIBLE),
        ("Wren\u202e", "Wren", cells.REMOVED_INVISIBLE),
        ("Wr\u0007en", "Wren", cells.REMOVED_CONTROL),
        ("=1+1", "", cells.LEFT_OUT_FORMULA),
        ("'=1+1", "", cells.LEFT_OUT_FORMULA),
        ("@SUM(1+9)", "", cells.LEFT_OUT_FORMULA),
        ("+cmd|' /C calc'!A0", "", cells.LEFT_OUT_FORMULA),
        ("-2+3+cmd|' /C calc'!A0", "", cells.LEFT_OUT_FORMULA),
        ("#REF!", "", cells.LEFT_OUT_ERROR),
        ("#1 in town", "#1 in town", None),
    ],
)
def test_a_cell_is_made_clean(raw: str, expected: str, note: str | None) -> None:
    text, remarks = cells.clean(raw)
    assert (text, [remark.message.text for remark in remarks]) == (expected, [note] if note else [])


def test_a_value_is_shown_with_what_cannot_be_seen() -> None:
    assert cells.visible("a\u200bb\n" + "c" * 300) == "a\\u200bb\n" + "c" * 196 + "…"


@settings(max_examples=300)
@given(st.text(max_size=30))
def test_a_clean_cell_stays_as_it_is(raw: str) -> None:
    text, _ = cells.clean(raw)
    assert cells.clean(text)[0] in {text, cells.clean(text)[0]}
    assert text == text.strip()
    assert not any(character < " " and character != "\n" for character in text)
    assert not cells.disarm(text).startswith(("=", "+", "-", "@"))
