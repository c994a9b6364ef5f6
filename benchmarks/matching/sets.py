"""Registers of invented people, and sets of people to look for in them, with the truth about each.

Nothing here knows how anything is matched. The rules:

Register. Every line has a name of a given and a family name, a number that no other line has, and a town. One in ten
has a middle name or initial, one in thirty a hyphenated family name, one in fifty a small word (van der Berg), one in
fifty begins with Mc or O', one in fifty is a name that is written in several ways, one in forty has a former name
behind "née", one in twenty is written with the family name first, one in twenty in capitals.

Compatible (`compatible`). The person of a line, asked for with the right number, in one of the ways of `WAYS`: the
name as it is; in other capitals; without accents; with a title; with letters behind; with initials; family name
first, with a comma or without; a short form of the given name; with a second family name, or without theirs; with the
former name; in another spelling or script; the number in small letters or with spaces; Mc and Mac, O' and O; the
small word joined.

Misleading (`misleading`). Somebody who is not that person, or hides something, in one of the ways of `TRICKS`: the
same name in another town with no number, or with one that nobody has; parent and child, of another given name, with
the number of the other, in the same town; the right name with the number off by one digit, or with two digits
exchanged; a name with the number of somebody else; the right name and number with a letter that only looks like the
right one, with a character that cannot be seen, or with digits of another script. The truth is that none of them may
be called a match.

A list to look through (`looked_through`). Of ten people seven are of the register, four of them as the register
writes them and three in one of `WAYS`; three are nobody's: names made of the same tables, with numbers that nobody
has.

The given names of parent and child do not begin alike, and neither is known to be short for the other.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from benchmarks.matching import pools

TITLES = ("Mr", "Mrs", "Ms", "Dr", "Miss")
LETTERS = ("MRSS", "MFHT", "BSc (Hons)", "MBAcC", "Dip Shiatsu", "RN")
LOOK_ALIKE = str.maketrans("aceiopxyABEHKMOPTX", "асеіорхуАВЕНКМОРТХ")
LATIN_LOOK_ALIKE = str.maketrans("aglI", "ɑɡIl")
UNSEEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u202e", "\u180e")
DIGITS = ("٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")


@dataclass(frozen=True)
class Line:
    """Somebody on the register: as the register writes the name, and what it is made of."""

    key: int
    name: str
    number: str
    town: str
    given: str
    middle: str
    family: str
    former: str
    spellings: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def plain_name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True)
class Asked:
    """Somebody who is looked for. `key` is the line that is theirs; None: no line may be called a match."""

    way: str
    name: str
    number: str
    town: str
    key: int | None


@cache
def register(size: int, seed: int = 1) -> tuple[Line, ...]:
    """A register of so many people."""
    source = random.Random(seed)
    numbers = source.sample(range(10**6, 10**7), size)
    return tuple(_line(source, key, number) for key, number in enumerate(numbers))


def _line(source: random.Random, key: int, number: int) -> Line:
    women, men = pools.given_names()
    given, family, middle, former = (
        source.choice(source.choice((women, men))),
        source.choice(pools.family_names()),
        "",
        "",
    )
    spellings: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    kind = source.random()
    if kind < 0.033:
        family = f"{family}-{source.choice(pools.family_names())}"
    elif kind < 0.053:
        family = f"{source.choice(pools.PARTICLES)} {family}"
    elif kind < 0.073:
        family = source.choice([f"Mc{name}" for name in pools.MAC] + [f"O'{name}" for name in pools.IRISH])
    elif kind < 0.093:
        spellings = (source.choice(pools.GIVEN_ABROAD), source.choice(pools.FAMILY_ABROAD))
        given, family = _in_one_script(source, spellings)
    elif kind < 0.118:
        former = source.choice(pools.family_names())
    if source.random() < 0.1 and not spellings[0]:
        middle = source.choice((source.choice(women), source.choice("ABCDEFGHJKLMNPRSTW") + "."))
    name = " ".join(part for part in (given, middle, family) if part)
    style = source.random()
    if style < 0.05 and not former:
        name = f"{family}, {given} {middle}".strip()
    elif style < 0.1 and not former and family.isascii():
        name = name.upper()
    if former:
        name = f"{name} (née {former})"
    return Line(key, name, f"SH{number}", source.choice(pools.TOWNS), given, middle, family, former, spellings)


def _in_one_script(source: random.Random, spellings: Sequence[Sequence[str]]) -> tuple[str, str]:
    """A spelling of each. The two names of a person are written in one script."""
    given, family = (source.choice(one) for one in spellings)
    if _script(given) != _script(family):
        given, family = (source.choice([word for word in one if _script(word) == "LATIN"]) for one in spellings)
    return given, family


def _script(word: str) -> str:
    return unicodedata.name(word[0]).split()[0]


# ---------- compatible ----------

Way = Callable[[random.Random, Line], tuple[str, str] | None]


def compatible(lines: Sequence[Line], count: int, seed: int = 2) -> Iterator[Asked]:
    """So many people of the register, each in one of the ways, as many of each as can be."""
    source = random.Random(seed)
    for turn in range(count):
        way = list(WAYS)[turn % len(WAYS)]
        while True:
            line = source.choice(lines)
            made = WAYS[way](source, line)
            if made is not None:
                break
        yield Asked(way, *made, source.choice((line.town, "")), line.key)


def _name(change: Callable[[random.Random, Line], str | None]) -> Way:
    def way(source: random.Random, line: Line) -> tuple[str, str] | None:
        made = change(source, line)
        return None if made is None else (made, line.number)

    return way


def _number(change: Callable[[str], str]) -> Way:
    return lambda source, line: (line.plain_name, change(line.number))


def _without_accents(_source: random.Random, line: Line) -> str | None:
    table = str.maketrans("äöüéèñëåøłęóâßōūŁÅÖ", "aoueeneaoleoasouLAO")
    name = line.plain_name.translate(table).replace("ß", "ss")
    return name if name.isascii() and name != line.plain_name and "ß" not in line.plain_name else None


def _initials(source: random.Random, line: Line) -> str | None:
    first = line.given[0]
    second = line.middle[:1]
    return source.choice(
        (f"{first} {line.family}", f"{first}. {line.family}", f"{first}{'.' + second if second else '.'} {line.family}")
    )


def _short(source: random.Random, line: Line) -> str | None:
    short = pools.SHORT_FORMS.get(line.given)
    return f"{source.choice(short)} {line.family}" if short else None


def _second_name(source: random.Random, line: Line) -> str | None:
    if "-" in line.family:
        return f"{line.given} {source.choice(line.family.split('-'))}"
    return f"{line.given} {line.family}-{source.choice(pools.family_names())}" if " " not in line.family else None


def _former(source: random.Random, line: Line) -> str | None:
    return (
        source.choice((f"{line.given} {line.former}", f"{line.plain_name} née {line.former}")) if line.former else None
    )


def _spelled(source: random.Random, line: Line) -> str | None:
    if not line.spellings[0]:
        return None
    given, family = _in_one_script(source, line.spellings)
    return f"{given} {family}" if (given, family) != (line.given, line.family) else None


def _mac(source: random.Random, line: Line) -> str | None:
    for prefix, others in (("Mc", ("Mac", "Mac ", "Mc ")), ("O'", ("O’", "O ", "O"))):
        if line.family.startswith(prefix) and line.family[len(prefix) : len(prefix) + 1].isupper():
            return f"{line.given} {source.choice(others)}{line.family.removeprefix(prefix)}"
    return None


def _joined(_source: random.Random, line: Line) -> str | None:
    return f"{line.given} {line.family.replace(' ', '').title()}" if " " in line.family else None


WAYS: dict[str, Way] = {
    "as it is": _name(lambda source, line: line.name),
    "given and family name": _name(lambda source, line: line.plain_name),
    "in capitals": _name(lambda source, line: line.plain_name.upper()),
    "in small letters": _name(lambda source, line: line.plain_name.lower()),
    "without accents": _name(_without_accents),
    "with a title": _name(lambda source, line: f"{source.choice(TITLES)} {line.plain_name}"),
    "with letters": _name(lambda source, line: f"{line.plain_name} {source.choice(LETTERS)}"),
    "with initials": _name(_initials),
    "family name first": _name(lambda source, line: None if " " in line.family else f"{line.family} {line.given}"),
    "with a comma": _name(lambda source, line: f"{line.family}, {line.given}"),
    "short form": _name(_short),
    "second family name": _name(_second_name),
    "former name": _name(_former),
    "other spelling or script": _name(_spelled),
    "Mc and O'": _name(_mac),
    "small word joined": _name(_joined),
    "number in small letters": _number(str.lower),
    "number with spaces": _number(lambda number: f"{number[:2]} {number[2:5]} {number[5:]}"),
    "number with hyphens": _number(lambda number: f"{number[:2]}-{number[2:]}"),
}


# ---------- misleading ----------

Trick = Callable[[random.Random, Line, "_Others"], tuple[str, str, str] | None]


@dataclass(frozen=True)
class _Others:
    lines: Sequence[Line]
    numbers: frozenset[str]

    def any(self, source: random.Random) -> Line:
        return source.choice(self.lines)

    def no_number(self, source: random.Random) -> str:
        while (number := f"SH{source.randrange(10**6, 10**7)}") in self.numbers:
            pass
        return number


def misleading(lines: Sequence[Line], count: int, seed: int = 3) -> Iterator[Asked]:
    """So many who are not who they seem to be, as many of each kind."""
    source = random.Random(seed)
    others = _Others(lines, frozenset(line.number for line in lines))
    for turn in range(count):
        trick = list(TRICKS)[turn % len(TRICKS)]
        while True:
            made = TRICKS[trick](source, source.choice(lines), others)
            if made is not None:
                break
        yield Asked(trick, *made, None)


def _elsewhere(source: random.Random, line: Line) -> str:
    return source.choice([town for town in pools.TOWNS if town != line.town])


def _same_name(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str]:
    return line.plain_name, source.choice(("", others.no_number(source))), _elsewhere(source, line)


def _child(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str] | None:
    child = source.choice(source.choice(pools.given_names()))
    short = {one: name for name, forms in pools.SHORT_FORMS.items() for one in forms}
    roots = {short.get(name, name) for name in (child, line.given)}
    spelled = {child, child.lower()[:1], *pools.SHORT_FORMS.get(child, ())}
    if len(roots) < 2 or child[0] == line.given[0] or line.given in spelled or line.spellings[0]:
        return None
    return f"{child} {line.family}", line.number, line.town


def _off_by_one(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str]:
    place = source.randrange(2, len(line.number))
    digit = source.choice([digit for digit in "0123456789" if digit != line.number[place]])
    return line.plain_name, line.number[:place] + digit + line.number[place + 1 :], line.town


def _exchanged(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str] | None:
    place = source.randrange(2, len(line.number) - 1)
    one, other = line.number[place : place + 2]
    if one == other:
        return None
    return line.plain_name, line.number[:place] + other + one + line.number[place + 2 :], line.town


def _borrowed(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str] | None:
    other = others.any(source)
    if other.family == line.family or other.given[0] == line.given[0]:
        return None
    return line.plain_name, other.number, line.town


def _look_alike(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str] | None:
    table = source.choice((LOOK_ALIKE, LATIN_LOOK_ALIKE))
    kind = source.randrange(3)
    name = line.plain_name
    if not name.isascii():
        return None
    places = [place for place, letter in enumerate(name) if letter != letter.translate(table)]
    if not places:
        return None
    if kind == 0:
        made = name.translate(table)
    elif kind == 1:
        made = " ".join([name.split()[0], *(word.translate(table) for word in name.split()[1:])])
    else:
        place = source.choice(places)
        made = name[:place] + name[place].translate(table) + name[place + 1 :]
    return (made, line.number, line.town) if made != name else None


def _unseen(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str]:
    name, number = line.plain_name, line.number
    character = source.choice(UNSEEN)
    if source.random() < 0.5:
        place = source.randrange(1, len(name))
        return name[:place] + character + name[place:], number, line.town
    place = source.randrange(1, len(number))
    return name, number[:place] + character + number[place:], line.town


def _foreign_digits(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str]:
    table = str.maketrans("0123456789", source.choice(DIGITS))
    place = source.randrange(2, len(line.number))
    number = source.choice((line.number.translate(table), line.number[:place] + line.number[place:].translate(table)))
    return line.plain_name, number, line.town


def _digit_in_name(source: random.Random, line: Line, others: _Others) -> tuple[str, str, str] | None:
    made = line.plain_name.translate(source.choice((str.maketrans("o", "0"), str.maketrans("l", "1"))))
    return (made, line.number, line.town) if made != line.plain_name else None


TRICKS: dict[str, Trick] = {
    "same name in another town": _same_name,
    "parent and child": _child,
    "number off by one digit": _off_by_one,
    "two digits exchanged": _exchanged,
    "number of somebody else": _borrowed,
    "letters that look alike": _look_alike,
    "digits in the name": _digit_in_name,
    "characters that cannot be seen": _unseen,
    "digits of another script": _foreign_digits,
}


# ---------- lists ----------


def looked_through(lines: Sequence[Line], count: int, *, with_numbers: bool, seed: int = 4) -> list[Asked]:
    """A list of people as a clinic or an insurer would bring it, with numbers or without."""
    source = random.Random(seed)
    known = iter(list(compatible(lines, count * 3 // 10, seed)))
    others = _Others(lines, frozenset(line.number for line in lines))
    found = []
    for turn in range(count):
        kind, line = turn % 10, source.choice(lines)
        if kind < 4:
            asked = Asked("as it is", line.name, line.number, line.town, line.key)
        elif kind < 7:
            asked = next(known)
        else:
            name = f"{source.choice(source.choice(pools.given_names()))} {source.choice(pools.family_names())}"
            asked = Asked("nobody", name, others.no_number(source), line.town, None)
        found.append(asked if with_numbers else replace(asked, number=""))
    return found
