"""What a practitioner sends about a statement of their own."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from directory.models.claims import number_key
from directory.web.forms.base import Form
from directory.web.forms.listings_rows import TOO_LONG, Line, lines

LONGEST_ANSWER = 4_000


class AnswerForm(Form):
    """An answer to a question, or something to tell us."""

    text = TextAreaField(
        _("What you want to tell us"),
        validators=[DataRequired(_("Write what you want to tell us")), Length(max=LONGEST_ANSWER, message=TOO_LONG)],
        filters=[lines],
    )


class EvidenceForm(Form):
    """A file for the verifiers."""

    file = FileField(_("A file: PDF, JPEG or PNG, at most 5 MB"))

    def validate_file(self, field: Any) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError(_("Choose a file"))


class NumberForm(Form):
    """Another number."""

    number = Line(_("Membership number"), 60)

    def validate_number(self, field: Any) -> None:
        if not number_key(field.data):
            raise ValidationError(_("Write the number as the body writes it"))
