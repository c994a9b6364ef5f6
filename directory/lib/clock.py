"""The time. Everything that asks for it asks here, so that a test can set it."""

import datetime as dt
from contextvars import ContextVar
from zoneinfo import ZoneInfo

# Where days end, outermost first: an application that acts inside another has a zone of its own.
_zones: ContextVar[tuple[ZoneInfo, ...]] = ContextVar("zones", default=(ZoneInfo("UTC"),))


def now() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def today(zone: ZoneInfo) -> dt.date:
    """The date in `zone`. A status lapses at midnight there."""
    return now().astimezone(zone).date()


def day_of(at: dt.datetime) -> dt.date:
    """The date of a moment (aware) where the site is: what happens half an hour after midnight there is of the new day,
    whatever day it is in UTC."""
    return at.astimezone(_zones.get()[-1]).date()


def arrive(zone: ZoneInfo) -> None:
    """From here on, in this thread, days are those of `zone`."""
    _zones.set((*_zones.get(), zone))


def leave() -> None:
    """Days are again those of the zone before the last arrival."""
    _zones.set(_zones.get()[:-1])
