"""Reads lengths of time as people write them: `60 mins`, `1h30`, `an hour and a half`."""

import re

SHORTEST, LONGEST = 5, 600

# What a bare number beside a price is likely to be.
USUAL = frozenset({"15", "20", "30", "40", "45", "50", "55", "60", "70", "75", "80", "90", "105", "120", "150", "180"})

_HOUR = r"(?:hours?|hrs?|h|stunden?|std|heures?)(?![a-z])\.?"
_MINUTE = r"(?:minutes?|minuten|mins?|m|')(?![a-z])\.?"
_LENGTH = re.compile(
    rf"(?P<half>half\s+an\s+{_HOUR}|(?:½|1/2)\s*(?:an\s+)?{_HOUR})"
    rf"|(?P<more>(?:one|an|a|1)\s*{_HOUR}\s+and\s+a\s+half|(?:1½|1\s1/2|one and a half)\s*-?{_HOUR})"
    rf"|(?P<hours>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s*-?{_HOUR}(?:(?P<joined>\d\d)(?!\d)|\s*(?:and\s+)?(?P<minutes>\d{{1,2}})\s*{_MINUTE})?"
    rf"|(?P<list>(?<![£€$¥\d.,])\d{{1,3}}(?:\s*(?:/|or|and|&|,)\s*\d{{1,3}})*)\s*-?{_MINUTE}"
    rf"|(?P<one>(?:/|\b(?:per|an|a|one|p/)|p/|\bp)\s*{_HOUR})"
)


def find(text: str) -> tuple[list[int], str]:
    """The lengths in a lower-case `text`, in minutes, and the text without them."""
    lengths: list[int] = []

    def take(found: re.Match[str]) -> str:
        minutes = _minutes(found)
        if not all(SHORTEST <= length <= LONGEST for length in minutes):
            return found[0]
        lengths.extend(minutes)
        return " "

    return lengths, _LENGTH.sub(take, text)


def _minutes(found: re.Match[str]) -> list[int]:
    if found["half"]:
        return [30]
    if found["more"]:
        return [90]
    if found["one"]:
        return [60]
    if found["list"]:
        return [int(number) for number in re.findall(r"\d+", found["list"])]
    hours = float(found["hours"].replace(",", "."))
    return [round(hours * 60) + int(found["joined"] or found["minutes"] or 0)]


def parse(text: str) -> list[int]:
    """The lengths that a cell of lengths says, in minutes; bare numbers are minutes."""
    lengths, rest = find(text.casefold())
    bare = [int(number) for number in re.findall(r"(?<![\d.,])\d{1,3}(?![\d.,])", rest)]
    return [*lengths, *(number for number in bare if SHORTEST <= number <= LONGEST)]
