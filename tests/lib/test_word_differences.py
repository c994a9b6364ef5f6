"""Which words of two texts differ."""

from hypothesis import given
from hypothesis import strategies as st

from directory.lib.word_differences import MOST_WORDS, Piece, compare, compare_letters

WORDS = st.text("ab \n", max_size=30)


def marked(pieces: list[Piece]) -> list[str]:
    return [piece.text.strip() for piece in pieces if piece.differs]


def test_a_word_that_was_put_in_place_of_another_is_marked_on_both_sides() -> None:
    left, right = compare("I work in Totnes and Exeter.", "I work in Totnes and Dawlish.")
    assert marked(left) == ["Exeter."]
    assert marked(right) == ["Dawlish."]


def test_what_was_added_is_marked_on_one_side_only() -> None:
    left, right = compare("I work slowly.", "I work very slowly.")
    assert marked(left) == []
    assert marked(right) == ["very"]


def test_empty_lines_are_never_marked() -> None:
    _, right = compare("One.", "One more.\n\nAnd another.")
    assert marked(right) == ["One more.", "And another."]


def test_equal_texts_have_no_marks_and_very_long_ones_are_marked_whole() -> None:
    assert compare("the same", "the same") == ([Piece("the same", differs=False)], [Piece("the same", differs=False)])
    assert compare("", "") == ([], [])
    long = "word " * MOST_WORDS + "end"
    assert compare(long, long + "s") == ([Piece(long, differs=True)], [Piece(long + "s", differs=True)])


def test_of_two_numbers_the_letters_that_differ_are_marked() -> None:
    left, right = compare_letters("5127", "5172")
    assert "".join(piece.text for piece in left) == "5127"
    assert marked(left) + marked(right) == ["27", "72"]
    assert marked(compare_letters("5127", "51278")[1]) == ["8"]
    assert compare_letters("", "12") == ([], [Piece("12", differs=True)])
    long = "1" * MOST_WORDS
    assert compare_letters(long, long + "22") == ([Piece(long, differs=True)], [Piece(long + "22", differs=True)])


@given(WORDS, WORDS)
def test_the_pieces_of_a_text_are_the_text(before: str, after: str) -> None:
    for way in (compare, compare_letters):
        left, right = way(before, after)
        assert "".join(piece.text for piece in left) == before
        assert "".join(piece.text for piece in right) == after
        if before == after:
            assert not any(piece.differs for piece in [*left, *right])
