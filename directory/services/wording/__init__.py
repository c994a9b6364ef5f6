"""Hints about wording, for whoever writes a listing and whoever reads it before it is shown. Never a refusal.

The reasons are those of the guidance records that each hint names: the advertising rules among the reference data.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.lib import phrases
from directory.lib.phrases import Folded, whole, words_of
from directory.lib.words import Message
from directory.models import Body, ClaimStatus, Guidance
from directory.services import bodies, concerns, copies, guide
from directory.services.wording.rules import (
    BETWEEN,
    BODY,
    BODY_BETTER,
    COMPLAINTS,
    CURE,
    CURE_BETTER,
    DISEASES,
    ENDORSEMENT,
    HEALTH,
    HELPS,
    ILLNESS,
    ILLNESS_BETTER,
    OF_PSA,
    ORDINARY,
    PAIN,
    PSA,
    PSA_BETTER,
    PSA_REASON,
    STANDING,
    STRICTER,
    TREATS,
    Rule,
)

# What people write in their own words; of parts of lists, the name of the list is the field.
FIELDS = ("business", "text", "further_methods", "access_note", "availability_note")
PARTS = (("modalities", "school"), ("prices", "label"))


@dataclass(frozen=True)
class Hint:
    """A phrase to look at again: where it stands in its field, why, what to write instead, and whose rule it is."""

    field: str
    phrase: str
    start: int
    end: int
    reason: Message
    better: Message
    source: str

    @property
    def guidance(self) -> Guidance | None:
        """The record that gives the reason, with its sources; None where an operator took it out."""
        return guide.find(self.source)


def hints(shown: Mapping[str, Any]) -> list[Hint]:
    """What to look at again in these answers, field by field, in the order of the text.

    A phrase that its sentence denies is no matter, and neither is a word that is part of the practitioner's own name.
    """
    own = set(Folded(" ".join([shown.get("name") or "", *(shown.get("other_names") or ())])).text.split())
    found: list[Hint] = []
    for field, written in _texts(shown):
        # One field may hold several texts; the place is that within its own.
        found += _in_text(field, written, own if field == "business" else set(), shown.get("country") or "")
    return found


def tells_of_health(written: str) -> bool:
    """Whether somebody seems to tell something about their health, in English. Generous: they are asked, and can say
    that it is none.
    """
    return bool(_of_health().search(Folded(written).text))


def _texts(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in FIELDS:
        if shown.get(field):
            yield field, shown[field]
    for field, key in PARTS:
        for part in shown.get(field) or ():
            if part.get(key):
                yield field, part[key]


def _in_text(field: str, written: str, own: set[str], country: str) -> list[Hint]:
    folded = Folded(written)
    found = [*_matches(folded, OF_PSA), *_bodies_in(written, folded)]
    found += _matches(folded, (*_of_concerns(), *STANDING))
    meant = [
        (start, end, rule)
        for start, end, rule in found
        if not folded.denies(start, end) and not own & set(folded.text[start:end].split())
    ]
    kept = [meant[number] for number in phrases.without_overlaps((start, end) for start, end, _ in meant)]
    made = []
    for start, end, rule in sorted(kept, key=lambda one: one[:2]):
        first, last = folded.span(start, end)
        source = STRICTER.get(country, HEALTH) if rule.source == HEALTH else rule.source
        made.append(Hint(field, written[first:last], first, last, Message(rule.reason), Message(rule.better), source))
    return made


_Found = tuple[int, int, Rule]


def _matches(folded: Folded, rules: Iterable[Rule]) -> Iterator[_Found]:
    return ((*match.span(), rule) for rule in rules for match in rule.pattern.finditer(folded.text))


# ---------- what the reference data adds ----------


@copies.of_facts
def _of_concerns() -> tuple[Rule, ...]:
    """Treating what people come with, and helping with what is an illness."""
    everything = {*DISEASES, *(term for one in concerns.list_all() for term in one.terms)}
    medical = {
        term for one in concerns.list_all() if one.claim_status is ClaimStatus.MEDICAL for term in one.terms
    } | set(DISEASES)
    named = words_of(one for one in everything if Folded(one).text not in ORDINARY)
    ills = words_of(one for one in medical if Folded(one).text not in ORDINARY)
    avoided = words_of(words for one in concerns.list_all() for words in one.avoid_wording if " " in words)
    return (
        Rule(whole(rf"{TREATS} {BETWEEN}{{0,5}}?(?:{named}|{PAIN})"), ILLNESS, ILLNESS_BETTER, HEALTH),
        Rule(whole(rf"{HELPS} {BETWEEN}{{0,4}}?(?:{ills})"), ILLNESS, ILLNESS_BETTER, HEALTH),
        Rule(whole(avoided), CURE, CURE_BETTER, HEALTH),
    )  # fmt: skip


# What people come with who come with nothing.
_NO_COMPLAINT = "wellbeing"
# Names of concerns that are as often about something else.
_EVERYDAY = frozenset({"posture", "tension", "slouching", "ergonomics", "knots"})


@copies.of_facts
def _of_health() -> re.Pattern[str]:
    terms = {term for one in concerns.list_all() if one.id != _NO_COMPLAINT for term in one.terms}
    names = words_of(one for one in {*DISEASES, *terms} if Folded(one).text not in _EVERYDAY)
    return whole(f"(?:{names})s?|{COMPLAINTS}")


_BODY_RULE = Rule(re.compile(r"(?!)"), BODY, BODY_BETTER, ENDORSEMENT)
_PSA_RULE = Rule(re.compile(r"(?!)"), PSA_REASON, PSA_BETTER, PSA)
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)|®")
# Letters that are a word, a month or a place, too.
_AMBIGUOUS = frozenset({"MT", "MAR", "COS", "VIS", "BIG", "STO"})
_SHORTEST_NAME = 8


def _bodies_in(written: str, folded: Folded) -> Iterator[_Found]:
    names, letters = _of_bodies()
    for match in names.finditer(folded.text):
        yield (*match.span(), _PSA_RULE if match[0].startswith("professional standards") else _BODY_RULE)
    for match in letters.finditer(written):
        rule = _PSA_RULE if match[0] == "PSA" else _BODY_RULE
        yield folded.place(match.start()), folded.place(match.end()), rule


@copies.of_facts
def _of_bodies() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds the names of bodies in a folded text, and their letters in a text as it was written."""
    known = bodies.list_all()
    names = {name for body in known for name in _names_of(body) if len(name) >= _SHORTEST_NAME}
    letters = {one for body in known for one in _letters_of(body) if sum(map(str.isupper, one)) > 1}
    ordered = sorted(letters - _AMBIGUOUS, key=lambda one: (-len(one), one))
    return whole(words_of(names)), whole("|".join(map(re.escape, ordered)) or r"(?!)")


def _names_of(body: Body) -> Iterator[str]:
    for name in (body.name, *body.aliases, *body.former_names):
        yield from (part.strip() for part in _IN_BRACKETS.sub("", name).split(" / "))


def _letters_of(body: Body) -> Iterator[str]:
    given = (body.abbreviation, *(one.get("letters") or "" for one in body.letters))
    for letters in given:
        one = _IN_BRACKETS.sub("", letters).strip()
        if len(one) > 2 and len(one) < 20 and not one.endswith(("licence", "boards")):
            yield one
