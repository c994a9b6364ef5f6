"""Pages for everybody."""

from flask import Flask, g

from directory.config import Settings
from directory.services import practitioners as listings
from directory.web.public import (
    bodies,
    cards,
    checker,
    complaints,
    concerns,
    consultation,
    documents,
    enquiries,
    facets,
    for_practitioners,
    guide,
    histories,
    home,
    invitations,
    ledger,
    mail_stops,
    modalities,
    notes,
    photos,
    practitioners,
    questions,
    regulation,
    reports,
    site,
    status,
    still_right,
    styleguide,
    suggestions,
)

PARTS = (
    enquiries,
    for_practitioners,
    home,
    practitioners,
    checker,
    reports,
    complaints,
    still_right,
    invitations,
    photos,
    histories,
    suggestions,
    guide,
    consultation,
    modalities,
    concerns,
    bodies,
    regulation,
    site,
    documents,
    ledger,
    mail_stops,
    notes,
    questions,
    status,
    styleguide,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Add the public pages."""
    for part in PARTS:
        app.register_blueprint(part.bp)
    cards.init_app(app)
    mail_stops.init_app(app)
    facets.init_app(app)
    ledger.init_app(app)
    app.jinja_env.globals["has_demo"] = _has_demo


def _has_demo() -> bool:
    """Whether the site shows demonstration data; asked once a request."""
    if "has_demo" not in g:
        g.has_demo = listings.has_demo()
    return bool(g.has_demo)
