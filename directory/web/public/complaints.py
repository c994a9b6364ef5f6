"""Objecting to a note without an account, following that by a mailed link, and the public report of what came of it."""

import datetime as dt

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sign_ins
from directory.http.access import anyone
from directory.http.headers import unlisted
from directory.http.sign_ins import network_of
from directory.lib import clock
from directory.lib.mailboxes import mailbox
from directory.lib.words import N_
from directory.models import (
    Audience,
    ComplaintState,
    InvalidTransition,
    NotFound,
    Recommendation,
    Side,
    StepKind,
    TooMany,
)
from directory.services import complaints, limits, modalities, recommendation_switches, recommendations, reports
from directory.services.recommendation_switches import Scope
from directory.services.recommendations import AGAINST, REASONS
from directory.web.forms.complaints import AppealForm, ComplaintForm

bp = Blueprint("public_complaints", __name__)

# What the report calls lately.
YEAR = dt.timedelta(days=365)
MANY = N_(
    "As many objections to this note wait as we decide about at once. They are decided first. What you typed is still "
    "here: try again in two days."
)


@bp.get("/how-recommendations-work")
@anyone
def how_recommendations_work() -> ResponseReturnValue:
    """What is checked of notes, what is refused, why there are no stars, and what happens when somebody objects."""
    off = recommendation_switches.list_all()
    scopes = [recommendation_switches.scope_of(one) for one in off]
    return render_template(
        "public/complaints/how_recommendations_work.html",
        against=list(AGAINST.values()),
        is_off=Scope.SITE in scopes,
        countries=sorted(one.country for one in off if one.country),
        listings=scopes.count(Scope.LISTING),
        **_clocks(),
    )


@bp.get("/complaints")
@anyone
def index() -> ResponseReturnValue:
    """The public report: how many objections there were, and what became of them."""
    at = clock.now()
    lately, ever = complaints.lately_and_ever(at - YEAR)
    wait, late = complaints.how_many_wait(at=at)
    return render_template(
        "public/complaints/index.html",
        lately=lately,
        ever=ever,
        wait=wait,
        late=late,
        kinds=StepKind,
        **_clocks(),
    )


@bp.get("/complaints/new")
@anyone
def ask() -> Response:
    """The form."""
    public_id, token = request.args.get("note", ""), request.args.get("link", "")
    note = _note(public_id, token)
    return _page(note, _form(formdata=None, note=public_id, link=token))


@bp.post("/complaints")
@anyone
def make() -> ResponseReturnValue:
    """Keep the objection, hide the note where that is called for, and ask its writer."""
    form = _form()
    public_id, token = form.note.data or "", form.link.data or ""
    is_right, ground, reply_to = form.validate(), form.ground.data, form.reply_to.data or None
    received = url_for(".received", about=ground, mailed="yes" if reply_to else None)
    if is_right and complaints.is_made(public_id, token, ground, form.text.data):
        return redirect(received, 303)
    note = _note(public_id, token)
    if not is_right:
        return _page(note, form, 422)
    if form.is_by_a_program:
        return redirect(received, 303)
    network, at = network_of(request), clock.now()
    limits.spend("complaint", account=mailbox(reply_to) if reply_to else None, network=network, at=at)
    hides = REASONS[ground].hides_at_once and _may_hide(note.practitioner.public_id, network, at)
    note = _note(public_id, token)
    try:
        complaints.make(note, ground, form.text.data, reply_to=reply_to, at=at, hides=hides)
    except complaints.TooManyOpen:
        form.form_errors.append(gettext(MANY))
        return _page(note, form, 409)
    except InvalidTransition:
        raise NotFound("the note is not shown any more") from None
    return redirect(received, 303)


def _may_hide(listing_id: str, network: str | None, at: dt.datetime) -> bool:
    """Whether one more note may be hidden before anybody has looked: not where one side, or about one listing, somebody
    hides note after note."""
    try:
        limits.spend("complaint-hiding", account=listing_id, network=network, at=at)
    except TooMany:
        return False
    return True


@bp.get("/complaints/received")
@anyone
def received() -> ResponseReturnValue:
    """What happens now."""
    ground = REASONS.get(request.args.get("about", ""))
    return render_template(
        "public/complaints/received.html",
        hides_at_once=ground is not None and ground.hides_at_once,
        is_mailed=request.args.get("mailed") == "yes",
        **_clocks(),
    )


@bp.get("/complaints/cases/<string(maxlength=64):token>")
@anyone
def show(token: str) -> Response:
    """One case, for whoever objected and left an address."""
    return _case(token, AppealForm(formdata=None))


@bp.post("/complaints/cases/<string(maxlength=64):token>/appeal")
@anyone
def appeal(token: str) -> ResponseReturnValue:
    """Have somebody else decide again, for good."""
    form = AppealForm()
    if not form.validate():
        return _case(token, form, 422)
    at = clock.now()
    limits.spend("complaint", network=network_of(request), at=at)
    complaints.appeal(complaints.of_token(token), Side.OBJECTOR, form.text.data, at=at)
    return redirect(url_for(".show", token=token), 303)


def _note(public_id: str, token: str) -> Recommendation:
    """The note as this reader got to it. Raises NotFound."""
    if token:
        return complaints.readable_by(token, at=clock.now())
    return complaints.readable(public_id, reader=sign_ins.current())


def _form(**more: object) -> ComplaintForm:
    form = ComplaintForm(**more)
    # Those that hide a note at once come first, as the page says.
    grounds = sorted(AGAINST.values(), key=lambda one: not one.hides_at_once)
    form.offer({one.key: gettext(one.label) for one in grounds})
    return form


def _page(note: Recommendation, form: ComplaintForm, status: int = 200) -> Response:
    is_public = note.audience is Audience.PUBLIC
    page = render_template(
        "public/complaints/new.html",
        note=note,
        name=recommendations.shown_name(note.name, note.shown_as) if is_public else note.name,
        kind=modalities.by_id().get(note.modality_id or ""),
        form=form,
        emergency=reports.emergency_numbers(note.practitioner.country),
        **_clocks(),
    )
    return unlisted(page, status)


def _case(token: str, form: AppealForm, status: int = 200) -> Response:
    case, at = complaints.of_token(token), clock.now()
    page = render_template(
        "public/complaints/show.html",
        case=case,
        token=token,
        steps=complaints.steps_of(case),
        words=complaints.words_of(case, Side.OBJECTOR),
        form=form,
        reasons=REASONS,
        can_appeal=case.recommendation_id is not None and complaints.can_appeal(case, Side.OBJECTOR, at=at),
        appeal_until=complaints.appeal_until(case),
        is_over=case.state in {ComplaintState.FINAL, ComplaintState.GONE},
    )
    return unlisted(page, status)


def _clocks() -> dict[str, object]:
    """How long everybody has, as pages say it."""
    return {
        "hours": int(complaints.DECIDE_WITHIN.total_seconds() // 3600),
        "days": complaints.ANSWER_WITHIN.days,
        "appeal_days": complaints.APPEAL_WITHIN.days,
        "decide_days": complaints.DECIDE_APPEAL_WITHIN.days,
        "alone_days": complaints.LOOK_AGAIN_AFTER.days,
    }
