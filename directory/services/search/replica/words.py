"""Which listings have a word, or a word that begins so, in which of their texts.

What came from a file stays there and is read when it is asked for; what was added since is kept beside it.
"""

from array import array
from bisect import bisect_left, insort
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.services.search.criteria import Terms, is_beginning

# Texts of a listing, from those that say most about it; a search looks in the first few of them.
TEXTS = ("names", "methods", "body", "concerns")
NAMES, METHODS, PLAIN, FULL = 1, 2, 3, 4

MAX_BEGINNINGS = 48  # beginnings whose sets are kept, each of at most an eighth of a byte for a listing and text
LAST = "\U0010ffff"

Lists = dict[str, BitMap]


class Words:
    """For each of the texts, the slots that have a word."""

    def __init__(self, stored: "Stored | None" = None) -> None:
        self._stored = stored or Stored([], np.zeros(1, np.int64), lambda _at, _length: b"")
        self._added: list[Lists] = [{} for _ in TEXTS]
        self._added_words: list[list[str]] = [[] for _ in TEXTS]
        self._beginnings: OrderedDict[tuple[int, str], BitMap] = OrderedDict()

    def matching(self, terms: Terms, texts: int) -> BitMap:
        """Slots with all `terms` in any of the first so many `texts`."""
        found: BitMap | None = None
        for position, term in enumerate(terms):
            having = BitMap()
            for alternative in term:
                all_of_it: BitMap | None = None
                for number, word in enumerate(alternative):
                    begins = is_beginning(terms, position, alternative, number)
                    slots = self._having(word, texts, begins=begins)
                    all_of_it = slots if all_of_it is None else all_of_it & slots
                having = having | (all_of_it or BitMap())
            found = having if found is None else found & having
        return found or BitMap()

    def _having(self, word: str, texts: int, *, begins: bool) -> BitMap:
        find = self._beginning if begins else self._whole
        return BitMap.union(BitMap(), *(find(word, text) for text in range(texts)))

    def _whole(self, word: str, text: int) -> BitMap:
        stored = self._stored.get(text, word)
        added = self._added[text].get(word)
        return stored | added if added is not None else stored

    def _beginning(self, word: str, text: int) -> BitMap:
        key = (text, word)
        stored = self._beginnings.get(key)
        if stored is None:
            stored = self._beginnings[key] = self._stored.beginning(text, word)
            if len(self._beginnings) > MAX_BEGINNINGS:
                self._beginnings.popitem(last=False)
        else:
            self._beginnings.move_to_end(key)
        words, lists = self._added_words[text], self._added[text]
        added = words[bisect_left(words, word) : bisect_left(words, word + LAST)]
        return BitMap.union(stored, *(lists[one] for one in added)) if added else stored

    def add(self, texts: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Add slots with their texts, each text as words separated by one space."""
        new: list[defaultdict[str, array[int]]] = [defaultdict(lambda: array("I")) for _ in TEXTS]
        for slot, given in texts:
            for lists, text in zip(new, given, strict=True):
                for word in text.split():
                    lists[word].append(slot)
        for lists, known, order in zip(new, self._added, self._added_words, strict=True):
            for word, slots in lists.items():
                if word in known:
                    known[word] |= BitMap(slots)
                else:
                    known[word] = BitMap(slots)
                    insort(order, word)

    def stored(self, public: BitMap) -> Iterator[tuple[str, list[bytes]]]:
        """Every word that somebody in `public` has, in order, with their slots for each text as they are written to a
        file; b"" for none. Nothing is left of those who are not public any more."""
        for word in sorted({*self._stored.words, *(word for lists in self._added for word in lists)}):
            lists = [self._whole(word, text) & public for text in range(len(TEXTS))]
            if any(lists):
                yield word, [slots.serialize() if slots else b"" for slots in lists]


class Unreadable(Exception):
    """The file of a replica is not whole, or is of another version of the program."""


Read = Callable[[int, int], bytes]


class Stored:
    """Words and their slots as a file holds them: word after word, and of each word text after text. `ends` are where
    the slots of each end, after where the first begin; `read` gives so many bytes from a place on."""

    def __init__(self, words: list[str], ends: NDArray[Any], read: Read) -> None:
        self.words = words
        self._ends = ends
        self._read = read

    def get(self, text: int, word: str) -> BitMap:
        """Slots with this word. Raises Unreadable."""
        at = bisect_left(self.words, word)
        return self._at(text, at) if at < len(self.words) and self.words[at] == word else BitMap()

    def beginning(self, text: int, word: str) -> BitMap:
        """Slots with a word that begins so. Raises Unreadable."""
        first, last = bisect_left(self.words, word), bisect_left(self.words, word + LAST)
        return BitMap.union(BitMap(), *(self._at(text, at) for at in range(first, last)))

    def _at(self, text: int, at: int) -> BitMap:
        place = at * len(TEXTS) + text
        start, end = int(self._ends[place]), int(self._ends[place + 1])
        if start == end:
            return BitMap()
        try:
            return BitMap.deserialize(self._read(start, end - start))
        except ValueError as error:
            raise Unreadable("it was overwritten while it was in use") from error


class Gathering:
    """The words of very many listings, gathered before they are written to a file."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._lists: list[dict[int, BitMap]] = [{} for _ in TEXTS]
        self._known: list[dict[str, bytes]] = [{} for _ in TEXTS]

    def add(self, texts: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Add slots, each with its texts."""
        slots = np.array([slot for slot, _ in texts], np.uint32)
        for text, name in enumerate(TEXTS):
            flat, counts = array("I"), []
            known = self._known[text]
            for _, given in texts:
                numbers = known.get(given[text])
                if numbers is None:
                    numbers = array("I", map(self._numbers.__getitem__, given[text].split())).tobytes()
                    # Many have the same methods and the same concerns.
                    if name in {"methods", "concerns"}:
                        known[given[text]] = numbers
                flat.frombytes(numbers)
                counts.append(len(numbers) // flat.itemsize)
            if flat:
                self._add(self._lists[text], np.frombuffer(flat, np.uint32), np.repeat(slots, counts))

    @staticmethod
    def _add(lists: dict[int, BitMap], words: NDArray[Any], slots: NDArray[Any]) -> None:
        order = np.argsort(words, kind="stable")
        words, slots = words[order], slots[order]
        starts = np.flatnonzero(np.diff(words, prepend=~words[0]))
        ends = [*starts[1:].tolist(), len(words)]
        written = array("I", slots.tobytes())
        for word, start, end in zip(words[starts].tolist(), starts.tolist(), ends, strict=True):
            lists.setdefault(word, BitMap()).update(BitMap(written[start:end]))

    def stored(self) -> Iterator[tuple[str, list[bytes]]]:
        """As Words.stored."""
        for word in sorted(self._numbers):
            number = self._numbers[word]
            yield word, [lists[number].serialize() if number in lists else b"" for lists in self._lists]


class _Numbers(dict[str, int]):
    """A number for each word."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def write(stored: Iterable[tuple[str, list[bytes]]], put: Callable[[bytes], object]) -> "tuple[list[str], array[int]]":
    """Hand the slots of all words to `put`, one after another; the words and ends as Stored takes them."""
    words, ends, end = [], array("q", [0]), 0
    for word, lists in stored:
        words.append(word)
        for slots in lists:
            put(slots)
            end += len(slots)
            ends.append(end)
    return words, ends
