"""The queue of claims, and one claim on one screen: the decision, and undoing it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import permitted
from directory.lib import clock
from directory.models import InvalidTransition, Permission
from directory.services import claim_cases, claims, moderation, proposals
from directory.services.claim_cases import Case
from directory.web.admin import desk
from directory.web.admin.claims import findings, queue, rows, screen
from directory.web.admin.claims.decisions import Decision
from directory.web.forms.base import Problem
from directory.web.forms.claims import FindingForm

bp = Blueprint("admin_claims", __name__)


@bp.get("/admin/claims")
@permitted(Permission.DECIDE_CLAIMS)
def index() -> ResponseReturnValue:
    """What waits, oldest first, cut by body, last outcome, day and whose it is."""
    found = claims.queue(queue.filters(), queue.today())
    return render_template(
        "admin/claims/index.html",
        queue=found,
        chosen=queue.kept(),
        tabs=queue.tabs(),
        page_address=queue.page_address,
        bodies=claim_cases.bodies_claimed(),
        outcome_choices=queue.outcome_choices(),
        due_choices=queue.DUE,
        reasons=queue.REASONS,
        median_days=claims.median_days(at=clock.now()),
        proposals=len(proposals.list_open()),
        names=moderation.names_of({one.claim.taken_by_id for one in found.waiting if one.claim.taken_by_id}),
        **screen.shared(),
    )


@bp.get("/admin/claims/<int:claim_id>")
@permitted(Permission.DECIDE_CLAIMS)
def show(claim_id: int) -> ResponseReturnValue:
    """One claim, with what is needed to decide; filled in with the row that was chosen, or that is a match."""
    return screen.page(rows.case_of(claim_id))


@bp.post("/admin/claims/<int:claim_id>/decision")
@permitted(Permission.DECIDE_CLAIMS)
def decide(claim_id: int) -> ResponseReturnValue:
    """Decide, and go on to the next one."""
    case, form = rows.case_of(claim_id), FindingForm()
    screen.offer(form, case)
    if not form.validate():
        return screen.page(case, form), 422
    after, decision = queue.beside(claim_id).next, Decision(form.decision.data)
    following = queue.address_of(after) if after else url_for(".index", **queue.kept())
    try:
        _apply(decision, case, form)
    except claims.Refused as error:
        if case.is_own(desk.administrator()):
            return screen.too_late(claim_id, error)
        return screen.page(rows.case_of(claim_id), form, [Problem("decide", gettext(error.reason))]), 422
    except InvalidTransition as error:
        return screen.too_late(claim_id, error)
    flash(gettext(decision.done, name=case.listing.name, body=case.body_name))
    return redirect(following, 303)


@bp.post("/admin/checks/<int:check_id>/undoing")
@permitted(Permission.DECIDE_CLAIMS)
def undo(check_id: int) -> ResponseReturnValue:
    """Take back what one decided oneself less than ten minutes ago; the claim is there to be decided again."""
    check, claim_id = claim_cases.check_of(check_id)
    try:
        claims.undo(check, by=desk.administrator(), at=clock.now())
    except InvalidTransition as error:
        return screen.too_late(claim_id, error)
    flash(gettext("Undone: that look no longer counts. Decide anew."))
    return redirect(url_for(".show", claim_id=claim_id, **queue.kept()), 303)


def _apply(decision: Decision, case: Case, form: FindingForm) -> None:
    """Do what was decided. Raises InvalidTransition: Refused with a reason, or Conflict when somebody was first."""
    claim, by, at, revision = case.claim, desk.administrator(), clock.now(), form.revision.data
    if decision is Decision.ASK:
        claims.ask(claim, form.question.data, by=by, at=at, revision=revision)
        return
    finding = findings.finding(case, form)
    if decision is Decision.RESTRICT:
        claims.restrict(claim, finding, by=by, at=at, revision=revision)
        return
    verbs = {
        Decision.CONFIRM: claims.confirm,
        Decision.NOT_FOUND: claims.not_found,
        Decision.ENDED: claims.ended,
        Decision.INCONCLUSIVE: claims.inconclusive,
    }
    verbs[decision](claim, finding, by=by, at=at, revision=revision)
