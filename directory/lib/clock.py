"""The time. Everything that asks for it asks here, so that a test can set it."""

import datetime as dt
from zoneinfo import ZoneInfo


def now() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def today(zone: ZoneInfo) -> dt.date:
    """The date in `zone`. A status lapses at midnight there."""
    return now().astimezone(zone).date()
