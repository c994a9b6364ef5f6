"""What a note must say, and what it must not."""

import datetime as dt
import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from directory.web.forms.recommendations import NoteForm, is_name

TODAY = dt.date(2026, 11, 21)
NOTE = {
    "practitioner": "bcdfghjkmn",
    "revision": "0",
    "audience": "friend",
    "relation": "client",
    "was_treated": "yes",
    "month": "11",
    "year": "2026",
    "modality": "shiatsu",
    "text": "They asked first, and listened.",
    "rewarded": "no",
    "reward": "",
    "name": "Maud Fairlie",
    "shown_as": "first-name",
    "consents": "y",
}


def filled(site: Flask, **typed: str | None) -> NoteForm:
    said = {name: value for name, value in {**NOTE, **typed}.items() if value is not None}
    with site.test_request_context(method="POST"):
        form = NoteForm(formdata=MultiDict(said), meta={"csrf": False})
        form.offer(str, [("shiatsu", "Shiatsu")], TODAY)
        form.validate()
    return form


def test_a_note_of_this_month_is_right(bare_app: Flask) -> None:
    form = filled(bare_app)
    assert not form.problems
    assert form.when == dt.date(2026, 11, 1)


def test_a_kind_of_treatment_may_be_left_open(bare_app: Flask) -> None:
    assert not filled(bare_app, modality="").problems


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Write your note"),
        ({"text": " \r\n\t"}, "Write your note"),
        ({"text": "x" * 601}, "Use 600 characters at most"),
        ({"name": ""}, "Write your name"),
        ({"name": "www.example.org"}, "Write a name: letters, spaces, hyphens and dots, without an address"),
        ({"name": "x" * 61}, "Use 60 characters at most"),
        ({"relation": None}, "Choose what you are to this practitioner"),
        ({"was_treated": None}, "Say whether they have treated you"),
        ({"rewarded": None}, "Say whether you get anything for it"),
        ({"rewarded": "yes"}, "Say what you got, or will get"),
        ({"consents": None}, "Say that you agree, or leave this page: then nothing is kept"),
        ({"month": ""}, "Choose the month"),
        ({"month": "12"}, "Choose a month that is not in the future"),
        ({"year": ""}, "Type the year, such as 2026"),
        ({"year": "next"}, "Type a year from 1996 to 2026"),
        ({"year": "1995"}, "Type a year from 1996 to 2026"),
        ({"year": "2027", "month": "1"}, "Type a year from 1996 to 2026"),
        ({"revision": "1,0"}, "Open this page anew, and copy your words over"),
        ({"revision": "-1"}, "Open this page anew, and copy your words over"),
    ],
)
def test_what_is_wrong_is_named(bare_app: Flask, typed: dict[str, str | None], said: str) -> None:
    assert [one.message for one in filled(bare_app, **typed).problems if one.message.startswith(said)]


@pytest.mark.parametrize("field", ["audience", "relation", "was_treated", "rewarded", "shown_as", "modality", "month"])
def test_a_choice_that_is_not_offered_is_none(bare_app: Flask, field: str) -> None:
    assert filled(bare_app, **{field: "everything"}).problems


def test_lines_are_kept_and_count_as_one_character(bare_app: Flask) -> None:
    form = filled(bare_app, text="a\r\n" * 300)
    assert not form.problems
    assert form.text.data == "\n".join("a" * 300)


NAMES = ["Maud", "Maud Fairlie", "M. F.", "J.R. Reed", "Anne-Marie O'Neill", "Łucja", "李 Lee", "Dr. Maud Fairlie, PhD"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_of_many_kinds(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "12",
        "...",
        "maud@example.org",
        "www.example.org",
        "Win: example.org/x",
        "Maud <b>",
        "see example.org",
        "call 0800 1234",
        "Maud\u202edrayA",
        "Maud★★★★★",
    ],
)
def test_an_address_or_a_link_is_no_name(name: str) -> None:
    assert not is_name(name)


@given(st.text("abc.@:/w 1", max_size=30))
def test_nothing_that_is_called_a_name_holds_an_address_or_a_link(name: str) -> None:
    if is_name(name):
        assert not {"@", "/", ":"} & set(name)
        assert not re.search(r"\w\w\.\w|\w\.\w\w", name)
