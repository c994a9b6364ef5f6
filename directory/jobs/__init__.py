"""What happens later, or on a clock."""

from flask import Flask

from directory.config import Settings
from directory.jobs import letters


def init_app(app: Flask, settings: Settings) -> None:
    """Wake the worker whenever mail was queued."""
    letters.init_app(app, settings)
