"""By what lines of a register are found: pairs of words of their names, kept in arrays so that a million lines fit.

Every word has a number, in the order of the alphabet, so that all words that begin with a letter stand together. Of
each line some pairs of a family and a given name are kept, sorted. A word that is not there is looked up by what it
sounds and looks like, and without one of its letters.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from jellyfish import metaphone

from directory.lib.name_parts import Words
from directory.lib.romanisation import sound
from directory.lib.skeletons import skeleton
from directory.services.matching.names import SHORTEST_SIMILAR, is_similar

MOST_KEPT = 50_000
_LAST = "\U0010ffff"


def pairs(name: Words) -> Iterator[tuple[str, str]]:
    """Family and given names under which a line is kept and looked for."""
    words = name.words
    if len(words) == 2 and not name.particled and not any(name.parts):
        yield words[1], words[0]
        return
    if not words:
        return
    if len(words) == 1:
        yield words[0], words[0]
        return
    families = [words[-1], *name.parts[-1]]
    if name.particled:
        families.append(name.particled)
    for family in families:
        yield family, words[0]
        for part in name.parts[0][:1]:
            yield family, part
    if len(words) > 2:
        yield words[-2], words[0]
        yield words[-1], words[1]


class Names:
    """The lines of a register by the words of their names."""

    def __init__(self, named: Iterable[tuple[int, Words]]) -> None:
        numbers: dict[str, int] = {}
        keys, positions = array("Q"), array("I")
        for position, name in named:
            for family, given in pairs(name):
                keys.append(numbers.setdefault(family, len(numbers)) << 32 | numbers.setdefault(given, len(numbers)))
                positions.append(position)
        self.words: list[str] = sorted(numbers)
        self._numbers = {word: place for place, word in enumerate(self.words)}
        self._keep(numbers, keys, positions)
        self._near = _Near(self.words)

    def _keep(self, numbers: dict[str, int], keys: "array[int]", positions: "array[int]") -> None:
        place = np.zeros(max(len(numbers), 1), np.uint64)
        for word, number in numbers.items():
            place[number] = self._numbers[word]
        given = np.frombuffer(keys, np.uint64) if keys else np.zeros(0, np.uint64)
        sorting = place[given >> np.uint64(32)] << np.uint64(32) | place[given & np.uint64(0xFFFFFFFF)]
        order = np.argsort(sorting, kind="stable")
        sorting = sorting[order]
        starts = np.searchsorted(sorting >> np.uint64(32), np.arange(len(self.words) + 1, dtype=np.uint64))
        self._starts = array("Q", starts.astype(np.uint64).tobytes())
        self._given = array("I", (sorting & np.uint64(0xFFFFFFFF)).astype(np.uint32).tobytes())
        rows = np.frombuffer(positions, np.uint32) if positions else np.zeros(0, np.uint32)
        self._positions = array("I", rows[order].tobytes())

    def of_pair(self, family: str, given: str) -> Sequence[int]:
        """The lines of a family and a given name."""
        one, other = self._numbers.get(family), self._numbers.get(given)
        if one is None or other is None:
            return ()
        low, high = self._starts[one], self._starts[one + 1]
        first = bisect_left(self._given, other, low, high)
        last = first
        while last < high and self._given[last] == other:
            last += 1
        return self._positions[first:last]

    def of_initial(self, family: str, initial: str, most: int) -> Sequence[int]:
        """The lines of a family name and a given name that begins so; no more than `most`."""
        one = self._numbers.get(family)
        if one is None:
            return ()
        low, high = self._starts[one], self._starts[one + 1]
        first = bisect_left(self._given, bisect_left(self.words, initial), low, high)
        last = bisect_left(self._given, bisect_left(self.words, initial + _LAST), first, high)
        return self._positions[first : min(last, first + most)]

    def has(self, word: str) -> bool:
        """Whether any name has it."""
        return word in self._numbers

    def spellings(self, word: str) -> Sequence[str]:
        """Words that are another spelling or another script of `word`."""
        return self._near.spellings(word)

    def similar(self, word: str) -> Sequence[str]:
        """Words that a slip makes of `word`, or that look like it."""
        return self._near.similar(word)


class _Near:
    """Words that are near each other, by keys that they share."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        keys, places = array("q"), array("I")
        for place, word in enumerate(words):
            for key in {*_spelling_keys(word), *_slip_keys(word)}:
                keys.append(hash(key))
                places.append(place)
        order = np.argsort(np.frombuffer(keys, np.int64), kind="stable") if keys else np.zeros(0, np.int64)
        self._keys = array("q", np.frombuffer(keys, np.int64)[order].tobytes()) if keys else keys
        self._places = array("I", np.frombuffer(places, np.uint32)[order].tobytes()) if places else places
        self._spellings: dict[str, Sequence[str]] = {}
        self._similar: dict[str, Sequence[str]] = {}

    def spellings(self, word: str) -> Sequence[str]:
        if word not in self._spellings:
            key = sound(word)
            found = [other for other in self._of(_spelling_keys(word)) if other != word and sound(other) == key]
            _remember(self._spellings, word, found)
        return self._spellings[word]

    def similar(self, word: str) -> Sequence[str]:
        if word not in self._similar:
            look = skeleton(word)
            others = [other for other in self._of(_slip_keys(word)) if other != word]
            found = [other for other in others if is_similar(word, other) or skeleton(other) == look]
            _remember(self._similar, word, found)
        return self._similar[word]

    def _of(self, keys: Iterable[tuple[str, str]]) -> list[str]:
        found: dict[int, None] = {}
        for key in keys:
            wanted = hash(key)
            position = bisect_left(self._keys, wanted)
            while position < len(self._keys) and self._keys[position] == wanted:
                found[self._places[position]] = None
                position += 1
        return [self._words[place] for place in found]


def _remember(kept: dict[str, Sequence[str]], word: str, found: Sequence[str]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[word] = found


def _spelling_keys(word: str) -> Iterator[tuple[str, str]]:
    key = sound(word)
    if key:
        yield "sound", key


def _slip_keys(word: str) -> Iterator[tuple[str, str]]:
    look = skeleton(word)
    if look:
        yield "look", look
    if len(word) < SHORTEST_SIMILAR - 1:
        return
    yield "without", word
    for position in range(len(word)):
        yield "without", word[:position] + word[position + 1 :]
    if word.isascii():
        yield "heard", word[0] + metaphone(word)
