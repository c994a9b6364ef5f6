"""Professional bodies, registers and regulators."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, SortKey
from directory.models.sourced import Confidence, Sourced


class Body(Sourced, Base):
    """A professional body, register or regulator. `id` is its name in addresses."""

    __tablename__ = "body"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    abbreviation: Mapped[str]
    aliases: Mapped[list[str]]
    former_names: Mapped[list[str]]
    country: Mapped[str]
    kind: Mapped[str]
    lists_individuals: Mapped[bool]
    website: Mapped[str | None]
    register_url: Mapped[str | None]
    psa_status: Mapped[str]
    status: Mapped[str]
    founded: Mapped[str | None]
    complaints: Mapped[str | None]
    notes: Mapped[str | None]
    letters: Mapped[list[dict[str, Any]]]
    verifies: Mapped[dict[str, Any]]
    renewal_months: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    sort_key: Mapped[SortKey]

    @property
    def is_assessed(self) -> bool:
        """Whether this directory knows enough of the body to check a claim against it."""
        return self.lists_individuals and (self.confidence is not Confidence.LOW or self.reviewed_on is not None)
