"""Pages for whoever is signed in, and those that lead there."""

from flask import Blueprint, Flask

from directory.config import Settings
from directory.web.member import (
    accounts,
    agreements,
    circles,
    claims,
    complaints,
    enquiries,
    leaving,
    listings,
    listings_steps,
    new_passwords,
    photos,
    proving,
    questions,
    recommendation_links,
    recommendations,
    replies,
    reports,
    resuming,
    second_factors,
    signing_in,
    signing_up,
)

PARTS: tuple[Blueprint, ...] = (
    accounts.bp,
    agreements.bp,
    circles.bp,
    claims.bp,
    complaints.bp,
    enquiries.bp,
    leaving.bp,
    listings.bp,
    listings_steps.bp,
    new_passwords.bp,
    photos.bp,
    proving.bp,
    questions.bp,
    replies.bp,
    recommendation_links.bp,
    recommendations.bp,
    reports.bp,
    resuming.bp,
    second_factors.bp,
    signing_in.bp,
    signing_up.bp,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages."""
    for part in PARTS:
        app.register_blueprint(part)
    resuming.init_app(app)
