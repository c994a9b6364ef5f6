"""What ties a listing to the person whom a register shows: docs/decisions says why these and no others.

A number and a name are public: anybody may copy them. What only that person can answer is what counts.
"""

from urllib.parse import urlsplit

from sqlalchemy import exists, func, select

from directory.db import db
from directory.models import Account, Claim, Practitioner, Tie
from directory.services import registers
from directory.services.claims.lookups import keeper
from directory.services.registers import Line, contacts

# Mail at these is anybody's. Only the largest: the rule that nobody else here has mail there does the rest.
_OF_ANYBODY = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "live.co.uk"),
        *("msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de"),
        *("gmx.net", "web.de", "proton.me", "protonmail.com", "btinternet.com", "sky.com", "virginmedia.com"),
    }
)


def ties_of(claim: Claim, row: Line) -> list[Tie]:
    """What ties the listing of a claim to a row of a register without anybody asking.

    E-mail: the row shows the address that the account has confirmed. Website: the row shows a website at whose very
    name the account has confirmed an e-mail address, where nobody else here has one. A telephone and the body's answer
    tie only when a verifier says so.
    """
    kept = keeper(claim.practitioner_id)
    register = registers.find_register(claim.body_id) if claim.body_id else None
    if kept is None or register is None or kept.account.confirmed_at is None:
        return []
    address = kept.account.email.lower()
    host = address.rpartition("@")[2]
    found = contacts.ties(register, row, emails=[address], websites=[host])
    # Asked last: it looks through every account and listing, and hardly any row shows that website.
    if Tie.WEBSITE in found and not _is_theirs_alone(kept.account, claim.practitioner_id, host):
        found.remove(Tie.WEBSITE)
    return found


def same_contacts(claim: Claim, row: Line) -> list[Tie]:
    """Which contacts of the listing the row shows, confirmed or not. They tie nothing: they say whom to ask."""
    register = registers.find_register(claim.body_id) if claim.body_id else None
    if register is None:
        return []
    listing = claim.practitioner
    kept = keeper(listing.id)
    emails = [one for one in (listing.contact_email, kept.account.email if kept else None) if one]
    telephones = [listing.contact_telephone] if listing.contact_telephone else []
    websites = [listing.website] if listing.website else []
    return contacts.ties(register, row, emails=emails, telephones=telephones, websites=websites)


def _is_theirs_alone(account: Account, practitioner_id: int, host: str) -> bool:
    """Whether mail at this name is nobody else's here, and no other listing names it: colleagues share a website."""
    if host in _OF_ANYBODY:
        return False
    mail = func.lower(Account.email).endswith(f"@{host}", autoescape=True)
    others = exists().where(Account.id != account.id, mail)
    if db.session.scalar(select(others)):
        return False
    query = select(Practitioner.website).where(
        Practitioner.id != practitioner_id, Practitioner.website.icontains(host, autoescape=True)
    )
    return all(_host(website) != host for website in db.session.scalars(query))


def _host(website: str | None) -> str:
    try:
        return (urlsplit(website or "").hostname or "").casefold().removeprefix("www.")
    except ValueError:
        return ""
