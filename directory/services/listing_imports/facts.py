"""What a row of a spreadsheet was understood to say, and what was wrong with it."""

import datetime as dt
import hashlib
import json
from enum import StrEnum
from typing import NamedTuple

from directory.lib.prices import Price
from directory.lib.words import Message
from directory.models import Accepting, Access, Gender, Visit

# Raise it when the same row is to be written in another way: every listing is then written anew, once.
WRITING = 1

_ENCODER = json.JSONEncoder(default=str)


class Severity(StrEnum):
    """What a problem means for its row."""

    REFUSED = "refused"
    WARNING = "warning"
    NOTE = "note"


class Problem(NamedTuple):
    """One line of the report. `line` is that of the file; None where the row is not in the file any more."""

    line: int | None
    column: str
    given: str
    understood: str
    message: Message
    severity: Severity


class PlaceSaid(NamedTuple):
    """Where somebody works. The point is rounded to a kilometre."""

    locality: str | None
    town: str
    postcode_area: str | None
    region: str | None
    country: str
    address: str | None
    latitude: float | None
    longitude: float | None


class ClaimSaid(NamedTuple):
    """A membership that is stated: `body_id` of a body that the directory knows, or its name as it was typed."""

    body_id: str | None
    body_name: str | None
    grade: str | None
    number: str | None
    until: dt.date | None


class Listing(NamedTuple):
    """Everything that a row says about a practitioner."""

    name: str
    other_names: tuple[str, ...]
    business: str | None
    text: str
    country: str
    email: str | None
    telephone: str | None
    website: str | None
    gender: Gender | None
    pressure: tuple[int, int] | None
    accepting: Accepting | None
    visits: tuple[Visit, ...]
    travels_km: int | None
    access: tuple[Access, ...]
    access_note: str | None
    availability_note: str | None
    states_insurance: bool
    prices: tuple[Price, ...]
    modalities: tuple[str, ...]
    school: str | None
    since_year: int | None
    concerns: tuple[str, ...]
    languages: tuple[str, ...]
    claims: tuple[ClaimSaid, ...]
    place: PlaceSaid | None

    def digest(self) -> str:
        """Changes when anything that would be written changes."""
        return hashlib.sha256(_ENCODER.encode([WRITING, self]).encode()).hexdigest()


class Identity(NamedTuple):
    """By what a row is known again: `key` is the strongest of reference, e-mail address, and name with place."""

    key: str
    email_and_name: int | None
    name_and_place: int | None


class Reading(NamedTuple):
    """A row as it was understood. `listing` is None where the row is refused; `identity` is None where it has none."""

    line: int
    listing: Listing | None
    identity: Identity | None
    problems: list[Problem]
