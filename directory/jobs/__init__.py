"""What happens later, or on a clock."""

from flask import Flask

from directory.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Wake the worker whenever mail was queued."""
