"""The Merkle tree of RFC 9162: hashes, and proofs that something is in it and that it only grew.

Hashes are 32 bytes of SHA-256. A tree is the list of its leaf hashes. Proofs are lists of hashes, the lowest first.
"""

import hashlib
from collections.abc import Iterable, Sequence

# RFC 9162, 2.1.1: the two kinds of hash cannot be mistaken for each other.
_LEAF, _NODE = b"\x00", b"\x01"
_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(_LEAF + content).digest()


def _node_hash(left: bytes | bytearray, right: bytes | bytearray) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of a tree (RFC 9162, 2.1.1)."""
    return Tree(leaves).root(len(leaves))


class Tree:
    """A tree, whose roots and proofs can be asked for at every size that it ever had.

    Every whole subtree is hashed once, so that a question costs little; that takes 64 bytes for each leaf.
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        # The hashes of all whole subtrees of 1, 2, 4 ... leaves, one after the other.
        self._levels = [bytearray()]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0]) // _BYTES

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash at the end."""
        self._levels[0] += leaf
        level = 0
        while len(self._levels[level]) % (2 * _BYTES) == 0:
            if len(self._levels) == level + 1:
                self._levels.append(bytearray())
            last = self._levels[level]
            self._levels[level + 1] += _node_hash(last[-2 * _BYTES : -_BYTES], last[-_BYTES:])
            level += 1

    def leaf(self, index: int) -> bytes:
        """A leaf hash, counted from 0."""
        return self._hash(index, index + 1)

    def _hash(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0:
            # Whole subtrees begin at multiples of their size.
            level = size.bit_length() - 1
            at = (start >> level) * _BYTES
            return bytes(self._levels[level][at : at + _BYTES])
        middle = start + _split(size)
        return _node_hash(self._hash(start, middle), self._hash(middle, end))

    def _check(self, size: int) -> None:
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree never had {size} leaves")

    def root(self, size: int) -> bytes:
        """The hash that the tree had at this size."""
        self._check(size)
        return self._hash(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proves that leaf `index`, counted from 0, is in the tree of that size (RFC 9162, 2.1.3.1)."""
        self._check(size)
        if not 0 <= index < size:
            raise ValueError(f"there is no leaf {index} in a tree of {size}")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Proves that the tree of size `second` begins with all of that of size `first` (RFC 9162, 2.1.4.1)."""
        self._check(second)
        if not 0 < first <= second:
            raise ValueError(f"a tree of {second} does not begin with one of {first}")
        path: list[bytes] = []
        start, end, is_whole = 0, second, True
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start, is_whole = middle, False
        if not is_whole:
            path.append(self._hash(start, end))
        return path[::-1]


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` proves that the tree of that size and root has this leaf there (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = _node_hash(sibling, found)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            found = _node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == expected


def proves_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the second tree begins with all of the first (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    hashes = list(path)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = _node_hash(sibling, old), _node_hash(sibling, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = _node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
