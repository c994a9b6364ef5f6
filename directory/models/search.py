"""What search reads beside the listings: their words, and the status of each claim by date."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, ByCodePoint, RowId, states
from directory.models.claims import Status


class SearchText(Base):
    """The folded words of a listing (lib/folding), separated by one space, by how much they say about it."""

    __tablename__ = "search_text"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    names: Mapped[str]
    methods: Mapped[str]
    body: Mapped[str]
    concerns: Mapped[str]


class ClaimSpan(Base):
    """The status of a claim from a day on, up to and not including another."""

    __tablename__ = "claim_span"
    __table_args__ = (
        Index(
            "ix_claim_span_practitioner_id",
            "practitioner_id",
            "until_on",
            "from_on",
            "status",
            "body_id",
        ),
    )

    id: Mapped[RowId]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    body_id: Mapped[str | None]
    status: Mapped[Status] = mapped_column(states(Status))
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date]


class SearchWord(Base):
    """A word that finds somebody by name or method. What is meant by a typo is looked for among these."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(ByCodePoint, primary_key=True)


class Skeleton(Base):
    """How a name or number of somebody whom we checked looks to the eye (lib/skeletons). Look-alikes have the same."""

    __tablename__ = "skeleton"
    __table_args__ = (Index("ix_skeleton_kind_value", "kind", "value"),)

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(comment="name or number")
    value: Mapped[str] = mapped_column(ByCodePoint)
