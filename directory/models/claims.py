"""Claims of accreditation and the checks made of them. What the two amount to on a day is in models/standings."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.folding import plain
from directory.lib.words import N_
from directory.models.base import Base, RowId, states
from directory.models.bodies import Body
from directory.models.practitioners import Practitioner

OPEN_END = dt.date(9999, 12, 31)


class Status(StrEnum):
    """What claims and checks amount to, in one of nine words."""

    SELF_REPORTED = "self-reported"
    BEING_CHECKED = "being-checked"
    CHECKED = "checked"
    CHECK_DUE = "check-due"
    NOT_CONFIRMED = "not-confirmed"
    ENDED = "ended"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"
    BODY_NOT_ASSESSED = "body-not-assessed"

    @property
    def label(self) -> str:
        """A few words for a filter or a key."""
        return _LABELS[self]

    @property
    def tone(self) -> str:
        """Which of the drawings of a seal goes with it."""
        return _TONES[self]


_LABELS = {
    Status.CHECKED: N_("Checked, in date"),
    Status.CHECK_DUE: N_("A check is due"),
    Status.BEING_CHECKED: N_("Being checked"),
    Status.SELF_REPORTED: N_("Said, not checked"),
    Status.NOT_CONFIRMED: N_("Not found on the register"),
    Status.ENDED: N_("Ended"),
    Status.RESTRICTED: N_("The body publishes a notice"),
    Status.WITHDRAWN: N_("Taken back"),
    Status.BODY_NOT_ASSESSED: N_("Body not assessed here"),
}

_TONES = {
    Status.CHECKED: "checked",
    Status.CHECK_DUE: "due",
    Status.BEING_CHECKED: "said",
    Status.SELF_REPORTED: "said",
    Status.NOT_CONFIRMED: "looked",
    Status.ENDED: "ended",
    Status.RESTRICTED: "notice",
    Status.WITHDRAWN: "said",
    Status.BODY_NOT_ASSESSED: "said",
}


class Outcome(StrEnum):
    """What somebody saw when they looked."""

    CONFIRMED = "confirmed"
    NOT_FOUND = "not-found"
    ENDED = "ended"
    RESTRICTED = "restricted"
    INCONCLUSIVE = "inconclusive"


class Method(StrEnum):
    """How somebody looked."""

    PUBLIC_REGISTER = "public-register"
    REGISTER_FILE = "register-file"
    BODY_LETTER = "body-letter"
    DOCUMENT = "document"
    TELEPHONE = "telephone"

    @property
    def label(self) -> str:
        return {
            Method.PUBLIC_REGISTER: N_("We looked at the body’s public register."),
            Method.REGISTER_FILE: N_("We looked at a copy of the register that the body gave us."),
            Method.BODY_LETTER: N_("The body answered us in writing."),
            Method.DOCUMENT: N_("We saw a document from the practitioner."),
            Method.TELEPHONE: N_("We asked the body by telephone."),
        }[self]


class Tie(StrEnum):
    """What ties a listing to the person whom a register shows. Without one nothing is confirmed."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    WEBSITE = "website"
    BODY_ANSWER = "body-answer"

    @property
    def label(self) -> str:
        return {
            Tie.TELEPHONE: N_("The register shows the telephone number that the practitioner confirmed to us."),
            Tie.EMAIL: N_("The register shows the e-mail address that the practitioner confirmed to us."),
            Tie.WEBSITE: N_("The register shows the website that the practitioner confirmed to us."),
            Tie.BODY_ANSWER: N_("The body told us that this listing is of the person on its register."),
        }[self]


def number_key(number: str | None) -> str:
    """A membership number as it is compared: without case, spaces or punctuation. Blank stays blank.

    Leading zeros count, as bodies write them.
    """
    return plain(number or "").replace(" ", "")


class Claim(Base):
    """A practitioner's statement that they are accredited by a body."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("body_id IS NOT NULL OR body_name IS NOT NULL", name="claim_names_a_body"),
        Index("ix_claim_body_id", "body_id", "practitioner_id"),
        Index("ix_claim_number_key", "number_key", "body_id"),
    )

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    body_id: Mapped[str | None] = mapped_column(ForeignKey("body.id"))
    body_name: Mapped[str | None] = mapped_column(comment="as typed, where the directory does not know the body")
    grade: Mapped[str | None]
    number: Mapped[str | None]
    number_key: Mapped[str] = mapped_column(default="")
    disciplines: Mapped[list[str]] = mapped_column(
        default=list, server_default="[]", comment="modalities for which the membership is claimed; none: as such"
    )
    claimed_until: Mapped[dt.date | None]
    stated_on: Mapped[dt.date]
    taken_on: Mapped[dt.date | None] = mapped_column(comment="the day on which a verifier took it")
    taken_by_id: Mapped[int | None] = mapped_column(comment="the account to whom it is assigned now")
    asked_at: Mapped[dt.datetime | None] = mapped_column(comment="since when the practitioner owes an answer")
    answered_at: Mapped[dt.datetime | None] = mapped_column(
        comment="when they sent what no verifier has decided on yet"
    )
    revision: Mapped[int] = mapped_column(
        default=1,
        server_default="1",
        comment="grows with each decision and answer: nobody decides what they have not seen",
    )
    withdrawn_on: Mapped[dt.date | None]
    past: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default="[]", comment="what it said before it was changed, each until a moment"
    )
    recorded_at: Mapped[dt.datetime]

    practitioner: Mapped[Practitioner] = relationship(back_populates="claims", lazy="raise_on_sql")
    body: Mapped[Body | None] = relationship(lazy="raise_on_sql")

    def change(
        self, number: str | None, disciplines: Sequence[str], withdrawn_on: dt.date | None, *, at: dt.datetime
    ) -> None:
        """Let it say something else from now on. What its status rests on is remembered: what was known stays known."""
        key, kinds, day = self.number_key, list(self.disciplines or ()), self.withdrawn_on
        self.number, self.number_key = number, number_key(number)
        self.disciplines, self.withdrawn_on = list(disciplines), withdrawn_on
        if (key, kinds, day) != (self.number_key, self.disciplines, withdrawn_on):
            said = {"until": at.isoformat(), "number_key": key, "disciplines": kinds}
            self.past = [*(self.past or ()), {**said, "withdrawn_on": day.isoformat() if day else None}]

    def state(
        self,
        number: str | None,
        grade: str | None,
        claimed_until: dt.date | None,
        disciplines: Sequence[str],
        *,
        at: dt.datetime,
    ) -> None:
        """Let it be stated in these words, also after it was taken back. Where they are others than before, whoever
        had it open has not seen them.
        """
        before = self._words
        self.grade, self.claimed_until = grade, claimed_until
        self.change(number, disciplines, None, at=at)
        if self._words != before:
            self.revision = (self.revision or 0) + 1

    @property
    def _words(self) -> tuple[object, ...]:
        return self.number, self.grade, self.claimed_until, list(self.disciplines or ()), self.withdrawn_on

    def is_of(self, body_id: str | None, body_name: str | None, number: str | None) -> bool:
        """Whether it states a membership of this body under this number, however the two are written."""
        same_body = self.body_id == body_id and plain(self.body_name or "") == plain(body_name or "")
        return same_body and self.number_key == number_key(number)

    def take_back(self, on: dt.date) -> None:
        """Let it be stated no more from a day on. Nobody has it any longer, and nobody owes an answer about it."""
        self.withdrawn_on = on
        self.taken_by_id = self.asked_at = self.answered_at = None
        self.revision += 1


class Check(Base):
    """An append-only fact: somebody looked, on a day, in a way, and saw this.

    It belongs to a person, a body and a number, so that a claim typed anew inherits it. To take one back is to add a
    row that names it in `undoes_id`: from then on it does not count, and what was known before still shows it.
    Triggers refuse to change a row, to confirm without a tie, and to undo with words of its own.
    """

    # "check" is a word of SQL.
    __tablename__ = "claim_check"
    __table_args__ = (
        CheckConstraint("(outcome = 'ended') = (ended_on IS NOT NULL)", name="ended_has_a_day"),
        CheckConstraint(
            "(outcome = 'restricted') = (notice_url IS NOT NULL)",
            name="restricted_has_a_notice",
        ),
        Index("ix_claim_check_practitioner_id", "practitioner_id", "body_id"),
        Index("ix_claim_check_number_key", "number_key", "body_id"),
        Index("ix_claim_check_inherited_from_id", "inherited_from_id"),
        # Partial: else SQLite takes "undoes nothing" for one row, and reads all of them through it.
        Index(
            "uq_claim_check_undoes_id",
            "undoes_id",
            unique=True,
            sqlite_where=text("undoes_id IS NOT NULL"),
            postgresql_where=text("undoes_id IS NOT NULL"),
        ),
    )

    id: Mapped[RowId]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"))
    body_id: Mapped[str] = mapped_column(ForeignKey("body.id"))
    number_key: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    method: Mapped[Method] = mapped_column(states(Method))
    outcome: Mapped[Outcome] = mapped_column(states(Outcome))
    tie: Mapped[Tie | None] = mapped_column(states(Tie))
    by_id: Mapped[int | None] = mapped_column(comment="the account that looked; no foreign key: the fact outlives it")
    second_by_id: Mapped[int | None] = mapped_column(comment="who agreed, where a second person is needed")
    seen_name: Mapped[str | None]
    seen_grade: Mapped[str | None]
    seen_disciplines: Mapped[list[str]] = mapped_column(
        default=list, server_default="[]", comment="modalities that the register shows; none: it shows none"
    )
    seen_town: Mapped[str | None]
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    notice_url: Mapped[str | None]
    due_on: Mapped[dt.date | None] = mapped_column(comment="the day by which somebody looks again")
    evidence_url: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(comment="for verifiers only")
    register_row_id: Mapped[int | None] = mapped_column(comment="the line of a register that was seen")
    register_import_id: Mapped[int | None] = mapped_column(index=True, comment="the import that made it, if one did")
    inherited_from_id: Mapped[int | None] = mapped_column(comment="the same person's check under another listing")
    undoes_id: Mapped[int | None] = mapped_column(comment="a check of the same person, which it takes back")

    practitioner: Mapped[Practitioner] = relationship(back_populates="checks", lazy="raise_on_sql")

    @property
    def good_until(self) -> dt.date:
        return good_until(self.valid_to, self.due_on)

    def undoing(self, by_id: int | None, *, at: dt.datetime) -> "Check":
        """The row that takes it back, not added yet."""
        return Check(
            practitioner_id=self.practitioner_id,
            body_id=self.body_id,
            number_key=self.number_key,
            checked_on=self.checked_on,
            recorded_at=at,
            method=self.method,
            outcome=Outcome.INCONCLUSIVE,
            by_id=by_id,
            undoes_id=self.id,
        )


def good_until(valid_to: dt.date | None, due_on: dt.date | None) -> dt.date:
    """The last day on which a confirming check counts: the earlier of its validity and its re-check date."""
    return min(day for day in (valid_to, due_on, OPEN_END) if day is not None)


class Stated(Protocol):
    """What is asked of a claim to say what it amounts to: a whole row has it, and so has what a list reads of one."""

    @property
    def id(self) -> int: ...
    @property
    def body_id(self) -> str | None: ...
    @property
    def body_name(self) -> str | None: ...
    @property
    def number_key(self) -> str: ...
    @property
    def disciplines(self) -> list[str]: ...
    @property
    def stated_on(self) -> dt.date: ...
    @property
    def taken_on(self) -> dt.date | None: ...
    @property
    def withdrawn_on(self) -> dt.date | None: ...
    @property
    def past(self) -> list[dict[str, Any]]: ...


class Seen(Protocol):
    """The same of a check."""

    @property
    def id(self) -> int: ...
    @property
    def body_id(self) -> str: ...
    @property
    def number_key(self) -> str: ...
    @property
    def checked_on(self) -> dt.date: ...
    @property
    def recorded_at(self) -> dt.datetime: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def seen_grade(self) -> str | None: ...
    @property
    def seen_disciplines(self) -> list[str]: ...
    @property
    def valid_to(self) -> dt.date | None: ...
    @property
    def ended_on(self) -> dt.date | None: ...
    @property
    def notice_url(self) -> str | None: ...
    @property
    def undoes_id(self) -> int | None: ...
    @property
    def good_until(self) -> dt.date: ...
