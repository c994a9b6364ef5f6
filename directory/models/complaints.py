"""Complaints: somebody objects to a recommendation, its writer answers, it is decided, and appealed against once."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.words import N_
from directory.models.base import Base, RowId, states
from directory.models.recommendations import Audience, Recommendation


class ComplaintState(StrEnum):
    """How far a complaint has come."""

    OPEN = "open"
    DECIDED = "decided"
    APPEALED = "appealed"
    FINAL = "final"
    GONE = "gone"

    @property
    def label(self) -> str:
        return {
            ComplaintState.OPEN: N_("Waits to be decided"),
            ComplaintState.DECIDED: N_("Decided"),
            ComplaintState.APPEALED: N_("Appealed against, waits to be decided again"),
            ComplaintState.FINAL: N_("Decided for good"),
            ComplaintState.GONE: N_("The note was removed"),
        }[self]


class Ruling(StrEnum):
    """What was decided about the note."""

    KEEP = "keep"
    HIDE = "hide"

    @property
    def label(self) -> str:
        return {Ruling.KEEP: N_("The note is shown"), Ruling.HIDE: N_("The note is hidden")}[self]


class Side(StrEnum):
    """Whose complaint it is, and whose note."""

    OBJECTOR = "objector"
    WRITER = "writer"


class StepKind(StrEnum):
    """What happened in a case."""

    MADE = "made"
    HIDDEN_AT_ONCE = "hidden-at-once"
    HIDDEN_LATE = "hidden-late"
    ANSWERED = "answered"
    BROUGHT_BACK = "brought-back"
    DECIDED = "decided"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal-decided"
    GONE = "gone"

    @property
    def label(self) -> str:
        return {
            StepKind.MADE: N_("Somebody objected to the note"),
            StepKind.HIDDEN_AT_ONCE: N_("The note was hidden at once, before anybody looked"),
            StepKind.HIDDEN_LATE: N_("The note was hidden, because we had not decided in 48 hours"),
            StepKind.ANSWERED: N_("The writer answered"),
            StepKind.BROUGHT_BACK: N_("The note was shown again, because its writer answered"),
            StepKind.DECIDED: N_("We decided"),
            StepKind.APPEALED: N_("One side appealed"),
            StepKind.APPEAL_DECIDED: N_("We decided again, for good"),
            StepKind.GONE: N_("The note was removed, so there was nothing left to decide"),
        }[self]


class Complaint(Base):
    """One objection to one recommendation, and what became of it. Without its words and addresses it is kept for good:
    the public report counts it.

    `holds`: the note is hidden on account of this complaint. `due_at`: when the note is hidden unless it is decided
    before; null where no clock runs.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_state", "state", "id"),
        CheckConstraint("(ruling IS NULL) = (reason IS NULL)", name="a_ruling_has_its_reason"),
        CheckConstraint("state NOT IN ('decided', 'appealed', 'final') OR ruling IS NOT NULL", name="decided_is_ruled"),
        CheckConstraint("(appealed_at IS NULL) = (appealed_by IS NULL)", name="appealed_by_somebody"),
        CheckConstraint("state NOT IN ('appealed', 'final') OR appealed_at IS NOT NULL", name="final_after_an_appeal"),
    )

    id: Mapped[RowId]
    public_id: Mapped[str] = mapped_column(unique=True, comment="its name in the addresses of the writer")
    token: Mapped[str | None] = mapped_column(unique=True, comment="by which the objector follows it")
    recommendation_id: Mapped[int | None] = mapped_column(
        ForeignKey("recommendation.id", ondelete="SET NULL"), index=True
    )
    audience: Mapped[Audience] = mapped_column(states(Audience), comment="of the note, as it was")
    ground: Mapped[str] = mapped_column(comment="a key of the published list of reasons")
    note_revision: Mapped[int] = mapped_column(comment="of the note to which they objected")
    reply_to: Mapped[str | None] = mapped_column(comment="of the objector, for what is decided")
    state: Mapped[ComplaintState] = mapped_column(states(ComplaintState))
    holds: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    ruling: Mapped[Ruling | None] = mapped_column(states(Ruling))
    reason: Mapped[str | None] = mapped_column(comment="a key of the published list")
    decided_at: Mapped[dt.datetime | None] = mapped_column(comment="the first time")
    decided_by_id: Mapped[int | None] = mapped_column(comment="the first time; null: a clock")
    appealed_at: Mapped[dt.datetime | None]
    appealed_by: Mapped[Side | None] = mapped_column(states(Side))
    ended_at: Mapped[dt.datetime | None] = mapped_column(comment="of the last decision, or when the note went")
    revision: Mapped[int] = mapped_column(default=0)

    recommendation: Mapped[Recommendation | None] = relationship(lazy="raise_on_sql")


class ComplaintWords(Base):
    """What one side said in a case. It goes with the note, and a year after the case."""

    __tablename__ = "complaint_words"

    id: Mapped[RowId]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), index=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id", ondelete="CASCADE"), index=True)
    side: Mapped[Side] = mapped_column(states(Side))
    text: Mapped[str] = mapped_column(comment="plain, at most 1,000 characters")
    said_at: Mapped[dt.datetime]


class ComplaintStep(Base):
    """One thing that happened in a case: its history for both sides, and what the public report counts."""

    __tablename__ = "complaint_step"
    __table_args__ = (Index("ix_complaint_step_kind", "kind", "at"),)

    id: Mapped[RowId]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), index=True)
    kind: Mapped[StepKind] = mapped_column(states(StepKind))
    at: Mapped[dt.datetime]
    by_id: Mapped[int | None] = mapped_column(comment="of the desk; null: a clock, a rule or one of the sides")
    ruling: Mapped[Ruling | None] = mapped_column(states(Ruling))
    reason: Mapped[str | None]
