"""Marked words."""

import pytest

from directory.lib.words import N_, Message


def test_marking_changes_nothing() -> None:
    assert N_("Not checked.") == "Not checked."


def test_a_sentence_without_places_to_fill_in_has_no_values() -> None:
    assert Message("Ready.").values == {}


def test_a_sentence_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Message("Ready.").text = "Other."  # type: ignore[misc]
