"""What the law says of a profession in a place."""

from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, states
from directory.models.sourced import Sourced


class RegulationClass(StrEnum):
    UNREGULATED = "unregulated"
    VOLUNTARY = "voluntary_register"
    LICENCE = "statutory_licence"
    TITLE = "protected_title"
    UNKNOWN = "unknown"


class Regulation(Sourced, Base):
    """One profession in one country, or in a part of it, which then overrides the country."""

    __tablename__ = "regulation"

    id: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(index=True)
    subdivision: Mapped[str | None]
    profession: Mapped[str]
    regulation_class: Mapped[RegulationClass] = mapped_column(states(RegulationClass))
    label: Mapped[str]
    summary: Mapped[str]
    title_protected: Mapped[bool | None]
    body_ids: Mapped[list[str]]
    details: Mapped[dict[str, Any]]
