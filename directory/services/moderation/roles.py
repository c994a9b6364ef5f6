"""What administrators do to accounts. Nobody changes their own, and one administrator always remains."""

import datetime as dt

from sqlalchemy import select

from directory.db import db
from directory.lib.words import N_
from directory.models import Account, InvalidTransition, Role
from directory.services import accounts


class Refused(InvalidTransition):
    """Why not, in words for whoever tried: marked for translation."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


OWN = N_("This is your own account: another administrator does that.")
LAST = N_("This is the only administrator who can sign in. Make somebody else one first.")
HAS_MORE = N_("This address belongs to an account that may do more already. Change its role on its own page.")


def change_role(account: Account, role: Role, *, by: Account, network: str | None, at: dt.datetime) -> None:
    """Give another role; every session of the account ends. Raises Refused."""
    _refuse_own(account, by)
    if role is not Role.ADMINISTRATOR:
        _refuse_last(account)
    accounts.set_role(account, role, by=by, network=network, at=at)


def switch_off(account: Account, *, by: Account, at: dt.datetime) -> None:
    """Let nobody sign in with an account until it is switched on. Raises Refused."""
    _refuse_own(account, by)
    _refuse_last(account)
    accounts.deactivate(account, by=by, at=at)


def switch_on(account: Account, *, by: Account, at: dt.datetime) -> None:
    _refuse_own(account, by)
    accounts.activate(account, by=by, at=at)


def invite(email: str, role: Role, *, by: Account, at: dt.datetime) -> str:
    """Send an invitation to an address in its one spelling; return the path of its link. Raises Refused for an account
    that would lose by it."""
    account = accounts.find(email)
    ranks = list(Role)
    if account is not None and ranks.index(account.role) > ranks.index(role):
        raise Refused(HAS_MORE)
    return accounts.invite(email, role, by=by, at=at)


def _refuse_own(account: Account, by: Account) -> None:
    if account.id == by.id:
        raise Refused(OWN)


def _refuse_last(account: Account) -> None:
    if account.role is not Role.ADMINISTRATOR:
        return
    # Locked, so that two administrators do not take the role from each other at once.
    query = select(Account.id).where(Account.role == Role.ADMINISTRATOR, Account.active).with_for_update()
    if set(db.session.scalars(query)) <= {account.id}:
        raise Refused(LAST)
