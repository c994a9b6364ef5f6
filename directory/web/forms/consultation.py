"""The form of the summary to bring along. Nothing that it takes is stored: it comes with every step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from directory.models import Pressure
from directory.web.forms.base import Form
from directory.web.forms.listings_rows import TOO_LONG, Boxes, lines

MOST_CHARACTERS = 500
SIGN = "sign-"
YES, NO = "yes", "no"

LASTING = [
    ("days", _("A few days")),
    ("weeks", _("Some weeks")),
    ("months", _("One to three months")),
    ("longer", _("Longer than three months")),
    ("again", _("It comes and goes")),
]
PREGNANCY = [
    ("no", _("No")),
    ("yes", _("Yes")),
    ("perhaps", _("Perhaps")),
    ("unsaid", _("I would rather not say")),
]
PRESSURE = [
    (Pressure.LIGHT.value, _("Light")),
    (Pressure.MEDIUM.value, _("Medium")),
    (Pressure.FIRM.value, _("Firm")),
    (Pressure.VIGOROUS.value, _("Vigorous")),
    ("whichever", _("Whatever the practitioner finds right")),
]


class _Choice(RadioField):
    """One of several, or none."""

    def pre_validate(self, form: Form) -> None:
        if self.data is not None:
            super().pre_validate(form)


def _text(label: Any) -> TextAreaField:
    return TextAreaField(label, filters=[lines], validators=[Length(max=MOST_CHARACTERS, message=TOO_LONG)])


@dataclass(frozen=True)
class Offer:
    """What there is to choose from: pairs of a key and its words."""

    countries: Sequence[tuple[str, str]]
    country: str
    marks: Sequence[tuple[str, str]] = ()
    whole: Sequence[tuple[str, str]] = ()
    feelings: Sequence[tuple[str, str]] = ()
    warnings: Sequence[tuple[str, str]] = ()


class SignsForm(Form):
    """The first page: where somebody is, and one question for each red flag, none of them answered beforehand."""

    country = SelectField(_("In which country are you now?"))

    @property
    def signs(self) -> Iterator[tuple[str, Any]]:
        """The questions, by the id of the flag."""
        return ((name.removeprefix(SIGN), self[name]) for name in self._fields if name.startswith(SIGN))

    @property
    def answered_yes(self) -> set[str]:
        return {flag_id for flag_id, field in self.signs if field.data == YES}

    def offer(self, offer: Offer) -> None:
        self.country.choices = list(offer.countries)
        if self.country.data not in dict(offer.countries):
            self.country.data = offer.country


def signs_form(flags: Iterable[tuple[str, str]]) -> SignsForm:
    """The form that asks these flags, by their ids and titles."""
    fields = {
        f"{SIGN}{flag_id}": RadioField(
            title,
            choices=[(YES, _("Yes")), (NO, _("No"))],
            validate_choice=False,  # the validator says it in words
            validators=[_Answered(_("Answer yes or no: %(title)s", title=title))],
        )
        for flag_id, title in flags
    }
    return cast(SignsForm, type("AskedSignsForm", (SignsForm,), fields)())


class _Answered(InputRequired):
    """Either yes or no. Whatever else was sent is no answer."""

    def __call__(self, form: Form, field: Any) -> None:
        if field.data not in {YES, NO}:
            field.raw_data = []
        super().__call__(form, field)


class AnswersForm(Form):
    """The second page. All but the place is free to be left out."""

    where = Boxes(_("Where is it?"))
    whole = Boxes(_("Or is it in no one place?"))
    feelings = Boxes(_("How does it feel?"))
    lasting = _Choice(_("How long have you had it?"), choices=LASTING)
    began = _text(_("How did it begin?"))
    eases = _text(_("What eases it?"))
    worsens = _text(_("What makes it worse?"))
    tried = _text(_("What have you tried, and what has a doctor said?"))
    warnings = Boxes(_("Have you any of these?"))
    pregnancy = _Choice(_("Are you pregnant?"), choices=PREGNANCY)
    conditions = _text(_("Illnesses, injuries and operations"))
    medicines = _text(_("Medicines"))
    pressure = _Choice(_("What kind of pressure do you like?"), choices=PRESSURE)
    avoid = _text(_("Where do you not want to be touched, and what else should not happen?"))
    hopes = _text(_("What do you hope for?"))

    def offer(self, offer: Offer) -> None:
        self.where.choices = list(offer.marks)
        self.whole.choices = list(offer.whole)
        self.feelings.choices = list(offer.feelings)
        self.warnings.choices = list(offer.warnings)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if not self.where.data and not self.whole.data:
            self.where.errors = [*self.where.errors, _("Mark a place, or tick what is in no one place")]
            return False
        return is_valid


def carried(*forms: Form) -> list[tuple[str, str]]:
    """Every answer as the name and value of a hidden field, for the next step."""
    found: list[tuple[str, str]] = []
    for form in forms:
        for field in form:
            if field.name != "csrf_token" and field.data:
                values = field.data if isinstance(field.data, list) else [field.data]
                found += [(field.name, str(value)) for value in values]
    return found


def words_of(field: Any) -> list[str]:
    """What was chosen, in words."""
    chosen = field.data if isinstance(field.data, list) else [field.data]
    words: Mapping[str, Any] = {choice[0]: choice[1] for choice in field.choices}
    return [str(words[one]) for one in chosen if one in words]
