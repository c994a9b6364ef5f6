"""A listing from its first word to its last, as three people: who writes it, who reads it, who looks for it.

Twice: with the mouse, and by keyboard alone in a browser without JavaScript. Mail goes through a real mail server.
"""

import base64
import hashlib
import hmac
import io
import json
import re
import struct
import zipfile

import pytest

from directory.db import transaction
from directory.lib import clock
from directory.models import Role
from directory.services import accounts
from tests.browser.towns import OpenTown, Person, Town, Way

WREN, ADA = "wren@example.org", "ada@example.org"


@pytest.fixture
def town(way: Way, open_town: OpenTown) -> Town:
    return open_town(way, "wren", "ada", "sam")


def found(town: Town, name: str) -> int:
    """How many people of this name Sam finds."""
    sam = town["sam"]
    sam.page.goto(f"/practitioners?q={name}")
    return sam.page.locator(".entry h3", has_text=name).count()


def test_a_practitioner_is_listed_changes_hides_and_leaves(town: Town) -> None:
    wren, ada, sam = town["wren"], town["ada"], town["sam"]
    sign_up(town)
    write(wren)
    wren.sees("The public sees nothing yet: it waits for us to look at it.")
    assert found(town, "Hallowby") == 0

    sit_at_the_desk(town)
    ada.press("Wren Hallowby", role="link")
    ada.sees("I cure migraine")
    decide(ada)
    # The very next search finds it: nothing has to come round first.
    assert found(town, "Hallowby") == 1
    assert town.letter(WREN, subject="public").startswith("/")
    sam.press("Wren Hallowby", role="link")
    profile = sam.page.url
    sam.sees("Says they are a member of the Shiatsu Society (UK). Not checked.")
    sam.sees("£55")

    change_a_price(wren)
    sam.page.goto(profile)
    sam.sees("£60")
    change_the_name(wren)
    wren.sees("what you changed waits for us to look at it")
    assert (found(town, "Hallowby"), found(town, "Marshwood")) == (1, 0)

    wren.page.goto("/member/listing")
    wren.press("Hide my listing now")
    assert found(town, "Hallowby") == 0
    answer = sam.page.goto(profile)
    assert answer is not None
    assert answer.status == 410
    wren.press("Show my listing again")
    assert found(town, "Hallowby") == 1

    take_everything(wren)
    leave(wren)
    assert found(town, "Hallowby") == 0
    wren.page.goto("/member/account")
    assert "/member/sign-in" in wren.page.url


def sign_up(town: Town) -> None:
    wren = town["wren"]
    wren.page.goto("/")
    wren.press("For practitioners", role="link")
    wren.press("Make a listing", role="link")
    wren.press("Send me the link")
    wren.is_told(
        "Type an e-mail address, like name@example.org",
        "Say that you are at least 18 years old",
        "Say that you agree to the terms and the rules for listings",
    )
    wren.write("Your e-mail address", WREN)
    wren.tick("I am at least 18 years old")
    wren.tick("I agree to the terms")
    wren.press("Send me the link")
    wren.sees(f"We have written to {WREN}")
    wren.page.goto(town.letter(WREN, subject="Confirm"))
    wren.press("Confirm my address and go on")
    wren.sees("You have not written a listing yet.")


def write(wren: Person) -> None:
    """Every step, with one mistake first wherever one can be made."""
    wren.press("Begin with step 1", role="link")
    wren.press("Save and go on")
    wren.is_told("Give your name")
    wren.write("Your name, as it is to be shown", "Wren Hallowby")
    wren.write("Another or former name", "Wren Fenwick")
    wren.choose("Who sees it", "Never shown: it only helps people find me")
    wren.press("Save and go on")

    wren.press("Save and go on")
    wren.is_told("Say what you do: choose at least one method, or write it below")
    wren.choose("Method", "Shiatsu")
    wren.press("Save and go on")

    wren.tick("General wellbeing")
    wren.press("Save and go on")

    wren.press("Save and go on")
    wren.is_told("Say where you work, or that you work online only")
    wren.write("Town or postcode", "BN1 4GH")
    wren.press("Save and go on")

    wren.press("Save and go on")
    wren.is_told("Choose at least one")
    wren.tick("At my place of work")
    wren.write("Minutes", "60")
    wren.write("Price", "55")
    wren.write("Languages in which you work", "English")
    wren.press("Save and go on")

    wren.press("Save and go on")
    wren.is_told("Choose yes or no")
    wren.tick("Yes")
    wren.choose("Which body?", "Shiatsu Society (UK)")
    wren.write("Grade or letters", "MRSS")
    wren.write("Membership number", "12345")
    for label, number in (("Day", "31"), ("Month", "2"), ("Year", "2027")):
        wren.write(label, number)
    wren.press("Save and go on")
    wren.is_told("31 February is not a date: look at the day and the month")
    wren.write("Month", "3")
    wren.press("Save and go on")

    wren.write("In your own words", "I cure migraine. I work slowly.")
    wren.press("Save and go on")
    wren.sees("This can be read as a promise that it works")
    wren.press("Save and go on")
    wren.press("Send it to be looked at")
    wren.is_told("Agree to this, or go back and change what is not so")
    wren.tick("What I wrote is true")
    wren.press("Send it to be looked at")


def sit_at_the_desk(town: Town) -> None:
    """Ada is invited as the first administrator, and needs a second factor before she sees anything."""
    ada = town["ada"]
    with town.site.app_context(), transaction():
        accounts.invite(ADA, Role.ADMINISTRATOR, by=None, at=clock.now())
    ada.page.goto(town.letter(ADA, subject="invited"))
    ada.press("Accept and go on")
    ada.sees("Your role needs a second factor before you see anything")
    ada.page.goto("/admin")
    ada.sees("Your role needs a second factor before you see anything")
    ada.press("Set up an app", role="link")
    ada.write("Code", code_now(ada.page.locator("code.key").inner_text()))
    ada.press("Set up the app")
    ada.page.goto("/admin")
    ada.tick("I agree to the terms")
    ada.press("Agree and go on")


def code_now(key: str) -> str:
    """What an app shows for a key (RFC 6238: SHA-1, six digits, thirty seconds)."""
    letters = re.sub(r"[^A-Z2-7]", "", key.upper())
    secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    digest = hmac.new(secret, struct.pack(">Q", int(clock.now().timestamp()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def decide(ada: Person) -> None:
    ada.tick("Publish")
    ada.press("Decide, and go on")
    ada.sees("Nothing waits")


def change_a_price(wren: Person) -> None:
    wren.page.goto("/member/listing")
    wren.press("Visits, prices and access", role="link")
    wren.write("Price", "60")
    wren.press("Save")


def change_the_name(wren: Person) -> None:
    wren.page.goto("/member/listing")
    wren.press("About you", role="link")
    wren.write("Your name, as it is to be shown", "Wren Marshwood")
    wren.press("Save")


def take_everything(wren: Person) -> None:
    wren.page.goto("/member/account/export")
    wren.look()
    button = wren.reach(wren.page.get_by_role("button", name="Take everything as a ZIP file"))
    with wren.page.expect_download() as download:
        button.click() if wren.way == "mouse" else wren.page.keyboard.press("Enter")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as packed:
        found = json.dumps(json.loads(packed.read("everything.json")))
    for said in (WREN, "Wren Fenwick", "I cure migraine", "12345"):
        assert said in found


def leave(wren: Person) -> None:
    wren.page.goto("/member/account/leaving")
    wren.press("Erase my account")
    wren.sees("Tick the box if you want to leave")
    wren.tick("Yes, erase my account")
    wren.press("Erase my account")
