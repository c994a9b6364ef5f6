"""What administrators decide about listings. Nobody decides their own."""

import datetime as dt

from sqlalchemy import select

from directory.db import db, locked
from directory.lib import clock
from directory.models import (
    Account,
    InvalidTransition,
    Kept,
    ListingState,
    ListingVersion,
    NotFound,
    Practitioner,
    VersionState,
)
from directory.services import events, indexing, ledger, outbox
from directory.services.listings import keeping, rows, versions
from directory.services.listings.refusals import Conflict


class OwnListing(InvalidTransition):
    """Nobody decides about their own listing."""


def approve(version_id: int, *, revision: int, by: Account, at: dt.datetime) -> Practitioner:
    """Publish a version that waits. Raises Conflict when it changed meanwhile, InvalidTransition when it is decided."""
    kept, version = _waiting(version_id, revision, by)
    is_first = not versions.published(kept.practitioner_id)
    was_approved = kept.is_approved
    version.state, version.reason = VersionState.PUBLISHED, None
    kept.is_approved = True
    _decided(version, kept, by=by, at=at)
    # What search reads is made anew once all is written, so the parts are read last.
    listing = rows.load(kept.practitioner_id)
    if is_first:
        listing.listed_on = clock.day_of(at)
    if not was_approved:
        # They looked at all of it when they sent it.
        keeping.looked_at(kept, on=clock.day_of(version.submitted_at or at))
    rows.publish(listing, versions.answers_of(version), at=at)
    _tell("listing-approved", kept, version, by=by, at=at, is_first=is_first)
    return listing


def ask_for_changes(version_id: int, *, revision: int, reason: str, by: Account, at: dt.datetime) -> None:
    """Give a version that waits back to the practitioner, with what to change. Raises as `approve`."""
    kept, version = _waiting(version_id, revision, by)
    version.state, version.reason = VersionState.RETURNED, reason
    _decided(version, kept, by=by, at=at)
    _refresh(kept)
    _tell("listing-changes-asked", kept, version, by=by, at=at)


def refuse(version_id: int, *, revision: int, reason: str, by: Account, at: dt.datetime) -> None:
    """Refuse a version that waits; what was published before stays. Raises as `approve`."""
    kept, version = _waiting(version_id, revision, by)
    version.state, version.reason = VersionState.REFUSED, reason
    _decided(version, kept, by=by, at=at)
    _refresh(kept)
    _tell("listing-refused", kept, version, by=by, at=at)


def _waiting(version_id: int, revision: int, by: Account) -> tuple[Kept, ListingVersion]:
    of = db.session.scalar(select(ListingVersion.practitioner_id).where(ListingVersion.id == version_id))
    if of is None:
        raise NotFound(f"no version {version_id}")
    kept = keeping.lock(of)
    query = select(ListingVersion).where(ListingVersion.id == version_id)
    version = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if kept.account_id == by.id:
        raise OwnListing("nobody decides about their own listing")
    if version.state is not VersionState.WAITING:
        raise InvalidTransition("this version does not wait any more")
    if kept.revision != revision:
        raise Conflict(kept, versions.answers_now(kept))
    return kept, version


def _decided(version: ListingVersion, kept: Kept, *, by: Account, at: dt.datetime) -> None:
    version.decided_by, version.decided_at = by.id, at
    kept.revision += 1
    db.session.flush()
    keeping.settle(kept)


def _refresh(kept: Kept) -> None:
    if kept.is_approved:
        db.session.flush()
        indexing.refresh([kept.practitioner_id])


def _tell(
    kind: str, kept: Kept, version: ListingVersion, *, by: Account, at: dt.datetime, is_first: bool = False
) -> None:
    events.record(
        kind,
        at=at,
        by=by,
        account_id=kept.account_id,
        practitioner_id=kept.practitioner_id,
        version=version.number,
        **({"reason": version.reason} if version.reason else {}),
    )
    listing = kept.practitioner
    ledger.append(kind, at=at, by=by, subject=f"practitioner:{listing.public_id}", version=version.number)
    outbox.queue(
        kind,
        kept.account.email,
        cause=f"{kind}:{version.id}",
        at=at,
        account_id=kept.account_id,
        name=version.shown.get("name") or listing.name,
        reason=version.reason,
        is_first=is_first,
        path=f"/practitioners/{listing.public_id}/{listing.slug}",
    )


def suspend(practitioner_id: int, *, reason: str, by: Account, at: dt.datetime) -> None:
    """Take any listing down, with a reason that its practitioner sees."""
    listing, kept = _any(practitioner_id, by)
    if listing.state in (ListingState.SUSPENDED, ListingState.WITHDRAWN):
        raise InvalidTransition("it is down already")
    if kept is not None:
        kept.was_hidden = listing.state is ListingState.HIDDEN
        kept.state_reason = reason
    listing.state = ListingState.SUSPENDED
    _moved("listing-suspended", listing, kept, reason=reason, by=by, at=at)


def lift(practitioner_id: int, *, reason: str, by: Account, at: dt.datetime) -> None:
    """End a suspension: the listing is again what it was before, with what was decided meanwhile."""
    listing, kept = _any(practitioner_id, by)
    if listing.state is not ListingState.SUSPENDED:
        raise InvalidTransition("it is not suspended")
    listing.state = ListingState.PUBLISHED
    if kept is not None:
        if kept.was_hidden:
            listing.state = ListingState.HIDDEN
        kept.was_hidden, kept.state_reason = False, None
        keeping.settle(kept)
    _moved("listing-lifted", listing, kept, reason=reason, by=by, at=at)


def _any(practitioner_id: int, by: Account) -> tuple[Practitioner, Kept | None]:
    """Any listing, and who keeps it, if anybody does. Locked in the order in which all verbs here lock."""
    kept = keeping.lock_if_kept(practitioner_id)
    listing = db.session.scalars(locked(select(Practitioner).where(Practitioner.id == practitioner_id))).one_or_none()
    if listing is None:
        raise NotFound(f"no listing {practitioner_id}")
    if kept is not None and kept.account_id == by.id:
        raise OwnListing("nobody decides about their own listing")
    return listing, kept


def _moved(kind: str, listing: Practitioner, kept: Kept | None, *, reason: str, by: Account, at: dt.datetime) -> None:
    listing.updated_at = at
    event = events.record(
        kind,
        at=at,
        by=by,
        account_id=kept.account_id if kept else None,
        practitioner_id=listing.id,
        reason=reason,
    )
    ledger.append(kind, at=at, by=by, subject=f"practitioner:{listing.public_id}")
    db.session.flush()
    indexing.refresh([listing.id])
    if kept is not None:
        kept.revision += 1
        outbox.queue(
            kind,
            kept.account.email,
            cause=f"{kind}:{event.id}",
            at=at,
            account_id=kept.account_id,
            name=listing.name,
            reason=reason,
        )
