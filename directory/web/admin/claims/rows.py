"""Rows of a register beside one claim: which stand there, which one is chosen, and the table of both."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from directory.http.words import day as said_day
from directory.lib.words import Message
from directory.models import Shown, Tie
from directory.services import claim_cases, modalities
from directory.services.claim_cases import Candidate, Case
from directory.web.admin.claims.comparison import Line, Side, compared
from directory.web.admin.claims.queue import today

# So many rows stand beside a claim.
SHOWN_ROWS = 3
LETTERS = "ABC"
LONGEST_KEY = 20


@dataclass(frozen=True)
class Row:
    """A row of a register, as a column of the table."""

    letter: str
    candidate: Candidate
    listed: str
    is_chosen: bool

    @property
    def key(self) -> int:
        return self.candidate.line.key

    @property
    def ties(self) -> Sequence[Tie]:
        return self.candidate.ties

    @property
    def same_contacts(self) -> Sequence[Tie]:
        """What it shows that the listing names, too, and that ties nothing yet."""
        return [one for one in self.candidate.same_contacts if one not in self.ties]

    @property
    def reasons(self) -> Sequence[Message]:
        return self.candidate.reasons

    @property
    def against(self) -> Sequence[Message]:
        return self.candidate.against


def case_of(claim_id: int) -> Case:
    return claim_cases.case_of(claim_id, today())


def chosen(case: Case, key: str = "") -> Candidate | None:
    """The row that the address or a form names; without one the only one that is a match."""
    key = key or request.args.get("row", "")
    if key:
        return next((one for one in case.candidates if str(one.line.key) == key[:LONGEST_KEY]), None)
    return case.match


def rows(case: Case, picked: Candidate | None) -> list[Row]:
    """The rows that stand beside the claim; one that was chosen is always among them."""
    shown = list(case.candidates[:SHOWN_ROWS])
    if picked is not None and picked not in shown:
        shown[-1] = picked
    return [Row(letter, one, _listed(one), one is picked) for letter, one in zip(LETTERS, shown, strict=False)]


def _listed(one: Candidate) -> str:
    if one.line.listed_until is not None:
        return str(gettext("was listed until %(day)s", day=said_day(one.line.listed_until)))
    return str(gettext("listed since %(day)s at least", day=said_day(one.line.listed_from)))


def table(case: Case, shown: Sequence[Row]) -> list[Line]:
    """The claim beside these rows."""
    return compared(_said(case), [_shown(row.candidate) for row in shown])


def _said(case: Case) -> Side:
    claim, listing = case.claim, case.listing
    return Side(
        number=claim.number or "",
        names="\n".join([listing.name, *(one.name for one in listing.other_names)]),
        grade=claim.grade or "",
        disciplines=_names_of(claim.disciplines),
        towns="\n".join(dict.fromkeys(place.town for place in listing.places)),
        areas="\n".join(dict.fromkeys(place.postcode_area for place in listing.places if place.postcode_area)),
        valid=said_day(claim.claimed_until) if claim.claimed_until else "",
        says="",
    )


def _shown(one: Candidate) -> Side:
    line = one.line
    return Side(
        number=line.number or "",
        names=line.name,
        grade=line.grade or "",
        disciplines=", ".join(filter(None, (_names_of(line.disciplines), line.other_disciplines))),
        towns=line.town or "",
        areas=line.outward or "",
        valid=said_day(line.valid_to) if line.valid_to else "",
        says="" if line.shown is Shown.LISTED and not line.standing else _says(line.shown, line.standing),
    )


def _says(shown: Shown, standing: str | None) -> str:
    return f"{gettext(shown.label)}: {standing}" if standing else str(gettext(shown.label))


def _names_of(disciplines: Sequence[str]) -> str:
    known = modalities.by_id()
    return ", ".join(known[one].name for one in disciplines if one in known)
