"""The guide: signs that need a doctor, what to tell before a session, self-care, and what the law says in a place."""

import re
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from directory.lib.folding import plain, tokens
from directory.models import Concern, Guidance, GuidanceKind, NotFound, PracticePlace, Regulation
from directory.services import concerns, copies

SEVERITIES = ("emergency", "urgent", "routine_urgent")

# Signs that clinicians weigh are for those who take down a history: a searcher would only be frightened by them.
FOR_PRACTITIONERS = "practitioner intake prompt"

# Parts of a country as the towns and postcodes name them, and as the records of the law do. Canada's provinces have
# numbers in GeoNames; the states of the USA have the same letters in both.
REGIONS: dict[str, dict[str, str]] = {
    "GB": {"England": "ENG", "London": "LND", "Scotland": "SCT", "Wales": "WLS", "Northern Ireland": "NIR"},
    "CA": {
        "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
        "11": "SK",
    },
}  # fmt: skip
_LETTERS = re.compile("[A-Z]+")
LONDON = "LND"
LONDON_POSTCODES = frozenset({"E", "EC", "N", "NW", "SE", "SW", "W", "WC"})


def find(guidance_id: str) -> Guidance | None:
    """One piece of guidance, or None: an operator may have taken a record out."""
    return _guidance().get(guidance_id)


@copies.of_facts
def _guidance() -> Mapping[str, Guidance]:
    """Every piece of guidance, in the order of the reference data."""
    return {piece.id: piece for piece in copies.rows(select(Guidance).order_by(Guidance.position, Guidance.id))}


def list_kind(kind: GuidanceKind) -> Sequence[Guidance]:
    """Every piece of guidance of a kind that is shown, in the order of the reference data."""
    return [piece for piece in _guidance().values() if piece.kind is kind and piece.is_shown]


def applying_to(kind: GuidanceKind, ids: Collection[str], *, where: str | None = None) -> list[Guidance]:
    """Guidance of a kind that applies to any of these modalities or concerns, and is shown.

    `where` keeps what is meant for one sort of page, in the words of the records: `what to expect`, `concern pages`.
    """
    return [
        piece
        for piece in list_kind(kind)
        if set(piece.applies_to) & set(ids) and (where is None or piece.where_to_show == where)
    ]


def red_flags(concern_ids: Collection[str]) -> list[Guidance]:
    """Signs that need a doctor first, for any of these concerns, the most urgent first.

    They stand before every result, tip and form that has to do with one of the concerns.
    """
    if not concern_ids:
        return []
    known = concerns.by_id()
    named = {sign for key in concern_ids if key in known for sign in known[key].urgent_signs}
    return [flag for flag in public_red_flags() if flag.id in named or set(flag.applies_to) & set(concern_ids)]


def public_red_flags() -> list[Guidance]:
    """Every sign that needs a doctor first and is meant for the public, the most urgent first."""
    flags = [
        flag
        for flag in list_kind(GuidanceKind.RED_FLAG)
        if not (flag.where_to_show or "").startswith(FOR_PRACTITIONERS)
    ]
    return sorted(flags, key=lambda flag: (_urgency(flag), flag.position))


def _urgency(flag: Guidance) -> int:
    return SEVERITIES.index(flag.severity) if flag.severity in SEVERITIES else len(SEVERITIES)


def region_code(country: str, region: str | None) -> str | None:
    """The part of a country as the records of the law name it: LND, WLS, MA. Takes names, too."""
    if not region:
        return None
    bare = region.removeprefix(f"{country}-")
    return REGIONS.get(country, {}).get(bare, bare)


def region_of(place: PracticePlace) -> str | None:
    """The part of its country in which a place lies, where the law may differ. London has rules of its own."""
    letters = _LETTERS.match(place.postcode_area or "")
    in_london = place.town == "London" or (letters is not None and letters[0] in LONDON_POSTCODES)
    return LONDON if place.country == "GB" and in_london else region_code(place.country, place.region)


def regulation_for(country: str, region: str | None = None, profession: str = "shiatsu") -> Regulation | None:
    """What the law says of a profession in a place: the record of the part of the country, else that of the country.

    None where nothing was found. The record may be of low confidence: ask `is_shown` before showing what it says.
    """
    records = {one.subdivision: one for one in _regulation() if one.country == country and one.profession == profession}
    code = region_code(country, region)
    return records.get(code) or records.get(None)


def regulation_of(country: str) -> list[Regulation]:
    """Every record of the law in a country: of the country first, then of its parts. Raises NotFound for none."""
    found = (record for record in _regulation() if record.country == country)
    records = sorted(found, key=lambda record: (record.subdivision or "", record.id))
    if not records:
        raise NotFound(f"no record of the law in {country}")
    return records


def regulation_by_country(profession: str) -> dict[str, Regulation]:
    """The record of each whole country for a profession."""
    whole = (record for record in _regulation() if record.subdivision is None)
    return {record.country: record for record in whole if record.profession == profession}


@copies.of_facts
def _regulation() -> Sequence[Regulation]:
    """Every record of the law."""
    return copies.rows(select(Regulation).order_by(Regulation.id))


# Words that stand in the names of many concerns and point to none of them.
_GENERAL_WORDS = frozenset(
    {"a", "and", "or", "of", "in", "the", "on", "during", "after", "general", "care", "self", "point", "points"}
    | {"massage", "pain", "painful", "ache", "aches", "sore", "tight", "stiff", "muscle", "muscles", "tension", "body"}
    | {"sport", "sports", "run", "post", "one", "long", "term", "low", "lower", "bad", "trigger", "treatment"}
)


# Words of somebody who may need help at once. They stand in the name of no concern.
_DISTRESS = frozenset(
    {"suicidal", "suicide", "selfharm", "harm", "depression", "depressed", "anxiety", "anxious", "panic", "crisis"}
)
CONCERN_OF_DISTRESS = "stress"


def medical_concerns(words: str, chosen: Collection[str] = ()) -> list[Concern]:
    """The concerns meant for which nobody is listed, since a doctor comes first; those chosen before others."""
    if not words and not chosen:
        return []
    wanted = plain(words)
    known = concerns.by_id()
    found = [known[key] for key, terms in _medical_terms().items() if key in chosen or wanted in terms]
    return sorted(found, key=lambda concern: concern.id not in chosen)


@copies.of_facts
def _medical_terms() -> Mapping[str, frozenset[str]]:
    """Every name, folded, of each concern for which nobody is listed, in the order of the concerns."""
    return {
        concern.id: frozenset(map(plain, concern.terms))
        for concern in concerns.list_all()
        if not concern.lists_practitioners
    }


@copies.of_facts
def _telling_words() -> Mapping[str, frozenset[str]]:
    """Every word in the names of each concern."""
    return {
        concern.id: frozenset(token for term in concern.terms for token in tokens(term))
        for concern in concerns.list_all()
    }


def concerns_meant(words: str, chosen: Collection[str] = ()) -> list[str]:
    """The concerns that a search has to do with: those chosen, and those of which a telling word was typed.

    Generous on purpose: it decides only whether signs that need a doctor are shown.
    """
    asked = set(tokens(words))
    asked = (asked | {word.removesuffix("s") for word in asked}) - _GENERAL_WORDS
    meant = set(chosen)
    if asked & _DISTRESS:
        meant.add(CONCERN_OF_DISTRESS)
    if asked:
        meant.update(concern_id for concern_id, telling in _telling_words().items() if asked & telling)
    return sorted(meant)
