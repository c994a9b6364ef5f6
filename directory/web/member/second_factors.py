"""Setting up what signs in beside a password: an app with codes, passkeys, and recovery codes."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from directory.http import addresses, passkeys, sign_ins
from directory.http.access import member, on_the_way, recently_proved
from directory.lib import clock
from directory.models import Account, InvalidTransition, SignIn
from directory.services import accounts, second_factors
from directory.services import sign_ins as sessions
from directory.web.forms.accounts import ButtonForm, CodeForm, NewPasskeyForm, PasskeyNameForm
from directory.web.member.proving import signed_in

bp = Blueprint("member_second_factors", __name__, url_prefix="/member/second-factors")

APP_SECRET, CODES = "app_secret", "codes_to_show"


@bp.get("")
@member
@on_the_way
@recently_proved
def index() -> ResponseReturnValue:
    """What there is, and what can be added."""
    return _page(NewPasskeyForm(), 200)


def _page(form: NewPasskeyForm, status: int) -> ResponseReturnValue:
    account, row = signed_in()
    page = render_template(
        "member/second_factors/index.html",
        form=form,
        account=account,
        is_needed=account.role.needs_second_factor and not row.had_second_factor,
        has_app=second_factors.has_app(account),
        codes_left=second_factors.recovery_codes_left(account),
        button=ButtonForm(formdata=None),
        options=passkeys.making(account),
        most=second_factors.MOST_PASSKEYS,
    )
    return page, status


def _changed(account: Account, row: SignIn, what: str) -> ResponseReturnValue:
    """Keep this session, which has shown the new factor, end the others, and show codes to those who have none."""
    accounts.second_factor_changed(account, what, keep=row, network=sign_ins.network_of(request), at=clock.now())
    if account.has_second_factor and not second_factors.recovery_codes_left(account):
        second_factors.new_recovery_codes(account)
        session[CODES] = True
        return redirect(url_for("member_second_factors.show_codes"), 303)
    return redirect(url_for("member_second_factors.index"), 303)


@bp.get("/app")
@member
@on_the_way
@recently_proved
def show_app() -> ResponseReturnValue:
    """The key for an app, as a picture and as text."""
    return _app_page(CodeForm(), 200)


def _app_page(form: CodeForm, status: int) -> ResponseReturnValue:
    account, _row = signed_in()
    secret = session.get(APP_SECRET)
    if not isinstance(secret, str):
        session[APP_SECRET] = secret = second_factors.new_app_secret()
    uri, key = second_factors.app_key(secret, account.email)
    return render_template("member/second_factors/app.html", form=form, key=key, picture=addresses.code(uri)), status


@bp.post("/app")
@member
@on_the_way
@recently_proved
def add_app() -> ResponseReturnValue:
    """Set up the app that shows the right code now."""
    account, row = signed_in()
    form, secret = CodeForm(), session.get(APP_SECRET)
    if not form.validate():
        return _app_page(form, 422)
    if not isinstance(secret, str) or not second_factors.set_app(account, secret, form.code.data):
        form.code.errors = [_("That is not the code that the app shows now. Wait for the next one, and type it.")]
        return _app_page(form, 422)
    session.pop(APP_SECRET, None)
    sessions.prove(row, at=clock.now(), second_factor=True)
    flash(gettext("The app is set up. From now on you are asked for a code when you sign in."))
    return _changed(account, row, "app-added")


@bp.post("/app-removal")
@member
@recently_proved
def remove_app() -> ResponseReturnValue:
    """Do without the app."""
    account, row = signed_in()
    if not second_factors.has_app(account):
        raise InvalidTransition("no app to take away")
    _keep_one(account, len(account.webauthn))
    second_factors.remove_app(account)
    flash(gettext("The app is taken away. Delete its entry in the app, too."))
    return _changed(account, row, "app-removed")


def _keep_one(account: Account, left: int) -> None:
    """Raises InvalidTransition where somebody who needs a second factor would take the last one away."""
    if account.role.needs_second_factor and left == 0:
        raise InvalidTransition("the last second factor")


@bp.get("/recovery-codes")
@member
@on_the_way
@recently_proved
def show_codes() -> ResponseReturnValue:
    """New codes, once; later only how many are left."""
    account, _row = signed_in()
    codes = second_factors.recovery_codes(account) if session.pop(CODES, False) else []
    return render_template(
        "member/second_factors/codes.html",
        codes=codes,
        left=second_factors.recovery_codes_left(account),
        button=ButtonForm(formdata=None),
    )


@bp.post("/recovery-codes")
@member
@recently_proved
def make_codes() -> ResponseReturnValue:
    """New ones in place of all old ones."""
    account, row = signed_in()
    if not account.has_second_factor:
        raise InvalidTransition("codes without a factor")
    second_factors.new_recovery_codes(account)
    accounts.second_factor_changed(
        account, "recovery-codes-made", keep=row, network=sign_ins.network_of(request), at=clock.now()
    )
    session[CODES] = True
    return redirect(url_for("member_second_factors.show_codes"), 303)


@bp.post("/passkeys")
@member
@on_the_way
@recently_proved
def add_passkey() -> ResponseReturnValue:
    """Keep a passkey that the browser has made."""
    account, row = signed_in()
    form = NewPasskeyForm()
    made = passkeys.made(form.credential.data or "") if form.validate() else None
    if not form.errors and (made is None or len(account.webauthn) >= second_factors.MOST_PASSKEYS):
        form.form_errors.append(_("The passkey could not be added. Try again."))
    if made is None or form.form_errors:
        return _page(form, 422)
    verified, transports = made
    second_factors.add_passkey(account, name=form.name.data, verified=verified, transports=transports, at=clock.now())
    sessions.prove(row, at=clock.now(), second_factor=True)
    flash(gettext("The passkey is added. From now on it is enough to sign in."))
    return _changed(account, row, "passkey-added")


@bp.post("/passkeys/<int:number>/name")
@member
@recently_proved
def name_passkey(number: int) -> ResponseReturnValue:
    """Call it something else."""
    account, _row = signed_in()
    passkey = second_factors.own_passkey(account, number)
    form = PasskeyNameForm()
    if not form.validate():
        return _page(NewPasskeyForm(formdata=None), 422)
    passkey.name = form.name.data
    return redirect(url_for("member_second_factors.index"), 303)


@bp.post("/passkeys/<int:number>/removal")
@member
@recently_proved
def remove_passkey(number: int) -> ResponseReturnValue:
    """It signs nobody in any more."""
    account, row = signed_in()
    passkey = second_factors.own_passkey(account, number)
    _keep_one(account, len(account.webauthn) - 1 + second_factors.has_app(account))
    account.webauthn.remove(passkey)
    flash(gettext("The passkey is taken away."))
    return _changed(account, row, "passkey-removed")
