"""What the words of a spreadsheet choose: yes or no, kinds of visit, access, gender, pressure, availability."""

import re
from functools import lru_cache
from typing import TypeVar

from directory.lib.folding import plain
from directory.models import Accepting, Access, Gender, Pressure, Visit

_Choice = TypeVar("_Choice", Visit, Access, Accepting, Pressure)

_YES = frozenset(["yes", "y", "true", "t", "1", "x", "ja", "oui", "ok", "available", "full", "fully", "yep", "si"])
_NO = frozenset(["no", "n", "false", "f", "0", "nein", "non", "not", "none", "never"])

_GENDERS = {
    Gender.WOMAN: "f female woman w women lady frau femme weiblich féminin",
    Gender.MAN: "m male man men gentleman mann homme männlich masculin",
    Gender.NON_BINARY: "nb nonbinary non-binary enby x divers genderqueer agender",
}
_GENDER_OF = {plain(word): gender for gender, words in _GENDERS.items() for word in words.split()}
_GENDER_OF |= {f"{kind} {plain(word)}": found for kind in ("cis", "trans") for word, found in list(_GENDER_OF.items())}
_GENDER_OF["non binary"] = Gender.NON_BINARY
NOT_SAID = frozenset({"prefer not to say", "not stated", "not said", "rather not say", "k a", "private", "other"})

_VISITS = (
    (
        Visit.THEIRS,
        (
            r"clinics?|studios?|practices?|their (?:place|home|clinic)|my (?:place|home|clinic|studio)"
            r"|treatment room|therapy room|in person|face to face|salon|cent(?:re|er)|practitioners? (?:place|home)"
            r"|from home|praxis|cabinet|spa|on premises|theirs"
        ),
    ),
    (
        Visit.YOURS,
        (
            r"home visits?|mobile|house ?calls?|(?:your|clients?|patients?) (?:place|home|house|office)"
            r"|out ?calls?|hausbesuche?|domicile|travels?|workplaces?|offices?|on ?site|visits? (?:you|clients|homes?)"
            r"|visiting|yours"
        ),
    ),
    (Visit.ONLINE, r"online|zoom|remote|remotely|video|skype|virtual|virtually|by phone|distance|en ligne"),
)
_ACCESS = (
    (
        Access.STEP_FREE,
        (
            r"step ?free|no steps?|no stairs|wheel ?chairs?|level access|ground floor|ramps?|lift"
            r"|disabled access|accessible|barrierefrei"
        ),
    ),
    (Access.HEARING, r"hearing|loop|induction loop|lip ?reading|deaf|bsl"),
    (Access.SIGHT, r"sight|blind|visually impaired|visual impairments?|guide dogs?|partially sighted|assistance dogs?"),
    (
        Access.NEURODIVERGENT,
        r"neuro ?divergent|neuro ?divers\w+|autis\w+|adhd|sensory|nd friendly|asd",
    ),
    (Access.SCENT_FREE, r"scent ?free|fragrance ?free|no scents?|perfume ?free|unscented"),
    (Access.CHAIR, r"(?<!wheel )chair|seated|on a chair"),
    (Access.FUTON, r"futons?|mats?|on the floor"),
)
_ACCEPTING = (
    (Accepting.WAITING_LIST, r"waiting|wait ?list|waitlist|warteliste|liste d attente"),
    (
        Accepting.NO,
        (
            r"no|not|closed|full|fully booked|false|n|0|nein|non|on hold|paused|retired|maternity leave"
            r"|sabbatical|ausgebucht|complet"
        ),
    ),
    (Accepting.YES, r"yes|y|open|true|1|available|taking|accepting|accepts|welcome|ja|oui|active|current|x|spaces"),
)
_PRESSURES = (
    (Pressure.LIGHT, r"light|lighter|gentle|soft|subtle|leicht|sanft|leger|doux|1"),
    (Pressure.MEDIUM, r"medium|moderate|mid|middle|average|mittel|moyen|2"),
    (Pressure.FIRM, r"firm|firmer|strong|deep|hard|heavy|fest|stark|forte?|3"),
    (Pressure.VIGOROUS, r"vigorous|very (?:firm|strong|deep|hard)|intense|kraftig|4"),
)
_ANY_PRESSURE = re.compile(r"\b(?:any|all|varies|variable|adapted|adapts|adjustable|to suit|full range)\b")
_NEGATED = re.compile(
    r"\b(?:no|not|non|without|dont|do not|cannot|never)\s+(?:\w+\s+){0,2}?"
    r"(?=home|mobile|online|zoom|travel|visit)(?:home visits?|\w+)"
)
_DENIED_ACCESS = re.compile(
    r"\b(?:not|without|sorry|unfortunately|steps? (?:up|to)|stairs to|upstairs|first floor"
    r"|no (?!steps?\b(?! free)|stairs\b|scents?\b))"
)
_MILES = re.compile(r"(\d{1,3})\s*-?\s*(miles?|mi|km|kms|kilomet\w+)\b")


def _compiled(patterns: tuple[tuple[_Choice, str], ...]) -> tuple[tuple[_Choice, re.Pattern[str]], ...]:
    return tuple((value, re.compile(rf"\b(?:{pattern})\b")) for value, pattern in patterns)


VISITS = _compiled(_VISITS)
ACCESS = _compiled(_ACCESS)
ACCEPTING = _compiled(_ACCEPTING)
PRESSURES = _compiled(_PRESSURES)


@lru_cache(maxsize=5_000)
def yes(text: str) -> bool | None:
    """Yes or no by the first word; None where it is neither."""
    if text in {"✓", "✔", "☑"}:
        return True
    words = plain(text).split()
    if not words:
        return None
    return True if words[0] in _YES else False if words[0] in _NO else None


@lru_cache(maxsize=5_000)
def is_not_said(text: str) -> bool:
    """Whether somebody would rather not say."""
    return plain(text) in NOT_SAID


@lru_cache(maxsize=5_000)
def gender(text: str) -> Gender | None:
    """By a word or a letter."""
    return _GENDER_OF.get(plain(text))


@lru_cache(maxsize=20_000)
def visits(text: str) -> tuple[Visit, ...]:
    """Every kind of visit that is said, and not denied."""
    folded = _NEGATED.sub(" ", plain(text))
    return tuple(visit for visit, pattern in VISITS if pattern.search(folded))


@lru_cache(maxsize=20_000)
def travels_km(text: str) -> int | None:
    """How far somebody travels, if it is said."""
    found = _MILES.search(text.casefold())
    if not found:
        return None
    return round(int(found[1]) * (1.609344 if found[2].startswith("mi") else 1)) or None


@lru_cache(maxsize=20_000)
def access(text: str) -> tuple[Access, ...]:
    """Every kind of access that is said. A text that denies anything says nothing here: it is kept as a note."""
    folded = plain(text)
    if _DENIED_ACCESS.search(folded):
        return ()
    return tuple(kind for kind, pattern in ACCESS if pattern.search(folded))


@lru_cache(maxsize=5_000)
def accepting(text: str) -> Accepting | None:
    """Whether somebody takes clients."""
    folded = plain(text)
    return next((value for value, pattern in ACCEPTING if pattern.search(folded)), None)


@lru_cache(maxsize=5_000)
def pressure(text: str) -> tuple[int, int] | None:
    """From and to, 1 to 4."""
    folded = plain(text)
    if _ANY_PRESSURE.search(folded):
        return 1, len(Pressure)
    if re.search(r"\bvery (?:firm|strong|deep|hard)\b", folded):
        folded = re.sub(r"\bvery (?:firm|strong|deep|hard)\b", "vigorous", folded)
    degrees = [value.degree for value, pattern in PRESSURES if pattern.search(folded)]
    return (min(degrees), max(degrees)) if degrees else None
