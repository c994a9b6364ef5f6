"""Two administrators who press at the same moment, in two processes: one thing happens, once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from directory.db import db, transaction
from directory.models import Account, Event, Letter, ListingState, Role
from tests import factories
from tests.crowds import Sites
from tests.factories.listings import make_kept, open_version
from tests.members import Member, sign_in_as

Two = tuple[Member, Member]


@pytest.fixture
def two(two_sites: Sites) -> Two:
    """Two administrators, each at a site of their own on one database."""
    found = []
    for number, site in enumerate(two_sites):
        with site.app_context(), transaction():
            factories.bind(db.session)
            account = factories.AccountFactory(role=Role.ADMINISTRATOR, email=f"boss{number}@example.org")
            found.append(sign_in_as(site, account))
    return found[0], found[1]


def both(two: Two, addresses: tuple[str, str], fields: tuple[dict[str, str], dict[str, str]]) -> list[int]:
    """What each is answered when both send at the same moment."""
    ready = Barrier(2)

    def send(number: int) -> int:
        ready.wait()
        return two[number]._raw_post(addresses[number], data=fields[number]).status_code

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(send, range(2)))


def test_one_of_two_decisions_counts(two: Two) -> None:
    with two[0].app.app_context(), transaction():
        factories.bind(db.session)
        kept = make_kept(factories.AccountFactory(), ListingState.SUBMITTED)
        marks = {"version": str(open_version(kept).id), "revision": str(kept.revision)}
        address = f"/admin/listings/{kept.practitioner_id}/decision"
    decisions = ({**marks, "decision": "approve"}, {**marks, "decision": "refuse", "reason": "Listed already."})
    assert both(two, (address, address), decisions) == [303, 409]
    kinds = ("listing-approved", "listing-refused")
    with two[0].app.app_context():
        assert db.session.scalar(select(func.count()).where(Event.kind.in_(kinds))) == 1
        assert db.session.scalar(select(func.count()).where(Letter.kind.in_(kinds))) == 1


@pytest.mark.parametrize("how", ["role", "deactivation"])
def test_two_administrators_do_not_take_the_desk_from_each_other(two: Two, how: str) -> None:
    with two[0].app.app_context():
        numbers = list(db.session.scalars(select(Account.id).order_by(Account.id)))
    addresses = (f"/admin/accounts/{numbers[1]}/{how}", f"/admin/accounts/{numbers[0]}/{how}")
    answers = both(two, addresses, ({"role": "member"}, {"role": "member"}))
    assert answers[0] == 303
    assert answers[1] in {303, 401, 409}, answers
    with two[0].app.app_context():
        left = db.session.scalars(select(Account).where(Account.role == Role.ADMINISTRATOR, Account.active)).all()
        assert len(left) == 1
