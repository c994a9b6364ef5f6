"""What a visitor tells us of a listing, and what its practitioner answers."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, RadioField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Email, InputRequired, Length, Optional

from directory.models import ReportKind, ReportSays
from directory.web.forms.base import Form, Trapped

MOST_CHARACTERS = 1_000
ADDRESS = _("Type an e-mail address, like name@example.org, or leave this empty")


def _trimmed(text: str | None) -> str | None:
    return text.strip() if text else text


class ReportForm(Trapped):
    kind = RadioField(_("What is wrong?"), validators=[InputRequired(_("Choose what is wrong"))])
    text = TextAreaField(
        _("What should we know?"),
        filters=[_trimmed],
        validators=[
            DataRequired(_("Say in a few words what is wrong")),
            Length(max=MOST_CHARACTERS, message=_("Say it in %(max)d characters at most")),
        ],
    )
    reply_to = EmailField(
        _("Your e-mail address, if you want to hear from us"),
        filters=[_trimmed],
        validators=[Optional(), Length(max=254, message=ADDRESS), Email(ADDRESS)],
    )

    def offer(self, labels: dict[str, str]) -> None:
        """Give the kinds, with their words."""
        self.kind.choices = [(kind.value, labels[kind.value]) for kind in ReportKind]


class AnswerForm(Form):
    says = HiddenField(validators=[AnyOf([says.value for says in ReportSays])])
