"""Who is asked about, what a register shows, and what is answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from directory.lib.words import N_
from directory.models import Shown
from directory.services.matching.reasons import Reason


class RegisterRowLike(Protocol):
    """What is read of a line of a register. `id` is of one version, `key` is the same for all versions of one line.

    `listed_from` and `listed_until` are dates of lists: it is listed on the first and not on the last; None: it is
    listed now, or always was. `shown` is what it says of the membership: who is shown as ended is not listed.
    """

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> int: ...
    @property
    def number(self) -> str | None: ...
    @property
    def number_key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def town(self) -> str | None: ...
    @property
    def outward(self) -> str | None: ...
    @property
    def grade(self) -> str | None: ...
    @property
    def disciplines(self) -> Sequence[str]: ...
    @property
    def listed_from(self) -> dt.date | None: ...
    @property
    def listed_until(self) -> dt.date | None: ...
    @property
    def shown(self) -> Shown: ...
    @property
    def telephone(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def website(self) -> str | None: ...


@dataclass(frozen=True)
class Person:
    """What somebody says of themselves, as typed. `places` are further towns with outward postcodes."""

    name: str
    other_names: tuple[str, ...] = ()
    number: str | None = None
    town: str | None = None
    outward: str | None = None
    grade: str | None = None
    disciplines: tuple[str, ...] = ()
    places: tuple[tuple[str | None, str | None], ...] = ()


class Verdict(StrEnum):
    """What a register says of somebody. It is proposed, never decided."""

    MATCH = "match"
    POSSIBLE = "possible"
    AMBIGUOUS = "ambiguous"
    WAS_LISTED = "was-listed"
    NOT_FOUND = "not-found"
    BAD_ROW = "bad-row"

    @property
    def label(self) -> str:
        return {
            Verdict.MATCH: N_("One line of the register has the number and a name that fits."),
            Verdict.POSSIBLE: N_("One line of the register may be this person."),
            Verdict.AMBIGUOUS: N_("Several lines of the register may be this person. None is chosen."),
            Verdict.WAS_LISTED: N_("The register showed this person, and does not show them on this day."),
            Verdict.NOT_FOUND: N_("No line of the register seems to be this person."),
            Verdict.BAD_ROW: N_("This cannot be looked up: there is no name."),
        }[self]


@dataclass(frozen=True)
class Candidate:
    """A line that may be theirs. `score` orders candidates and says nothing else."""

    row: RegisterRowLike
    score: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    is_listed: bool


@dataclass(frozen=True)
class Answer:
    """The verdict, and the lines it rests on, the nearest first. With not-found they are lines worth a look."""

    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()

    @property
    def candidate(self) -> Candidate | None:
        """The one line that was found, or None: of several none is chosen."""
        if self.verdict in {Verdict.MATCH, Verdict.POSSIBLE, Verdict.WAS_LISTED}:
            return self.candidates[0]
        return None
