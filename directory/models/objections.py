"""People on a register who have no listing and do not want to be confirmed here. Nothing says who they are."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class Objection(Base):
    """A keyed hash of a body, a number and the look of a name, about whom the checker gives no answer from a register.

    One person has two: of the whole name, and of the first letter with the last word (services/objections).
    """

    __tablename__ = "objection"

    digest: Mapped[str] = mapped_column(primary_key=True, comment="HMAC-SHA-512 with a key of the site, in Base64")
    made_at: Mapped[dt.datetime]
