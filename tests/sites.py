"""Sites of a test's own, with pages that go wrong in every way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Flask, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import event, exc, select, text

from directory.app import create_app
from directory.config import Settings
from directory.db import db
from directory.http.access import anyone, developer, operator
from directory.http.uploads import takes_files
from directory.lib import clock
from directory.models import InvalidTransition, NotFound, SeedFile
from tests import factories

# Stands in what nobody may see: exceptions, forms, cookies. A page or a log line that holds it leaks.
CANARY = "canary-7f3a-of-somebody"


# What each try of a request brought.
TRIES: list[tuple[dict[str, str], list[bytes]]] = []


class Refused(Exception):
    """What a database driver raises, with its state."""

    def __init__(self, sqlstate: str | None = None) -> None:
        super().__init__(CANARY)
        self.sqlstate = sqlstate


def trials() -> Blueprint:
    """Pages that go wrong."""
    bp = Blueprint("trial", __name__, url_prefix="/trial")
    both = ["GET", "POST"]
    bp.add_url_rule("/undeclared", view_func=undeclared)
    bp.add_url_rule("/operators", view_func=operators)
    bp.add_url_rule("/developers", view_func=developers)
    bp.add_url_rule("/page", view_func=page)
    bp.add_url_rule("/status/<int:status>", view_func=refuse, methods=both)
    bp.add_url_rule("/raise/<kind>", view_func=fail, methods=both)
    bp.add_url_rule("/write/<outcome>", view_func=write, methods=[*both, "DELETE"])
    bp.add_url_rule("/fill", view_func=fill, methods=["POST"])
    bp.add_url_rule("/other-version", view_func=other_version, methods=["POST"])
    bp.add_url_rule("/form", view_func=form, methods=["POST"])
    bp.add_url_rule("/second/<int:times>", view_func=come_second, methods=["POST"])
    return bp


def undeclared() -> str:
    return "closed"


@operator
def operators() -> str:
    return "open"


@developer
def developers() -> str:
    return "open"


@anyone
def page() -> str:
    return "a page"


@anyone
def refuse(status: int) -> ResponseReturnValue:
    abort(status)


@anyone
def fail(kind: str) -> ResponseReturnValue:
    raise {
        "unexpected": RuntimeError(f"{CANARY} {request.args.get('q')}"),
        "not-found": NotFound(CANARY),
        "invalid": InvalidTransition(CANARY),
        "serialization": exc.OperationalError("", None, Refused("40001")),
        "deadlock": exc.OperationalError("", None, Refused("40P01")),
        "locked": exc.OperationalError("", None, Refused()),
        "no-table": exc.ProgrammingError("", None, Refused("42P01")),
        "nonsense": exc.ProgrammingError("", None, Refused("42601")),
        "constraint": exc.IntegrityError("", None, Refused("23505")),
        "pool": exc.TimeoutError(CANARY),
        "damaged": exc.DatabaseError("", None, Refused()),
    }[kind]


@anyone
def write(outcome: str) -> ResponseReturnValue:
    db.session.merge(SeedFile(name=outcome, digest="x", loaded_at=clock.now()))
    db.session.flush()
    if outcome == "raised":
        raise RuntimeError(CANARY)
    if outcome == "refused-at-commit":
        event.listen(db.session, "before_commit", _refuse)
    return "done", 422 if outcome == "invalid" else 200


@anyone
def fill() -> str:
    db.session.merge(SeedFile(name="fill", digest="x" * 3_000_000, loaded_at=clock.now()))
    return "done"


@anyone
def other_version() -> str:
    db.session.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    return "done"


@anyone
def form() -> str:
    return f"thank you for {len(request.form)}"


@anyone
@takes_files(3_000_000)
def come_second(times: int) -> str:
    """Another is first, so many times; what is done each time is kept only in the end."""
    TRIES.append((dict(request.form), [file.read() for file in request.files.values()]))
    db.session.add(SeedFile(name="kept", digest="x", loaded_at=clock.now()))
    if len(TRIES) <= times:
        if len(TRIES) % 2:
            raise exc.OperationalError("", None, Refused("40001"))
        event.listen(db.session, "before_commit", _refuse)
    return f"done at try {len(TRIES)}"


def _refuse(_session: object) -> None:
    raise exc.OperationalError("COMMIT", None, Refused("40001"))


def kept() -> set[str]:
    """Which writes of the trials were kept."""
    names = {"kept", "raised", "refused-at-commit", "invalid"}
    return set(db.session.scalars(select(SeedFile.name).where(SeedFile.name.in_(names))))


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """A site with the trials, until the end of the block."""
    with made(settings) as site:
        site.register_blueprint(trials())
        yield site


@contextmanager
def made(settings: Settings, *, for_commands: bool = False) -> Iterator[Flask]:
    """A site until the end of the block."""
    site = create_app(settings, for_commands=for_commands)
    try:
        yield site
    finally:
        close(site)


@contextmanager
def entered(settings: Settings, *, for_commands: bool = False) -> Iterator[Flask]:
    """The same from within: its database is at hand, for factories, too."""
    with made(settings, for_commands=for_commands) as site, site.app_context():
        factories.bind(db.session)
        yield site


def close(site: Flask) -> None:
    """Let go of its database, once nothing that the site began beside is at work there any more."""
    for thread in threading.enumerate():
        if thread.name == "replica":
            thread.join()
    with site.app_context():
        db.engine.dispose()
