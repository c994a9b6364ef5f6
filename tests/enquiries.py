"""Visitors who write to practitioners: through the form, as browsers with and without scripts do."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Sequence

import time_machine
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib import clock
from directory.models import Account, Letter, Practitioner
from directory.services import enquiries
from tests import mail
from tests.factories.listings import make_listed
from tests.mail import PostOffice
from tests.members import Member, Value
from tests.pages import Page

# How long somebody takes to fill in the form.
WRITING = dt.timedelta(seconds=40)
SOON = dt.timedelta(minutes=5)
EMAIL = "morwenna@example.net"
SAID = "Have you time on a Thursday?"


def listed(account: Account | None = None, **shown: object) -> Practitioner:
    """A public listing that somebody keeps."""
    listing = make_listed(account, **shown)
    # What its practitioner was told is no matter of these tests.
    db.session.execute(delete(Letter).where(Letter.kind.startswith("listing-")))
    return listing


def solved(mark: str) -> str:
    """What a browser finds out for a form."""
    for number in itertools.count():
        digest = hashlib.sha256(f"{mark}:{number}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - enquiries.BITS) == 0:
            return str(number)
    raise AssertionError


def open_form(visitor: Member, *to: Practitioner) -> Page:
    """The form to these practitioners."""
    return visitor.get("/enquiries/new", query={"to": [one.public_id for one in to]})


def write(
    visitor: Member,
    whom: Practitioner | Sequence[Practitioner],
    *,
    status: int = 303,
    after: dt.timedelta = WRITING,
    with_script: bool = False,
    on: Page | None = None,
    **fields: Value,
) -> Page:
    """Fill in the form, take some time over it, and send it."""
    page = on or open_form(visitor, *([whom] if isinstance(whom, Practitioner) else whom))
    fields = {"name": "Morwenna", "email": EMAIL, "message": SAID, **fields}
    if with_script:
        fields["work"] = solved(page.all(".//input[@name='mark']")[0].get("value", ""))
    with time_machine.travel(clock.now() + after, tick=False):
        return visitor.send(page, "/enquiries", fields, status=status)


def link(session: Session, email: str = EMAIL) -> str:
    """The path of the link that a sender got last."""
    return mail.link_in(next(one for one in mail.letters(session, kind="enquiry-link") if one.to == email))


def deliver(app: Flask, office: PostOffice | None = None, *, after: dt.timedelta = SOON) -> int:
    """Send what waits, some minutes later; how many letters went."""
    with time_machine.travel(clock.now() + after, tick=False):
        return mail.deliver(app, office.way if office else None)


def confirm(visitor: Member, path: str) -> Page:
    """Press the button behind the link; the page that says what became of it."""
    return visitor.follow(visitor.post(path))
