"""What a practitioner answers: for the public (`shown`), and for themselves and administrators only (`private`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from directory.lib.folding import plain
from directory.lib.geography import Point
from directory.models import Access, Gender, Visit

_SHOWN: Mapping[str, Any] = {
    "name": "",
    "business": None,
    "other_names": [],
    "text": "",
    "further_methods": None,
    "gender": None,
    "modalities": [],
    "pressure": None,
    "concerns": [],
    "places": [],
    "visits": [],
    "travels_km": None,
    "prices": [],
    "languages": [],
    "access": [],
    "access_note": None,
    "accepting": None,
    "availability_note": None,
    "states_insurance": False,
    "claims": [],
    "photo": None,
    "website": None,
    "country": "",
}
_PRIVATE: Mapping[str, Any] = {
    "search_only_names": [],
    "contact_email": None,
    "contact_telephone": None,
    "places": [],
    "claim_numbers": [],
}
_ITEMS = {
    "modalities": ("id", "since_year", "school", "hours"),
    "places": ("locality", "town", "postcode_area", "region", "country", "address"),
    "prices": ("label", "minutes", "amount_minor", "currency", "is_reduced"),
    "claims": ("body_id", "body_name", "grade", "claimed_until", "disciplines"),
}
_ADDRESS = ("address", "latitude", "longitude")

# The answers that each step of the form owns, in the order of the steps: shown, then private.
STEPS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "about": (("name", "business", "other_names"), ("search_only_names", "contact_email", "contact_telephone")),
    "methods": (("modalities", "further_methods", "pressure"), ()),
    "people": (("concerns", "gender"), ()),
    "places": (("places", "country"), ("places",)),
    "prices": (
        ("visits", "travels_km", "prices", "languages", "access", "access_note", "accepting", "availability_note"),
        (),
    ),
    "memberships": (("claims",), ("claim_numbers",)),
    "words": (("text", "website", "photo", "states_insurance"), ()),
}

# What waits for an administrator once a listing is published; all else applies at once. Of modalities only what is said
# of training waits.
_LARGE = ("name", "business", "other_names", "text", "further_methods", "photo", "website", "claims")
_LARGE_PRIVATE = ("search_only_names", "claim_numbers")
_TRAINING = ("since_year", "school", "hours")


@dataclass(frozen=True)
class Answers:
    """All answers of one moment, made even (see `even`)."""

    shown: Mapping[str, Any]
    private: Mapping[str, Any]

    def with_step(self, step: str, shown: Mapping[str, Any], private: Mapping[str, Any]) -> "Answers":
        """The same with the answers that `step` owns taken from `shown` and `private`. Others there are ignored."""
        of_shown, of_private = STEPS[step]
        return even(
            {**self.shown, **{key: shown[key] for key in of_shown if key in shown}},
            {**self.private, **{key: private[key] for key in of_private if key in private}},
        )

    def with_small_of(self, other: "Answers") -> "Answers":
        """The same with all that needs nobody's look taken from `other`."""
        shown = {key: value if key in _LARGE else other.shown[key] for key, value in self.shown.items()}
        private = {key: value if key in _LARGE_PRIVATE else other.private[key] for key, value in self.private.items()}
        if waiting_modalities(self.shown["modalities"], other.shown["modalities"]):
            shown["modalities"] = self.shown["modalities"]
        return even(shown, private)


def waiting_modalities(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> bool:
    """Whether `after` says something of training that `before` does not."""
    known = {one["id"]: one for one in before}
    return any(
        one[key] is not None and one[key] != known.get(one["id"], {}).get(key) for one in after for key in _TRAINING
    )


def even(shown: Mapping[str, Any], private: Mapping[str, Any]) -> Answers:
    """Answers in the one way in which they are stored: every key there, lists that have no order sorted, a point
    rounded to a kilometre."""
    full = {**_SHOWN, **{key: value for key, value in shown.items() if key in _SHOWN}}
    hidden = {**_PRIVATE, **{key: value for key, value in private.items() if key in _PRIVATE}}
    for key, columns in _ITEMS.items():
        full[key] = [{column: item.get(column) for column in columns} for item in full[key]]
    for price in full["prices"]:
        price["is_reduced"] = bool(price["is_reduced"])
    for claim in full["claims"]:
        claim["disciplines"] = sorted(set(claim["disciplines"] or ()))
    full = {key: None if value == "" and _SHOWN[key] is None else value for key, value in full.items()}
    full["concerns"], full["languages"] = sorted(set(full["concerns"])), sorted(set(full["languages"]))
    full["visits"] = [visit.value for visit in Visit if visit in full["visits"]]
    full["access"] = [access.value for access in Access if access in full["access"]]
    full["gender"] = Gender(full["gender"]).value if full["gender"] else None
    full["pressure"] = list(full["pressure"]) if full["pressure"] else None
    hidden["places"] = [_address(item) for item in _as_many(hidden["places"], len(full["places"]), {})]
    numbers = _as_many(hidden["claim_numbers"], len(full["claims"]), None)
    pairs = sorted(zip(full["claims"], numbers, strict=True), key=_claim_order)
    full["claims"], hidden["claim_numbers"] = [claim for claim, _ in pairs], [number or None for _, number in pairs]
    return Answers(full, hidden)


def _address(item: Mapping[str, Any]) -> dict[str, Any]:
    found = {column: item.get(column) for column in _ADDRESS}
    if found["latitude"] is not None and found["longitude"] is not None:
        point = Point(found["latitude"], found["longitude"]).rounded()
        found |= {"latitude": point.latitude, "longitude": point.longitude}
    return found


def _as_many(items: list[Any], count: int, filler: Any) -> list[Any]:
    return [*items, *[filler] * count][:count]


def _claim_order(pair: tuple[Mapping[str, Any], str | None]) -> tuple[str, ...]:
    claim, number = pair
    return (
        claim["body_id"] or "~",
        plain(claim["body_name"] or ""),
        number or "",
        claim["grade"] or "",
        claim["claimed_until"] or "",
    )


EMPTY = even({}, {})
