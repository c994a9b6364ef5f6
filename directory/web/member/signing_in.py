"""Signing in: by password, by a link that came by mail, or with a passkey; the second factor; signing out."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from directory.http import passkeys, sign_ins
from directory.http.access import anyone
from directory.lib import clock
from directory.models import Account, LinkKind
from directory.services import accounts, events, limits, links, second_factors
from directory.web.forms.accounts import ButtonForm, CodeForm, EmailForm, PasskeyForm, SignInForm
from directory.web.member import destinations

bp = Blueprint("member_signing_in", __name__, url_prefix="/member")

MAILED = "mailed"
WRONG = _("The address and the password do not go together. Try again, or have a link sent.")
WRONG_PASSKEY = _("That passkey is not known here, or it took too long. Try again, or sign in another way.")


@bp.get("/sign-in")
@anyone
def show() -> ResponseReturnValue:
    """Where signing in begins."""
    account = sign_ins.current()
    if account is not None:
        return redirect(destinations.after_sign_in(account, destinations.wanted()), 303)
    return _page(SignInForm(next=destinations.wanted()))


def _page(form: SignInForm, status: int = 200, problem: object = None) -> ResponseReturnValue:
    if problem is not None:
        form.form_errors.append(problem)
    passkey = PasskeyForm(formdata=None, next=form.next.data)
    page = render_template("member/signing_in/show.html", form=form, passkey=passkey, options=passkeys.asking())
    return page, status


@bp.post("/sign-in")
@anyone
def sign_in() -> ResponseReturnValue:
    """With a password."""
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    account = by_password(form.email.data, form.password.data)
    if account is None:
        return _page(form, 422, WRONG)
    return begin(account, "password", form.next.data)


def by_password(typed: str, password: str) -> Account | None:
    """Whose password it is; the same work for an address that nobody has. Raises TooMany."""
    try:
        email = accounts.normalised(typed)
    except accounts.UnusableAddress:
        email = typed.lower()
    network, at = sign_ins.network_of(request), clock.now()
    limits.spend("sign-in", account=email, network=network, at=at)
    return accounts.of_password(email, password, network=network, at=at)


def begin(account: Account, method: str, wished: str | None, *, second_factor: bool = False) -> ResponseReturnValue:
    """Sign in as far as this proves it, and go on to the second factor or to where somebody wanted to go."""
    wished = destinations.safe(wished) or destinations.remembered()
    note = start(account, method, second_factor=second_factor)
    if not note:
        session[destinations.NEXT] = wished
        return redirect(url_for("member_signing_in.ask_second_factor"), 303)
    return redirect(destinations.after_sign_in(account, wished), 303)


def start(account: Account, method: str, *, second_factor: bool) -> bool:
    """A new session; False when it waits for the second factor."""
    row = sign_ins.begin(account, method, had_second_factor=second_factor)
    complete = second_factor or not account.has_second_factor
    if complete:
        accounts.note_sign_in(account, row, at=clock.now())
    return complete


@bp.post("/passkey-sign-in")
@anyone
def sign_in_with_passkey() -> ResponseReturnValue:
    """With a passkey alone: it holds the account, and asks who holds it."""
    form = PasskeyForm()
    limits.spend("sign-in", network=sign_ins.network_of(request), at=clock.now())
    shown = passkeys.shown(form.credential.data or "") if form.validate() else None
    if shown is None or not shown[0].user.active:
        return _page(SignInForm(formdata=None, next=form.next.data), 422, WRONG_PASSKEY)
    passkey, count = shown
    second_factors.passkey_used(passkey, sign_count=count, at=clock.now())
    return begin(passkey.user, "passkey", form.next.data, second_factor=True)


@bp.post("/sign-in-link")
@anyone
def ask_link() -> ResponseReturnValue:
    """Have a link sent."""
    form = EmailForm()
    if not form.validate():
        again = SignInForm(next=form.next.data)
        again.email.errors = form.email.errors
        return _page(again, 422)
    destinations.remember()
    mail_to(form.email.data, partial(accounts.ask_sign_in, wished=destinations.wanted()), "mail-link")
    return redirect(url_for("member_signing_in.mailed"), 303)


def mail_to(typed: str, ask: Callable[..., None], *limited: str) -> None:
    """Have something sent to the address that was typed, within limits, and keep the address for the next page."""
    email = accounts.normalised(typed)
    for limit in limited:
        limits.spend(limit, account=email, network=sign_ins.network_of(request), at=clock.now())
    ask(email, at=clock.now())
    session[MAILED] = email


@bp.get("/mail-sent")
@anyone
def mailed() -> ResponseReturnValue:
    """Look in your mail."""
    return render_template("member/signing_in/mailed.html", email=session.get(MAILED))


@bp.get("/sign-in/<string(maxlength=64):token>")
@anyone
def show_link(token: str) -> ResponseReturnValue:
    """The page of a link: scanners of mail follow links, so that it takes a button to sign in."""
    row = links.look(LinkKind.SIGN_IN, token, at=clock.now())
    return render_template(
        "member/signing_in/link.html", form=ButtonForm(), email=accounts.of_link(row).email, token=token
    )


@bp.post("/sign-in/<string(maxlength=64):token>")
@anyone
def use_link(token: str) -> ResponseReturnValue:
    """Sign in with a link, once."""
    wished = links.wished(links.look(LinkKind.SIGN_IN, token, at=clock.now()))
    return begin(accounts.confirm_sign_in(token, at=clock.now()), "link", wished)


@bp.get("/second-factor")
@anyone
def ask_second_factor() -> ResponseReturnValue:
    """The second factor of somebody who has shown the first."""
    row = sign_ins.half_way()
    if row is None:
        return redirect(url_for("member_signing_in.show", next=destinations.wanted() or None), 303)
    return _second_factor_page(CodeForm(next=destinations.wanted() or destinations.remembered()), row.account)


def _second_factor_page(
    form: CodeForm, account: Account, status: int = 200, problem: object = None
) -> ResponseReturnValue:
    if problem is not None:
        form.code.errors = [*form.code.errors, problem]
    return (
        render_template(
            "member/signing_in/second_factor.html",
            form=form,
            has_app=second_factors.has_app(account),
            passkey=PasskeyForm(formdata=None, next=form.next.data) if account.webauthn else None,
            options=passkeys.asking(account) if account.webauthn else None,
        ),
        status,
    )


@bp.post("/second-factor")
@anyone
def show_second_factor() -> ResponseReturnValue:
    """A code of the app, or a recovery code."""
    form = CodeForm()
    row = sign_ins.half_way()
    if row is None:
        return redirect(url_for("member_signing_in.show"), 303)
    account, method = row.account, row.method
    if not form.validate():
        return _second_factor_page(form, account, 422)
    kind = take_code(account, form.code.data)
    if kind is None:
        return _second_factor_page(form, account, 422, _("That code is not right, or it was used before."))
    return begin(account, f"{method}+{kind}", form.next.data, second_factor=True)


def take_code(account: Account, code: str) -> str | None:
    """Which kind of code it was, or None. Raises TooMany."""
    at, network = clock.now(), sign_ins.network_of(request)
    limits.spend("second-factor", account=account.id, network=network, at=at)
    kind = second_factors.take_code(account, code)
    if kind is None:
        events.record_failure("code-wrong", account_id=account.id, network=network, at=at)
    if kind == "recovery-code":
        events.record("recovery-code-used", at=at, by=account, account_id=account.id, network=network)
        accounts.tell(
            account,
            "second-factor-changed",
            f"recovery-code-used:{at.isoformat()}",
            at=at,
            what="recovery-code-used",
            network=network,
        )
    return kind


@bp.post("/sign-out")
@anyone
def sign_out() -> ResponseReturnValue:
    """End this session."""
    sign_ins.end()
    return redirect(current_app.config["APPLICATION_ROOT"], 303)
