"""What a moderator decides about a note or a reply."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from directory.web.forms.base import Form

CHOOSE = _("Choose what you decide")


class NoteDecisionForm(Form):
    """One decision about one text, as it was when the page was opened. None is chosen beforehand."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])
    decision = RadioField(_("Your decision"), validators=[InputRequired(CHOOSE)])
    reason = SelectField(_("Why"), choices=[("", _("Choose a reason"))])

    # The reasons that fit a decision, of those that need one.
    fitting: Mapping[str, Collection[str]] = {}

    def offer(
        self, decisions: Mapping[str, str], reasons: Mapping[str, str], fitting: Mapping[str, Collection[str]]
    ) -> None:
        """Give what can be decided, and the reasons there are, with their words."""
        self.decision.choices = list(decisions.items())
        self.reason.choices = [("", _("Choose a reason")), *reasons.items()]
        self.fitting = fitting

    def validate_reason(self, field: Any) -> None:
        if field.data not in self.fitting.get(self.decision.data or "", (field.data,)):
            raise ValidationError(_("Choose the reason that fits best: whoever is told of the decision reads it"))
