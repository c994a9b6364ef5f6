"""The days on which a line of a register showed what, from the lists that are held. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

_AFTER_ALL = dt.date.max


class Span(NamedTuple):
    """A line as it stood from one list to another. `until` None: it stands so on the latest list.

    `digest` is that of the line; `source` the number of the row that has it, or None for one that is new.
    """

    since: dt.date
    until: dt.date | None
    digest: bytes
    source: int | None


def overwrite(spans: Iterable[Span], start: dt.date, end: dt.date | None, digest: bytes | None) -> list[Span]:
    """The spans of a line after a list of `start` has shown it with `digest`, or not at all where that is None.

    `end` is the date of the next list that is held, None where there is none: what that list says stands. Spans do
    not overlap; those that touch and say the same become one.
    """
    kept: list[Span] = []
    for span in spans:
        if span.since < start:
            kept.append(span._replace(until=min(span.until or _AFTER_ALL, start)))
        if end is not None and (span.until is None or span.until > end):
            kept.append(span._replace(since=max(span.since, end)))
    if digest is not None:
        kept.append(Span(start, end, digest, None))
    joined: list[Span] = []
    for span in sorted(kept, key=lambda one: one.since):
        last = joined[-1] if joined else None
        if last is not None and last.until == span.since and last.digest == span.digest:
            # The words of the modalities may be known better by now, so what is new speaks for both.
            source = None if None in {last.source, span.source} else last.source
            joined[-1] = Span(last.since, span.until, span.digest, source)
        else:
            joined.append(span)
    return joined
