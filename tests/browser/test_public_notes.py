"""A note for everybody, from its first word to the reply below it, as four people in a browser.

Maud writes, a moderator decides with the keyboard, Wren replies, and a stranger reads the profile. Twice: with the
mouse and the single keys of the desk, and by keyboard alone in a browser without JavaScript.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from directory.app import create_app
from directory.db import db, transaction
from directory.models import ListingState, Practitioner, Role
from tests import factories, mail
from tests.browser.conftest import serving, watching
from tests.browser.looks import open_by_key
from tests.browser.test_keeping_a_listing import Person, Way
from tests.conftest import make_settings
from tests.factories.listings import make_kept
from tests.members import begin, cookie

MAUD, WREN, BOSS = "maud@example.org", "wren@example.org", "boss@example.org"
SAID = "They asked good questions, and stopped when I asked. I never felt rushed."
MONTH = "October\u00a02025"


@dataclass
class Town:
    """A running site with one listing, its post office, and four people with a browser each."""

    site: Flask
    office: mail.PostOffice
    profile: str
    public_id: str
    maud: Person
    boss: Person
    wren: Person
    sam: Person

    def subjects(self, to: str) -> list[str]:
        """What the newest letters to somebody are called, once the post has gone round."""
        mail.deliver(self.site, self.office.way)
        return [one["Subject"] for one in self.office.to(to)]


@pytest.fixture(params=["mouse", "keyboard"])
def town(
    request: pytest.FixtureRequest, chromium: Browser, seeded_sqlite: Path, post_office: mail.PostOffice, tmp_path: Path
) -> Iterator[Town]:
    shutil.copy(seeded_sqlite, tmp_path / "directory.sqlite3")
    site = create_app(make_settings(tmp_path, ""))
    cookies = {}
    with site.app_context(), transaction():
        factories.bind(db.session)
        boss = factories.AccountFactory(role=Role.ADMINISTRATOR, email=BOSS)
        wren, maud = (factories.AccountFactory(email=email) for email in (WREN, MAUD))
        kept = make_kept(wren, ListingState.PUBLISHED, by=boss)
        listed = db.session.get_one(Practitioner, kept.practitioner_id)
        public_id, profile = listed.public_id, f"/practitioners/{listed.public_id}/{listed.slug}"
        cookies = {account.email: cookie(site, begin(account)) for account in (boss, wren, maud)}
    way: Way = request.param
    with ExitStack() as end:
        address = end.enter_context(serving(site))
        people = []
        for email in (MAUD, BOSS, WREN, None):
            page = end.enter_context(watching(chromium, address, java_script_enabled=way == "mouse"))
            if email is not None:
                page.context.add_cookies([{"name": "session", "value": cookies[email], "url": address}])
            people.append(Person(page, way))
        yield Town(site, post_office, profile, public_id, *people)


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
    town.wren.page.goto("/member/replies")
    town.wren.sees("It names an illness. That is private, even if it is your own.")
    assert "migraine" not in stranger(town)

    reply(town, "Thank you. Come again.", again=True)
    assert "Thank you." not in stranger(town)
    decide(town, "Wren Hallowby", "Show it as it is", "p")
    assert "Wren Hallowby replied: Thank you. Come again." in stranger(town)
    assert "Wren Hallowby replied to your note" in town.subjects(MAUD)
    town.sam.examine()
    assert not town.sam.page.context.cookies(), "reading a profile sets a cookie"


def write(town: Town) -> None:
    maud = town.maud
    maud.page.goto(f"/member/recommendations/new?practitioner={town.public_id}")
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
    boss = town.boss
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
    boss = town.boss
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
    wren = town.wren
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
    town.sam.page.goto(town.profile)
    return " ".join(town.sam.page.locator("main").inner_text().replace("\u00a0", " ").split())
