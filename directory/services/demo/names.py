"""Names of invented people."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple, TypeVar

from directory.lib.folding import plain
from directory.models import Gender
from directory.services.demo.sources import Deck, Origin, Sources, Tokens, fold

T = TypeVar("T")

# In these shares of people, somebody ...
MIXED = 0.13  # has a given and a family name of different origins
DOUBLE = 0.035  # has two family names, with a hyphen
FORMER = {Gender.WOMAN: 0.1}  # had another family name
FORMER_OF_OTHERS = 0.02
FORMER_SHOWN = 0.25
SHORT = 0.3  # is also known by a short name
WRITTEN = 0.7  # gives the name in the writing of its language, too
OWN_BUSINESS_NAME = 0.45


class Name(NamedTuple):
    """A name, its key and tokens, and what else the person is or was called (with whether it is shown)."""

    text: str
    key: str
    given: str
    family: str
    tokens: Tokens
    others: tuple[tuple[str, bool], ...]

    @property
    def slug(self) -> str:
        return self.key.replace(" ", "-")


def pick(things: Sequence[T], chance: Random) -> T:
    """One of `things`. Three times as fast as Random.choice."""
    return things[int(chance.random() * len(things))]


def draw(sources: Sources, origins: Deck[Origin], origin: Origin, gender: str, chance: Random) -> Name:
    """A name for somebody of that origin and gender."""
    luck = chance.random
    as_man = gender == Gender.MAN or (gender != Gender.WOMAN and luck() < 0.4)
    given = pick(origin.men if as_man else origin.women, chance)
    is_mixed = luck() < MIXED
    families = origins.draw(luck()) if is_mixed else origin
    family = _family(families, chance, as_man=as_man)
    if luck() < DOUBLE:
        family = f"{family}-{_family(families, chance, as_man=as_man)}"
    others: list[tuple[str, bool]] = []
    if given in sources.short_names and luck() < SHORT:
        others.append((f"{sources.short_names[given]} {family}", True))
    if luck() < FORMER.get(Gender(gender) if gender else Gender.MAN, FORMER_OF_OTHERS):
        others.append((f"{given} {_family(origin, chance, as_man=as_man)}", luck() < FORMER_SHOWN))
    written = sources.written["given"].get(given), sources.written["families"].get(family)
    if all(written) and luck() < WRITTEN:
        others.append((f"{written[1]} {written[0]}", True))
    text = f"{given} {family}"
    first, last = sources.pieces[given], sources.pieces[family]
    if first.is_plain and last.is_plain:
        return Name(text, f"{first.key} {last.key}", given, family, first.tokens | last.tokens, tuple(others))
    return Name(text, plain(text), given, family, fold(text), tuple(others))


def _family(origin: Origin, chance: Random, *, as_man: bool) -> str:
    family = pick(origin.families, chance)
    if as_man:
        for hers, his in origin.men_end:
            if family.endswith(hers):
                return family.removesuffix(hers) + his
    return family


def draw_business(sources: Sources, name: Name, chance: Random) -> tuple[str, Tokens]:
    """The name of a practice, with its tokens: of its owner, or one that nobody else has."""
    if chance.random() < OWN_BUSINESS_NAME:
        text = pick(sources.words["business_of_one"], chance).format(given=name.given, family=name.family)
        return text, fold(text)
    stem, kind = pick(sources.words["business_stems"], chance), pick(sources.words["business_kinds"], chance)
    text = f"{stem} {kind}"
    return text, sources.pieces.together((stem, kind), text)
