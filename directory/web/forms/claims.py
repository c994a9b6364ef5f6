"""What a verifier saw of a claim, and what they decide about it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from directory.lib import contacts
from directory.models import Method, Tie
from directory.web.forms.base import Form
from directory.web.forms.listings_rows import TOO_LONG, Boxes, Line, lines
from directory.web.forms.moderation import CHOOSE, MOST_CHARACTERS

CONFIRM, NOT_FOUND, ENDED, RESTRICT, INCONCLUSIVE, ASK = (
    "confirm",
    "not-found",
    "ended",
    "restrict",
    "inconclusive",
    "ask",
)
# All but a question rest on a look.
LOOKS = frozenset({CONFIRM, NOT_FOUND, ENDED, RESTRICT, INCONCLUSIVE})

METHODS = {
    Method.PUBLIC_REGISTER: _("On the public register"),
    Method.REGISTER_FILE: _("In a list that the body gave us"),
    Method.BODY_LETTER: _("In writing from the body"),
    Method.DOCUMENT: _("In a document of the practitioner"),
    Method.TELEPHONE: _("By telephone with the body"),
}
TIES = {
    Tie.TELEPHONE: _("Telephone number, confirmed to us"),
    Tie.EMAIL: _("E-mail address, confirmed to us"),
    Tie.WEBSITE: _("Website, confirmed to us"),
    Tie.BODY_ANSWER: _("The body’s own answer"),
}

NO_DAY = _("Write a day with its month and year, such as 2027-03-31")
TOO_LATE = _("This day has not come yet")
NO_ADDRESS = _("Write an address that begins with https:// or http://")


class Day(DateField):
    """A day, or none. What is no day is said so in words."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        if not any(one.strip() for one in valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(NO_DAY)) from None


def Address(label: Any) -> Any:  # noqa: N802  reads as a kind of field
    """The address of a page, that a browser can open and that runs nothing."""

    def check(_form: Form, field: Any) -> None:
        if field.data and (contacts.website(field.data)[0] is None or "://" not in field.data):
            raise ValidationError(NO_ADDRESS)

    return Line(label, contacts.LONGEST_WEBSITE, validators=[check])


class FindingForm(Form):
    """One decision about one claim, as it was when the page was opened. None is chosen beforehand."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])
    row = HiddenField()
    decision = RadioField(_("Your decision"), validators=[InputRequired(CHOOSE)])
    method = SelectField(_("How you looked"), choices=[(one.value, words) for one, words in METHODS.items()])
    checked_on = Day(_("The day on which you looked"))
    tie = SelectField(_("What ties this listing to that person"))
    name = Line(_("Name that is shown there"))
    grade = Line(_("Grade or letters"))
    disciplines = Boxes(_("What the entry is for"))
    town = Line(_("Town"))
    valid_from = Day(_("Valid from"))
    valid_to = Day(_("Valid to"))
    due_on = Day(_("Look again by"))
    ended_on = Day(_("The day on which it ended"))
    notice_url = Address(_("Address of the body’s notice"))
    evidence_url = Address(_("Address of the page that you saw"))
    note = TextAreaField(
        _("Note for verifiers"), filters=[lines], validators=[Length(max=MOST_CHARACTERS, message=TOO_LONG)]
    )
    question = TextAreaField(
        _("What you ask the practitioner"),
        filters=[lines],
        validators=[Length(max=MOST_CHARACTERS, message=TOO_LONG)],
    )

    today: dt.date = dt.date.max

    def offer(
        self,
        decisions: Mapping[str, str],
        disciplines: Sequence[tuple[str, str]],
        today: dt.date,
    ) -> None:
        """Give what can be decided now with its words, the modalities, and the day."""
        self.decision.choices = list(decisions.items())
        self.tie.choices = [("", _("Choose")), *((one.value, words) for one, words in TIES.items())]
        self.disciplines.choices = list(disciplines)
        self.today = today

    def put(self, values: Mapping[str, Any]) -> None:
        """Fill in what a register shows, or what there was before."""
        for name, value in values.items():
            self[name].data = value

    def _is(self, *decisions: str) -> bool:
        return self.decision.data in decisions

    def validate_checked_on(self, field: Any) -> None:
        # "Not found" counts from today, whatever was looked at: the practitioner has seven days from now.
        if not self._is(*LOOKS - {NOT_FOUND}):
            return
        if field.data is None and not field.errors:
            raise ValidationError(_("Say on which day you looked"))
        if field.data and field.data > self.today:
            raise ValidationError(TOO_LATE)

    def validate_tie(self, field: Any) -> None:
        if self._is(CONFIRM) and not field.data:
            raise ValidationError(_("Choose what ties this listing to that person: without it nothing is confirmed"))

    def validate_valid_to(self, field: Any) -> None:
        looked = self.checked_on.data
        if self._is(CONFIRM) and field.data and looked and field.data < looked:
            raise ValidationError(_("This day had passed when you looked: choose that it ended"))

    def validate_valid_from(self, field: Any) -> None:
        if self._is(CONFIRM) and field.data and self.valid_to.data and field.data > self.valid_to.data:
            raise ValidationError(_("This is after the day to which it is valid"))

    def validate_due_on(self, field: Any) -> None:
        if self._is(CONFIRM, RESTRICT) and field.data and field.data <= self.today:
            raise ValidationError(_("Choose a day that is still to come"))

    def validate_ended_on(self, field: Any) -> None:
        if not self._is(ENDED):
            return
        if field.data is None and not field.errors:
            raise ValidationError(_("Say when it ended, as the register shows it"))
        if field.data and field.data > self.today:
            raise ValidationError(TOO_LATE)

    def validate_notice_url(self, field: Any) -> None:
        if self._is(RESTRICT) and not field.data:
            raise ValidationError(_("Give the address at which the body publishes its notice"))

    def validate_note(self, field: Any) -> None:
        if self._is(INCONCLUSIVE) and not field.data:
            raise ValidationError(_("Say what could not be told, for whoever looks next"))

    def validate_question(self, field: Any) -> None:
        if self._is(ASK) and not field.data:
            raise ValidationError(_("Write your question: the practitioner reads this"))


class AssignmentForm(Form):
    """To whom a claim is given. Nobody: it goes back to all."""

    to = SelectField(_("Give it to"))

    def offer(self, verifiers: Mapping[int, str]) -> None:
        self.to.choices = [(str(number), name) for number, name in verifiers.items()]


class JudgementForm(Form):
    """That a line of a register is of somebody else."""

    row = HiddenField(validators=[InputRequired()])


class TrainingForm(Form):
    """That a certificate was seen."""

    modality = SelectField(_("Of which training you saw the certificate"))
    seen_on = Day(_("The day on which you saw it"))

    today: dt.date = dt.date.max

    def offer(self, trainings: Iterable[tuple[str, str]], today: dt.date) -> None:
        self.modality.choices = list(trainings)
        self.today = today

    def validate_seen_on(self, field: Any) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(_("Say on which day you saw the certificate"))
        if field.data and field.data > self.today:
            raise ValidationError(TOO_LATE)
