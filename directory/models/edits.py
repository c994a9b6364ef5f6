"""What administrators changed in the facts of reference, so that loading the files anew does not undo it."""

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, RowId


class ReferenceEdit(Base):
    """One edit of one record. Only ever added; the newest of a field counts."""

    __tablename__ = "reference_edit"
    __table_args__ = (Index("ix_reference_edit_record", "collection", "record_id", "id"),)

    id: Mapped[RowId]
    collection: Mapped[str] = mapped_column(comment="modality, concern, body, regulation or guidance")
    record_id: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str | None]
    edited_by: Mapped[int] = mapped_column(comment="account; no foreign key: an edit outlives it")
    edited_at: Mapped[dt.datetime]
