"""One transaction a request: kept when the request succeeds, else not. A request that only asks keeps nothing."""

import contextlib

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from directory.db import db, set_mode
from directory.db import pause as db_pause

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def init_app(app: Flask) -> None:
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
