"""Recommendations: notes by people who know a practitioner, for one friend, a circle or the public."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.words import N_
from directory.models.accounts import Account
from directory.models.base import Base, RowId, states
from directory.models.practitioners import Practitioner

MOST_WORDS = 600
# The kind of letter that brings a private link. The number of the writer's account stands second in its cause.
LETTER = "note-for-you"


class Audience(StrEnum):
    """Whom a recommendation is for."""

    FRIEND = "friend"
    CIRCLE = "circle"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        return {
            Audience.FRIEND: N_("One friend, by a private link"),
            Audience.CIRCLE: N_("My circle"),
            Audience.PUBLIC: N_("Everybody"),
        }[self]


class Relation(StrEnum):
    """What the writer is to the practitioner."""

    CLIENT = "client"
    FRIEND = "friend"
    FAMILY = "family"
    COLLEAGUE = "colleague"
    STUDENT = "student"
    TEACHER = "teacher"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            Relation.CLIENT: N_("Client"),
            Relation.FRIEND: N_("Friend"),
            Relation.FAMILY: N_("Family"),
            Relation.COLLEAGUE: N_("Colleague"),
            Relation.STUDENT: N_("Student of theirs"),
            Relation.TEACHER: N_("Teacher of theirs"),
            Relation.OTHER: N_("Something else"),
        }[self]


class ShownAs(StrEnum):
    """How a public recommendation names its writer."""

    FIRST_NAME = "first-name"
    INITIALS = "initials"

    @property
    def label(self) -> str:
        return {ShownAs.FIRST_NAME: N_("First name"), ShownAs.INITIALS: N_("Initials")}[self]


class RecommendationState(StrEnum):
    """Whether a recommendation is shown to those it is for. What is for one friend or a circle is never held."""

    SHOWN = "shown"
    HELD = "held"
    REFUSED = "refused"
    HIDDEN = "hidden"

    @property
    def label(self) -> str:
        return {
            RecommendationState.SHOWN: N_("Shown"),
            RecommendationState.HELD: N_("Waits to be read by us"),
            RecommendationState.REFUSED: N_("Not published"),
            RecommendationState.HIDDEN: N_("Hidden"),
        }[self]


class Recommendation(Base):
    """What one person says of one practitioner. It counts for nothing: neither status nor rank.

    `name` is the writer's, as friends know it; the public sees `shown_as` made of it. `decided_by_id` has no foreign
    key: a decision outlives an account.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("writer_id", "practitioner_id"),
        Index("ix_recommendation_state", "state", "id"),
        CheckConstraint("audience = 'public' OR state IN ('shown', 'hidden')", name="held_only_for_the_public"),
        CheckConstraint("length(text) BETWEEN 1 AND 600", name="text_is_short"),
    )

    id: Mapped[RowId]
    public_id: Mapped[str] = mapped_column(unique=True, comment="its name in addresses")
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    writer_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    audience: Mapped[Audience] = mapped_column(states(Audience))
    state: Mapped[RecommendationState] = mapped_column(states(RecommendationState))
    relation: Mapped[Relation] = mapped_column(states(Relation))
    was_treated: Mapped[bool]
    month: Mapped[dt.date] = mapped_column(comment="the first of the month of which it speaks")
    modality_id: Mapped[str | None] = mapped_column(ForeignKey("modality.id", ondelete="SET NULL"))
    reward: Mapped[str | None] = mapped_column(comment="what the writer got for it; null: nothing")
    text: Mapped[str] = mapped_column(comment="plain, at most 600 characters")
    name: Mapped[str]
    shown_as: Mapped[ShownAs] = mapped_column(states(ShownAs), default=ShownAs.FIRST_NAME)
    consented_at: Mapped[dt.datetime]
    made_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    revision: Mapped[int] = mapped_column(default=0)
    is_from_same_network: Mapped[bool] = mapped_column(
        default=False, comment="whether it came from a network from which the practitioner signs in, told to moderators"
    )
    decided_at: Mapped[dt.datetime | None]
    decided_by_id: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(comment="of a refusal or of hiding: a key of the published list")

    practitioner: Mapped[Practitioner] = relationship(lazy="raise_on_sql")
    writer: Mapped[Account] = relationship(lazy="raise_on_sql")


class HiddenBefore(Base):
    """That a note was hidden which its writer then removed, or made one for everybody, and that none by them about the
    same practitioner was let through since. Nothing of its words; whoever writes anew does not shed it.
    """

    __tablename__ = "recommendation_hidden_before"

    writer_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    practitioner_id: Mapped[int] = mapped_column(
        ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    reason: Mapped[str | None] = mapped_column(comment="for which it was hidden: a key of the published list")
    hidden_at: Mapped[dt.datetime]


class RecommendationLink(Base):
    """A private address at which one recommendation can be read without an account, for a year.

    The token is kept as it is, so that its writer can copy it again: whoever reads this table reads the text beside it.
    """

    __tablename__ = "recommendation_link"

    id: Mapped[RowId]
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id", ondelete="CASCADE"), index=True)
    public_id: Mapped[str] = mapped_column(unique=True, comment="its name in the addresses of the writer")
    token: Mapped[str] = mapped_column(unique=True)
    for_whom: Mapped[str] = mapped_column(default="", comment="the writer's own word for the friend")
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    mailed_at: Mapped[dt.datetime | None] = mapped_column(comment="when its writer asked us to send it, once")
    opened: Mapped[int] = mapped_column(default=0)

    recommendation: Mapped[Recommendation] = relationship(lazy="raise_on_sql")


class Reply(Base):
    """What the practitioner answers to a public recommendation: once, and read by a moderator first."""

    __tablename__ = "recommendation_reply"
    __table_args__ = (CheckConstraint("state IN ('shown', 'held', 'refused')", name="reply_states"),)

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(comment="plain, at most 600 characters")
    state: Mapped[RecommendationState] = mapped_column(states(RecommendationState))
    made_at: Mapped[dt.datetime]
    revision: Mapped[int] = mapped_column(default=0)
    decided_at: Mapped[dt.datetime | None]
    decided_by_id: Mapped[int | None]
    reason: Mapped[str | None]

    recommendation: Mapped[Recommendation] = relationship(lazy="raise_on_sql")
