"""What remains when somebody has left: that they were erased, and salted commitments for the truth of the record."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, RowId


class Erasure(Base):
    """That an account or a listing was erased. A restore of an older backup applies these again.

    `subject` is the row number, and `mark` a SHA-256 of what never changes about the row and that nobody can guess who
    has only the mark: an account's number with the moment it was made, a listing's public id. So nobody who later got
    the same number is erased. `cleaned_at` is when what the database had left in its files was overwritten.
    """

    __tablename__ = "erasure"

    kind: Mapped[str] = mapped_column(primary_key=True, comment="account or listing")
    subject: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)
    erased_at: Mapped[dt.datetime]
    cleaned_at: Mapped[dt.datetime | None]


class Commitment(Base):
    """A salted hash of a person, body and number, with what a check found: a notice cannot be shed by leaving.

    `sealed` holds what must be said of it again (the address of the notice, the day of an end), and opens only for
    whoever knows the name and the number.
    """

    __tablename__ = "commitment"

    id: Mapped[RowId]
    salt: Mapped[str]
    digest: Mapped[str]
    body_id: Mapped[str | None]
    outcome: Mapped[str]
    checked_on: Mapped[dt.date]
    sealed: Mapped[str | None]
    made_at: Mapped[dt.datetime]


class ErasedRow(Base):
    """A salted hash of what an import knows a person by, so that the next import does not list again who left.

    All rows share one salt, so that an import hashes each line once.
    """

    __tablename__ = "erased_row"

    digest: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]
    made_at: Mapped[dt.datetime]
