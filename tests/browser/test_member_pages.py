"""axe finds nothing on the pages that lead in, on those of an account, and on what they say when something is wrong."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from directory.app import create_app
from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, LinkKind, Role, SignIn, WebAuthn
from directory.services import accounts, agreements, links, passwords, second_factors, sign_ins
from tests.browser.conftest import serving, watching
from tests.browser.looks import look
from tests.conftest import make_settings
from tests.members import cookie

PASSWORD = "meadow lantern quiet river"


@dataclass
class Site:
    """A running site, and who is in it, by the name of the state they are in."""

    app: Flask
    address: str
    tokens: dict[str, str]
    links: dict[str, str]

    def sign_in(self, context: BrowserContext, who: str) -> None:
        value = cookie(self.app, self.tokens[who])
        context.add_cookies([{"name": "session", "value": value, "url": self.address}])


@pytest.fixture(scope="module")
def site(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("members")
    shutil.copy(seeded_sqlite, folder / "directory.sqlite3")
    app = create_app(make_settings(folder, ""))
    with ExitStack() as end:
        with app.app_context(), transaction():
            tokens, paths = _people(), _links()
        yield Site(app, end.enter_context(serving(app)), tokens, paths)


def _people() -> dict[str, str]:
    at = clock.now()
    tokens = {}
    for who in ("member", "half-way", "unready", "stranger"):
        role = Role.ADMINISTRATOR if who == "unready" else Role.MEMBER
        account = accounts._make(f"{who}@example.org", role, at=at)
        if who != "stranger":
            agreements.agree(account, network=None, at=at)
        account.password = passwords.hashed(PASSWORD)
        if who in {"member", "half-way"}:
            _second_factors(account)
        tokens[who], row = sign_ins.begin(
            account, method="password", had_second_factor=who == "member", network="127.0.0.0/24",
            device="Firefox on Linux", at=at,
        )  # fmt: skip
        db.session.flush()
        accounts.note_sign_in(account, row, at=at)
        db.session.add(
            SignIn(
                account_id=account.id, token_hash=who, method="link", had_second_factor=True, created_at=at,
                seen_at=at, proved_at=at, network="2001:db8:1234::/56", device="Chrome on Android",
            )
        )  # fmt: skip
    return tokens


def _second_factors(account: Account) -> None:
    at = clock.now()
    account.tf_primary_method, account.tf_totp_secret = second_factors.APP, second_factors.new_app_secret()
    second_factors.new_recovery_codes(account)
    db.session.add(
        WebAuthn(
            user=account, credential_id=account.email.encode(), public_key=b"x", sign_count=0, backup_state=False,
            device_type="single_device", create_datetime=at, lastuse_datetime=at, name="phone", usage="first",
        )
    )  # fmt: skip


def _links() -> dict[str, str]:
    at = clock.now()
    account = accounts.find("member@example.org")
    assert account is not None
    made = {
        kind: links.make(kind, email=account.email, account_id=account.id, at=at)[0]
        for kind in (LinkKind.SIGN_IN, LinkKind.NEW_PASSWORD, LinkKind.NEW_ADDRESS, LinkKind.SIGN_UP)
    }
    return {
        "sign-in": f"/member/sign-in/{made[LinkKind.SIGN_IN]}",
        "sign-up": f"/member/sign-up/{made[LinkKind.SIGN_UP]}",
        "new-password": f"/member/new-password/{made[LinkKind.NEW_PASSWORD]}",
        "new-address": f"/member/new-address/{made[LinkKind.NEW_ADDRESS]}",
        "invitation": accounts.invite("new@example.org", Role.ADMINISTRATOR, by=None, at=at),
    }


# Who opens it (nobody: not signed in), which address, and which button is pressed with nothing typed.
PAGES = (
    ("nobody", "/member/sign-in", None),
    ("nobody", "/member/sign-in", "Sign in"),
    ("nobody", "/member/sign-up", None),
    ("nobody", "/member/sign-up", "Send me the link"),
    ("nobody", "/member/new-password", None),
    ("nobody", "/member/new-password", "Send me a link to choose a new one"),
    ("nobody", "/member/mail-sent", None),
    ("nobody", "link:sign-in", None),
    ("nobody", "link:sign-up", None),
    ("nobody", "link:new-password", "Set the password and sign in"),
    ("nobody", "link:new-address", None),
    ("nobody", "link:invitation", None),
    ("half-way", "/member/second-factor", None),
    ("half-way", "/member/second-factor", "Go on"),
    ("stranger", "/member/account", None),
    ("stranger", "/member/account", "Agree and go on"),
    ("unready", "/member/account", None),
    ("unready", "/member/second-factors/app", "Set up the app"),
    ("member", "/member/account", None),
    ("member", "/member/account/address", "Send the link"),
    ("member", "/member/account/password", None),
    ("member", "/member/account/password", "Set the password"),
    ("member", "/member/account/sessions", None),
    ("member", "/member/account/events", None),
    ("member", "/member/second-factors", None),
    ("member", "/member/second-factors/recovery-codes", None),
    ("member", "/member/proof", None),
)


@pytest.mark.parametrize(("who", "address", "button"), PAGES)
def test_axe_finds_nothing(chromium: Browser, site: Site, who: str, address: str, button: str | None) -> None:
    with watching(chromium, site.address) as window:
        if who != "nobody":
            site.sign_in(window.context, who)
        window.goto(site.links[address.removeprefix("link:")] if address.startswith("link:") else address)
        if button is not None:
            window.get_by_role("button", name=button, exact=True).first.click()
            window.locator(".errors").wait_for()
        look(window)


def test_axe_finds_nothing_on_a_form_whose_session_ended(chromium: Browser, site: Site) -> None:
    with watching(chromium, site.address) as window:
        site.sign_in(window.context, "stranger")
        window.goto("/member/agreements")
        window.get_by_label("I agree").check()
        cookies = window.context.cookies()
        window.context.clear_cookies()
        window.get_by_role("button", name="Agree and go on").click()
        assert "what you typed is kept" in window.locator("h1").inner_text()
        look(window)
        window.context.clear_cookies()
        window.context.add_cookies(cookies)  # type: ignore[arg-type]  the same, as they came
        window.get_by_role("button", name="Send it again").click()
        assert "Send what you typed" in window.locator("h1").inner_text()
        look(window)
