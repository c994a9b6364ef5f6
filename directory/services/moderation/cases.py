"""One listing as an administrator sees it: everything that is needed to decide, private answers too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from directory.db import db
from directory.models import (
    OPEN_VERSIONS,
    Account,
    Claim,
    Event,
    Kept,
    ListingState,
    ListingVersion,
    NotFound,
    Practitioner,
    Report,
    ReportState,
    VersionState,
)
from directory.services import events

VERSIONS = 20
EVENTS = 30
RELATED = 10


@dataclass(frozen=True)
class Case:
    """A listing with its versions, newest first, who keeps it, what was reported, and what happened to it.

    `related` are other listings with the same name, contact or number of a membership, each with what is the same.
    """

    listing: Practitioner
    kept: Kept | None
    account: Account | None
    versions: Sequence[ListingVersion]
    reports: Sequence[Report]
    events: Sequence[Event]
    related: Sequence["Related"]

    @property
    def waits(self) -> ListingVersion | None:
        """The version that waits for a decision."""
        return next((one for one in self.versions if one.state is VersionState.WAITING), None)

    @property
    def newest(self) -> ListingVersion | None:
        """What was answered last, whatever became of it."""
        return next((one for one in self.versions if one.state in OPEN_VERSIONS), None) or self.published

    @property
    def published(self) -> ListingVersion | None:
        """What was published last."""
        return next((one for one in self.versions if one.state is VersionState.PUBLISHED), None)

    @property
    def open_reports(self) -> list[Report]:
        return [one for one in self.reports if one.state is not ReportState.SETTLED]

    @property
    def account_ids(self) -> set[int]:
        """Everybody whose doings are told here."""
        found = {one for version in self.versions for one in (version.made_by, version.decided_by)}
        found |= {event.actor_id for event in self.events} | {report.settled_by for report in self.reports}
        return {one for one in found if one is not None}


@dataclass(frozen=True)
class Related:
    """Another listing that has something in common with this one: `same` names the columns."""

    practitioner_id: int
    public_id: str
    name: str
    state: ListingState
    same: tuple[str, ...]


def case_of(practitioner_id: int) -> Case:
    """Everything about one listing. Raises NotFound."""
    listing = db.session.get(Practitioner, practitioner_id)
    if listing is None:
        raise NotFound(f"no listing {practitioner_id}")
    found = db.session.execute(
        select(Kept, Account)
        .join(Account, Account.id == Kept.account_id)
        .where(Kept.practitioner_id == practitioner_id)
    ).one_or_none()
    kept, account = found if found else (None, None)
    versions = db.session.scalars(
        select(ListingVersion)
        .where(ListingVersion.practitioner_id == practitioner_id)
        .order_by(ListingVersion.number.desc())
        .limit(VERSIONS)
    ).all()
    return Case(
        listing,
        kept,
        account,
        versions,
        db.session.scalars(
            select(Report).where(Report.practitioner_id == practitioner_id).order_by(Report.made_at.desc(), Report.id)
        ).all(),
        events.list_events(practitioner_id=practitioner_id, most=EVENTS),
        _related(listing, versions[0] if versions else None),
    )


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """The addresses of those accounts that are still there."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    found = db.session.execute(select(Account.id, Account.email).where(Account.id.in_(wanted)))
    return {number: email for number, email in found}  # noqa: C416  rows are no pairs to a type checker


def numbers_of(practitioner_ids: Iterable[int]) -> dict[int, list[str]]:
    """The numbers of memberships that these listings state."""
    found: dict[int, list[str]] = {}
    query = select(Claim.practitioner_id, Claim.number).where(
        Claim.practitioner_id.in_(list(practitioner_ids)), Claim.number.is_not(None)
    )
    for practitioner_id, number in db.session.execute(query):
        found.setdefault(practitioner_id, []).append(number or "")
    return found


def _related(listing: Practitioner, version: ListingVersion | None) -> list[Related]:
    private = version.private if version else {}
    contacts = {
        "contact_email": private.get("contact_email") or listing.contact_email,
        "contact_telephone": private.get("contact_telephone") or listing.contact_telephone,
        "name_key": listing.name_key,
    }
    same: dict[int, list[str]] = {}
    rows: dict[int, Practitioner] = {}
    wanted = [getattr(Practitioner, column) == value for column, value in contacts.items() if value]
    for other in db.session.scalars(
        select(Practitioner).where(or_(*wanted), Practitioner.id != listing.id).order_by(Practitioner.id).limit(RELATED)
    ):
        rows[other.id] = other
        same[other.id] = [column for column, value in contacts.items() if value and getattr(other, column) == value]
    own = select(Claim.body_id, Claim.number_key).where(Claim.practitioner_id == listing.id, Claim.number_key != "")
    for body_id, number_key in db.session.execute(own).all():
        for other in db.session.scalars(
            select(Practitioner)
            .join(Claim, Claim.practitioner_id == Practitioner.id)
            .where(Claim.body_id == body_id, Claim.number_key == number_key, Practitioner.id != listing.id)
            .limit(RELATED)
        ):
            rows[other.id] = other
            same.setdefault(other.id, []).append("number")
    return [
        Related(other.id, other.public_id, other.name, other.state, tuple(dict.fromkeys(same[other.id])))
        for other in rows.values()
    ]
