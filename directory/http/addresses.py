"""Whole addresses of this site, to pass on: as text, and as a code for the camera of a telephone."""

from flask import Flask, current_app, request
from markupsafe import Markup
from segno import make_qr

from directory.config import Settings


def init_app(app: Flask) -> None:
    """Templates write whole addresses, too."""
    app.jinja_env.globals["absolute"] = absolute


def absolute(path: str) -> str:
    """A path of this site as a whole address."""
    settings: Settings = current_app.extensions["settings"]
    return (settings.site_url or request.url_root).rstrip("/") + path


def code(address: str) -> Markup:
    """The same as a picture. Its white ground, four squares wide on each side, is what a camera looks for."""
    return Markup(  # noqa: S704  made here, of nothing but squares
        make_qr(address, error="m").svg_inline(
            scale=3, border=4, svgclass="qr", lineclass="qr-line", light="#fff", omitsize=True
        )
    )
