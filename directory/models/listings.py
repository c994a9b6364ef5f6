"""Listings as their practitioners keep them: versions, photographs, and reports of visitors."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.words import N_
from directory.models.accounts import Account
from directory.models.base import Base, RowId, states
from directory.models.practitioners import Practitioner


class VersionState(StrEnum):
    """States of a version of a listing."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    PUBLISHED = "published"
    REFUSED = "refused"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return {
            VersionState.DRAFT: N_("Not sent yet"),
            VersionState.WAITING: N_("Waits for us to look"),
            VersionState.RETURNED: N_("We asked for changes"),
            VersionState.PUBLISHED: N_("Published"),
            VersionState.REFUSED: N_("Refused"),
            VersionState.SUPERSEDED: N_("Replaced before we looked"),
        }[self]


OPEN_VERSIONS = (VersionState.DRAFT, VersionState.WAITING, VersionState.RETURNED)


class ListingVersion(Base):
    """What a practitioner answered, whole, at one moment. At most one version of a listing is open.

    `shown` are answers for the public, `private` those that only the practitioner and administrators see; the public
    history reads `shown` alone. `flags` are what a moderator should look at: look-alikes, with the other person.
    """

    __tablename__ = "listing_version"
    __table_args__ = (
        UniqueConstraint("practitioner_id", "number"),
        Index(
            "uq_listing_version_open",
            "practitioner_id",
            unique=True,
            sqlite_where=text("state IN ('draft', 'waiting', 'returned')"),
            postgresql_where=text("state IN ('draft', 'waiting', 'returned')"),
        ),
        Index("ix_listing_version_state", "state", "submitted_at"),
    )

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(states(VersionState))
    shown: Mapped[dict[str, Any]] = mapped_column(JSON(), default=dict)
    private: Mapped[dict[str, Any]] = mapped_column(JSON(), default=dict)
    steps_done: Mapped[list[str]] = mapped_column(default=list)
    flags: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    made_by: Mapped[int | None] = mapped_column(comment="account; no foreign key: a version outlives it")
    made_at: Mapped[dt.datetime]
    submitted_at: Mapped[dt.datetime | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None] = mapped_column(comment="what we told the practitioner")

    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")


class Kept(Base):
    """Who keeps a listing, and how far it has come: one row beside each listing that has an account.

    `revision` grows with every change of the listing or its open version; a form that was opened at another revision
    is shown both. One account keeps one listing.
    """

    __tablename__ = "kept_listing"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[dt.datetime]
    state_reason: Mapped[str | None] = mapped_column(comment="why it is hidden or suspended, for the practitioner")
    step_revisions: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="the revision that last changed each step"
    )
    is_approved: Mapped[bool] = mapped_column(default=False, comment="whether its rows are answers that were approved")
    was_hidden: Mapped[bool] = mapped_column(default=False, comment="whether it was hidden when it was suspended")
    hidden_for_silence: Mapped[bool] = mapped_column(default=False)
    asked_on: Mapped[dt.date | None] = mapped_column(comment="when we last asked whether it is still right")
    warned_on: Mapped[dt.date | None] = mapped_column(comment="when we said that it will be hidden")

    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")
    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class Photo(Base):
    """A photograph, made anew from what was sent: nothing of the file itself is kept."""

    __tablename__ = "photo"

    digest: Mapped[str] = mapped_column(primary_key=True, comment="SHA-256 of the content, and its address")
    practitioner_id: Mapped[int] = mapped_column(
        ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    is_public: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[dt.datetime]


class ReportKind(StrEnum):
    """What a visitor says of a listing. The first four go to the practitioner first, the others to administrators."""

    MOVED = "moved"
    CLOSED = "closed"
    NO_ANSWER = "no-answer"
    WRONG = "wrong"
    NOT_ME = "not-me"
    MISCONDUCT = "misconduct"
    DANGER = "danger"

    @property
    def label(self) -> str:
        return {
            ReportKind.MOVED: N_("They have moved"),
            ReportKind.CLOSED: N_("They no longer practise"),
            ReportKind.NO_ANSWER: N_("They do not answer"),
            ReportKind.WRONG: N_("Something else is wrong"),
            ReportKind.NOT_ME: N_("This is about me, and I did not put it here"),
            ReportKind.MISCONDUCT: N_("They behaved badly"),
            ReportKind.DANGER: N_("Somebody is in danger"),
        }[self]

    @property
    def is_grave(self) -> bool:
        return self in {ReportKind.NOT_ME, ReportKind.MISCONDUCT, ReportKind.DANGER}


class ReportState(StrEnum):
    WITH_PRACTITIONER = "with-practitioner"
    WITH_ADMINISTRATORS = "with-administrators"
    SETTLED = "settled"


class ReportSays(StrEnum):
    """What a practitioner answers to a report."""

    CORRECTED = "corrected"
    RIGHT = "right"

    @property
    def label(self) -> str:
        return {
            ReportSays.CORRECTED: N_("I have corrected it"),
            ReportSays.RIGHT: N_("It is right as it is"),
        }[self]


class Report(Base):
    """What a visitor told us about a listing. Never public."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_state", "state", "made_at"),)

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ReportKind] = mapped_column(states(ReportKind))
    text: Mapped[str]
    reply_to: Mapped[str | None] = mapped_column(comment="where the visitor wants an answer, if anywhere")
    state: Mapped[ReportState] = mapped_column(states(ReportState))
    made_at: Mapped[dt.datetime]
    says: Mapped[ReportSays | None] = mapped_column(states(ReportSays), comment="the practitioner's answer")
    answered_at: Mapped[dt.datetime | None]
    answer: Mapped[str | None] = mapped_column(comment="what administrators found and did, for them to read")
    settled_at: Mapped[dt.datetime | None]
    settled_by: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)

    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")
