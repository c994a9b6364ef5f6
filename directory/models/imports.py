"""What came in from files: which row made which listing, and which seed file has been loaded."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class ImportedRow(Base):
    """A row of an operator's spreadsheet and the listing it became. The same row again changes nothing."""

    __tablename__ = "imported_row"

    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    imported_at: Mapped[dt.datetime]


class SeedFile(Base):
    """A file of facts that has been loaded, by its digest."""

    __tablename__ = "seed_file"

    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    loaded_at: Mapped[dt.datetime]
