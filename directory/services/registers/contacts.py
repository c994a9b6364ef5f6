"""What ties a listing to a row of a register, without keeping what the register shows.

A row keeps hashes of its telephone number, e-mail address and website under a key of the register. So they can be
compared with what somebody has confirmed, and nobody reads them off a page, an export or a backup by accident.
"""

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from directory.models import Register, Tie
from directory.services.registers.views import Line

# Without the prefix of a country, which people write in many ways or not at all.
DIGITS_COMPARED = 9
FEWEST_DIGITS = 7
HASH_BYTES = 16


def hashed(register: Register, tie: Tie, text: str) -> str | None:
    """The keyed hash of a telephone number, e-mail address or website; None where there is nothing to compare."""
    plain = _PLAIN[tie](text)
    if not plain:
        return None
    said = f"{tie.value}\x1f{plain}".encode()
    return hashlib.blake2b(said, key=register.key, digest_size=HASH_BYTES).hexdigest()


def ties(
    register: Register,
    line: Line,
    *,
    emails: Iterable[str] = (),
    telephones: Iterable[str] = (),
    websites: Iterable[str] = (),
) -> list[Tie]:
    """Which of these the row shows. Give only what the person has confirmed: anybody can type what a register says."""
    shown = (
        (Tie.EMAIL, line.email, emails),
        (Tie.TELEPHONE, line.telephone, telephones),
        (Tie.WEBSITE, line.website, websites),
    )
    return [tie for tie, kept, given in shown if kept and any(hashed(register, tie, one) == kept for one in given)]


# Only lower case: folding would make one of addresses that are two, such as groß@ and gross@.
def _email(text: str) -> str:
    text = text.strip().lower()
    return text if text.count("@") == 1 else ""


def _telephone(text: str) -> str:
    digits = "".join(character for character in text if character.isdecimal())
    return digits[-DIGITS_COMPARED:] if len(digits) >= FEWEST_DIGITS else ""


def _website(text: str) -> str:
    text = text.strip().lower()
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return host + parts.path.rstrip("/") if "." in host else ""


_PLAIN = {Tie.EMAIL: _email, Tie.TELEPHONE: _telephone, Tie.WEBSITE: _website}
