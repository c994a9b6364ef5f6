"""Words that open only for whoever already knows some other words, and a salt that lies beside them."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

# So that no digest that is kept for comparing (lib/fingerprints.salted) is the key.
_PURPOSE = "sealed for whoever knows"


def seal(values: dict[str, Any], salt: str, *known: str) -> str:
    """Close plain JSON up, to be opened by whoever knows the words `known`."""
    return Fernet(_key(salt, known)).encrypt(json.dumps(values).encode()).decode()


def unseal(sealed: str, salt: str, *known: str) -> dict[str, Any] | None:
    """What was closed up; None where these words do not open it."""
    try:
        found: dict[str, Any] = json.loads(Fernet(_key(salt, known)).decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        return None
    return found


def _key(salt: str, known: tuple[str, ...]) -> bytes:
    text = "\x1f".join((_PURPOSE, salt, *known))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
