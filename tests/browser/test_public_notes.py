"""A note for everybody, from its first word to the reply below it, as four people in a browser.

Maud writes, a moderator decides with the keyboard, Wren replies, and a stranger reads the profile. Twice: with the
mouse and the single keys of the desk, and by keyboard alone in a browser without JavaScript.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import open_by_key
from tests.browser.towns import OpenTown, Town, Way, publish_wren
from tests.factories.accounts import AccountFactory

MAUD, WREN, BOSS = "maud@example.org", "wren@example.org", "boss@example.org"
SAID = "They asked good questions, and stopped when I asked. I never felt rushed."
MONTH = "October\u00a02025"


@pytest.fixture
def town(way: Way, open_town: OpenTown) -> Town:
    made = open_town(way, "maud", "boss", "wren", "sam", furnish=furnish)
    for name, email in (("maud", MAUD), ("boss", BOSS), ("wren", WREN)):
        made.sign_in(name, email)
    return made


def furnish() -> dict[str, str]:
    AccountFactory(email=MAUD)
    return publish_wren(WREN, BOSS)


def test_a_note_for_everybody_is_written_moderated_answered_and_read(town: Town) -> None:
    write(town)
    reads(town, None)

    decide(town, "Wren Hallowby", "Show it as it is", "p")
    reads(town, SAID)
    assert "Your note about Wren Hallowby is shown" in town.subjects(MAUD)
    assert "Somebody has written a note about you" in town.subjects(WREN)

    reply(town, "I hope that your migraine is better.")
    refuse(town, "Names an illness that somebody has")
    assert "Your reply is not shown" in town.subjects(WREN)
    town["wren"].page.goto("/member/replies")
    town["wren"].sees("It names an illness. That is private, even if it is your own.")
    assert "migraine" not in stranger(town)

    reply(town, "Thank you. Come again.", again=True)
    assert "Thank you." not in stranger(town)
    decide(town, "Wren Hallowby", "Show it as it is", "p")
    assert "Wren Hallowby replied: Thank you. Come again." in stranger(town)
    assert "Wren Hallowby replied to your note" in town.subjects(MAUD)
    town["sam"].examine()
    assert not town["sam"].page.context.cookies(), "reading a profile sets a cookie"


def write(town: Town) -> None:
    maud = town["maud"]
    maud.page.goto(f"/member/recommendations/new?practitioner={town.paths['listing']}")
    maud.tick("Everybody")
    maud.tick("Client")
    maud.tick("Yes")
    maud.choose("Month", "October")
    maud.write("Year", "2025")
    maud.write("Your note", SAID)
    maud.tick("No, nothing")
    maud.write("Your name, as your friends know it", "Maud Fairlie")
    maud.tick("Initials")
    maud.tick("It is from what I know myself.")
    maud.press("Read it over")
    maud.press("Send it to be read")
    maud.sees("For everybody: it waits to be read by us.")


def decide(town: Town, name: str, choice: str, key: str) -> None:
    """What waits first is decided with the keyboard: by single keys, or by Tab and arrows without scripts."""
    boss = town["boss"]
    boss.page.goto("/admin/recommendations")
    boss.examine()
    boss.press("Begin with the oldest", role="link")
    expect(boss.page.get_by_role("heading", level=1)).to_contain_text(name)
    # The moderator signs in from where all of them do.
    boss.examine()
    expect(boss.page.locator("input[type=radio]:checked")).to_have_count(0)
    if boss.way == "mouse":
        boss.page.keyboard.press(key)
        expect(boss.page.get_by_label(choice)).to_be_focused()
        open_by_key(boss.page, "Enter")
    else:
        boss.tick(choice)
        boss.press("Decide, and go on")
    expect(boss.page.get_by_role("heading", level=1)).to_have_text("Notes for everybody")
    expect(boss.page.get_by_role("status")).to_contain_text("everybody can read it now.")


def refuse(town: Town, reason: str) -> None:
    boss = town["boss"]
    boss.page.goto("/admin/recommendations")
    boss.press("Begin with the oldest", role="link")
    expect(boss.page.locator("blockquote mark").first).to_have_text("migraine")
    if boss.way == "mouse":
        boss.page.keyboard.press("r")
        why = boss.page.get_by_label("Why", exact=True)
        expect(why).to_be_focused()
        open_by_key(boss.page, "Control+Enter")
        expect(boss.page.get_by_role("alert")).to_contain_text("Choose the reason that fits best")
        boss.examine()
        boss.page.keyboard.press("r")
        expect(why).to_be_focused()
        # In the list of reasons, keys are letters.
        boss.page.keyboard.type("Names")
        assert why.locator("option:checked").inner_text() == reason
        open_by_key(boss.page, "Control+Enter")
    else:
        boss.press(f"Choose this reason ({reason})", role="link")
        boss.tick("Do not show it")
        boss.press("Decide, and go on")
    expect(boss.page.get_by_role("status")).to_contain_text("not shown, and its author was told why.")


def reply(town: Town, text: str, *, again: bool = False) -> None:
    wren = town["wren"]
    wren.page.goto("/member/replies")
    wren.examine()
    by = f"to M. F., {MONTH}"
    wren.press(f"{'Write it anew' if again else 'Reply, once'} ({by})", role="link")
    if not again:
        wren.press("Send it to be read")
        wren.is_told("Write your reply")
        wren.look()
    wren.write("Your reply", text)
    wren.press("Send it to be read")
    wren.sees("Your reply, which waits to be read by us")


def reads(town: Town, text: str | None) -> None:
    """What a stranger finds on the profile."""
    found = stranger(town)
    if text is None:
        assert "What people say" not in found
    else:
        assert f"“{text}”" in found
        assert "M. F. A client, was treated by them; October 2025." in found
        assert "Had no reward for it." in found
        assert "read by a moderator before it was shown" in found
        assert "Maud" not in found


def stranger(town: Town) -> str:
    town["sam"].page.goto(town.paths["profile"])
    return " ".join(town["sam"].page.locator("main").inner_text().replace("\u00a0", " ").split())
