"""Letters by number and name."""

from directory.lib.code_points import Letter, side_by_side, spell, unusual


def test_letters_that_look_alike_are_told_apart_by_number_and_name() -> None:
    assert side_by_side("Larkhope", "L\u0430rkhope") == [
        (Letter("a", "U+0061", "Latin Small Letter A"), Letter("\u0430", "U+0430", "Cyrillic Small Letter A"))
    ]


def test_what_cannot_be_seen_is_named_and_not_printed() -> None:
    assert side_by_side("ab", "a\u200bb\u202e") == [
        (None, Letter("", "U+200B", "Zero Width Space")),
        (None, Letter("", "U+202E", "Right-To-Left Override")),
    ]
    assert spell("\u0301")[0].shown == ""


def test_only_letters_that_a_reader_might_miss_are_unusual() -> None:
    assert [letter.number for letter in unusual("Anne-Marie O\u2019Brien 12\u06f3")] == ["U+2019", "U+06F3"]
