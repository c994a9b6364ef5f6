"""Asking somebody into a circle, and saying yes."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, Email, Length, Optional

from directory.web.forms.base import Form
from directory.web.forms.listings_rows import Line, line
from directory.web.forms.recommendations import a_name

ADDRESS = _("Type an e-mail address, like name@example.org, or leave this empty")
MOST_LETTERS = 60


def name_field() -> StringField:
    """The name by which friends know somebody."""
    return Line(_("Your name, as they know you"), MOST_LETTERS, validators=[DataRequired(_("Type your name")), a_name])


class InvitationForm(Form):
    """A new invitation."""

    name = name_field()
    for_whom = Line(_("Who it is for"), MOST_LETTERS, validators=[DataRequired(_("Say for whom it is, in a word"))])
    email = EmailField(
        _("Their e-mail address, if we should send the link"),
        filters=[line],
        validators=[Optional(), Length(max=254, message=ADDRESS), Email(ADDRESS)],
    )


class YesForm(Form):
    """Saying yes to an invitation."""

    name = name_field()


class ButtonForm(Form):
    """A button that does one thing. `seen`: which answer the page told of when it was opened."""

    seen = HiddenField(validators=[Length(max=60)])
