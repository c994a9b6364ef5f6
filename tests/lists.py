"""Lists of bodies as an operator brings them."""

import datetime as dt
from collections.abc import Iterable

from directory.models import RegisterImport
from directory.services import register_imports
from directory.services.register_imports import Brought

BODY = "uk-shiatsu-society"
# So many others stay on every list that one who goes is no mass removal.
OTHERS = [f"Filler {chr(65 + n)}bbot {chr(65 + n)}rden,9{n:03},MRSS,Leeds" for n in range(26)]
HEADINGS = "Name,Membership number,Grade,Town"


def bring(
    listed_on: dt.date, rows: Iterable[str], *, body_id: str = BODY, at: dt.datetime | None = None
) -> RegisterImport:
    """Take in and apply a list of this date with these rows: name, number, grade, town; on the day after its date."""
    content = "\n".join([HEADINGS, *rows, *OTHERS]) + "\n"
    when = at or dt.datetime.combine(listed_on + dt.timedelta(days=1), dt.time(9), tzinfo=dt.UTC)
    brought = Brought(content.encode(), f"{listed_on}.csv", listed_on=listed_on, permission="they sent it to us")
    return register_imports.apply(register_imports.stage(body_id, brought, by=None, at=when), by=None, at=when)
