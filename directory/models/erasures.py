"""What remains when somebody has left: that they were erased, and salted commitments for the truth of the record."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, RowId


class Erasure(Base):
    """That an account or a listing was erased. A restore of an older backup applies these again.

    `subject` is the row number and `mark` the SHA-256 of what was random about it (an account's uniquifier, a listing's
    public id), so that nobody who later got the same number is erased.
    """

    __tablename__ = "erasure"

    kind: Mapped[str] = mapped_column(primary_key=True, comment="account or listing")
    subject: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)
    erased_at: Mapped[dt.datetime]


class Commitment(Base):
    """A salted hash of a person, body and number, with what a check found: a notice cannot be shed by leaving."""

    __tablename__ = "commitment"

    id: Mapped[RowId]
    salt: Mapped[str]
    digest: Mapped[str]
    body_id: Mapped[str | None]
    outcome: Mapped[str]
    checked_on: Mapped[dt.date]
    made_at: Mapped[dt.datetime]
