"""What a practitioner does with their own listing."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload

from directory.db import db, locked
from directory.lib import clock, tokens
from directory.models import (
    Account,
    InvalidTransition,
    Kept,
    ListingState,
    ListingVersion,
    NotFound,
    Origin,
    Practitioner,
    VersionState,
)
from directory.services import events, indexing, ledger, lookalikes, outbox
from directory.services.listings import refusals, rows, versions
from directory.services.listings.answers import EMPTY, STEPS, Answers
from directory.services.listings.refusals import AlreadyStarted, Conflict, NotReady

SHUFFLES = 2**31 - 1


@dataclass(frozen=True)
class Saved:
    """What came of saving a step: the listing, the version that now waits (if one does), and whether something that
    the public sees changed at once."""

    kept: Kept
    waiting: ListingVersion | None
    is_public: bool


def of_account(account: Account) -> Kept | None:
    """The listing that an account keeps."""
    query = select(Kept).where(Kept.account_id == account.id)
    return db.session.scalars(query.options(joinedload(Kept.practitioner))).one_or_none()


def get_kept(practitioner_id: int) -> Kept:
    """Who keeps a listing, and how far it has come. Raises NotFound."""
    query = select(Kept).where(Kept.practitioner_id == practitioner_id)
    kept = db.session.scalars(query.options(joinedload(Kept.practitioner), joinedload(Kept.account))).one_or_none()
    if kept is None:
        raise NotFound(f"nobody keeps listing {practitioner_id}")
    return kept


def lock(practitioner_id: int) -> Kept:
    """The same, as it is now, and for nobody else to change before this transaction ends. Raises NotFound."""
    kept = lock_if_kept(practitioner_id)
    if kept is None:
        raise NotFound(f"nobody keeps listing {practitioner_id}")
    return kept


def lock_if_kept(practitioner_id: int) -> Kept | None:
    """The same, or None where nobody keeps the listing."""
    query = select(Kept).where(Kept.practitioner_id == practitioner_id)
    query = query.options(joinedload(Kept.practitioner), joinedload(Kept.account))
    return db.session.scalars(locked(query, of=Kept)).one_or_none()


def start(account: Account, shown: Mapping[str, Any], private: Mapping[str, Any], *, at: dt.datetime) -> Kept:
    """Begin a listing with the answers of the first step; an account that has one gets that.

    Raises AlreadyStarted when another request made it at this very moment.
    """
    known = of_account(account)
    if known is not None:
        return known
    answers = EMPTY.with_step("about", shown, private).with_step("places", shown, private)
    public_id = tokens.public_id()
    try:
        with db.session.begin_nested():
            listing = Practitioner(
                public_id=public_id,
                text="",
                state=ListingState.DRAFT,
                origin=Origin.PRACTITIONER,
                country=answers.shown["country"],
                shuffle=int.from_bytes(hashlib.sha256(public_id.encode()).digest()[:8], "big") % SHUFFLES,
                listed_on=clock.day_of(at),
                updated_at=at,
            )
            rows.name_rows(listing, answers.shown["name"])
            db.session.add(listing)
            db.session.flush()
            kept = Kept(practitioner_id=listing.id, account_id=account.id, started_at=at, step_revisions={"about": 1})
            db.session.add(kept)
            db.session.flush()
    except DBAPIError as error:
        raise AlreadyStarted("this account has a listing") from error
    versions.add(listing.id, VersionState.DRAFT, answers, by=account, at=at, steps_done=["about"])
    events.record("listing-started", at=at, by=account, account_id=account.id, practitioner_id=listing.id)
    return get_kept(listing.id)


def save(
    kept: Kept,
    step: str,
    shown: Mapping[str, Any],
    private: Mapping[str, Any],
    *,
    revision: int,
    by: Account,
    at: dt.datetime,
) -> Saved:
    """Keep the answers of one step. Once a listing was approved, small facts apply at once, and the others wait.

    `revision` is the one at which the form was opened. Raises Conflict when the answers of this step are others now.
    """
    kept = lock(kept.practitioner_id)
    theirs = versions.answers_now(kept)
    mine = theirs.with_step(step, shown, private)
    if mine != theirs and kept.step_revisions.get(step, 0) > revision:
        raise Conflict(kept, theirs)
    if mine != theirs:
        _touch(kept, step)
    if kept.is_approved:
        saved = _save_approved(kept, mine, by=by, at=at)
    else:
        saved = _save_draft(kept, mine, is_same=mine == theirs, by=by, at=at)
    version = versions.open_version(kept.practitioner_id)
    if version is not None and step not in version.steps_done:
        version.steps_done = [one for one in STEPS if one == step or one in version.steps_done]
    settle(kept)
    if kept.is_approved:
        # Its state may be another one now, and search tells its copies by the words of a listing.
        db.session.flush()
        indexing.refresh([kept.practitioner_id])
    return saved


def _save_draft(kept: Kept, mine: Answers, *, is_same: bool, by: Account, at: dt.datetime) -> Saved:
    """Nothing of it is public. A draft changes; what was sent stays as it was sent, with a new version beside it."""
    version = versions.open_version(kept.practitioner_id)
    if version is not None and (is_same or version.state is VersionState.DRAFT):
        version.shown, version.private = dict(mine.shown), dict(mine.private)
    else:
        before = version or next(iter(versions.versions(kept.practitioner_id)), None)
        state = VersionState.WAITING if before and before.state is VersionState.WAITING else VersionState.DRAFT
        version = _replace(kept, version, state, mine, by=by, at=at)
        version.steps_done = list(before.steps_done) if before else []
        version.reason = before.reason if before else None
    rows.name_rows(kept.practitioner, mine.shown["name"])
    kept.practitioner.country = mine.shown["country"] or kept.practitioner.country
    return Saved(kept, version if version.state is VersionState.WAITING else None, is_public=False)


def _save_approved(kept: Kept, mine: Answers, *, by: Account, at: dt.datetime) -> Saved:
    listing = rows.load(kept.practitioner_id)
    published = rows.answers_of(listing)
    small = published.with_small_of(mine)
    version = versions.open_version(listing.id)
    still_waits = version if mine != small and version is not None and not _waits_anew(version, mine) else None
    if small != published:
        rows.publish(listing, small, at=at)
        # What waits is public later, and so it stands later in the history.
        done = versions.add(
            listing.id, VersionState.PUBLISHED, small, by=by, at=at, steps_done=list(STEPS), before=still_waits
        )
        events.record("listing-changed", at=at, by=by, account_id=kept.account_id, practitioner_id=listing.id)
        done.decided_at = at
    if mine == small:
        if version is not None:
            version.state = VersionState.SUPERSEDED
        return Saved(kept, None, small != published)
    if still_waits is not None:
        still_waits.shown, still_waits.private = dict(mine.shown), dict(mine.private)
        return Saved(kept, still_waits, small != published)
    version = _replace(kept, version, VersionState.WAITING, mine, by=by, at=at)
    version.steps_done = list(STEPS)
    events.record("listing-change-sent", at=at, by=by, account_id=kept.account_id, practitioner_id=listing.id)
    return Saved(kept, version, small != published)


def _waits_anew(version: ListingVersion, mine: Answers) -> bool:
    """Whether what waits of `mine` is not what `version` says."""
    return versions.answers_of(version).with_small_of(mine) != mine


def _replace(
    kept: Kept, before: ListingVersion | None, state: VersionState, answers: Answers, *, by: Account, at: dt.datetime
) -> ListingVersion:
    if before is not None:
        before.state = VersionState.SUPERSEDED
    version = versions.add(kept.practitioner_id, state, answers, by=by, at=at)
    if state is VersionState.WAITING:
        # Its place in the queue stays that of the version before it.
        version.submitted_at = before.submitted_at if before and before.submitted_at else at
        _flag(version)
    return version


def _flag(version: ListingVersion) -> None:
    """Note what a moderator should look at: names and numbers that look like those of somebody else."""
    version.flags = lookalikes.flags(version.practitioner_id, version.shown, version.private)


def submit(kept: Kept, *, revision: int, by: Account, at: dt.datetime) -> ListingVersion:
    """Send the draft to the administrators. Raises Conflict, NotReady, or InvalidTransition without a draft."""
    kept = lock(kept.practitioner_id)
    version = versions.open_version(kept.practitioner_id)
    if version is None or version.state is VersionState.WAITING:
        raise InvalidTransition("there is nothing to send")
    answers = versions.answers_of(version)
    if max(kept.step_revisions.values(), default=0) > revision:
        raise Conflict(kept, answers)
    lacking = refusals.missing(answers)
    if lacking:
        raise NotReady(lacking)
    version.state, version.submitted_at, version.reason = VersionState.WAITING, at, None
    _flag(version)
    _touch(kept)
    if kept.practitioner.state is ListingState.WITHDRAWN:
        kept.practitioner.state = ListingState.DRAFT
    settle(kept)
    events.record("listing-submitted", at=at, by=by, account_id=kept.account_id, practitioner_id=kept.practitioner_id)
    outbox.queue(
        "listing-submitted",
        kept.account.email,
        cause=f"listing-submitted:{version.id}:{kept.revision}",
        at=at,
        account_id=kept.account_id,
        name=answers.shown["name"],
    )
    return version


def hide(kept: Kept, *, by: Account | None, at: dt.datetime, for_silence: bool = False) -> None:
    """Take a public listing off every surface at once. It comes back with `show_again`."""
    kept = lock(kept.practitioner_id)
    if kept.practitioner.state not in (ListingState.PUBLISHED, ListingState.CHANGES_WAITING):
        raise InvalidTransition("only a listing that is public can be hidden")
    kept.practitioner.state = ListingState.HIDDEN
    kept.hidden_for_silence = for_silence
    _done("listing-hidden", kept, by=by, at=at)


def show_again(kept: Kept, *, by: Account | None, at: dt.datetime) -> None:
    """Show a hidden listing as it was. Where it was hidden for their silence, this is their answer."""
    kept = lock(kept.practitioner_id)
    if kept.practitioner.state is not ListingState.HIDDEN:
        raise InvalidTransition("only a hidden listing can be shown again")
    kept.practitioner.state = ListingState.PUBLISHED
    if kept.hidden_for_silence:
        looked_at(kept, on=clock.day_of(at))
    _done("listing-shown-again", kept, by=by, at=at)


def withdraw(kept: Kept, *, by: Account | None, at: dt.datetime) -> None:
    """Take a listing down for good: it can only come back through an administrator."""
    kept = lock(kept.practitioner_id)
    if kept.practitioner.state in (ListingState.SUSPENDED, ListingState.WITHDRAWN):
        raise InvalidTransition("it is down already")
    version = versions.open_version(kept.practitioner_id)
    answers = versions.answers_now(kept)
    if version is not None:
        version.state = VersionState.SUPERSEDED
    if version is not None or kept.is_approved:
        # What they answered stays at hand, for whoever comes back.
        draft = versions.add(kept.practitioner_id, VersionState.DRAFT, answers, by=by, at=at)
        draft.steps_done = list(version.steps_done) if version else list(STEPS)
    kept.is_approved = kept.hidden_for_silence = False
    kept.practitioner.state = ListingState.WITHDRAWN
    _done("listing-withdrawn", kept, by=by, at=at)


def confirm_still_right(kept: Kept, *, by: Account | None, at: dt.datetime) -> None:
    """The practitioner says that all of it is still right. One that was hidden for their silence is shown again."""
    kept = lock(kept.practitioner_id)
    if not kept.is_approved:
        raise InvalidTransition("nothing of it was public yet")
    if kept.hidden_for_silence and kept.practitioner.state is ListingState.HIDDEN:
        kept.practitioner.state = ListingState.PUBLISHED
    looked_at(kept, on=clock.day_of(at))
    _done("listing-confirmed", kept, by=by, at=at)


def looked_at(kept: Kept, *, on: dt.date) -> None:
    """Its practitioner looked at all of it on that day: from there on the days of silence count anew."""
    kept.practitioner.confirmed_on = on
    kept.asked_on = kept.warned_on = None
    kept.hidden_for_silence = False


def _done(kind: str, kept: Kept, *, by: Account | None, at: dt.datetime) -> None:
    _touch(kept)
    kept.practitioner.updated_at = at
    settle(kept)
    events.record(kind, at=at, by=by, account_id=kept.account_id, practitioner_id=kept.practitioner_id)
    if kind != "listing-confirmed":
        ledger.append(kind, at=at, by=by, subject=f"practitioner:{kept.practitioner.public_id}")
    db.session.flush()
    indexing.refresh([kept.practitioner_id])


def _touch(kept: Kept, step: str | None = None) -> None:
    kept.revision += 1
    if step is not None:
        kept.step_revisions = {**kept.step_revisions, step: kept.revision}


def settle(kept: Kept) -> None:
    """Let the state of the listing follow from what was approved and what waits. Who is down stays down."""
    listing = kept.practitioner
    if listing.state in (ListingState.HIDDEN, ListingState.SUSPENDED, ListingState.WITHDRAWN):
        return
    version = versions.open_version(kept.practitioner_id)
    is_waiting = version is not None and version.state is VersionState.WAITING
    if kept.is_approved:
        state = ListingState.CHANGES_WAITING if is_waiting else ListingState.PUBLISHED
    else:
        state = ListingState.SUBMITTED if is_waiting else ListingState.DRAFT
    if listing.state is not state:
        listing.state = state
