"""The queue of claims: how its address cuts it, and what stands around one claim."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import request, url_for

from directory.http import sanity
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Outcome
from directory.services import claims
from directory.services.claims import Filters, Why
from directory.services.claims.queues import PAGE
from directory.web.admin import desk
from directory.web.admin.claims.decisions import OUTCOMES

LONGEST = 80
# Parts of the queue, as addresses name them; the last two are reasons to wait.
MINE, NOBODYS = "mine", "nobody"
PARTS: Mapping[str, str] = {
    "": N_("All"),
    MINE: N_("Mine"),
    NOBODYS: N_("Nobody has it"),
    Why.ASKED.value: N_("Asked"),
    Why.SECOND_LOOK.value: N_("Second look"),
}
# Other reasons, which cut a part.
REASONS = (Why.NEW, Why.DUE, Why.ANSWERED, Why.NOTICE, Why.REGISTER)
DUE: Mapping[str, tuple[str, dt.timedelta]] = {
    "week": (N_("Within 7 days, too"), dt.timedelta(days=7)),
    "month": (N_("Within 30 days, too"), dt.timedelta(days=30)),
    "quarter": (N_("Within 90 days, too"), dt.timedelta(days=90)),
}
_KNOWN: Mapping[str, Collection[str]] = {
    "part": PARTS,
    "outcome": {one.value for one in Outcome},
    "due": DUE,
    "why": {one.value for one in REASONS},
}


def kept() -> dict[str, Any]:
    """What of the address says how the queue is cut: links and forms carry it on."""
    found = {
        name: value
        for name in ("part", "body", "outcome", "due", "why")
        if (value := request.args.get(name, "")[:LONGEST]) and (name == "body" or value in _KNOWN[name])
    }
    page = sanity.number("page")
    return {**found, "page": str(page)} if page and page > 1 else found


def filters() -> Filters:
    """The same as the queue asks for it."""
    asked = kept()
    due = DUE.get(asked.get("due", ""))
    found = Filters(
        body_id=asked.get("body"),
        outcome=Outcome(asked["outcome"]) if "outcome" in asked else None,
        due_by=today() + due[1] if due else None,
        why=Why(asked["why"]) if "why" in asked else None,
        page=int(asked.get("page", "1")),
    )
    return _part(found, asked.get("part", ""))


def _part(found: Filters, part: str) -> Filters:
    if part == MINE:
        return replace(found, taken_by=desk.administrator().id)
    if part == NOBODYS:
        return replace(found, taken_by=0)
    return replace(found, why=Why(part)) if part else found


def tabs() -> list[tuple[str, str, int]]:
    """Each part of the queue, its words, and how many wait there, whatever else the address says."""
    return [
        (part, words, claims.how_many(_part(Filters(), part), today()) if part else desk.claims_waiting())
        for part, words in PARTS.items()
    ]


def outcome_choices() -> list[tuple[str, str]]:
    return [(outcome.value, words) for outcome, words in OUTCOMES.items()]


def page_address(number: int, _kept: Sequence[str] = ()) -> str:
    """The address of a page of the queue as it is cut now."""
    return url_for("admin_claims.index", **{**kept(), "page": number})


def beside(claim_id: int) -> desk.Beside[claims.Waiting]:
    """A page of the queue around one claim, with its place in the whole queue."""
    found = claims.queue(filters(), today())
    near = desk.around(found.waiting, lambda one: one.claim.id == claim_id)
    return replace(near, total=found.total, place=near.place and (found.page - 1) * PAGE + near.place)


def address_of(one: claims.Waiting) -> str:
    """The page of a claim that waits, in the queue as it is cut now."""
    return url_for("admin_claims.show", claim_id=one.claim.id, **kept())


def waited(since: dt.date) -> dt.timedelta:
    """For how many days something has waited."""
    return max(today() - since, dt.timedelta())


def today() -> dt.date:
    """The day of the site."""
    return clock.today(desk.settings().zone)
