"""The terms and the rules for listings, when they are new to an account."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from directory.http import sign_ins
from directory.http.access import member, on_the_way
from directory.lib import clock
from directory.services import agreements
from directory.web.forms.accounts import AgreementForm
from directory.web.member import destinations

bp = Blueprint("member_agreements", __name__, url_prefix="/member/agreements")


@bp.get("")
@member
@on_the_way
def ask() -> ResponseReturnValue:
    """What changed, or what was never agreed to."""
    return render_template("member/agreements/ask.html", form=AgreementForm(next=destinations.wanted()))


@bp.post("")
@member
@on_the_way
def agree() -> ResponseReturnValue:
    """Agree, and go on to where somebody was going."""
    form, account = AgreementForm(), sign_ins.member()
    if not form.validate():
        return render_template("member/agreements/ask.html", form=form), 422
    agreements.agree(account, network=sign_ins.network_of(request), at=clock.now())
    return redirect(destinations.after_sign_in(account, form.next.data), 303)
