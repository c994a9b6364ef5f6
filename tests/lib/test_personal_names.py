"""Whether names are understood as people write them in lists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib import personal_names
from directory.lib.personal_names import Name, parse

LETTERS = {"MRSS": 1, "MRSS(T)": 1, "MFHT": 1, "MAR": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wren Hallowby", Name("Wren Hallowby")),
        ("Mrs  Wren Hallowby MRSS", Name("Wren Hallowby", ("MRSS",))),
        ("Ms. W. Hallowby", Name("W. Hallowby")),
        ("M Dupont", Name("M Dupont")),
        ("M. Dupont", Name("Dupont")),
        ("Wren Hallowby, MRSS", Name("Wren Hallowby", ("MRSS",))),
        ("Wren Hallowby BSc (Hons), MRSS(T), Lic Ac", Name("Wren Hallowby", ("MRSS(T)",))),
        ("Ann-Marie O’Neill MFHT", Name("Ann-Marie O’Neill", ("MFHT",))),
        ("Wren (Jo) Hallowby", Name("Wren Hallowby", (), ("Jo Hallowby",))),
        ("Wren “Jo” Hallowby", Name("Wren Hallowby", (), ("Jo Hallowby",))),
        ("Wren Hallowby (née Marsh)", Name("Wren Hallowby", (), ("Wren Marsh",))),
        ("Wren Hallowby née Marsh", Name("Wren Hallowby", (), ("Wren Marsh",))),
        ("Wren Hallowby (formerly Wren Ann Marsh)", Name("Wren Hallowby", (), ("Wren Ann Marsh",))),
        ("Wren Hallowby aka Jo Marsh", Name("Wren Hallowby", (), ("Jo Marsh",))),
        ("Wren Hallowby ()", Name("Wren Hallowby ()")),
        ("Wren Hallowby (2)", None),
        ("Wren Hallowby III", Name("Wren Hallowby III")),
        ("Wren DeVito", Name("Wren DeVito")),
        ("Jan van der Berg", Name("Jan van der Berg")),
        ("María José García", Name("María José García")),
        ("太郎 指圧", Name("太郎 指圧")),
        ("Cher", Name("Cher")),
        ("Mar Gómez", Name("Mar Gómez")),
    ],
)
def test_a_name_is_read_as_it_is_written(text: str, expected: Name | None) -> None:
    name, remarks = parse(text, LETTERS)
    assert name == expected
    assert bool(remarks) == (expected is None)


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("WREN HALLOWBY MRSS", Name("Wren Hallowby", ("MRSS",)), personal_names.RECASED),
        ("wren mcdonald", Name("Wren McDonald"), personal_names.RECASED),
        ("WREN O'BRIEN-MCDONALD", Name("Wren O'Brien-McDonald"), personal_names.RECASED),
        ("JAN VAN DER BERG", Name("Jan van der Berg"), personal_names.RECASED),
        ("Hallowby, Wren", Name("Wren Hallowby"), personal_names.SWAPPED),
        ("HALLOWBY, Ms WREN", Name("Wren Hallowby"), personal_names.SWAPPED),
        ("van der Berg, Jan", Name("Jan van der Berg"), personal_names.SWAPPED),
        ("Hallowby, Wren MRSS", Name("Wren Hallowby", ("MRSS",)), personal_names.SWAPPED),
        ("Dr Wren Hallowby", Name("Wren Hallowby"), personal_names.TITLE_DROPPED),
        ("Wren Hallowby XYZQ", Name("Wren Hallowby"), personal_names.UNKNOWN_LETTERS),
        ("Wren Hallowby & Ash Quill", None, personal_names.TWO_PEOPLE),
        ("Wren and Ash Quill", None, personal_names.TWO_PEOPLE),
        ("Wr\u0435n Quill", None, personal_names.MIXED_SCRIPTS),
        ("wren@example.org", None, personal_names.NOT_A_NAME),
        ("Wren 2", None, personal_names.NOT_A_NAME),
        ("???", None, personal_names.NOT_A_NAME),
        ("(Wren)", None, personal_names.NOT_A_NAME),
        ("W", None, personal_names.NOT_A_NAME),
        ("a, b, c", None, personal_names.NOT_A_NAME),
        ("Wren " * 30, None, personal_names.TOO_LONG),
    ],
)
def test_what_was_changed_in_a_name_is_said(text: str, expected: Name | None, note: str) -> None:
    name, remarks = parse(text, LETTERS)
    assert name == expected
    assert note in [remark.message.text for remark in remarks]


@settings(max_examples=200)
@given(st.text(alphabet="Wren Hallowby,.()MRSS'’-éü&", max_size=40))
def test_whatever_stands_in_a_cell_of_names_a_name_has_letters_or_a_reason(text: str) -> None:
    name, remarks = parse(text, LETTERS)
    if name is None:
        assert remarks
    else:
        assert sum(map(str.isalpha, name.name)) >= 2
        assert name.name == name.name.strip()
