"""Reports on the desk: read, settled with words, answered, and the listing suspended where that is needed."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib import clock
from directory.models import Event, Kept, Letter, ListingState, Practitioner, Report, ReportKind, ReportState, Role
from directory.services import reports
from tests import factories
from tests.factories.listings import make_kept
from tests.members import Member, sign_in_as

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def listing(administrator: Member) -> Practitioner:
    """Somebody whom a visitor reports."""
    return published(administrator).practitioner


def published(administrator: Member) -> Kept:
    return make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=administrator.account)


def told(
    listing: Practitioner, kind: ReportKind = ReportKind.DANGER, text: str = "It hurt.", reply_to: str | None = None
) -> Report:
    return reports.make(listing, kind, text, reply_to=reply_to, at=clock.now())


def page_of(report: Report) -> str:
    return f"/admin/reports/{report.id}"


def decision(report: Report) -> str:
    return f"/admin/reports/{report.id}/decision"


def test_a_grave_report_waits_for_administrators_and_others_for_the_practitioner(
    administrator: Member, listing: Practitioner
) -> None:
    told(listing)
    told(listing, ReportKind.MOVED, "They are in Leeds now.")
    page = administrator.get("/admin/reports")
    assert "Somebody is in danger" in page.text()
    assert "They have moved" not in page.text()
    assert "They have moved" in administrator.get("/admin/reports?state=with-practitioner").text()
    assert "There are none." in administrator.get("/admin/reports?state=settled").text()
    assert "Reported 1" in administrator.get("/admin").links()
    case = administrator.get(f"/admin/listings/{listing.id}")
    assert "It hurt." in case.text()
    assert "with the practitioner first" in case.text()


def test_a_report_is_settled_with_words_and_the_next_one_follows(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    first, second = told(listing), told(listing, ReportKind.MISCONDUCT, "Rude.")
    fields = {"decision": "settle", "answer": "We rang both."}
    page = administrator.post(decision(first), fields, on=page_of(first))
    assert page.response.headers["Location"] == page_of(second)
    session.refresh(first)
    assert administrator.account is not None
    assert (first.state, first.settled_by) == (ReportState.SETTLED, administrator.account.id)
    settled = administrator.get(page_of(first))
    assert "We rang both." in settled.text()
    assert f"By {administrator.account.email}" in settled.text()
    assert not settled.all(".//form[@class='form']")
    assert session.scalars(select(Event).where(Event.kind == "report-settled")).one().actor_id == first.settled_by
    page = administrator.post(decision(second), fields, on=page_of(second))
    assert page.response.headers["Location"] == "/admin/reports"


def test_whoever_left_an_address_is_told_in_the_words_of_the_administrator(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    report = told(listing, reply_to="visitor@example.org")
    fields = {"decision": "settle", "answer": "For us only.", "reply": "Thank you: we have spoken with them."}
    administrator.post(decision(report), fields, on=page_of(report))
    letter = session.scalars(select(Letter).where(Letter.kind == "report-settled")).one()
    assert letter.to == "visitor@example.org"
    assert letter.values["reply"] == "Thank you: we have spoken with them."
    assert "For us only." not in str(letter.values)


def test_nobody_is_written_to_who_left_no_address(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    report = told(listing)
    page = administrator.get(page_of(report))
    assert not page.all(".//textarea[@name='reply']")
    administrator.send(page, decision(report), {"decision": "settle", "answer": "Done."})
    assert not session.scalars(select(Letter).where(Letter.kind == "report-settled")).all()


def test_a_listing_is_suspended_from_its_report(administrator: Member, listing: Practitioner, session: Session) -> None:
    report = told(listing, ReportKind.NOT_ME, "I never put this here.")
    page = administrator.get(page_of(report))
    assert not [field for field in page.all(".//input[@type='radio']") if field.get("checked") is not None]
    wrong = administrator.send(page, decision(report), {"decision": "suspend", "answer": "Looks true."}, status=422)
    assert wrong.links()["Say why: the practitioner reads this"] == "#reason"
    assert wrong.text(".//textarea[@name='answer']") == "Looks true."
    fields = {"decision": "suspend", "answer": "Looks true.", "reason": "Somebody says it is not yours."}
    administrator.send(wrong, decision(report), fields)
    session.refresh(listing)
    session.refresh(report)
    assert (listing.state, report.state) == (ListingState.SUSPENDED, ReportState.SETTLED)
    letter = session.scalars(select(Letter).where(Letter.kind == "listing-suspended")).one()
    assert letter.values["reason"] == "Somebody says it is not yours."
    # What is down already is not suspended once more.
    later = administrator.get(page_of(told(listing, text="Again.")))
    assert [field.get("value") for field in later.all(".//input[@type='radio']")] == ["settle"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [({"answer": "Done."}, "Choose what you decide"), ({"decision": "settle"}, "Say what you found, in a few words")],
)
def test_a_report_is_not_settled_without_a_decision_and_words(
    administrator: Member, listing: Practitioner, typed: dict[str, str], problem: str
) -> None:
    report = told(listing)
    page = administrator.post(decision(report), typed, on=page_of(report), status=422)
    assert problem in page.links()
    db.session.refresh(report)
    assert report.state is ReportState.WITH_ADMINISTRATORS


def test_the_second_of_two_administrators_sees_who_settled_it_and_nothing_is_done_twice(
    app: Flask, administrator: Member, listing: Practitioner, session: Session
) -> None:
    report = told(listing, reply_to="visitor@example.org")
    other = sign_in_as(app, factories.AccountFactory(role=Role.ADMINISTRATOR))
    theirs = other.get(page_of(report))
    administrator.post(decision(report), {"decision": "settle", "answer": "We rang."}, on=page_of(report))
    fields = {"decision": "suspend", "answer": "Bad.", "reason": "Bad."}
    page = other.send(theirs, decision(report), fields, status=409)
    assert administrator.account is not None
    assert f"{administrator.account.email} settled this report" in page.text()
    assert "We rang." in page.text()
    session.refresh(listing)
    assert listing.state is ListingState.PUBLISHED
    assert len(session.scalars(select(Letter).where(Letter.kind == "report-settled")).all()) == 1


def test_nobody_settles_a_report_on_their_own_listing(app: Flask, administrator: Member, session: Session) -> None:
    boss = factories.AccountFactory(role=Role.ADMINISTRATOR)
    report = told(make_kept(boss, ListingState.PUBLISHED, by=administrator.account).practitioner)
    themselves = sign_in_as(app, boss)
    page = themselves.get(page_of(report))
    assert "This is about your own listing." in page.text()
    values = {"csrf_token": page.token, "revision": str(report.revision)}
    themselves.send_raw(decision(report), {**values, "decision": "settle", "answer": "Nothing."}, status=409)
    session.refresh(report)
    assert report.state is ReportState.WITH_ADMINISTRATORS


def test_reports_are_for_administrators(visitor: Member, member: Member, verifier: Member) -> None:
    for address in ("/admin/reports", "/admin/reports/1"):
        member.get(address, status=403)
        verifier.get(address, status=403)
        answer = visitor.raw(address, headers={"Accept": "text/html"})
        assert answer.headers["Location"].startswith("/member/sign-in?next=")


def test_a_report_that_is_not_there_is_not_found(administrator: Member) -> None:
    administrator.get("/admin/reports/999999", status=404)
    assert "There are none." in administrator.get("/admin/reports?state=nothing&after=x").text()
