"""Who is asked about at the checker, and who asks not to be answered about."""

import datetime as dt
from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from directory.web.forms.base import Form, Trapped

LONGEST_NAME = 120
LONGEST_NUMBER = 40
LONGEST_PLACE = 100
FIRST_YEAR = 1900

NAME_OR_NUMBER = _("Type a name, or a membership number")
NO_SUCH_DAY = _("Type a day, a month and a year in numbers, like 14 6 2024")
IN_THE_FUTURE = _("This day has not come yet")
NO_DIGIT = _("A membership number has at least one letter or digit")


def _trimmed(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _name(label: str, *more: object) -> StringField:
    return StringField(
        label, filters=[_trimmed], validators=[*more, Length(max=LONGEST_NAME, message=_("This is longer than a name"))]
    )


def _number(label: str, *more: object) -> StringField:
    longest = Length(max=LONGEST_NUMBER, message=_("This is longer than a membership number"))
    return StringField(label, filters=[_trimmed], validators=[*more, longest])


def _part(label: str) -> StringField:
    return StringField(label, filters=[_trimmed], validators=[Length(max=10, message=NO_SUCH_DAY)])


class _Asks:
    """Reads the days of a form that has six fields for two of them."""

    on: dt.date | None
    known: dt.date | None

    def read(self, today: dt.date) -> bool:
        """Whether it can be asked; `on` and `known` are then the days that were meant, or None."""
        self._today = today
        self.on = self.known = None
        return bool(self.validate())  # type: ignore[attr-defined]

    def validate_year(self, _field: StringField) -> None:
        self.on = self._day("day", "month", "year")

    def validate_known_year(self, _field: StringField) -> None:
        self.known = self._day("known_day", "known_month", "known_year")

    def _day(self, *names: str) -> dt.date | None:
        parts: list[StringField] = [self[name] for name in names]  # type: ignore[index]
        typed = [str(part.data or "") for part in parts]
        if not any(typed):
            return None
        found = _date(typed)
        if found is None:
            parts[0].errors = [*parts[0].errors, NO_SUCH_DAY]
        elif found > self._today:
            parts[0].errors = [*parts[0].errors, IN_THE_FUTURE]
        return found

    @property
    def has_wrong_days(self) -> bool:
        return bool(self["day"].errors or self["known_day"].errors)  # type: ignore[index]


class DaysForm(_Asks, Form):
    """A day that is asked about. It changes nothing, so it is sent in the address, and needs no protection."""

    class Meta:
        csrf = False

    day, month, year = _part(_("Day")), _part(_("Month")), _part(_("Year"))
    known_day, known_month, known_year = _part(_("Day")), _part(_("Month")), _part(_("Year"))

    def validate(self, extra_validators: object = None) -> bool:
        return bool(super().validate()) and not self.has_wrong_days


class CheckForm(_Asks, Form):
    """The question about somebody, sent in the same way."""

    class Meta:
        csrf = False

    name = _name(_("Name"))
    number = _number(_("Membership number"))
    body = SelectField(_("Professional body"), default="", validate_choice=True)
    place = StringField(
        _("Town or postcode"),
        filters=[_trimmed],
        validators=[Length(max=LONGEST_PLACE, message=_("This is longer than the name of a town"))],
    )
    day, month, year = _part(_("Day")), _part(_("Month")), _part(_("Year"))
    known_day, known_month, known_year = _part(_("Day")), _part(_("Month")), _part(_("Year"))

    def offer(self, bodies: Sequence[tuple[str, str]]) -> None:
        """Give the bodies, by id and name."""
        self.body.choices = [("", str(_("Any body"))), *bodies]

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate()) and not self.has_wrong_days
        if not (self.name.data or self.number.data):
            self.name.errors = [*self.name.errors, NAME_OR_NUMBER]
            return False
        if self.number.data and not any(map(str.isalnum, self.number.data)):
            self.number.errors = [*self.number.errors, NO_DIGIT]
            return False
        return is_valid


def _date(typed: Sequence[str]) -> dt.date | None:
    day, month, year = typed
    if not all(part.isascii() and part.isdigit() for part in typed) or int(year) < FIRST_YEAR:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


class ObjectionForm(Trapped):
    name = _name(_("Your name, as the register shows it"), InputRequired(_("Type your name")))
    number = _number(_("Your membership number"), InputRequired(_("Type your membership number")))
    body = SelectField(_("Professional body"), validators=[InputRequired(_("Choose the body"))])
    understood = BooleanField(
        _("I know that anybody who asks about this name with this number then gets no answer, from no list"),
        validators=[InputRequired(_("Tick this to go on"))],
    )

    def offer(self, bodies: Sequence[tuple[str, str]]) -> None:
        """Give the bodies, by id and name."""
        self.body.choices = [("", str(_("Choose one"))), *bodies]
