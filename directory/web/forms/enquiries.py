"""What somebody asks of practitioners, and what a practitioner decides about enquiries."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from directory.web.forms.accounts import email_field
from directory.web.forms.base import Form, Trapped
from directory.web.forms.listings_rows import line, lines

MOST_NAME, MOST_MESSAGE, MOST_SUMMARY = 80, 2_000, 6_000
TOO_LONG = _("Say it in %(max)d characters at most")
TO = "to"


class EnquiryForm(Trapped):
    """An enquiry. `mark` and `work` are for telling people from programs (services/enquiries/guarding)."""

    to = SelectMultipleField(
        _("To whom"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )
    look_for = StringField(_("Name of a practitioner"), filters=[line], validators=[Length(max=100)])
    name = StringField(
        _("Your name"),
        filters=[line],
        validators=[DataRequired(_("Type your name")), Length(max=MOST_NAME, message=TOO_LONG)],
    )
    email = email_field(_("Your e-mail address"))
    message = TextAreaField(
        _("Your message"),
        filters=[lines],
        validators=[DataRequired(_("Type your message")), Length(max=MOST_MESSAGE, message=TOO_LONG)],
    )
    summary = TextAreaField(
        _("Your summary, if you want to send one"),
        filters=[lines],
        validators=[Length(max=MOST_SUMMARY, message=TOO_LONG)],
    )
    health_consent = BooleanField(
        _("What I wrote says something about my health. I agree that it goes to those I chose, and to nobody else")
    )
    no_health = BooleanField(_("My message says nothing about my health"))
    mark = HiddenField(validators=[Length(max=200)])
    work = HiddenField(validators=[Length(max=20)])

    # Whether the message seems to tell something about somebody's health.
    seems_about_health = False
    most = 5

    def offer(self, people: Mapping[str, str], most: int) -> None:
        """Give those to whom it can go: public id and name."""
        self.to.choices = list(people.items())
        self.most = most

    def validate_to(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one practitioner"))
        if len(field.data) > self.most:
            raise ValidationError(_("Choose %(most)d practitioners at most") % {"most": self.most})

    def validate_health_consent(self, field: Any) -> None:
        if field.data:
            return
        if self.summary.data:
            raise ValidationError(_("Agree to this, or empty the summary: it says something about your health"))
        if self.seems_about_health and not self.no_health.data:
            raise ValidationError(
                _(
                    "This may say something about your health. Agree that it is passed on, say below that it does not, "
                    "or take it out"
                )
            )


class DayField(DateField):
    """A day that need not be said."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, or say what to type."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Type a day, or leave this empty")) from None


class PauseForm(Form):
    """That a practitioner takes no enquiries now, and why."""

    why = RadioField(_("What does everybody read?"), validators=[InputRequired(_("Choose what everybody reads"))])
    until = DayField(_("Until which day?"), validators=[Optional()])

    def offer(self, labels: Mapping[str, str], today: dt.date) -> None:
        """Give the reasons, with their words. A pause ends after today."""
        self.why.choices = list(labels.items())
        self._today = today

    def validate_until(self, field: Any) -> None:
        if field.data is not None and field.data <= self._today:
            raise ValidationError(_("Choose a day that has not come yet, or leave this empty"))
