"""Forms for taking everything away, and for leaving."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import InputRequired

from directory.web.forms.base import Form


class ExportForm(Form):
    """Nothing but a button."""


class EraseListingForm(Form):
    """Nothing but a button."""


class LeaveForm(Form):
    """The one thing that cannot be taken back."""

    sure = BooleanField(
        _("Yes, erase my account and everything that belongs to it"),
        validators=[InputRequired(_("Tick the box if you want to leave"))],
    )
