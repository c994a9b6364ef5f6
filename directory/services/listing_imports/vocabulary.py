"""The words of the directory, as a spreadsheet may say them: modalities, concerns and professional bodies."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process
from sqlalchemy import select

from directory.db import db
from directory.lib.cells import Remark, one_line, remark
from directory.lib.folding import plain
from directory.lib.words import N_
from directory.models import Body, Concern, Modality

MOST = 20
MOST_SUGGESTIONS = 2_000
LIKELY = 75
LONGEST_BODY = 150

_BREAKS = re.compile(r"[,;/|\n•·+]+|\s-\s")
_AND = re.compile(r"\s*&\s*|\s+(?:and|und|et|plus|with)\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^)]*\)")
# "Shiatsu treatments", "qualified reflexology practitioner"
_AROUND = re.compile(
    r"^(?:a|the|qualified|professional|advanced|traditional|gentle|full|classic|clinical|basic|level [3-6])\s+"
    r"|\s+(?:massages?|therap(?:y|ies|ist|ists)|treatments?|sessions?|practitioners?|techniques?|bodywork|teacher|method)$"
)
_MEMBER = re.compile(
    r"^(?:(?:a|the|full|registered|member|members|membership|fellow|graduate|professional|accredited|licensed|of|by|with|on|in)\s+)+"
)
_TOO_SHORT = 3

UNKNOWN = N_("The directory does not know this. It was left out.")
MEANT = N_("The directory does not know this. Did you mean “%(near)s”? It was left out.")
TAKEN_FOR = N_("This was taken for “%(name)s”.")
SEVERAL = N_("This can mean %(names)s. The first was taken.")
TOO_MANY = N_("More than %(most)s; the others were left out.")
DOCTORS_ONLY = N_("This needs a doctor’s care, so no practitioners are listed by it. It was left out.")
UNKNOWN_BODY = N_("The directory does not know this body. It is shown as it was written, as not assessed.")
MEANT_BODY = N_(
    "The directory does not know this body. Did you mean “%(near)s”? It is shown as it was written, as not assessed."
)


class Terms:
    """Words and the things that they name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._exact: dict[str, list[str]] = {}
        self._suggestions = MOST_SUGGESTIONS
        self.find = lru_cache(maxsize=20_000)(self._find)

    def add(self, id_: str, name: str, others: Iterable[str]) -> None:
        """Call it in the order in which things are preferred when two share a word."""
        self.names[id_] = name
        for position, term in enumerate((name, *others)):
            folded = plain(term)
            for key in {folded, folded.replace(" ", "")} - {""}:
                known = self._exact.setdefault(key, [])
                if id_ not in known:
                    # What is called so goes before what is also called so.
                    known.insert(0 if position == 0 else len(known), id_)

    def _find(self, text: str) -> list[str]:
        """Everything that is called `text`, the likeliest first."""
        folded = plain(text)
        return self._exact.get(folded) or self._exact.get(folded.replace(" ", "")) or []

    def suggest(self, text: str) -> str | None:
        """The name of the thing whose words are most like `text`. A hint for a person, never applied."""
        folded = plain(text)
        if self._suggestions == 0 or len(folded) <= _TOO_SHORT:
            return None
        self._suggestions -= 1
        near = process.extractOne(folded, self._exact.keys(), scorer=fuzz.ratio, score_cutoff=LIKELY)
        return self.names[self._exact[near[0]][0]] if near else None


class Vocabulary:
    """What the tables of modalities, concerns and bodies call things; read once."""

    def __init__(self, country: str, countries: Sequence[str]) -> None:
        self._modalities, self._concerns, self._bodies = Terms(), Terms(), Terms()
        self.modality_terms: dict[str, list[str]] = {}
        self.concern_terms: dict[str, list[str]] = {}
        self._doctors_only: set[str] = set()
        self._home = (country, *countries)
        self._load_bodies()
        for modality in db.session.scalars(select(Modality).order_by(Modality.sort_key)):
            self.modality_terms[modality.id] = modality.terms
            self._modalities.add(modality.id, modality.name, modality.terms[1:])
        for concern in db.session.scalars(select(Concern).order_by(Concern.sort_key)):
            self.concern_terms[concern.id] = concern.terms
            self._concerns.add(concern.id, concern.name, concern.terms[1:])
            if not concern.lists_practitioners:
                self._doctors_only.add(concern.id)
        self.modalities = lru_cache(maxsize=50_000)(self._read_modalities)
        self.concerns = lru_cache(maxsize=50_000)(self._read_concerns)
        self.body = lru_cache(maxsize=50_000)(self._read_body)
        self.body_of_letters = lru_cache(maxsize=5_000)(self._body_of_letters)

    def _load_bodies(self) -> None:
        self.bodies = {body.id: body for body in db.session.scalars(select(Body).order_by(Body.sort_key))}
        self.letters: dict[str, list[str]] = {}
        for body in self.bodies.values():
            letters = [part.strip() for entry in body.letters for part in entry["letters"].split(" / ")]
            others = [_BRACKETS.sub("", name).strip() for name in (*body.aliases, *body.former_names)]
            bare = _BRACKETS.sub("", body.name).strip()
            self._bodies.add(body.id, body.name, (body.abbreviation, bare, *others, *letters))
            for written in letters:
                if len(written) >= _TOO_SHORT:
                    self.letters.setdefault(written.replace(" ", "").replace(".", "").upper(), []).append(body.id)
                    self.letters.setdefault(plain(written).replace(" ", "").upper(), []).append(body.id)

    def _read_modalities(self, text: str) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
        """The modalities that a cell names, and what of it was not understood."""
        return _read_terms(text, self._modalities, frozenset())

    def _read_concerns(self, text: str) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
        """The same for concerns. What needs a doctor is never stored beside a person."""
        return _read_terms(text, self._concerns, self._doctors_only)

    def _body_of_letters(self, letters: str, country: str) -> str | None:
        """The body whose members write these letters after their names, here or in the site's countries."""
        found = self.letters.get(letters.replace(" ", "").replace(".", "").upper(), ())
        return next(iter(self._nearest(found, country)), None)

    def _nearest(self, ids: Iterable[str], country: str) -> list[str]:
        """Of bodies of the same name, those of the country first; none that is abroad altogether."""
        order = {code: position for position, code in enumerate(dict.fromkeys((country, *self._home)))}
        here = [id_ for id_ in dict.fromkeys(ids) if self.bodies[id_].country in {*order, "EU"}]
        return sorted(here, key=lambda id_: order.get(self.bodies[id_].country, len(order)))

    def _read_body(self, text: str, country: str) -> tuple[str | None, str | None, tuple[Remark, ...]]:
        """The id of the body that `text` names, by name or letters; else its words as they are, with a remark."""
        text = one_line(text)
        inside = [part[1:-1] for part in _BRACKETS.findall(text)]
        bare = _BRACKETS.sub(" ", text)
        for name in (text, bare, _MEMBER.sub("", plain(bare)), *inside):
            found = self._bodies.find(name)
            nearest = self._nearest(found, country) or found
            if nearest and (len(nearest) == 1 or self.bodies[nearest[0]].country == country):
                return nearest[0], None, ()
        near = self._bodies.suggest(bare)
        message = MEANT_BODY if near else UNKNOWN_BODY
        name = text[:LONGEST_BODY]
        return None, name, (remark(text, name, message, near=near or ""),)


def _read_terms(text: str, terms: Terms, refused: Iterable[str]) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
    ids: dict[str, None] = {}
    remarks: list[Remark] = []
    for piece in _pieces(text, terms):
        found, is_sure = _look_up(piece, terms)
        if not found:
            near = terms.suggest(piece)
            remarks.append(remark(piece, "", MEANT if near else UNKNOWN, near=near or ""))
            continue
        id_ = found[0]
        name = terms.names[id_]
        if id_ in refused:
            remarks.append(remark(piece, "", DOCTORS_ONLY))
            continue
        if not is_sure:
            remarks.append(remark(piece, name, TAKEN_FOR, name=name))
        elif len(found) > 1 and plain(name) != plain(piece):
            names = ", ".join(terms.names[other] for other in found)
            remarks.append(remark(piece, name, SEVERAL, names=names))
        ids[id_] = None
    if len(ids) > MOST:
        remarks.append(remark(text, "", TOO_MANY, most=MOST))
    return tuple(ids)[:MOST], tuple(remarks)


def _pieces(text: str, terms: Terms) -> list[str]:
    """What a cell lists. A word that joins is part of a name first: "Mindfulness and meditation"."""
    pieces: list[str] = []
    for line in text.split("\n"):
        if terms.find(line):
            pieces.append(line)
            continue
        for piece in _BREAKS.split(line):
            bare = piece.strip(" .-*")
            if bare and terms.find(bare):
                pieces.append(bare)
            else:
                pieces += [part.strip(" .-*") for part in _AND.split(bare)]
    return [piece for piece in dict.fromkeys(pieces) if piece]


def _look_up(piece: str, terms: Terms) -> tuple[list[str], bool]:
    """What `piece` names, and whether by its very words."""
    found = terms.find(piece)
    if found:
        return found, True
    bare = plain(_BRACKETS.sub(" ", piece))
    while bare:
        for name in (bare, bare + " massage", bare + " therapy", bare.rstrip("s")):
            found = terms.find(name)
            if found:
                return found[:1], False
        shorter = _AROUND.sub("", bare, count=1)
        if shorter == bare:
            break
        bare = shorter
    return [], False
