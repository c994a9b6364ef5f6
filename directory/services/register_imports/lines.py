"""The rows of a list on their way into the table: what each is known again by, its hash, and what it says."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from operator import itemgetter

from directory.lib.fingerprints import fingerprint
from directory.lib.folding import plain
from directory.models import Register, Shown, Tie
from directory.services.register_imports import words
from directory.services.register_imports.cleaning import BETWEEN
from directory.services.register_imports.disciplines import Disciplines
from directory.services.register_imports.fields import KEPT
from directory.services.register_imports.reading import Reading
from directory.services.registers.bulk import Said
from directory.services.registers.contacts import hashed

_AT = {name: position for position, name in enumerate(KEPT)}
_DIGEST_BYTES = 16
# A British or Irish postcode with both halves, or the first alone.
_OUTWARD = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*\d[A-Z]{2}|([A-Z]\d[\dW])\s*[\dA-Z]{4}", re.IGNORECASE)


class Lines:
    """The rows that a list shows, by key. `unread`: the keys of those that could not be read."""

    def __init__(self, reading: Reading, register: Register, listed_on: dt.date) -> None:
        self._register, self._on = register, listed_on
        self._cells = list(reading.cells())
        self._lines = reading.lines
        body_id = register.body_id
        self._numbers = reading.number_keys
        keys = [_key(body_id, number) if number else 0 for number in reading.number_keys]
        for position, nth in self._unnumbered():
            name, town = self._names(self._cells[position])
            keys[position] = _key(body_id, "", name, town, nth)
        hash_of = hashlib.blake2b
        self.digests = {
            key: hash_of(BETWEEN.join(cells).encode(), key=register.key, digest_size=_DIGEST_BYTES).digest()
            for key, cells in zip(keys, self._cells, strict=True)
        }
        self._at = {key: position for position, key in enumerate(keys)}
        self.unread = frozenset(
            _key(body_id, number) if number else _key(body_id, "", name, town, 0)
            for number, name, town in reading.unread
        )

    def __len__(self) -> int:
        return len(self._at)

    def _names(self, cells: tuple[str, ...]) -> tuple[str, str]:
        return plain(cells[_AT["name"]]), plain(cells[_AT["town"]])

    def _unnumbered(self) -> list[tuple[int, int]]:
        """Positions of rows without a number, each with which of those of its name and town it is.

        Several of one name and town are told apart by the order of all that they say, not by that of the file.
        """
        blank = [position for position, number in enumerate(self._numbers) if not number]
        counts: dict[tuple[str, str], int] = {}
        found = []
        for position in sorted(blank, key=self._cells.__getitem__):
            names = self._names(self._cells[position])
            found.append((position, counts.get(names, 0)))
            counts[names] = counts.get(names, 0) + 1
        return found

    def line(self, key: int) -> int:
        """The line of the file on which a row begins."""
        return self._lines[self._at[key]]

    def value(self, key: int, name: str) -> str:
        """What a row says in a field of KEPT."""
        return self._cells[self._at[key]][_AT[name]]

    def key_of_number(self, number_key: str) -> int:
        """By which key the row of a number is known, whether the list has it or not."""
        return _key(self._register.body_id, number_key)

    def ended_on(self, key: int) -> dt.date | None:
        """The day on which a row says that a membership ended."""
        return _day(self.value(key, "ended_on"))

    def shown(self, key: int) -> tuple[Shown, str | None]:
        """What a row says of the membership, and the address of a notice. The worst of what it says counts."""
        value = itemgetter(*(_AT[name] for name in ("standing", "notice", "ended_on")))
        standing, notice, ended_on = value(self._cells[self._at[key]])
        has_notice, address = words.notice(notice)
        said = words.standing(standing)
        if has_notice or said is Shown.NOTICE:
            return Shown.NOTICE, address
        if ended_on and ended_on <= self._on.isoformat():
            return Shown.ENDED, None
        return said, None

    def said(self, disciplines: Disciplines) -> Callable[[int], Said]:
        """What makes of a key the values of registers/bulk.SAID."""

        def of(key: int) -> Said:
            cells = self._cells[self._at[key]]
            number, name, grade, treatments, town, postcode, telephone, email, website, begin, end, *_ = cells
            modalities, others = disciplines.read(treatments)
            shown, address = self.shown(key)
            return (
                self._register.body_id, key, number or None, self._numbers[self._at[key]], name, plain(name),
                grade or None, modalities, others, town or None, outward(postcode),
                self._hashed(Tie.TELEPHONE, telephone), self._hashed(Tie.EMAIL, email),
                self._hashed(Tie.WEBSITE, website), _day(begin), _day(end), shown,
                cells[_AT["standing"]] or None, address, self.digests[key],
            )  # fmt: skip

        return of

    def _hashed(self, tie: Tie, text: str) -> str | None:
        return hashed(self._register, tie, text) if text else None


def outward(postcode: str) -> str | None:
    """The first half of a British or Irish postcode; another as it is, without what a house could be found by."""
    found = _OUTWARD.fullmatch(postcode)
    if found:
        return (found[1] or found[2]).upper()
    return postcode.upper()[:8] or None


def _key(body_id: str, number: str, name: str = "", town: str = "", nth: int = 0) -> int:
    return fingerprint("register row", body_id, number, name, town, str(nth))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
