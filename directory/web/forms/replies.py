"""What a practitioner replies to a note."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from directory.models.recommendations import MOST_WORDS
from directory.web.forms.base import Form
from directory.web.forms.listings_rows import TOO_LONG, lines


class ReplyForm(Form):
    """A reply, for everybody to read."""

    text = TextAreaField(
        _("Your reply"),
        filters=[lines],
        validators=[DataRequired(_("Write your reply")), Length(max=MOST_WORDS, message=TOO_LONG)],
    )
