"""Two people join circles in a browser, one sees what the other recommends, a stranger sees nothing, and one leaves."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from directory.app import create_app
from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, Audience, ListingState, Relation, Role
from directory.services import recommendations
from directory.services.recommendations import Given
from tests import factories
from tests.browser.conftest import serving, watching
from tests.browser.looks import look, open_by_key
from tests.browser.test_member_pages import Site
from tests.conftest import make_settings
from tests.factories import make_practitioner
from tests.factories.circles import make_acquainted, make_invitation
from tests.factories.listings import make_kept
from tests.members import begin

WORDS = "They asked first, and listened. I would go again."


@pytest.fixture(scope="module")
def site(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("circles")
    shutil.copy(seeded_sqlite, folder / "directory.sqlite3")
    app = create_app(make_settings(folder, ""))
    with ExitStack() as end:
        with app.app_context(), transaction():
            tokens, links = _people()
        yield Site(app, end.enter_context(serving(app)), tokens, links)


def _people() -> tuple[dict[str, str], dict[str, str]]:
    """Maud, who wrote a note for her circle, Wren, and Robin, who knows nobody of them; and pages with all on them."""
    factories.bind(db.session)
    at, tokens = clock.now(), {}
    people: dict[str, Account] = {}
    for who in ("maud", "wren", "robin", "ann", "bea"):
        people[who] = factories.AccountFactory(email=f"{who}@example.org")
        tokens[who] = begin(people[who])
    boss = factories.AccountFactory(role=Role.ADMINISTRATOR)
    listing = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=boss).practitioner
    make_practitioner(name="Robin Vale")
    given = Given(
        Audience.CIRCLE, Relation.CLIENT, was_treated=True, month=dt.date(2026, 10, 1), modality_id="shiatsu",
        reward=None, text=WORDS, name="Maud",
    )  # fmt: skip
    for who in ("maud", "bea"):
        recommendations.write(listing, given, by=people[who], network=None, at=at)
    known = make_acquainted(people["ann"], people["bea"], "Ann", "Bea")
    waiting, answered, theirs = (make_invitation(people[who], who.title()) for who in ("ann", "ann", "bea"))
    answered.answered_by_id, answered.answered_name, answered.answered_at = people["robin"].id, "Cleo", at
    theirs.answered_by_id, theirs.answered_name, theirs.answered_at = people["ann"].id, "Ann", at
    return tokens, {
        "profile": f"/practitioners/{listing.public_id}/{listing.slug}",
        "waiting": f"/member/circle/invitations/{waiting.public_id}",
        "answered": f"/member/circle/invitations/{answered.public_id}",
        "departure": f"/member/circle/people/{known.public_id}/departure",
        "invitation": f"/circle-invitations/{waiting.token}",
        "answer": f"/member/circle/answers/{waiting.token}",
    }


def said(window: Page) -> str:
    return window.locator("main").inner_text()


def test_two_join_one_sees_the_note_a_stranger_nothing_and_one_leaves(chromium: Browser, site: Site) -> None:
    with ExitStack() as end:
        maud, wren, robin, nobody = (
            end.enter_context(watching(chromium, site.address, java_script_enabled=False)) for _ in range(4)
        )
        for window, who in ((maud, "maud"), (wren, "wren"), (robin, "robin")):
            site.sign_in(window.context, who)
        profile = site.links["profile"]
        before = [nobody.request.get(path).text() for path in ("/practitioners", profile)]
        _join(maud, wren)

        wren.goto("/practitioners")
        assert wren.locator("p.circle").all_inner_texts() == ["Recommended by Maud, in your circle"]
        wren.get_by_label("Recommended in it").check()
        wren.get_by_role("button", name="Apply filters").click()
        assert wren.locator(".entry").count() == 1
        wren.locator(".entry h3 a").click()
        assert WORDS in said(wren)

        for window in (robin, nobody):
            for path in ("/practitioners", "/practitioners?circle=yes", profile):
                window.goto(path)
                assert WORDS not in window.content()
                assert "Maud" not in window.content()
                assert window.locator("p.circle").count() == 0
        assert [nobody.request.get(path).text() for path in ("/practitioners", profile)] == before
        assert not nobody.context.cookies()

        maud.goto("/member/circle")
        maud.get_by_role("link", name="Leave (Wren)").click()
        maud.get_by_role("button", name="Leave in silence").click()
        assert "Nobody yet." in said(maud)
        wren.reload()
        assert WORDS not in wren.content()
        wren.goto("/practitioners")
        assert wren.locator("p.circle").count() == 0
        wren.goto("/member/circle")
        assert "Nobody yet." in said(wren)


def _join(maud: Page, wren: Page) -> None:
    """Maud makes a link, Wren answers it, and Maud says that it was her."""
    maud.goto("/member/circle")
    maud.get_by_role("link", name="Invite somebody").click()
    maud.get_by_label("Your name, as they know you").fill("Maud")
    maud.get_by_label("Who it is for").fill("Wren")
    maud.get_by_role("button", name="Make the invitation").click()
    link = maud.get_by_label("The link").input_value()
    wren.goto(link[link.index("/circle-invitations/") :])
    assert "Maud asks to know you here" in said(wren)
    wren.get_by_role("link", name="Sign in, and answer").click()
    wren.get_by_label("Your name, as they know you").fill("Wren")
    wren.get_by_role("button", name="Yes, we know each other").click()
    assert "Maud has yet to say that it was you." in said(wren)
    maud.goto("/member/circle")
    maud.get_by_role("link", name="Wren answered the invitation for Wren").click()
    maud.get_by_role("button", name="Yes, it was them").click()
    assert "Wren" in said(maud)


def test_an_invitation_is_made_by_keyboard_alone(chromium: Browser, site: Site) -> None:
    with watching(chromium, site.address, java_script_enabled=False) as window:
        site.sign_in(window.context, "wren")
        window.goto("/member/circle/invitations/new")
        window.get_by_label("Your name, as they know you").focus()
        window.keyboard.press("Control+A")
        window.keyboard.type("Wren")
        window.keyboard.press("Tab")
        window.keyboard.type("Maud")
        open_by_key(window, "Enter")
        window.get_by_label("The link").wait_for()


def test_axe_finds_nothing(chromium: Browser, site: Site) -> None:
    with watching(chromium, site.address) as window:
        for path in ("invitation", "/circle-invitations/" + "x" * 43):
            window.goto(site.links.get(path, path))
            look(window)
        site.sign_in(window.context, "ann")
        own = ("/member/circle", "waiting", "answered", "departure", "/practitioners?circle=yes", "profile")
        for path in (*own, "/member/circle/invitations/new"):
            window.goto(site.links.get(path, path))
            look(window)
        window.get_by_label("Who it is for").fill("")
        window.get_by_role("button", name="Make the invitation").click()
        window.locator(".errors").wait_for()
        look(window, "an invitation for nobody")
    with watching(chromium, site.address) as window:
        site.sign_in(window.context, "wren")
        window.goto(site.links["answer"])
        look(window)
