"""What a searcher comes with."""

from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, SortKey, states
from directory.models.sourced import Sourced


class ClaimStatus(StrEnum):
    """How far advertising rules let a concern be named beside a practitioner (UK CAP code, section 12)."""

    WELLBEING = "acceptable_wellbeing"
    EVIDENCE = "needs_robust_evidence"
    MEDICAL = "medical_supervision"


class Concern(Sourced, Base):
    """A concern, such as a sore lower back. `id` is the slug in addresses."""

    __tablename__ = "concern"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    synonyms: Mapped[list[str]]
    body_area: Mapped[str]
    claim_status: Mapped[ClaimStatus] = mapped_column(states(ClaimStatus))
    careful_wording: Mapped[list[str]]
    avoid_wording: Mapped[list[str]]
    evidence_note: Mapped[str]
    urgent_signs: Mapped[list[str]]
    methods: Mapped[list[dict[str, Any]]]
    details: Mapped[dict[str, Any]]
    sort_key: Mapped[SortKey]

    @property
    def lists_practitioners(self) -> bool:
        """Whether practitioners may be listed by it. What needs a doctor has a guide page only."""
        return self.claim_status is not ClaimStatus.MEDICAL

    @property
    def terms(self) -> list[str]:
        """Every name under which it is looked for."""
        return [self.name, *self.synonyms]
