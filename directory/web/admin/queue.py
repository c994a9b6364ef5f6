"""The first page of the desk: what waits, oldest first."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from directory.http.access import permitted
from directory.lib import clock
from directory.models import Permission
from directory.services import moderation
from directory.web.admin import desk

bp = Blueprint("admin_queue", __name__)

PAGE = 50


@bp.get("/admin")
@permitted(Permission.SEE_EVENTS)
def index() -> ResponseReturnValue:
    """The queue of listings; for whoever decides none, what they may do here."""
    account = desk.administrator()
    if not account.may(Permission.DECIDE_LISTINGS):
        return render_template("admin/queue/start.html")
    everything, chosen = desk.queue(), waiting()
    return render_template(
        "admin/queue/index.html",
        waiting=chosen[:PAGE],
        more=len(chosen) - PAGE,
        headings=moderation.headings([one.practitioner_id for one in chosen[:PAGE]]),
        counts=[(one, sum(one in case.reasons for case in everything)) for one in moderation.Reason],
        total=len(everything),
        only=only(),
        oldest=everything[0] if everything else None,
        median=moderation.median_wait(clock.now()),
        waited=desk.waited,
    )


def waiting() -> list[moderation.Waiting]:
    """What waits, for the one reason that the address names, if any."""
    reason = only()
    return [one for one in desk.queue() if reason is None or reason in one.reasons]


def only() -> moderation.Reason | None:
    """The one reason to wait that the address names."""
    return desk.chosen(moderation.Reason, "why")
