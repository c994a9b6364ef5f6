"""Practitioners: who they are, what they do, where, and for how much."""

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.geography import Point
from directory.lib.words import N_
from directory.models.base import Base, RowId, SortKey, states
from directory.models.concerns import Concern
from directory.models.modalities import Modality

if TYPE_CHECKING:
    from directory.models.claims import Check, Claim


class ListingState(StrEnum):
    """States of a listing."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    CHANGES_WAITING = "changes-waiting"
    HIDDEN = "hidden"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


PUBLIC_STATES = (ListingState.PUBLISHED, ListingState.CHANGES_WAITING)


class Origin(StrEnum):
    """Where a listing came from."""

    PRACTITIONER = "practitioner"
    IMPORT = "import"
    DEMO = "demo"


class Gender(StrEnum):
    WOMAN = "woman"
    MAN = "man"
    NON_BINARY = "non-binary"

    @property
    def label(self) -> str:
        return {
            Gender.WOMAN: N_("A woman"),
            Gender.MAN: N_("A man"),
            Gender.NON_BINARY: N_("Non-binary"),
        }[self]


class Visit(StrEnum):
    """Where a session takes place."""

    THEIRS = "theirs"
    YOURS = "yours"
    ONLINE = "online"

    @property
    def label(self) -> str:
        return {
            Visit.THEIRS: N_("Their place"),
            Visit.YOURS: N_("Your place"),
            Visit.ONLINE: N_("Online"),
        }[self]


class Access(StrEnum):
    STEP_FREE = "step-free"
    HEARING = "hearing"
    SIGHT = "sight"
    NEURODIVERGENT = "neurodivergent"
    SCENT_FREE = "scent-free"
    CHAIR = "chair"
    FUTON = "futon"

    @property
    def label(self) -> str:
        return {
            Access.STEP_FREE: N_("Step-free"),
            Access.HEARING: N_("Hearing needs"),
            Access.SIGHT: N_("Sight needs"),
            Access.NEURODIVERGENT: N_("Neurodivergent-friendly"),
            Access.SCENT_FREE: N_("Scent-free"),
            Access.CHAIR: N_("In a chair"),
            Access.FUTON: N_("On a futon"),
        }[self]


class Pressure(StrEnum):
    """How firmly they work, from light to vigorous."""

    LIGHT = "light"
    MEDIUM = "medium"
    FIRM = "firm"
    VIGOROUS = "vigorous"

    @property
    def label(self) -> str:
        return {
            Pressure.LIGHT: N_("Light"),
            Pressure.MEDIUM: N_("Medium"),
            Pressure.FIRM: N_("Firm"),
            Pressure.VIGOROUS: N_("Vigorous"),
        }[self]

    @property
    def degree(self) -> int:
        """1 to 4."""
        return list(Pressure).index(self) + 1


class Accepting(StrEnum):
    YES = "yes"
    WAITING_LIST = "waiting-list"
    NO = "no"

    @property
    def label(self) -> str:
        return {
            Accepting.YES: N_("Accepting clients"),
            Accepting.WAITING_LIST: N_("Waiting list"),
            Accepting.NO: N_("Not taking clients now"),
        }[self]


class PriceBand(StrEnum):
    """What an hour costs, in three bands for each currency."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


# Upper ends of the low and the middle band, in whole units of the currency, for an hour. Pounds follow the ranges of
# the guidance record ds-prices; the others are chosen to be of about the same worth.
BAND_ENDS: dict[str, tuple[int, int]] = {
    "GBP": (40, 60),
    "EUR": (45, 70),
    "USD": (60, 100),
    "CAD": (70, 120),
    "AUD": (80, 130),
    "NZD": (80, 130),
    "CHF": (80, 130),
    "JPY": (6000, 10000),
}
MINOR_UNITS = {"JPY": 1}


def minor_units(currency: str) -> int:
    """How many of the smallest coin make one of `currency`."""
    return MINOR_UNITS.get(currency, 100)


def price_band(hour_minor: int | None, currency: str) -> PriceBand | None:
    """The band of a price of an hour, given in the smallest coin; None where there is no price or no bands."""
    if hour_minor is None or currency not in BAND_ENDS:
        return None
    low, middle = (end * minor_units(currency) for end in BAND_ENDS[currency])
    if hour_minor <= low:
        return PriceBand.LOW
    return PriceBand.MIDDLE if hour_minor <= middle else PriceBand.HIGH


class Practitioner(Base):
    """A person who treats, with what the directory publishes about them."""

    __tablename__ = "practitioner"
    __table_args__ = (
        CheckConstraint("pressure_from BETWEEN 1 AND 4", name="pressure_from_is_a_degree"),
        CheckConstraint("pressure_to BETWEEN pressure_from AND 4", name="pressure_to_is_not_lighter"),
        CheckConstraint(
            "(pressure_from IS NULL) = (pressure_to IS NULL)",
            name="pressure_has_both_ends",
        ),
        Index("ix_practitioner_name_key", "name_key", "id"),
    )

    id: Mapped[RowId]
    public_id: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[SortKey]
    business: Mapped[str | None]
    text: Mapped[str]
    state: Mapped[ListingState] = mapped_column(states(ListingState))
    origin: Mapped[Origin] = mapped_column(states(Origin), index=True)
    country: Mapped[str]
    website: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_telephone: Mapped[str | None]
    gender: Mapped[Gender | None] = mapped_column(states(Gender))
    pressure_from: Mapped[int | None]
    pressure_to: Mapped[int | None]
    accepting: Mapped[Accepting | None] = mapped_column(states(Accepting))
    visits_theirs: Mapped[bool] = mapped_column(default=False)
    visits_yours: Mapped[bool] = mapped_column(default=False)
    visits_online: Mapped[bool] = mapped_column(default=False)
    travels_km: Mapped[int | None]
    access_step_free: Mapped[bool] = mapped_column(default=False)
    access_hearing: Mapped[bool] = mapped_column(default=False)
    access_sight: Mapped[bool] = mapped_column(default=False)
    access_neurodivergent: Mapped[bool] = mapped_column(default=False)
    access_scent_free: Mapped[bool] = mapped_column(default=False)
    access_chair: Mapped[bool] = mapped_column(default=False)
    access_futon: Mapped[bool] = mapped_column(default=False)
    access_note: Mapped[str | None]
    availability_note: Mapped[str | None]
    states_insurance: Mapped[bool] = mapped_column(default=False)
    further_methods: Mapped[str | None] = mapped_column(comment="in their own words, beside the modalities we know")
    photo: Mapped[str | None] = mapped_column(comment="digest of the photograph that is shown")
    band: Mapped[PriceBand | None] = mapped_column(states(PriceBand))
    shuffle: Mapped[int] = mapped_column(comment="0 to 2^31 - 2; the order of the day is worked out from it")
    listed_on: Mapped[dt.date]
    confirmed_on: Mapped[dt.date | None]
    updated_at: Mapped[dt.datetime]

    other_names: Mapped[list["OtherName"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="OtherName.id",
    )
    places: Mapped[list["PracticePlace"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="PracticePlace.id",
    )
    prices: Mapped[list["Price"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="Price.id",
    )
    trainings: Mapped[list["Training"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="Training.position",
    )
    concerns: Mapped[list["WorksWith"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="WorksWith.concern_id",
    )
    languages: Mapped[list["Speaks"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="Speaks.language",
    )
    claims: Mapped[list["Claim"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="Claim.id",
    )
    checks: Mapped[list["Check"]] = relationship(
        back_populates="practitioner",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by="Check.id",
    )

    @property
    def is_demo(self) -> bool:
        return self.origin is Origin.DEMO

    @property
    def visits(self) -> list[Visit]:
        return [visit for visit in Visit if getattr(self, f"visits_{visit.value}")]

    @property
    def access(self) -> list[Access]:
        return [access for access in Access if getattr(self, access_column(access))]

    @property
    def pressures(self) -> list[Pressure]:
        if self.pressure_from is None or self.pressure_to is None:
            return []
        return list(Pressure)[self.pressure_from - 1 : self.pressure_to]


def access_column(access: Access) -> str:
    return "access_" + access.value.replace("-", "_")


class OtherName(Base):
    """Another or former name. One that is not shown still finds the person."""

    __tablename__ = "other_name"

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    is_shown: Mapped[bool] = mapped_column(default=True)

    practitioner: Mapped[Practitioner] = relationship(back_populates="other_names", lazy="raise_on_sql")


class PracticePlace(Base):
    """Where a practitioner works. The point is rounded to a kilometre; x, y and z are whole metres (lib/geography)."""

    __tablename__ = "practice_place"
    __table_args__ = (Index("ix_practice_place_xyz", "x", "y", "z", "practitioner_id"),)

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    locality: Mapped[str | None]
    town: Mapped[str]
    postcode_area: Mapped[str | None]
    region: Mapped[str | None]
    country: Mapped[str]
    address: Mapped[str | None]
    address_is_public: Mapped[bool] = mapped_column(default=False)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    x: Mapped[int | None]
    y: Mapped[int | None]
    z: Mapped[int | None]

    practitioner: Mapped[Practitioner] = relationship(back_populates="places", lazy="raise_on_sql")

    def put_at(self, point: Point) -> None:
        """Keep the place to a kilometre."""
        rounded = point.rounded()
        self.latitude, self.longitude = rounded.latitude, rounded.longitude
        self.x, self.y, self.z = rounded.xyz

    @property
    def point(self) -> Point | None:
        return None if self.latitude is None or self.longitude is None else Point(self.latitude, self.longitude)


class Price(Base):
    """What a session costs, in the smallest coin of its currency."""

    __tablename__ = "price"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="session_has_a_length"),
        CheckConstraint("amount_minor >= 0", name="price_is_not_negative"),
    )

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    label: Mapped[str | None]
    minutes: Mapped[int | None]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    is_reduced: Mapped[bool] = mapped_column(default=False)

    practitioner: Mapped[Practitioner] = relationship(back_populates="prices", lazy="raise_on_sql")


class Training(Base):
    """A modality that a practitioner offers, and what they say of their training in it."""

    __tablename__ = "training"
    __table_args__ = (Index("ix_training_modality_id", "modality_id", "practitioner_id"),)

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    modality_id: Mapped[str] = mapped_column(ForeignKey("modality.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    school: Mapped[str | None]
    since_year: Mapped[int | None]
    hours: Mapped[int | None]
    seen_on: Mapped[dt.date | None] = mapped_column(comment="the day on which a verifier saw the certificate")

    practitioner: Mapped[Practitioner] = relationship(back_populates="trainings", lazy="raise_on_sql")
    modality: Mapped[Modality] = relationship(lazy="raise_on_sql")


class WorksWith(Base):
    """A concern that a practitioner says they often work with."""

    __tablename__ = "works_with"
    __table_args__ = (Index("ix_works_with_concern_id", "concern_id", "practitioner_id"),)

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    concern_id: Mapped[str] = mapped_column(ForeignKey("concern.id"), primary_key=True)

    practitioner: Mapped[Practitioner] = relationship(back_populates="concerns", lazy="raise_on_sql")
    concern: Mapped[Concern] = relationship(lazy="raise_on_sql")


class Speaks(Base):
    """A language in which a practitioner works, as ISO 639."""

    __tablename__ = "speaks"
    __table_args__ = (Index("ix_speaks_language", "language", "practitioner_id"),)

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)

    practitioner: Mapped[Practitioner] = relationship(back_populates="languages", lazy="raise_on_sql")
