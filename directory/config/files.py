"""Secrets and folders that are made at first use, for their owner alone."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


class UnsafeSettings(Exception):
    """The settings are wrong or unsafe; the text is one line for an operator."""


def kept_once(path: Path, make: Callable[[], str]) -> str:
    """The text of a file that is made at first use, for its owner alone. Raises UnsafeSettings."""
    make_folder(path.parent)
    try:
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
                file.write(make())
                file.flush()
                # Linking fails when another process was first, and never shows a half-written key.
                with contextlib.suppress(FileExistsError):
                    os.link(file.name, path)
        return path.read_text()
    except OSError as error:
        raise UnsafeSettings(f"the secret in {path} cannot be kept or read: {error.strerror}") from None


def make_folder(folder: Path) -> None:
    """Make the folder of a database, for its owner alone, if it is not there. Raises UnsafeSettings."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnsafeSettings(f"the folder {folder} cannot be made: {error.strerror}") from None
