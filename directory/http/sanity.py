"""Refuses, once and at the door, what no database can hold: NUL bytes, broken UTF-8, lone surrogates.

What stands in the path of an address is bounded, too: a name that no page has is not looked up.
"""

import re
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from directory.http.transaction import SAFE_METHODS

MAX_QUERY_STRING = 4096
MAX_PATH = 512
MAX_NAME = 120
MAX_NUMBER = 2**31 - 1
# U+FFFD stands where a form held bytes that are not text.
_UNFIT = re.compile("[\x00\ud800-\udfff\ufffd]")


class Name(UnicodeConverter):
    """A part of a path, of a length that names have."""

    def __init__(self, url_map: Map, minlength: int = 1, maxlength: int = MAX_NAME) -> None:
        super().__init__(url_map, minlength=minlength, maxlength=maxlength)


class Number(IntegerConverter):
    """A number in a path that every database can hold."""

    regex = r"\d{1,10}"

    def __init__(self, url_map: Map, max: int = MAX_NUMBER) -> None:  # noqa: A002  the word that addresses use
        super().__init__(url_map, max=max)


def number(name: str) -> int | None:
    """A number in the query of an address, as rows have them; None where it is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= MAX_NUMBER else None


def init_app(app: Flask) -> None:
    app.url_map.converters.update(default=Name, string=Name, int=Number)

    @app.before_request
    def _check() -> None:
        if len(request.query_string) > MAX_QUERY_STRING or len(request.path) > MAX_PATH:
            abort(414)
        path = request.environ.get("PATH_INFO", "").encode("latin-1", "replace")
        if not (_is_text(path) and _is_text(unquote_to_bytes(request.query_string))):
            abort(400)
        if request.method not in SAFE_METHODS and not _is_fit_form():
            abort(400)


def _is_text(raw: bytes) -> bool:
    try:
        return not _UNFIT.search(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _is_fit_form() -> bool:
    typed = [text for name, values in request.form.lists() for text in (name, *values)]
    named = [text for name, files in request.files.lists() for text in (name, *(file.filename or "" for file in files))]
    return not any(_UNFIT.search(text) for text in typed + named)
