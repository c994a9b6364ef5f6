"""Towns, postcode areas and where they are."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.lib.geography import Point
from directory.models.base import Base, ByCodePoint, RowId


class Place(Base):
    """A town or locality. `population` is 0 where it is not known."""

    __tablename__ = "place"

    id: Mapped[RowId]
    country: Mapped[str]
    name: Mapped[str]
    region: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    population: Mapped[int]

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


class PlaceName(Base):
    """A folded name under which a place is found: its own, or another."""

    __tablename__ = "place_name"
    __table_args__ = (
        Index("ix_place_name_folded", "folded"),
        Index("ix_place_name_place_id", "place_id"),
    )

    id: Mapped[RowId]
    folded: Mapped[str] = mapped_column(ByCodePoint)
    place_id: Mapped[int]
    is_main: Mapped[bool]


class PostcodeArea(Base):
    """An outward postcode, or an Irish routing key, with its mean point."""

    __tablename__ = "postcode_area"

    country: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    town: Mapped[str | None]
    region: Mapped[str | None]

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)
