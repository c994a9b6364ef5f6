"""How often something may be tried: counted in the database, so that several processes count together.

A try is counted in a transaction of its own, so that it counts although the request that made it fails.
"""

import base64
import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flask_security.utils import get_hmac
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.db import apart, db, upsert, wait_for_others
from directory.models import Attempt, TooMany


class Of(StrEnum):
    """Whose tries are counted together."""

    ACCOUNT = "account"  # an account, or the address somebody types, whether it is known or not
    NETWORK = "network"
    MACHINE = "machine"  # one address of a network
    SITE = "site"


@dataclass(frozen=True)
class Limit:
    """At most so many in any stretch of that length."""

    of: Of
    most: int
    every: dt.timedelta


_MINUTES, _HOUR, _DAY = dt.timedelta(minutes=5), dt.timedelta(hours=1), dt.timedelta(days=1)

# The one table of limits. The figures of signing in are those of the Python Package Index.
LIMITS: Mapping[str, tuple[Limit, ...]] = MappingProxyType(
    {
        "sign-in": (
            Limit(Of.ACCOUNT, 10, _MINUTES),
            Limit(Of.NETWORK, 10, _MINUTES),
            Limit(Of.SITE, 1_000, _MINUTES),
        ),
        "second-factor": (
            Limit(Of.ACCOUNT, 5, _MINUTES),
            Limit(Of.ACCOUNT, 20, _HOUR),
            Limit(Of.ACCOUNT, 50, _DAY),
            Limit(Of.NETWORK, 50, _HOUR),
        ),
        "mail-link": (
            Limit(Of.ACCOUNT, 5, _HOUR),
            Limit(Of.NETWORK, 30, _HOUR),
            Limit(Of.SITE, 2_000, _HOUR),
        ),
        "sign-up": (Limit(Of.NETWORK, 20, _HOUR), Limit(Of.SITE, 1_000, _HOUR)),
        "claim-answer": (Limit(Of.ACCOUNT, 30, _DAY), Limit(Of.SITE, 1_000, _HOUR)),
        "change-address": (Limit(Of.ACCOUNT, 5, _HOUR),),
        "reply": (Limit(Of.ACCOUNT, 20, _DAY), Limit(Of.SITE, 300, _HOUR)),
        "report": (Limit(Of.NETWORK, 10, _HOUR), Limit(Of.SITE, 300, _HOUR)),
        # In points: an answer costs one, none costs ten more, so that guessing ends long before looking somebody up.
        "check": (
            Limit(Of.NETWORK, 300, _HOUR),
            Limit(Of.NETWORK, 1_000, _DAY),
            Limit(Of.SITE, 30_000, _HOUR),
        ),
        "circle-invitation": (Limit(Of.ACCOUNT, 20, _DAY), Limit(Of.NETWORK, 40, _HOUR), Limit(Of.SITE, 1_000, _HOUR)),
        # In points: an enquiry costs one for each practitioner to whom it goes. A program on one machine gets no
        # further than a person does; a network may be thousands of telephones.
        "enquiry": (
            Limit(Of.ACCOUNT, 5, _HOUR),
            Limit(Of.ACCOUNT, 10, _DAY),
            Limit(Of.MACHINE, 5, _HOUR),
            Limit(Of.MACHINE, 20, _DAY),
            Limit(Of.NETWORK, 30, _HOUR),
            Limit(Of.NETWORK, 100, _DAY),
            Limit(Of.SITE, 1_000, _HOUR),
        ),
        "note": (Limit(Of.ACCOUNT, 30, _DAY), Limit(Of.NETWORK, 60, _DAY), Limit(Of.SITE, 1_000, _HOUR)),
        "note-mail": (Limit(Of.ACCOUNT, 10, _DAY), Limit(Of.NETWORK, 30, _DAY), Limit(Of.SITE, 500, _HOUR)),
        # Letters that members have us send to others, by the mailbox to which they go.
        "mail-to": (Limit(Of.ACCOUNT, 3, _DAY), Limit(Of.SITE, 500, _HOUR)),
        "question": (Limit(Of.ACCOUNT, 10, _DAY), Limit(Of.NETWORK, 40, _DAY), Limit(Of.SITE, 1_000, _HOUR)),
        # Of friends, who need no account: by the question that they answer.
        "question-answer": (
            Limit(Of.ACCOUNT, 20, _HOUR),
            Limit(Of.NETWORK, 10, _HOUR),
            Limit(Of.NETWORK, 30, _DAY),
            Limit(Of.SITE, 1_000, _HOUR),
        ),
        # Objections to notes, and appeals. Of an account: the address for letters that somebody types.
        "complaint": (Limit(Of.ACCOUNT, 5, _DAY), Limit(Of.NETWORK, 10, _HOUR), Limit(Of.SITE, 300, _HOUR)),
        # Those that hide a note before anybody has looked. Of an account: the listing that the note is about.
        "complaint-hiding": (Limit(Of.NETWORK, 3, _DAY), Limit(Of.ACCOUNT, 5, _DAY), Limit(Of.SITE, 60, _HOUR)),
        "complaint-answer": (Limit(Of.ACCOUNT, 20, _DAY), Limit(Of.SITE, 300, _HOUR)),
        "objection": (Limit(Of.NETWORK, 5, _HOUR), Limit(Of.SITE, 200, _HOUR)),
    }
)


def spend(
    name: str,
    *,
    account: str | int | None = None,
    network: str | None = None,
    machine: str | None = None,
    at: dt.datetime,
    tries: int = 1,
) -> None:
    """Count one try of `name`, or so many at once, or raise TooMany, which counts nothing.

    Call it before anything is changed: it ends the transaction that is open, so that it need not wait for itself.
    """
    subjects = {Of.ACCOUNT: account, Of.NETWORK: network, Of.MACHINE: machine, Of.SITE: ""}
    with apart() as own:
        wait_for_others(own)
        for limit in LIMITS[name]:
            subject = subjects[limit.of]
            if subject is not None:
                _count(own, limit, _key(name, limit, str(subject)), tries, at)


def add(name: str, tries: int, *, network: str | None = None, at: dt.datetime) -> None:
    """Count more tries for what `spend` has let through. It refuses nothing now; what comes next may be refused."""
    with apart() as own:
        wait_for_others(own)
        for limit in LIMITS[name]:
            subject = {Of.NETWORK: network, Of.SITE: ""}.get(limit.of)
            if subject is not None:
                _add(own, limit, _key(name, limit, subject), tries, at)


def forget_old(*, at: dt.datetime) -> int:
    """Take away what no limit reads any more; return how many rows."""
    gone = db.session.execute(delete(Attempt).where(Attempt.ends_at < at).returning(Attempt.key)).all()
    return len(gone)


def _count(own: Session, limit: Limit, key: str, tries: int, at: dt.datetime) -> None:
    """So many tries more, unless this stretch, and the part of the one before that still counts, are full."""
    length, began = _stretch(limit, at)
    passed = (at - began).total_seconds()
    before = own.scalar(select(Attempt.tries).where(Attempt.key == key, Attempt.began_at == began - limit.every)) or 0
    most = limit.most - math.floor(before * (1 - passed / length))
    if most < tries or _add(own, limit, key, tries, at, most=most) is None:
        raise TooMany(math.ceil(length - passed))


def _add(own: Session, limit: Limit, key: str, tries: int, at: dt.datetime, *, most: int | None = None) -> int | None:
    """Count so many tries more; how many that makes, or None, and nothing is counted, where it is more than `most`."""
    _, began = _stretch(limit, at)
    row = {"key": key, "began_at": began, "tries": tries, "ends_at": began + 2 * limit.every}
    counted: int | None = own.scalar(
        upsert(Attempt, own)
        .values(**row)
        .on_conflict_do_update(
            index_elements=[Attempt.key, Attempt.began_at],
            set_={"tries": Attempt.tries + tries},
            where=None if most is None else Attempt.tries <= most - tries,
        )
        .returning(Attempt.tries)
    )
    return counted


def _stretch(limit: Limit, at: dt.datetime) -> tuple[float, dt.datetime]:
    """How long a stretch is, in seconds, and when the one of `at` began."""
    length = limit.every.total_seconds()
    return length, dt.datetime.fromtimestamp(at.timestamp() // length * length, dt.UTC)


def _key(name: str, limit: Limit, subject: str) -> str:
    """Says nothing to whoever has only the table: its salt comes from the site's secret."""
    text = f"{name}\n{limit.of}\n{limit.every.total_seconds():.0f}\n{subject.lower()}"
    return base64.urlsafe_b64encode(hashlib.sha256(get_hmac(text)).digest()[:18]).decode()
