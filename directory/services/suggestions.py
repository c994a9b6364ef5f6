"""What somebody may be about to type: methods, concerns and practitioners in one box, places in the other.

A word goes into the box, and searches as if it had been typed in full. Two things lead to a page at once. A name does,
since whoever types one looks for a person and not for a list of one, and people of the same name can be told apart
here. And a concern for which a doctor comes first does, since nobody is listed by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory.db import db
from directory.lib import folding
from directory.models import PUBLIC_STATES, Concern, Modality, PracticePlace, Practitioner
from directory.services import concerns, copies, modalities, places, search

MAX_TEXT = 100
MOST = 8
MOST_OF_A_KIND = 4
MOST_LOOKED_AT = 12
SHORTEST_NAME = 2
_LAST = "\U0010ffff"


class Kind(StrEnum):
    """What is suggested."""

    MODALITY = "modality"
    CONCERN = "concern"
    DOCTOR = "doctor"  # a concern for which a doctor comes first
    PRACTITIONER = "practitioner"
    TOWN = "town"
    POSTCODE = "postcode"


@dataclass(frozen=True)
class Suggestion:
    """Something that may be meant. `text` is for the box; without one it leads to the page of what `id` names.

    `called` is another name, of those that are shown, under which it was found.
    """

    kind: Kind
    label: str
    text: str = ""
    id: str = ""
    slug: str = ""
    called: str = ""
    place: PracticePlace | None = None


@dataclass(frozen=True)
class _Term:
    """A name of a method or a concern. `rank` is the place of what it names among all."""

    suggestion: Suggestion
    text: str
    folded: str
    words: frozenset[str]
    rank: tuple[bool, int]
    is_own: bool


def for_words(text: str, *, pairs_concerns: bool) -> list[Suggestion]:
    """What may be meant in the box for words: at most four of a kind and eight in all.

    Concerns for which nobody may be listed here are left out where `pairs_concerns` is false, but for those that need
    a doctor.
    """
    begun = folding.beginnings(text[:MAX_TEXT])
    found = [one for one in _terms_begun(begun) if pairs_concerns or one.kind is not Kind.CONCERN]
    kinds = [
        [one for one in found if one.kind is Kind.MODALITY][:MOST_OF_A_KIND],
        [one for one in found if one.kind is not Kind.MODALITY][:MOST_OF_A_KIND],
        _people(begun, businesses=not found) if _is_long_enough(begun) else [],
    ]
    while sum(map(len, kinds)) > MOST:
        max(kinds, key=len).pop()
    return [one for kind in kinds for one in kind]


def for_people(text: str) -> list[Suggestion]:
    """Practitioners who may be meant, by their own names or that of their business: at most four."""
    begun = folding.beginnings(text[:MAX_TEXT])
    return _people(begun, businesses=True) if _is_long_enough(begun) else []


def for_place(text: str, countries: Sequence[str]) -> list[Suggestion]:
    """What may be meant in the box for a place, in `countries` first: at most four towns and four postcode areas."""
    return [
        Suggestion(Kind.TOWN if spot.kind == "town" else Kind.POSTCODE, spot.label, spot.text)
        for spot in places.complete(text[:MAX_TEXT], countries, MOST_OF_A_KIND)
    ]


# ---- methods and concerns ----


def _terms_begun(begun: Sequence[str]) -> list[Suggestion]:
    """Methods and concerns, a name of which has all the words, the last one as a beginning; the best fit first."""
    best: dict[str, tuple[tuple[bool | int, ...], _Term]] = {}
    for term in _terms():
        fits = [_fit(term, one) for one in begun if _has_words(term.words, one.split())]
        key = term.suggestion.id
        if fits and (key not in best or min(fits) < best[key][0]):
            best[key] = (min(fits), term)
    found = sorted(best.values(), key=lambda pair: pair[0])
    # What stands inside of another name is far from what is meant, where something begins so.
    near = [pair for pair in found if not pair[0][0] or pair[1].is_own]
    return [_as_found(term) for _, term in near or found]


def _fit(term: _Term, begun: str) -> tuple[bool | int, ...]:
    return (not term.folded.startswith(begun), not term.is_own, term.folded != begun, *term.rank)


def _has_words(words: Iterable[str], typed: Sequence[str]) -> bool:
    """Whether these are among `words`, the last as the beginning of one."""
    return set(typed[:-1]) <= set(words) and any(word.startswith(typed[-1]) for word in words)


def _as_found(term: _Term) -> Suggestion:
    """What a term names. How people call a concern is not repeated: it may be the name of an illness."""
    found = term.suggestion
    if found.kind is not Kind.MODALITY or term.words <= set(folding.plain(found.label).split()):
        return found
    return Suggestion(found.kind, found.label, found.text, found.id, called=term.text)


@copies.of_facts
def _terms() -> tuple[_Term, ...]:
    known: list[Modality | Concern] = [*modalities.list_all(), *concerns.list_all()]
    return tuple(_term(one, text, number) for number, one in enumerate(known) for text in one.terms)


def _term(one: Modality | Concern, text: str, number: int) -> _Term:
    folded = folding.plain(text)
    is_rare = isinstance(one, Modality) and one.tier != "core"
    words = frozenset(folded.split())
    return _Term(_suggestion_of(one), text, folded, words, (is_rare, number), is_own=text == one.name)


def _suggestion_of(one: Modality | Concern) -> Suggestion:
    if isinstance(one, Modality):
        return Suggestion(Kind.MODALITY, one.name, one.name, one.id)
    if one.lists_practitioners:
        return Suggestion(Kind.CONCERN, one.name, one.name, one.id)
    return Suggestion(Kind.DOCTOR, one.name, id=one.id)


# ---- practitioners ----


def _is_long_enough(begun: Sequence[str]) -> bool:
    """One letter begins too many names; in scripts without an alphabet it may be one."""
    return any(len(one) >= SHORTEST_NAME or not one.isascii() for one in begun)


def _people(begun: Sequence[str], *, businesses: bool) -> list[Suggestion]:
    """Practitioners whose whole name begins so, by name; then those who have such names in another order, or others.

    Half of all businesses have a method in their names, so by a word of those people are suggested only on request.
    """
    ids = _ids_begun(begun)
    if len(ids) < MOST_OF_A_KIND:
        others = (number for one in begun for number in search.named(one, MOST_LOOKED_AT))
        ids = list(dict.fromkeys((*ids, *others)))
    query = select(Practitioner).where(Practitioner.id.in_(ids), Practitioner.state.in_(PUBLIC_STATES))
    shown = query.options(selectinload(Practitioner.other_names), selectinload(Practitioner.places))
    listings = {listing.id: listing for listing in db.session.scalars(shown)}
    people = [_person(listings[key], begun) for key in ids if key in listings]
    return [one for one, is_business in people if businesses or not is_business][:MOST_OF_A_KIND]


def _ids_begun(begun: Sequence[str]) -> list[int]:
    """Listings whose whole name begins in one of these ways, by name."""
    key = Practitioner.name_key
    named = select(key, Practitioner.id).where(Practitioner.state.in_(PUBLIC_STATES))
    # One by one: with all at once a database would sort everybody instead of reading its index in order.
    found = {
        (name, number)
        for one in begun
        for name, number in db.session.execute(
            named.where(key >= one, key <= one + _LAST).order_by(key, Practitioner.id).limit(MOST_OF_A_KIND)
        )
    }
    return [number for _, number in sorted(found)[:MOST_OF_A_KIND]]


def _person(listing: Practitioner, begun: Sequence[str]) -> tuple[Suggestion, bool]:
    """A person by the name of their listing, and whether only the name of their business was typed.

    A name that is not shown may find them, and is not told.
    """
    shown = [listing.name, *(other.name for other in listing.other_names if other.is_shown), listing.business or ""]
    fitting = [name for name in shown if any(_has_words(folding.tokens(name), one.split()) for one in begun)]
    called = fitting[0] if fitting and fitting[0] != listing.name else ""
    place = listing.places[0] if listing.places else None
    person = Suggestion(
        Kind.PRACTITIONER, listing.name, id=listing.public_id, slug=listing.slug, called=called, place=place
    )
    return person, bool(called) and called == listing.business
