"""tsubo accounts: who may sign in, and as what."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from directory.config import Settings
from directory.db import mode, transaction
from directory.lib import clock
from directory.models import Account, Role
from directory.services import accounts as all_accounts

accounts = AppGroup("accounts", help="Who may sign in, and as what.")

ADDRESS = click.argument("email")


@accounts.command("invite")
@ADDRESS
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.MEMBER.value,
    show_default=True,
    help="What they may do.",
)
def invite_command(email: str, role: str) -> None:
    """Invite somebody: print a link that works once, and send it to them.

    The first administrator begins this way, too. There is no password until somebody chooses one.
    """
    settings: Settings = current_app.extensions["settings"]
    with transaction():
        path = all_accounts.invite(_address(email), Role(role), by=None, at=clock.now())
    click.echo(f"Open this link in a browser. It works once, and for seven days:\n{settings.address}{path}")


@accounts.command("list")
def list_command() -> None:
    """List accounts: number, role, address, and whether they may sign in."""
    with mode("reading"):
        found = list(all_accounts.list_accounts())
        if not found:
            click.echo("There is no account yet; somebody who is invited has none before they accept.", err=True)
        for account in found:
            state = "" if account.active else " (off)"
            click.echo(f"{account.id}\t{account.role.value}\t{account.email}{state}")


@accounts.command("end-sessions")
@ADDRESS
def end_sessions_command(email: str) -> None:
    """End every session of an account, on every device."""
    with transaction():
        ended = all_accounts.end_sessions(_account(email), by=None, at=clock.now())
    click.echo(f"{ended} sessions were ended.")


@accounts.command("deactivate")
@ADDRESS
def deactivate_command(email: str) -> None:
    """Let nobody sign in with an account, and end its sessions. Its listing stays as it is."""
    with transaction():
        account = _account(email)
        all_accounts.deactivate(account, by=None, at=clock.now())
    click.echo(f"Nobody signs in as {account.email} until it is activated.")


@accounts.command("activate")
@ADDRESS
def activate_command(email: str) -> None:
    """Let an account sign in again."""
    with transaction():
        account = _account(email)
        all_accounts.activate(account, by=None, at=clock.now())
    click.echo(f"{account.email} may sign in again.")


def _address(email: str) -> str:
    try:
        return all_accounts.normalised(email)
    except all_accounts.UnusableAddress:
        click.echo(f"tsubo: {email} is not an address that mail can go to", err=True)
        sys.exit(2)


def _account(email: str) -> Account:
    account = all_accounts.find(_address(email))
    if account is None:
        click.echo(f"tsubo: no account has the address {email}", err=True)
        sys.exit(2)
    return account
