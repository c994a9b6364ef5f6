"""People who stand on a register, have no listing, and do not want the checker to say so.

Anybody may object for a body, a number and a name: whether a register shows them is not asked, so an objection tells
nobody anything. It is kept as a keyed hash (docs/decisions/0012): whoever has only the table cannot tell for whom one
was made, or test a guess.
"""

import datetime as dt
from collections.abc import Iterable

from flask_security.utils import get_hmac
from sqlalchemy import delete, func, select

from directory.db import db
from directory.lib.skeletons import skeletons
from directory.models import Objection
from directory.models.claims import number_key


def make(body_id: str, number: str, name: str, *, at: dt.datetime) -> None:
    """Keep that somebody objects. To object again changes nothing."""
    digests = _digests(body_id, number, [name])
    known = set(db.session.scalars(select(Objection.digest).where(Objection.digest.in_(digests))))
    db.session.add_all(Objection(digest=digest, made_at=at) for digest in sorted(digests - known))


def take_back(body_id: str, number: str, name: str) -> bool:
    """Forget an objection; whether there was one."""
    digests = _digests(body_id, number, [name])
    gone = db.session.scalars(delete(Objection).where(Objection.digest.in_(digests)).returning(Objection.digest)).all()
    return bool(gone)


def is_made(body_id: str, number: str, names: Iterable[str]) -> bool:
    """Whether somebody of this number and one of these names objected."""
    digests = _digests(body_id, number, names)
    found = db.session.scalar(select(func.count()).select_from(Objection).where(Objection.digest.in_(digests)))
    return bool(found)


def _digests(body_id: str, number: str, names: Iterable[str]) -> set[str]:
    """A hash of each look of the names, and of each as an initial with the last word: Annie Smith objects for Ann."""
    looks = {look for name in names for reading in (name, _short(name)) for look in skeletons(reading)}
    key = number_key(number)
    return {get_hmac(f"objection\n{body_id}\n{key}\n{look}").decode() for look in looks}


def _short(name: str) -> str:
    words = name.split()
    return f"{words[0][:1]} {words[-1]}" if words else ""
