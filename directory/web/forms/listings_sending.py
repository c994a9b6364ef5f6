"""Sending a listing."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from directory.web.forms.base import Form


class SendForm(Form):
    """Send the answers to the administrators."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])
    consent = BooleanField(
        _(
            "What I wrote is true, it is about me, and everybody may read it. "
            "What is marked as not shown stays between me and this directory."
        ),
        validators=[InputRequired(_("Agree to this, or go back and change what is not so"))],
    )
