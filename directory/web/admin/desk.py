"""What all pages of the desk share: its tabs, its paging, and who somebody is."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from flask import current_app, g, request, url_for

from directory.config import Settings
from directory.http.sign_ins import current, member
from directory.lib import clock
from directory.models import Account, Permission, Practitioner
from directory.services import claims, complaints, moderation, questions, recommendations

Kind = TypeVar("Kind", bound=StrEnum)
Row = TypeVar("Row", Account, Practitioner)
Line = TypeVar("Line")

MAX_WORDS = 120
# So many of a queue stand beside a case.
BESIDE = 12


def counts() -> dict[str, int]:
    """How much waits in each part of the desk, for whoever may decide it."""
    account = current()
    if account is None:
        return {}
    found: dict[str, int] = {}
    if account.may(Permission.DECIDE_LISTINGS):
        queued = queue()
        reported = sum(moderation.Reason.REPORTED in one.reasons for one in queued)
        found |= {"queue": len(queued), "reports": reported}
    if account.may(Permission.DECIDE_CLAIMS):
        found["claims"] = claims_waiting()
    if account.may(Permission.DECIDE_RECOMMENDATIONS):
        found["recommendations"] = recommendations.how_many()
        found["complaints"] = complaints.how_many() + questions.how_many_reported(at=clock.now())
    return found


def queue() -> list[moderation.Waiting]:
    """What waits, read once in a request: the tabs of every page count it, too."""
    if "queue" not in g:
        g.queue = moderation.waiting()
    found: list[moderation.Waiting] = g.queue
    return found


def claims_waiting() -> int:
    """How many claims wait, counted once in a request: one of the tabs of their queue says it, too."""
    if "claims_waiting" not in g:
        g.claims_waiting = claims.how_many(claims.Filters(), clock.today(settings().zone))
    found: int = g.claims_waiting
    return found


def administrator() -> Account:
    """Who decides."""
    return member()


def typed(name: str) -> str:
    """What was typed to look for, cut to a bearable length."""
    return " ".join(request.args.get(name, "").split())[:MAX_WORDS]


def chosen(kind: type[Kind], name: str) -> Kind | None:
    """Which member of `kind` a list is narrowed to; None where the address names none."""
    text = request.args.get(name, "")
    return kind(text) if text in set(kind) else None


def one_page(found: Sequence[Row], **filters: str | None) -> tuple[Sequence[Row], str | None]:
    """What fits on a page of what was found, one more of which tells that there is more; and the address of the rest,
    narrowed in the same way."""
    shown = found[: moderation.PAGE]
    if len(found) == len(shown):
        return shown, None
    rest: dict[str, Any] = {name: value for name, value in filters.items() if value}
    return shown, url_for(".index", **rest, before=shown[-1].id)


@dataclass(frozen=True)
class Beside(Generic[Line]):
    """Where a case stands in its queue: `place` from 1, None where it does not wait; the ones around it."""

    lines: Sequence[Line]
    total: int
    place: int | None
    before: Line | None
    current: Line | None
    next: Line | None


def around(queue: Sequence[Line], is_it: Callable[[Line], bool]) -> Beside[Line]:
    """The queue around one case. The next one of the last is the first; of one that is not in it, the oldest."""
    place = next((n for n, one in enumerate(queue) if is_it(one)), None)
    if place is None:
        return Beside(queue[:BESIDE], len(queue), None, None, None, queue[0] if queue else None)
    begin = max(min(place - BESIDE // 2, len(queue) - BESIDE), 0)
    return Beside(
        lines=queue[begin : begin + BESIDE],
        total=len(queue),
        place=place + 1,
        before=queue[place - 1] if place else None,
        current=queue[place],
        next=queue[(place + 1) % len(queue)] if len(queue) > 1 else None,
    )


def day_bounds(text: str) -> tuple[dt.datetime, dt.datetime] | None:
    """The first moment of a day of the site such as 2026-11-21, and that of the next day."""
    try:
        day = dt.date.fromisoformat(text)
        begin = dt.datetime.combine(day, dt.time(), tzinfo=settings().zone)
        end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=settings().zone)
        return begin.astimezone(dt.UTC), end.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def waited(since: dt.datetime) -> dt.timedelta:
    """How long something has waited."""
    return max(clock.now() - since, dt.timedelta())


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
