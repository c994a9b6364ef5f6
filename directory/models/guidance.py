"""Signs that need a doctor, contraindications, self-care, facts about a session, and rules."""

from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, states
from directory.models.sourced import Sourced


class GuidanceKind(StrEnum):
    RED_FLAG = "red_flag"
    CONTRAINDICATION = "contraindication"
    SELF_CARE = "self_care"
    SESSION_FACT = "session_fact"
    RULE = "rule"
    LEGAL = "legal"
    VERIFICATION = "verification"
    DISTRIBUTION = "distribution"


# Countries for which a record may have one number together.
EUROPEAN_UNION = frozenset(
    {"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT"}
    | {"NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"}
)
ALWAYS_SHOWN = frozenset({GuidanceKind.RED_FLAG, GuidanceKind.CONTRAINDICATION})


class Guidance(Sourced, Base):
    """One piece of guidance. `where_to_show` says in words which pages carry it."""

    __tablename__ = "guidance"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[GuidanceKind] = mapped_column(states(GuidanceKind), index=True)
    title: Mapped[str]
    text: Mapped[str]
    action: Mapped[str | None]
    severity: Mapped[str | None]
    countries: Mapped[list[str]]
    applies_to: Mapped[list[str]]
    where_to_show: Mapped[str | None]
    details: Mapped[dict[str, Any]]
    position: Mapped[int]

    @property
    def is_shown(self) -> bool:
        """A sign that needs a doctor is shown however sure its source is."""
        return self.kind in ALWAYS_SHOWN or super().is_shown

    def emergency_number(self, country: str) -> str | None:
        """The number to call in `country`, where one is known."""
        numbers: dict[str, str] = self.details.get("emergency_number", {})
        return numbers.get(country) or (numbers.get("EU") if country in EUROPEAN_UNION else None)
