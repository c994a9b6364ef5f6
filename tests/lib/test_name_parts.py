"""Whether names are taken apart for comparing as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.lib import short_forms
from directory.lib.folding import plain
from directory.lib.name_parts import parse
from directory.lib.romanisation import latin, sound


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wren Hallowby", "wren hallowby"),
        ("HALLOWBY, WREN", "wren hallowby"),
        ("Mrs Wren B. Hallowby MRSS", "wren b hallowby"),
        ("M. Everett", "m everett"),
        ("M. Jean Dupont", "jean dupont"),
        ("J.A. Hallowby", "j a hallowby"),
        ("JA Hallowby", "j a hallowby"),
        ("M.R Hallowby", "m r hallowby"),
        ("J.Hallowby", "j hallowby"),
        ("WREN HALLOWBY MRSS", "wren hallowby"),
        ("JANET DE LA RÍS", "janet ris"),
        ("Hallowby, Wren, MRSS", "wren hallowby"),
        ("Wren Hallowby, BSc (Hons)", "wren hallowby"),
        ("Sean Mac Donald", "sean mcdonald"),
        ("John O Brien", "john obrien"),
        ("O Brien", "o brien"),
        ("Jan van der Berg", "jan berg"),
        ("Anne-Marie Quill", "annemarie quill"),
        ("Wren – Hallowby", "wren hallowby"),
        ("すずき ユーコ", "suzuki yuko"),
        ("山田 太郎", "山田 太郎"),
        ("Mr", "mr"),
        ("", ""),
    ],
)
def test_the_words_of_a_name(text: str, words: str) -> None:
    assert " ".join(parse(text).main.words) == words


def test_what_stands_beside_the_words_is_kept() -> None:
    assert parse("Mr John Quill Jr").main[3:] == ("junior", "m")
    assert parse("John Quill the younger").main.generation == "junior"
    assert parse("Mrs Ann Quill").main.gender == "f"
    assert parse("Jan van der Berg").main.particled == "vanderberg"
    assert parse("Robin du Macdonald").main.particled == "dumacdonald"
    assert parse("Wren Quill-Marsh").main.parts == ((), ("quill", "marsh"))
    assert [one.words for one in parse("Wren Hallowby (née Quill)").former] == [("wren", "quill")]
    assert [one.words for one in parse("William “Bill” Quill").others] == [("bill", "quill")]


@given(st.text(max_size=60))
def test_any_text_can_be_taken_apart(text: str) -> None:
    name = parse(text).main
    assert len(name.words) == len(name.parts)
    assert all(name.words)


@pytest.mark.parametrize(
    "spellings",
    [
        "юлия yulia julia iuliia yuliya",
        "satō sato satou satoh",
        "müller muller mueller",
        "щербакова shcherbakova scherbakova",
        "παπαδόπουλος papadopoulos",
        "ちひろ chihiro tihiro",
        "sergei sergey",
        "dmitry dmitri dmitriy",
        "yuki yuuki",
    ],
)
def test_spellings_of_one_name_have_one_sound(spellings: str) -> None:
    assert len({sound(parse(word).main.words[0]) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    "names", ["jo joe", "jan ian", "michael michal", "smith smyth", "quill quil", "daniel danielle"]
)
def test_two_names_have_two_sounds(names: str) -> None:
    one, other = names.split()
    assert sound(one) != sound(other)


def test_chinese_characters_are_not_read() -> None:
    assert latin("太郎") == sound("太郎") == ""


@pytest.mark.parametrize("pair", ["liz elizabeth", "bob robert", "peggy margaret", "katie catherine", "jim james"])
def test_short_forms_are_known_both_ways(pair: str) -> None:
    one, other = pair.split()
    assert short_forms.is_short_form(one, other)
    assert short_forms.is_short_form(other, one)


@pytest.mark.parametrize("pair", ["anna hannah", "john ian", "emil emily", "liz betty", "julia julie", "andrea andrew"])
def test_names_of_two_people_are_no_short_forms(pair: str) -> None:
    one, other = pair.split()
    assert not short_forms.is_short_form(one, other)


@given(st.sampled_from(sorted(short_forms._pairs())))
def test_names_are_kept_as_they_are_folded(name: str) -> None:
    assert plain(name) == name
    assert name not in short_forms.others(name)
