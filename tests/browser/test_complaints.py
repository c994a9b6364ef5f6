"""Somebody objects to a note that everybody reads, and it is hidden, brought back, decided and appealed against.

A stranger without an account, the writer and two moderators, with the mouse and by keyboard alone without JavaScript;
the clock is moved, and the job runs. Mail goes through a real mail server.
"""

import datetime as dt

import pytest
import time_machine
from playwright.sync_api import expect
from sqlalchemy import select

from directory.db import db
from directory.jobs import clock as jobs_clock
from directory.models import Audience, Practitioner, RecommendationState, Role
from tests import factories, mail
from tests.browser.towns import START, OpenTown, Town, Way, publish_wren
from tests.factories.recommendations import make_recommendation

MAUD, WREN, BOSS, OTHER, SAM = (f"{name}@example.org" for name in ("maud", "wren", "boss", "other", "sam"))
SAID = "They asked good questions. The room is above a bakery."


@pytest.fixture
def town(way: Way, time: time_machine.Traveller, open_town: OpenTown) -> Town:
    return open_town(way, "maud", "boss", "other", "sam", furnish=furnish)


def furnish() -> dict[str, str]:
    """A note on the profile of Wren, and two who decide."""
    paths = publish_wren(WREN, BOSS)
    factories.AccountFactory(role=Role.ADMINISTRATOR, email=OTHER)
    listed = db.session.scalars(select(Practitioner).where(Practitioner.public_id == paths["listing"])).one()
    maud = factories.AccountFactory(email=MAUD)
    make_recommendation(listed, maud, Audience.PUBLIC, state=RecommendationState.SHOWN, text=SAID)
    return paths


def come(town: Town, time: time_machine.Traveller, hours: float) -> None:
    """So many hours after the beginning, the clock's job has run and the post has gone round."""
    time.move_to(START + dt.timedelta(hours=hours))
    with town.site.app_context():
        jobs_clock.tend_complaints()
    mail.deliver(town.site, town.office.way)


def test_a_note_is_hidden_at_49_hours_restored_by_its_writers_answer_decided_and_appealed(
    town: Town, time: time_machine.Traveller
) -> None:
    objects(town, "States a fact that is wrong")
    assert SAID in on_the_profile(town)
    come(town, time, 47)
    assert SAID in on_the_profile(town)
    come(town, time, 49)
    assert SAID not in on_the_profile(town)
    assert "A note is hidden until we have decided" in town.subjects(SAM)
    assert "A note about you is hidden" in town.subjects(WREN)

    answers(town)
    assert SAID in on_the_profile(town)
    assert "A note about you is shown again" in town.subjects(WREN)
    follows(town, "The note was shown again, because its writer answered")

    decides(town, "boss", "The note is hidden: the objection is right", "States a fact that is wrong")
    assert SAID not in on_the_profile(town)
    follows(town, "It states something as a fact that was shown to be wrong.")
    appeals(town)
    town["boss"].page.goto("/admin/complaints")
    town["boss"].press("Wren Hallowby", role="link")
    town["boss"].sees("Another administrator decides about it.")
    decides(town, "other", "The note is shown: nothing stands against it", "An honest view of what the writer met with")
    assert SAID in on_the_profile(town)
    follows(town, "We decided again, for good")
    town["sam"].sees("It has ended.")
    report(town)


@pytest.mark.parametrize("way", ["mouse"])
def test_an_objection_about_safety_hides_a_note_at_once(town: Town) -> None:
    objects(town, "Could put somebody in danger")
    assert SAID not in on_the_profile(town)
    town["sam"].page.goto(town.letter(SAM, "/complaints/cases/"))
    town["sam"].sees("The note was hidden at once, before anybody looked")
    decides(town, "boss", "The note is shown: nothing stands against it", "It keeps to what is published here")
    assert SAID in on_the_profile(town)
    follows(town, "Have somebody else decide again")


def on_the_profile(town: Town) -> str:
    town["sam"].page.goto(town.paths["profile"])
    return town["sam"].page.locator("main").inner_text()


def objects(town: Town, ground: str) -> None:
    """Without an account."""
    sam = town["sam"]
    sam.page.goto(town.paths["profile"])
    sam.press("Object to this note (Maud, October\u00a02026)", role="link")
    expect(sam.page.get_by_role("heading", level=1)).to_have_text("Object to a note about Wren Hallowby")
    sam.examine()
    sam.press("Send the objection")
    sam.is_told("Choose what is wrong with the note", "Say in a few words what is wrong")
    sam.examine()
    sam.tick(ground)
    sam.write("Which words, and what shows that they are wrong?", "There is no bakery in that street.")
    sam.write("Your e-mail address, if you want to follow it", SAM)
    sam.press("Send the objection")
    expect(sam.page.get_by_role("heading", level=1)).to_have_text("We have your objection")
    sam.page.goto(town.letter(SAM, "/complaints/cases/"))
    sam.sees("Somebody objected to the note")
    sam.examine()


def answers(town: Town) -> None:
    maud = town["maud"]
    town.sign_in("maud", MAUD)
    maud.page.goto("/member/recommendations")
    maud.press("Objections to your notes", role="link")
    maud.sees("You can answer until")
    maud.page.goto(town.letter(MAUD, "/member/complaints/"))
    maud.sees("There is no bakery in that street.")
    maud.press("Send the answer")
    maud.is_told("Write your answer")
    maud.look()
    maud.write("Your answer", "There was one until last spring.")
    maud.press("Send the answer")
    maud.sees("The note is shown now.")
    assert SAM not in maud.page.content()


def follows(town: Town, words: str) -> None:
    town["sam"].page.goto(town.letter(SAM, "/complaints/cases/"))
    town["sam"].sees(words)
    assert "last spring" not in town["sam"].page.content()
    town["sam"].examine()


def decides(town: Town, who: str, choice: str, reason: str) -> None:
    boss = town[who]
    town.sign_in(who, f"{who}@example.org")
    boss.page.goto("/admin/complaints")
    boss.examine()
    boss.press("Wren Hallowby", role="link")
    boss.examine()
    boss.press("Decide, and go on")
    expect(boss.page.locator(".errors")).to_be_visible()
    boss.tick(choice)
    boss.choose("Why", reason)
    boss.press("Decide, and go on")
    boss.sees("Nothing waits.")


def appeals(town: Town) -> None:
    maud = town["maud"]
    maud.page.goto(town.letter(MAUD, "/member/complaints/"))
    maud.write("Why should somebody else decide again?", "The sign is still there.")
    maud.press("Appeal")
    maud.sees("Appealed against, waits to be decided again.")
    maud.look()


def report(town: Town) -> None:
    """What happened is counted, for everybody."""
    sam = town["sam"]
    sam.page.goto("/how-recommendations-work")
    sam.press("What came of objections, in figures", role="link")
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in sam.page.locator("tbody tr").all()
    }
    for words in (
        "Objections made",
        "We had not decided in 48 hours, so the note was hidden",
        "The answer brought the note back",
        "Decided: the note is hidden",
        "Appeals decided",
        "Of these, decided otherwise than the first time",
    ):
        assert rows[words] == ["1", "1"], words
    assert rows["States a fact that is wrong"] == ["1"]
    sam.examine()
