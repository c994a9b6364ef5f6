"""People who want no mail that others have us send. Nothing says who they are."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class MailStop(Base):
    """A keyed hash of a mailbox to which nothing goes that somebody else asked us to send (services/mail_stops)."""

    __tablename__ = "mail_stop"

    digest: Mapped[str] = mapped_column(primary_key=True, comment="HMAC with a key of the site, shortened, in Base64")
    made_at: Mapped[dt.datetime]
