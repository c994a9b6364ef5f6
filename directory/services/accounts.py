"""Accounts: signing up and in, passwords, addresses, roles; what an address is told whether it is known or not.

Whatever is asked for an address does the same work for one that nobody has: one link, one letter.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_security.proxies import _security
from sqlalchemy import select

from directory.db import db, pause
from directory.lib import tokens
from directory.models import PERMISSIONS, Account, LinkKind, NotFound, OneTimeLink, Role, SignIn
from directory.services import agreements, events, ledger, links, outbox, passwords, second_factors, sign_ins


class UnusableAddress(ValueError):
    """No mail can go to what was typed."""


def normalised(email: str) -> str:
    """One spelling of an address. Raises UnusableAddress."""
    try:
        return str(_security.mail_util.normalize(email.strip())).lower()
    except ValueError:
        raise UnusableAddress(email) from None


def find(email: str, *, anew: bool = False) -> Account | None:
    """The account of an address in its one spelling; `anew`: as it is now, though it was read before."""
    query = select(Account).where(Account.email == email).execution_options(populate_existing=anew)
    return db.session.scalars(query).one_or_none()


def get(number: int) -> Account:
    """Raises NotFound."""
    account = db.session.get(Account, number)
    if account is None:
        raise NotFound
    return account


def list_accounts() -> Sequence[Account]:
    """All of them, in the order in which they were made."""
    return db.session.scalars(select(Account).order_by(Account.id)).all()


def of_password(email: str, password: str, *, network: str, at: dt.datetime) -> Account | None:
    """Whose password it is. The same work for an address that nobody has; what was wrong is written down.

    Call it before anything is changed: see db.pause.
    """
    account = find(email)
    kept = account.password if account is not None else None
    # Comparing takes long.
    pause()
    right = passwords.is_right(password, kept)
    # As it is now: it may have been changed meanwhile.
    account = find(email, anew=True)
    if right and account is not None and account.active and account.password == kept:
        return account
    events.record_failure("password-wrong", account_id=account.id if account else None, network=network, at=at)
    return None


def list_administrators() -> Sequence[Account]:
    """Those who can sign in."""
    query = select(Account).where(Account.role == Role.ADMINISTRATOR, Account.active).order_by(Account.id)
    return db.session.scalars(query).all()


# ---- what is asked for an address


def ask_sign_up(email: str, *, at: dt.datetime, wished: str = "") -> None:
    """Send a link that makes an account; to an address that has one, a link to sign in. `wished`: the path where they
    want to go then."""
    account = find(email)
    if account is None:
        token, row = links.make(LinkKind.SIGN_UP, email=email, at=at, wished=wished)
        _send("confirm-address", email, row, at=at, path=f"/member/sign-up/{token}")
    else:
        _send_link(account, email, LinkKind.SIGN_IN, "account-exists", "/member/sign-in", at=at, wished=wished)


def ask_sign_in(email: str, *, at: dt.datetime, wished: str = "") -> None:
    """Send a link that signs in; to an address without an account, word that it has none. `wished` as above."""
    _send_link(find(email), email, LinkKind.SIGN_IN, "sign-in-link", "/member/sign-in", at=at, wished=wished)


def ask_new_password(email: str, *, at: dt.datetime) -> None:
    """Send a link to choose another password; to an address without an account, word that it has none."""
    _send_link(find(email), email, LinkKind.NEW_PASSWORD, "new-password-link", "/member/new-password", at=at)


def _send_link(
    account: Account | None,
    email: str,
    link: LinkKind,
    letter: str,
    path: str,
    *,
    at: dt.datetime,
    wished: str = "",
) -> None:
    usable = account is not None and account.active
    # For nobody a link is made, too, which leads nowhere.
    token, row = links.make(
        link, email=email, account_id=account.id if account and usable else None, at=at, wished=wished
    )
    if account is None:
        _send("no-account", email, row, at=at)
    elif not usable:
        _send("account-off", email, row, at=at)
    else:
        _send(letter, email, row, at=at, path=f"{path}/{token}")


def _send(kind: str, to: str, row: OneTimeLink, *, at: dt.datetime, **values: Any) -> None:
    outbox.queue(kind, to, cause=f"{kind}:{row.token_hash}", at=at, account_id=row.account_id, **values)


# ---- what a link does


def of_link(row: OneTimeLink) -> Account:
    """The account of a link that has one. Raises NotFound."""
    if row.account_id is None:
        raise NotFound
    account = get(row.account_id)
    if not account.active:
        raise NotFound
    return account


def confirm_sign_up(token: str, *, network: str | None, at: dt.datetime) -> Account:
    """Make the account that a link confirms; somebody who did so a moment ago has it. Raises NotFound."""
    row = links.use(LinkKind.SIGN_UP, token, at=at)
    account = find(row.email)
    if account is None:
        account = _make(row.email, Role.MEMBER, at=at)
        agreements.agree(account, network=network, at=at)
        events.record("account-made", at=at, by=account, account_id=account.id, network=network)
    elif not account.active:
        raise NotFound
    return account


def confirm_sign_in(token: str, *, at: dt.datetime) -> Account:
    """The account that a link signs in. Raises NotFound."""
    return of_link(links.use(LinkKind.SIGN_IN, token, at=at))


def _make(email: str, role: Role, *, at: dt.datetime) -> Account:
    account = Account(
        email=email,
        role=role,
        active=True,
        fs_uniquifier=tokens.secret(),
        # By which passkeys know the account: random, so that it says nothing.
        fs_webauthn_user_handle=tokens.salt(),
        created_at=at,
        confirmed_at=at,
    )
    db.session.add(account)
    db.session.flush()
    return account


def note_sign_in(account: Account, row: SignIn, *, at: dt.datetime) -> None:
    """Write down that somebody is signed in now, and tell them when it was with a device that is new."""
    db.session.flush()
    events.record(
        "signed-in",
        at=at,
        by=account,
        account_id=account.id,
        network=row.network,
        method=row.method,
        device=row.device,
    )
    if sign_ins.is_new_device(account, network=row.network, device=row.device, before=row):
        tell(account, "signed-in-from", f"{row.id}", at=at, device=row.device, network=row.network)


def tell(account: Account, kind: str, cause: str, *, at: dt.datetime, to: str | None = None, **values: Any) -> None:
    """Write to an account about itself. Every such letter says when."""
    outbox.queue(
        kind,
        to or account.email,
        cause=f"{kind}:{account.id}:{cause}",
        at=at,
        account_id=account.id,
        at_time=at.isoformat(),
        **values,
    )


# ---- what is changed


def set_password(account: Account, hashed: str, *, keep: SignIn | None, network: str | None, at: dt.datetime) -> None:
    """Change the password to one that is hashed already, which takes long. Every other session ends, and so does every
    link that is still open.
    """
    account.password = hashed
    account.password_changed_at = at
    _end_others(account, keep, at=at)
    events.record("password-changed", at=at, by=account, account_id=account.id, network=network)
    tell(account, "password-changed", at.isoformat(), at=at, network=network)


def take_password_away(account: Account, *, keep: SignIn | None, network: str | None, at: dt.datetime) -> None:
    """From here on a link by mail or a passkey signs in."""
    account.password = None
    account.password_changed_at = at
    _end_others(account, keep, at=at)
    events.record("password-removed", at=at, by=account, account_id=account.id, network=network)
    tell(account, "password-changed", at.isoformat(), at=at, network=network)


def second_factor_changed(
    account: Account, what: str, *, keep: SignIn | None, network: str | None, at: dt.datetime
) -> None:
    """Say that a way to sign in came or went. `what`: app-added, app-removed, passkey-added, passkey-removed or
    recovery-codes-made. Sessions without the new factor end.
    """
    if not account.has_second_factor:
        second_factors.forget_recovery_codes(account)
    _end_others(account, keep, at=at)
    events.record(what, at=at, by=account, account_id=account.id, network=network)
    tell(account, "second-factor-changed", f"{what}:{at.isoformat()}", at=at, what=what, network=network)


def ask_new_address(account: Account, email: str, *, at: dt.datetime) -> None:
    """Send a link to the new address; if somebody else has that, word that this was tried."""
    taken = find(email) is not None
    token, row = links.make(LinkKind.NEW_ADDRESS, email=email, account_id=None if taken else account.id, at=at)
    if taken:
        _send("address-taken", email, row, at=at)
    else:
        _send("new-address-link", email, row, at=at, path=f"/member/new-address/{token}")


def confirm_new_address(token: str, *, keep: SignIn | None, network: str | None, at: dt.datetime) -> Account:
    """Use the new address from here on, and tell the old one. Raises NotFound."""
    row = links.use(LinkKind.NEW_ADDRESS, token, at=at)
    account = of_link(row)
    before, account.email = account.email, row.email
    db.session.flush()
    outbox.follow(account.id, account.email)
    _end_others(account, keep if keep is not None and keep.account_id == account.id else None, at=at)
    events.record("address-changed", at=at, by=account, account_id=account.id, network=network)
    tell(account, "address-changed", at.isoformat(), at=at, to=before, network=network)
    return account


def set_role(account: Account, role: Role, *, by: Account | None, network: str | None = None, at: dt.datetime) -> None:
    """Give another role. Every session of the account ends, and so does every invitation to another one."""
    if account.role is role:
        return
    before, account.role = account.role, role
    _end_others(account, None, at=at)
    links.end_for_address(account.email, LinkKind.INVITATION, at=at)
    events.record(
        "role-changed", at=at, by=by, account_id=account.id, network=network, before=before.value, after=role.value
    )
    ledger.append("role-changed", at=at, by=by, subject=f"account:{account.id}", before=before, after=role)
    tell(account, "role-changed", at.isoformat(), at=at, role=role.value)


def deactivate(account: Account, *, by: Account | None, at: dt.datetime) -> None:
    """Nobody signs in with this account until it is activated. Its sessions end."""
    if not account.active:
        return
    account.active = False
    _end_others(account, None, at=at)
    events.record("account-deactivated", at=at, by=by, account_id=account.id)
    ledger.append("account-deactivated", at=at, by=by, subject=f"account:{account.id}", role=account.role)


def activate(account: Account, *, by: Account | None, at: dt.datetime) -> None:
    if account.active:
        return
    account.active = True
    events.record("account-activated", at=at, by=by, account_id=account.id)
    ledger.append("account-activated", at=at, by=by, subject=f"account:{account.id}", role=account.role)


def end_sessions(
    account: Account, *, by: Account | None, network: str | None = None, at: dt.datetime, but: SignIn | None = None
) -> int:
    """End the sessions of an account; return how many."""
    ended = sign_ins.end_all(account, at=at, but=but)
    events.record("sessions-ended", at=at, by=by, account_id=account.id, network=network, number=ended)
    return ended


def _end_others(account: Account, keep: SignIn | None, *, at: dt.datetime) -> None:
    db.session.flush()
    sign_ins.end_all(account, at=at, but=keep)
    links.end_all(account.id, at=at)
    # One that made the account would sign in with it, too.
    links.end_for_address(account.email, LinkKind.SIGN_UP, at=at)


# ---- invitations


def invite(email: str, role: Role, *, by: Account | None, at: dt.datetime) -> str:
    """Ask somebody to sign in with a role; return the path of the link, which is sent, too."""
    account = find(email)
    token, row = links.make(LinkKind.INVITATION, email=email, at=at, role=role.value)
    path = f"/member/invitation/{token}"
    _send("invitation", email, row, at=at, path=path, role=role.value)
    events.record("account-invited", at=at, by=by, account_id=account.id if account else None, role=role.value)
    ledger.append("account-invited", at=at, by=by, subject=f"account:{account.id}" if account else None, role=role)
    return path


def accept_invitation(token: str, *, network: str | None, at: dt.datetime) -> Account:
    """Make the account, or give an existing one the role, unless it may do more already. Raises NotFound."""
    row = links.use(LinkKind.INVITATION, token, at=at)
    role = Role(row.details["role"])
    account = find(row.email)
    if account is None:
        account = _make(row.email, role, at=at)
        events.record("account-made", at=at, by=account, account_id=account.id, network=network, role=role.value)
        ledger.append("role-given", at=at, by=None, subject=f"account:{account.id}", role=role)
    elif not account.active:
        raise NotFound
    elif PERMISSIONS[account.role] < PERMISSIONS[role]:
        set_role(account, role, by=None, network=network, at=at)
    return account
