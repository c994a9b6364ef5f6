"""The work on a claim beside its decision: who has it, what was sent in, rows of somebody else, training seen."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import permitted
from directory.lib import clock
from directory.models import InvalidTransition, NotFound, Permission
from directory.services import claim_cases, claims, registers
from directory.services.claim_cases import Case
from directory.web.admin import desk
from directory.web.admin.claims import queue, rows, screen
from directory.web.forms.claims import AssignmentForm, JudgementForm, TrainingForm

bp = Blueprint("admin_claims_work", __name__)

# A file of somebody unknown: it is saved and never opened within the site, and nobody else keeps a copy on the way.
SANDBOX = "default-src 'none'; sandbox"
NOT_KEPT = "private, no-store"


@bp.post("/admin/claims/<int:claim_id>/taking")
@permitted(Permission.DECIDE_CLAIMS)
def take(claim_id: int) -> ResponseReturnValue:
    """Take a claim: the public reads from today that we are checking."""
    try:
        claims.take(claims.get(claim_id), by=desk.administrator(), at=clock.now())
    except InvalidTransition as error:
        return screen.too_late(claim_id, error)
    flash(gettext("You have it."))
    return _back(claim_id)


@bp.post("/admin/claims/<int:claim_id>/assignment")
@permitted(Permission.DECIDE_CLAIMS)
def assign(claim_id: int) -> ResponseReturnValue:
    """Give a claim to another verifier."""
    claim, form = claims.get(claim_id), AssignmentForm()
    people = {one.id: one for one in claim_cases.verifiers()}
    form.offer({number: one.email for number, one in people.items()})
    if not form.validate():
        raise InvalidTransition("nobody of whom the claim could be has this number")
    to = people[int(form.to.data)]
    try:
        claims.assign(claim, to, by=desk.administrator(), at=clock.now())
    except InvalidTransition as error:
        return screen.too_late(claim_id, error)
    flash(gettext("%(name)s has it now.", name=to.email))
    return _back(claim_id)


@bp.post("/admin/claims/<int:claim_id>/release")
@permitted(Permission.DECIDE_CLAIMS)
def put_back(claim_id: int) -> ResponseReturnValue:
    """Let anybody take it."""
    try:
        claims.put_back(claims.get(claim_id), by=desk.administrator(), at=clock.now())
    except InvalidTransition as error:
        return screen.too_late(claim_id, error)
    flash(gettext("It is free for anybody to take."))
    return _back(claim_id)


@bp.post("/admin/claims/<int:claim_id>/judgements")
@permitted(Permission.DECIDE_CLAIMS)
def judge(claim_id: int) -> ResponseReturnValue:
    """Say that a row of the register is somebody else: the pair is never asked about again."""
    case, form = _open_to(claim_id), JudgementForm()
    picked = rows.chosen(case, form.row.data or "-") if form.validate() else None
    if picked is None or case.body is None:
        raise NotFound("no such row stands beside this claim")
    registers.judge_other(case.listing.id, case.body.id, picked.line.key, by=desk.administrator(), at=clock.now())
    flash(gettext("That row is somebody else: it is not shown beside this listing again."))
    return _back(claim_id)


@bp.get("/admin/claims/<int:claim_id>/evidence/<int:evidence_id>")
@permitted(Permission.DECIDE_CLAIMS)
def evidence(claim_id: int, evidence_id: int) -> ResponseReturnValue:
    """A file that the practitioner sent, to be saved."""
    file = claims.get_evidence(claims.get(claim_id), evidence_id)
    response = Response(file.content or b"", mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=_file_name(file.digest, file.media_type))
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = NOT_KEPT
    return response


@bp.post("/admin/claims/<int:claim_id>/training")
@permitted(Permission.DECIDE_CLAIMS)
def see_training(claim_id: int) -> ResponseReturnValue:
    """Record that a certificate was seen."""
    case, form = _open_to(claim_id), TrainingForm()
    screen.offer_training(form, case)
    if not form.validate():
        return screen.page(case, training=form), 422
    by, at = desk.administrator(), clock.now()
    claims.see_training(case.listing.id, form.modality.data, on=form.seen_on.data or queue.today(), by=by, at=at)
    flash(gettext("It is recorded that you saw the certificate."))
    return _back(claim_id)


def _open_to(claim_id: int) -> Case:
    """A claim that whoever asks may work on. Raises InvalidTransition for one of their own."""
    case = rows.case_of(claim_id)
    if case.is_own(desk.administrator()):
        raise InvalidTransition("nobody works on a claim of their own")
    return case


def _back(claim_id: int) -> ResponseReturnValue:
    return redirect(url_for("admin_claims.show", claim_id=claim_id, **queue.kept()), 303)


def _file_name(digest: str, media_type: str) -> str:
    """A name that says nothing, and ends as the kind of file does: what was typed on another machine stays out."""
    ends = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
    return f"{digest[:16]}.{ends.get(media_type, 'bin')}"
