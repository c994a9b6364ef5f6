"""axe finds nothing on the pages of one's own statements; and one is answered, corrected and taken back by hand."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from directory.app import create_app
from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, Claim, ListingState, Method, Role
from directory.services import claims
from tests import factories
from tests.browser.conftest import serving, watching
from tests.browser.test_member_pages import Site, look
from tests.conftest import make_settings
from tests.factories.listings import make_kept
from tests.members import begin


@pytest.fixture(scope="module")
def site(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("own-claims")
    shutil.copy(seeded_sqlite, folder / "directory.sqlite3")
    app = create_app(make_settings(folder, ""))
    with ExitStack() as end:
        with app.app_context(), transaction():
            token, claim_id = _wren()
        yield Site(app, end.enter_context(serving(app)), {"wren": token}, {"claim": f"/member/claims/{claim_id}"})


def _wren() -> tuple[str, int]:
    """Somebody who was not found on a register, and is asked something."""
    factories.bind(db.session)
    at = clock.now()
    wren: Account = factories.AccountFactory(email="wren@example.org")
    vera: Account = factories.AccountFactory(role=Role.VERIFIER)
    make_kept(wren, ListingState.PUBLISHED, by=factories.AccountFactory(role=Role.ADMINISTRATOR))
    claim = claims.get(db.session.scalars(select(Claim.id)).one())
    seen = claims.Finding(method=Method.PUBLIC_REGISTER, checked_on=at.date())
    claims.not_found(claim, seen, by=vera, at=at)
    claims.ask(claims.get(claim.id), "Under which name are you on the register?", by=vera, at=at)
    claims.add_evidence(claims.get(claim.id), "card.pdf", claims.read_evidence(b"%PDF-1.7\n%%EOF\n"), by=wren, at=at)
    return begin(wren), claim.id


@pytest.mark.parametrize(
    ("path", "button"),
    [("claim", None), ("claim", "Send it to the verifiers"), ("withdrawal", None), ("/member/listing", None),
     ("/member/listing/memberships", None)],
)  # fmt: skip
def test_axe_finds_nothing(chromium: Browser, site: Site, path: str, button: str | None) -> None:
    with watching(chromium, site.address) as window:
        site.sign_in(window.context, "wren")
        window.goto({"claim": site.links["claim"], "withdrawal": f"{site.links['claim']}/withdrawal"}.get(path, path))
        if button is not None:
            window.get_by_role("button", name=button, exact=True).click()
            window.locator(".errors").wait_for()
        look(window)


def test_a_statement_is_answered_corrected_and_taken_back(chromium: Browser, site: Site) -> None:
    with watching(chromium, site.address, java_script_enabled=False) as window:
        site.sign_in(window.context, "wren")
        window.goto("/member/listing")
        window.get_by_role("link", name="More, and what you can do").click()
        window.get_by_label("What you want to tell us").fill("As Wren Ashdown.")
        window.get_by_role("button", name="Send it to the verifiers").click()
        assert "As Wren Ashdown." in window.locator("main").inner_text()
        window.get_by_label("Membership number").fill("54321")
        window.get_by_role("button", name="Correct the number").click()
        assert window.get_by_label("Membership number").input_value() == "54321"
        window.get_by_role("link", name="Take this statement back").click()
        window.get_by_role("button", name="Take it back now").click()
        assert "Taken back on" in window.locator("main").inner_text()
