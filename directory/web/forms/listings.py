"""The steps of a listing. A form owns the answers of its step, and can say nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from directory.lib import contacts, languages, prices
from directory.lib.geography import METRES_PER_MILE
from directory.models import Accepting, Access, Gender, Pressure, Visit
from directory.models.practitioners import minor_units
from directory.web.forms.base import Form
from directory.web.forms.listings_rows import (
    NOTE,
    OTHER_BODY,
    TEXT,
    TOO_LONG,
    Boxes,
    ClaimRow,
    Line,
    MethodRow,
    NameRow,
    PlaceRow,
    PriceRow,
    Rows,
    choose,
    claim_data,
    line,
    lines,
    whole_number,
)

MOST_NAMES, MOST_METHODS, MOST_PLACES, MOST_PRICES, MOST_CLAIMS, MOST_LANGUAGES = 10, 12, 5, 12, 8, 20
FURTHEST = 500

# As a practitioner says it; on pages it is said to whoever searches.
VISITS = [
    (Visit.THEIRS.value, _("At my place of work")),
    (Visit.YOURS.value, _("I go to people")),
    (Visit.ONLINE.value, _("Online")),
]

Said = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Offer:
    """What there is to choose from, and how things are written on this site."""

    modalities: Sequence[tuple[str, str]]
    concerns: Sequence[tuple[str, str]]
    bodies: Sequence[tuple[str, str]]
    country: str
    currency: str
    distance_unit: str
    language_name: Callable[[str], str]
    money: Callable[[int, str], str]
    own_modalities: Sequence[tuple[str, str]] = ()


class StepForm(Form):
    """One step. `revision` is that of the listing when the form was opened, 0 when there was none."""

    revision = IntegerField(widget=HiddenInput(), default=0, validators=[InputRequired(), NumberRange(min=0)])
    # What of hints on wording the writer has seen.
    hints = HiddenField(filters=[line])

    def offer(self, offer: Offer) -> None:
        """Give the fields their choices."""

    def make_room(self) -> None:
        """See that there is a row to write in, wherever there can be several."""
        for rows in self.rows.values():
            rows.make_room()

    @property
    def rows(self) -> dict[str, Rows]:
        return {field.short_name: field for field in self if isinstance(field, Rows)}

    @staticmethod
    def given(shown: Mapping[str, Any], private: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
        """Answers as the fields show them; none where it takes more than the answers to say."""
        return {}

    def said(self) -> Said:
        """What the fields say: answers that the step owns, shown and private; none where it takes more to read them."""
        return {}, {}


class AboutForm(StepForm):
    name = Line(_("Your name, as it is to be shown"), validators=[InputRequired(_("Give your name"))])
    business = Line(_("Name of your practice, if it has one"))
    names = Rows(NameRow, MOST_NAMES, min_entries=1)
    contact_email = Line(_("E-mail address"), contacts.LONGEST_EMAIL)
    contact_telephone = Line(_("Telephone number"), 40)
    country = "GB"

    def offer(self, offer: Offer) -> None:
        self.country = offer.country

    def validate_name(self, field: Any) -> None:
        if not any(map(str.isalpha, field.data)):
            raise ValidationError(_("A name has letters"))

    def validate_contact_email(self, field: Any) -> None:
        if field.data:
            try:
                field.data = validate_email(field.data, check_deliverability=False).normalized
            except EmailNotValidError:
                raise ValidationError(_("Write an e-mail address, such as name@example.org")) from None

    def validate_contact_telephone(self, field: Any) -> None:
        if field.data and self._telephone() is None:
            raise ValidationError(_("Write a telephone number, such as 01273 496000 or +44 1273 496000"))

    def _telephone(self) -> str | None:
        try:
            number = phonenumbers.parse(self.contact_telephone.data, self.country)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    @staticmethod
    def given(shown: Mapping[str, Any], private: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
        names = [{"name": name, "shown": "shown"} for name in shown["other_names"]]
        names += [{"name": name, "shown": "hidden"} for name in private["search_only_names"]]
        return {
            "name": shown["name"],
            "business": shown["business"] or "",
            "names": names,
            "contact_email": private["contact_email"] or "",
            "contact_telephone": private["contact_telephone"] or "",
        }

    def said(self) -> Said:
        rows = {row.name.data: row.shown.data for row in self.names.counting}
        private = {
            "search_only_names": [name for name, shown in rows.items() if shown == "hidden"],
            "contact_email": self.contact_email.data or None,
            "contact_telephone": self._telephone() if self.contact_telephone.data else None,
        }
        return {
            "name": self.name.data,
            "business": self.business.data or None,
            "other_names": [name for name, shown in rows.items() if shown != "hidden"],
        }, private


class MethodsForm(StepForm):
    methods = Rows(MethodRow, MOST_METHODS, min_entries=1)
    further_methods = TextAreaField(
        _("Further methods, in your own words"),
        validators=[Length(max=NOTE, message=TOO_LONG)],
        filters=[line],
    )
    lightest = SelectField(_("Pressure: the lightest"), choices=[])
    firmest = SelectField(_("The firmest"), choices=[])

    def offer(self, offer: Offer) -> None:
        for row in self.methods.forms:
            choose(row.modality, offer.modalities, _("Choose a method"))
        degrees = [(str(one.degree), _(one.label)) for one in Pressure]
        choose(self.lightest, degrees, _("Not said"))
        choose(self.firmest, degrees, _("Not said"))

    def validate_methods(self, field: Any) -> None:
        chosen = [row.modality.data for row in self.methods.counting]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("The same method stands here twice: keep one of them"))
        if not chosen and not self.further_methods.data:
            raise ValidationError(_("Say what you do: choose at least one method, or write it below"))

    def validate_firmest(self, field: Any) -> None:
        if bool(self.lightest.data) != bool(field.data):
            raise ValidationError(_("Choose both ends, or neither"))
        if field.data and field.data < self.lightest.data:
            raise ValidationError(_("The firmest cannot be lighter than the lightest"))

    @staticmethod
    def given(shown: Mapping[str, Any], private: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
        low, high = shown["pressure"] or ("", "")
        return {
            "methods": [
                {
                    "modality": one["id"],
                    "since": str(one["since_year"] or ""),
                    "school": one["school"] or "",
                    "hours": str(one["hours"] or ""),
                }
                for one in shown["modalities"]
            ],
            "further_methods": shown["further_methods"] or "",
            "lightest": str(low),
            "firmest": str(high),
        }

    def said(self) -> Said:
        pressure = [int(self.lightest.data), int(self.firmest.data)] if self.lightest.data else None
        return {
            "modalities": [row.said() for row in self.methods.counting],
            "further_methods": self.further_methods.data or None,
            "pressure": pressure,
        }, {}


class PeopleForm(StepForm):
    concerns = Boxes(_("Whom do you often work with?"), choices=[])
    gender = RadioField(
        _("You are"),
        choices=[("", _("I would rather not say")), *((one.value, _(one.label)) for one in Gender)],
        default="",
        validate_choice=True,
    )

    def offer(self, offer: Offer) -> None:
        self.concerns.choices = list(offer.concerns)

    @staticmethod
    def given(shown: Mapping[str, Any], private: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
        return {"concerns": shown["concerns"], "gender": shown["gender"] or ""}

    def said(self) -> Said:
        return {"concerns": self.concerns.data, "gender": self.gender.data or None}, {}


class PlacesForm(StepForm):
    """Where a place is, the gazetteer says: what the rows say is read by the view."""

    places = Rows(PlaceRow, MOST_PLACES, min_entries=1)
    online_only = BooleanField(_("I have no place of work: I work online only"))

    def validate_places(self, field: Any) -> None:
        if not any(self.places.counting) and not self.online_only.data:
            raise ValidationError(_("Say where you work, or that you work online only"))


class PricesForm(StepForm):
    visits = Boxes(_("Where do sessions take place?"), choices=VISITS)
    travels = Line(_("How far do you travel?"), 6)
    prices = Rows(PriceRow, MOST_PRICES, min_entries=1)
    languages = Line(_("Languages in which you work"), NOTE)
    access = Boxes(_("What can you offer?"), choices=[(one.value, _(one.label)) for one in Access])
    access_note = Line(_("More about access"), NOTE)
    accepting = RadioField(
        _("Are you taking new clients?"),
        choices=[("", _("Not said")), *((one.value, _(one.label)) for one in Accepting)],
        default="",
    )
    availability_note = Line(_("More about when, such as days of the week"), NOTE)
    distance_unit = "km"

    def offer(self, offer: Offer) -> None:
        self.distance_unit = offer.distance_unit
        for row in self.prices.forms:
            row.currency = offer.currency

    def validate_visits(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one"))

    def validate_travels(self, field: Any) -> None:
        number = whole_number(field.data) if field.data else 1
        if number is None or not 1 <= number <= FURTHEST:
            raise ValidationError(_("Write a number from 1 to %(most)d", most=FURTHEST))

    def validate_languages(self, field: Any) -> None:
        unknown = [name for name in self._named() if languages.language(name) is None]
        if unknown:
            raise ValidationError(
                _("We do not know this language: %(name)s. Write its English name.", name=", ".join(unknown))
            )
        if len(self._named()) > MOST_LANGUAGES:
            raise ValidationError(_("Name %(most)d languages at most", most=MOST_LANGUAGES))

    def _named(self) -> list[str]:
        return [name for piece in self.languages.data.replace(";", ",").split(",") if (name := piece.strip())]

    @staticmethod
    def given(shown: Mapping[str, Any], private: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
        far = shown["travels_km"]
        if far is not None and offer.distance_unit == "mi":
            far = max(round(far * 1000 / METRES_PER_MILE), 1)
        return {
            "visits": shown["visits"],
            "travels": str(far or ""),
            "prices": [
                {
                    "label": one["label"] or "",
                    "minutes": str(one["minutes"] or ""),
                    "price": _price(one["amount_minor"], one["currency"], offer),
                    "reduced": one["is_reduced"],
                }
                for one in shown["prices"]
            ],
            "languages": ", ".join(offer.language_name(code) for code in shown["languages"]),
            "access": shown["access"],
            "access_note": shown["access_note"] or "",
            "accepting": shown["accepting"] or "",
            "availability_note": shown["availability_note"] or "",
        }

    def said(self) -> Said:
        far = whole_number(self.travels.data)
        if far is not None and self.distance_unit == "mi":
            far = round(far * METRES_PER_MILE / 1000)
        return {
            "visits": self.visits.data,
            "travels_km": far if "yours" in self.visits.data else None,
            "prices": [row.said() for row in self.prices.counting],
            "languages": [code for name in self._named() if (code := languages.language(name))],
            "access": self.access.data,
            "access_note": self.access_note.data or None,
            "accepting": self.accepting.data or None,
            "availability_note": self.availability_note.data or None,
        }, {}


def _price(amount_minor: int, currency: str, offer: Offer) -> str:
    """A price as one writes it, where that is understood again; else with the letters of its currency."""
    written = offer.money(amount_minor, currency)
    found, _remarks = prices.parse(written, offer.currency, prices.MINUTES)
    if [(one.amount_minor, one.currency) for one in found] == [(amount_minor, currency)]:
        return written
    digits = len(str(minor_units(currency))) - 1
    return f"{currency} {amount_minor / minor_units(currency):.{digits}f}"


class MembershipsForm(StepForm):
    member = RadioField(
        _("Are you a member of, or registered with, a professional body?"),
        choices=[
            ("yes", _("Yes")),
            ("no", _("No. My listing will then say: “States no membership of a professional body.”")),
        ],
        validators=[InputRequired(_("Choose yes or no"))],
    )
    claims = Rows(ClaimRow, MOST_CLAIMS, min_entries=1)

    def offer(self, offer: Offer) -> None:
        for row in self.claims.forms:
            choose(row.body, [*offer.bodies, (OTHER_BODY, _("Another body"))], _("Choose the body"))
            row.disciplines.choices = list(offer.own_modalities)

    def validate(self, extra_validators: Any = None) -> bool:
        if self.member.data == "no":
            # What stands in the rows is left out, whatever it is.
            for row in self.claims.forms:
                row.remove.data = True
        return bool(super().validate(extra_validators))

    def validate_claims(self, field: Any) -> None:
        if self.member.data == "yes" and not any(self.claims.counting):
            raise ValidationError(_("Say of which body you are a member"))

    @staticmethod
    def given(shown: Mapping[str, Any], private: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
        pairs = zip(shown["claims"], private["claim_numbers"], strict=True)
        claims = [claim_data(claim, number) for claim, number in pairs]
        return {"member": "yes" if claims else None, "claims": claims}

    def said(self) -> Said:
        rows = list(self.claims.counting) if self.member.data == "yes" else []
        return {"claims": [row.said() for row in rows]}, {"claim_numbers": [row.number.data or None for row in rows]}


class WordsForm(StepForm):
    text = TextAreaField(_("In your own words"), validators=[Length(max=TEXT, message=TOO_LONG)], filters=[lines])
    website = Line(_("Website"), contacts.LONGEST_WEBSITE)
    photo = FileField(_("A photo of you"))
    remove_photo = BooleanField(_("Take the photo away"))
    states_insurance = BooleanField(_("I am insured for this work"))

    def validate_text(self, field: Any) -> None:
        if contacts.without_contacts(field.data)[1]:
            raise ValidationError(
                _("Take out the e-mail address or telephone number: everybody reads this text, and so do robots")
            )

    def validate_website(self, field: Any) -> None:
        if field.data and contacts.website(field.data)[0] is None:
            raise ValidationError(_("Write the address of a website, such as https://example.org"))

    @staticmethod
    def given(shown: Mapping[str, Any], private: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
        return {
            "text": shown["text"],
            "website": shown["website"] or "",
            "states_insurance": shown["states_insurance"],
        }

    def said(self) -> Said:
        return {
            "text": self.text.data,
            "website": contacts.website(self.website.data)[0] if self.website.data else None,
            "states_insurance": self.states_insurance.data,
        }, {}


FORMS: Mapping[str, type[StepForm]] = {
    "about": AboutForm,
    "methods": MethodsForm,
    "people": PeopleForm,
    "places": PlacesForm,
    "prices": PricesForm,
    "memberships": MembershipsForm,
    "words": WordsForm,
}
