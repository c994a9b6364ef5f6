"""Finding anybody: accounts and listings in any state, newest first, a page at a time."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Text, cast, exists, func, or_, select

from directory.db import db
from directory.lib import folding
from directory.models import Account, Kept, ListingState, ListingVersion, OtherName, PracticePlace, Practitioner, Role

PAGE = 50


def find_accounts(
    words: str = "", role: Role | None = None, *, before: int | None = None, most: int = PAGE
) -> Sequence[Account]:
    """Accounts whose address holds `words`, or that have this number; older than the account of number `before`."""
    query = select(Account).order_by(Account.id.desc()).limit(most)
    if words:
        matches = [func.lower(Account.email).contains(words.lower(), autoescape=True)]
        if _is_number(words):
            matches.append(Account.id == int(words))
        query = query.where(or_(*matches))
    if role is not None:
        query = query.where(Account.role == role)
    if before is not None:
        query = query.where(Account.id < before)
    return db.session.scalars(query).all()


def find_listings(
    words: str = "", state: ListingState | None = None, *, before: int | None = None, most: int = PAGE
) -> Sequence[Practitioner]:
    """Listings in any state by name (other names and names not yet seen, too), public id or town; older than the
    listing of number `before`."""
    query = select(Practitioner).order_by(Practitioner.id.desc()).limit(most)
    if words:
        key, lower = folding.plain(words), words.lower()
        matches = [
            Practitioner.public_id == words,
            func.lower(Practitioner.name).contains(lower, autoescape=True),
            exists().where(
                OtherName.practitioner_id == Practitioner.id,
                func.lower(OtherName.name).contains(lower, autoescape=True),
            ),
            exists().where(PracticePlace.practitioner_id == Practitioner.id, func.lower(PracticePlace.town) == lower),
            exists().where(
                ListingVersion.practitioner_id == Practitioner.id,
                func.lower(cast(ListingVersion.shown["name"].as_string(), Text)).contains(lower, autoescape=True),
            ),
        ]
        if key:
            matches.append(Practitioner.name_key.contains(key, autoescape=True))
        query = query.where(or_(*matches))
    if state is not None:
        query = query.where(Practitioner.state == state)
    if before is not None:
        query = query.where(Practitioner.id < before)
    return db.session.scalars(query).all()


def keepers(practitioner_ids: Iterable[int]) -> dict[int, Account]:
    """Who keeps each of these listings, where anybody does."""
    found = db.session.execute(
        select(Kept.practitioner_id, Account)
        .join(Account, Account.id == Kept.account_id)
        .where(Kept.practitioner_id.in_(list(practitioner_ids)))
    )
    return dict(found.all())


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 10
