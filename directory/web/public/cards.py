"""Cards of the listings that a search found, each rendered once and kept until the listing, a fact or the day changes.

What differs from request to request is filled in: the number on the card, the distance, and the links of the shortlist.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import Flask, current_app
from markupsafe import Markup, escape

from directory.http import fragments
from directory.http.words import distance
from directory.lib.geography import distance_m
from directory.services import profiles
from directory.services.profiles import Card
from directory.services.search import Criteria, Hit

MOST_BYTES = 24_000_000
TEMPLATE = "components/entry.html"
_POSITION, _FAR, _WORDS, _KEEP, _COMPARE = map(fragments.gap, ("position", "far", "words", "keep", "compare"))

Metres = tuple[int, int, int]
_Form = tuple[int, bool]  # which of the places of work a card shows, and whether it is on the shortlist


@dataclass(frozen=True)
class Shortlist:
    """Who is on it, the address of the page with others on it, and that of the comparison."""

    kept: Sequence[str]
    page: Callable[[Sequence[str]], str]
    compare: str


@dataclass(frozen=True)
class _Piece:
    """A card with gaps, for each form in which it was shown; and where the listing works: places with their points."""

    public_id: str
    points: tuple[tuple[int, Metres], ...]
    html: dict[_Form, str]

    def form(self, near: Metres | None, kept: Sequence[str]) -> tuple[_Form, int | None]:
        """How to show it, and the square of its distance along a straight line."""
        place, chord = 0, None
        if near is not None and self.points:
            chord, place = min((_chord_squared(near, point), place) for place, point in self.points)
        return (place, self.public_id in kept), chord


_Shown = tuple[_Piece, _Form, int | None]


def init_app(app: Flask) -> None:
    app.extensions["cards"] = fragments.Kept[_Piece](MOST_BYTES)


def render(hits: Sequence[Hit], criteria: Criteria, shortlist: Shortlist) -> Markup:
    """The cards of these hits, numbered from the page on which they stand."""
    store: fragments.Kept[_Piece] = current_app.extensions["cards"]
    state = fragments.facts_state()
    near = criteria.spot.point.xyz if criteria.spot else None
    shown: dict[int, _Shown] = {}
    missing: dict[int, tuple[Hit, _Piece | None]] = {}
    for hit in hits:
        piece = None if hit.edition is None else store.get(hit.practitioner_id, (hit.edition, state))
        if piece is not None:
            form, chord = piece.form(near, shortlist.kept)
            if form in piece.html:
                shown[hit.practitioner_id] = piece, form, chord
                continue
        missing[hit.practitioner_id] = hit, piece
    for card in profiles.cards(list(missing), criteria.day) if missing else ():
        hit, before = missing[card.practitioner.id]
        piece, form, chord = shown[hit.practitioner_id] = _made(card, before, near, shortlist.kept)
        if hit.edition is not None and fragments.is_kept():
            store.put(hit.practitioner_id, (hit.edition, state), piece, sum(map(len, piece.html.values())))
    return _filled([shown[hit.practitioner_id] for hit in hits if hit.practitioner_id in shown], criteria, shortlist)


def _made(card: Card, before: _Piece | None, near: Metres | None, kept: Sequence[str]) -> _Shown:
    """A card rendered anew, in the form in which it is asked for, beside those that it had before."""
    listing = card.practitioner
    points = ((number, place.point) for number, place in enumerate(listing.places))
    known = tuple((number, point.xyz) for number, point in points if point is not None)
    piece = _Piece(listing.public_id, known, dict(before.html) if before else {})
    form, chord = piece.form(near, kept)
    shown_place, is_kept = form
    entry = fragments.macro(TEMPLATE, "entry")
    keep = f"{_KEEP}#p{_POSITION}" if is_kept else f"{_KEEP}{listing.public_id}#p{_POSITION}"
    place = listing.places[shown_place] if listing.places else None
    html = entry(replace(card, place=place), _POSITION, keep, _COMPARE, is_kept, _FAR)
    piece.html[form] = fragments.mould(html, _POSITION, _FAR, _KEEP, _COMPARE)
    return piece, form, chord


def _filled(shown: Sequence[_Shown], criteria: Criteria, shortlist: Shortlist) -> Markup:
    far = fragments.mould(fragments.macro(TEMPLATE, "far")(_WORDS), _WORDS)
    with_one_more = escape(shortlist.page([*shortlist.kept, ""]))
    compare = escape(shortlist.compare)
    html = []
    for position, (piece, form, chord) in enumerate(shown, start=criteria.offset + 1):
        keep = with_one_more
        _, is_kept = form
        if is_kept:
            keep = escape(shortlist.page([one for one in shortlist.kept if one != piece.public_id]))
        words = "" if chord is None else far % {"words": escape(distance(distance_m(chord), criteria.within))}
        html.append(piece.html[form] % {"position": position, "far": words, "keep": keep, "compare": compare})
    return Markup("".join(html))  # noqa: S704  rendered by a template, and escaped where it was filled in


def _chord_squared(a: Metres, b: Metres) -> int:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
