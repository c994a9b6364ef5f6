"""Words that wait here for somebody else: sealed with a key that is a file beside the database, never in it.

The key is turned forwards (lib/ratchets), and what lies behind is forgotten: so nothing that was ever sealed can be
opened longer than KEPT after its day, whoever has an old copy of the database and the key of today.
"""

import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import Any

from directory.config import Settings, UnsafeSettings, kept_once
from directory.lib import ratchets, tokens
from directory.lib.ratchets import Ratchet

# Longer than anything that is sealed may wait: a day for its sender, and five for the mail servers (services/letters).
KEPT = dt.timedelta(days=8)


def path_of(settings: Settings) -> Path:
    """Where the key is."""
    return settings.enquiry_key_file or settings.data_dir / "enquiry-key.json"


def seal(values: dict[str, Any], about: str, settings: Settings, *, at: dt.datetime) -> str:
    """Close plain JSON up, for `unseal` to open as what it is `about`. Raises UnsafeSettings."""
    return _ratchet(settings, at).seal(values, about, day=_day(at), nonce=tokens.nonce())


def unseal(sealed: str, about: str, settings: Settings, *, at: dt.datetime) -> dict[str, Any] | None:
    """What was closed up; None where nobody can open it any more. Raises UnsafeSettings."""
    return _ratchet(settings, at).unseal(sealed, about)


def forget(settings: Settings, *, at: dt.datetime) -> bool:
    """Forget the keys of days that are so long ago that nothing of them waits any more; whether there were any.

    Two that do this at once write the same.
    """
    path, known = path_of(settings), _ratchet(settings, at)
    turned = known.turned_to(_day(at - KEPT))
    if turned is known:
        return False
    try:
        _replace(path, turned.text())
    except OSError as error:
        raise UnsafeSettings(f"the key in {path} cannot be written anew: {error.strerror}") from None
    return True


def is_ahead(settings: Settings, *, at: dt.datetime) -> bool:
    """Whether the key is of a day yet to come, because a clock was wrong: until then nothing is forgotten."""
    return path_of(settings).exists() and _ratchet(settings, at).day > _day(at)


def _replace(path: Path, text: str) -> None:
    """Never half written, never readable for others, and where it fails, nothing of it is left."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        new = Path(folder) / path.name
        new.touch(0o600)
        with new.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)


def _ratchet(settings: Settings, at: dt.datetime) -> Ratchet:
    path = path_of(settings)
    text = kept_once(path, lambda: Ratchet(_day(at - KEPT), tokens.key()).text())
    try:
        return ratchets.read(text)
    except ratchets.Unreadable:
        raise UnsafeSettings(f"the file {path} holds no key; put it aside, and another is made") from None


def _day(at: dt.datetime) -> dt.date:
    """In UTC, so that every machine means the same."""
    return at.astimezone(dt.UTC).date()
