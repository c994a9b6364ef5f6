"""Whether lines of a register are found for whom they may be, and a match is only said where nothing speaks against."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.matching import sets
from directory.lib.name_parts import parse
from directory.models import Shown
from directory.models.claims import number_key
from directory.services.matching import Answer, Index, Kind, Person, Verdict, oddities
from directory.services.matching.names import Level, compare
from directory.services.matching.reasons import WEIGHTS

JUNE, JULY, AUGUST = dt.date(2024, 6, 1), dt.date(2024, 7, 1), dt.date(2024, 8, 1)


class Row(NamedTuple):
    """A line of a register."""

    id: int
    key: int
    number: str | None
    number_key: str
    name: str
    town: str | None = None
    outward: str | None = None
    grade: str | None = None
    disciplines: Sequence[str] = ()
    listed_from: dt.date | None = None
    listed_until: dt.date | None = None
    telephone: str | None = None
    email: str | None = None
    website: str | None = None
    shown: Shown = Shown.LISTED


def row(key: int, name: str, number: str | None = None, town: str | None = None, **more: object) -> Row:
    return Row(key, key, number, number_key(number), name, town, **more)  # type: ignore[arg-type]


def ask(rows: Sequence[Row], name: str, number: str | None = None, town: str | None = None, **more: object) -> Answer:
    on = more.pop("on", None)
    not_keys = more.pop("not_keys", ())
    person = Person(name, number=number, town=town, **more)  # type: ignore[arg-type]
    return Index(rows).ask(person, on, not_keys=not_keys)  # type: ignore[arg-type]


def kinds(answer: Answer) -> set[Kind]:
    return {reason.kind for reason in (*answer.candidates[0].reasons, *answer.candidates[0].against)}


# ---------- what is a match ----------


@pytest.mark.parametrize(
    ("listed", "claimed", "reason"),
    [
        ("Wren Hallowby", "Wren Hallowby", Kind.NAME),
        ("HALLOWBY, WREN", "Ms Wren Hallowby MRSS", Kind.NAME),
        ("Zoë O’Brien", "zoe obrien", Kind.NAME),
        ("Fiona MacDonald", "Fiona McDonald", Kind.NAME),
        ("Mary Ann Quill", "Maryann Quill", Kind.NAME),
        ("Wren Hallowby", "W. Hallowby", Kind.INITIALS),
        ("W A Hallowby", "Wren Hallowby", Kind.INITIALS),
        ("Wren Hallowby", "Hallowby Wren", Kind.SWAPPED),
        ("Elizabeth Quill", "Liz Quill", Kind.SHORT_FORM),
        ("Bob Quill", "Robert Quill", Kind.SHORT_FORM),
        ("Wren Hallowby-Quill", "Wren Quill", Kind.DOUBLE_NAME),
        ("Wren Hallowby", "Wren Hallowby-Quill", Kind.DOUBLE_NAME),
        ("Anne-Marie Quill", "Anne Quill", Kind.DOUBLE_NAME),
        ("Wren Hallowby (née Quill)", "Wren Quill", Kind.FORMER_NAME),
        ("Wren “Jo” Hallowby", "Jo Hallowby", Kind.OTHER_NAME),
        ("Юлия Щербакова", "Yulia Shcherbakova", Kind.TRANSLITERATION),
        ("Tarō Satō", "Taro Satou", Kind.TRANSLITERATION),
        ("すずき たろう", "Suzuki Taro", Kind.TRANSLITERATION),
        ("Jürgen Müller", "Juergen Mueller", Kind.TRANSLITERATION),
        ("Jan van der Berg", "Jan Berg", Kind.PARTICLES),
        ("María de la Cruz", "Maria Delacruz", Kind.NAME),
    ],
)
def test_a_number_with_a_compatible_name_is_a_match_and_says_why(listed: str, claimed: str, reason: Kind) -> None:
    answer = ask([row(1, listed, "1234"), row(2, "Ash Marsh", "1235")], claimed, "1 234")
    assert answer.verdict is Verdict.MATCH
    assert answer.candidate is not None
    assert answer.candidate.row.key == 1
    assert {Kind.NUMBER, reason} <= kinds(answer)
    assert answer.candidate.against == ()


@pytest.mark.parametrize(
    ("listed", "claimed", "reason"),
    [
        ("John Hallowby", "James Hallowby", Kind.GIVEN_DIFFERS),
        ("Jane Hallowby", "John Hallowby", Kind.GIVEN_DIFFERS),
        ("Andrea Hallowby", "Andrew Hallowby", Kind.SIMILAR),
        ("Anna Hallowby", "Hannah Hallowby", Kind.GIVEN_DIFFERS),
        ("Jo Hallowby", "Joe Hallowby", Kind.GIVEN_DIFFERS),
        ("John A. Hallowby", "John B. Hallowby", Kind.MIDDLE_DIFFERS),
        ("John Hallowby", "John Hallowby junior", Kind.GENERATION_DIFFERS),
        ("Mr J Hallowby", "Mrs J Hallowby", Kind.TITLE_DIFFERS),
        ("Wren Hallowby", "Wren Quill", Kind.FAMILY_DIFFERS),
        ("Wren Smith", "Wren Smyth", Kind.SIMILAR),
        ("Wren Hallowby", "Wren Halowby", Kind.SIMILAR),
        ("Charlie J. Quill", "Julian Quill", Kind.GIVEN_DIFFERS),
        ("Ian Trillo", "lan Trillo", Kind.LOOKS_ALIKE),
        ("Ian Trillo", "Ian TrilIo", Kind.LOOKS_ALIKE),
        ("Ian Trillo", "Ian Tri11o", Kind.ODD_LETTERS),
        ("Anna Quill", "Аnna Quill", Kind.MIXED_SCRIPTS),
        ("Anna Mak", "Anna Мак", Kind.MIXED_SCRIPTS),
        ("Anna Quill", "An\u200bna Quill", Kind.INVISIBLE),
        ("Anna Quill", "Anna\u00ad Quill", Kind.INVISIBLE),
        ("Anna Quill", "Ａｎｎａ Quill", Kind.ODD_LETTERS),
        ("Anna Quill", "ɑnna Quill", Kind.ODD_LETTERS),
        ("Anna Quill", "An\u0337na Quill", Kind.ODD_LETTERS),
    ],
)
def test_what_speaks_against_a_person_forbids_a_match(listed: str, claimed: str, reason: Kind) -> None:
    answer = ask([row(1, listed, "1234", "Hove")], claimed, "1234", "Hove")
    assert answer.verdict is Verdict.POSSIBLE
    assert reason in kinds(answer)


@pytest.mark.parametrize("number", ["١٢٣٤", "12\u200b34", "１２３４", "12३4", "1234\u00ad"])
def test_a_number_with_digits_of_another_script_or_hidden_characters_is_no_match(number: str) -> None:
    answer = ask([row(1, "Wren Hallowby", "1234")], "Wren Hallowby", number)
    assert answer.verdict is Verdict.POSSIBLE
    assert kinds(answer) & {Kind.FOREIGN_DIGITS, Kind.INVISIBLE}


@pytest.mark.parametrize("number", ["01234", "1235", "1243", "12345", "", None])
def test_another_number_or_none_is_no_match(number: str | None) -> None:
    assert ask([row(1, "Wren Hallowby", "1234")], "Wren Hallowby", number).verdict is Verdict.POSSIBLE


def test_a_number_that_differs_in_one_place_is_said_to() -> None:
    assert Kind.NUMBER_NEAR in kinds(ask([row(1, "Wren Hallowby", "1234")], "Wren Hallowby", "1243"))
    assert Kind.NUMBER_DIFFERS in kinds(ask([row(1, "Wren Hallowby", "1234")], "Wren Hallowby", "9876"))


def test_the_number_of_somebody_of_another_name_finds_nobody_and_shows_whose_it_is() -> None:
    answer = ask([row(1, "Ash Marsh", "1234")], "Wren Hallowby", "1234")
    assert answer.verdict is Verdict.NOT_FOUND
    assert [one.row.key for one in answer.candidates] == [1]
    assert answer.candidate is None


def test_two_lines_with_the_number_and_a_name_that_fits_are_never_chosen_from() -> None:
    answer = ask([row(1, "John Quill", "7"), row(2, "Jane Quill", "7")], "J Quill", "7")
    assert answer.verdict is Verdict.AMBIGUOUS
    assert len(answer.candidates) == 2
    assert ask([row(1, "John Quill", "7"), row(2, "Jane Quill", "7")], "Jane Quill", "7").verdict is Verdict.MATCH


# ---------- what is only possible ----------


def test_the_very_name_and_town_alone_in_the_register_is_only_possible() -> None:
    answer = ask(
        [row(1, "Wren Hallowby", "1234", "Hove"), row(2, "Ash Marsh", "1235", "Hove")], "Wren Hallowby", None, "hove"
    )
    assert answer.verdict is Verdict.POSSIBLE
    assert {Kind.NAME, Kind.TOWN, Kind.ALONE} <= kinds(answer)


def test_two_people_of_one_name_are_ambiguous_also_where_the_town_fits_one() -> None:
    rows = [row(1, "Wren Hallowby", "1234", "Hove"), row(2, "Wren Hallowby", "1235", "Leeds")]
    answer = ask(rows, "Wren Hallowby", None, "Leeds")
    assert answer.verdict is Verdict.AMBIGUOUS
    assert [one.row.key for one in answer.candidates] == [2, 1]
    assert answer.candidate is None


@pytest.mark.parametrize("claimed", ["Wren Halowby", "Wern Hallowby", "Wren Hallobwy", "Catherine Quill", "W Hallowby"])
def test_a_slip_finds_the_person_as_possible(claimed: str) -> None:
    answer = ask([row(1, "Wren Hallowby"), row(2, "Katherine Quill"), row(3, "Ash Marsh")], claimed)
    assert answer.verdict is Verdict.POSSIBLE


def test_letters_that_look_alike_find_whom_they_imitate() -> None:
    answer = ask([row(1, "Anna Pope"), row(2, "Ash Marsh")], "Anna Роре")
    assert answer.verdict is Verdict.POSSIBLE
    assert {Kind.LOOKS_ALIKE, Kind.MIXED_SCRIPTS} <= kinds(answer)


def test_nobody_is_found_where_nobody_is_like() -> None:
    assert ask([row(1, "Ash Marsh", "1234", "Hove")], "Wren Hallowby", "9", "Hove") == Answer(Verdict.NOT_FOUND)
    assert ask([], "Wren Hallowby").verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize("name", ["", " ", "-", "123", "\u200b", "()", "!?"])
def test_what_is_no_name_is_a_bad_row(name: str) -> None:
    assert ask([row(1, "Wren Hallowby", "1234")], name, "1234").verdict is Verdict.BAD_ROW


def test_place_grade_and_discipline_are_said_and_decide_nothing() -> None:
    rows = [row(1, "Wren Hallowby", "1234", "Hove", outward="BN3", grade="MRSS", disciplines=["shiatsu"])]
    same = ask(rows, "Wren Hallowby", "1234", "Hove", outward="bn3", grade="mrss", disciplines=("shiatsu",))
    assert {Kind.TOWN, Kind.OUTWARD, Kind.GRADE, Kind.DISCIPLINES} <= kinds(same)
    other = ask(rows, "Wren Hallowby", "1234", "Leeds", grade="Student", disciplines=("reflexology",))
    assert {Kind.TOWN_DIFFERS, Kind.GRADE_DIFFERS, Kind.DISCIPLINES_MISSING} <= kinds(other)
    assert same.verdict is other.verdict is Verdict.MATCH
    assert same.candidates[0].score > other.candidates[0].score


def test_other_names_of_a_listing_find_the_person_and_hidden_ones_do_not() -> None:
    rows = [row(1, "Wren Hallowby", "1234")]
    assert ask(rows, "Wren Quill", "1234", other_names=("Wren Hallowby",)).verdict is Verdict.MATCH
    assert ask(rows, "Wren Quill", "1234", other_names=("Wren Hal\u200blowby",)).verdict is Verdict.POSSIBLE


def test_every_point_has_words_and_a_weight() -> None:
    for kind in Kind:
        assert kind in WEIGHTS
    for verdict in Verdict:
        assert verdict.label


# ---------- time ----------


def test_who_is_no_longer_listed_was_listed() -> None:
    rows = [row(1, "Wren Hallowby", "1234", listed_from=JUNE, listed_until=AUGUST)]
    answer = ask(rows, "Wren Hallowby", "1234")
    assert answer.verdict is Verdict.WAS_LISTED
    assert answer.candidates[0].against[-1].values == {"day": AUGUST}
    assert ask(rows, "Wren Hallowby", "1234", on=JULY).verdict is Verdict.MATCH
    assert ask(rows, "Wren Hallowby", "1234", on=AUGUST).verdict is Verdict.WAS_LISTED
    assert ask(rows, "Wren Hallowby", "1234", on=dt.date(2024, 5, 31)).verdict is Verdict.NOT_FOUND
    assert ask(rows, "Wren Hallowby").verdict is Verdict.WAS_LISTED


def test_a_line_that_changed_its_name_is_still_listed() -> None:
    rows = [
        row(1, "Wren Quill", "1234", listed_from=JUNE, listed_until=JULY),
        row(1, "Wren Hallowby", "1234", listed_from=JULY),
    ]
    answer = ask(rows, "Wren Quill")
    assert answer.verdict is Verdict.POSSIBLE
    assert answer.candidates[0].row.name == "Wren Hallowby"
    assert Kind.OTHER_NAME in kinds(answer)
    assert ask(rows, "Wren Hallowby", "1234").verdict is Verdict.MATCH
    assert ask(rows, "Wren Quill", "1234", on=JUNE).verdict is Verdict.MATCH


@pytest.mark.parametrize("now", ["Ash Thorn", "Robin Quill", "Robin Thorn-Bury"])
def test_a_number_that_somebody_else_has_now_matches_no_more(now: str) -> None:
    rows = [
        row(1, "Wren Quill", "1234", listed_from=JUNE, listed_until=JULY),
        row(1, now, "1234", listed_from=JULY),
    ]
    answer = ask(rows, "Wren Quill", "1234")
    assert answer.verdict is Verdict.WAS_LISTED
    assert answer.candidates[0].row.name == "Wren Quill"
    assert ask(rows, "Wren Quill").verdict is Verdict.WAS_LISTED
    assert ask(rows, now, "1234").verdict is Verdict.MATCH
    assert ask(rows, "Wren Quill", "1234", on=JUNE).verdict is Verdict.MATCH


def test_a_membership_that_the_register_shows_as_ended_was_listed() -> None:
    rows = [
        row(1, "Wren Hallowby", "1234", listed_from=JUNE, listed_until=JULY),
        row(1, "Wren Hallowby", "1234", listed_from=JULY, shown=Shown.ENDED),
    ]
    answer = ask(rows, "Wren Hallowby", "1234")
    assert answer.verdict is Verdict.WAS_LISTED
    assert Kind.ENDED in kinds(answer)
    assert ask(rows, "Wren Hallowby", "1234", on=JUNE).verdict is Verdict.MATCH


def test_a_notice_on_the_register_is_shown_beside_the_match() -> None:
    answer = ask([row(1, "Wren Hallowby", "1234", shown=Shown.NOTICE)], "Wren Hallowby", "1234")
    assert answer.verdict is Verdict.MATCH
    assert Kind.NOTICE in kinds(answer)


def test_somebody_who_left_and_somebody_else_of_a_name_that_fits_are_ambiguous() -> None:
    rows = [row(1, "Elizabeth Quill", "1", listed_until=JUNE), row(2, "Liz Quill", "2")]
    assert ask(rows, "Elizabeth Quill").verdict is Verdict.AMBIGUOUS
    assert ask(rows, "Elizabeth Quill", "1").verdict is Verdict.WAS_LISTED


def test_a_line_that_was_judged_to_be_somebody_else_is_not_asked_about_again() -> None:
    rows = [row(1, "Wren Hallowby", "1234"), row(2, "Wren Hallowby", "1235")]
    answer = ask(rows, "Wren Hallowby", "1234", not_keys={1})
    assert answer.verdict is Verdict.POSSIBLE
    assert [one.row.key for one in answer.candidates] == [2]
    assert ask(rows, "Wren Hallowby", "1234", not_keys={1, 2}).candidates == ()


# ---------- rules that hold for all names ----------

GIVEN = st.sampled_from(
    ["Wren", "Elizabeth", "Liz", "John", "Jon", "J.", "Anne-Marie", "Юлия", "Yulia", "Tarō", "Zoë", "Ann"]
)
FAMILY = st.sampled_from(
    [
        "Hallowby",
        "Quill",
        "Quill-Marsh",
        "Marsh",
        "van der Berg",
        "Berg",
        "Satou",
        "Sato",
        "O’Brien",
        "McLean",
        "Müller",
        "Mueller",
    ]
)
NAMES = st.builds(
    lambda *words: " ".join(word for word in words if word), GIVEN, st.sampled_from(["", "", "A.", "Kim"]), FAMILY
)
NUMBERS = st.text("0123456789AB", min_size=1, max_size=4)
LINES = st.lists(st.tuples(NAMES, st.one_of(st.none(), NUMBERS), st.sampled_from([None, "Hove", "Leeds"])), max_size=8)


@given(NAMES, NAMES)
def test_two_names_agree_as_far_as_they_do_the_other_way_round(one: str, other: str) -> None:
    there, back = compare(parse(one).main, parse(other).main), compare(parse(other).main, parse(one).main)
    assert there.level == back.level
    assert set(there.against) == set(back.against)
    assert compare(parse(one).main, parse(one).main).level is Level.EQUAL


@given(NAMES, NUMBERS, st.sampled_from(sets.UNSEEN), st.data())
def test_a_character_that_cannot_be_seen_never_makes_a_match(
    name: str, number: str, unseen: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(name)))
    hidden = name[:place] + unseen + name[place:]
    assert ask([row(1, name, number)], hidden, number).verdict is not Verdict.MATCH
    place = data.draw(st.integers(0, len(number)))
    assert ask([row(1, name, number)], name, number[:place] + unseen + number[place:]).verdict is not Verdict.MATCH


@given(NAMES, st.sampled_from([None, "", " ", "-", "—", "\u200b", "..."]), st.sampled_from([None, "", " ", "-"]))
def test_a_blank_number_is_equal_to_no_other(name: str, claimed: str | None, listed: str | None) -> None:
    answer = ask([row(1, name, listed)], name, claimed)
    assert answer.verdict is not Verdict.MATCH
    assert all(reason.kind is not Kind.NUMBER for one in answer.candidates for reason in one.reasons)


@given(LINES, NAMES, st.one_of(st.none(), NUMBERS), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_the_lines_changes_nothing(
    lines: list[tuple[str, str | None, str | None]], name: str, number: str | None, random: object
) -> None:
    rows = [row(key, *line) for key, line in enumerate(lines)]
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert ask(rows, name, number, "Hove") == ask(mixed, name, number, "Hove")


@given(LINES, NAMES, st.one_of(st.none(), NUMBERS))
@settings(max_examples=150)
def test_a_match_is_one_line_with_the_number_and_nothing_against(
    lines: list[tuple[str, str | None, str | None]], name: str, number: str | None
) -> None:
    answer = ask([row(key, *line) for key, line in enumerate(lines)], name, number)
    fitting = [
        key
        for key, (listed, its_number, _) in enumerate(lines)
        if number_key(its_number) == number_key(number) != ""
        and compare(parse(name).main, parse(listed).main).level >= Level.COMPATIBLE
        and not compare(parse(name).main, parse(listed).main).against
    ]
    # A name that mixes alphabets speaks against itself.
    assert (answer.verdict is Verdict.MATCH) == (len(fitting) == 1 and not oddities.of_name(name))
    if fitting[1:]:
        assert answer.verdict is Verdict.AMBIGUOUS
    if answer.verdict is Verdict.MATCH:
        assert answer.candidates[0].row.key == fitting[0]


@given(LINES, NAMES)
@settings(max_examples=150)
def test_the_name_alone_never_makes_a_match(lines: list[tuple[str, str | None, str | None]], name: str) -> None:
    rows = [row(key, *line) for key, line in enumerate(lines)]
    answer = ask(rows, name, None, "Hove")
    assert answer.verdict is not Verdict.MATCH
    if sum(parse(line[0]).main == parse(name).main for line in lines) > 1:
        assert answer.verdict is Verdict.AMBIGUOUS


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_text_is_answered(name: str, number: str) -> None:
    rows = [row(1, "Wren Hallowby", "1234"), row(2, "Юлия Щербакова", "A1")]
    assume(number_key(number))
    assert ask(rows, name, number).verdict in set(Verdict) - {Verdict.MATCH}


# ---------- sets with a known truth ----------


def test_people_of_a_register_are_found_by_their_number_in_all_ways_in_which_names_are_written() -> None:
    lines = sets.register(2_000)
    index = Index([row(line.key, line.name, line.number, line.town) for line in lines])
    asked = list(sets.compatible(lines, 50 * len(sets.WAYS)))
    answers = [(one, index.ask(Person(one.name, number=one.number, town=one.town or None))) for one in asked]
    found = [answer.verdict is Verdict.MATCH and answer.candidates[0].row.key == one.key for one, answer in answers]
    assert sum(found) / len(found) >= 0.95


def test_who_is_not_the_person_is_no_match() -> None:
    lines = sets.register(2_000)
    index = Index([row(line.key, line.name, line.number, line.town) for line in lines])
    asked = list(sets.misleading(lines, 100 * len(sets.TRICKS)))
    answers = [(one, index.ask(Person(one.name, number=one.number or None, town=one.town or None))) for one in asked]
    assert [(one.way, one.name) for one, answer in answers if answer.verdict is Verdict.MATCH] == []
