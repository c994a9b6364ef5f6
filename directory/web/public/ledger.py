"""The log of all decisions, for everybody to read and to verify."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import anyone
from directory.http.ledger_words import FACTS, KINDS
from directory.http.sanity import MAX_NUMBER
from directory.services import copies, ledger
from directory.services.ledger.heads import Head

bp = Blueprint("public_ledger", __name__, url_prefix="/ledger")

SHOWN = 20
HEADS = 5
# Digits of the longest number that is read.
LONGEST = 10
LINES = "application/x-ndjson"


def init_app(app: Flask) -> None:
    """Let the foot of every page say how far the ledger has come."""
    app.jinja_env.globals["ledger_head"] = _newest_head
    app.jinja_env.globals["ledger_kind"] = lambda kind: gettext(KINDS.get(kind, kind.replace("-", " ")))
    app.jinja_env.globals["ledger_fact"] = lambda name: gettext(FACTS.get(name, name.replace("_", " ")))


@copies.of_everything
def _kept_head() -> Head | None:
    return ledger.heads.latest()


def _newest_head() -> Head | None:
    """The newest signed head; none on pages about errors, which may not ask."""
    return None if "ledger_head" in g else _kept_head()


@bp.get("")
@anyone
def index() -> ResponseReturnValue:
    """What the ledger is, its newest entries and heads, and how to verify it."""
    heads = ledger.heads.list_heads(HEADS)
    return render_template(
        "public/ledger/index.html",
        size=ledger.size(),
        entries=ledger.list_latest(SHOWN),
        heads=heads,
        keys=[json.loads(one) for one in ledger.keys.list_public()],
        most=ledger.MOST,
    )


@bp.get("/entries")
@anyone
def list_entries() -> ResponseReturnValue:
    """Entries from one number to another, at most a thousand."""
    size = ledger.size()
    first = _number("from", 1)
    last = _number("to", min(size, first + ledger.MOST - 1))
    found = ledger.list_entries(first, last) if first <= last else []
    return jsonify(
        {
            "size": size,
            "entries": [{"seq": one.seq, "hash": one.hash, "body": one.body} for one in found],
        }
    )


@bp.get("/export")
@anyone
def export() -> ResponseReturnValue:
    """The whole ledger, as lines."""
    size = ledger.size()
    about = ledger.exports.about(size)
    # The request is over when the rest is asked for.
    answer = Response(_lines(current_app._get_current_object(), about, size), content_type=LINES)  # type: ignore[attr-defined]
    answer.headers["Content-Disposition"] = "attachment; filename=ledger.ndjson"
    return answer


def _lines(app: Flask, about: str, size: int) -> Iterator[str]:
    yield about
    for first in range(1, size + 1, ledger.MOST):
        with app.app_context():
            piece = ledger.exports.piece(first, size)
        yield piece


@bp.get("/heads/latest")
@anyone
def show_latest_head() -> ResponseReturnValue:
    """The newest signed head."""
    head = ledger.heads.latest()
    return jsonify(_plain(head)) if head is not None else abort(404)


@bp.get("/heads/<int:size>")
@anyone
def show_head(size: int) -> ResponseReturnValue:
    """The signed head of so many entries."""
    return jsonify(_plain(ledger.heads.get(size)))


@bp.get("/keys")
@anyone
def list_keys() -> ResponseReturnValue:
    """The public keys of all heads (a JSON Web Key Set)."""
    return jsonify({"keys": [json.loads(one) for one in ledger.keys.list_public()]})


@bp.get("/proofs/inclusion")
@anyone
def prove_inclusion() -> ResponseReturnValue:
    """That an entry is among the first so many."""
    seq = _number("seq")
    size = _number("size", ledger.size())
    path = ledger.inclusion(seq, size)
    return jsonify({"seq": seq, "size": size, "root": ledger.root(size), "path": path})


@bp.get("/proofs/consistency")
@anyone
def prove_consistency() -> ResponseReturnValue:
    """That the ledger only grew between two sizes."""
    first = _number("first")
    second = _number("second", ledger.size())
    path = ledger.consistency(first, second)
    roots = {"first_root": ledger.root(first), "second_root": ledger.root(second)}
    return jsonify({"first": first, "second": second, **roots, "path": path})


def _number(name: str, default: int | None = None) -> int:
    """A number that the address gives."""
    said = request.args.get(name, "")
    if not said and default is not None:
        return default
    if not (said.isascii() and said.isdecimal() and len(said) <= LONGEST and 0 < int(said) <= MAX_NUMBER):
        abort(400)
    return int(said)


def _plain(head: Head) -> dict[str, Any]:
    return {
        "size": head.size,
        "root": head.root,
        "at": head.at.isoformat(),
        "key": head.key,
        "fingerprint": head.fingerprint,
        "head": head.token,
    }
