"""Turns what somebody typed into a search, and says what it made of it.

Whatever cannot be used is named in a notice and left out; nothing that is typed is an error.
"""

import datetime as dt
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from directory.lib.folding import plain
from directory.lib.geography import METRES_PER_MILE
from directory.lib.words import N_, Message
from directory.models import (
    Status,
)
from directory.services import bodies, concerns, copies, modalities, places
from directory.services.places import Spot
from directory.services.search import engine
from directory.services.search.criteria import (
    CIRCLE,
    FIXED_VALUES,
    MAX_PAGE,
    MAX_TERMS,
    MAX_VALUES,
    NO_CLAIM,
    YES,
    Criteria,
    Facet,
    Sort,
    parse_words,
)

Parameters = Mapping[str, Sequence[str]]

MAX_WORDS = 200
MAX_WITHIN_M = 2_000_000
SMALLEST_TOWN_IN_WORDS = 1_000
SHORTEST_TERM = 3
_WITHIN = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,2})?) ?(mi|miles?|km|kilomet(?:re|er)s?)?")
_IN_A_PLACE = re.compile(r"(.+?)\s+(?:in|near|around|at)\s+(.+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_USUAL_WITHIN = {"mi": "15mi", "km": "25km"}
_DISTANCES = {"mi": (5, 10, 15, 30, 60), "km": (5, 10, 25, 50, 100)}
_KNOWN = frozenset({*(facet.value for facet in Facet), "q", "near", "within", "sort", "page", "keep", CIRCLE})


@dataclass(frozen=True)
class Site:
    """What a search needs to know of the site."""

    countries: tuple[str, ...]
    distance_unit: str
    pairs_concerns: bool


@dataclass(frozen=True)
class Names:
    """The names of what can be filtered by, by id."""

    modalities: Mapping[str, str]
    concerns: Mapping[str, str]
    bodies: Mapping[str, str]


@dataclass(frozen=True)
class Notice:
    """Something to tell the searcher, with another search to go to, if there is one."""

    message: Message
    link_words: Message | None = None
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """What was understood. `choices` are the places of which one must be chosen before anything is searched."""

    criteria: Criteria
    notices: tuple[Notice, ...]
    names: Names
    choices: tuple[Spot, ...] = ()
    near_typed: str = ""

    @property
    def near(self) -> str:
        """The place as it was understood, else as it was typed."""
        return self.criteria.spot.text if self.criteria.spot else self.near_typed

    @property
    def is_unclear(self) -> bool:
        """Whether a place was typed that must be chosen, or typed anew, before anything is searched."""
        return bool(self.choices or (self.near_typed and self.criteria.spot is None))


@dataclass
class _Notes:
    found: list[Notice] = field(default_factory=list)

    def say(self, text: str, **values: object) -> None:
        self.found.append(Notice(Message(text, values)))


def understand(parameters: Parameters, day: dt.date, site: Site, circle: frozenset[int] | None = None) -> Asked:
    """What `parameters` ask for on `day`. `circle`: whom people in the circle of the asker recommend, by row number;
    None for a stranger.
    """
    notes = _Notes()
    names = load_names(pairs_concerns=site.pairs_concerns)
    unknown = sorted(name for name in parameters if name not in _KNOWN)
    if unknown:
        notes.say(N_("We do not know “%(name)s”, so we left it out."), name=", ".join(unknown[:3])[:80])
    criteria = Criteria(
        day=day,
        words=_words(_first(parameters, "q"), notes),
        filters=_filters(parameters, names, site, notes),
        pairs_concerns=site.pairs_concerns,
        among=_among(_first(parameters, CIRCLE), circle, notes),
    )
    near = " ".join(_first(parameters, "near").split())[: places.MAX_TEXT]
    choices: tuple[Spot, ...] = ()
    if near:
        criteria, choices = _place(criteria, near, site, notes)
    elif criteria.words:
        criteria, choices, near = _place_among_words(criteria, site, notes)
    if criteria.spot is not None or choices:
        criteria = _within(criteria, _first(parameters, "within"), site, notes)
    criteria = _sort(criteria, _first(parameters, "sort"), notes)
    criteria = _page(criteria, _first(parameters, "page"), notes)
    return Asked(criteria, tuple(notes.found), names, choices, near_typed=near)


@copies.of_facts
def load_names(*, pairs_concerns: bool) -> Names:
    """The names of all modalities, concerns by which practitioners are listed, and bodies."""
    paired = [concern for concern in concerns.list_all() if concern.lists_practitioners and pairs_concerns]
    return Names(
        modalities={modality.id: modality.name for modality in modalities.list_all()},
        concerns={concern.id: concern.name for concern in paired},
        bodies={body.id: body.name for body in bodies.list_all()},
    )


@copies.of_facts
def _terms() -> frozenset[str]:
    """Every name of a method or a concern, folded."""
    methods = (term for modality in modalities.list_all() for term in modality.terms)
    return frozenset(map(plain, (*methods, *(term for concern in concerns.list_all() for term in concern.terms))))


def distances(unit: str, chosen: str = "any") -> list[tuple[str, Message]]:
    """The radii that a form offers, as an address writes them and in words; the one that is chosen among them."""
    offered = [f"{number}{unit}" for number in _DISTANCES[unit]]
    if chosen not in {*offered, "any"}:
        offered.append(chosen)
        offered.sort(key=lambda within: radius_of(within) or 0.0)
    return [*((within, radius_words(within)) for within in offered), ("any", Message(N_("any distance")))]


def radius_words(within: str) -> Message:
    """A radius as an address writes it, in words."""
    number, unit = within[:-2], within[-2:]
    if unit == "km":
        return Message(N_("%(number)s km"), {"number": number})
    return Message(N_("1 mile") if number == "1" else N_("%(number)s miles"), {"number": number})


def usual_within(unit: str) -> str:
    """The radius when none is chosen."""
    return _USUAL_WITHIN[unit]


def radius_of(within: str) -> float | None:
    """Metres of a radius as an address writes it; None for any distance."""
    match = _WITHIN.fullmatch(within)
    if match is None:
        return None
    return float(match[1]) * (1000 if (match[2] or "mi").startswith("k") else METRES_PER_MILE)


# ---- words ----


def _first(parameters: Parameters, name: str) -> str:
    values = [value.strip() for value in parameters.get(name, ()) if value.strip()]
    return values[0] if values else ""


def _words(typed: str, notes: _Notes) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if len(words) > MAX_WORDS:
        words = words[:MAX_WORDS]
        notes.say(N_("That was long: we read the first %(number)s letters of the words."), number=MAX_WORDS)
    if words and not parse_words(words):
        notes.say(N_("“%(words)s” has no letters or digits to look for."), words=words[:60])
    if len(words.split()) > MAX_TERMS and len(parse_words(words)) == MAX_TERMS:
        notes.say(N_("We look for eight words at most; the rest was left out."))
    return words


def _place_among_words(criteria: Criteria, site: Site, notes: _Notes) -> tuple[Criteria, tuple[Spot, ...], str]:
    """A postcode or a town typed among the words is understood as a place, unless it stands in quotation marks.

    Returns the search, the places of which one must be chosen, and what was typed for them.
    """
    typed = criteria.words
    if typed[:1] in "\"'“" and typed[-1:] in "\"'”" and len(typed) > 2:
        return replace(criteria, words=typed.strip("\"'“”")), (), ""
    words, place, answer = _part_places(typed, site, criteria)
    if answer.spot is None and not answer.choices:
        return criteria, (), ""
    told = Message(N_("We read “%(place)s” as a place."), {"place": answer.spot.label if answer.spot else place})
    others = [(name, value) for name, value in criteria.parameters if name != "q"]
    literal = Message(N_("Look for it as a word instead"))
    notes.found.append(Notice(told, literal, (("q", f'"{typed}"'), *others)))
    return replace(criteria, words=words, spot=answer.spot), answer.choices, place


def _part_places(typed: str, site: Site, criteria: Criteria) -> tuple[str, str, places.Answer]:
    """The words without the place among them, the words of the place, and what the place may be."""
    phrase = _IN_A_PLACE.fullmatch(typed)
    if phrase is not None:
        answer = _sure_place(phrase[2], site, smallest=0)
        if answer.spot is not None or answer.choices:
            return phrase[1], phrase[2], answer
    whole = _sure_place(typed, site)
    if whole.spot is not None or whole.choices:
        is_place = whole.spot is not None and whole.spot.kind == "postcode"
        return ("", typed, whole) if is_place or not engine.is_name(criteria) else (typed, "", places.Answer())
    pieces = typed.split()
    for size in range(1, min(len(pieces), 4)):
        for words, place in (
            (" ".join(pieces[:-size]), " ".join(pieces[-size:])),
            (" ".join(pieces[size:]), " ".join(pieces[:size])),
        ):
            answer = _sure_place(place, site)
            is_place = answer.spot is not None and answer.spot.kind == "postcode"
            if is_place or ((answer.spot is not None or answer.choices) and _is_term(words)):
                return words, place, answer
    return typed, "", places.Answer()


def _sure_place(text: str, site: Site, smallest: int = SMALLEST_TOWN_IN_WORDS) -> places.Answer:
    """A postcode, or a town or several of that name, of which the largest has `smallest` inhabitants."""
    return _find_sure_place(text, site.countries, smallest)


# Many people ask for the same places, and each asks again with other filters.
_find_place = copies.of_facts(places.find)


@copies.of_facts
def _find_sure_place(text: str, countries: tuple[str, ...], smallest: int) -> places.Answer:
    postcode = places.find_postcode(text)
    if postcode is not None:
        return places.Answer(spot=postcode)
    return places.find_known_town(text, countries, smallest)


def _is_term(text: str) -> bool:
    """Whether `text` begins the name of a method or a concern."""
    wanted = plain(text)
    return len(wanted) >= SHORTEST_TERM and any(term.startswith(wanted) for term in _terms())


# ---- place ----


def _place(criteria: Criteria, near: str, site: Site, notes: _Notes) -> tuple[Criteria, tuple[Spot, ...]]:
    answer = _find_place(near, site.countries)
    if answer.spot is not None:
        if answer.others:
            told = Message(N_("This is %(place)s. There is another:"), {"place": answer.spot.label})
            notes.found.append(_elsewhere(criteria, told, answer.others[0]))
        return replace(criteria, spot=answer.spot), ()
    if answer.choices:
        return criteria, answer.choices
    if answer.guess is not None:
        told = Message(N_("We do not know a place called “%(place)s”. Did you mean this?"), {"place": near})
        notes.found.append(_elsewhere(criteria, told, answer.guess))
    else:
        notes.say(N_("We do not know a place called “%(place)s”. Try a larger town nearby, or a postcode."), place=near)
    return criteria, ()


def _elsewhere(criteria: Criteria, told: Message, spot: Spot) -> Notice:
    others = [(name, value) for name, value in criteria.parameters if name not in {"near", "within"}]
    return Notice(told, Message("%(place)s", {"place": spot.label}), (*others, ("near", spot.text)))


def _within(criteria: Criteria, typed: str, site: Site, notes: _Notes) -> Criteria:
    usual = usual_within(site.distance_unit)
    text = typed.lower()
    if text == "any":
        return replace(criteria, within="any", radius_m=None)
    match = _WITHIN.fullmatch(text)
    if text and match is None:
        notes.say(N_("“%(within)s” is not a distance we can read; we took %(usual)s."), within=typed[:40], usual=usual)
    if match is None:
        return replace(criteria, within=usual, radius_m=radius_of(usual))
    unit = "km" if (match[2] or site.distance_unit).startswith("k") else "mi"
    within = f"{float(match[1]):g}{unit}"
    radius = radius_of(within) or 0.0
    if not 0 < radius <= MAX_WITHIN_M:
        notes.say(
            N_("A distance of %(within)s is not one we can search; we took %(usual)s."), within=within, usual=usual
        )
        return replace(criteria, within=usual, radius_m=radius_of(usual))
    return replace(criteria, within=within, radius_m=radius)


# ---- filters, order, page ----


_VALUES: Mapping[Facet, frozenset[str]] = {
    Facet.STATUS: frozenset({*map(str, Status), NO_CLAIM}),
    **{facet: frozenset(map(str, values)) for facet, values in FIXED_VALUES.items()},
}


def _filters(parameters: Parameters, names: Names, site: Site, notes: _Notes) -> dict[Facet, tuple[str, ...]]:
    named = {Facet.BODY: names.bodies, Facet.MODALITY: names.modalities, Facet.CONCERN: names.concerns}
    filters: dict[Facet, tuple[str, ...]] = {}
    for facet in Facet:
        if facet.value not in parameters:
            continue
        given = [value.strip() for value in parameters.get(facet.value, ()) if value.strip()]
        if not given:
            continue
        if facet is Facet.CONCERN and not site.pairs_concerns:
            notes.say(N_("On this site practitioners are not listed by what they often work with."))
            continue
        known: Container[str] = named[facet] if facet in named else _VALUES.get(facet, frozenset())
        kept = sorted({v for v in given if (_LANGUAGE.fullmatch(v) if facet is Facet.LANGUAGE else v in known)})
        wrong = [value for value in given if value not in kept]
        if wrong:
            notes.say(
                N_("We do not know the value “%(value)s” of the filter “%(facet)s”, so we left it out."),
                value=wrong[0][:60],
                facet=Message(facet.legend),
            )
        if len(kept) > MAX_VALUES:
            notes.say(N_("We take %(number)s values of one filter at most."), number=MAX_VALUES)
        if kept:
            filters[facet] = tuple(kept[:MAX_VALUES])
    return filters


def _among(typed: str, circle: frozenset[int] | None, notes: _Notes) -> frozenset[int] | None:
    """What is said here is the same whoever recommends whom."""
    if typed and typed != YES:
        notes.say(N_("We do not know “%(name)s”, so we left it out."), name=f"{CIRCLE}={typed[:60]}")
    elif typed and circle is None:
        notes.say(N_("Your circle is known only while you are signed in, so you see everybody."))
    return circle if typed == YES else None


def _sort(criteria: Criteria, typed: str, notes: _Notes) -> Criteria:
    usual = criteria.usual_sort
    if not typed:
        return replace(criteria, sort=usual)
    possible = {Sort.NAME, usual}
    if criteria.words:
        possible.add(Sort.RELEVANCE)
    if typed in set(Sort) and Sort(typed) in possible:
        return replace(criteria, sort=Sort(typed))
    notes.say(N_("The list cannot be sorted by “%(sort)s” here; it has its usual order."), sort=typed[:40])
    return replace(criteria, sort=usual)


def _page(criteria: Criteria, typed: str, notes: _Notes) -> Criteria:
    if not typed:
        return criteria
    if re.fullmatch("[0-9]{1,9}", typed) and 1 <= int(typed) <= MAX_PAGE:
        return replace(criteria, page=int(typed))
    notes.say(N_("There is no page “%(page)s”; this is the first."), page=typed[:40])
    return criteria
