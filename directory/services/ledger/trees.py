"""The Merkle tree over all entries, kept in the memory of each process, and what it proves."""

import threading

from directory.lib.merkle import Tree
from directory.models import NotFound
from directory.services.ledger import entries


class _Kept:
    """The tree of one process. It only grows, but where the database is another than it was."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tree = Tree()

    def of_size(self, size: int) -> Tree:
        """The tree, with at least `size` entries. Raises NotFound where there are not so many."""
        with self._lock:
            tree = self._tree
            held = len(tree)
            # The chain holds them together: where the last one is the same, all before it are.
            if held and list(entries.hashes(held, held)) != [tree.leaf(held - 1)]:
                tree = Tree()
            for leaf in entries.hashes(len(tree) + 1, max(size, len(tree))):
                tree.append(leaf)
            self._tree = tree
        if not 0 <= size <= len(tree):
            raise NotFound(f"there are no {size} entries")
        return tree


_KEPT = _Kept()


def root(size: int) -> str:
    """The root of the first `size` entries, hexadecimal. Raises NotFound."""
    return _KEPT.of_size(size).root(size).hex()


def inclusion(seq: int, size: int) -> list[str]:
    """Proves that an entry is among the first `size` (RFC 9162, 2.1.3). Raises NotFound."""
    if not 1 <= seq <= size:
        raise NotFound(f"entry {seq} is not among {size}")
    return [one.hex() for one in _KEPT.of_size(size).inclusion(seq - 1, size)]


def consistency(first: int, second: int) -> list[str]:
    """Proves that the first `second` entries begin with the first `first` (RFC 9162, 2.1.4). Raises NotFound."""
    if not 1 <= first <= second:
        raise NotFound(f"{second} entries do not begin with {first}")
    return [one.hex() for one in _KEPT.of_size(second).consistency(first, second)]
