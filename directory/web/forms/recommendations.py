"""What somebody says of a practitioner, and the private links to it."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Email, InputRequired, Length

from directory.models import Audience, Relation, ShownAs
from directory.models.recommendations import MOST_WORDS
from directory.web.forms.base import Form
from directory.web.forms.listings_rows import MONTHS, TOO_LONG, Line, line, lines, whole_number

LONGEST_NAME, LONGEST_REWARD, LONGEST_FRIEND = 60, 200, 60
# A note about what was longer ago helps nobody to choose.
MOST_YEARS = 30
YES, NO = "yes", "no"
ADDRESS = _("Type an e-mail address, like name@example.org")
NOT_A_NAME = _("Write a name: letters, spaces, hyphens and dots, without an address, a link or a number")
# What no name has, and what would make a link of it in a letter.
_NOT_IN_NAMES = frozenset('/\\@:<>{}[]|=+*#%^~_!?"')
# Digits, signs such as stars, and what would hide what a name says.
_NOT_KINDS = frozenset({"Nd", "No", "So", "Sm", "Sc", "Cf", "Co", "Cn", "Cs"})
# Some languages write with these, which are not seen either.
_JOINERS = "\u200c\u200d"


def is_name(text: str) -> bool:
    """Whether it looks like the name of a person: no address, no link, no number, nothing that is not seen, at least
    one letter."""
    kinds = {unicodedata.category(letter) for letter in text if letter not in _JOINERS}
    if not any(map(str.isalpha, text)) or _NOT_IN_NAMES & set(text) or _NOT_KINDS & kinds:
        return False
    words = text.split()
    # A dot ends an initial; inside a word it makes an address of it.
    return not any("." in word.rstrip(".") and len(max(word.split("."), key=len)) > 1 for word in words)


def a_name(_form: Any, field: Any) -> None:
    """Refuses what does not look like the name of a person."""
    if not is_name(field.data):
        raise ValidationError(NOT_A_NAME)


class NoteForm(Form):
    """A note about one practitioner. Its revision is that of the note as it was seen, 0 where there was none."""

    practitioner = HiddenField(validators=[InputRequired(), Length(max=32)])
    revision = HiddenField(default="0", validators=[InputRequired(), Length(max=9)])
    audience = RadioField(
        _("Who is it for?"), default=Audience.FRIEND.value, validators=[InputRequired(_("Choose who it is for"))]
    )
    relation = RadioField(
        _("What are you to them?"), validators=[InputRequired(_("Choose what you are to this practitioner"))]
    )
    was_treated = RadioField(
        _("Have they treated you?"),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        validators=[InputRequired(_("Say whether they have treated you"))],
    )
    month = SelectField(
        _("Month"),
        choices=[("", _("Choose")), *((str(number), name) for number, name in enumerate(MONTHS, 1))],
        validators=[InputRequired(_("Choose the month"))],
    )
    year = Line(_("Year"), 4, validators=[DataRequired(_("Type the year, such as 2026"))])
    modality = SelectField(_("Kind of treatment"))
    text = TextAreaField(
        _("Your note"),
        filters=[lines],
        validators=[DataRequired(_("Write your note")), Length(max=MOST_WORDS, message=TOO_LONG)],
    )
    rewarded = RadioField(
        _("Did you get, or will you get, anything for it?"),
        choices=[(NO, _("No, nothing")), (YES, _("Yes: money, a discount, a free session, a gift"))],
        validators=[InputRequired(_("Say whether you get anything for it"))],
    )
    reward = Line(_("If yes: what was it?"), LONGEST_REWARD)
    name = Line(
        _("Your name, as your friends know it"), LONGEST_NAME, validators=[DataRequired(_("Write your name")), a_name]
    )
    shown_as = RadioField(_("If everybody may read it: what of your name is shown?"), default=ShownAs.FIRST_NAME.value)
    consents = BooleanField(
        _(
            "It is from what I know myself. I agree that it is kept, with anything it says of my health, and shown to "
            "those I chose, until I change or remove it."
        ),
        validators=[InputRequired(_("Say that you agree, or leave this page: then nothing is kept"))],
    )

    def offer(self, words: Any, modalities: Iterable[tuple[str, str]], today: dt.date) -> None:
        """Give the choices: `words` says a label in the reader's language; `today` is where the site is."""
        self.audience.choices = [(one.value, words(one.label)) for one in Audience]
        self.relation.choices = [(one.value, words(one.label)) for one in Relation]
        self.shown_as.choices = [(one.value, words(one.label)) for one in ShownAs]
        self.modality.choices = [*modalities, ("", _("Something else, or I do not know"))]
        self.today = today

    def validate_month(self, field: Any) -> None:
        when = self.when
        if when is not None and when > self.today:
            raise ValidationError(_("Choose a month that is not in the future"))

    def validate_year(self, field: Any) -> None:
        year = whole_number(field.data)
        if year is None or not self.today.year - MOST_YEARS <= year <= self.today.year:
            first, last = self.today.year - MOST_YEARS, self.today.year
            raise ValidationError(_("Type a year from %(first)s to %(last)s", first=first, last=last))

    def validate_reward(self, field: Any) -> None:
        if self.rewarded.data == YES and not field.data:
            raise ValidationError(_("Say what you got, or will get"))

    def validate_revision(self, field: Any) -> None:
        if not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError(_("Open this page anew, and copy your words over"))

    @property
    def when(self) -> dt.date | None:
        """The first of the month that was chosen; None where that is none."""
        month, year = whole_number(self.month.data or ""), whole_number(self.year.data or "")
        try:
            return dt.date(year or 0, month or 0, 1)
        except ValueError:
            return None

    @property
    def carried(self) -> Sequence[tuple[str, str]]:
        """Every field as a page carries it on without showing it."""
        said = [(field.name, field.data) for field in self if field.name != "csrf_token"]
        return [(name, "y" if value is True else value) for name, value in said if value not in {None, False}]


class LinkForm(Form):
    """Another private link."""

    for_whom = Line(_("For whom, in your own words"), LONGEST_FRIEND)


class SendForm(Form):
    """Where we are to send a link."""

    to = EmailField(
        _("Their e-mail address"),
        filters=[line],
        validators=[InputRequired(ADDRESS), Length(max=254, message=ADDRESS), Email(ADDRESS)],
    )
