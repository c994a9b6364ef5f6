"""One text for one value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.lib.canonical_json import dumps, is_canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_comes_back_and_has_one_text(value: Any) -> None:
    text = dumps(value)
    assert json.loads(text) == value
    assert is_canonical(text)
    assert "\n" not in text


@pytest.mark.parametrize(
    "text", ['{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', "1.0", "1e3", '"\\u00e9"', "{", "", "NaN", "[" * 100_000]
)
def test_other_texts_of_a_value_are_known_as_such(text: str) -> None:
    assert not is_canonical(text)


@pytest.mark.parametrize("value", [1.5, b"x", {"é": 1}, {1: 2}, [object()]])
def test_what_not_everybody_writes_alike_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"key|text"):
        dumps(value)
