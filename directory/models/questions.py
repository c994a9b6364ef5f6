"""Questions to friends, and their answers. Whoever has the link may answer; the asker alone reads what they say."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.accounts import Account
from directory.models.base import Base, RowId
from directory.models.practitioners import Practitioner

MOST_ASKED, MOST_ANSWERED = 300, 600


class Question(Base):
    """What somebody asks their friends, behind a link that they pass on themselves.

    `made_at` is also when they agreed that it is kept and shown. `told_at`: for when the last letter about answers was
    meant. `read_at`: when an administrator read it, because somebody who had the link reported it. The token is kept as
    it is, so that its maker can copy it again.
    """

    __tablename__ = "question"
    __table_args__ = (CheckConstraint("length(text) BETWEEN 1 AND 300", name="text_is_short"),)

    id: Mapped[RowId]
    public_id: Mapped[str] = mapped_column(unique=True, comment="its name in the addresses of the asker")
    token: Mapped[str] = mapped_column(unique=True)
    asker_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    asker_name: Mapped[str] = mapped_column(comment="as their friends know them")
    text: Mapped[str] = mapped_column(comment="plain, at most 300 characters")
    wants_mail: Mapped[bool] = mapped_column(comment="whether a letter says that there is an answer")
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    ended_at: Mapped[dt.datetime | None]
    told_at: Mapped[dt.datetime | None]
    reported_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    read_at: Mapped[dt.datetime | None]
    revision: Mapped[int] = mapped_column(comment="grows with each answer, so that two at once see each other")

    asker: Mapped[Account] = relationship(lazy="raise_on_sql")
    answers: Mapped[list["QuestionAnswer"]] = relationship(
        back_populates="question", lazy="raise_on_sql", order_by="QuestionAnswer.id.desc()", passive_deletes="all"
    )

    def is_open(self, at: dt.datetime) -> bool:
        """Whether friends can answer."""
        return self.ended_at is None and self.expires_at > at

    @property
    def is_ended_by_us(self) -> bool:
        """Whether an administrator ended it, and not the asker."""
        return self.ended_at is not None and self.ended_at == self.read_at


class QuestionAnswer(Base):
    """A practitioner whom a friend names, from the directory or not. The name is as the friend typed it: nobody has
    looked whose it is, and no account is needed.
    """

    __tablename__ = "question_answer"
    __table_args__ = (
        CheckConstraint("(practitioner_id IS NULL) <> (unlisted IS NULL)", name="names_somebody"),
        CheckConstraint("length(text) <= 600", name="text_is_short"),
    )

    id: Mapped[RowId]
    public_id: Mapped[str] = mapped_column(unique=True, comment="its name in the addresses of the asker")
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    unlisted: Mapped[str | None] = mapped_column(comment="the name of somebody who is not listed")
    text: Mapped[str] = mapped_column(comment="plain, at most 600 characters; may be blank")
    name: Mapped[str] = mapped_column(comment="the friend's")
    made_at: Mapped[dt.datetime]

    question: Mapped[Question] = relationship(back_populates="answers", lazy="raise_on_sql")
    practitioner: Mapped[Practitioner | None] = relationship(lazy="raise_on_sql")
