"""Listings that wait for an administrator, oldest first, and how long they have waited."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any

from sqlalchemy import Text, cast, func, select

from directory.db import db
from directory.lib.words import N_
from directory.models import (
    Kept,
    ListingState,
    ListingVersion,
    PracticePlace,
    Practitioner,
    Report,
    ReportState,
    VersionState,
)

# A median is worked out of what was decided in so many days.
MEDIAN_DAYS = 90
# An empty list as JSON, and what some databases write for nothing at all.
_NO_FLAGS = ("[]", "null")


class Reason(StrEnum):
    """Why a listing waits. It may wait for several."""

    NEW = "new"
    CHANGED = "changed"
    LOOK_ALIKE = "look-alike"
    REPORTED = "reported"

    @property
    def label(self) -> str:
        return {
            Reason.NEW: N_("New"),
            Reason.CHANGED: N_("Changed"),
            Reason.LOOK_ALIKE: N_("Look-alike"),
            Reason.REPORTED: N_("Reported"),
        }[self]


@dataclass(frozen=True)
class Waiting:
    """A listing in the queue: why it is there, and since when."""

    practitioner_id: int
    since: dt.datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Heading:
    """A listing as a line of a list. The name is the one that was sent last, seen or not."""

    practitioner_id: int
    public_id: str
    slug: str
    name: str
    town: str | None
    state: ListingState


def waiting() -> list[Waiting]:
    """Everything that waits, oldest first."""
    found: dict[int, Waiting] = {}
    for practitioner_id, since, is_approved, flags in db.session.execute(
        select(
            ListingVersion.practitioner_id,
            func.coalesce(ListingVersion.submitted_at, ListingVersion.made_at, type_=ListingVersion.made_at.type),
            Kept.is_approved,
            cast(ListingVersion.flags, Text),
        )
        .join(Kept, Kept.practitioner_id == ListingVersion.practitioner_id)
        .where(ListingVersion.state == VersionState.WAITING)
    ):
        reasons = [Reason.CHANGED if is_approved else Reason.NEW]
        if flags and flags not in _NO_FLAGS:
            reasons.append(Reason.LOOK_ALIKE)
        found[practitioner_id] = Waiting(practitioner_id, since, tuple(reasons))
    for practitioner_id, since in db.session.execute(
        select(Report.practitioner_id, func.min(Report.made_at, type_=Report.made_at.type))
        .where(Report.state == ReportState.WITH_ADMINISTRATORS)
        .group_by(Report.practitioner_id)
    ):
        before = found.get(practitioner_id)
        found[practitioner_id] = Waiting(
            practitioner_id,
            min(since, before.since) if before else since,
            (*(before.reasons if before else ()), Reason.REPORTED),
        )
    return sorted(found.values(), key=lambda one: (one.since, one.practitioner_id))


def median_wait(at: dt.datetime) -> dt.timedelta | None:
    """How long half of what was decided lately had waited at most; None when nothing was."""
    decided = db.session.execute(
        select(ListingVersion.submitted_at, ListingVersion.decided_at).where(
            ListingVersion.submitted_at.is_not(None), ListingVersion.decided_at > at - dt.timedelta(days=MEDIAN_DAYS)
        )
    )
    waits = [(end - begin).total_seconds() for begin, end in decided if begin and end]
    return dt.timedelta(seconds=median(waits)) if waits else None


def headings(ids: Sequence[int]) -> dict[int, Heading]:
    """Lines for these listings, by their numbers."""
    sent: dict[int, dict[str, Any]] = {
        version.practitioner_id: version.shown
        for version in db.session.scalars(
            select(ListingVersion)
            .where(
                ListingVersion.practitioner_id.in_(ids),
                ListingVersion.state.in_((VersionState.DRAFT, VersionState.WAITING, VersionState.RETURNED)),
            )
            .order_by(ListingVersion.number)
        )
    }
    towns: dict[int, str] = {}
    for practitioner_id, town in db.session.execute(
        select(PracticePlace.practitioner_id, PracticePlace.town)
        .where(PracticePlace.practitioner_id.in_(ids))
        .order_by(PracticePlace.id)
    ):
        towns.setdefault(practitioner_id, town)
    return {
        listing.id: Heading(
            listing.id,
            listing.public_id,
            listing.slug,
            sent.get(listing.id, {}).get("name") or listing.name,
            _town(sent.get(listing.id, {}).get("places", ())) or towns.get(listing.id),
            listing.state,
        )
        for listing in db.session.scalars(select(Practitioner).where(Practitioner.id.in_(ids)))
    }


def _town(places: Iterable[dict[str, Any]]) -> str | None:
    return next((place["town"] for place in places if place.get("town")), None)
