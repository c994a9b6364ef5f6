"""Reads British postcodes and Irish Eircodes, whole or in part, in any spacing and case.

Shapes: BS 7666 as the Royal Mail describes it for the UK and the islands; the routing key and the identifier of
https://www.eircode.ie for Ireland. Only the outward half, or the routing key, is of interest.
"""

import re
from collections.abc import Container, Iterator
from itertools import product
from typing import NamedTuple

_UK = re.compile(r"(?P<out>[A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]{2}")
_UK_OUT = re.compile(r"(?P<out>[A-Z]{1,2}\d[A-Z\d]?)")
_UK_SECTOR = re.compile(r"\s*([A-Z]{1,2}\d[A-Z\d]?)\s+\d\s*", re.IGNORECASE)
_EIRCODE = re.compile(r"(?P<out>[A-Z]\d\d|D6W)[\dA-Z]{4}")
_ROUTING_KEY = re.compile(r"(?P<out>[A-Z]\d\d|D6W)")
_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
LOOK_ALIKE = {"O": "0", "0": "O", "I": "1", "1": "I", "L": "1"}
LONGEST = 8

# At the end of "Brighton BN1 4GH" or "Brighton, BN1".
_AT_THE_END = re.compile(
    r"[,\s]+([A-Z]{1,2}\d[A-Z\d]?(?:\s*\d[A-Z]{2})?|(?:[A-Z]\d\d|D6W)\s*[\dA-Z]{4})\s*$", re.IGNORECASE
)


class Postcode(NamedTuple):
    """`area` is the outward postcode or the routing key; `is_irish` where only the shape of an Eircode fits."""

    area: str
    is_irish: bool
    is_whole: bool


def parse(text: str, known: Container[str]) -> tuple[list[Postcode], bool]:
    """The postcodes that `text` can be, by shape, and whether letters and digits had to be exchanged for it.

    O and 0, I and 1 are exchanged only where nothing known comes out otherwise, and one known area does.
    """
    sector = _UK_SECTOR.fullmatch(text)  # "BN1 4" is BN1 and the sector 4; without the space it is BN14.
    compact = _SEPARATORS.sub("", sector[1] if sector else text).upper()
    if not 2 <= len(compact) <= LONGEST:
        return [], False
    plain = list(_shapes(compact))
    if any(found.area in known for found in plain):
        return [found for found in plain if found.area in known], False
    positions = [n for n, character in enumerate(compact) if character in LOOK_ALIKE]
    corrected: dict[Postcode, None] = {}
    for choice in product((False, True), repeat=min(len(positions), 5)):
        letters = list(compact)
        for position, exchange in zip(positions, choice, strict=False):
            if exchange:
                letters[position] = LOOK_ALIKE[letters[position]]
        corrected.update(dict.fromkeys(found for found in _shapes("".join(letters)) if found.area in known))
    if len({found.area for found in corrected}) == 1:
        return list(corrected), True
    return plain, False


def _shapes(compact: str) -> Iterator[Postcode]:
    for pattern, is_irish, is_whole in (
        (_UK, False, True),
        (_EIRCODE, True, True),
        (_ROUTING_KEY, True, False),
        (_UK_OUT, False, False),
    ):
        found = pattern.fullmatch(compact)
        if found:
            yield Postcode(found["out"], is_irish, is_whole)


def split_from(text: str) -> tuple[str, str]:
    """`Brighton BN1 4GH` as `Brighton` and `BN1 4GH`; the second is "" where there is none."""
    found = _AT_THE_END.search(text)
    return (text[: found.start()].strip(" ,"), found[1]) if found else (text, "")
