"""Somebody asks their friends; two of them answer without an account, with somebody who is listed and with a name that
is not; the asker reads both, and ends it.

Twice: with the mouse, and by keyboard alone in a browser without JavaScript. Mail goes through a real mail server.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.towns import OpenTown, Person, Town, Way, publish_wren
from tests.factories import AccountFactory

MAUD, SIGNED_IN = "maud@example.org", "maud.fairlie@example.org"
ASKED = "Do you know somebody good for my sore back in Leeds?"


@pytest.fixture
def town(way: Way, open_town: OpenTown) -> Town:
    """Maud has an account where there are scripts, and makes one on the way where there are none."""
    made = open_town(way, "maud", "ann", "ben", furnish=furnish)
    if way == "mouse":
        made.sign_in("maud", SIGNED_IN)
    return made


def furnish() -> dict[str, str]:
    AccountFactory(email=SIGNED_IN)
    return publish_wren()


def test_friends_answer_with_somebody_listed_and_with_a_name_that_is_not(town: Town) -> None:
    maud, ann, ben = town["maud"], town["ann"], town["ben"]
    arrive(town)
    ask(maud)
    address = maud.page.get_by_label("Its address").input_value()
    name_listed(ann, address)
    name_unlisted(ben, address)

    to = SIGNED_IN if maud.way == "mouse" else MAUD
    maud.page.goto(town.letter(to, "/member/questions/"))
    assert len([one for one in town.office.to(to) if "has an answer" in one["Subject"]]) == 1, "one for both answers"
    for words in ("She asked first", "Wren", "Jo Fenwick", "Leeds"):
        assert words not in town.office.to(to)[0].as_string()
    maud.sees("2 answers")
    maud.sees("She asked first, and listened.")
    maud.sees("Says they are a member of the Shiatsu Society (UK). Not checked.")
    maud.sees("Your friend did not find this person here.")
    pass_on = maud.page.get_by_label("Pass this on to Jo Fenwick").input_value()
    maud.examine()
    ben.page.goto(pass_on)
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Be found, and be believed")
    ben.page.goto(address)
    ben.press("Report this question", role="link")
    ben.examine()
    ben.press("Report it")
    ben.sees("It is reported.")
    finish(maud)
    ann.page.goto(address)
    expect(ann.page.get_by_role("heading", level=1)).to_have_text("This link works no more")
    ann.examine()


def arrive(town: Town) -> None:
    """To the form, for who has no account over one that is made on the way."""
    maud = town["maud"]
    maud.page.goto("/member/questions/new")
    if maud.way == "mouse":
        return
    maud.press("I am here for the first time", role="link")
    maud.write("Your e-mail address", MAUD)
    maud.tick("I am at least 18 years old")
    maud.tick("I agree to the terms")
    maud.press("Send me the link")
    maud.page.goto(town.letter(MAUD, "/member/sign-up/"))
    maud.press("Confirm my address and go on")
    expect(maud.page.get_by_role("heading", level=1)).to_have_text("Ask your friends")


def ask(maud: Person) -> None:
    maud.press("Get the link")
    maud.is_told(
        "Write your question", "Write your name", "Say that you agree, or leave this page: then nothing is kept"
    )
    maud.look()
    maud.write("Your question", ASKED)
    maud.write("Your name, as your friends know it", "Maud Fairlie")
    maud.tick("I agree that my question is kept")
    maud.press("Get the link")
    maud.sees("No answer yet")


def name_listed(ann: Person, address: str) -> None:
    """Found inside the page: by a suggestion where there are scripts, else by the search."""
    ann.page.goto(address)
    ann.sees(ASKED)
    ann.examine()
    if ann.way == "mouse":
        ann.page.get_by_label("Their name, or what they do").press_sequentially("hallow")
        ann.page.get_by_role("option").first.click()
        ann.page.wait_for_url("**/answers/new?**")
        expect(ann.page.get_by_label("Wren Hallowby")).to_be_checked()
        ann.page.context.clear_cookies()
        ann.page.goto(address)
    ann.write("Their name, or what they do", "Hallowby")
    ann.press("Look for them")
    expect(ann.page.get_by_label("Their name, or what they do")).to_have_value("Hallowby")
    assert not ann.page.context.cookies(), "reading a question sets a cookie"
    ann.examine()
    ann.press("Answer with this name (Wren Hallowby)", role="link")
    expect(ann.page.get_by_label("Wren Hallowby")).to_be_checked()
    ann.write("What should your friend know?", "She asked first, and listened.")
    ann.press("Send the answer")
    ann.is_told("Write your name")
    ann.examine()
    expect(ann.page.get_by_label("What should your friend know?")).to_have_value("She asked first, and listened.")
    ann.write("Your name, as your friend knows it", "Ann")
    ann.press("Send the answer")
    ann.sees("Thank you: Maud Fairlie can read it now")
    ann.examine()


def name_unlisted(ben: Person, address: str) -> None:
    ben.page.goto(address)
    ben.write("Their name, or what they do", "Jo Fenwick")
    ben.press("Look for them")
    ben.sees("Nobody like that is listed here.")
    ben.press("They are not listed here: write their name", role="link")
    expect(ben.page.get_by_label("Their name, if they are not listed here")).to_have_value("Jo Fenwick")
    ben.examine()
    ben.write("Look for somebody else, by name", "Wren")
    ben.press("Look for this name")
    expect(ben.page.get_by_label("Wren Hallowby")).not_to_be_checked()
    expect(ben.page.get_by_label("Their name, if they are not listed here")).to_have_value("Jo Fenwick")
    ben.write("Your name, as your friend knows it", "Ben")
    ben.press("Send the answer")
    ben.sees("Thank you: Maud Fairlie can read it now")


def finish(maud: Person) -> None:
    maud.press("Remove this answer (Ann)")
    maud.sees("One answer")
    maud.press("Send me no letters about it")
    maud.press("End the question")
    maud.sees("You ended it on")
    maud.press("All you asked", role="link")
    maud.sees("What is over")
    maud.look()
    maud.press(ASKED, role="link")
    maud.press("Remove the question with its answers", role="link")
    maud.look()
