"""A friend writes a private note; whoever gets the link reads it on another device, without an account.

Twice: with the mouse, and by keyboard alone in a browser without JavaScript. Mail goes through a real mail server.
"""

import pytest
from playwright.sync_api import expect

from tests import mail
from tests.browser.towns import OpenTown, Person, Town, Way, publish_wren

MAUD, ANN = "maud@example.org", "ann@example.org"


@pytest.fixture
def town(way: Way, open_town: OpenTown) -> Town:
    return open_town(way, "maud", "ann", furnish=publish_wren)


def test_a_friend_writes_a_note_and_the_link_opens_on_another_device(town: Town) -> None:
    maud, ann = town["maud"], town["ann"]
    arrive(town)
    write(maud)
    address = maud.page.get_by_label("Its address").first.input_value()

    ann.page.goto(address)
    expect(ann.page.get_by_role("heading", level=1)).to_have_text("A note for you about Wren Hallowby")
    ann.sees("They asked first, and listened.")
    ann.sees("Says they are a member of the Shiatsu Society (UK). Not checked.")
    assert not ann.page.context.cookies(), "reading a note sets a cookie"
    ann.examine()
    maud.page.reload()
    maud.sees("Opened once.")

    copy(maud)
    maud.press("Send it by mail, print it, or show it as a code (1)", role="link")
    maud.write("Their e-mail address", ANN)
    maud.press("Send the link")
    maud.sees("You had us send it on")
    ann.page.goto(town.letter(ANN, "/notes/"))
    ann.sees("From Maud Fairlie.")
    ann.page.goto(mail.link_in(town.office.to(ANN)[0], "/mail-stop/"))
    ann.examine()
    ann.press("Send me no such mail any more")
    expect(ann.page.get_by_role("heading", level=1)).to_have_text("No such mail comes to you any more")
    ann.examine()

    maud.press("End this link")
    maud.sees("Links that work no more")
    ann.page.goto(address)
    expect(ann.page.get_by_role("heading", level=1)).to_have_text("This link works no more")
    remove(maud)


def arrive(town: Town) -> None:
    """From the profile to the form, over an account that is made on the way."""
    maud = town["maud"]
    maud.page.goto(town.paths["profile"])
    maud.press("Recommend to a friend", role="link")
    maud.press("I am here for the first time", role="link")
    maud.write("Your e-mail address", MAUD)
    maud.tick("I am at least 18 years old")
    maud.tick("I agree to the terms")
    maud.press("Send me the link")
    maud.page.goto(town.letter(MAUD, "/member/sign-up/"))
    maud.press("Confirm my address and go on")
    expect(maud.page.get_by_role("heading", level=1)).to_have_text("A note about Wren Hallowby")


def write(maud: Person) -> None:
    maud.press("Read it over")
    maud.is_told(
        "Choose what you are to this practitioner",
        "Say whether they have treated you",
        "Choose the month",
        "Write your note",
        "Say whether you get anything for it",
        "Write your name",
        "Say that you agree, or leave this page: then nothing is kept",
    )
    maud.look()
    maud.tick("Client")
    maud.tick("Yes")
    maud.choose("Month", "October")
    maud.write("Year", "2025")
    maud.write("Your note", "They asked first, and listened.")
    maud.tick("No, nothing")
    maud.write("Your name, as your friends know it", "Maud Fairlie")
    maud.tick("It is from what I know myself.")
    maud.press("Read it over")
    maud.sees("They asked first, and listened.")
    maud.press("Keep it, and get the link")
    maud.sees("Not opened yet.")


def copy(maud: Person) -> None:
    """A button copies the address, where there are scripts; else it can be copied by hand."""
    button = maud.page.get_by_role("button", name="Copy it")
    if maud.way == "keyboard":
        assert button.count() == 0
        return
    maud.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button.click()
    expect(maud.page.get_by_text("Copied.")).to_be_visible()
    assert "/notes/" in maud.page.evaluate("navigator.clipboard.readText()")


def remove(maud: Person) -> None:
    maud.press("Your notes", role="link")
    maud.press("Remove it (Wren Hallowby)", role="link")
    maud.press("Remove it now")
    maud.sees("You have not written any.")
    maud.look()
