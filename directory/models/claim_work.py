"""The work on a claim: what verifiers and practitioners say to each other, what was sent in, and second looks."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, RowId
from directory.models.claims import Check, Claim


class ClaimMessage(Base):
    """A question of a verifier, or an answer of the practitioner. Only these two sides read it."""

    __tablename__ = "claim_message"

    id: Mapped[RowId]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    is_from_practitioner: Mapped[bool]
    by_id: Mapped[int | None] = mapped_column(comment="the account that wrote it; no foreign key")
    text: Mapped[str]
    sent_at: Mapped[dt.datetime]

    claim: Mapped[Claim] = relationship(lazy="raise_on_sql")


class Evidence(Base):
    """A file that a practitioner sent for a claim, for verifiers only.

    One year after it was decided on, its content and name go; the digest stays, so that what was seen can be told from
    what was not.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(content IS NULL) = (erased_at IS NOT NULL)", name="evidence_is_there_or_erased"),
        Index("uq_evidence_claim_id", "claim_id", "digest", unique=True),
    )

    id: Mapped[RowId]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    check_id: Mapped[int | None] = mapped_column(
        ForeignKey("claim_check.id", ondelete="SET NULL"), index=True, comment="the first check that it was seen for"
    )
    name: Mapped[str] = mapped_column(comment="as it was called on their machine; empty once erased")
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(comment="bytes")
    digest: Mapped[str] = mapped_column(comment="SHA-256 of the content as it is kept")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[dt.datetime]
    erased_at: Mapped[dt.datetime | None]

    claim: Mapped[Claim] = relationship(lazy="raise_on_sql")


class Audit(Base):
    """Whether a confirming check was drawn for a second look, and what came of it. Every such check is drawn for once.

    Where it was drawn, another verifier looks before `due_on`; `agrees` says whether they saw the same.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_claim_id", "claim_id", "done_at"),)

    check_id: Mapped[int] = mapped_column(ForeignKey("claim_check.id", ondelete="CASCADE"), primary_key=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"))
    considered_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date | None] = mapped_column(comment="only where it was drawn")
    done_check_id: Mapped[int | None] = mapped_column(
        ForeignKey("claim_check.id", ondelete="SET NULL"), comment="what the other verifier saw"
    )
    agrees: Mapped[bool | None]
    done_at: Mapped[dt.datetime | None]

    check: Mapped[Check] = relationship(lazy="raise_on_sql", foreign_keys=[check_id])
    claim: Mapped[Claim | None] = relationship(lazy="raise_on_sql")
