"""A visitor tells us that something about a listing is wrong. Never public, and no account is needed."""

import datetime as dt

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import anyone
from directory.http.sign_ins import network_of
from directory.lib import clock
from directory.models import Body, ReportKind
from directory.services import limits, profiles, reports
from directory.services.profiles import Profile
from directory.web.forms.reports import ReportForm

bp = Blueprint("public_reports", __name__, url_prefix="/practitioners/<string(maxlength=32):public_id>")


@bp.get("/<string(maxlength=120):slug>/report")
@anyone
def ask(public_id: str, slug: str) -> ResponseReturnValue:
    """The form."""
    profile = profiles.get(public_id, _today())
    if slug != profile.practitioner.slug:
        return redirect(url_for(".ask", public_id=public_id, slug=profile.practitioner.slug), 303)
    return _page(profile, _form())


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


def _form() -> ReportForm:
    form = ReportForm()
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
