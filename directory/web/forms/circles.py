"""Asking somebody into a circle, and saying yes."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Email, Length, Optional

from directory.web.forms.base import Form
from directory.web.forms.listings_rows import Line, line

ADDRESS = _("Type an e-mail address, like name@example.org, or leave this empty")
MOST_LETTERS = 60
# A name goes into letters that we send for others: nothing in it may be an address of anything.
_NO_NAME = re.compile(r"[@/\\<>\[\]{}|#%\d]|www\.|\w\.\w{2,}", re.IGNORECASE)

# Some languages write with them; what else is not seen would only hide what a name says.
_JOINERS = "\u200c\u200d"


def name_field() -> StringField:
    """The name by which friends know somebody."""
    return Line(_("Your name, as they know you"), MOST_LETTERS, validators=[DataRequired(_("Type your name"))])


def _is_name(_form: Any, field: Any) -> None:
    kinds = {unicodedata.category(letter) for letter in field.data if letter not in _JOINERS}
    if _NO_NAME.search(field.data) or kinds & {"Cf", "Co", "Cn", "Cs"} or not any(map(str.isalpha, field.data)):
        raise ValidationError(_("Type a name: letters and spaces, no address and no number"))


class InvitationForm(Form):
    """A new invitation."""

    name = name_field()
    for_whom = Line(_("Who it is for"), MOST_LETTERS, validators=[DataRequired(_("Say for whom it is, in a word"))])
    email = EmailField(
        _("Their e-mail address, if we should send the link"),
        filters=[line],
        validators=[Optional(), Length(max=254, message=ADDRESS), Email(ADDRESS)],
    )

    def validate_name(self, field: Any) -> None:
        _is_name(self, field)


class YesForm(Form):
    """Saying yes to an invitation."""

    name = name_field()

    def validate_name(self, field: Any) -> None:
        _is_name(self, field)


class ButtonForm(Form):
    """A button that does one thing. `seen`: which answer the page told of when it was opened."""

    seen = HiddenField(validators=[Length(max=60)])
