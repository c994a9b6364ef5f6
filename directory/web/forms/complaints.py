"""What somebody has against a note, what its writer answers, and why either appeals."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from directory.web.forms.base import Form, Trapped
from directory.web.forms.listings_rows import TOO_LONG, Line, line, lines

MOST_CHARACTERS, LONGEST_WHY = 1_000, 200
ADDRESS = _("Type an e-mail address, like name@example.org, or leave this empty")


class ComplaintForm(Trapped):
    """An objection to one note, which is named by its name in addresses, or by a private link to it."""

    note = HiddenField(validators=[Length(max=32)])
    link = HiddenField(validators=[Length(max=64)])
    ground = RadioField(
        _("What is wrong with it?"), validators=[InputRequired(_("Choose what is wrong with the note"))]
    )
    text = TextAreaField(
        _("Which words, and what shows that they are wrong?"),
        filters=[lines],
        validators=[
            DataRequired(_("Say in a few words what is wrong")),
            Length(max=MOST_CHARACTERS, message=TOO_LONG),
        ],
    )
    reply_to = EmailField(
        _("Your e-mail address, if you want to follow it"),
        filters=[line],
        validators=[Optional(), Length(max=254, message=ADDRESS), Email(ADDRESS)],
    )

    def offer(self, grounds: Mapping[str, str]) -> None:
        """Give the grounds, with their words."""
        self.ground.choices = list(grounds.items())


class AnswerForm(Form):
    """What the writer says to an objection."""

    text = TextAreaField(
        _("Your answer"),
        filters=[lines],
        validators=[DataRequired(_("Write your answer")), Length(max=MOST_CHARACTERS, message=TOO_LONG)],
    )


class AppealForm(Form):
    """Why somebody else should decide again."""

    text = TextAreaField(
        _("Why should somebody else decide again?"),
        filters=[lines],
        validators=[
            DataRequired(_("Say why somebody else should decide again")),
            Length(max=MOST_CHARACTERS, message=TOO_LONG),
        ],
    )


class SwitchForm(Form):
    """What is switched off, and why."""

    scope = RadioField(_("What is switched off?"), validators=[InputRequired(_("Choose what is switched off"))])
    country = SelectField(_("If a country: which?"))
    listing = Line(_("If one listing: its address, or the ten characters of its name there"), 300)
    why = Line(_("Why, for whoever reads this later"), LONGEST_WHY, validators=[DataRequired(_("Say why"))])

    def offer(self, scopes: Mapping[str, str], countries: Mapping[str, str]) -> None:
        """Give what can be switched off, and the countries."""
        self.scope.choices = list(scopes.items())
        self.country.choices = [("", _("Choose a country")), *countries.items()]

    def validate_country(self, field: Any) -> None:
        if self.scope.data == "country" and not field.data:
            raise ValidationError(_("Choose the country"))

    def validate_listing(self, field: Any) -> None:
        if self.scope.data == "listing" and not field.data:
            raise ValidationError(_("Give the address of the listing"))
