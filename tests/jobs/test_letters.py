"""Letters on their way, with real mail servers: those that work and those that do not."""

import datetime as dt
import itertools
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.config import Environment
from directory.db import db, kept
from directory.jobs import letters as jobs_letters
from directory.lib import clock
from directory.lib.mail_transport import Folder, Post, Refused, Server, Words, compose
from directory.models import Event, Letter, LetterState
from directory.services import letters, outbox
from tests import mail, posts
from tests.conftest import make_settings
from tests.mail import PostOffice

NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
TO = "wren@example.org"


def queue(to: str = TO, *, cause: str = "once", name: str = "Wren") -> Letter | None:
    return outbox.queue(
        "still-right", to, cause=cause, at=clock.now(), name=name, confirmed_on="2026-08-10", path="/still-right/token"
    )


def row(session: Session) -> Letter:
    return session.scalars(select(Letter).execution_options(populate_existing=True)).one()


def test_a_letter_goes_once_and_then_forgets_what_it_said(
    app: Flask, session: Session, post_office: PostOffice
) -> None:
    queue()
    assert mail.deliver(app, post_office.way) == 1
    assert mail.deliver(app, post_office.way) == 0
    (message,) = post_office.messages
    assert message["Subject"] == "Is your listing still right?"
    assert message["Auto-Submitted"] == "auto-generated"
    assert mail.link_in(message) == "/still-right/token"
    assert message["Message-ID"] == f"<{row(session).message_id}@localhost>"
    assert post_office.envelopes == [("directory@localhost", [TO])]
    assert row(session).state is LetterState.SENT
    assert row(session).values == {}


def test_one_cause_makes_one_letter(app: Flask, session: Session, post_office: PostOffice) -> None:
    assert queue() is not None
    assert queue() is None
    assert mail.deliver(app, post_office.way) == 1


@pytest.mark.parametrize(
    ("server", "problem"),
    [
        (posts.silent, "SMTPServerDisconnected"),
        (posts.busy, "SMTPConnectError 554"),
        (posts.dropping_after_data, "SMTPServerDisconnected"),
        (posts.dripping, "SMTPConnectError 222"),
    ],
)
def test_a_server_that_does_not_do_its_work_delays_and_loses_nothing(
    app: Flask,
    session: Session,
    post_office: PostOffice,
    server: Callable[[socket.socket], None],
    problem: str,
) -> None:
    queue()
    queue(cause="another")
    began = time.monotonic()
    with posts.listening(server) as port:
        assert mail.deliver(app, mail.post(port)) == 0
    assert time.monotonic() - began < 10 * mail.TIMEOUT, "it waits for ever"
    first, second = session.scalars(select(Letter).order_by(Letter.id).execution_options(populate_existing=True))
    assert (first.state, first.problem) == (LetterState.WAITING, problem)
    assert second.tries == 0, "after one letter it is known that the server does not work"
    promised = {first.message_id, second.message_id}
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2), tick=False):
        assert mail.deliver(app, post_office.way) == 2
    assert {message["Message-ID"].split("@")[0].strip("<") for message in post_office.messages} == promised


def test_no_server_at_all_delays_and_loses_nothing(app: Flask, session: Session, post_office: PostOffice) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    queue()
    assert mail.deliver(app, mail.post(port)) == 0
    assert row(session).problem == "ConnectionRefusedError"
    assert mail.deliver(app, post_office.way) == 0, "it is too early to try again"
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2), tick=False):
        assert mail.deliver(app, post_office.way) == 1


def test_what_was_accepted_is_sent_however_the_server_takes_leave(app: Flask, session: Session) -> None:
    queue()
    with posts.listening(posts.rude_at_the_end) as port:
        assert mail.deliver(app, mail.post(port)) == 1
    assert row(session).state is LetterState.SENT


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_letter_that_is_not_wanted_now_waits_and_the_others_go(
    app: Flask, session: Session, post_office: PostOffice, step: str
) -> None:
    queue()
    post_office.answers[step] = "451 4.7.1 come again"
    assert mail.deliver(app, post_office.way) == 0
    assert (row(session).state, row(session).problem) == (LetterState.WAITING, "451 4.7.1")
    post_office.answers.clear()
    queue(cause="another")
    assert mail.deliver(app, post_office.way) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_letter_that_is_never_wanted_is_given_up_at_once(
    app: Flask, session: Session, post_office: PostOffice, step: str
) -> None:
    queue()
    post_office.answers[step] = f"550 5.1.1 no {TO} here"
    assert mail.deliver(app, post_office.way) == 0
    assert (row(session).state, row(session).problem) == (LetterState.GIVEN_UP, "550 5.1.1")
    assert row(session).values == {}
    event = session.scalars(select(Event)).one()
    assert event.kind == "letter-given-up"
    assert event.details == {"letter": "still-right", "problem": "550 5.1.1"}


def test_a_sender_who_is_not_welcome_loses_no_letter(app: Flask, session: Session, post_office: PostOffice) -> None:
    queue()
    post_office.answers["MAIL"] = "550 5.7.1 not you"
    assert mail.deliver(app, post_office.way) == 0
    assert row(session).state is LetterState.WAITING


def test_it_is_tried_for_five_days_at_longer_and_longer_distances(app: Flask, session: Session) -> None:
    queued = clock.now()
    queue()
    tried = [queued]
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    while row(session).state is LetterState.WAITING:
        with time_machine.travel(max(row(session).next_at, clock.now()), tick=False):
            tried.append(clock.now())
            mail.deliver(app, mail.post(port))
    assert row(session).state is LetterState.GIVEN_UP
    assert dt.timedelta(days=5, hours=-8) <= tried[-1] - queued <= dt.timedelta(days=5)
    gaps = [(late - early) / dt.timedelta(minutes=1) for early, late in itertools.pairwise(tried[1:])]
    assert 1 <= gaps[0] <= 1.25
    assert 360 <= gaps[-1] <= 450
    assert 20 < len(tried) < 40


def test_a_letter_whose_sender_died_goes_when_it_can_be_taken_to_be_dead(
    app: Flask, session: Session, post_office: PostOffice
) -> None:
    queue()
    claimed = letters.claim(at=clock.now())
    assert claimed is not None
    session.commit()
    assert mail.deliver(app, post_office.way) == 0
    with time_machine.travel(clock.now() + letters.CLAIM, tick=False):
        assert mail.deliver(app, post_office.way) == 1
        # Not dead, only slow: it cannot undo what was done meanwhile.
        letters.put_off(claimed, "too late", at=clock.now())
        letters.give_up(claimed, "too late", at=clock.now())
    assert row(session).state is LetterState.SENT


def test_a_mistake_in_one_letter_does_not_stop_the_others(
    app: Flask, session: Session, post_office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    outbox.queue("no-such-kind", TO, cause="mistake", at=clock.now(), name="Canary")
    queue()
    assert mail.deliver(app, post_office.way) == 1
    said = capsys.readouterr().err
    assert "letter-not-made" in said
    assert "Canary" not in said
    assert TO not in said


def test_several_workers_at_once_send_each_letter_once(own_site: Flask) -> None:
    many = 30
    with own_site.app_context():
        kept(lambda: [queue(f"wren{number}@example.org", cause=str(number)) for number in range(many)])
    with mail.open_post_office() as office:
        threads = [threading.Thread(target=mail.deliver, args=(own_site, office.way)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(message["To"] for message in office.messages) == sorted(f"wren{n}@example.org" for n in range(many))
    with own_site.app_context():
        assert letters.waiting().number == 0
        assert set(db.session.scalars(select(Letter.tries))) == {1}


def test_without_a_mail_server_mail_becomes_files_that_can_be_read(app: Flask, session: Session) -> None:
    folder = app.extensions["settings"].mail_folder
    before = set(folder.glob("*.eml"))
    queue(name="Wrén Hallowby’s")
    assert mail.deliver(app) == 1
    (file,) = set(folder.glob("*.eml")) - before
    assert folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert "Dear Wrén Hallowby’s," in text
    assert "\nhttp://127.0.0.1:8000/still-right/token\n" in text
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert mail.link_in(message) == "/still-right/token"


def test_in_production_mail_waits_for_a_server_and_is_not_written_to_files(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "").model_copy(update={"environment": Environment.PRODUCTION})
    assert settings.mail_folder is None
    assert jobs_letters.transport(settings) is None


@given(name=some.text(max_size=60), subject=some.text(max_size=300), text=some.text(max_size=200))
def test_no_text_makes_a_header_a_recipient_or_a_second_message(name: str, subject: str, text: str) -> None:
    hostile = f"{subject}\r\nBcc: mallory@example.org\r\n\r\n{text}"
    message = compose(
        Words(hostile, text + "\r\n.\r\nMAIL FROM:<x@example.org>\r\n", f"<p>{text.replace('<', '')}</p>"),
        name=name + "\nTo: mallory@example.org",
        sender="directory@example.org",
        to=TO,
        message_id="abc",
        at=NOW,
    )
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    assert sorted(read.keys()) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
        "X-Auto-Response-Suppress",
    ]
    assert [address.addr_spec for address in read["To"].addresses] == [TO]
    assert [address.addr_spec for address in read["From"].addresses] == ["directory@example.org"]
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]


@given(
    to=some.one_of(
        some.text(max_size=80),
        some.builds(
            lambda before, mark, after: f"{before}@example.org{mark}{after}@example.com",
            some.text("abc", min_size=1, max_size=3),
            some.sampled_from([",", ";", " ", "\r\n", "\n", ">", "<", "\x00", "\r\nBcc: ", "%0a"]),
            some.text("abc", min_size=1, max_size=3),
        ),
    )
)
def test_an_address_is_one_address_or_none(to: str) -> None:
    try:
        message = compose(Words("x", "x", "x"), name="Tsubo", sender="a@example.org", to=to, message_id="abc", at=NOW)
    except Refused:
        return
    (address,) = message["To"].addresses
    assert address.addr_spec.count("@") == 1
    assert len(bytes(message).split(b"\n\n" if b"\r" not in bytes(message) else b"\r\n\r\n")[0].split(b"To:")) == 2


def test_a_server_says_where_it_is(tmp_path: Path) -> None:
    from_url = jobs_letters.mail_transport.parse
    assert from_url("smtps://me%40x:p%2Fw@mail.example.org") == Server(
        "mail.example.org", 465, "me@x", "p/w", is_tls=True
    )
    assert from_url("smtp://mail.example.org") == Server("mail.example.org", 25, "", "", is_tls=False)
    assert from_url("smtp://me:pw@mail.example.org:2525").port == 2525
    settings = make_settings(tmp_path, "", mail_url="smtp://localhost:2525")
    assert isinstance(jobs_letters.transport(settings), Post)
    assert isinstance(jobs_letters.transport(make_settings(tmp_path, "")), Folder)


def test_a_password_is_not_sent_in_the_clear(post_office: PostOffice) -> None:
    elsewhere = Post(Server("LOCALHOST", post_office.port, "me", "canary", is_tls=False), mail.TIMEOUT)
    message = compose(Words("x", "x", "x"), name="x", sender="a@example.org", to=TO, message_id="abc", at=NOW)
    with elsewhere, pytest.raises(jobs_letters.mail_transport.Unreachable):
        elsewhere.send(message)
    assert post_office.messages == []
