"""Mail in tests: what waits to be sent, the link in it, a real server that takes it, and sending it."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import Context
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TypeVar
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Conversation
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.jobs import letters as jobs_letters
from directory.lib import clock
from directory.lib.mail_transport import Post, Server, Transport
from directory.models import Letter as Row
from directory.models import LetterState
from directory.services import letters as letter_rows

Result = TypeVar("Result")
# Seconds: for a server that answers late on purpose, and for one that answers whenever its process comes to it.
TIMEOUT, PATIENT = 0.3, 30.0


@dataclass(frozen=True)
class Letter:
    """Mail to one person, as they read it."""

    kind: str
    to: str
    subject: str
    text: str
    html: str
    state: LetterState


def letters(session: Session, *, to: str | None = None, kind: str | None = None) -> list[Letter]:
    """What was queued, the newest first. One that has been sent says nothing any more."""
    query = select(Row).order_by(Row.id.desc()).execution_options(populate_existing=True)
    rows = [_read(row) for row in session.scalars(query) if kind in {None, row.kind}]
    return [one for one in rows if to in {None, one.to}]


def _read(row: Row) -> Letter:
    if row.state in {LetterState.SENT, LetterState.GIVEN_UP}:
        return Letter(row.kind, row.to, "", "", "", row.state)
    # Sealed ones, too: whoever has the key reads them.
    opened = letter_rows.opened(row, current_app.extensions["settings"], at=clock.now())
    words = jobs_letters.render(row.kind, opened.values)
    return Letter(row.kind, opened.to, words.subject, words.text, words.html, row.state)


def link_in(letter: "Letter | EmailMessage", containing: str = "") -> str:
    """The path of the first link in a letter that leads further than to the first page."""
    if isinstance(letter, EmailMessage):
        body = letter.get_body(("plain",))
        assert body is not None
        text = body.get_content()
    else:
        text = letter.text
    for link in re.findall(r"https?://\S+", text):
        parts = urlsplit(link)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if path not in {"", "/"} and containing in path:
            return path
    raise AssertionError(f"no link in {text!r}")


class PostOffice:
    """A real mail server on this machine that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        # What to answer instead of taking a message, by step: {"RCPT": "550 5.1.1 no"}.
        self.answers: dict[str, str] = {}
        self.port = 0

    @property
    def way(self) -> Post:
        """How to send there, however busy the machine is."""
        return post(self.port, PATIENT)

    async def handle_RCPT(  # noqa: N802  the library's name
        self, _server: SMTP, _session: Conversation, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Conversation, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Conversation, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What it was given for one person, the newest first."""
        return [one for one in reversed(self.messages) if one["To"] == address]


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """A mail server until the end of the block."""
    office = PostOffice()
    controller = _Server(office, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)
    controller.start()
    office.port = controller.port
    try:
        yield office
    finally:
        controller.stop()


class _Server(Controller):  # type: ignore[misc]
    """One that takes any free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def post(port: int, timeout: float = TIMEOUT) -> Post:
    """A way to the mail server at a port of this machine, which waits so many seconds for an answer."""
    return Post(Server("127.0.0.1", port, "", "", is_tls=False), timeout)


def deliver(app: Flask, by: "AbstractContextManager[Transport] | None" = None) -> int:
    """Run the sender once, as the worker does: to a mail server, or into the folder of the site; how many went."""
    return within(app, lambda: jobs_letters.deliver(by))


def within(app: Flask, work: Callable[[], Result]) -> Result:
    """Do what the worker does, in a context of its own, as the worker has one."""

    def run() -> Result:
        with app.app_context():
            return work()

    return Context().run(run)
