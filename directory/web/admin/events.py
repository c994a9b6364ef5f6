"""The event log."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.http import sanity
from directory.http.access import permitted
from directory.http.event_words import EVENTS
from directory.models import Permission
from directory.services import events, moderation
from directory.web.admin import desk

bp = Blueprint("admin_events", __name__)


@bp.get("/admin/events")
@permitted(Permission.SEE_EVENTS)
def index() -> ResponseReturnValue:
    """Everything that happened, newest first: of one kind, account, listing or day, where one is asked for."""
    kind, day = request.args.get("kind", ""), request.args.get("day", "")
    bounds = desk.day_bounds(day)
    found = events.list_events(
        account_id=sanity.number("account"),
        practitioner_id=sanity.number("listing"),
        kind=kind if kind in EVENTS else None,
        since=bounds[0] if bounds else None,
        until=bounds[1] if bounds else None,
        before=sanity.number("before"),
        most=events.PAGE + 1,
    )
    shown = found[: events.PAGE]
    filters: dict[str, Any] = {
        name: request.args[name][: desk.MAX_WORDS]
        for name in ("kind", "account", "listing", "day")
        if request.args.get(name)
    }
    return render_template(
        "admin/events/index.html",
        events=shown,
        kinds=EVENTS,
        filters=filters,
        names=moderation.names_of({one for event in shown for one in (event.actor_id, event.account_id) if one}),
        # Listings are links only for whoever may open them.
        headings=moderation.headings([event.practitioner_id for event in shown if event.practitioner_id])
        if desk.administrator().may(Permission.DECIDE_LISTINGS)
        else {},
        older=url_for(".index", **filters, before=shown[-1].id) if len(found) > len(shown) else None,
    )
