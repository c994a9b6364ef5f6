"""A town for a story: a running site, its post office, and people with a window each."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from directory.db import transaction
from directory.models import ListingState, Role
from directory.services import accounts
from tests import mail
from tests.browser.looks import look, open_by_key
from tests.factories.accounts import AccountFactory
from tests.factories.listings import make_kept
from tests.members import begin, cookie

Way = Literal["mouse", "keyboard"]
# Where a story begins whose clock is moved.
START = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)
MOST_STOPS = 250
# The way in, looked at in test_member_pages.py.
WAY_IN = ("/member/sign-up", "/member/invitation/")


@dataclass
class Person:
    """Somebody with a browser, who uses it in one way."""

    page: Page
    way: Way
    looked_at: set[tuple[object, ...]] = field(default_factory=set)
    # Whether another story looks at the pages on which this one writes.
    is_seen_elsewhere: bool = False

    def look(self) -> None:
        """Once at each page that somebody writes on, and once more where mistakes are told. It takes scripts."""
        path = urlsplit(self.page.url).path
        if self.is_seen_elsewhere or not path.startswith("/member") or path.startswith(WAY_IN):
            return
        self._look_once((path, self.page.locator(".errors").count() > 0))

    def examine(self) -> None:
        """The same at any page, and anew where its heading, its mistakes or its forms are others."""
        page = self.page
        others = (page.locator(name).count() for name in (".errors", "form", "main section"))
        self._look_once((page.url, page.locator("h1").inner_text(), *others))

    def _look_once(self, seen: tuple[object, ...]) -> None:
        if self.way == "mouse" and seen not in self.looked_at:
            self.looked_at.add(seen)
            look(self.page)
            self.page.emulate_media(color_scheme="light")
            self.page.set_viewport_size({"width": 1280, "height": 720})

    def reach(self, what: Locator) -> Locator:
        """Get to a control as this person does."""
        if self.way == "keyboard":
            handle = what.element_handle()
            for _ in range(MOST_STOPS):
                if handle.evaluate("control => control === document.activeElement"):
                    return what
                self.page.keyboard.press("Tab")
            raise AssertionError(f"the keyboard does not reach {what}")
        return what

    def press(self, words: str, *, role: Literal["button", "link"] = "button") -> None:
        self.look()
        # Of two of one name the last: the first is the one that the Enter key presses.
        found = self.page.get_by_role(role, name=words, exact=True).last
        if self.way == "mouse":
            found.click()
        else:
            self.reach(found)
            open_by_key(self.page, "Enter")

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True).first
        if self.way == "mouse":
            field.fill(text)
        else:
            self.reach(field)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        box = self.page.get_by_label(label).first
        if self.way == "mouse":
            box.check()
            return
        if box.get_attribute("type") == "radio":
            self.reach_radio(box)
        else:
            self.reach(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")

    def reach_radio(self, box: Locator) -> None:
        """A group is one stop for the Tab key; within it one goes with the arrows."""
        name = box.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{name}']")
        for _ in range(MOST_STOPS):
            if self.page.evaluate("document.activeElement.name") == name:
                break
            self.page.keyboard.press("Tab")
        for _ in range(group.count()):
            if box.evaluate("control => control === document.activeElement"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not reach {box}")

    def choose(self, label: str, option: str) -> None:
        field = self.page.get_by_label(label, exact=True).first
        if self.way == "mouse":
            field.select_option(label=option)
        else:
            self.reach(field)
            self.page.keyboard.type(option)
            assert field.locator("option:checked").inner_text() == option

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def is_told(self, *mistakes: str) -> None:
        """The summary of mistakes says these, and each leads to its field."""
        summary = self.page.locator(".errors li a")
        expect(summary).to_have_text(list(mistakes))
        for link in summary.all():
            target = (link.get_attribute("href") or "").removeprefix("#")
            assert self.page.locator(f"[id='{target}']").count() == 1
        assert self.page.title().startswith("Mistake:") or "sign-up" in self.page.url


@dataclass
class Town:
    """A running site, its post office, people by name, and paths of pages by what they are."""

    site: Flask
    address: str
    office: mail.PostOffice
    people: dict[str, Person]
    paths: dict[str, str]

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def letter(self, to: str, containing: str = "", subject: str = "") -> str:
        """Where a link in the newest letter of a subject leads, once the post has gone round."""
        mail.deliver(self.site, self.office.way)
        found = next(one for one in self.office.to(to) if subject in one["Subject"])
        return mail.link_in(found, containing)

    def subjects(self, to: str) -> list[str]:
        """What the letters to somebody are called, the newest first, once the post has gone round."""
        mail.deliver(self.site, self.office.way)
        return [one["Subject"] for one in self.office.to(to)]

    def sign_in(self, name: str, email: str) -> None:
        """With both factors, and anew each time: those who decide are not signed in for days."""
        with self.site.app_context(), transaction():
            account = accounts.find(email)
            assert account is not None
            value = cookie(self.site, begin(account, second_factor=True))
        self[name].page.context.add_cookies([{"name": "session", "value": value, "url": self.address}])


class OpenTown(Protocol):
    """What the fixture `open_town` is."""

    def __call__(self, way: Way, *names: str, furnish: Callable[[], dict[str, str]] = dict) -> Town: ...


def publish_wren(wren: str = "wren@example.org", boss: str = "boss@example.org") -> dict[str, str]:
    """Somebody with a public listing, and who decided that; where it is."""
    administrator = AccountFactory(role=Role.ADMINISTRATOR, email=boss)
    listed = make_kept(AccountFactory(email=wren), ListingState.PUBLISHED, by=administrator).practitioner
    return {"profile": f"/practitioners/{listed.public_id}/{listed.slug}", "listing": listed.public_id}
