"""Circles: who agreed to know whom here, and who was asked to.

Nothing else says so: no event, no line of the ledger, no page of the desk. A circle is between the people in it.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, RowId

# Kinds of letters about circles. The number of the account whose name they tell stands second in their causes.
LETTERS = ("circle-invitation", "circle-answered", "circle-joined")


class CircleInvitation(Base):
    """A link by which one person asks one other to know each other here. It goes once both have said what they want.

    `mailed_to` is a keyed hash of the address to which we wrote: whoever answers from an account with that address is
    known. Anybody else who answers waits for the inviter, who alone can tell who it was. The token is kept as it is, so
    that its maker can copy it again.
    """

    __tablename__ = "circle_invitation"
    __table_args__ = (
        CheckConstraint(
            "(answered_by_id IS NULL) = (answered_name IS NULL) AND (answered_by_id IS NULL) = (answered_at IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> inviter_id", name="not_by_oneself"),
    )

    id: Mapped[RowId]
    public_id: Mapped[str] = mapped_column(unique=True, comment="its name in the addresses of the inviter")
    token: Mapped[str] = mapped_column(unique=True)
    inviter_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    inviter_name: Mapped[str] = mapped_column(comment="as the other one knows them")
    for_whom: Mapped[str] = mapped_column(comment="the inviter's own word for the other, told to nobody")
    mailed_to: Mapped[str | None] = mapped_column(comment="a keyed hash; null: the inviter gives the link themselves")
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    answered_name: Mapped[str | None]
    answered_at: Mapped[dt.datetime | None]


class Acquaintance(Base):
    """Two people who know each other here: once, the account with the lower number first. Each has the name that they
    gave to the other. It goes when either leaves.
    """

    __tablename__ = "acquaintance"
    __table_args__ = (CheckConstraint("one_id < other_id", name="once"),)

    one_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    public_id: Mapped[str] = mapped_column(unique=True, comment="its name in addresses")
    one_name: Mapped[str]
    other_name: Mapped[str]
    made_at: Mapped[dt.datetime]
