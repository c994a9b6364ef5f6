"""Reads prices as people write them: `£45`, `60 mins £50`, `£60/hr`, `sliding scale £30-£60`, `free`."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from price_parser import parse_price

from directory.lib import durations
from directory.lib.cells import Remark, remark
from directory.lib.words import N_

MINUTES = 60
MOST_PRICES = 10
MOST_UNITS = 3_000  # in a currency with cents; more is a slip of the keyboard, or the price of a course
LABEL_LENGTH = 60

# Currencies without a hundredth part.
WHOLE = frozenset({"JPY", "KRW"})

_SYMBOLS = {
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "pound": "GBP", "stg": "GBP", "quid": "GBP",
    "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR",
    "chf": "CHF", "sfr": "CHF", "fr": "CHF", "jpy": "JPY", "¥": "JPY", "yen": "JPY",
    "us$": "USD", "usd": "USD", "ca$": "CAD", "cad": "CAD", "c$": "CAD", "aud": "AUD", "a$": "AUD", "au$": "AUD",
    "nzd": "NZD", "nz$": "NZD", "$": "USD", "dollars": "USD",
    "dkk": "DKK", "sek": "SEK", "nok": "NOK", "pln": "PLN", "czk": "CZK", "huf": "HUF",
}  # fmt: skip
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD"})
_SYMBOL = "|".join(
    re.escape(symbol) + (r"(?![a-z])" if symbol[-1].isalpha() else "")
    for symbol in sorted(_SYMBOLS, key=len, reverse=True)
)
_AMOUNT = re.compile(
    rf"(?P<before>(?<![a-z])(?:{_SYMBOL}))?\s*(?P<number>\d{{1,3}}(?:[ '’]\d{{3}})+(?:[.,]\d\d)?(?!\d)|\d[\d.,]*)"
    rf"(?:\.?-(?=\s|$))?(?:\s*(?P<after>{_SYMBOL})(?!\d))?"
)
_MINUS = re.compile(r"\s*-[£€$]?\d")
_RANGE = re.compile(r"^\s*(?:-|–|—|to|bis|à|a|/|or|up to|and|\+)\s*$")
_REDUCED = re.compile(
    r"\b(?:conc\w*|reduced|low[\s-]+incomes?|low[\s-]+waged?|unwaged|students?|ermäßigt|réduit|hardship)\b"
)
# "Student rates available" does not say what they are.
_OFFERED = re.compile(r"\b(?:rates?|available|offered|possible|on request|by arrangement|places|please ask)\b")
_SLIDING = re.compile(r"\bsliding(?:\s+scale)?\b|\bscale\b")
_FROM = re.compile(r"\b(?:from|starting(?:\s+at)?|starts(?:\s+at)?|min|minimum|ab|à partir de|dès)\b|(?<=\d)\s*\+")
_FREE = re.compile(r"\b(?:free(?:\s+of\s+charge)?|gratis|kostenlos|gratuit|no charge)\b")
_NOISE = re.compile(
    r"\b(?:per|for|a|an|the|each|every|of|is|at|approx|about|only|just|pp|ph|price|costs?)\b"
    r"|[^\w\s&'’-]"
)
_NO_LABEL = frozenset({"session", "sessions", "treatment", "treatments", "person", "client"})
_BREAKS = re.compile(r"[;\n|•]+|,(?=\s)|,(?=[£€$])|(?<=[a-z])\s*,|\.\s+(?=[A-Za-z£€$])")

ASSUMED_MINUTES = N_("No length was said; %(minutes)s minutes was taken.")
GUESSED_MINUTES = N_("A number without a currency was taken for minutes.")
RANGE = N_("A range of prices was read as “from” its lower end.")
NO_AMOUNT = N_("No price was found here. It was left out.")
NOT_UNDERSTOOD = N_("This price was not understood. It was left out.")
TOO_MANY = N_("More than %(most)s prices; the others were left out.")


class Price(NamedTuple):
    """What a session costs, in the smallest coin of the currency."""

    label: str | None
    minutes: int
    amount_minor: int
    currency: str
    is_reduced: bool


class _NotAPrice(Exception):
    pass


@lru_cache(maxsize=20_000)
def parse(text: str, currency: str, minutes: int | None = None) -> tuple[tuple[Price, ...], tuple[Remark, ...]]:
    """Every price in `text`. `currency` and `minutes` stand for what is not said. Never raises."""
    prices: list[Price] = []
    remarks: list[Remark] = []
    for piece in _pieces(text):
        try:
            found, noticed = _parse_piece(piece, currency, minutes)
        except _NotAPrice:
            found, noticed = [], [NOT_UNDERSTOOD if any(map(str.isdigit, piece)) else NO_AMOUNT]
        prices += [price for price in found if price not in prices]
        understood = "; ".join(map(written, found))
        remarks += [remark(piece.strip(), understood, note, minutes=MINUTES) for note in noticed]
    if len(prices) > MOST_PRICES:
        remarks.append(remark(text, "; ".join(map(written, prices[:MOST_PRICES])), TOO_MANY, most=MOST_PRICES))
    return tuple(prices[:MOST_PRICES]), tuple(remarks)


def written(price: Price) -> str:
    """`60 min GBP 45.00`: what `parse` reads as the same price again."""
    digits = 0 if price.currency in WHOLE else 2
    amount = f"{Decimal(price.amount_minor).scaleb(-digits):.{digits}f}"
    label = f"{price.label} " if price.label else ""
    return f"{label}{price.minutes} min {price.currency} {amount}" + (" concession" if price.is_reduced else "")


def _pieces(text: str) -> list[str]:
    """The parts that each say a price. A part that says none belongs to the one before it."""
    pieces: list[str] = []
    for piece in filter(str.strip, _BREAKS.split(text)):
        if pieces and not _stands_alone(piece, pieces[-1]):
            pieces[-1] += " " + piece
        else:
            pieces.append(piece)
    return pieces


def _stands_alone(piece: str, before: str) -> bool:
    """Whether `piece` begins another price: `60 min £50, 90 min` does not, and `, student rates` does not."""
    if _says_price(piece):
        return _says_price(before)
    return _says_price(before) and _says_length(before) and any(map(str.isdigit, piece))


def _says_price(piece: str) -> bool:
    folded = piece.casefold()
    return bool(_FREE.search(folded) or _AMOUNT.search(durations.find(folded)[1]))


def _says_length(piece: str) -> bool:
    return bool(durations.find(piece.casefold())[0])


def _parse_piece(piece: str, currency: str, default: int | None) -> tuple[list[Price], list[str]]:
    folded = piece.casefold().replace("\u2212", "-").replace("\u00a0", " ")
    if _MINUS.match(folded):
        raise _NotAPrice
    lengths, rest = durations.find(folded)
    lengths, amounts, notes = _bare_minutes(lengths, list(_AMOUNT.finditer(rest)))
    if not amounts and not _FREE.search(folded):
        raise _NotAPrice
    coins = _in_coins(amounts, currency) if amounts else [(0, currency)]
    if len(coins) > 1 and len(lengths) == len(coins):
        return [
            Price(None, length, *coin, is_reduced=False) for length, coin in zip(lengths, coins, strict=True)
        ], notes
    if not lengths:
        notes += [ASSUMED_MINUTES] if default is None else []
        lengths = [default or MINUTES]
    if len(coins) > 2 or len(lengths) > 1:
        raise _NotAPrice
    if len(coins) == 2:
        between = rest[amounts[0].end() : amounts[1].start()]
        prices, more = _two_prices(folded, between, lengths[0], coins)
        return prices, notes + more
    label = "from" if _FROM.search(rest) else _label(_AMOUNT.sub(" ", rest))
    is_reduced = bool(_REDUCED.search(folded)) and not _OFFERED.search(folded)
    return [Price(label, lengths[0], *coins[0], is_reduced=is_reduced)], notes


def _two_prices(folded: str, between: str, minutes: int, coins: list[tuple[int, str]]) -> tuple[list[Price], list[str]]:
    """The full and the reduced price, or a range."""
    low, high = sorted(coins)
    is_sliding = bool(_SLIDING.search(folded))
    if _REDUCED.search(folded) and not is_sliding:
        return [Price(None, minutes, *high, is_reduced=False), Price(None, minutes, *low, is_reduced=True)], []
    if not (is_sliding or _RANGE.match(between)) or low[1] != high[1]:
        raise _NotAPrice
    return [Price("from", minutes, *low, is_reduced=False)], [RANGE]


def _bare_minutes(lengths: list[int], amounts: list[re.Match[str]]) -> tuple[list[int], list[re.Match[str]], list[str]]:
    """`60 £50`: of two numbers, the one without a currency that is a usual length is minutes."""
    if not lengths and len(amounts) == 2:
        bare = [found for found in amounts if not (found["before"] or found["after"])]
        if len(bare) == 1 and bare[0]["number"] in durations.USUAL:
            return [int(bare[0]["number"])], [found for found in amounts if found is not bare[0]], [GUESSED_MINUTES]
    return lengths, amounts, []


def _in_coins(amounts: list[re.Match[str]], currency: str) -> list[tuple[int, str]]:
    """Each amount in the smallest coin, with its currency; one that is said once holds for all."""
    said = [_currency(found["before"] or found["after"], currency) for found in amounts]
    known = next((code for code in said if code), currency)
    return [(_coins(found["number"], code or known), code or known) for found, code in zip(amounts, said, strict=True)]


def _currency(symbol: str | None, currency: str) -> str | None:
    if symbol is None:
        return None
    if symbol in {"$", "dollars"} and currency in DOLLARS:
        return currency
    return _SYMBOLS[symbol]


def _coins(number: str, currency: str) -> int:
    amount = parse_price(number.rstrip(".,").replace("’", "'").replace("'", "").replace(" ", "")).amount
    if amount is None:
        raise _NotAPrice
    whole = currency in WHOLE
    coins = amount if whole else amount * 100
    most = MOST_UNITS * 100
    if coins != int(coins) or not 0 <= coins <= most:
        raise _NotAPrice
    return int(coins)


def _label(rest: str) -> str | None:
    """What else was said of the price: `first session`, `couples`."""
    for pattern in (_REDUCED, _OFFERED, _SLIDING, _FREE, _NOISE):
        rest = pattern.sub(" ", rest)
    words = " ".join(rest.split()).strip("-&'’ ")
    return words[:LABEL_LENGTH].strip() if len(words) > 2 and words not in _NO_LABEL else None
