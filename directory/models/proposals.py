"""What needs a second person: proposed by one, agreed to by another."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.lib.words import N_
from directory.models.base import Base, RowId, states


class ProposalKind(StrEnum):
    """What is proposed."""

    RESTRICTION = "restriction"
    REGISTER_IMPORT = "register-import"

    @property
    def label(self) -> str:
        return {
            ProposalKind.RESTRICTION: N_("To show that a body publishes a notice"),
            ProposalKind.REGISTER_IMPORT: N_("To apply a list that changes much"),
        }[self]


class ProposalOutcome(StrEnum):
    AGREED = "agreed"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {ProposalOutcome.AGREED: N_("Agreed"), ProposalOutcome.REFUSED: N_("Refused")}[self]


class Proposal(Base):
    """Something that one person may not do alone. At most one of a kind waits about the same thing.

    `about_id` is the claim or the import that it is about, `details` what whoever agrees needs to do it. `ripe_at` is
    there only where nobody else could agree when it was proposed: from then on the proposer may do it alone.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="proposal_is_open_or_decided"),
        Index(
            "uq_proposal_open",
            "kind",
            "about_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[RowId]
    kind: Mapped[ProposalKind] = mapped_column(states(ProposalKind))
    about_id: Mapped[int]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_id: Mapped[int] = mapped_column(comment="the account that proposed it; no foreign key")
    made_at: Mapped[dt.datetime]
    ripe_at: Mapped[dt.datetime | None]
    decided_by_id: Mapped[int | None]
    decided_at: Mapped[dt.datetime | None]
    outcome: Mapped[ProposalOutcome | None] = mapped_column(states(ProposalOutcome))
