"""One transaction a request: kept when the request succeeds, else not. A request that only asks keeps nothing.

A request that changes something is done anew, as a whole, when somebody else changed the same rows first: then it sees
what the other did, and says so, or does what it was to do after it.
"""

import contextlib
import io
import tempfile
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from directory.db import TRIES, collided, db, exists_already, set_mode, taking_turns
from directory.db import pause as db_pause

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
MOST_IN_MEMORY = 500_000
# How often a request may still be done anew.
_LEFT = "directory.tries_left"


class _Anew(BaseException):
    """Ends a try of a request. Not an Exception, so that nobody makes an answer of it."""


def init_app(app: Flask) -> None:
    with app.app_context():
        app.wsgi_app = _Tries(app.wsgi_app, db.engine)  # type: ignore[method-assign]

    @app.before_request
    def _begin() -> None:
        set_mode("reading" if request.method in SAFE_METHODS else "writing")

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        # What runs next in this thread may be no request.
        set_mode("writing")

    @app.after_request
    def _end(response: Response) -> Response:
        if "_sqlalchemy_sessions" not in g:
            return response
        if request.method in SAFE_METHODS or response.status_code >= 400:
            abandon()
            return response
        # Before the answer leaves, so that a refused commit is still an honest error.
        try:
            db.session.commit()
        except SQLAlchemyError as error:
            try_anew(error)
            return app.make_response(app.handle_user_exception(error))
        return response


def pause() -> None:
    """End the transaction of a request that has changed nothing yet, before slow work: nobody waits for it then.

    What is asked next begins another, and may find that rows have changed meanwhile.
    """
    db_pause()


def abandon() -> None:
    """Keep nothing of what the request did so far. What is asked from here on, for an error page, only reads."""
    if "_sqlalchemy_sessions" in g:
        # A connection that has gone cannot be told; its server undoes by itself.
        with contextlib.suppress(SQLAlchemyError):
            db.session.rollback()
    set_mode("reading")


def reconnect() -> None:
    """Let go of connections that wait to be used again: they may lead to a file that has been put aside."""
    db.engine.dispose()


def try_anew(error: SQLAlchemyError) -> None:
    """End this try of the request, and begin another, if it failed only because somebody else was first."""
    left = request.environ.get(_LEFT, 0)
    # What is there already is there at the next try, too, but then it can be seen.
    if left and (collided(error) or (exists_already(error) and not is_repeated())):
        abandon()
        db.session.expunge_all()
        request.close()
        raise _Anew from error


def was_second(error: SQLAlchemyError) -> bool:
    """Whether a step failed only because somebody else changed the same rows first."""
    return collided(error)


def is_repeated() -> bool:
    """Whether this request was tried before."""
    return int(request.environ.get(_LEFT, TRIES)) < TRIES - 1


class _Tries:
    """Does a request that changes something until nobody else comes in between, five times at most."""

    def __init__(self, inner: "WSGIApplication", engine: Engine) -> None:
        self._inner, self._engine = inner, engine

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            return self._inner(environ, start_response)
        with contextlib.ExitStack() as end:
            body = end.enter_context(_Body(environ["wsgi.input"]))
            for left in reversed(range(TRIES)):
                body.rewind()
                try:
                    return self._inner({**environ, "wsgi.input": body, _LEFT: left}, start_response)
                except _Anew:
                    if left == TRIES - 1:
                        # From here on one after the other, so that those that collided do not collide again.
                        end.enter_context(taking_turns(self._engine))
        raise AssertionError("the last try has an answer, whatever happens")


class _Body(io.RawIOBase):
    """What a request brings, which can be read again. Kept as it is read, beyond half a megabyte in a file."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept: Any = tempfile.SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115  closed with this

    def rewind(self) -> None:
        """Begin again."""
        self._kept.seek(0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._kept.read(len(buffer))
        if not piece:
            # Whatever was kept has been read, so this is its end.
            piece = self._stream.read(len(buffer))
            self._kept.write(piece)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._kept.close()
        super().close()
