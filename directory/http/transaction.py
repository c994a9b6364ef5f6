"""One transaction a request: kept when the request succeeds, else not. A request that only asks keeps nothing."""

from flask import Flask, Response, g, request

from directory.db import db, set_mode

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    @app.before_request
    def _begin() -> None:
        set_mode("reading" if request.method in SAFE_METHODS else "writing")

    @app.after_request
    def _end(response: Response) -> Response:
        # Before the answer leaves, so that a refused commit is still an honest error.
        if "_sqlalchemy_sessions" in g:
            if request.method not in SAFE_METHODS and response.status_code < 400:
                db.session.commit()
            else:
                db.session.rollback()
        return response
