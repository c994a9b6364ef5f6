"""The two clocks in an address: `on`, the day that is asked about, and `known`, the day by which it was known."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app, request

from directory.lib import clock

# The fields of a form in which a day is typed, by the parameter of the address in which it is kept.
FIELDS: Mapping[str, tuple[str, str, str]] = {
    "on": ("day", "month", "year"),
    "known": ("known_day", "known_month", "known_year"),
}


@dataclass(frozen=True)
class Days:
    """The days that an address names, read in the zone of the site. `is_unreadable`: something was no day, or has not
    come yet, and was left out."""

    on: dt.date
    today: dt.date
    known: dt.date | None
    zone: ZoneInfo
    is_unreadable: bool = False

    @property
    def is_past(self) -> bool:
        """Whether anything else is asked about than what is known now of today."""
        return self.on != self.today or self.known is not None

    @property
    def known_at(self) -> dt.datetime | None:
        """The end of the day by which it was known; None: now."""
        return None if self.known is None else dt.datetime.combine(self.known, dt.time.max, tzinfo=self.zone)

    @property
    def parameters(self) -> dict[str, str]:
        """What an address names, to lead to another page of the same days."""
        on = {"on": self.on.isoformat()} if self.on != self.today else {}
        return on | ({"known": self.known.isoformat()} if self.known else {})


def asked() -> Days:
    """The days of this request. Today and now go without saying."""
    zone: ZoneInfo = current_app.extensions["settings"].zone
    return read(request.args, clock.today(zone), zone)


def read(given: Mapping[str, str], today: dt.date, zone: ZoneInfo) -> Days:
    """The days that these parameters name."""
    read = {name: _day(given[name], today) for name in ("on", "known") if given.get(name)}
    return of(read.get("on"), read.get("known"), today, zone, is_unreadable=None in read.values())


def of(
    on: dt.date | None, known: dt.date | None, today: dt.date, zone: ZoneInfo, *, is_unreadable: bool = False
) -> Days:
    """The same of days that were read already."""
    return Days(on or today, today, None if known == today else known, zone, is_unreadable)


def _day(text: str, today: dt.date) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if found <= today else None


def typed(given: Mapping[str, str]) -> dict[str, str]:
    """What was typed in a form, with the days that the address names in the fields for days."""
    found = {name: value for name, value in given.items() if name not in FIELDS}
    for name, fields in FIELDS.items():
        if name in given and not any(field in given for field in fields):
            year, month, day = (*given[name].split("-", 2), "", "")[:3]
            found.update(zip(fields, (day.removeprefix("0"), month.removeprefix("0"), year), strict=True))
    return found
