"""What visitors reported: read it, settle it, and suspend the listing where that is needed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sanity
from directory.http.access import permitted
from directory.lib import clock
from directory.lib.words import N_
from directory.models import PUBLIC_STATES, InvalidTransition, ListingState, Permission, Report, ReportState
from directory.services import listings, moderation, reports
from directory.web.admin import desk
from directory.web.admin.decisions import READY, Decision
from directory.web.admin.listings import STATES
from directory.web.forms.moderation import ReportDecisionForm

bp = Blueprint("admin_reports", __name__)

WHERE = {
    ReportState.WITH_ADMINISTRATORS: N_("With administrators"),
    ReportState.WITH_PRACTITIONER: N_("With the practitioner first"),
    ReportState.SETTLED: N_("Settled"),
}
SETTLE, SUSPEND = "settle", "suspend"
CHOICES = {
    SETTLE: N_("Settle it: the listing stays as it is"),
    SUSPEND: N_("Settle it, and suspend the listing"),
}


@bp.get("/admin/reports")
@permitted(Permission.DECIDE_LISTINGS)
def index() -> ResponseReturnValue:
    """Reports by where they are: those that wait oldest first."""
    typed_state = request.args.get("state", "")
    state = ReportState(typed_state) if typed_state in set(ReportState) else ReportState.WITH_ADMINISTRATORS
    most = moderation.PAGE
    found = moderation.find_reports(state, after=sanity.number("after"), most=most + 1)
    shown = found[:most]
    return render_template(
        "admin/reports/index.html",
        reports=shown,
        state=state,
        states=WHERE,
        more=url_for(".index", state=state.value, after=shown[-1].id) if len(found) > most else None,
    )


@bp.get("/admin/reports/<int:report_id>")
@permitted(Permission.DECIDE_LISTINGS)
def show(report_id: int) -> ResponseReturnValue:
    """One report, with what is known of the listing."""
    report = moderation.report_of(report_id)
    return _page(report, ReportDecisionForm(formdata=None, revision=report.revision))


@bp.post("/admin/reports/<int:report_id>/decision")
@permitted(Permission.DECIDE_LISTINGS)
def decide(report_id: int) -> ResponseReturnValue:
    """Settle a report, and go on to the next one."""
    report, form = moderation.report_of(report_id), ReportDecisionForm()
    form.decision.choices = list(_choices(report).items()) or list(CHOICES.items())
    if not form.validate():
        return _page(report, form), 422
    by, at = desk.administrator(), clock.now()
    try:
        reports.settle(
            report_id,
            revision=form.revision.data,
            answer=form.answer.data.strip(),
            by=by,
            at=at,
            reply=(form.reply.data or "").strip() or None,
        )
        if form.decision.data == SUSPEND:
            listings.suspend(report.practitioner_id, reason=form.reason.data.strip(), by=by, at=at)
    except InvalidTransition:
        return _too_late(report_id), 409
    flash(gettext("The report on %(name)s is settled.", name=report.practitioner.name))
    following = moderation.find_reports(ReportState.WITH_ADMINISTRATORS, most=1)
    if not following:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".show", report_id=following[0].id), 303)


def _choices(report: Report) -> dict[str, str]:
    """How it can end now: a listing that is down is not suspended."""
    state = report.practitioner.state
    can_suspend = state in (*PUBLIC_STATES, ListingState.HIDDEN)
    return {key: gettext(said) for key, said in CHOICES.items() if key == SETTLE or can_suspend}


def _page(report: Report, form: ReportDecisionForm) -> str:
    case = moderation.case_of(report.practitioner_id)
    form.decision.choices = list(_choices(report).items())
    return render_template(
        "admin/reports/show.html",
        report=report,
        case=case,
        form=form,
        is_own=case.account is not None and case.account.id == desk.administrator().id,
        others=[one for one in case.reports if one.id != report.id],
        names=moderation.names_of(case.account_ids),
        ready=READY[Decision.SUSPEND],
        where=WHERE,
        states=STATES,
    )


def _too_late(report_id: int) -> str:
    report = moderation.report_of(report_id)
    case = moderation.case_of(report.practitioner_id)
    return render_template(
        "admin/reports/too_late.html", report=report, names=moderation.names_of(case.account_ids), where=WHERE
    )
