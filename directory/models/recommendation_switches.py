"""Where recommendations are switched off: for the site, for a country, or for one listing."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, RowId
from directory.models.practitioners import Practitioner


class RecommendationSwitch(Base):
    """One switch that is off. Without a country and a listing it is that of the whole site; to switch on is to remove
    the row. Nothing that was written is touched by it: it is not shown, and nothing new is taken.
    """

    __tablename__ = "recommendation_switch"
    __table_args__ = (
        CheckConstraint("country IS NULL OR practitioner_id IS NULL", name="of_one_thing"),
        CheckConstraint("country IS NULL OR length(country) = 2", name="country_is_a_code"),
    )

    id: Mapped[RowId]
    scope: Mapped[str] = mapped_column(unique=True, comment="what it is of: site, country:GB, listing:7")
    country: Mapped[str | None]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    why: Mapped[str] = mapped_column(comment="in the words of whoever switched it off, for the desk")
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int | None] = mapped_column(comment="null: a command of the operator")

    practitioner: Mapped[Practitioner | None] = relationship(lazy="raise_on_sql")
