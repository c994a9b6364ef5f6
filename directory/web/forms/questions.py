"""Asking friends, and answering one."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from directory.models.questions import MOST_ANSWERED, MOST_ASKED
from directory.web.forms.base import Form, Trapped
from directory.web.forms.listings_rows import TOO_LONG, Line, lines
from directory.web.forms.recommendations import is_name

LONGEST_NAME, LONGEST_UNLISTED, LONGEST_SEARCH = 60, 80, 100
# Instead of the public id of a practitioner: somebody who is not listed. No public id has vowels.
UNLISTED = "unlisted"
NO_NAME = _("Write a name: letters, spaces, hyphens and dots, without an address or a link")


class QuestionForm(Form):
    """What somebody asks."""

    text = TextAreaField(
        _("Your question"),
        filters=[lines],
        validators=[DataRequired(_("Write your question")), Length(max=MOST_ASKED, message=TOO_LONG)],
    )
    name = Line(_("Your name, as your friends know it"), LONGEST_NAME, validators=[DataRequired(_("Write your name"))])
    wants_mail = BooleanField(_("Write to me when there are answers"))
    consents = BooleanField(
        _(
            "I agree that my question is kept, with anything it says of my health, and shown to whoever has the link, "
            "until I end it or it runs out."
        ),
        validators=[InputRequired(_("Say that you agree, or leave this page: then nothing is kept"))],
    )

    def validate_name(self, field: Any) -> None:
        if not is_name(field.data):
            raise ValidationError(NO_NAME)


class AnswerForm(Trapped):
    """Whom a friend names, and what they say."""

    who = RadioField(
        _("Whom do you mean?"), validators=[DataRequired(_("Choose whom you mean"))], validate_choice=False
    )
    unlisted = Line(_("Their name, if they are not listed here"), LONGEST_UNLISTED)
    look_for = Line(_("Look for somebody else, by name"), LONGEST_SEARCH)
    text = TextAreaField(
        _("What should your friend know?"),
        filters=[lines],
        validators=[Length(max=MOST_ANSWERED, message=TOO_LONG)],
    )
    name = Line(_("Your name, as your friend knows it"), LONGEST_NAME, validators=[DataRequired(_("Write your name"))])

    def offer(self, people: Mapping[str, str], somebody_else: str) -> None:
        """Give those who were found, by public id, in words, and the words for somebody who is not listed."""
        self.who.choices = [*people.items(), (UNLISTED, somebody_else)]
        # Whoever was hidden meanwhile can be chosen no more.
        self.who.data = self.who.data if self.who.data in {UNLISTED, *people} else None

    def validate_unlisted(self, field: Any) -> None:
        if self.is_unlisted and not field.data:
            raise ValidationError(_("Write the name of whom you mean"))
        if self.is_unlisted and not is_name(field.data):
            raise ValidationError(NO_NAME)

    def validate_name(self, field: Any) -> None:
        if not is_name(field.data):
            raise ValidationError(NO_NAME)

    @property
    def is_unlisted(self) -> bool:
        return bool(self.who.data == UNLISTED)


class ReadingForm(Form):
    """What an administrator decides about a question that was reported."""

    decision = RadioField(
        choices=[("end", _("End it")), ("leave", _("Leave it"))], validators=[InputRequired(_("Choose one"))]
    )
