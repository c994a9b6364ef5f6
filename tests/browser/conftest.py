"""A real Chromium and a real server, for what a person would click."""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright
from waitress import create_server, wasyncore

from directory.app import create_app
from directory.db import db, transaction
from tests import factories, mail, sites
from tests.browser.towns import START, OpenTown, Person, Town, Way
from tests.conftest import Inhabited, make_settings

ON_PURPOSE = re.compile(r"status of (400|401|404|409|410|422)")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A window has no address bar here, and what it would suggest need not be drawn: that is a page more for each window.
# The others are those that Playwright turns off, as only the last list counts.
WITHOUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    *("TcpPortRandomizationWin", "ThirdPartyStoragePartitioning"),
)
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"),
    f"--disable-features={','.join(WITHOUT)}",
]


def find_browser() -> str:
    """The browser of this machine. Raises when there is none: a skipped browser test would prove nothing."""
    found = os.environ.get("DIRECTORY_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError("No Chromium was found. Install it (apt-get install chromium), or name it in "
                           "DIRECTORY_TEST_BROWSER, and run the tests again.")  # fmt: skip
    return found


@pytest.fixture(scope="session")
def live(inhabited: Inhabited, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running site with invented people."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copy(inhabited("sqlite"), folder / "directory.sqlite3")
    with serving(create_app(make_settings(folder, ""))) as address:
        yield address


@contextmanager
def serving(site: Flask, host: str = "127.0.0.1") -> Iterator[str]:
    """Run a site on a port of its own; its address.

    The server that comes with Flask leaves a file open when the browser goes away in the middle of it.
    """
    sockets: dict[int, Any] = {}
    server = create_server(site, map=sockets, listen="127.0.0.1:0", threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
        sites.close(site)


def _patient(act: Callable[..., None]) -> Callable[..., None]:
    """Clicking returns when the next page has begun. What is read then is to be read from a whole page."""

    def act_and_wait(locator: Locator, *given: Any, **options: Any) -> None:
        act(locator, *given, **options)
        locator.page.wait_for_load_state()

    return act_and_wait


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press"):
            patch.setattr(Locator, name, _patient(getattr(Locator, name)))
        # As long as for anything else that is waited for, and not the five seconds that it would be.
        expect.set_options(timeout=30_000)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, live: str) -> Iterator[Page]:
    """A window that fails the test if a page breaks a rule of its own or asks anybody else for anything."""
    with watching(chromium, live) as window:
        yield window
        assert not window.context.cookies(), "reading sets a cookie"


@contextmanager
def watching(chromium: Browser, site: str, **options: Any) -> Iterator[Page]:
    """The same with whatever cookies there are."""
    viewport: ViewportSize = {"width": 1280, "height": 900}
    context = chromium.new_context(base_url=site, viewport=viewport, reduced_motion="reduce", **options)
    window = context.new_page()
    wrong: list[str] = []
    window.on("console", lambda line: wrong.append(line.text) if line.type in {"error", "warning"} else None)
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else wrong.append(asked.url))
    try:
        yield window
    finally:
        context.close()
    # The browser itself reports an answer of 404 as an error; such pages are looked at on purpose.
    assert not [text for text in wrong if not ON_PURPOSE.search(text)], wrong


@pytest.fixture(params=["mouse", "keyboard"])
def way(request: pytest.FixtureRequest) -> Way:
    """With the mouse, or by keyboard alone in a browser without JavaScript: a story that asks for it is told twice."""
    found: Way = request.param
    return found


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """The clock of the site, which begins on a fixed day and goes on by itself."""
    with time_machine.travel(START, tick=True) as coordinates:
        yield coordinates


@pytest.fixture
def open_town(
    chromium: Browser, seeded_sqlite: Path, post_office: mail.PostOffice, tmp_path: Path
) -> Iterator[OpenTown]:
    """Open a town for these people, once; `furnish` puts into it what there is, and says where."""
    with ExitStack() as end:

        def opened(way: Way, *names: str, furnish: Callable[[], dict[str, str]] = dict) -> Town:
            shutil.copy(seeded_sqlite, tmp_path / "directory.sqlite3")
            site = create_app(make_settings(tmp_path, ""))
            with site.app_context(), transaction():
                factories.bind(db.session)
                paths = furnish()
            address = end.enter_context(serving(site))
            windows = {name: watching(chromium, address, java_script_enabled=way == "mouse") for name in names}
            people = {name: Person(end.enter_context(window), way) for name, window in windows.items()}
            return Town(site, address, post_office, people, paths)

        yield opened


@pytest.fixture(scope="session")
def somebody(live: str, chromium: Browser) -> str:
    """The path of somebody's profile."""
    window = chromium.new_page(base_url=live)
    window.goto("/practitioners?near=London&status=checked&within=any")
    path = window.locator(".entry h3 a").first.get_attribute("href")
    window.close()
    assert path is not None
    return path
