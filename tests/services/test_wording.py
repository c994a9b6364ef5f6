"""Hints about wording: found in any writing, never where a sentence denies, never in honest texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.db import set_mode
from directory.services import wording
from directory.services.wording import Hint
from tests.services.wordings import HINTED, HONEST, NOT_HINTED


@pytest.fixture(autouse=True)
def _reading(session: Session) -> None:
    """As on a page that only reads, so that the facts are looked up once."""
    set_mode("reading")


def hints(text: str, **more: object) -> list[Hint]:
    return wording.hints({"text": text, **more})


def test_every_phrase_of_the_table_gets_a_hint_with_its_reason() -> None:
    assert len(HINTED) >= 100
    wrong = {phrase: sorted({hint.source for hint in hints(phrase)}) for phrase in HINTED}
    assert {phrase: found for phrase, found in wrong.items() if HINTED[phrase] not in found} == {}


def test_what_is_denied_or_is_another_word_gets_none() -> None:
    found = {phrase: [hint.phrase for hint in hints(phrase)] for phrase in NOT_HINTED}
    assert {phrase: hinted for phrase, hinted in found.items() if hinted} == {}


def test_honest_texts_get_none() -> None:
    assert len(HONEST) >= 60
    found = {text: [hint.phrase for hint in hints(text)] for text in (*HONEST, " ".join(HONEST))}
    assert {text[:60]: hinted for text, hinted in found.items() if hinted} == {}


def test_a_hint_says_where_the_phrase_stands_why_and_what_to_write_instead() -> None:
    text = "I am a PSA accredited practitioner and have treated back pain for twelve years."
    first, second = hints(text)
    assert first.phrase == "PSA accredited practitioner"
    assert second.phrase == "treated back pain"
    for hint in (first, second):
        assert text[hint.start : hint.end] == hint.phrase
        assert hint.reason.text.endswith(".")
        assert "“" in hint.better.text
        assert hint.guidance is not None
        assert hint.guidance.links


def test_every_source_is_a_record_of_guidance() -> None:
    named = {hint.source for phrase in HINTED for hint in hints(phrase)}
    for country in ("DE", "AU"):
        named |= {hint.source for hint in hints("It cures.", country=country)}
    assert named == {*HINTED.values(), "germany-illness", "au-code"}
    assert all(hint.guidance for phrase in HINTED for hint in hints(phrase))


def test_each_field_that_people_write_themselves_is_read() -> None:
    shown = {
        "name": "Zoë Best",
        "business": "Best Shiatsu",
        "text": "",
        "further_methods": "registered energy work",
        "modalities": [{"id": "shiatsu", "school": "An accredited school"}, {"id": "reiki", "school": None}],
        "prices": [{"label": "Guaranteed relaxation", "minutes": 60}],
        "access_note": "The best massage in Hove, step-free",
        "availability_note": None,
    }
    assert [hint.field for hint in wording.hints(shown)] == [
        *("further_methods", "access_note", "modalities", "prices")
    ]
    named = {**shown, "name": "Ann Lee", "business": "The best shiatsu"}
    assert next(hint.field for hint in wording.hints(named)) == "business"
    assert wording.hints({}) == []


SPREAD = st.sampled_from(("upper", "lower", "title", "spaces", "accents", "curly"))


@settings(max_examples=60)
@given(phrase=st.sampled_from([one for one in HINTED if HINTED[one] in {"cap-health", "terms-regulated"}]), way=SPREAD)
def test_case_spaces_accents_and_apostrophes_make_no_difference(phrase: str, way: str) -> None:
    spread = {
        "upper": phrase.upper(),
        "lower": phrase.lower(),
        "title": phrase.title().replace("'S", "'s"),
        "spaces": phrase.replace(" ", " \u00a0"),
        "accents": phrase.replace("e", "e\u0301"),
        "curly": phrase.replace("'", "’"),
    }[way].replace(" \u00a0", "\u00a0")
    assert HINTED[phrase] in {hint.source for hint in hints(spread)}


@settings(max_examples=60)
@given(
    words=st.lists(
        st.sampled_from(("cures", "heals", "registered", "accredited", "guaranteed", "licensed")), min_size=1
    )
)
def test_a_word_inside_another_is_not_found(words: list[str]) -> None:
    inside = " ".join(f"x{word}x" for word in words)
    assert hints(inside) == []
    denied = [f"It is not {word}." for word in words if word not in {"cures", "heals"}]
    assert hints(" ".join(denied)) == []


@settings(max_examples=150)
@given(text=st.text(max_size=300))
def test_any_text_is_read_and_each_place_is_true(text: str) -> None:
    for hint in hints(text + " It cures. " + text):
        assert hint.phrase


@settings(max_examples=50)
@given(before=st.text(alphabet="aé ’ßﬁＡ\u0301\u200b漢", max_size=30))
def test_the_place_is_right_behind_letters_that_fold_to_more_or_fewer(before: str) -> None:
    text = f"{before}\nThis cures all."
    hint = next(hint for hint in hints(text) if "cures" in hint.phrase)
    assert text[hint.start : hint.end] == hint.phrase == "cures"


@pytest.mark.parametrize(
    ("written", "tells"),
    [
        ("My lower back is sore.", True),
        ("I have had headaches since March", True),
        ("I can’t sleep", True),
        ("I’m pregnant and looking for somebody near Hove.", True),
        ("They found a slipped disc", True),
        ("Is your practice step-free? I use a wheelchair.", True),
        ("Do you have time on a Thursday evening? I sit at a desk all day.", False),
        ("How much is an hour? Do you work from home?", False),
        ("I head to London on Monday, and could come back in May", False),
        ("A present for my sister, who lives in your neck of the woods", False),
        ("I would like a massage to relax. My friend teaches it.", False),
    ],
)
def test_whoever_seems_to_tell_of_their_health_is_asked_about_it(written: str, tells: bool) -> None:
    assert wording.tells_of_health(written) is tells
