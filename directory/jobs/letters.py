"""Letters: from a row to a message, and out."""

import datetime as dt
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import Any

import structlog
from flask import Flask, current_app, render_template

from directory.config import Settings
from directory.db import kept
from directory.http.words import translated
from directory.lib import clock, mail_transport
from directory.lib.mail_transport import Transport
from directory.lib.words import N_
from directory.models import Letter
from directory.services import enquiries, letters

log = structlog.get_logger("directory")

# Set when the process is to end: the letter at hand is finished, and the next one left to others.
ENDING = threading.Event()


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates what letters and the pages about them need."""
    app.jinja_env.filters["from_iso"] = dt.datetime.fromisoformat
    app.jinja_env.globals["mail_note"] = lambda: _note(settings)


def _note(settings: Settings) -> str:
    """Where mail is to be found on a machine that sends none; nothing elsewhere."""
    if not settings.is_development or settings.mail_folder is None:
        return ""
    words = translated(N_("No mail is sent from this machine: it is written to the folder %(folder)s."))
    return words % {"folder": settings.mail_folder}


def render(kind: str, values: Mapping[str, Any]) -> mail_transport.Words:
    """What a letter of `kind` says. Its templates know `values`, `site` and `address(path)`."""
    settings: Settings = current_app.extensions["settings"]

    def address(path: str) -> str:
        return settings.address + path

    known = {**values, "address": address, "site_name": settings.site_name}
    subject, text, html = (
        render_template(f"email/{kind}/{name}", **known) for name in ("subject.txt", "body.txt", "body.html")
    )
    return mail_transport.Words(mail_transport.one_line(subject), text.strip() + "\n", html)


def transport(settings: Settings) -> AbstractContextManager[Transport] | None:
    """Where mail goes; None where it waits until there is a mail server."""
    if settings.mail_url is not None:
        server = mail_transport.parse(settings.mail_url.get_secret_value())
        return mail_transport.Post(server, settings.mail_timeout)
    return mail_transport.Folder(settings.mail_folder) if settings.mail_folder is not None else None


def deliver(by: AbstractContextManager[Transport] | None = None) -> int:
    """Send every letter that is due, each in a step of its own, until the server cannot be spoken to; how many went.

    Nothing is held in the database while the network is asked. Several may do this at once.
    """
    settings: Settings = current_app.extensions["settings"]
    opened = by or transport(settings)
    gone = 0
    if opened is None:
        return gone
    with opened as post:
        while not ENDING.is_set() and (letter := kept(lambda: letters.claim(at=clock.now()))) is not None:
            try:
                _send(letter, post, settings)
            except mail_transport.Unreachable as error:
                _put_off(letter, str(error))
                break
            except mail_transport.Delayed as error:
                _put_off(letter, str(error))
            except mail_transport.Refused as error:
                _give_up(letter, str(error))
            except letters.Unopened:
                # Perhaps the file of the key is put right (tsubo doctor names it).
                _put_off(letter, "sealed with another key")
            except Exception as error:
                # A mistake in a template, say: the others go on.
                log.exception("letter-not-made", kind=letter.kind)
                _put_off(letter, type(error).__name__)
            else:
                _note_sent(letter)
                gone += 1
    return gone


def _send(letter: Letter, post: Transport, settings: Settings) -> None:
    post.send(message_of(letter, settings))


def message_of(letter: Letter, settings: Settings) -> EmailMessage:
    """The message that a letter is. Raises Refused where an address is none, and Unopened."""
    opened = letters.opened(letter, settings, at=clock.now())
    # Letters that somebody else had us send name the page where their reader ends that.
    stop_path = opened.values.get("stop_path")
    return mail_transport.compose(
        render(letter.kind, opened.values),
        name=settings.site_name,
        sender=settings.mail_sender,
        to=opened.to,
        reply_to=opened.reply_to,
        stop_at=settings.address + stop_path if stop_path else None,
        message_id=letter.message_id,
        at=clock.now(),
    )


def _note_sent(letter: Letter) -> None:
    kept(lambda: letters.note_sent(letter, at=clock.now()))
    log.info("letter-sent", kind=letter.kind, tries=letter.tries)


def _put_off(letter: Letter, problem: str) -> None:
    kept(lambda: _if_given_up(letter, letters.put_off(letter, problem, at=clock.now())))
    log.warning("letter-put-off", kind=letter.kind, tries=letter.tries, problem=problem)


def _give_up(letter: Letter, problem: str) -> None:
    kept(lambda: _if_given_up(letter, letters.give_up(letter, problem, at=clock.now())))
    log.error("letter-given-up", kind=letter.kind, tries=letter.tries, problem=problem)


def _if_given_up(letter: Letter, is_given_up: bool) -> None:
    """Whoever sent an enquiry waits for an answer that would never come: they are told."""
    if is_given_up:
        enquiries.tell_undelivered(letter, current_app.extensions["settings"], at=clock.now())
