"""Refuses, once and at the door, what no database can hold: NUL bytes, broken UTF-8, lone surrogates."""

import re
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

MAX_QUERY_STRING = 4096
MAX_PATH = 512
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def init_app(app: Flask) -> None:
    @app.before_request
    def _check() -> None:
        if len(request.query_string) > MAX_QUERY_STRING or len(request.path) > MAX_PATH:
            abort(414)
        if not _is_text(
            request.environ.get("PATH_INFO", "").encode("latin-1", "replace")
        ):
            abort(400)
        if not _is_text(unquote_to_bytes(request.query_string)):
            abort(400)
        if request.method == "POST":
            for values in request.form.listvalues():
                if any(_UNFIT.search(value) or "\ufffd" in value for value in values):
                    abort(400)


def _is_text(raw: bytes) -> bool:
    try:
        return not _UNFIT.search(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False
