"""What an administrator decides about a listing or a report, and about an account."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from directory.models import Role
from directory.web.forms.base import Form

MOST_CHARACTERS = 2_000
CHOOSE = _("Choose what you decide")
TOO_LONG = _("Say it in %(max)d characters at most")


class DecisionForm(Form):
    """One decision about one listing, as it was when the page was opened. None is chosen beforehand."""

    version = HiddenField()
    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])
    decision = RadioField(_("Your decision"), validators=[InputRequired(CHOOSE)])
    reason = TextAreaField(_("Why, in a few words"), validators=[Length(max=MOST_CHARACTERS, message=TOO_LONG)])

    # Decisions that the practitioner is told the reason of.
    with_reason: frozenset[str] = frozenset()

    def offer(self, choices: Mapping[str, str], with_reason: frozenset[str]) -> None:
        """Give the decisions that can be made of this listing now, with their words."""
        self.decision.choices = list(choices.items())
        self.with_reason = with_reason

    def validate_reason(self, field: Any) -> None:
        if self.decision.data in self.with_reason and not (field.data or "").strip():
            raise ValidationError(_("Say why: the practitioner reads this"))


class ReportDecisionForm(Form):
    """How a report ends."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])
    decision = RadioField(_("Your decision"), validators=[InputRequired(CHOOSE)])
    answer = TextAreaField(
        _("What you found, and what you did"),
        validators=[
            InputRequired(_("Say what you found, in a few words")),
            Length(max=MOST_CHARACTERS, message=TOO_LONG),
        ],
    )
    reply = TextAreaField(_("What whoever told us is told"), validators=[Length(max=MOST_CHARACTERS, message=TOO_LONG)])
    reason = TextAreaField(
        _("Why the listing is suspended"), validators=[Length(max=MOST_CHARACTERS, message=TOO_LONG)]
    )

    def validate_reason(self, field: Any) -> None:
        if self.decision.data == "suspend" and not (field.data or "").strip():
            raise ValidationError(_("Say why: the practitioner reads this"))


class RoleForm(Form):
    """What an account may do from now on."""

    role = SelectField(_("Role"), choices=[(role.value, _(role.label)) for role in Role])


class InvitationForm(Form):
    """Whom to invite, and as what."""

    email = StringField(
        _("E-mail address"),
        validators=[InputRequired(_("Give the address to write to")), Length(max=254, message=TOO_LONG)],
    )
    role = RadioField(
        _("What they will be"),
        choices=[(role.value, _(role.label)) for role in Role],
        validators=[InputRequired(_("Choose what they will be"))],
    )
