"""The event log on the desk."""

import ast
import datetime as dt

import pytest
from sqlalchemy.orm import Session

from directory.http.event_words import EVENTS
from directory.lib import clock
from directory.models import ListingState
from directory.services import events
from tests import factories
from tests.architecture.sources import python_files
from tests.factories.listings import make_kept
from tests.members import Member

pytestmark = pytest.mark.usefixtures("session")


def told(administrator: Member, **query: str) -> list[str]:
    """What the log says, line by line."""
    page = administrator.get("/admin/events", query=query)
    return [" ".join("".join(cell.itertext()).split()) for cell in page.all(".//main//tbody/tr/td[2]")]


def test_the_log_says_what_happened_to_whom_by_whom_and_from_where(administrator: Member, session: Session) -> None:
    account = factories.AccountFactory(email="perpetua@example.org")
    kept = make_kept(account, ListingState.SUBMITTED, name="Ines Quarrish")
    events.record("role-changed", at=clock.now(), by=administrator.account, account_id=account.id,
                  network="203.0.113.0/24", before="member", after="verifier")  # fmt: skip
    session.flush()
    page = administrator.get("/admin/events")
    main = page.text()
    assert "Role changed before: member after: verifier" in main
    assert "203.0.113.0/24" in main
    assert administrator.account is not None
    assert administrator.account.email in main
    assert page.links()["Ines Quarrish"] == f"/admin/listings/{kept.practitioner_id}"


def test_the_log_can_be_cut_to_a_kind_an_account_a_listing_and_a_day(administrator: Member, session: Session) -> None:
    account = factories.AccountFactory()
    kept = make_kept(account, ListingState.SUBMITTED)
    events.record("documents-agreed", at=dt.datetime(2026, 3, 1, 23, 59, tzinfo=dt.UTC), account_id=account.id)
    events.record("session-ended", at=dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC), account_id=account.id)
    session.flush()
    assert told(administrator, kind="listing-submitted") == ["Listing sent"]
    assert told(administrator, account=str(account.id))[:2] == ["Session ended", "Terms and listing rules agreed to"]
    assert told(administrator, listing=str(kept.practitioner_id)) == ["Listing sent", "Listing started"]
    assert told(administrator, day="2026-03-01") == ["Terms and listing rules agreed to"]
    assert told(administrator, day="2026-03-02", kind="session-ended") == ["Session ended"]
    assert told(administrator, account="999999") == []


@pytest.mark.parametrize(
    "query", [{"day": "31 February"}, {"day": "9999-12-31"}, {"kind": "x" * 500}, {"account": "-1"}]
)
def test_whatever_is_typed_for_a_filter_is_answered(administrator: Member, query: dict[str, str]) -> None:
    administrator.get("/admin/events", query=query)


def test_older_events_follow_page_by_page_without_one_twice(administrator: Member, session: Session) -> None:
    account = factories.AccountFactory()
    for number in range(events.PAGE + 7):
        events.record("session-ended", at=clock.now(), account_id=account.id, number=number)
    session.flush()
    page = administrator.get("/admin/events", query={"account": str(account.id), "kind": "session-ended"})
    first = [cell.text for cell in page.all(".//main//tbody/tr/td[2]/span")]
    page = administrator.get(page.links()["Older ones"])
    second = [cell.text for cell in page.all(".//main//tbody/tr/td[2]/span")]
    assert first + second == [f"number: {number}" for number in reversed(range(events.PAGE + 7))]
    assert "Older ones" not in page.links()


def test_an_account_that_has_gone_is_called_by_its_number(administrator: Member, session: Session) -> None:
    events.record("account-erased", at=clock.now(), account_id=987654)
    session.flush()
    assert "account 987654, gone" in administrator.get("/admin/events").text()


def test_verifiers_may_read_the_log_and_members_may_not(visitor: Member, member: Member, verifier: Member) -> None:
    make_kept(factories.AccountFactory(), ListingState.SUBMITTED)
    page = verifier.get("/admin/events")
    assert "Listing sent" in page.text()
    assert not [link for link in page.links().values() if link.startswith("/admin/listings/")]
    member.get("/admin/events", status=403)
    assert visitor.raw("/admin/events", headers={"Accept": "text/html"}).status_code == 303


def test_every_kind_of_event_has_its_words() -> None:
    known: set[str] = set()
    for path in python_files("directory"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "record" and call.args:
                first = call.args[0]
                known |= {first.value} if isinstance(first, ast.Constant) else set()
    known -= {kind for kind in known if not isinstance(kind, str)}
    assert "listing-submitted" in known
    assert known <= set(EVENTS)
