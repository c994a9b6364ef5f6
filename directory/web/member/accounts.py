"""Somebody's own account: address, password, sessions, and what happened to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sanity, sign_ins
from directory.http.access import anyone, member, recently_proved
from directory.http.event_words import EVENTS
from directory.lib import clock
from directory.models import LinkKind
from directory.services import accounts, agreements, events, limits, links, passwords, second_factors
from directory.services import sign_ins as sessions
from directory.web.forms.accounts import ButtonForm, NewAddressForm, NewPasswordForm
from directory.web.member.new_passwords import is_good
from directory.web.member.proving import signed_in

bp = Blueprint("member_accounts", __name__, url_prefix="/member")


@bp.get("/account")
@member
def show() -> ResponseReturnValue:
    """Everything about the account, with where to change it."""
    account, _row = signed_in()
    return render_template(
        "member/accounts/show.html",
        account=account,
        has_app=second_factors.has_app(account),
        codes_left=second_factors.recovery_codes_left(account),
        sessions=len(sessions.list_open(account, at=clock.now())),
        agreements=agreements.list_agreements(account),
    )


@bp.get("/account/address")
@member
@recently_proved
def show_address() -> ResponseReturnValue:
    """Where mail goes."""
    account, _row = signed_in()
    return render_template("member/accounts/address.html", form=NewAddressForm(), account=account)


@bp.post("/account/address")
@member
@recently_proved
def change_address() -> ResponseReturnValue:
    """Have a link sent to the new address."""
    account, _row = signed_in()
    form = NewAddressForm()
    if not form.validate():
        return render_template("member/accounts/address.html", form=form, account=account), 422
    at = clock.now()
    email = accounts.normalised(form.email.data)
    limits.spend("change-address", account=account.id, at=at)
    # Many accounts together may not fill somebody's mailbox either.
    limits.spend("mail-link", account=email, network=sign_ins.network_of(request), at=at)
    accounts.ask_new_address(account, email, at=at)
    flash(gettext("We have written to %(email)s. Your address changes when you press the button there.", email=email))
    return redirect(url_for("member_accounts.show"), 303)


@bp.get("/new-address/<string(maxlength=64):token>")
@anyone
def show_new_address(token: str) -> ResponseReturnValue:
    """The page of the link to the new address."""
    row = links.look(LinkKind.NEW_ADDRESS, token, at=clock.now())
    accounts.of_link(row)
    return render_template("member/accounts/new_address.html", form=ButtonForm(), email=row.email, token=token)


@bp.post("/new-address/<string(maxlength=64):token>")
@anyone
def confirm_new_address(token: str) -> ResponseReturnValue:
    """Use the new address from now on."""
    accounts.confirm_new_address(
        token, keep=sign_ins.current_row(), network=sign_ins.network_of(request), at=clock.now()
    )
    flash(gettext("Your account uses the new address from now on."))
    return redirect(url_for("member_accounts.show"), 303)


@bp.get("/account/password")
@member
@recently_proved
def show_password() -> ResponseReturnValue:
    """Set, change or take away the password."""
    return _password_page(NewPasswordForm(), 200)


def _password_page(form: NewPasswordForm, status: int) -> ResponseReturnValue:
    account, _row = signed_in()
    page = render_template(
        "member/accounts/password.html", form=form, account=account, button=ButtonForm(formdata=None)
    )
    return page, status


@bp.post("/account/password")
@member
@recently_proved
def change_password() -> ResponseReturnValue:
    """Another password; every other session ends."""
    account, row = signed_in()
    form = NewPasswordForm()
    if not is_good(form, account):
        return _password_page(form, 422)
    hashed = passwords.hashed(form.password.data)
    accounts.set_password(account, hashed, keep=row, network=sign_ins.network_of(request), at=clock.now())
    flash(gettext("Your password is set. All other sessions were ended."))
    return redirect(url_for("member_accounts.show"), 303)


@bp.post("/account/password-removal")
@member
@recently_proved
def remove_password() -> ResponseReturnValue:
    """Do without a password."""
    account, row = signed_in()
    accounts.take_password_away(account, keep=row, network=sign_ins.network_of(request), at=clock.now())
    flash(gettext("Your password is taken away. Sign in with a link by mail, or with a passkey."))
    return redirect(url_for("member_accounts.show"), 303)


@bp.get("/account/sessions")
@member
def list_sessions() -> ResponseReturnValue:
    """Where the account is signed in."""
    account, row = signed_in()
    return render_template(
        "member/accounts/sessions.html",
        sessions=sessions.list_open(account, at=clock.now()),
        own=row,
        button=ButtonForm(formdata=None),
    )


@bp.post("/account/sessions/<int:number>/end")
@member
def end_session(number: int) -> ResponseReturnValue:
    """Sign one of them out."""
    account, _row = signed_in()
    sessions.end_one(account, number, by=account, network=sign_ins.network_of(request), at=clock.now())
    flash(gettext("The session is ended."))
    return redirect(url_for("member_accounts.list_sessions"), 303)


@bp.post("/account/other-sessions/end")
@member
def end_other_sessions() -> ResponseReturnValue:
    """Sign all but this one out."""
    account, row = signed_in()
    accounts.end_sessions(account, by=account, network=sign_ins.network_of(request), at=clock.now(), but=row)
    flash(gettext("All other sessions are ended."))
    return redirect(url_for("member_accounts.list_sessions"), 303)


@bp.get("/account/events")
@member
def list_events() -> ResponseReturnValue:
    """What happened to the account, when, and from which network."""
    account, _row = signed_in()
    found = events.list_events(account_id=account.id, before=sanity.number("before"), most=events.PAGE + 1)
    shown = found[: events.PAGE]
    return render_template(
        "member/accounts/events.html",
        events=shown,
        kinds=EVENTS,
        account=account,
        older=shown[-1].id if len(found) > events.PAGE else None,
    )
