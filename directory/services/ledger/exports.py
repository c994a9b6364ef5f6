"""The whole ledger as a file of lines: what there is about it, then each entry as it is hashed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from directory.lib import canonical_json
from directory.services.ledger import entries, heads, keys

FORMAT = "tsubo ledger 1"


class NotAnExport(ValueError):
    """A file that is no export of a ledger."""


def lines(size: int | None = None) -> Iterator[str]:
    """The lines of an export, each with its end. The hash of an entry is that of its line without the end."""
    size = entries.size() if size is None else size
    head = heads.latest()
    public = [json.loads(one) for one in keys.list_public()]
    about: dict[str, Any] = {"format": FORMAT, "head": head and head.token, "keys": public, "size": size}
    yield canonical_json.dumps(about) + "\n"
    for body in entries.bodies(1, size):
        yield body + "\n"


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
