"""Cards of the listings that a search found, each rendered once and kept until the listing, a fact or the day changes.

What differs from request to request is filled in: the number on the card, the distance, and the links of the shortlist.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from flask import Flask, current_app, url_for
from markupsafe import Markup, escape

from directory.http import fragments
from directory.http.words import Labelled, distance, labels, language_name, money, ngettext, translated, where
from directory.lib import clock
from directory.lib.geography import distance_m
from directory.lib.words import N_
from directory.models import Standing
from directory.services import profiles
from directory.services.profiles import Card, Workplace
from directory.services.search import Criteria, Hit

MOST_BYTES = 24_000_000
TEMPLATE = "components/entry.html"
# Sentences may name any body that somebody typed: so many pieces are kept of each sort.
MOST_PIECES = 4_000
_POSITION, _FAR, _KEEP, _COMPARE, _CIRCLE = map(fragments.gap, ("position", "far", "keep", "compare", "circle"))
_OWN = {name: fragments.gap(name) for name in ("id", "slug", "name", "where", "latitude", "longitude", "methods")}
_OWN |= {name: fragments.gap(name) for name in ("statements", "facts", "portrait")}
_AS_IT_IS = "!$&'()*+,/:;=@"  # what the framework writes as it is in a path

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


class _Pieces:
    """What many cards have in common: the card with gaps, statements, and lines of facts."""

    def __init__(self) -> None:
        self.facts: dict[Hashable, str] = {}
        self.statements: dict[Hashable, str] = {}
        self._entries: dict[tuple[bool, bool], str] = {}

    @property
    def many(self) -> bool:
        return max(len(self.facts), len(self.statements)) > MOST_PIECES

    def entry(self, has_point: bool, is_kept: bool) -> str:
        """The form of a card. What differs from request to request is left in it as words."""
        form = self._entries.get((has_point, is_kept))
        if form is None:
            own = _OWN
            html = fragments.macro(TEMPLATE, "entry")(
                **{name: gap for name, gap in own.items() if name not in {"id", "slug"}},
                address=url_for("public_practitioners.show", public_id=own["id"], slug=own["slug"]),
                position=_POSITION,
                has_point=has_point,
                keep_address=f"{_KEEP}#p{_POSITION}" if is_kept else f"{_KEEP}{own['id']}#p{_POSITION}",
                compare_address=_COMPARE,
                is_kept=is_kept,
                distance=_FAR,
                circle=_CIRCLE,
            )
            self._entries[has_point, is_kept] = form = fragments.mould(html, *own.values())
        return form

    def statement(self, one: Standing, size: str) -> str:
        """A line that says what a claim amounts to. Two that are told by the same words are one."""
        sentence, notice = one.sentence, one.check.notice_url if one.check else None
        key = (one.status, one.day, sentence.text, *sentence.values.values(), notice, size)
        html = self.statements.get(key)
        if html is None:
            html = fragments.macro(TEMPLATE, "says")(
                fragments.macro("components/statement.html", "statement")(one, size)
            )
            self.statements[key] = html
        return html

    def no_statement(self) -> str:
        html = self.statements.get("none")
        if html is None:
            html = fragments.macro(TEMPLATE, "says")(fragments.macro("components/statement.html", "no_statement")())
            self.statements["none"] = html
        return html

    def far(self, words: str) -> str:
        """A line that says how far away somebody is."""
        html = self.facts.get(words)
        if html is None:
            self.facts[words] = html = fragments.macro(TEMPLATE, "far")(words)
        return html

    def fact(self, words: Callable[..., str], *of: Hashable) -> str:
        """A fact that is written by `words` of these values."""
        html = self.facts.get((words, of))
        if html is None:
            self.facts[words, of] = html = fragments.macro(TEMPLATE, "fact")(words(*of))
        return html


def init_app(app: Flask) -> None:
    app.extensions["cards"] = fragments.Kept[_Piece](MOST_BYTES)
    app.extensions["card_pieces"] = fragments.Kept[_Pieces](1)


def render(
    hits: Sequence[Hit], criteria: Criteria, shortlist: Shortlist, circle: Mapping[int, str] = MappingProxyType({})
) -> Markup:
    """The cards of these hits, numbered from the page on which they stand. `circle`: what is said to whoever asks, and
    to nobody else, of some of the practitioners, by row number; it is filled in and not kept.
    """
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
        hit, before = missing[card.id]
        piece, form, chord = shown[card.id] = _made(card, before, near, shortlist.kept)
        if hit.edition is not None and fragments.is_kept():
            store.put(hit.practitioner_id, (hit.edition, state), piece, sum(map(len, piece.html.values())))
    told = [
        (*shown[hit.practitioner_id], circle.get(hit.practitioner_id, ""))
        for hit in hits
        if hit.practitioner_id in shown
    ]
    return _filled(told, criteria, shortlist)


def _made(card: Card, before: _Piece | None, near: Metres | None, kept: Sequence[str]) -> _Shown:
    """A card made anew, in the form in which it is asked for, beside those that it had before."""
    metres = ((number, place.metres) for number, place in enumerate(card.places))
    known = tuple((number, point) for number, point in metres if point is not None)
    piece = _Piece(card.public_id, known, dict(before.html) if before else {})
    form, chord = piece.form(near, kept)
    shown_place, is_kept = form
    html = _html(card, card.places[shown_place] if card.places else None, is_kept)
    piece.html[form] = fragments.mould(html, _POSITION, _FAR, _KEEP, _COMPARE, _CIRCLE)
    return piece, form, chord


def _html(card: Card, place: Workplace | None, is_kept: bool) -> str:
    pieces = _pieces()
    latitude, longitude = (place.latitude, place.longitude) if place else (None, None)
    says = [pieces.statement(one, "s" if number else "m") for number, one in enumerate(card.standings)]
    return pieces.entry(latitude is not None and longitude is not None, is_kept) % {
        "id": card.public_id,
        "slug": escape(quote(card.slug, safe=_AS_IT_IS)),
        "name": escape(card.name),
        "where": escape(where(place) if place else translated(N_("Online"))),
        "latitude": latitude,
        "longitude": longitude,
        "methods": escape(", ".join([*(method.name for method in card.methods), *_further(card)])),
        "portrait": fragments.macro(TEMPLATE, "portrait")(card.photo) if card.photo else "",
        "statements": "".join(says) if says else pieces.no_statement(),
        "facts": "".join(_facts(pieces, card)),
    }


def _further(card: Card) -> Iterator[str]:
    if card.further_methods:
        yield card.further_methods


def _facts(pieces: _Pieces, card: Card) -> Iterator[str]:
    """What there is to say in the last line."""
    session = card.session
    if session is not None:
        yield pieces.fact(_session, session.amount_minor, session.currency, session.minutes)
    if card.visits:
        yield pieces.fact(_labels, *card.visits)
    if card.access:
        yield pieces.fact(_labels, *card.access)
    if card.languages not in ([], ["en"]):
        yield pieces.fact(_languages, *card.languages)
    if card.accepting:
        yield pieces.fact(translated, card.accepting.label)
    if card.confirmed_on is not None:
        # Of today, as the state under which a card is kept.
        today = clock.today(current_app.extensions["settings"].zone)
        yield pieces.fact(_fresh, max((today - card.confirmed_on).days, 0))


def _session(amount_minor: int, currency: str, minutes: int | None) -> str:
    return fragments.macro(TEMPLATE, "session")(money(amount_minor, currency), minutes)


def _fresh(days: int) -> str:
    if days == 0:
        return translated(N_("Confirmed today"))
    return ngettext("Confirmed one day ago", "Confirmed %(num)s days ago", days) % {"num": days}


def _labels(*values: Labelled) -> str:
    return labels(values)


def _languages(*codes: str) -> str:
    return ", ".join(map(language_name, codes))


def _pieces() -> _Pieces:
    """What was rendered before, as long as it would be rendered alike."""
    kept: fragments.Kept[_Pieces] = current_app.extensions["card_pieces"]
    state = fragments.facts_state()
    pieces = kept.get("pieces", state)
    if pieces is None or pieces.many:
        pieces = _Pieces()
        if fragments.is_kept():
            kept.put("pieces", state, pieces, 1)
    return pieces


def _filled(shown: Sequence[tuple[_Piece, _Form, int | None, str]], criteria: Criteria, shortlist: Shortlist) -> Markup:
    with_one_more = escape(shortlist.page([*shortlist.kept, ""]))
    compare = escape(shortlist.compare)
    pieces, html = _pieces(), []
    for position, (piece, form, chord, said) in enumerate(shown, start=criteria.offset + 1):
        keep = with_one_more
        _, is_kept = form
        if is_kept:
            keep = escape(shortlist.page([one for one in shortlist.kept if one != piece.public_id]))
        far = "" if chord is None else pieces.far(distance(distance_m(chord), criteria.within))
        circle = fragments.macro("components/circle.html", "in_circle")(said) if said else ""
        gaps = {"position": position, "far": far, "keep": keep, "compare": compare, "circle": circle}
        html.append(piece.html[form] % gaps)
    return Markup("".join(html))  # noqa: S704  rendered by a template, and escaped where it was filled in


def _chord_squared(a: Metres, b: Metres) -> int:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
