"""Who can get enquiries: practitioners who are shown, keep their listing themselves, and have not paused."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from directory.db import db
from directory.lib.words import N_
from directory.models import PUBLIC_STATES, Account, EnquiryPause, Kept, Practitioner

# To how many at once.
MOST = 5

NO_ADDRESS = N_("Enquiries cannot reach them: nobody has confirmed an e-mail address for this listing.")
NOT_SHOWN = N_("This listing is not shown now.")


@dataclass(frozen=True)
class WhyNot:
    """Why an enquiry cannot reach somebody, as everybody may read it, and from which day on it can again, if known."""

    said: str
    until: dt.date | None = None


def why_not(practitioner_id: int, today: dt.date) -> WhyNot | None:
    """Why a practitioner gets no enquiries today; None where they do."""
    return why_not_all([practitioner_id], today).get(practitioner_id)


def why_not_all(ids: Collection[int], today: dt.date) -> Mapping[int, WhyNot]:
    """The same of several: those who get none."""
    query = (
        select(Practitioner.id, Practitioner.state, Account.active, Account.confirmed_at, EnquiryPause)
        .outerjoin(Kept, Kept.practitioner_id == Practitioner.id)
        .outerjoin(Account, Account.id == Kept.account_id)
        .outerjoin(EnquiryPause, EnquiryPause.practitioner_id == Practitioner.id)
        .where(Practitioner.id.in_(ids))
    )
    found: dict[int, WhyNot] = {}
    for id_, state, active, confirmed_at, pause in db.session.execute(query):
        if state not in PUBLIC_STATES:
            found[id_] = WhyNot(NOT_SHOWN)
        elif not active or confirmed_at is None:
            found[id_] = WhyNot(NO_ADDRESS)
        elif pause is not None and is_on(pause, today):
            found[id_] = WhyNot(pause.why.said, pause.until)
    return found


def is_on(pause: EnquiryPause, today: dt.date) -> bool:
    """Whether a pause still lasts."""
    return pause.until is None or today < pause.until
