"""Pages for everybody."""

from flask import Flask

from directory.config import Settings
from directory.web.public import status


def init_app(app: Flask, settings: Settings) -> None:
    """Add the public pages."""
    for part in (status,):
        app.register_blueprint(part.bp)
