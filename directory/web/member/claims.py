"""A practitioner's own statement of membership: what the public sees of it, what comes next, and what they can do."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http import sign_ins, transaction
from directory.http.access import permitted
from directory.http.uploads import takes_files
from directory.lib import clock
from directory.models import Claim, NotFound, Permission
from directory.services import claims, limits, listings
from directory.web.forms.base import ButtonForm
from directory.web.forms.own_claims import AnswerForm, EvidenceForm, NumberForm

bp = Blueprint("member_claims", __name__, url_prefix="/member/claims")

# A file that somebody else's program made opens nothing here.
SANDBOX = "default-src 'none'; sandbox"


def _own(claim_id: int) -> Claim:
    """A claim of one's own listing; anybody else's is not there."""
    kept = listings.of_account(sign_ins.member())
    if kept is None:
        raise NotFound(f"no claim {claim_id}")
    return claims.get_own(kept, claim_id)


def _page(claim: Claim, **forms: Any) -> str:
    settings: Settings = current_app.extensions["settings"]
    return render_template(
        "member/claims/show.html",
        mine=claims.of_claim(claim, clock.today(settings.zone)),
        claim=claim,
        messages=claims.messages(claim),
        files=claims.evidence_of(claim),
        answer=forms.get("answer") or AnswerForm(formdata=None),
        evidence=forms.get("evidence") or EvidenceForm(formdata=None),
        number=forms.get("number") or NumberForm(formdata=None, data={"number": claim.number or ""}),
        problems=[problem for form in forms.values() for problem in form.problems],
    )


@bp.get("/<int:claim_id>")
@permitted(Permission.KEEP_OWN_LISTING)
def show(claim_id: int) -> ResponseReturnValue:
    """How one statement stands."""
    return _page(_own(claim_id))


def _spend() -> None:
    limits.spend("claim-answer", account=sign_ins.member().id, at=clock.now())


def _back(claim_id: int, said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for(".show", claim_id=claim_id), 303)


@bp.post("/<int:claim_id>/answers")
@permitted(Permission.KEEP_OWN_LISTING)
def answer(claim_id: int) -> ResponseReturnValue:
    """Tell the verifiers something."""
    form = AnswerForm()
    if not form.validate():
        return _page(_own(claim_id), answer=form), 422
    _own(claim_id)
    _spend()
    claims.answer(_own(claim_id), form.text.data, by=sign_ins.member(), at=clock.now())
    return _back(claim_id, gettext("Thank you. We read it, and look again."))


@bp.post("/<int:claim_id>/evidence")
@permitted(Permission.KEEP_OWN_LISTING)
@takes_files(claims.MOST_REQUEST_BYTES)
def send(claim_id: int) -> ResponseReturnValue:
    """Send a file that only verifiers see."""
    form = EvidenceForm()
    claim = _own(claim_id)
    if not form.validate():
        return _page(claim, evidence=form), 422
    name = form.file.data.filename
    content = form.file.data.read()
    _spend()
    # Reading takes long: nobody waits for it.
    transaction.pause()
    try:
        paper = claims.read_evidence(content)
        claims.add_evidence(_own(claim_id), name, paper, by=sign_ins.member(), at=clock.now())
    except claims.UnreadableEvidence as error:
        form.file.errors = [gettext(str(error))]
        return _page(_own(claim_id), evidence=form), 422
    except claims.Refused as refused:
        form.file.errors = [gettext(refused.reason)]
        return _page(_own(claim_id), evidence=form), 422
    return _back(claim_id, gettext("Thank you. Only verifiers see the file, and it goes one year after the check."))


@bp.get("/<int:claim_id>/evidence/<int:evidence_id>")
@permitted(Permission.KEEP_OWN_LISTING)
def file(claim_id: int, evidence_id: int) -> ResponseReturnValue:
    """A file that one sent, as it is kept."""
    sent = claims.get_evidence(_own(claim_id), evidence_id)
    ending = "pdf" if sent.media_type == "application/pdf" else "jpg"
    response = Response(sent.content or b"", mimetype=sent.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"evidence-{sent.digest[:12]}.{ending}")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<int:claim_id>/evidence/<int:evidence_id>/removal")
@permitted(Permission.KEEP_OWN_LISTING)
def take_away(claim_id: int, evidence_id: int) -> ResponseReturnValue:
    """Take a file back that no check rests on."""
    claim = _own(claim_id)
    _press(lambda: claims.take_evidence_away(claim, evidence_id, by=sign_ins.member(), at=clock.now()))
    return _back(claim_id, gettext("The file is gone."))


@bp.post("/<int:claim_id>/number")
@permitted(Permission.KEEP_OWN_LISTING)
def correct(claim_id: int) -> ResponseReturnValue:
    """Correct the number."""
    claim, form = _own(claim_id), NumberForm()
    if not form.validate():
        return _page(claim, number=form), 422
    _spend()
    try:
        claims.correct_number(_own(claim_id), form.number.data, by=sign_ins.member(), at=clock.now())
    except claims.Refused as refused:
        form.number.errors = [gettext(refused.reason)]
        return _page(_own(claim_id), number=form), 422
    return _back(claim_id, gettext("Corrected. We look for you under this number."))


@bp.get("/<int:claim_id>/withdrawal")
@permitted(Permission.KEEP_OWN_LISTING)
def ask_withdrawal(claim_id: int) -> ResponseReturnValue:
    """What taking a statement back means, before it is done."""
    claim = _own(claim_id)
    return render_template("member/claims/withdrawal.html", claim=claim, form=ButtonForm())


@bp.post("/<int:claim_id>/withdrawal")
@permitted(Permission.KEEP_OWN_LISTING)
def withdraw(claim_id: int) -> ResponseReturnValue:
    """Take a statement back."""
    claim = _own(claim_id)
    _press(lambda: claims.withdraw(claim, by=sign_ins.member(), at=clock.now()))
    flash(gettext("You have taken the statement back."))
    return redirect(url_for("member_listings.show"), 303)


def _press(verb: Callable[[], None]) -> None:
    if not ButtonForm().validate():
        abort(422)
    verb()
