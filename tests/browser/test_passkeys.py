"""Passkeys in a real browser: made with Chromium's own authenticator, and then enough to sign in."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from directory.app import create_app
from tests.browser.conftest import serving
from tests.conftest import command, make_settings


@pytest.fixture(scope="module")
def site(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A running site with nobody in it, and its folder. Passkeys need a name, so it is reached as localhost."""
    folder = tmp_path_factory.mktemp("passkeys")
    shutil.copy(seeded_sqlite, folder / "directory.sqlite3")
    app = create_app(make_settings(folder, ""))
    with serving(app, "localhost") as address:
        yield address, folder


@pytest.fixture
def window(chromium: Browser, site: tuple[str, Path]) -> Iterator[Page]:
    """A window whose browser holds passkeys, and which breaks no rule of a page."""
    with ExitStack() as end:
        context = chromium.new_context(base_url=site[0], reduced_motion="reduce")
        end.callback(context.close)
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        authenticator = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
        yield page
        assert not wrong


def invite(site: tuple[str, Path], email: str, role: str) -> str:
    """The path of an invitation."""
    done = command("accounts", "invite", email, "--role", role, folder=site[1])
    found = re.search(r"/member/invitation/[\w-]+", done.stdout)
    assert found, done.stderr
    return found.group()


def test_an_administrator_sets_up_a_passkey_first_and_then_signs_in_with_it_alone(
    window: Page, site: tuple[str, Path]
) -> None:
    window.goto(invite(site, "ada@example.org", "administrator"))
    window.get_by_role("button", name="Accept and go on").click()
    window.goto("/member/account")
    assert window.url.split("?")[0].endswith("/member/second-factors")
    window.get_by_label("Name of the passkey").fill("laptop")
    window.get_by_role("button", name="Add a passkey").click()
    window.wait_for_url("**/member/second-factors/recovery-codes")
    assert window.locator("main li code").count() == 10
    window.get_by_role("link", name="Go on to your account").click()
    window.get_by_label("I agree").check()
    window.get_by_role("button", name="Agree and go on").click()
    assert window.get_by_role("heading", level=1).inner_text() == "Your account"

    window.get_by_role("button", name="Sign out").click()
    window.goto("/member/account")
    window.get_by_role("button", name="Sign in with a passkey").click()
    window.wait_for_url("**/member/account")
    window.goto("/member/account/events")
    assert "Passkey added" in window.locator("main").inner_text()

    window.goto("/member/second-factors")
    window.get_by_role("button", name="Take “laptop” away").click()
    assert window.locator("h1").inner_text() == "Somebody changed this meanwhile"


def test_a_passkey_that_was_taken_away_signs_nobody_in(window: Page, site: tuple[str, Path]) -> None:
    window.goto(invite(site, "wren@example.org", "member"))
    window.get_by_role("button", name="Accept and go on").click()
    window.goto("/member/agreements")
    window.get_by_label("I agree").check()
    window.get_by_role("button", name="Agree and go on").click()
    window.goto("/member/second-factors")
    window.get_by_label("Name of the passkey").fill("phone")
    window.get_by_role("button", name="Add a passkey").click()
    window.wait_for_url("**/member/second-factors/recovery-codes")
    window.goto("/member/second-factors")
    window.get_by_role("button", name="Take “phone” away").click()
    window.get_by_text("The passkey is taken away").wait_for()
    window.get_by_role("button", name="Sign out").click()
    window.goto("/member/sign-in")
    window.get_by_role("button", name="Sign in with a passkey").click()
    window.get_by_text("That passkey is not known here").first.wait_for()
