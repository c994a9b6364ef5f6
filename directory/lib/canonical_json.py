"""One text for one value: JSON that is hashed.

The keys sorted by code point, no space, UTF-8 as it is, numbers whole (RFC 8785 for values of these types and keys of
ASCII). Floats are refused, because not everybody writes them alike.
"""

import json
from typing import Any


def dumps(value: Any) -> str:
    """The text of a value of dictionaries, lists, text, whole numbers, true, false and null. Raises ValueError."""
    _check(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def is_canonical(text: str) -> bool:
    """Whether a text is the one of what it says."""
    try:
        return dumps(json.loads(text)) == text
    except (ValueError, RecursionError):
        return False


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"{key!r} cannot be a key")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif value is not None and not isinstance(value, str | int):
        raise ValueError(f"{type(value).__name__} has no text of its own")
