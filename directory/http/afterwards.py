"""Work after an answer: nobody waits for it, and what it keeps is no part of the request, which may only have read."""

from collections.abc import Callable

from flask import Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from directory.http.logs import log


def do(response: Response, work: Callable[[], None], name: str) -> Response:
    """Do `work`, which keeps what it does by itself, once the answer is sent. A database that cannot keep it now is
    written to the log under `name`, and nothing else comes of it.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def run() -> None:
        try:
            with app.app_context():
                work()
        except SQLAlchemyError as error:
            log.info(name, exc_info=error)

    response.call_on_close(run)
    return response
