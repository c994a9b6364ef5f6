"""Accounts: finding one, what happened to it, its role, its sessions, and invitations."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sanity, sign_ins
from directory.http.access import permitted, recently_proved
from directory.http.event_words import EVENTS
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Account, Permission, Role
from directory.services import accounts, events, listings, moderation
from directory.services import sign_ins as sessions
from directory.services.moderation import Refused, change_role, invite, switch_off, switch_on
from directory.web.admin import desk
from directory.web.admin.listings import STATES
from directory.web.forms.base import ButtonForm
from directory.web.forms.moderation import InvitationForm, RoleForm

bp = Blueprint("admin_accounts", __name__)

EVENTS_SHOWN = 30
UNUSABLE = N_("No letter can go to this address. Look at it again")


@bp.get("/admin/accounts")
@permitted(Permission.SEARCH_ACCOUNTS)
def index() -> ResponseReturnValue:
    """Accounts by address, number or role, newest first."""
    words, role = desk.typed("q"), desk.chosen(Role, "role")
    found = moderation.find_accounts(words, role, before=sanity.number("before"), most=moderation.PAGE + 1)
    shown, older = desk.one_page(found, q=words, role=role)
    return render_template(
        "admin/accounts/index.html",
        accounts=shown,
        words=words,
        role=role,
        roles={one: one.label for one in Role},
        older=older,
    )


@bp.get("/admin/accounts/<int:account_id>")
@permitted(Permission.SEARCH_ACCOUNTS)
def show(account_id: int) -> ResponseReturnValue:
    """One account."""
    account = accounts.get(account_id)
    return _page(account, RoleForm(formdata=None, role=account.role.value))


@bp.post("/admin/accounts/<int:account_id>/role")
@permitted(Permission.SEARCH_ACCOUNTS)
@recently_proved
def set_role(account_id: int) -> ResponseReturnValue:
    """Give another role."""
    account, form = accounts.get(account_id), RoleForm()
    if not form.validate():
        return _page(account, form), 422
    role = Role(form.role.data)

    def change() -> None:
        change_role(account, role, by=desk.administrator(), network=sign_ins.network_of(request), at=clock.now())

    return _done(account, change, N_("The role of %(email)s is another now, and their sessions have ended."))


@bp.post("/admin/accounts/<int:account_id>/deactivation")
@permitted(Permission.SEARCH_ACCOUNTS)
@recently_proved
def deactivate(account_id: int) -> ResponseReturnValue:
    """Let nobody sign in with it."""
    account = accounts.get(account_id)
    return _done(
        account,
        lambda: switch_off(account, by=desk.administrator(), at=clock.now()),
        N_("%(email)s is switched off. Their listing stays as it is."),
    )


@bp.post("/admin/accounts/<int:account_id>/activation")
@permitted(Permission.SEARCH_ACCOUNTS)
@recently_proved
def activate(account_id: int) -> ResponseReturnValue:
    """Let them sign in again."""
    account = accounts.get(account_id)
    return _done(
        account,
        lambda: switch_on(account, by=desk.administrator(), at=clock.now()),
        N_("%(email)s is switched on again."),
    )


@bp.post("/admin/accounts/<int:account_id>/session-endings")
@permitted(Permission.SEARCH_ACCOUNTS)
def end_sessions(account_id: int) -> ResponseReturnValue:
    """End every session of it."""
    account = accounts.get(account_id)

    def end() -> None:
        accounts.end_sessions(account, by=desk.administrator(), at=clock.now(), but=sign_ins.current_row())

    return _done(account, end, N_("The sessions of %(email)s have ended."))


@bp.get("/admin/accounts/invitations")
@permitted(Permission.SEARCH_ACCOUNTS)
def ask_invitation() -> ResponseReturnValue:
    """A form to invite somebody."""
    return render_template("admin/accounts/invitations.html", form=InvitationForm(formdata=None))


@bp.post("/admin/accounts/invitations")
@permitted(Permission.SEARCH_ACCOUNTS)
@recently_proved
def send_invitation() -> ResponseReturnValue:
    """Invite somebody."""
    form = InvitationForm()
    if form.validate():
        try:
            email = accounts.normalised(form.email.data)
            invite(email, Role(form.role.data), by=desk.administrator(), at=clock.now())
        except accounts.UnusableAddress:
            form.email.errors = [gettext(UNUSABLE)]
        except Refused as refused:
            form.email.errors = [gettext(refused.reason)]
        else:
            flash(gettext("An invitation is on its way to %(email)s.", email=email))
            return redirect(url_for(".index"), 303)
    return render_template("admin/accounts/invitations.html", form=form), 422


def _done(account: Account, do: Callable[[], Any], said: str) -> ResponseReturnValue:
    """Do it, say so, and show the account again; where it is refused, say why."""
    try:
        do()
    except Refused as refused:
        return _page(account, RoleForm(formdata=None, role=account.role.value), gettext(refused.reason)), 409
    flash(gettext(said, email=account.email))
    return redirect(url_for(".show", account_id=account.id), 303)


def _page(account: Account, form: RoleForm, refused: str | None = None) -> str:
    kept = listings.of_account(account)
    log = events.list_events(account_id=account.id, most=EVENTS_SHOWN)
    ids = {one for event in log for one in (event.actor_id, event.account_id) if one}
    return render_template(
        "admin/accounts/show.html",
        account=account,
        kept=kept,
        heading=moderation.headings([kept.practitioner_id]).get(kept.practitioner_id) if kept else None,
        sessions=sessions.list_open(account, at=clock.now()),
        events=log,
        kinds=EVENTS,
        names=moderation.names_of(ids),
        headings=moderation.headings([event.practitioner_id for event in log if event.practitioner_id]),
        states=STATES,
        form=form,
        button=ButtonForm(formdata=None),
        refused=refused,
        is_own=account.id == desk.administrator().id,
    )
