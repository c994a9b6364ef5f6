"""Signing up with an address, and accepting an invitation."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.http import sign_ins
from directory.http.access import anyone
from directory.lib import clock
from directory.models import LinkKind, Role
from directory.services import accounts, links
from directory.web.forms.accounts import ButtonForm, SignUpForm
from directory.web.member import destinations, signing_in

bp = Blueprint("member_signing_up", __name__, url_prefix="/member")


@bp.get("/sign-up")
@anyone
def show() -> ResponseReturnValue:
    """Where an account begins."""
    account = sign_ins.current()
    if account is not None:
        return redirect(destinations.after_sign_in(account, destinations.wanted()), 303)
    return render_template("member/signing_up/show.html", form=SignUpForm(next=destinations.wanted()))


@bp.post("/sign-up")
@anyone
def ask() -> ResponseReturnValue:
    """Have a link sent that makes the account: the same page whether the address has one or not."""
    form = SignUpForm()
    if not form.validate():
        return render_template("member/signing_up/show.html", form=form), 422
    ask_link = partial(accounts.ask_sign_up, wished=destinations.wanted())
    signing_in.mail_to(form.email.data, ask_link, "sign-up", "mail-link")
    return redirect(url_for("member_signing_in.mailed"), 303)


@bp.get("/sign-up/<string(maxlength=64):token>")
@anyone
def show_link(token: str) -> ResponseReturnValue:
    """The page of the link, with its button."""
    row = links.look(LinkKind.SIGN_UP, token, at=clock.now())
    return render_template("member/signing_up/link.html", form=ButtonForm(), email=row.email, token=token)


@bp.post("/sign-up/<string(maxlength=64):token>")
@anyone
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the address: the account is there, and whoever pressed is signed in."""
    wished = links.wished(links.look(LinkKind.SIGN_UP, token, at=clock.now()))
    account = accounts.confirm_sign_up(token, network=sign_ins.network_of(request), at=clock.now())
    return signing_in.begin(account, "link", wished)


@bp.get("/invitation/<string(maxlength=64):token>")
@anyone
def show_invitation(token: str) -> ResponseReturnValue:
    """The page of an invitation, with its button."""
    row = links.look(LinkKind.INVITATION, token, at=clock.now())
    return render_template(
        "member/signing_up/invitation.html",
        form=ButtonForm(),
        email=row.email,
        role=Role(row.details["role"]),
        token=token,
    )


@bp.post("/invitation/<string(maxlength=64):token>")
@anyone
def accept(token: str) -> ResponseReturnValue:
    """Accept an invitation, once."""
    account = accounts.accept_invitation(token, network=sign_ins.network_of(request), at=clock.now())
    return signing_in.begin(account, "invitation", None)
