"""Membership numbers of a whole column, as they are compared."""

from directory.models.claims import number_key
from directory.services.register_imports.cleaning import BETWEEN, split

_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum() and chr(code) != BETWEEN}
# Folding reads Mc and Mac, and cuts words, which the quick way does not.
_LONGEST = 40


def number_keys(column: str, count: int) -> list[str]:
    """models/claims.number_key of each value."""
    if not column.isascii():
        return [number_key(value) for value in split(column, count)]
    small = column.lower()
    keys = split(small.translate(_NO_LETTERS), count)
    values = split(column, count)
    if "m" in small or max(map(len, values), default=0) > _LONGEST:
        for position, value in enumerate(values):
            if "m" in keys[position] or len(value) > _LONGEST:
                keys[position] = number_key(value)
    return keys
