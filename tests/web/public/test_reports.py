"""Visitors tell us that something about a listing is wrong."""

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db
from directory.jobs import clock as jobs_clock
from directory.lib import clock
from directory.models import (
    Account,
    Attempt,
    Event,
    InvalidTransition,
    Kept,
    ListingState,
    Practitioner,
    Report,
    ReportKind,
    ReportState,
)
from directory.services import events, reports
from tests import mail
from tests.factories import make_practitioner
from tests.factories.accounts import AccountFactory
from tests.factories.listings import make_listed
from tests.members import Member, sign_in_as

SAID = "The door was locked, and the house is for sale. Canary."


@pytest.fixture
def boss(session: Session) -> Account:
    made: Account = AccountFactory(role="administrator", tf_primary_method="authenticator")
    return made


@pytest.fixture
def keeper(session: Session) -> Account:
    made: Account = AccountFactory()
    return made


@pytest.fixture
def listed(keeper: Account, boss: Account) -> Practitioner:
    """A public listing that somebody keeps."""
    return make_listed(keeper, by=boss)


def address(listing: Practitioner) -> str:
    return f"/practitioners/{listing.public_id}/{listing.slug}/report"


def tell(stranger: Member, listing: Practitioner, kind: str = "moved", **more: str) -> str:
    page = stranger.post(address(listing), {"kind": kind, "text": SAID, **more})
    return stranger.follow(page).text()


def only(session: Session) -> Report:
    return session.scalars(select(Report).execution_options(populate_existing=True)).one()


@pytest.mark.parametrize("kind", ["moved", "closed", "no-answer", "wrong"])
def test_what_is_wrong_goes_to_the_practitioner_first(
    session: Session, stranger: Member, listed: Practitioner, keeper: Account, kind: str
) -> None:
    profile = stranger.get(f"/practitioners/{listed.public_id}/{listed.slug}")
    assert profile.links()["Tell us that something is wrong"] == address(listed)
    said = tell(stranger, listed, kind, reply_to="visitor@example.org")
    assert "The practitioner is asked first" in said
    assert only(session).state is ReportState.WITH_PRACTITIONER
    (letter,) = mail.letters(session, kind="report-made")
    assert letter.to == keeper.email
    assert mail.link_in(letter) == "/member/reports"
    assert "Canary" not in letter.text
    assert "visitor@example.org" not in letter.text


@pytest.mark.parametrize("kind", ["not-me", "misconduct", "danger"])
def test_what_is_grave_goes_to_administrators_only(
    app: Flask, session: Session, stranger: Member, listed: Practitioner, keeper: Account, kind: str
) -> None:
    ada = AccountFactory(role="administrator")
    off = AccountFactory(role="administrator", active=False)
    said = tell(stranger, listed, kind)
    alarmed = [letter.to for letter in mail.letters(session, kind="danger-reported")]
    assert alarmed.count(ada.email) == (kind == "danger")
    assert off.email not in alarmed
    assert "The practitioner is not told." in said
    assert only(session).state is ReportState.WITH_ADMINISTRATORS
    assert mail.letters(session, kind="report-made") == []
    page = sign_in_as(app, keeper).get("/member/reports")
    assert "Canary" not in page.html
    assert "Nobody has told us anything." in page.text()
    assert not any(event.kind.startswith("report") for event in events.list_events(account_id=keeper.id))


def test_the_page_names_the_emergency_number_and_where_the_body_hears_complaints(
    stranger: Member, listed: Practitioner
) -> None:
    said = tell(stranger, listed, "danger")
    assert "ring 999 or 112" in said
    assert "Shiatsu Society" in said
    assert "Complaints Procedure" in said
    assert "ring 999 or 112" in stranger.get(address(listed)).text()


def test_a_listing_that_nobody_keeps_is_a_matter_for_administrators(session: Session, stranger: Member) -> None:
    listing = make_practitioner(country="IT")
    said = tell(stranger, listing)
    assert "ring 112." in said
    assert "They state no membership" in said
    assert only(session).state is ReportState.WITH_ADMINISTRATORS


def test_a_report_is_never_public(app: Flask, session: Session, stranger: Member, listed: Practitioner) -> None:
    tell(stranger, listed, reply_to="visitor@example.org")
    for path in (f"/practitioners/{listed.public_id}/{listed.slug}", "/practitioners", address(listed)):
        page = stranger.get(path)
        assert "Canary" not in page.html
        assert "visitor@example.org" not in page.html
    assert stranger.get("/member/reports", status=303).response.location.startswith("/member/sign-in")


def test_mistakes_are_named_and_nothing_typed_is_lost(session: Session, stranger: Member, listed: Practitioner) -> None:
    page = stranger.post(address(listed), {"kind": None, "text": SAID + "x" * 1_000, "reply_to": "nowhere"}, status=422)
    problems = page.text(".//*[@role='alert']")
    assert "There are 3 things to put right" in problems
    assert SAID in page.html
    assert 'value="nowhere"' in page.html
    assert "Say in a few words what is wrong" in stranger.post(address(listed), {"text": "  "}, status=422).text()
    assert session.scalars(select(Report)).all() == []


def test_what_a_program_fills_in_is_not_kept(session: Session, stranger: Member, listed: Practitioner) -> None:
    assert "We have what you told us" in tell(stranger, listed, homepage="https://example.org/buy")
    assert session.scalars(select(Report)).all() == []


def test_the_same_words_again_are_one_report(session: Session, stranger: Member, listed: Practitioner) -> None:
    for _ in range(3):
        tell(stranger, listed)
    assert only(session).kind is ReportKind.MOVED
    assert len(mail.letters(session, kind="report-made")) == 1


def test_one_network_cannot_report_without_end(session: Session, stranger: Member, listed: Practitioner) -> None:
    for number in range(10):
        stranger.post(address(listed), {"kind": "wrong", "text": f"{SAID} {number}"})
    page = stranger.post(address(listed), {"kind": "wrong", "text": "again"}, status=429)
    assert page.response.headers["Retry-After"]
    assert len(session.scalars(select(Report)).all()) == 10
    assert all("127." not in attempt.key for attempt in session.scalars(select(Attempt)))


def test_nobody_reports_on_what_is_not_public(stranger: Member, listed: Practitioner, session: Session) -> None:
    listed.state = ListingState.HIDDEN
    session.flush()
    assert stranger.raw(address(listed), headers={"Accept": "text/html"}).status_code in {404, 410}


def test_what_the_practitioner_corrected_is_closed_and_the_visitor_hears_of_it(
    app: Flask, session: Session, stranger: Member, listed: Practitioner, keeper: Account
) -> None:
    tell(stranger, listed, reply_to="visitor@example.org")
    member, report = sign_in_as(app, keeper), only(session)
    page = member.get("/member/reports")
    assert SAID in page.text()
    assert "visitor@example.org" not in page.html
    answered = member.send(page, f"/member/reports/{report.id}/answer", {"says": "corrected"})
    assert "You said: I have corrected it. This is closed." in member.follow(answered).text()
    assert only(session).state is ReportState.SETTLED
    (letter,) = mail.letters(session, kind="report-settled")
    assert letter.to == "visitor@example.org"
    member.send(page, f"/member/reports/{report.id}/answer", {"says": "right"}, status=409)


def test_whoever_stopped_mail_that_others_cause_gets_no_letter_about_a_report(
    app: Flask, session: Session, stranger: Member, listed: Practitioner, keeper: Account
) -> None:
    member = sign_in_as(app, keeper)

    def corrected(kind: ReportKind) -> list[mail.Letter]:
        tell(stranger, listed, kind, reply_to="visitor@example.org")
        report = session.scalars(select(Report).where(Report.kind == kind)).one()
        member.post(f"/member/reports/{report.id}/answer", {"says": "corrected"}, on="/member/reports")
        return mail.letters(session, kind="report-settled")

    (letter,) = corrected(ReportKind.MOVED)
    stranger.post(mail.link_in(letter, "/mail-stop/"))
    assert len(corrected(ReportKind.CLOSED)) == 1


def test_what_the_practitioner_says_is_right_administrators_look_at(
    app: Flask, session: Session, stranger: Member, listed: Practitioner, keeper: Account, boss: Account
) -> None:
    tell(stranger, listed)
    member, report = sign_in_as(app, keeper), only(session)
    member.post(f"/member/reports/{report.id}/answer", {"says": "right"}, on="/member/reports")
    assert only(session).state is ReportState.WITH_ADMINISTRATORS
    with pytest.raises(InvalidTransition):
        reports.settle(report.id, revision=report.revision + 1, answer="Rang the bell.", by=boss, at=clock.now())
    with pytest.raises(InvalidTransition):
        reports.settle(report.id, revision=report.revision, answer="It is fine.", by=keeper, at=clock.now())
    settled = reports.settle(report.id, revision=report.revision, answer="Rang the bell.", by=boss, at=clock.now())
    assert (settled.state, settled.settled_by, settled.answer) == (ReportState.SETTLED, boss.id, "Rang the bell.")
    with pytest.raises(InvalidTransition):
        reports.settle(report.id, revision=settled.revision, answer="Again.", by=boss, at=clock.now())
    assert "Rang the bell" not in member.get("/member/reports").html


def test_nobody_answers_for_somebody_else(app: Flask, session: Session, stranger: Member, listed: Practitioner) -> None:
    tell(stranger, listed)
    tell(stranger, listed, "danger")
    mild, grave = session.scalars(select(Report).order_by(Report.id))
    without = sign_in_as(app, AccountFactory())
    token = {"csrf_token": "", "says": "right"}
    without.get("/member/reports")
    owner = sign_in_as(app, session.get_one(Account, session.scalars(select(Kept.account_id)).one()))
    page = owner.get("/member/reports")
    token["csrf_token"] = page.token
    assert owner.send_raw(f"/member/reports/{grave.id}/answer", token, status=404)
    token["csrf_token"] = without.get("/member/account").token
    without.send_raw(f"/member/reports/{mild.id}/answer", token, status=404)
    assert {report.says for report in session.scalars(select(Report))} == {None}


def test_after_fourteen_days_without_an_answer_administrators_look(
    app: Flask, session: Session, stranger: Member, listed: Practitioner
) -> None:
    tell(stranger, listed)
    made = only(session).made_at
    session.commit()
    for days, state in ((13, ReportState.WITH_PRACTITIONER), (14, ReportState.WITH_ADMINISTRATORS)):
        with time_machine.travel(made + dt.timedelta(days=days), tick=False):
            mail.within(app, jobs_clock.hand_over_reports)
        assert only(session).state is state
    assert session.scalars(select(Event).where(Event.kind.startswith("report"))).all() == []
    assert db.session is not None
