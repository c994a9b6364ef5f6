"""A new password by mail, for whoever forgot the old one. It takes the place of a password alone: the second factor
is asked for as ever."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sign_ins, transaction
from directory.http.access import anyone
from directory.http.words import plain_message
from directory.lib import clock
from directory.models import Account, LinkKind
from directory.services import accounts, links, passwords
from directory.web.forms.accounts import EmailForm, NewPasswordForm
from directory.web.member import signing_in

bp = Blueprint("member_new_passwords", __name__, url_prefix="/member/new-password")


@bp.get("")
@anyone
def show() -> ResponseReturnValue:
    """Where somebody says that they forgot theirs."""
    return render_template("member/new_passwords/ask.html", form=EmailForm())


@bp.post("")
@anyone
def ask() -> ResponseReturnValue:
    """Have a link sent."""
    form = EmailForm()
    if not form.validate():
        return render_template("member/new_passwords/ask.html", form=form), 422
    signing_in.mail_to(form.email.data, accounts.ask_new_password, "mail-link")
    return redirect(url_for("member_signing_in.mailed"), 303)


@bp.get("/<string(maxlength=64):token>")
@anyone
def show_link(token: str) -> ResponseReturnValue:
    """The page of the link: choose another."""
    account = accounts.of_link(links.look(LinkKind.NEW_PASSWORD, token, at=clock.now()))
    return _page(NewPasswordForm(), account, token)


def _page(form: NewPasswordForm, account: Account, token: str, status: int = 200) -> ResponseReturnValue:
    page = render_template("member/new_passwords/choose.html", form=form, email=account.email, token=token)
    return page, status


@bp.post("/<string(maxlength=64):token>")
@anyone
def choose(token: str) -> ResponseReturnValue:
    """Use the link up, change the password, and go on to the second factor where there is one."""
    at = clock.now()
    account = accounts.of_link(links.look(LinkKind.NEW_PASSWORD, token, at=at))
    form = NewPasswordForm()
    if not is_good(form, account):
        return _page(form, account, token, 422)
    hashed = passwords.hashed(form.password.data)
    links.use(LinkKind.NEW_PASSWORD, token, at=at)
    accounts.set_password(account, hashed, keep=None, network=sign_ins.network_of(request), at=at)
    return signing_in.begin(account, "link", None)


def is_good(form: NewPasswordForm, account: Account) -> bool:
    """Whether the form is whole and its password strong enough; what is wrong stands beside the field.

    Ends the transaction so far: this, and hashing what is good, takes long.
    """
    transaction.pause()
    if not form.validate():
        return False
    site_name: str = current_app.extensions["settings"].site_name
    wrong = passwords.problem(form.password.data, site_name=site_name, email=account.email)
    if wrong is not None:
        form.password.errors = [gettext(plain_message(wrong))]
    return wrong is None
