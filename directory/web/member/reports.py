"""What visitors reported of one's listing, and one's answer."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sign_ins
from directory.http.access import permitted
from directory.lib import clock
from directory.lib.words import N_
from directory.models import NotFound, Permission, ReportSays
from directory.services import listings, reports
from directory.web.forms.reports import AnswerForm

bp = Blueprint("member_reports", __name__, url_prefix="/member/reports")


@bp.get("")
@permitted(Permission.KEEP_OWN_LISTING)
def index() -> ResponseReturnValue:
    """What a visitor said, without who it was."""
    account = sign_ins.member()
    kept = listings.of_account(account)
    found = reports.of_listing(kept) if kept is not None else ()
    return render_template(
        "member/reports/index.html",
        reports=found,
        form=AnswerForm(),
        answers=list(ReportSays),
        within=reports.ANSWER_WITHIN,
    )


@bp.post("/<int:report_id>/answer")
@permitted(Permission.KEEP_OWN_LISTING)
def answer(report_id: int) -> ResponseReturnValue:
    """Say that it was corrected, or that it is right."""
    account = sign_ins.member()
    kept = listings.of_account(account)
    if kept is None:
        raise NotFound(f"no report {report_id}")
    form = AnswerForm()
    if not form.validate():
        abort(400)
    reports.answer(report_id, ReportSays(form.says.data), kept=kept, by=account, at=clock.now())
    flash(gettext(N_("Thank you. Your answer is kept.")))
    return redirect(url_for(".index"), 303)
