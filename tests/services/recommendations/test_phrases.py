"""Hints for moderators: what they find, under which reason, and what they leave alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.services import recommendations
from tests.conftest import sqlite_only
from tests.factories import PractitionerFactory

FOUND = {
    "outcome": [
        "She cured my back.",
        "It helped my migraine more than anything.",
        "I have been pain-free since.",
        "It detoxes you.",
    ],
    "illness": ["I have fibromyalgia and was nervous.", "Since my stroke I cannot lie flat."],
    "safety": [
        "I came off my tablets after three sessions.",
        "Go to her instead of the doctor.",
        "You will never need surgery.",
        "I stopped my medication.",
    ],
    "private-life": [
        "My daughter goes there, too.",
        "His wife had left him.",
        "Mrs Pettigrew from number nine sent me.",
        "A man of 83, aged 84 next week.",
        "She lives at 14 Acacia Road.",
        "It is in BN2 1TW.",
        "She was pregnant then.",
    ],
    "contact-details": [
        "Write to maud@example.org.",
        "Ring her on 01273 496012.",
        "See www.example.org/x for more.",
        "Her site is quiet-room.co.uk, look there.",
        "She is @quietroom on Instagram.",
        "Text me if you want to know more.",
    ],
    "qualification": [
        "He is not properly qualified.",
        "An unqualified man.",
        "She has no insurance at all.",
        "A fully qualified therapist.",
        "He waved a fake diploma.",
        "Recommended by the NHS.",
        "PSA accredited, so you know.",
    ],
    "accusation": ["He stole my purse.", "A fraud from first to last.", "She touched me where I said no."],
    "insult": ["What an idiot.", "I will find her."],
    "others": ["The best masseur in Brighton, unlike the others."],
    "reward": ["I had a free session for this.", "She gave a discount."],
    "own-side": ["My clients love it.", "We welcome you at our practice."],
}
LEFT_ALONE = [
    "They asked good questions, told me what they were going to do, and stopped when I asked.",
    "I never felt rushed. The room was warm and quiet.",
    "They came to my house with a folding couch, and took as long as it needed.",
    "I have gone there every month since 2019 and shall go on.",
    "Wren explained each step, and let me choose the music!",
    "Twenty minutes late once, and said sorry.",
]


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in FOUND.items() for text in texts])
@sqlite_only
def test_a_phrase_is_found_under_its_reason(session: Session, key: str, text: str) -> None:
    listing = PractitionerFactory.build(name="Wren Hallowby")
    assert key in {one.key for one in recommendations.hints(text, listing)}


@sqlite_only
def test_what_a_note_is_for_is_left_alone(session: Session) -> None:
    listing = PractitionerFactory.build(name="Wren Hallowby")
    found = {text: recommendations.hints(text, listing) for text in LEFT_ALONE}
    assert found == {text: [] for text in LEFT_ALONE}
    # A title before the practitioner's own name tells of nobody else.
    assert recommendations.hints("Ms Hallowby is never in a hurry.", listing) == []


@sqlite_only
@settings(max_examples=20)
@given(
    words=st.lists(
        st.sampled_from([text for texts in FOUND.values() for text in texts]) | st.text(max_size=40), max_size=6
    )
)
def test_hints_never_overlap_and_the_text_stays_whole(session: Session, words: list[str]) -> None:
    text = " ".join(words)[:600]
    found = recommendations.hints(text, PractitionerFactory.build(name="Wren Hallowby"))
    end = 0
    for one in found:
        assert one.start >= end
        assert one.phrase == text[one.start : one.end]
        assert one.reason.is_against
        end = one.end
    pieces = recommendations.in_pieces(text, found)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.hint for piece in pieces if piece.hint] == found
