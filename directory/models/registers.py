"""The lists that bodies publish: what was taken in, in which steps, and every version of every row.

Two clocks. `listed_from` and `listed_until` are dates of lists: when a row stood on the register. `since_step` and
`until_step` say when the directory knew so: a step is an import that was applied, or one that was undone, and nothing
that a step wrote is ever changed but for the step that ended it.
"""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.lib.words import N_
from directory.models.base import Base, RowId, states


class ImportState(StrEnum):
    """What became of a file that somebody brought."""

    STAGED = "staged"
    WAITING = "waiting"
    APPLIED = "applied"
    UNDONE = "undone"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        return {
            ImportState.STAGED: N_("Read, nothing is changed yet"),
            ImportState.WAITING: N_("Waits for a second person"),
            ImportState.APPLIED: N_("Applied"),
            ImportState.UNDONE: N_("Undone"),
            ImportState.DISCARDED: N_("Discarded"),
        }[self]


class Shown(StrEnum):
    """What a row says of the membership."""

    LISTED = "listed"
    ENDED = "ended"
    NOTICE = "notice"
    UNCLEAR = "unclear"

    @property
    def label(self) -> str:
        return {
            Shown.LISTED: N_("listed"),
            Shown.ENDED: N_("shown as ended"),
            Shown.NOTICE: N_("shown with a notice"),
            Shown.UNCLEAR: N_("shown with a word that the directory does not know"),
        }[self]


class Register(Base):
    """How the lists of a body are read, and under which permission they are used."""

    __tablename__ = "register"

    body_id: Mapped[str] = mapped_column(ForeignKey("body.id"), primary_key=True)
    columns: Mapped[dict[str, Any]] = mapped_column(comment="for each field the headings of its columns")
    permission: Mapped[str] = mapped_column(default="", comment="under which the lists are used, in words")
    source_url: Mapped[str | None]
    confirms_automatically: Mapped[bool] = mapped_column(default=False)
    key: Mapped[bytes] = mapped_column(LargeBinary(32), comment="of the hashes of its rows and of contacts")
    changed_at: Mapped[dt.datetime]


class RegisterImport(Base):
    """A list of a body that somebody brought, and what became of it."""

    __tablename__ = "register_import"
    __table_args__ = (
        CheckConstraint("(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)", name="applied_has_a_moment"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_a_moment"),
        Index("ix_register_import_body_id", "body_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    body_id: Mapped[str] = mapped_column(ForeignKey("register.body_id"))
    state: Mapped[ImportState] = mapped_column(states(ImportState), default=ImportState.STAGED)
    name: Mapped[str] = mapped_column(comment="of the file")
    digest: Mapped[str] = mapped_column(comment="SHA-256 of the file")
    size: Mapped[int] = mapped_column(comment="of the file, in bytes")
    listed_on: Mapped[dt.date] = mapped_column(comment="the date of the list")
    is_older: Mapped[bool] = mapped_column(default=False, comment="brought on purpose though a later list is held")
    source_url: Mapped[str | None]
    permission: Mapped[str] = mapped_column(default="")
    columns: Mapped[dict[str, Any]] = mapped_column(comment="for each field the headings of its columns")
    columns_are_sure: Mapped[bool] = mapped_column(comment="said by a person, kept of the body, or the very words")
    counts: Mapped[dict[str, Any]] = mapped_column(comment="rows read, problems by kind; what applying changed")
    report: Mapped[list[dict[str, Any]]] = mapped_column(comment="problems, the first of them")
    proposal_id: Mapped[int | None]
    staged_at: Mapped[dt.datetime]
    staged_by_id: Mapped[int | None] = mapped_column(comment="the account; none: an operator at the machine")
    applied_at: Mapped[dt.datetime | None]
    applied_by_id: Mapped[int | None]
    second_by_id: Mapped[int | None] = mapped_column(comment="who agreed, where a second person was needed")
    undone_at: Mapped[dt.datetime | None]
    undone_by_id: Mapped[int | None]


class RegisterFile(Base):
    """A piece of a file that waits to be applied. It goes when that is decided: the rows remain, and its hash."""

    __tablename__ = "register_file"

    import_id: Mapped[int] = mapped_column(ForeignKey("register_import.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="compressed")


class RegisterStep(Base):
    """One change of what is held of a register: an import applied, or undone. Numbered for each body without gaps."""

    __tablename__ = "register_step"
    __table_args__ = (UniqueConstraint("body_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    body_id: Mapped[str] = mapped_column(ForeignKey("register.body_id"))
    number: Mapped[int]
    import_id: Mapped[int] = mapped_column(ForeignKey("register_import.id"), index=True)
    is_undo: Mapped[bool]
    at: Mapped[dt.datetime]
    view_hash: Mapped[str] = mapped_column(comment="SHA-256 of all rows as known after the step, in any order")


class RegisterRow(Base):
    """One line of a register, from one list to another, as known from one step to another.

    `key` is the same for all versions of a line: a line is known again by its number, and by name and town where the
    body gives no numbers. Telephone, e-mail address and website are keyed hashes: they can be compared with what
    somebody has confirmed, and not be read.
    """

    __tablename__ = "register_row"
    __table_args__ = (
        CheckConstraint("listed_until > listed_from", name="listed_for_a_while"),
        Index("ix_register_row_body_id", "body_id", "until_step"),
        Index("ix_register_row_number_key", "number_key", "body_id"),
        Index("ix_register_row_name_key", "name_key", "body_id"),
    )

    id: Mapped[RowId]
    body_id: Mapped[str] = mapped_column(ForeignKey("register.body_id"))
    key: Mapped[int] = mapped_column(BigInteger, index=True)
    number: Mapped[str | None]
    number_key: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    grade: Mapped[str | None]
    disciplines: Mapped[list[str]] = mapped_column(comment="modalities that the row shows; none: it shows none")
    other_disciplines: Mapped[str | None] = mapped_column(comment="those that are no modality here, as written")
    town: Mapped[str | None]
    outward: Mapped[str | None]
    telephone: Mapped[str | None] = mapped_column(comment="keyed hash")
    email: Mapped[str | None] = mapped_column(comment="keyed hash")
    website: Mapped[str | None] = mapped_column(comment="keyed hash")
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    shown: Mapped[Shown] = mapped_column(states(Shown))
    standing: Mapped[str | None] = mapped_column(comment="what the body writes of the membership, as written")
    notice_url: Mapped[str | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), comment="keyed hash of the line as it was read")
    listed_from: Mapped[dt.date]
    listed_until: Mapped[dt.date | None] = mapped_column(comment="the list that no longer showed it so; none: listed")
    since_step: Mapped[int] = mapped_column(ForeignKey("register_step.id"))
    until_step: Mapped[int | None] = mapped_column(ForeignKey("register_step.id"))


class Judgement(Base):
    """That a line of a register is not the person of a listing. Once judged, it is never asked again."""

    __tablename__ = "judgement"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("body.id"), primary_key=True)
    row_key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    by_id: Mapped[int | None]
    at: Mapped[dt.datetime]
