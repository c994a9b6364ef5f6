"""The versions of a listing: every set of answers that was ever sent or published, and the one that is open."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select

from directory.db import db
from directory.models import OPEN_VERSIONS, Account, Kept, ListingVersion, Practitioner, VersionState
from directory.services.listings import rows
from directory.services.listings.answers import EMPTY, Answers, even


def versions(practitioner_id: int) -> Sequence[ListingVersion]:
    """Every version, the newest first."""
    query = select(ListingVersion).where(ListingVersion.practitioner_id == practitioner_id)
    return db.session.scalars(query.order_by(ListingVersion.number.desc())).all()


def published(practitioner_id: int) -> Sequence[ListingVersion]:
    """Every version that was public, the newest first."""
    return [version for version in versions(practitioner_id) if version.state is VersionState.PUBLISHED]


def open_version(practitioner_id: int) -> ListingVersion | None:
    """The version that is a draft, waits, or was returned."""
    query = select(ListingVersion).where(
        ListingVersion.practitioner_id == practitioner_id, ListingVersion.state.in_(OPEN_VERSIONS)
    )
    return db.session.scalars(query).one_or_none()


def answers_of(version: ListingVersion) -> Answers:
    """What a version answers."""
    return even(version.shown, version.private)


def published_answers(practitioner: Practitioner) -> Answers:
    """What the public sees of a listing, and what goes with it: made from its rows."""
    return rows.answers_of(rows.load(practitioner.id))


def answers_now(kept: Kept) -> Answers:
    """What the practitioner last answered: in the open version, else what is published, else in the last version."""
    version = open_version(kept.practitioner_id)
    if version is None and kept.is_approved:
        return published_answers(kept.practitioner)
    version = version or next(iter(versions(kept.practitioner_id)), None)
    return answers_of(version) if version else EMPTY


def add(
    practitioner_id: int,
    state: VersionState,
    answers: Answers,
    *,
    by: Account | None,
    at: dt.datetime,
    steps_done: Sequence[str] = (),
    before: ListingVersion | None = None,
) -> ListingVersion:
    """Write down one more version: the newest, or the one `before` the newest."""
    query = select(func.max(ListingVersion.number)).where(ListingVersion.practitioner_id == practitioner_id)
    number = (db.session.scalar(query) or 0) + 1
    if before is not None:
        before.number, number = number, before.number
    # What was open before must be closed in the database first: only one may be.
    db.session.flush()
    version = ListingVersion(
        practitioner_id=practitioner_id,
        number=number,
        state=state,
        shown=dict(answers.shown),
        private=dict(answers.private),
        steps_done=list(steps_done),
        flags=[],
        made_by=by.id if by else None,
        made_at=at,
    )
    db.session.add(version)
    db.session.flush()
    return version
