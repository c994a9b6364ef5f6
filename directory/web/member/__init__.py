"""Pages for whoever is signed in, and those that lead there."""

from flask import Blueprint, Flask

from directory.config import Settings

PARTS: tuple[Blueprint, ...] = ()


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages."""
    for part in PARTS:
        app.register_blueprint(part)
