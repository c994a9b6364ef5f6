"""Answers in words: for checking them, for comparing two versions, and for the history of a listing."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.lib.words import N_
from directory.models import Accepting, Access, Gender, Pressure, Visit
from directory.models.practitioners import minor_units
from directory.services import bodies, concerns, modalities
from directory.services.listings.answers import STEPS, Answers


class Speaker:
    """Says things in a language: this one in plain English. Doors have their own, that speaks to the reader."""

    def say(self, text: str, **values: object) -> str:
        return text % values if values else text

    def money(self, amount_minor: int, currency: str) -> str:
        digits = len(str(minor_units(currency))) - 1
        return f"{currency} {amount_minor / minor_units(currency):.{digits}f}"

    def day(self, value: dt.date) -> str:
        return f"{value.day} {value:%B %Y}"

    def distance(self, kilometres: int) -> str:
        return f"{kilometres} km"

    def language(self, code: str) -> str:
        return code

    def country(self, code: str) -> str:
        return code


PLAIN = Speaker()


@dataclass(frozen=True)
class Line:
    """One question and its answers in words. `label` is marked for translation. `step` is where it is asked."""

    step: str
    field: str
    label: str
    answers: tuple[str, ...]
    is_private: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.answers)


@dataclass(frozen=True)
class Difference:
    """What differs between two sets of answers in one field, in words; "" where nothing was said."""

    field: str
    label: str
    before: str
    after: str
    is_private: bool


def differences(before: Answers, after: Answers, *, private: bool, speaker: Speaker = PLAIN) -> list[Difference]:
    """What differs, field by field. Private fields only where `private` says so."""
    pairs = zip(
        described(before, private=private, speaker=speaker),
        described(after, private=private, speaker=speaker),
        strict=True,
    )
    found = [
        Difference(old.field, old.label, old.text, new.text, old.is_private)
        for old, new in pairs
        if old.answers != new.answers
    ]
    if before.shown["photo"] != after.shown["photo"] and all(one.field != "photo" for one in found):
        said = speaker.say(N_("Another photo"))
        found.append(Difference("photo", N_("Photo"), speaker.say(N_("A photo")), said, is_private=False))
    return found


def described(answers: Answers, *, private: bool, speaker: Speaker = PLAIN) -> list[Line]:
    """Every question with its answers, in the order of the steps."""
    lines = []
    for step, field, label, values, is_private in _lines(answers, speaker):
        if private or not is_private:
            lines.append(Line(step, field, label, tuple(filter(None, values)), is_private))
    return sorted(lines, key=lambda line: list(STEPS).index(line.step))


_Line = tuple[str, str, str, list[str | None], bool]

# In words that are true whoever reads them: on cards "your place" is that of whoever searches.
VISITS: Mapping[str, str] = {
    Visit.THEIRS.value: N_("At the practitioner’s place"),
    Visit.YOURS.value: N_("At the client’s place"),
    Visit.ONLINE.value: N_("Online"),
}


def _lines(answers: Answers, speaker: Speaker) -> Iterator[_Line]:
    shown, private = answers.shown, answers.private
    yield "about", "name", N_("Name"), [shown["name"]], False
    yield "about", "business", N_("Business"), [shown["business"]], False
    yield "about", "other_names", N_("Other names, shown"), shown["other_names"], False
    yield "about", "search_only_names", N_("Other names, for finding only"), private["search_only_names"], True
    yield "about", "contact_email", N_("E-mail for us"), [private["contact_email"]], True
    yield "about", "contact_telephone", N_("Telephone for us"), [private["contact_telephone"]], True
    yield "methods", "modalities", N_("Methods and training"), [*_methods(shown, speaker)], False
    yield "methods", "further_methods", N_("Further methods"), [shown["further_methods"]], False
    yield "methods", "pressure", N_("Pressure"), [_pressure(shown, speaker)], False
    yield "people", "concerns", N_("Often works with"), _named(concerns.by_id(), shown["concerns"]), False
    yield "people", "gender", N_("Gender"), [_label(Gender, shown["gender"], speaker)], False
    yield "places", "places", N_("Places"), [*_places(shown)], False
    yield "places", "addresses", N_("Exact addresses"), [*_addresses(answers)], True
    yield "places", "country", N_("Country"), [speaker.country(shown["country"]) if shown["country"] else None], False
    yield "prices", "visits", N_("Visits"), [speaker.say(VISITS[one]) for one in shown["visits"]], False
    yield "prices", "travels_km", N_("How far you travel"), [_far(shown["travels_km"], speaker)], False
    yield "prices", "prices", N_("Prices"), [_price(one, speaker) for one in shown["prices"]], False
    yield "prices", "languages", N_("Languages"), [speaker.language(code) for code in shown["languages"]], False
    yield "prices", "access", N_("Access"), [_label(Access, one, speaker) for one in shown["access"]], False
    yield "prices", "access_note", N_("More about access"), [shown["access_note"]], False
    yield "prices", "accepting", N_("Clients"), [_label(Accepting, shown["accepting"], speaker)], False
    yield "prices", "availability_note", N_("More about when"), [shown["availability_note"]], False
    yield "memberships", "claims", N_("Memberships"), [*_claims(shown, speaker)], False
    yield "memberships", "claim_numbers", N_("Membership numbers"), [*_numbers(answers)], True
    yield "words", "text", N_("In your own words"), [shown["text"]], False
    yield "words", "website", N_("Website"), [shown["website"]], False
    photo = speaker.say(N_("A photo")) if shown["photo"] else None
    yield "words", "photo", N_("Photo"), [photo], False
    insured = speaker.say(N_("Says they are insured")) if shown["states_insurance"] else None
    yield "words", "states_insurance", N_("Insurance"), [insured], False


def _label(kind: Callable[[str], Any], value: str | None, speaker: Speaker) -> str | None:
    return speaker.say(kind(value).label) if value else None


def _named(known: Mapping[str, Any], ids: list[str]) -> list[str | None]:
    return [known[one].name if one in known else one for one in ids]


def _methods(shown: Mapping[str, Any], speaker: Speaker) -> Iterator[str]:
    known = modalities.by_id()
    for one in shown["modalities"]:
        name = known[one["id"]].name if one["id"] in known else one["id"]
        since = speaker.say(N_("since %(year)s"), year=one["since_year"]) if one["since_year"] else None
        hours = speaker.say(N_("%(hours)s hours"), hours=one["hours"]) if one["hours"] else None
        yield ", ".join(part for part in (name, one["school"], since, hours) if part)


def _pressure(shown: Mapping[str, Any], speaker: Speaker) -> str | None:
    if not shown["pressure"]:
        return None
    low, high = (speaker.say(list(Pressure)[degree - 1].label) for degree in shown["pressure"])
    return low if low == high else speaker.say(N_("%(low)s to %(high)s"), low=low, high=high)


def _where(place: Mapping[str, Any]) -> str:
    town = " ".join(part for part in (place["town"], place["postcode_area"]) if part)
    return ", ".join(part for part in (place["locality"], town, place["region"]) if part)


def _places(shown: Mapping[str, Any]) -> Iterator[str]:
    for place in shown["places"]:
        yield ", ".join(part for part in (place["address"], _where(place)) if part)


def _addresses(answers: Answers) -> Iterator[str]:
    for shown, private in zip(answers.shown["places"], answers.private["places"], strict=True):
        if private["address"] and not shown["address"]:
            yield f"{_where(shown)}: {private['address']}"


def _far(kilometres: int | None, speaker: Speaker) -> str | None:
    return speaker.say(N_("up to %(far)s"), far=speaker.distance(kilometres)) if kilometres else None


def _price(price: Mapping[str, Any], speaker: Speaker) -> str:
    amount = speaker.money(price["amount_minor"], price["currency"])
    minutes = speaker.say(N_("%(minutes)s minutes"), minutes=price["minutes"]) if price["minutes"] else None
    reduced = speaker.say(N_("if money is short")) if price["is_reduced"] else None
    return ", ".join(part for part in (price["label"], minutes, amount, reduced) if part)


def _body(claim: Mapping[str, Any]) -> str:
    known = bodies.by_id()
    return known[claim["body_id"]].name if claim["body_id"] in known else claim["body_name"] or claim["body_id"] or ""


def _claims(shown: Mapping[str, Any], speaker: Speaker) -> Iterator[str]:
    for claim in shown["claims"]:
        until = claim["claimed_until"]
        day = speaker.say(N_("valid until %(day)s"), day=speaker.day(dt.date.fromisoformat(until))) if until else None
        known = modalities.by_id()
        names = ", ".join(known[one].name if one in known else one for one in claim["disciplines"])
        what = speaker.say(N_("for %(what)s"), what=names) if names else None
        yield ", ".join(part for part in (_body(claim), claim["grade"], what, day) if part)


def _numbers(answers: Answers) -> Iterator[str]:
    for claim, number in zip(answers.shown["claims"], answers.private["claim_numbers"], strict=True):
        if number:
            yield f"{_body(claim)}: {number}"
