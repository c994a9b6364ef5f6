"""What is shown of a practitioner: cards in a list, a whole profile, a comparison."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from directory.db import db
from directory.models import (
    PUBLIC_STATES,
    Accepting,
    Access,
    Base,
    Body,
    Check,
    Claim,
    HolisticRole,
    ListingState,
    Method,
    Modality,
    NotFound,
    Outcome,
    PracticePlace,
    Practitioner,
    Pressure,
    Price,
    RegisterImport,
    Speaks,
    Standing,
    Status,
    Training,
    Visit,
    WorksWith,
)
from directory.models.claims import Seen, Stated, good_until
from directory.models.practitioners import access_column
from directory.models.standings import standing
from directory.services import bodies, concerns, modalities, registers
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING

# In a list of statements, what somebody has looked at comes before what nobody has.
_ORDER = (
    Status.RESTRICTED,
    Status.CHECKED,
    Status.CHECK_DUE,
    Status.BEING_CHECKED,
    Status.SELF_REPORTED,
    Status.NOT_CONFIRMED,
    Status.ENDED,
    Status.BODY_NOT_ASSESSED,
    Status.WITHDRAWN,
)


# What has been public, and is not now: its address says so instead of denying it.
_TAKEN_DOWN = (ListingState.HIDDEN, ListingState.SUSPENDED, ListingState.WITHDRAWN)


@dataclass(frozen=True)
class Holistic:
    """Why a listing is called holistic, by the guidance record sc-holistic-rule. `seen_on` is the latest day on which
    a verifier saw a certificate, when all three were seen."""

    base: Training
    other_deep: Training
    stress: Training
    seen_on: dt.date | None


class Workplace(NamedTuple):
    """A place of work, with its point in whole metres where that is known (lib/geography)."""

    locality: str | None
    town: str
    postcode_area: str | None
    latitude: float | None
    longitude: float | None
    metres: tuple[int, int, int] | None


class Fee(NamedTuple):
    minutes: int | None
    amount_minor: int
    currency: str
    is_reduced: bool


class StatedClaim(NamedTuple):
    id: int
    body_id: str | None
    body_name: str | None
    number_key: str
    disciplines: list[str]
    stated_on: dt.date
    recorded_at: dt.datetime
    taken_on: dt.date | None
    withdrawn_on: dt.date | None
    past: list[dict[str, Any]]


class SeenCheck(NamedTuple):
    id: int
    body_id: str
    number_key: str
    checked_on: dt.date
    recorded_at: dt.datetime
    outcome: Outcome
    seen_grade: str | None
    seen_disciplines: list[str]
    valid_to: dt.date | None
    ended_on: dt.date | None
    notice_url: str | None
    due_on: dt.date | None
    undoes_id: int | None

    @property
    def good_until(self) -> dt.date:
        return good_until(self.valid_to, self.due_on)


@dataclass(frozen=True)
class Card:
    """A practitioner as lists and comparisons show them. Read without making whole rows of a listing, of which a page
    shows twenty."""

    id: int
    public_id: str
    slug: str
    name: str
    accepting: Accepting | None
    confirmed_on: dt.date | None
    photo: str | None
    further_methods: str | None
    visits: tuple[Visit, ...]
    access: tuple[Access, ...]
    pressures: tuple[Pressure, ...]
    places: list[Workplace]
    methods: list[Modality]
    languages: list[str]
    fees: list[Fee]
    standings: list[Standing]

    @property
    def session(self) -> Fee | None:
        """The price to show where there is room for one."""
        return usual_session(self.fees)


@dataclass(frozen=True)
class Profile:
    """A practitioner as their own page shows them. `list_dates`: of the lists on which checks rest, by check."""

    practitioner: Practitioner
    standings: list[Standing]
    holistic: Holistic | None
    concerns: list[WorksWith]
    list_dates: dict[int, dt.date]


def cards(ids: Sequence[int], day: dt.date) -> list[Card]:
    """Cards of the published ones among these listings, in this order."""
    connection = db.session.connection()

    def read(query: Select[Any]) -> Iterable[Any]:
        return connection.execute(query, {"ids": ids}).fetchall()

    places, fees, methods, languages, claims, checks = (_by_listing(read(query)) for query in _PARTS)
    all_methods, all_bodies = modalities.by_id(), bodies.by_id()
    found = {}
    for row in read(_LISTINGS):
        key, public_id, slug, name, accepting, confirmed_on, photo, further_methods = row[:_VISITS]
        stated = [StatedClaim._make(one) for one in claims.get(key, ())]
        found[key] = Card(
            id=key,
            public_id=public_id,
            slug=slug,
            name=name,
            accepting=accepting,
            confirmed_on=confirmed_on,
            photo=photo,
            further_methods=further_methods,
            visits=tuple(compress(Visit, row[_VISITS:_ACCESS])),
            access=tuple(compress(Access, row[_ACCESS:_PRESSURE])),
            pressures=_pressures(*row[_PRESSURE:]),
            places=[_workplace(one) for one in places.get(key, ())],
            methods=[all_methods[one] for (one,) in methods.get(key, ())],
            languages=[one for (one,) in languages.get(key, ())],
            fees=[Fee._make(one) for one in fees.get(key, ())],
            standings=_standings(
                [(claim, all_bodies[claim.body_id] if claim.body_id else None) for claim in stated],
                [SeenCheck._make(one) for one in checks.get(key, ())],
                day,
            ),
        )
    return [found[key] for key in ids if key in found]


def find_public(public_ids: Sequence[str]) -> list[Practitioner]:
    """The published listings among these, in this order."""
    query = select(Practitioner).where(Practitioner.public_id.in_(public_ids), Practitioner.state.in_(PUBLIC_STATES))
    loaded = {listing.public_id: listing for listing in db.session.scalars(query)}
    return [loaded[key] for key in public_ids if key in loaded]


def people(ids: Sequence[int]) -> list[Practitioner]:
    """The published ones among these listings with all their parts, in this order."""
    query = select(Practitioner).where(Practitioner.id.in_(ids), Practitioner.state.in_(PUBLIC_STATES))
    loaded = {listing.id: listing for listing in _load(query)} if ids else {}
    return [loaded[key] for key in ids if key in loaded]


class TakenDown(NotFound):
    """There was such a listing, and it is not shown now."""


def _refuse_hidden(public_id: str) -> None:
    state = db.session.scalar(select(Practitioner.state).where(Practitioner.public_id == public_id))
    if state in _TAKEN_DOWN:
        raise TakenDown(f"listing {public_id} is not shown")
    if state not in PUBLIC_STATES:
        raise NotFound(f"no listing {public_id}")


def get(public_id: str, day: dt.date, known_at: dt.datetime | None = None) -> Profile:
    """A published profile, with what its statements amount to on `day`; with `known_at`, as known then.

    Raises TakenDown for one that was published, and NotFound.
    """
    query = select(Practitioner).where(Practitioner.public_id == public_id, Practitioner.state.in_(PUBLIC_STATES))
    loaded = _load(query)
    if not loaded:
        _refuse_hidden(public_id)
        raise NotFound(f"no listing {public_id}")
    listing = loaded[0]
    said = standings(listing, day, known_at)
    return Profile(listing, said, holistic(listing.trainings), _shown_concerns(listing), list_dates(listing))


def standings(listing: Practitioner, day: dt.date, known_at: dt.datetime | None = None) -> list[Standing]:
    """What each claim of the listing amounts to on `day`; with `known_at`, as known then."""
    return _standings([(claim, claim.body) for claim in listing.claims], listing.checks, day, known_at)


def list_dates(listing: Practitioner) -> dict[int, dt.date]:
    """The dates of the lists on which checks of a listing rest, by the number of the check."""
    read = [check for check in listing.checks if check.register_import_id or check.method is Method.REGISTER_FILE]
    query = select(RegisterImport.id, RegisterImport.listed_on).where(
        RegisterImport.id.in_({check.register_import_id for check in read})
    )
    brought = {import_id: on for import_id, on in db.session.execute(query)} if read else {}  # noqa: C416
    found = {check.id: brought.get(check.register_import_id or 0) or _list_seen(check) for check in read}
    return {id_: listed_on for id_, listed_on in found.items() if listed_on is not None}


def _list_seen(check: Check) -> dt.date | None:
    """The list that whoever looked by hand had before them: the latest of those that were held then."""
    held = registers.lists(check.body_id, known_at=check.recorded_at).dates
    return max((date for date in held if date <= check.checked_on), default=None)


class _Recorded(Stated, Protocol):
    @property
    def recorded_at(self) -> dt.datetime: ...


def _standings(
    claims: Iterable[tuple[_Recorded, Body | None]],
    checks: Sequence[Seen],
    day: dt.date,
    known_at: dt.datetime | None = None,
) -> list[Standing]:
    found = [
        standing(claim, body, checks, day, known_at=known_at)
        for claim, body in claims
        if claim.stated_on <= day and (known_at is None or claim.recorded_at <= known_at)
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.status), one.body_name, one.claim.id))


def holistic(trainings: Sequence[Training]) -> Holistic | None:
    """A base method, another deep method that is not a form of shiatsu, and a way of easing stress; else None."""

    def best(role: HolisticRole) -> Training | None:
        fitting = [
            training
            for training in trainings
            if training.modality.holistic_role is role
            and not (role is HolisticRole.OTHER_DEEP and training.modality.is_shiatsu)
        ]
        return min(fitting, key=lambda training: (training.seen_on is None, training.position), default=None)

    base, deep, stress = best(HolisticRole.BASE), best(HolisticRole.OTHER_DEEP), best(HolisticRole.STRESS)
    if base is None or deep is None or stress is None:
        return None
    seen = [training.seen_on for training in (base, deep, stress) if training.seen_on is not None]
    return Holistic(base, deep, stress, max(seen) if len(seen) == len((base, deep, stress)) else None)


def _shown_concerns(listing: Practitioner) -> list[WorksWith]:
    if listing.country in COUNTRIES_WITHOUT_PAIRING:
        return []
    return [link for link in listing.concerns if link.concern.lists_practitioners]


class Charged(Protocol):
    """A price, as far as it is compared with others."""

    @property
    def minutes(self) -> int | None: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def is_reduced(self) -> bool: ...


Charge = TypeVar("Charge", bound=Charged)


def usual_session(prices: Sequence[Charge]) -> Charge | None:
    """The price to show where there is room for one: of the session nearest to an hour, at the full price."""
    full = [price for price in prices if not price.is_reduced] or list(prices)
    return min(full, key=lambda price: (abs((price.minutes or 60) - 60), price.amount_minor), default=None)


def _by_listing(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Rows by the listing that they begin with, without it."""
    found: dict[int, list[Any]] = {}
    for key, *rest in rows:
        found.setdefault(key, []).append(rest)
    return found


def _workplace(row: Sequence[Any]) -> Workplace:
    locality, town, area, latitude, longitude, x, y, z = row
    return Workplace(locality, town, area, latitude, longitude, None if latitude is None or x is None else (x, y, z))


def _pressures(lightest: int | None, firmest: int | None) -> tuple[Pressure, ...]:
    return () if lightest is None or firmest is None else tuple(Pressure)[lightest - 1 : firmest]


def _listings() -> Select[Any]:
    table = Practitioner.__table__.c
    names = ["id", "public_id", "slug", "name", "accepting", "confirmed_on", "photo", "further_methods"]
    names += [f"visits_{visit.value}" for visit in Visit]
    names += [access_column(access) for access in Access]
    columns = [table[name] for name in (*names, "pressure_from", "pressure_to")]
    return select(*columns).where(table.id.in_(_IDS), table.state.in_(PUBLIC_STATES))


def _part(model: type[Base], names: str, order: str) -> Select[Any]:
    table = model.__table__.c
    columns = [table[name] for name in ("practitioner_id", *names.split())]
    return select(*columns).where(table.practitioner_id.in_(_IDS)).order_by(table[order])


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_VISITS = 8
_ACCESS = _VISITS + len(Visit)
_PRESSURE = _ACCESS + len(Access)
# Made once: the library remembers of a statement what it is in SQL.
_LISTINGS = _listings()
_PARTS = (
    _part(PracticePlace, "locality town postcode_area latitude longitude x y z", "id"),
    _part(Price, "minutes amount_minor currency is_reduced", "id"),
    _part(Training, "modality_id", "position"),
    _part(Speaks, "language", "language"),
    _part(Claim, " ".join(StatedClaim._fields), "id"),
    _part(Check, " ".join(SeenCheck._fields), "id"),
)


def _load(query: Select[Practitioner]) -> list[Practitioner]:
    """Listings with their parts. The facts that these name are at hand, and are not read again."""
    found = list(db.session.scalars(query.options(*_EVERYTHING)))
    methods, known, all_concerns = modalities.by_id(), bodies.by_id(), concerns.by_id()
    for listing in found:
        for training in listing.trainings:
            set_committed_value(training, "modality", methods[training.modality_id])
        for claim in listing.claims:
            set_committed_value(claim, "body", known[claim.body_id] if claim.body_id else None)
        for link in listing.concerns:
            set_committed_value(link, "concern", all_concerns[link.concern_id])
    return found


_EVERYTHING: tuple[ORMOption, ...] = (
    selectinload(Practitioner.places),
    selectinload(Practitioner.prices),
    selectinload(Practitioner.trainings),
    selectinload(Practitioner.languages),
    selectinload(Practitioner.claims),
    selectinload(Practitioner.checks),
    selectinload(Practitioner.other_names),
    selectinload(Practitioner.concerns),
)
