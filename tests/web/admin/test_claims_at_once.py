"""Two verifiers who decide about one claim at the same moment, in two processes: one wins, the other sees it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from directory.db import db, transaction
from directory.models import Account, Check, Claim, Event, ListingState
from tests import factories
from tests.factories.listings import make_kept
from tests.pages import Page
from tests.web.admin.test_at_once import Two, two

__all__ = ["two"]  # the fixture


def test_of_two_verifiers_one_wins_and_the_other_sees_what_was_decided(two: Two) -> None:
    with two[0].app.app_context(), transaction():
        factories.bind(db.session)
        boss = factories.AccountFactory()
        kept = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=boss)
        number, revision = db.session.execute(
            select(Claim.id, Claim.revision).where(Claim.practitioner_id == kept.practitioner_id)
        ).one()
    seen = {"revision": str(revision), "method": "public-register", "checked_on": "2026-11-20", "tie": ""}
    decisions = (
        {**seen, "decision": "confirm", "tie": "body-answer"},
        {**seen, "decision": "ended", "ended_on": "2026-10-31"},
    )
    ready = Barrier(2)

    def send(who: int) -> Page:
        ready.wait()
        return Page(two[who]._raw_post(f"/admin/claims/{number}/decision", data=decisions[who]))

    with ThreadPoolExecutor(2) as pool:
        pages = sorted(pool.map(send, range(2)), key=lambda page: page.status)
    assert [page.status for page in pages] == [303, 409], pages[1].text()[:900]
    assert "Somebody was first" in pages[1].text()
    assert "Decided last" in pages[1].text()
    with two[0].app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Check)) == 1
        kinds = ("claim-confirmed", "claim-ended")
        assert db.session.scalar(select(func.count()).where(Event.kind.in_(kinds))) == 1
        assert db.session.scalar(select(func.count()).where(Account.email.startswith("boss"))) == 2
