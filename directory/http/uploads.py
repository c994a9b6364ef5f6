"""Forms that bring a file: only these may send more than other requests (see the tests of http/uploads)."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Declare that a view takes files, and how large its whole request may be. Fields that are no files stay short."""

    def declare(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Let such views have their files. Call it before anything reads a form: the limit counts from then on."""

    @app.before_request
    def _allow() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        most_bytes: int | None = getattr(view, "most_bytes", None)
        if most_bytes is not None:
            request.max_content_length = most_bytes
