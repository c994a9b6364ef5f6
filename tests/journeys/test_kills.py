"""Server and worker are killed while people sign up and report: nothing that was acknowledged is lost."""

import contextlib
import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from sqlalchemy import select

from directory.app import create_app
from directory.config import ROOT
from directory.db import db, kept
from directory.jobs import letters as jobs_letters
from directory.lib import clock
from directory.models import Letter, LetterState, Report
from directory.services import letters
from tests import factories, mail
from tests.cli.test_serve import free_port
from tests.conftest import make_settings

KILLS = 100
# What the limits of the site allow within the hour.
SIGN_UPS, REPORTS = 900, 280
SECONDS_TO_START = 60


@dataclass
class People:
    """Those who fill in forms, each from another network, and what they were told was kept."""

    port: int
    listing: str
    acknowledged: dict[str, list[str]] = field(default_factory=lambda: {"sign-up": [], "report": []})
    refused: Counter[str] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)

    def sign_up(self) -> None:
        for number in range(SIGN_UPS):
            address = f"somebody-{number}@example.org"
            self._try("sign-up", address, "/member/sign-up", {"email": address, "is_adult": "y", "agrees": "y"})
            if self.ended.wait(0.1):
                return

    def report(self) -> None:
        for number in range(REPORTS):
            self._try(
                "report", f"words {number}", f"{self.listing}/report", {"kind": "wrong", "text": f"words {number}"}
            )
            if self.ended.wait(0.4):
                return

    def _try(self, kind: str, name: str, path: str, fields: dict[str, str]) -> None:
        try:
            status = self._post_when_served(path, fields)
        except (OSError, http.client.HTTPException) as error:
            self.refused[type(error).__name__] += 1
            return
        if status == 303:
            self.acknowledged[kind].append(name)
        else:
            self.refused[str(status)] += 1

    def _post_when_served(self, path: str, fields: dict[str, str]) -> int:
        while not self.ended.is_set():
            try:
                return self._post(path, fields)
            except ConnectionRefusedError:
                time.sleep(0.05)
        raise ConnectionRefusedError

    def _post(self, path: str, fields: dict[str, str]) -> int:
        """Open a form and send it, as a browser does."""
        headers = {"X-Forwarded-For": f"10.{random.randrange(256)}.{random.randrange(256)}.1", "Accept": "text/html"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            cookies = SimpleCookie(answer.headers.get("Set-Cookie", ""))
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            if found is None:
                return answer.status + 1000  # no form: the server is not there, or not well
            headers |= {
                "Cookie": "; ".join(f"{one.key}={one.value}" for one in cookies.values()),
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self.port}",
            }
            connection.request("POST", path, urlencode({**fields, "csrf_token": found.group(1)}), headers)
            return connection.getresponse().status


class Site:
    """A server with its worker, in one group of processes."""

    def __init__(self, url: str, folder: Path, port: int, mail_port: int) -> None:
        self.port = port
        self._folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")},
            "DIRECTORY_ENVIRONMENT": "test",
            "DIRECTORY_DATABASE_URL": url,
            "DIRECTORY_DATA_DIR": str(folder),
            "DIRECTORY_TRUSTED_PROXIES": "1",
            "DIRECTORY_RATE_LIMIT": "off",
            "DIRECTORY_WORKERS": "1",
            "DIRECTORY_WORKER_WITH_SERVER": "true",
            "DIRECTORY_MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "PORT": str(port),
        }

    def start(self) -> None:
        with (self._folder / "said").open("ab") as said:
            self._server = subprocess.Popen(
                [Path(sys.executable).with_name("tsubo"), "serve"],
                env=self._environment,
                cwd=ROOT,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                with contextlib.closing(connection):
                    connection.request("GET", "/healthz")
                    if connection.getresponse().status == 200:
                        return
            time.sleep(0.1)
        pytest.fail("the server does not begin")

    def kill(self) -> None:
        """End all of it as the power does."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait(30)


@contextlib.contextmanager
def running(people: People) -> Iterator[None]:
    threads = [threading.Thread(target=work) for work in (people.sign_up, people.report)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        people.ended.set()
        for thread in threads:
            thread.join(60)


@pytest.mark.soak
def test_what_was_acknowledged_outlives_a_hundred_kills(own_database: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    app = create_app(make_settings(tmp_path, own_database))
    with app.app_context():
        factories.bind(db.session)
        listing = kept(factories.make_practitioner)
        path = f"/practitioners/{listing.public_id}/{listing.slug}"
    chance = random.Random(4)
    with mail.open_post_office() as office:
        site = Site(own_database, tmp_path, free_port(), office.port)
        people = People(site.port, path)
        with running(people):
            for _ in range(KILLS):
                site.start()
                time.sleep(chance.uniform(0.3, 3))
                site.kill()
        told = people.acknowledged
        with app.app_context():
            queued = set(db.session.scalars(select(Letter.to)))
            reported = set(db.session.scalars(select(Report.text)))
            db.session.rollback()
            # Letters that a worker had in hand when it died are free after five minutes.
            with time_machine.travel(clock.now() + letters.CLAIM * 2):
                jobs_letters.deliver(office.way)
            states = Counter(db.session.scalars(select(Letter.state)))
            tries = sum(count - 1 for count in db.session.scalars(select(Letter.tries)) if count > 1)
            db.session.rollback()
            db.engine.dispose()
    sent = Counter(message["To"] for message in office.messages)
    marks = {(message["To"], message["Message-ID"]) for message in office.messages}
    twice = sum(count - 1 for count in sent.values())
    print(
        f"\n{KILLS} kills; acknowledged: {len(told['sign-up'])} sign-ups, {len(told['report'])} reports;"
        f" not acknowledged: {dict(people.refused)}; letters: {dict(states)}; tried again after a death: {tries};"
        f" sent twice: {twice}"
    )
    assert len(told["sign-up"]) > KILLS / 2
    assert len(told["report"]) > KILLS / 4
    assert set(told["sign-up"]) <= queued, "a sign-up was acknowledged and lost"
    assert set(told["report"]) <= reported, "a report was acknowledged and lost"
    assert set(states) == {LetterState.SENT}
    assert set(told["sign-up"]) <= set(sent)
    assert len(marks) == len(sent), "one letter has one Message-ID, however often it was sent"
    assert twice <= tries
