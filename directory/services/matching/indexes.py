"""Finds the lines of a register that may be somebody. Pure.

The rules. `match`: one listed line has the number and a compatible name, and nothing contradicts. `possible`: one is
similar, or has the very name and town and is alone in the register. `ambiguous`: two or more; none is chosen.
`was-listed`: the one line that would have been found is not listed on the day, or
shows somebody else by then: bodies give numbers anew. A number that is left blank is equal to
no other. A similar name never makes a match, with or without the number. Another town does not contradict: people move.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

from directory.lib import name_parts, short_forms
from directory.lib.name_parts import Words
from directory.services.matching.answers import answer, nearest
from directory.services.matching.asking import (
    Asked,
    Look,
    Tier,
    asked_pairs,
    best_name,
    is_listed_on,
    made_ready,
    may_be_one,
    tier_of,
)
from directory.services.matching.keys import Names, pairs
from directory.services.matching.names import Level, Likeness
from directory.services.matching.persons import Answer, Person, RegisterRowLike, Verdict
from directory.services.matching.reasons import Kind, Reason

MOST_READ = 2_000  # lines of one look-up; of so many none is chosen anyway
MOST_SPELLINGS = 12


class Index:
    """The lines of one register. Rows of one `key` are versions of one line, of which one is listed at a time."""

    def __init__(self, rows: Iterable[RegisterRowLike]) -> None:
        self.rows = list(rows)
        self._of_number: dict[str, int | list[int]] = {}
        self._versions = self._keep_versions()
        for position, row in enumerate(self.rows):
            if row.number_key:
                self._keep_number(row.number_key, position)
        self._names = Names(_named(self.rows))

    def _keep_number(self, key: str, position: int) -> None:
        others = self._of_number.setdefault(key, position)
        if isinstance(others, list):
            others.append(position)
        elif others != position:
            self._of_number[key] = [others, position]

    def _keep_versions(self) -> dict[int, list[int]]:
        """The positions of lines that have several versions."""
        first: dict[int, int] = {}
        several: dict[int, list[int]] = {}
        for position, row in enumerate(self.rows):
            other = first.setdefault(row.key, position)
            if other != position:
                several.setdefault(row.key, [other]).append(position)
        return several

    def ask(self, person: Person, on: dt.date | None = None, *, not_keys: Collection[int] = ()) -> Answer:
        """What the register says of `person` today, or on a day. Lines of `not_keys` were judged to be others."""
        asked = made_ready(person, on, not_keys)
        if asked is None:
            return Answer(Verdict.BAD_ROW)
        looks = self._look(asked, self._with_number(asked.number_key))
        if any(look.tier is Tier.MATCH and look.is_listed for look in looks):
            return answer(asked, looks)
        for stage in (self._of_name, self._compatible, self._similar):
            looks = nearest([*looks, *self._look(asked, _few(stage(asked)))])
            if any(look.tier >= Tier.COMPATIBLE and look.is_listed and _is_named(look) for look in looks):
                break
        return answer(asked, looks)

    # ---------- which lines are looked at ----------

    def _with_number(self, key: str) -> Sequence[int]:
        found = self._of_number.get(key, ()) if key else ()
        return [found] if isinstance(found, int) else found

    def _of_name(self, asked: Asked) -> Iterator[Sequence[int]]:
        """Lines that have the words of the name, in their order or swapped."""
        for name, _ in asked.names:
            for family, given in asked_pairs(name):
                yield self._names.of_pair(family, given)

    def _compatible(self, asked: Asked) -> Iterator[Sequence[int]]:
        """Lines whose name can be meant: initials, short forms, other spellings and scripts."""
        for name, _ in asked.names:
            for family, given in dict.fromkeys(asked_pairs(name)):
                families = [family, *self._names.spellings(family)[:MOST_SPELLINGS]]
                givens = [*short_forms.others(given), *self._names.spellings(given)[:MOST_SPELLINGS]]
                if len(given) == 1:
                    yield from (self._names.of_initial(one, given, MOST_READ) for one in families)
                elif given:
                    givens.append(given[0])
                known = [other for other in (given, *givens) if self._names.has(other)]
                for one in families:
                    yield from (self._names.of_pair(one, other) for other in known)

    def _similar(self, asked: Asked) -> Iterator[Sequence[int]]:
        """Lines whose name a slip may have made."""
        for name, _ in asked.names:
            for family, given in dict.fromkeys(pairs(name)):
                for other in self._names.similar(given):
                    yield self._names.of_pair(family, other)
                for other in self._names.similar(family):
                    yield self._names.of_pair(other, given)
                    for short in short_forms.others(given):
                        yield self._names.of_pair(other, short)

    # ---------- what they amount to ----------

    def _look(self, asked: Asked, positions: Iterable[int]) -> list[Look]:
        compared: dict[str, tuple[Likeness, Reason | None]] = {}
        found = []
        for position in dict.fromkeys(positions):
            row = self.rows[position]
            if row.key in asked.not_keys:
                continue
            if row.name not in compared:
                compared[row.name] = best_name(asked, row.name)
            likeness, via = compared[row.name]
            has_number = bool(asked.number_key) and row.number_key == asked.number_key
            tier = tier_of(likeness, has_number=has_number, is_odd=bool(asked.odd))
            if tier is not Tier.NOTHING:
                found.append(
                    self._current(asked, Look(row, tier, likeness, via, has_number, is_listed_on(row, asked.on)))
                )
        return found

    def _current(self, asked: Asked, look: Look) -> Look:
        """The same with the version that is listed on the day, where another version was found."""
        if look.is_listed:
            return look
        for position in self._versions.get(look.row.key, ()):
            row = self.rows[position]
            if is_listed_on(row, asked.on) and may_be_one(look.row.name, row.name):
                via = look.via or Reason(Kind.OTHER_NAME, {"name": look.row.name})
                return look._replace(row=row, is_listed=True, via=via if row.name != look.row.name else look.via)
        return look


def _named(rows: Iterable[RegisterRowLike]) -> Iterator[tuple[int, Words]]:
    for position, row in enumerate(rows):
        name = name_parts.parse(row.name)
        yield position, name.main
        for other in (*name.former, *name.others):
            yield position, other


def _few(found: Iterable[Sequence[int]]) -> Iterator[int]:
    """All positions, of each look-up no more than are read."""
    for positions in found:
        yield from positions[:MOST_READ]


def _is_named(look: Look) -> bool:
    """Whether the name speaks for it, and not only the number."""
    return look.likeness.level >= Level.COMPATIBLE
