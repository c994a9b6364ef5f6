"""Letters: mail that waits to be sent, in the transaction of its cause."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, RowId, states


class LetterState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given-up"


class Pulse(Base):
    """When something was last so: that a worker lives, say."""

    __tablename__ = "pulse"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[dt.datetime]


class Letter(Base):
    """Mail to one address. `cause` is unique: the same cause never makes a second letter, nor a second Message-ID.

    `values` fill the templates of `kind`. They may hold a one-time token, and are emptied once the letter is sent.
    A letter with words of visitors has them in `sealed` instead, with the visitor's address (services/sealing).
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_state_next_at", "state", "next_at"),)

    id: Mapped[RowId]
    kind: Mapped[str]
    cause: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    to: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(index=True, comment="no foreign key: a letter outlives an account")
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sealed: Mapped[str | None] = mapped_column(comment="emptied, too; then `to` may be empty: it says whom it is to")
    state: Mapped[LetterState] = mapped_column(states(LetterState), default=LetterState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime]
    claimed_until: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    problem: Mapped[str | None]
