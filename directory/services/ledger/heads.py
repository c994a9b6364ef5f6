"""Heads: signed statements of how many entries there are, and of their Merkle root.

Whoever keeps a head can tell later whether anything that it covers was changed, even by somebody who has the database
and the key.
"""

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from directory.config import Settings
from directory.db import db
from directory.lib import canonical_json
from directory.models import DirectoryError, LedgerHead, LedgerKey, NotFound
from directory.services import outbox
from directory.services.ledger import entries, keys, trees

_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class Broken(DirectoryError):
    """The ledger is not what a head said of it, so no other head is signed."""


@dataclass(frozen=True)
class Head:
    """What a head says. `key`: the name of the key that signed it."""

    size: int
    root: str
    at: dt.datetime
    token: str
    key: str

    @property
    def fingerprint(self) -> str:
        """Enough of the root to compare it by eye: 9f3a 41c7 0be2 d86f."""
        return " ".join(self.root[start : start + 4] for start in range(0, 16, 4))


def sign(settings: Settings, *, at: dt.datetime) -> Head | None:
    """Sign a head, if there are new entries. Raises Broken where what an earlier head covers was changed."""
    key = keys.signing_key(settings)
    name = keys.name_of(key)
    before = latest()
    if before is not None and entries.size() > 0 and before.size == entries.size():
        return None
    if db.session.get(LedgerKey, name) is None:
        db.session.add(LedgerKey(id=name, jwk=keys.public_text(key), added_at=at))
        entries.append("ledger-key-added", at=at, by=None, key=name)
    size = entries.size()
    if size == 0:
        return None
    if before is not None and (before.size > size or trees.root(before.size) != before.root):
        raise Broken(f"the first {before.size} entries of the ledger are not those of its last head")
    root = trees.root(size)
    said = {"at": entries.written(at), "root": root, "site": settings.address, "size": size}
    row = LedgerHead(size=size, root=root, at=at, token=keys.sign(canonical_json.dumps(said), key))
    db.session.add(row)
    db.session.flush()
    return _read(row.token)


def warm_up() -> None:
    """Bring the tree of this process up to date, so that a head is signed quickly."""
    trees.root(entries.size())


def mail(settings: Settings, *, today: dt.date, at: dt.datetime) -> int:
    """Queue the newest head for everybody who gets it, once a day; for how many."""
    head = latest()
    if head is None:
        return 0
    values: dict[str, Any] = {"size": head.size, "root": head.root, "at_time": head.at.isoformat(), "token": head.token}
    queued = [
        outbox.queue("ledger-head", to, cause=f"ledger-head:{today.isoformat()}:{to}", at=at, **values)
        for to in settings.ledger_mail
    ]
    return sum(letter is not None for letter in queued)


def latest() -> Head | None:
    """The newest head."""
    token = db.session.scalar(select(LedgerHead.token).order_by(LedgerHead.size.desc()).limit(1))
    return None if token is None else _read(token)


def get(size: int) -> Head:
    """The head of so many entries. Raises NotFound."""
    row = db.session.get(LedgerHead, size)
    if row is None:
        raise NotFound(f"no head was signed of {size} entries")
    return _read(row.token)


def list_heads(most: int = 10) -> list[Head]:
    """The newest heads, the newest first."""
    return [
        _read(token)
        for token in db.session.scalars(select(LedgerHead.token).order_by(LedgerHead.size.desc()).limit(most))
    ]


def _read(token: str) -> Head:
    """What stands in a head, whoever signed it. Raises keys.Forged."""
    return _understood(keys.content_of(token), token)


def read(token: str, public_keys: list[str]) -> Head:
    """A head that was signed by one of these keys. Raises keys.Forged."""
    name = keys.signer_of(token)
    by_name = {str(json.loads(one).get("kid")): one for one in public_keys}
    if name not in by_name:
        raise keys.Forged("it is signed with a key that is not known here")
    return _understood(keys.opened(token, by_name[name]), token)


def found_in(text: str) -> str:
    """The head that stands in a text: a file of its own, JSON of this site, or a letter. Raises keys.Forged."""
    # A letter as it travelled may break lines with an equals sign.
    found = _TOKEN.search(re.sub(r"=\r?\n", "", text))
    if found is None:
        raise keys.Forged("there is no head in it")
    return found[0]


def _understood(payload: str, token: str) -> Head:
    try:
        said = json.loads(payload)
        size, root = int(said["size"]), str(said["root"])
        at = dt.datetime.fromisoformat(said["at"])
    except (ValueError, KeyError, TypeError) as error:
        raise keys.Forged("it says nothing that we understand") from error
    return Head(size, root, at, token, keys.signer_of(token))
