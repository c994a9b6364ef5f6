"""Answers of a listing in the reader's language."""

import datetime as dt

from directory.http import words
from directory.services import listings


class Reader(listings.Speaker):
    """Says things as the site does to whoever reads the page."""

    def say(self, text: str, **values: object) -> str:
        said = words.translated(text)
        return said % values if values else said

    def money(self, amount_minor: int, currency: str) -> str:
        return words.money(amount_minor, currency)

    def day(self, value: dt.date) -> str:
        return words.day(value)

    def distance(self, kilometres: int) -> str:
        return words.distance(kilometres * 1000)

    def language(self, code: str) -> str:
        return words.language_name(code)

    def country(self, code: str) -> str:
        return words.country_name(code)


READER = Reader()
