"""Hints for whoever moderates a note or a reply: phrases to look at again, each with the published reason that it may
come under. Never a decision: what stands in a text is for a person to judge.

What the work is said to have done is found by the rules for listings (services/wording); the rest is for notes alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from directory.lib import contacts, phrases
from directory.lib.phrases import Folded, whole, words_of
from directory.models import ClaimStatus, Practitioner
from directory.services import concerns, copies, wording
from directory.services.recommendations.reasons import REASONS, Reason
from directory.services.wording.rules import (
    DISEASES,
    DUTY,
    ENDORSEMENT,
    HEALTH,
    ORDINARY,
    PSA,
    STRICTER,
    TERMS,
)


@dataclass(frozen=True)
class NoteHint:
    """A phrase to look at again: where it stands, and the key of the reason that it may come under."""

    key: str
    phrase: str
    start: int
    end: int

    @property
    def reason(self) -> Reason:
        return REASONS[self.key]


@dataclass(frozen=True)
class Piece:
    """A part of a text, with the hint that is about it, if any."""

    text: str
    hint: NoteHint | None


_KIN = (
    r"(?:mothers?|mums?|moms?|fathers?|dads?|parents?|daughters?|sons?|child(?:ren)?|kids?|baby|wife|husband|partner"
    r"|(?:girl|boy)friend|sisters?|brothers?|aunt(?:ie)?|uncle|niece|nephew|cousins?|ex"
    r"|grand(?:mother|father|ma|pa|son|daughter|child))"
)
_CARE = r"(?:medicines?|medication|tablets|pills|painkillers?|insulin|inhaler|anti[\s-]?depressants?|chemo(?:therapy)?)"
_DOCTORS = r"(?:doctors?|gps?|hospitals?|surgeons?|surgery|operations?|physios?|physiotherapists?)"
_STANDING = r"(?:qualified|trained|insured|registered|accredited|certified|certificated|licen[sc]ed)"
_PAPERS = r"(?:qualifications?|training|insurance|certificates?|diplomas?|licen[cs]es?)"
_FEW = r"(?:\w+ ){0,3}?"

# By the key of the reason. What comes first wins where two are about the same words.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "safety",
        whole(
            rf"(?:come|came|coming|get|got|getting|give|gave|throw|threw) {_FEW}(?:off |up |away ){_FEW}{_CARE}"
            rf"|(?:stop(?:ped)?|no|not|never|don't|didn't|won't|without) {_FEW}(?:{_CARE}|{_DOCTORS})"
            rf"|(?:instead of|rather than|better than) {_FEW}(?:{_CARE}|{_DOCTORS})"
        ),
    ),
    (
        "accusation",
        whole(
            r"fraud(?:ster|ulent)?|scam(?:mer|med)?|con (?:man|artist)|conned|charlatans?|quacks?|crooks?|thie(?:f|ves)"
            r"|st(?:ole|olen|eals?|ealing)|assault(?:ed|s)?|abus(?:e|ed|es|er|ive)|molest\w*|harass\w*|grop(?:e|ed|ing)"
            r"|rap(?:e|ed|ist)|criminals?|illegal(?:ly)?|liar|lied|drunk|(?:touched|kissed) me|inappropriate(?:ly)?"
            r"|misconduct"
        ),
    ),
    (
        "qualification",
        whole(
            rf"(?:not|never|isn't|aren't|wasn't|hardly) {_FEW}{_STANDING}|(?:un|non-?){_STANDING}"
            rf"|(?:no|without|fake|false|forged|invented) {_FEW}{_PAPERS}"
            rf"|(?:fully |well |highly |properly |very )?{_STANDING}"
            rf"|(?:recommended|approved|endorsed) by {_FEW}(?:nhs|gps?|doctors?|hospital|government|council)"
        ),
    ),
    (
        "private-life",
        whole(
            rf"(?:my|our|his|her|their) (?:\w+ )?{_KIN}(?:'s)?|(?:aged?|at the age of) \d{{1,3}}"
            r"|\d{1,3}[\s-]year[\s-]olds?|born (?:on|in) (?:\w+ )?\d{2,4}"
            r"|divorc(?:e|ed|ing)|affair|pregnan(?:t|cy)|miscarriage|in prison|bankrupt\w*|(?:his|her|their) house"
            r"|\d{1,4}[a-z]? (?:[a-z]+ ){1,3}(?:street|road|lane|avenue|close|drive|terrace|gardens|crescent|square)"
            r"|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}"
        ),
    ),
    (
        "contact-details",
        whole(
            r"(?:call|text|ring|phone|message|dm|e-?mail|contact|whatsapp) (?:me|her|him|them|us)"
            r"|(?:on|via|by|her|his|their|my) (?:whatsapp|instagram|insta|facebook|tiktok|telegram)"
        ),
    ),
    (
        "reward",
        whole(
            r"(?:free|half[\s-]price|discounted|cheaper) (?:\w+ )?(?:sessions?|treatments?|massages?)|discounts?"
            r"|vouchers?|in (?:return|exchange) for|money off|paid me|gift(?:ed)?"
        ),
    ),
    ("own-side", whole(r"(?:my|our) (?:own )?(?:clients?|patients?|practice|clinic|website|customers?|bookings?)")),
    (
        "insult",
        whole(
            r"idiots?|stupid|moron\w*|disgusting|pathetic|scum|bitch\w*|bastard\w*|fuck\w*|shit\w*|arse\w*|wank\w*|crap"
            r"|i(?: will|'ll) (?:find|get|ruin|report) (?:you|her|him|them)"
        ),
    ),
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Sister|Nurse)\.? [A-Z]\w+")
# What the rules for listings are about, in the words for notes. What clients say is no matter here.
_OF_LISTINGS = {
    **dict.fromkeys((HEALTH, *STRICTER.values()), "outcome"),
    **dict.fromkeys((ENDORSEMENT, PSA, TERMS), "qualification"),
    DUTY: "others",
}


def hints(text: str, listing: Practitioner) -> list[NoteHint]:
    """What to look at again in a note about `listing`, or in a reply to one, in the order of the text."""
    folded = Folded(text)
    found: list[tuple[int, int, str]] = []
    for key, pattern in _RULES:
        found += ((*folded.span(*one.span()), key) for one in pattern.finditer(folded.text))
        if key == "private-life":
            found += ((*one.span(), key) for one in _TITLED.finditer(text) if one[0].split()[-1] not in listing.name)
        if key == "contact-details":
            found += ((start, end, key) for start, end in contacts.places(text))
    found += _of_wording(text, listing)
    found += ((*folded.span(*one.span()), "illness") for one in _illnesses().finditer(folded.text))
    kept = [found[number] for number in phrases.without_overlaps((start, end) for start, end, _ in found)]
    return [NoteHint(key, text[start:end], start, end) for start, end, key in sorted(kept)]


def in_pieces(text: str, found: list[NoteHint]) -> list[Piece]:
    """The text in parts, so that a page can mark what the hints are about."""
    pieces, place = [], 0
    for hint in found:
        pieces += [Piece(text[place : hint.start], None), Piece(text[hint.start : hint.end], hint)]
        place = hint.end
    return [piece for piece in (*pieces, Piece(text[place:], None)) if piece.text]


def _of_wording(text: str, listing: Practitioner) -> Iterator[tuple[int, int, str]]:
    for hint in wording.hints({"text": text, "name": listing.name, "country": listing.country}):
        if hint.source in _OF_LISTINGS:
            yield hint.start, hint.end, _OF_LISTINGS[hint.source]


@copies.of_facts
def _illnesses() -> re.Pattern[str]:
    """What finds the name of an illness: those of the rules for listings, and what needs a doctor in the guide."""
    medical = {term for one in concerns.list_all() if one.claim_status is ClaimStatus.MEDICAL for term in one.terms}
    return whole(words_of(one for one in {*DISEASES, *medical} if Folded(one).text not in ORDINARY))
