"""Who may write about whom, and where notes are switched off."""

from sqlalchemy import exists, select

from directory.db import db
from directory.lib.mailboxes import mailbox
from directory.models import PUBLIC_STATES, Account, Kept, Practitioner, Recommendation, SignIn
from directory.services import recommendation_switches
from directory.services.recommendations import refusals

# Why no notes are written or shown about a practitioner; None where they are.
why_off = recommendation_switches.find


def why_not(practitioner: Practitioner, account: Account) -> str | None:
    """Why this person may not write about this practitioner, a key of refusals.WHY_NOT; None where they may."""
    if account.confirmed_at is None:
        return refusals.NOT_CONFIRMED
    if practitioner.state not in PUBLIC_STATES:
        return refusals.NOT_PUBLIC
    if why_off(practitioner) is not None:
        return refusals.SWITCHED_OFF
    kept_by = keeper(practitioner)
    if kept_by is not None and kept_by.id == account.id:
        return refusals.OWN_LISTING
    own = mailbox(account.email)
    if own in mailboxes(practitioner, kept_by):
        return refusals.SAME_ADDRESS
    return refusals.ONE_EACH if own in _other_mailboxes(practitioner, account) else None


def keeper(practitioner: Practitioner) -> Account | None:
    """Who keeps the listing; nobody where it was imported or invented."""
    query = select(Account).join(Kept, Kept.account_id == Account.id).where(Kept.practitioner_id == practitioner.id)
    return db.session.scalars(query).one_or_none()


def mailboxes(practitioner: Practitioner, kept_by: Account | None) -> set[str]:
    """Where the practitioner's side can be reached: whoever keeps the listing, and what it says."""
    addresses = (kept_by.email if kept_by is not None else None, practitioner.contact_email)
    return {mailbox(one) for one in addresses if one}


def _other_mailboxes(practitioner: Practitioner, account: Account) -> set[str]:
    """From where others have written about a practitioner."""
    writers = select(Account.email).join(Recommendation, Recommendation.writer_id == Account.id)
    about = Recommendation.practitioner_id == practitioner.id
    return {mailbox(one) for one in db.session.scalars(writers.where(about, Account.id != account.id))}


def is_network_of(practitioner: Practitioner, network: str | None) -> bool:
    """Whether whoever keeps the listing signs in from there."""
    query = select(Kept.account_id).where(Kept.practitioner_id == practitioner.id)
    sign_ins = exists().where(SignIn.account_id.in_(query), SignIn.network == network)
    return network is not None and bool(db.session.scalar(select(sign_ins)))
