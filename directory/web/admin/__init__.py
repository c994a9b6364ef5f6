"""Pages for administrators and verifiers."""

from flask import Blueprint, Flask

from directory.config import Settings
from directory.lib.words import N_
from directory.models import Permission
from directory.web.admin import (
    accounts,
    claims,
    complaints,
    desk,
    events,
    listings,
    questions,
    queue,
    recommendation_switches,
    recommendations,
    reference,
    registers,
    reports,
    second_person,
)

PARTS: tuple[Blueprint, ...] = (
    queue.bp,
    *claims.PARTS,
    second_person.bp,
    listings.bp,
    accounts.bp,
    events.bp,
    reports.bp,
    recommendations.bp,
    complaints.bp,
    recommendation_switches.bp,
    questions.bp,
    registers.bp,
    reference.bp,
)


# The line of links of the desk: address, name, words, and who sees it.
DESK = (
    ("/admin", "queue", N_("Queue"), Permission.DECIDE_LISTINGS),
    ("/admin/claims", "claims", N_("Claims"), Permission.DECIDE_CLAIMS),
    ("/admin/registers", "registers", N_("Registers"), Permission.DECIDE_CLAIMS),
    ("/admin/reports", "reports", N_("Reports"), Permission.DECIDE_LISTINGS),
    ("/admin/recommendations", "recommendations", N_("Notes"), Permission.DECIDE_RECOMMENDATIONS),
    ("/admin/complaints", "complaints", N_("Objections"), Permission.DECIDE_RECOMMENDATIONS),
    ("/admin/listings", "listings", N_("Listings"), Permission.DECIDE_LISTINGS),
    ("/admin/accounts", "accounts", N_("Accounts"), Permission.SEARCH_ACCOUNTS),
    ("/admin/events", "events", N_("Event log"), Permission.SEE_EVENTS),
    ("/admin/reference", "reference", N_("Reference"), Permission.EDIT_REFERENCE),
)


def init_app(app: Flask, settings: Settings) -> None:
    """Add the pages."""
    app.jinja_env.globals["desk_pages"] = lambda: DESK
    app.jinja_env.globals["desk_counts"] = desk.counts
    for part in PARTS:
        app.register_blueprint(part)
