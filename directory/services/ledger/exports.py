"""The whole ledger as a file of lines: what there is about it, then each entry as it is hashed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from directory.db import mode
from directory.lib import canonical_json
from directory.services.ledger import entries, heads, keys

FORMAT = "tsubo ledger 1"


class NotAnExport(ValueError):
    """A file that is no export of a ledger."""


def about(size: int) -> str:
    """The first line of an export of so many entries, with its end."""
    head = heads.latest()
    public = [json.loads(one) for one in keys.list_public()]
    said: dict[str, Any] = {"format": FORMAT, "head": head and head.token, "keys": public, "size": size}
    return canonical_json.dumps(said) + "\n"


def piece(first: int, size: int) -> str:
    """The lines of the next entries from `first` on, a thousand at most. The hash of an entry is that of its line
    without the end. In a transaction of its own, since whoever downloads may be slow."""
    with mode("reading"):
        return "".join(body + "\n" for body in entries.bodies(first, min(size, first + entries.MOST - 1)))


def lines() -> Iterator[str]:
    """The whole export, in pieces."""
    size = entries.size()
    yield about(size)
    for first in range(1, size + 1, entries.MOST):
        yield piece(first, size)


def read(found: Iterable[str]) -> tuple[list[str], Iterator[str]]:
    """The public keys of an export, and its entries as they are hashed. Raises NotAnExport, UnicodeDecodeError."""
    rest = iter(found)
    try:
        about = json.loads(next(rest, ""))
        if about["format"] != FORMAT:
            raise NotAnExport
        public = [json.dumps(one) for one in about["keys"]]
    except UnicodeDecodeError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise NotAnExport from error
    return public, (line.removesuffix("\n") for line in rest)
