"""A visitor tells us that something about a listing is wrong. Never public, and no account is needed."""

import datetime as dt

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import anyone
from directory.http.sign_ins import network_of
from directory.http.words import month
from directory.lib import clock
from directory.models import Body, Practitioner, ReportKind
from directory.services import limits, profiles, recommendations, reports
from directory.services.profiles import Profile
from directory.web.forms.reports import ReportForm

bp = Blueprint("public_reports", __name__, url_prefix="/practitioners/<string(maxlength=32):public_id>")


@bp.get("/<string(maxlength=120):slug>/report")
@anyone
def ask(public_id: str, slug: str) -> ResponseReturnValue:
    """The form."""
    profile = profiles.get(public_id, _today())
    if slug != profile.practitioner.slug:
        own, reply = profile.practitioner.slug, request.args.get("reply")
        return redirect(url_for(".ask", public_id=public_id, slug=own, reply=reply), 303)
    return _page(profile, _form(**_of_reply(profile.practitioner)))


@bp.post("/<string(maxlength=120):slug>/report")
@anyone
def make(public_id: str, slug: str) -> ResponseReturnValue:
    """Keep what was said."""
    profile = profiles.get(public_id, _today())
    form = _form()
    if not form.validate():
        return _page(profile, form), 422
    listing = profile.practitioner
    kind = ReportKind(form.kind.data)
    received = url_for(".received", public_id=public_id, slug=listing.slug, about=kind.value)
    if not form.is_by_a_program:
        limits.spend("report", network=network_of(request), at=clock.now())
        reports.make(listing, kind, form.text.data, reply_to=form.reply_to.data or None, at=clock.now())
    return redirect(received, 303)


@bp.get("/<string(maxlength=120):slug>/report/received")
@anyone
def received(public_id: str, slug: str) -> ResponseReturnValue:
    """What happens now, and who else can be told."""
    profile = profiles.get(public_id, _today())
    about = request.args.get("about", "")
    kind = ReportKind(about) if about in set(ReportKind) else ReportKind.WRONG
    return render_template("public/reports/received.html", kind=kind, **_known(profile))


def _of_reply(listing: Practitioner) -> dict[str, str]:
    """What the form says beforehand where it is about the reply to a note: that only we read it, and which it is."""
    named = request.args.get("reply")
    # Most reports are about something else, and notes need not be read for them.
    if not named:
        return {}
    for note in recommendations.public_of(listing.id):
        if note.reply and note.public_id == named:
            about = gettext(
                "About the reply to the note by %(name)s (%(month)s):", name=note.name, month=month(note.month)
            )
            return {"kind": ReportKind.MISCONDUCT.value, "text": f"{about} "}
    return {}


def _form(**said: str) -> ReportForm:
    form = ReportForm(**said)
    form.offer({kind.value: str(gettext(kind.label)) for kind in ReportKind})
    return form


def _page(profile: Profile, form: ReportForm) -> str:
    return render_template("public/reports/new.html", form=form, **_known(profile))


def _known(profile: Profile) -> dict[str, object]:
    bodies = {one.body.id: one.body for one in profile.standings if isinstance(one.body, Body)}
    return {
        "listing": profile.practitioner,
        "bodies": list(bodies.values()),
        "emergency": reports.emergency_numbers(profile.practitioner.country),
    }


def _today() -> dt.date:
    return clock.today(current_app.extensions["settings"].zone)
