"""Documents that an account agrees to, in which version. Their texts are pages of the site."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from directory.db import db
from directory.models import Account, Agreement
from directory.services import events

# The version of each document is the day from which it holds. A new one asks everybody again.
DOCUMENTS: Mapping[str, str] = MappingProxyType({"terms": "2026-11-21", "listing-rules": "2026-11-21"})
MINIMUM_AGE = 18


def outstanding(account: Account) -> Sequence[str]:
    """The documents whose present version an account has not agreed to."""
    rows = db.session.execute(
        select(Agreement.document, Agreement.version).where(Agreement.account_id == account.id)
    ).all()
    agreed = {(row.document, row.version) for row in rows}
    return [document for document, version in DOCUMENTS.items() if (document, version) not in agreed]


def agree(account: Account, *, network: str | None, at: dt.datetime) -> None:
    """Write down that an account agrees to every document as it is now."""
    missing = outstanding(account)
    for document in missing:
        db.session.add(Agreement(account_id=account.id, document=document, version=DOCUMENTS[document], agreed_at=at))
    if missing:
        versions: dict[str, Any] = {document: DOCUMENTS[document] for document in missing}
        events.record("documents-agreed", at=at, by=account, account_id=account.id, network=network, **versions)


def list_agreements(account: Account) -> Sequence[Agreement]:
    """Everything that an account ever agreed to."""
    return db.session.scalars(
        select(Agreement).where(Agreement.account_id == account.id).order_by(Agreement.agreed_at, Agreement.document)
    ).all()
