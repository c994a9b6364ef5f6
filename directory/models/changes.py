"""What changed, in the order in which it was kept: from it every process brings its copy of the listings up to date."""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class Change(Base):
    """A listing that changed, or (without one) the facts that listings name.

    Triggers write it in the transaction of the change: on every change of the words of a listing, which all that
    changes one makes anew (services/indexing), and of its own row. Numbers follow the order in which transactions were
    kept. `mark` is random: where the row of a number has another mark, the database is not the one that was read
    before, but an older copy of it that went another way.
    """

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    practitioner_id: Mapped[int | None] = mapped_column(comment="no foreign key: it outlives the listing")
    mark: Mapped[int] = mapped_column(BigInteger)
