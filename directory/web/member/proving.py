"""Proving once more who one is, before something sensitive."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from directory.http import passkeys, sign_ins
from directory.http.access import member, on_the_way
from directory.lib import clock
from directory.models import Account, NotFound, SignIn
from directory.services import accounts, limits, second_factors
from directory.services import sign_ins as sessions
from directory.web.forms.accounts import ButtonForm, CodeForm, PasskeyForm, ProofForm
from directory.web.forms.base import Form
from directory.web.member import destinations, signing_in

bp = Blueprint("member_proving", __name__, url_prefix="/member/proof")


def signed_in() -> tuple[Account, SignIn]:
    """Who is signed in, and in which session. Raises NotFound, which access has made impossible."""
    account, row = sign_ins.current(), sign_ins.current_row()
    if account is None or row is None:
        raise NotFound
    return account, row


@bp.get("")
@member
@on_the_way
def ask() -> ResponseReturnValue:
    """The strongest way that the account has, and a link by mail."""
    return _page(200)


def _page(status: int, wrong: Form | None = None) -> ResponseReturnValue:
    account, _row = signed_in()
    wished = destinations.wanted()
    code, password = (
        wrong if isinstance(wrong, kind) else kind(formdata=None, next=wished) for kind in (CodeForm, ProofForm)
    )
    page = render_template(
        "member/proving/ask.html",
        problems=wrong.problems if wrong is not None else [],
        code=code if second_factors.has_app(account) else None,
        password=password if account.password and not account.has_second_factor else None,
        passkey=PasskeyForm(formdata=None, next=wished) if account.webauthn else None,
        options=passkeys.asking(account) if account.webauthn else None,
        link=ButtonForm(formdata=None, next=wished),
    )
    return page, status


def _go_on(row: SignIn, wished: str | None, *, second_factor: bool) -> ResponseReturnValue:
    sessions.prove(row, at=clock.now(), second_factor=second_factor)
    return redirect(destinations.after_sign_in(row.account, wished or ""), 303)


@bp.post("")
@member
@on_the_way
def with_password() -> ResponseReturnValue:
    """By password, for whoever has no second factor."""
    account, row = signed_in()
    form = ProofForm()
    if not form.validate():
        return _page(422, form)
    if account.has_second_factor or signing_in.by_password(account.email, form.password.data) is None:
        form.password.errors = [_("That is not the password of this account.")]
        return _page(422, form)
    return _go_on(row, form.next.data, second_factor=False)


@bp.post("/code")
@member
@on_the_way
def with_code() -> ResponseReturnValue:
    """By a code of the app."""
    account, row = signed_in()
    form = CodeForm()
    if not form.validate():
        return _page(422, form)
    if signing_in.take_code(account, form.code.data) is None:
        form.code.errors = [_("That code is not right, or it was used before.")]
        return _page(422, form)
    return _go_on(row, form.next.data, second_factor=True)


@bp.post("/passkey")
@member
@on_the_way
def with_passkey() -> ResponseReturnValue:
    """With a passkey of this account."""
    account, row = signed_in()
    form = PasskeyForm()
    limits.spend("sign-in", account=account.email, network=sign_ins.network_of(request), at=clock.now())
    shown = passkeys.shown(form.credential.data or "") if form.validate() else None
    if shown is None or shown[0].user_id != account.id:
        form.form_errors.append(signing_in.WRONG_PASSKEY)
        return _page(422, form)
    second_factors.passkey_used(shown[0], sign_count=shown[1], at=clock.now())
    return _go_on(row, form.next.data, second_factor=True)


@bp.post("/link")
@member
@on_the_way
def with_link() -> ResponseReturnValue:
    """Have a link sent: whoever signs in with it has proved who they are."""
    account, _row = signed_in()
    destinations.remember()
    signing_in.mail_to(account.email, accounts.ask_sign_in, "mail-link")
    return redirect(url_for("member_signing_in.mailed"), 303)
