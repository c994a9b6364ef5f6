"""Marks words that are translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802  the name that extraction tools know
    """Mark `text` for translation; it is translated later, by whoever shows it."""
    return text


@dataclass(frozen=True)
class Message:
    """A sentence with places to fill in. `text` is marked with N_; doors translate and fill it."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
