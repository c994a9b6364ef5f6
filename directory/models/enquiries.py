"""Enquiries: messages to practitioners through the relay. Their words stand here sealed, until they are passed on."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.words import N_
from directory.models.base import Base, RowId, states
from directory.models.practitioners import Practitioner


class Enquiry(Base):
    """What one visitor wants to ask one to five practitioners.

    `sealed` holds who they are and what they say (services/sealing), until they have confirmed their address or the day
    is over. Nothing else here says anything about them. A link in a letter names the row; its token is kept nowhere.
    """

    __tablename__ = "enquiry"
    __table_args__ = (
        CheckConstraint("confirmed_at IS NULL OR sealed IS NULL", name="unsealed_once_passed_on"),
        # Letters name it, and outlive it: its number is never given to another.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[str | None]
    did_work: Mapped[bool] = mapped_column(comment="whether their browser showed a proof of work; else it is held")
    made_at: Mapped[dt.datetime] = mapped_column(index=True)
    confirmed_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None] = mapped_column(comment="when its sender took it back")

    deliveries: Mapped[list["EnquiryDelivery"]] = relationship(lazy="raise_on_sql", order_by="EnquiryDelivery.id")


class DeliveryState(StrEnum):
    """What became of an enquiry to one practitioner."""

    CHOSEN = "chosen"
    PASSED_ON = "passed-on"
    # The sender is not told that they are blocked.
    BLOCKED = "blocked"
    NOT_TAKEN = "not-taken"
    TOO_MANY = "too-many"
    TAKEN_BACK = "taken-back"

    @property
    def label(self) -> str:
        passed_on = N_("Passed on")
        return {
            DeliveryState.CHOSEN: N_("Not sent yet"),
            DeliveryState.PASSED_ON: passed_on,
            DeliveryState.BLOCKED: passed_on,
            DeliveryState.NOT_TAKEN: N_("Not sent: they take no enquiries now"),
            DeliveryState.TOO_MANY: N_("Not sent: they have had many enquiries today; try again tomorrow"),
            DeliveryState.TAKEN_BACK: N_("Not sent: you took it back"),
        }[self]

    @property
    def was_passed_on(self) -> bool:
        """As far as its sender is told."""
        return self in {DeliveryState.PASSED_ON, DeliveryState.BLOCKED}


class EnquiryDelivery(Base):
    """An enquiry on its way to one practitioner. Its words are in a letter (models/letters), sealed.

    `sender_key` is a keyed hash of the sender's mailbox, another for each practitioner, so that the one who got it can
    block them without our knowing who they are; it is taken away after 90 days.
    """

    __tablename__ = "enquiry_delivery"
    __table_args__ = (UniqueConstraint("enquiry_id", "practitioner_id"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    enquiry_id: Mapped[int | None] = mapped_column(
        ForeignKey("enquiry.id", ondelete="SET NULL"), comment="gone after 30 days; that there was one still counts"
    )
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    state: Mapped[DeliveryState] = mapped_column(states(DeliveryState))
    sender_key: Mapped[str | None]
    made_at: Mapped[dt.datetime] = mapped_column(index=True)
    passed_on_at: Mapped[dt.datetime | None]

    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")


class EnquiryBlock(Base):
    """Somebody from whom a practitioner wants no more enquiries: a keyed hash of a mailbox."""

    __tablename__ = "enquiry_block"
    __table_args__ = (UniqueConstraint("practitioner_id", "sender_key"),)

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    sender_key: Mapped[str]
    made_at: Mapped[dt.datetime]


class WhyPaused(StrEnum):
    """What a practitioner who wants no enquiries now says of it. Everybody reads it."""

    FULL = "full"
    AWAY = "away"
    KNOWN_ONLY = "known-only"
    OTHER_WAY = "other-way"
    UNSAID = "unsaid"

    @property
    def label(self) -> str:
        """As the practitioner chooses it."""
        return {
            WhyPaused.FULL: N_("My diary is full"),
            WhyPaused.AWAY: N_("I am away for a while"),
            WhyPaused.KNOWN_ONLY: N_("I see only people who have been with me before"),
            WhyPaused.OTHER_WAY: N_("I would rather be asked through my own website"),
            WhyPaused.UNSAID: N_("I would rather not say"),
        }[self]

    @property
    def said(self) -> str:
        """As everybody reads it."""
        return {
            WhyPaused.FULL: N_("They take no new clients now: their diary is full."),
            WhyPaused.AWAY: N_("They are away for a while."),
            WhyPaused.KNOWN_ONLY: N_("They see only people who have been with them before."),
            WhyPaused.OTHER_WAY: N_("They would rather be asked through their own website."),
            WhyPaused.UNSAID: N_("They take no enquiries here now."),
        }[self]


class EnquiryPause(Base):
    """That a practitioner wants no enquiries now: one row for each who does. It is shown on their page."""

    __tablename__ = "enquiry_pause"

    practitioner_id: Mapped[int] = mapped_column(
        ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    why: Mapped[WhyPaused] = mapped_column(states(WhyPaused))
    until: Mapped[dt.date | None] = mapped_column(comment="the first day on which they take enquiries again")
    made_at: Mapped[dt.datetime]

    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")


class SpentForm(Base):
    """A form for an enquiry that was sent: each counts once, with its proof of work."""

    __tablename__ = "spent_form"

    mark: Mapped[str] = mapped_column(primary_key=True, comment="what is random about the form")
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
