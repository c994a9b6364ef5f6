"""Mail: composing one message to one person, and handing it to a server or writing it to a folder.

The three ways in which a server does not take a message are three exceptions, because they ask for three answers.
"""

import contextlib
import datetime as dt
import os
import re
import smtplib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

MAX_HEADER = 200
# One message may take this many times as long as the server may take for one answer.
PATIENCE = 6
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"\x00-\x1f\x7f]{1,64}@[^\s@,;:<>()\[\]\\\"\x00-\x1f\x7f]{1,253}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Unreachable(Exception):
    """The server cannot be spoken to, or wants nothing from us: no message goes out now. The text names why."""


class Delayed(Exception):
    """The server does not take this message now."""


class Refused(Exception):
    """The server will never take this message, or its address is none."""


class Transport(Protocol):
    """Somewhere that messages go."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Returns once it was accepted. Raises Unreachable, Delayed or Refused."""


@dataclass(frozen=True)
class Server:
    """A mail server: smtp:// (encrypted where it offers that) or smtps:// (encrypted from the beginning)."""

    host: str
    port: int
    username: str
    password: str
    is_tls: bool


def parse(url: str) -> Server:
    """The server of an address such as smtps://name:password@mail.example.org:465."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    usual = 465 if is_tls else 587 if parts.username else 25
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname or "localhost", parts.port or usual, username, password, is_tls)


def is_address(text: str) -> bool:
    """Whether `text` is the address of one person and nothing else."""
    return _ADDRESS.fullmatch(text) is not None and _in_ascii(text) is not None


def _in_ascii(address: str) -> str | None:
    """The address with its domain as mail servers know it."""
    name, _, domain = address.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return None


def one_line(text: str) -> str:
    """`text` as a header may hold it: no line breaks or control characters, not too long."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.split())[:MAX_HEADER]


@dataclass(frozen=True)
class Words:
    """What a message says: a subject, and the same in plain text and in HTML."""

    subject: str
    text: str
    html: str


def compose(
    words: Words,
    *,
    name: str,
    sender: str,
    to: str,
    message_id: str,
    at: dt.datetime,
    reply_to: str | None = None,
    stop_at: str | None = None,
) -> EmailMessage:
    """One message to one person. `message_id` is what stands before the @. `reply_to`: where an answer goes, if
    anywhere else. `stop_at`: the address of the page where its reader stops such mail, for the button that mail
    programs have for it. Raises Refused where an address is none.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(name), addr_spec=sender)
    message["To"] = _one_person(to)
    if reply_to is not None:
        message["Reply-To"] = _one_person(reply_to)
    if stop_at is not None:
        message["List-Unsubscribe"] = f"<{stop_at}>"
        # A press of that button is a POST to the page, with nothing asked first (RFC 8058).
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Subject"] = one_line(words.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    # Nobody's holiday notice answers us (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_storable(words.text))
    message.add_alternative(_storable(words.html), subtype="html")
    return message


def _one_person(address: str) -> Address:
    known = _in_ascii(address) if is_address(address) else None
    if known is None:
        raise Refused("not an address")
    try:
        return Address(addr_spec=known)
    except (ValueError, IndexError, HeaderParseError):
        # It looks like an address, and the library that writes headers does not read it as one.
        raise Refused("not an address") from None


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


class Post:
    """A mail server. The connection is opened for the first message and kept for the next; use it in a `with`."""

    def __init__(self, server: Server, timeout: float) -> None:
        self._server = server
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_error: object) -> None:
        # What was accepted is accepted, however the server takes leave.
        if self._connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException), self._watched(self._connection):
                self._connection.quit()
        self._hang_up()

    def send(self, message: EmailMessage) -> None:
        connection = self._connection or self._connect()
        sender, to = message["From"].addresses[0].addr_spec, message["To"].addresses[0].addr_spec
        try:
            with self._watched(connection):
                connection.send_message(message, sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _answered(code, said) from None
        except smtplib.SMTPDataError as error:
            raise _answered(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("the server does not know such addresses") from None
        except smtplib.SMTPSenderRefused as error:
            # Nothing is wrong with the person who waits for it: our sender's address is not welcome.
            self._hang_up()
            raise Unreachable(f"the sender is refused: {_code(error.smtp_code, error.smtp_error)}") from None
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise Unreachable(_why(error)) from None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.is_tls:
            made: smtplib.SMTP = smtplib.SMTP_SSL(timeout=self._timeout, context=ssl.create_default_context())
        else:
            made = smtplib.SMTP(timeout=self._timeout)
        # Whose certificate must be shown; the library asks for it in the constructor only, which would speak unwatched.
        made._host = server.host  # type: ignore[attr-defined]
        self._connection = made
        try:
            with self._watched(made):
                code, said = made.connect(server.host, server.port)
                if code != 220:
                    raise smtplib.SMTPConnectError(code, said)
                self._introduce(made)
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise Unreachable(_why(error)) from None
        return made

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if not self._server.is_tls and self._server.host not in _LOOPBACK:
            if connection.has_extn("starttls"):
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo_or_helo_if_needed()
            elif self._server.password:
                raise smtplib.SMTPException("no encryption, so the password is not sent")
        if self._server.username:
            connection.login(self._server.username, self._server.password)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def _watched(self, connection: smtplib.SMTP) -> Iterator[None]:
        """End a conversation in which the server answers, but so slowly that it never comes to an end."""
        watch = threading.Timer(self._timeout * PATIENCE, _cut, [lambda: connection.sock])
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def _cut(line: Callable[[], socket.socket | None]) -> None:
    found = line()
    if found is not None:
        with contextlib.suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)


def _answered(code: int, said: bytes | str) -> Delayed | Refused:
    """What a server's answer about one message means: 4xx later, 5xx never (RFC 5321, 4.2.1)."""
    return (Refused if code >= 500 else Delayed)(_code(code, said))


def _code(code: int, said: bytes | str) -> str:
    """The codes of an answer, without its words, which may quote the address."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}", text)
    return f"{code} {enhanced.group()}" if enhanced else str(code)


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {_code(error.smtp_code, error.smtp_error)}"
    return type(error).__name__


class Folder:
    """A folder in which each message becomes a file that can be read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_error: object) -> None:
        return

    def send(self, message: EmailMessage) -> None:
        for part in message.walk():
            if not part.is_multipart():
                # Links stay whole.
                part.set_content(part.get_content(), subtype=part.get_content_subtype(), cte="8bit")
        content = message.as_bytes(policy=SMTP.clone(linesep="\n", cte_type="8bit"))
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.path, delete=False) as file:
                file.write(content)
            day = message["Date"].datetime
            name = f"{day:%Y-%m-%d-%H%M%S}-{message['Message-ID'].strip('<>').partition('@')[0]}.eml"
            os.replace(file.name, self.path / name)  # noqa: PTH105  a name and a path
        except OSError as error:
            raise Unreachable(type(error).__name__) from None
