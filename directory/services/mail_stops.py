"""Stops of mail: whoever gets a letter that somebody else asked us to send can end all such letters, for good.

A stop is kept as a keyed hash of the mailbox, and the address of the page where it is made says nothing but that hash
and that it came from us: neither the table nor a log tells to whom a letter went. Asked by everything that sends mail
for one person to another; letters about one's own account are not stopped by it.
"""

import base64
import datetime as dt
import hashlib
import hmac
from typing import Any

from flask_security.utils import get_hmac
from sqlalchemy import select

from directory.db import db, upsert
from directory.lib.mailboxes import mailbox
from directory.models import Letter, MailStop, NotFound
from directory.services import outbox

# Both halves of a token: 18 bytes as Base64.
_LENGTH = 24


def stop(address: str, *, at: dt.datetime) -> None:
    """Send nothing any more to the mailbox of `address` that others ask for. To stop twice changes nothing."""
    _keep(_digest(address), at)


def is_stopped(address: str) -> bool:
    """Whether the owner of the mailbox wants no such mail. Not for the eyes of whoever asks us to send."""
    return _is_kept(_digest(address))


def queue(kind: str, to: str, *, cause: str, at: dt.datetime, **values: Any) -> Letter | None:
    """Queue a letter that somebody else has us send (services/outbox), with the page where its reader ends such mail;
    nothing where they have. That is not for the eyes of whoever asks us to send either."""
    if is_stopped(to):
        return None
    return outbox.queue(kind, to, cause=cause, at=at, stop_path=path_of(to), **values)


def path_of(address: str) -> str:
    """Where the owner of the mailbox stops such mail: `/mail-stop/<token>`."""
    digest = _digest(address)
    return f"/mail-stop/{digest}{_signature(digest)}"


def stop_by(token: str, *, at: dt.datetime) -> None:
    """Stop it for whoever got that token by mail. Raises NotFound."""
    _keep(_read(token), at)


def allow_by(token: str) -> None:
    """Let such mail come again. Raises NotFound."""
    kept = db.session.get(MailStop, _read(token))
    if kept is not None:
        db.session.delete(kept)


def is_stopped_by(token: str) -> bool:
    """Whether it is stopped for whoever got that token. Raises NotFound."""
    return _is_kept(_read(token))


def _keep(digest: str, at: dt.datetime) -> None:
    db.session.execute(upsert(MailStop).values(digest=digest, made_at=at).on_conflict_do_nothing())


def _is_kept(digest: str) -> bool:
    return db.session.scalar(select(MailStop.digest).where(MailStop.digest == digest)) is not None


def _read(token: str) -> str:
    """The digest that a token names, if we made it. Raises NotFound."""
    digest, signature = token[:_LENGTH], token[_LENGTH:]
    if not hmac.compare_digest(signature.encode(), _signature(digest).encode()):
        raise NotFound("not a token of ours")
    return digest


def _digest(address: str) -> str:
    return _short(f"mail-stop\n{mailbox(address)}")


def _signature(digest: str) -> str:
    return _short(f"mail-stop token\n{digest}")


def _short(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(get_hmac(text)).digest()[:18]).decode()
