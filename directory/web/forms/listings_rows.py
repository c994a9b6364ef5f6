"""Rows of the listing form: what there can be several of. A row that is blank, or goes away, is not looked at."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from directory.lib import clock, prices

LINE, NOTE, TEXT = 120, 300, 2_000
FIRST_YEAR, LAST_YEAR = 1940, 2100
SHORTEST, LONGEST = 5, 600
MOST_HOURS = 20_000
OTHER_BODY = "other"

TOO_LONG = _("Use %(max)d characters at most")
MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
_ENDS_OF_LINES = re.compile("\r\n|[\r\u2028\u2029]")


def line(text: str | None) -> str:
    """What was typed, on one line."""
    return " ".join(_without_controls(text or "").split())


def lines(text: str | None) -> str:
    """What was typed, with its lines. They end in one way, so that each can be quoted."""
    return _without_controls(_ENDS_OF_LINES.sub("\n", text or "")).strip()


def _without_controls(text: str) -> str:
    kept = (letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")
    return unicodedata.normalize("NFC", "".join(kept))


def Line(label: Any, most: int = LINE, **more: Any) -> StringField:  # noqa: N802  reads as a kind of field
    """A field for one line of text."""
    validators = [*more.pop("validators", ()), Length(max=most, message=TOO_LONG)]
    return StringField(label, validators=validators, filters=[line], **more)


def whole_number(text: str) -> int | None:
    """A whole number as people type it, or None."""
    digits = text.replace(" ", "").replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None


class Row(Form):
    """One of several. `remove` takes it away when the form is saved."""

    remove = BooleanField(_("Take this away"))

    # The fields that make a row more than blank.
    telling: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        return not any(self._fields[name].data for name in self.telling)

    @property
    def counts(self) -> bool:
        return not self.is_blank and not self.remove.data

    def validate(self, extra_validators: Any = None) -> bool:
        return not self.counts or super().validate(extra_validators)


class Rows(FieldList):
    """Several rows of one kind: those that there are, or one that is blank."""

    def __init__(self, row: type[Row], most: int, **more: Any) -> None:
        super().__init__(FormField(row), max_entries=most, **more)
        self.most = most

    @property
    def forms(self) -> list[Any]:
        """The forms of all rows."""
        return [entry.form for entry in self.entries]

    @property
    def counting(self) -> Iterator[Any]:
        """Those that say something."""
        return (form for form in self.forms if form.counts)

    @property
    def has_room(self) -> bool:
        return len(self.entries) < self.most

    @property
    def own_errors(self) -> list[str]:
        """Mistakes that are about all rows together."""
        return [str(error) for error in self.errors if not isinstance(error, dict | list | tuple)]

    def make_room(self) -> None:
        """See that there is a row to write in."""
        if not self.entries:
            self.append_entry()

    def add(self) -> None:
        """One more row."""
        if self.has_room:
            self.append_entry()


class Boxes(SelectMultipleField):
    """Boxes to tick, as a group."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NameRow(Row):
    """Another or former name."""

    name = Line(_("Another or former name"))
    shown = SelectField(
        _("Who sees it"),
        choices=[("shown", _("Shown on my listing")), ("hidden", _("Never shown: it only helps people find me"))],
        default="shown",
    )
    telling = ("name",)

    def validate_name(self, field: Any) -> None:
        if not any(map(str.isalpha, field.data)):
            raise ValidationError(_("A name has letters"))


class MethodRow(Row):
    """A method, and what is said of the training in it."""

    modality = SelectField(_("Method"), choices=[])
    since = Line(_("Since which year"), 4)
    school = Line(_("Where you trained"))
    hours = Line(_("Hours of training"), 10)
    telling = ("modality", "since", "school", "hours")

    def validate_modality(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose the method that this is about"))

    def validate_since(self, field: Any) -> None:
        year = whole_number(field.data) if field.data else FIRST_YEAR
        if year is None or not FIRST_YEAR <= year <= clock.now().year:
            raise ValidationError(_("Write a year that has begun, such as 2009"))

    def validate_hours(self, field: Any) -> None:
        hours = whole_number(field.data) if field.data else 1
        if hours is None or not 1 <= hours <= MOST_HOURS:
            raise ValidationError(_("Write the hours as a number, such as 500"))

    def said(self) -> dict[str, Any]:
        return {
            "id": self.modality.data,
            "since_year": whole_number(self.since.data),
            "school": self.school.data or None,
            "hours": whole_number(self.hours.data),
        }


class PlaceRow(Row):
    """A place of work. `chosen` tells places of one name apart."""

    where = Line(_("Town or postcode"), 100)
    chosen = SelectField(_("Which of them?"), choices=[], validate_choice=False)
    locality = Line(_("Part of town, if it helps"))
    address = Line(_("Exact address"), NOTE)
    is_public = BooleanField(_("Show the exact address to everybody"))
    telling = ("where", "locality", "address")

    def validate_where(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Give the town or the postcode"))

    def validate_is_public(self, field: Any) -> None:
        if field.data and not self.address.data:
            raise ValidationError(_("Write the address that is to be shown, or take the tick away"))


class PriceRow(Row):
    """What a session costs."""

    label = Line(_("What for, if it needs a word"), prices.LABEL_LENGTH)
    minutes = Line(_("Minutes"), 4)
    price = Line(_("Price"), 40)
    reduced = BooleanField(_("For people who are short of money"))
    telling = ("label", "minutes", "price")
    currency = "GBP"

    def validate_minutes(self, field: Any) -> None:
        minutes = whole_number(field.data)
        if minutes is None or not SHORTEST <= minutes <= LONGEST:
            raise ValidationError(
                _("Give the length in minutes, from %(least)d to %(most)d", least=SHORTEST, most=LONGEST)
            )

    def validate_price(self, field: Any) -> None:
        if self.amount() is None:
            raise ValidationError(_("Write one price, such as %(example)s", example="£50"))

    def amount(self) -> tuple[int, str] | None:
        """The price in its smallest coin, with its currency."""
        found, _remarks = prices.parse(self.price.data, self.currency, prices.MINUTES)
        return (found[0].amount_minor, found[0].currency) if len(found) == 1 and found[0].label is None else None

    def said(self) -> dict[str, Any]:
        amount = self.amount()
        return {
            "label": self.label.data or None,
            "minutes": whole_number(self.minutes.data),
            "amount_minor": amount[0] if amount else 0,
            "currency": amount[1] if amount else self.currency,
            "is_reduced": self.reduced.data,
        }


class ClaimRow(Row):
    """A membership that they state."""

    body = SelectField(_("Which body?"), choices=[])
    body_name = Line(_("Name of the other body"), 200)
    grade = Line(_("Grade or letters"), 80)
    number = Line(_("Membership number"), 60)
    disciplines = Boxes(_("For which kinds of treatment?"), choices=[])
    later = BooleanField(_("I do not have it to hand. My statement will stay “Not checked” until I add it."))
    day = Line(_("Day"), 4)
    month = Line(_("Month"), 20)
    year = Line(_("Year"), 6)
    telling = ("body", "body_name", "grade", "number", "day", "month", "year")

    def validate_body(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose the body, or “Another body”"))

    def validate_body_name(self, field: Any) -> None:
        if self.body.data == OTHER_BODY and not any(map(str.isalpha, field.data)):
            raise ValidationError(_("Write the name of the body"))

    def validate_number(self, field: Any) -> None:
        if not field.data and not self.later.data:
            raise ValidationError(_("Give your membership number, or say that you do not have it to hand"))

    def validate_day(self, field: Any) -> None:
        if any((self.day.data, self.month.data, self.year.data)):
            self.until()

    def until(self) -> dt.date | None:
        """The day until which they say it is valid. Raises ValidationError."""
        typed = (self.day.data, self.month.data, self.year.data)
        if not any(typed):
            return None
        day, month, year = (whole_number(part) for part in typed)
        if month is not None and not 1 <= month <= len(MONTHS):
            raise ValidationError(_("There is no month %(number)s: write 1 to 12", number=month))
        if day is None or month is None or year is None:
            raise ValidationError(_("Give the day, the month and the year in figures, such as 31 3 2027"))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("Write the year in four figures, such as 2027"))
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise ValidationError(
                _("%(day)s %(month)s is not a date: look at the day and the month", day=day, month=MONTHS[month - 1])
            ) from None

    def said(self) -> dict[str, Any]:
        is_other = self.body.data == OTHER_BODY
        until = self.until()
        return {
            "body_id": None if is_other else self.body.data,
            "body_name": self.body_name.data if is_other else None,
            "grade": self.grade.data or None,
            "claimed_until": until.isoformat() if until else None,
            "disciplines": self.disciplines.data or [],
        }


def claim_data(claim: Mapping[str, Any], number: str | None) -> dict[str, Any]:
    """A claim as its row asks for it."""
    until = dt.date.fromisoformat(claim["claimed_until"]) if claim["claimed_until"] else None
    return {
        "body": claim["body_id"] or OTHER_BODY,
        "body_name": claim["body_name"] or "",
        "grade": claim["grade"] or "",
        "number": number or "",
        "disciplines": list(claim["disciplines"]),
        "later": number is None,
        "day": str(until.day) if until else "",
        "month": str(until.month) if until else "",
        "year": str(until.year) if until else "",
    }


def choose(field: SelectField, choices: Sequence[tuple[str, str]], blank: Any) -> None:
    """Give a select its choices, with one that says that nothing is chosen."""
    field.choices = [("", blank), *choices]
