"""Folded words: whatever way a name is typed, it finds what was stored."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib.folding import MAX_TOKEN, beginnings, plain, terms, tokens

many = settings(max_examples=300)
letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=60)
# Names as they are written: accents, hyphens, apostrophes, particles.
PARTICLES = ["mac", "mc", "o", "d", "van", "der", "al", "1st"]
GIVEN_NAMES = ["Søren", "Zoë", "Łukasz", "Siân", "Anne", "Marie", "İpek", "ﬁnn", "Åse", "Þór", "ＳＡＴＯ"]
SURNAMES = ["Lean", "Donald", "Brien", "Müller", "Arc", "Straße", "指圧", "Nguyễn", "Öztürk", "Macaroni"]
pieces = st.sampled_from([*PARTICLES, *GIVEN_NAMES, *SURNAMES])
joints = st.sampled_from([" ", "-", "‐", "'", "’", "", "  ", ". ", ", "])
names = st.lists(st.tuples(pieces, joints), min_size=1, max_size=5).map(
    lambda parts: "".join(piece + joint for piece, joint in parts)
)


def finds(asked: str, stored: str) -> bool:
    """Whether every term of `asked` has an alternative whose tokens are all among those of `stored`."""
    known = set(tokens(stored))
    return all(any(set(alternative) <= known for alternative in term) for term in terms(asked))


@given(texts | names)
@many
def test_any_text_is_found_by_itself(text: str) -> None:
    assert finds(text, text)


@given(names)
@many
def test_a_name_is_found_in_any_case_and_without_its_accents(name: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    for variant in (name.upper(), name.lower(), name.title(), unicodedata.normalize("NFD", name), bare):
        assert finds(variant, name), variant


@given(names)
@many
def test_a_name_is_found_with_other_apostrophes_and_hyphens(name: str) -> None:
    assert finds(name.replace("'", "’"), name)
    assert finds(name.replace("’", "'"), name)
    assert finds(name.replace("-", "\u2010"), name)


@given(texts | names)
@many
def test_tokens_are_lower_case_letters_and_digits_each_once_and_not_long(text: str) -> None:
    found = tokens(text)
    assert len(found) == len(set(found))
    for token in found:
        assert token.isalnum()
        assert token == token.casefold()
        assert len(token) <= MAX_TOKEN


@given(texts)
@many
def test_what_is_asked_for_is_made_as_what_is_stored(text: str) -> None:
    for term in terms(text):
        for alternative in term:
            assert alternative
            assert all(token.isalnum() and len(token) <= MAX_TOKEN for token in alternative)


@given(texts)
@many
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("o'brien", "Siobhán O’Brien"),
        ("obrien", "O'Brien"),
        ("o brien", "O'Brien"),
        ("mclean", "Iain MacLean"),
        ("mac lean", "McLean"),
        ("maclean", "Mc Lean"),
        ("smith-jones", "Smith Jones"),
        ("smith jones", "Smith-Jones"),
        ("smithjones", "Smith-Jones"),
        ("muller", "Müller"),
        ("mueller", "Müller"),
        ("Müller", "Mueller"),
        ("strasse", "Straße"),
        ("lukasz", "Łukasz"),
        ("soren", "Søren"),
        ("nguyen", "Nguyễn"),
        ("ZOE", "Zoë"),
        ("指圧", "指圧マッサージ"),
        ("sato", "ＳＡＴＯ"),
    ],
)
def test_people_are_found_as_others_type_them(asked: str, stored: str) -> None:
    assert finds(asked, stored)


@pytest.mark.parametrize(
    ("asked", "stored"),
    [("brian", "O'Brien"), ("macaroni", "McAroni"), ("jones", "Smith-Johnson")],
)
def test_others_are_not(asked: str, stored: str) -> None:
    assert not finds(asked, stored)


@pytest.mark.parametrize("nothing", ["", "   ", "-", "'", "...", "\u200b", "—", "&"])
def test_marks_alone_ask_for_nothing(nothing: str) -> None:
    assert tokens(nothing) == []
    assert terms(nothing) == []


@given(names, st.integers(1, 30))
@many
def test_whatever_is_typed_so_far_is_the_beginning_of_the_whole(name: str, typed: int) -> None:
    begun = beginnings(name[:typed])
    assert not begun or any(plain(name).startswith(one) for one in begun)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        ("-'", []),
        ("Sarah O’B", ["sarah ob"]),
        ("sarah o b", ["sarah o b", "sarah ob"]),
        ("Mac D", ["mac d", "mcd"]),
        ("macd", ["macd", "mcd"]),
        ("mari", ["mari"]),
        ("macrob", ["mcrob", "macrob"]),
        ("macro", ["macro", "mcro"]),
    ],
)
def test_a_beginning_is_read_in_every_way_that_a_name_may_go_on(typed: str, expected: list[str]) -> None:
    assert beginnings(typed) == expected
