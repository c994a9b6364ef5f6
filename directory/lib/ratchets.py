"""Keys that are only ever turned forwards: one for each day, worked out from that of the day before.

Whoever keeps the key of a day can work out those of every later day, and none of an earlier one. So what was sealed on
a day is lost to everybody, with all copies of it, once the keys up to that day are forgotten; and machines that began
with the same key agree on every later one without speaking to each other.
"""

import base64
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

LENGTH = 32
_NONCE = 12
# What each derived key is for: none of them is used for anything else (RFC 5869, 3.2).
_NEXT_DAY, _SEALING = b"tsubo: the key of the next day", b"tsubo: sealing on this day"
# More days than a site is away for; a day beyond them is a mistake, and would be turned towards for ever.
_MOST_DAYS = 36_525


class Unreadable(ValueError):
    """A text that is no key."""


@dataclass(frozen=True)
class Ratchet:
    """The oldest key that is still known: that of `day`, 32 random bytes."""

    day: dt.date
    key: bytes

    def text(self) -> str:
        """For a file that only its owner reads."""
        return json.dumps({"day": self.day.isoformat(), "key": base64.b64encode(self.key).decode()}) + "\n"

    def turned_to(self, day: dt.date) -> "Ratchet":
        """The same without the keys of the days before `day`; itself where it has forgotten them already."""
        days, key = (day - self.day).days, self.key
        if days > _MOST_DAYS:
            raise Unreadable("the key is of a day too long ago; is the clock right?")
        for _ in range(days):
            key = _derived(key, _NEXT_DAY)
        return Ratchet(day, key) if days > 0 else self

    def seal(self, values: dict[str, Any], about: str, *, day: dt.date, nonce: bytes) -> str:
        """Close plain JSON up with the key of `day`. It opens only as what it is `about`: see unseal."""
        turned = self.turned_to(day)
        box = ChaCha20Poly1305(_derived(turned.key, _SEALING)).encrypt(
            nonce, json.dumps(values).encode(), about.encode()
        )
        return f"{turned.day.isoformat()}.{base64.urlsafe_b64encode(nonce + box).decode()}"

    def unseal(self, text: str, about: str) -> dict[str, Any] | None:
        """What was closed up; None where its key is forgotten, or it was altered or put in another's place."""
        day, _, box = text.partition(".")
        try:
            sealed_on, raw = dt.date.fromisoformat(day), base64.urlsafe_b64decode(box)
            if sealed_on < self.day:
                return None
            key = _derived(self.turned_to(sealed_on).key, _SEALING)
            found: dict[str, Any] = json.loads(
                ChaCha20Poly1305(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode())
            )
        except (ValueError, InvalidTag):
            return None
        return found


def read(text: str) -> Ratchet:
    """What `Ratchet.text` wrote. Raises Unreadable."""
    try:
        said = json.loads(text)
        ratchet = Ratchet(dt.date.fromisoformat(said["day"]), base64.b64decode(said["key"], validate=True))
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(type(error).__name__) from None
    if len(ratchet.key) != LENGTH:
        raise Unreadable("too short")
    return ratchet


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(SHA256(), LENGTH, purpose).derive(key)
