"""Taking everything and leaving: one click, nothing kept back, nothing left behind."""

import datetime as dt
import io
import json
import zipfile

import html5lib
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Account,
    Base,
    Claim,
    Letter,
    ListingState,
    Photo,
    Practitioner,
    Report,
    ReportKind,
    ReportState,
    Role,
)
from directory.services import claims, events, exports, reports
from tests.factories.accounts import AccountFactory
from tests.factories.listings import make_kept
from tests.members import Member, filled, form_of, sign_in_as
from tests.pages import Visitor

EXPORT, LEAVING = "/member/account/export", "/member/account/leaving"


def listed(app: Flask, session: Session) -> Member:
    """Somebody with a published listing, a photograph, and a report about them."""
    account = AccountFactory(email="wren.leaves@example.org", password="a-hash-of-it", tf_totp_secret="a-secret")
    kept = make_kept(account, ListingState.CHANGES_WAITING, by=AccountFactory(role=Role.ADMINISTRATOR))
    number, at = kept.practitioner_id, clock.now()
    session.add(Photo(digest="d" * 64, practitioner_id=number, content=b"a photograph", width=1, height=1, made_at=at))
    for kind, text in ((ReportKind.WRONG, "The price is another"), (ReportKind.MISCONDUCT, "They shouted at me")):
        session.add(
            Report(
                practitioner_id=number,
                kind=kind,
                text=text,
                reply_to="reporter@example.org",
                state=ReportState.WITH_PRACTITIONER,
                made_at=at,
            )
        )
    session.flush()
    return sign_in_as(app, account)


def taken(somebody: Member) -> zipfile.ZipFile:
    response = somebody._raw_post(EXPORT, data=filled(form_of(somebody.get(EXPORT), EXPORT), {}))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"].startswith("attachment")
    return zipfile.ZipFile(io.BytesIO(response.get_data()))


def test_every_table_belongs_to_an_export_or_is_left_out_for_a_reason() -> None:
    known = {section.model for section in exports.SECTIONS} | set(exports.LEFT_OUT)
    assert {mapper.class_ for mapper in Base.registry.mappers} == known
    assert not {section.model for section in exports.SECTIONS} & set(exports.LEFT_OUT)
    assert all(exports.LEFT_OUT.values())


def test_one_click_gives_everything_with_what_is_private(app: Flask, session: Session) -> None:
    archive = taken(listed(app, session))
    said = archive.read("everything.json").decode()
    for words in (
        *("wren.leaves@example.org", "Wren Hallowby Newname", "Wren Secretname", "7 Hidden Street", "1273 496012"),
        *("12345", "The price is another", "listing-approved", "terms", "Firefox on Linux"),
    ):
        assert words in said, words
    sections = {one["name"]: one["rows"] for one in json.loads(said)["sections"]}
    assert set(sections) == {section.model.__tablename__ for section in exports.SECTIONS}
    assert len(sections["listing_version"]) > 1
    assert [name for name in archive.namelist() if name.endswith(".jpg")] == ["photograph-dddddddddddd.jpg"]


def test_what_a_statement_said_before_belongs_to_everything(app: Flask, session: Session) -> None:
    somebody = listed(app, session)
    claim = session.scalars(select(Claim)).one()
    claims.correct_number(claims.get(claim.id), "777888", by=AccountFactory(), at=clock.now())
    archive = taken(somebody)
    sections = {one["name"]: one["rows"] for one in json.loads(archive.read("everything.json"))["sections"]}
    (said,) = sections["claim"]
    assert (said["number"], [before["number_key"] for before in said["past"]]) == ("777888", ["12345"])
    # In the page for people, too.
    assert "number_key" in archive.read("everything.html").decode()


def test_it_tells_nothing_of_others_and_no_key(app: Flask, session: Session) -> None:
    somebody = listed(app, session)
    others = [one.email for one in session.scalars(select(Account)) if one is not somebody.account]
    archive = taken(somebody)
    said = archive.read("everything.json").decode() + archive.read("everything.html").decode()
    assert somebody.account is not None
    secrets = ("a-hash-of-it", "a-secret", somebody.account.fs_uniquifier)
    for words in (*others, *secrets, "reporter@example.org", "They shouted at me"):
        assert words not in said, words


def test_the_page_to_read_holds_the_same_and_asks_for_no_other_file(app: Flask, session: Session) -> None:
    archive = taken(listed(app, session))
    html = archive.read("everything.html").decode()
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(html)
    assert parser.errors == []
    assert tree.findall(".//*[@src]") + tree.findall(".//*[@href]") == []
    for words in ("Wren Secretname", "7 Hidden Street", "Your account", "Every version of your listing"):
        assert words in html
    assert "<script" not in html


def test_what_somebody_wrote_is_words_on_that_page(app: Flask, session: Session) -> None:
    account = AccountFactory()
    make_kept(account, name="<script>alert(1)</script>")
    assert "<script>" not in taken(sign_in_as(app, account)).read("everything.html").decode()


def test_taking_everything_is_written_down(app: Flask, session: Session) -> None:
    somebody = listed(app, session)
    assert somebody.account is not None
    taken(somebody)
    assert events.list_events(account_id=somebody.account.id)[0].kind == "account-exported"


@pytest.mark.parametrize("address", [EXPORT, LEAVING])
def test_who_one_is_is_asked_again_after_ten_minutes(app: Flask, session: Session, address: str) -> None:
    somebody = listed(app, session)
    somebody.get(address)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11)):
        page = somebody.get(address, status=303)
        assert "/member/proof" in page.response.headers["Location"]


def test_the_listing_goes_at_once_and_the_account_stays(app: Flask, session: Session, visitor: Visitor) -> None:
    somebody = listed(app, session)
    listing = session.scalars(select(Practitioner)).one()
    address = f"/practitioners/{listing.public_id}/{listing.slug}"
    visitor.get(address)
    search, found = "/practitioners?q=hallowby", ".//main//ol[@class='entries plain']"
    assert "Hallowby" in visitor.get(search).text(found)
    somebody.post(f"{LEAVING}/listing", on=LEAVING)
    assert visitor.raw(address).status_code in {404, 410}
    assert "Hallowby" not in visitor.get(search).text(found)
    assert session.scalar(select(Practitioner.id)) is None
    assert "Erase my listing" not in somebody.get(LEAVING).text()
    somebody.get("/member/account")


def test_no_letter_about_a_listing_that_went_leaves(app: Flask, session: Session) -> None:
    somebody, verifier = listed(app, session), AccountFactory(role=Role.VERIFIER)
    claim = session.scalars(select(Claim)).one()
    claims.ask(claims.get(claim.id), "Which number is it?", by=verifier, at=clock.now())
    listing = session.get_one(Practitioner, claim.practitioner_id)
    reports.make(listing, ReportKind.DANGER, "A danger.", reply_to=None, at=clock.now())
    about = {"claim-asked", "danger-reported"}
    assert about <= set(session.scalars(select(Letter.kind)))
    somebody.post(f"{LEAVING}/listing", on=LEAVING)
    assert about.isdisjoint(session.scalars(select(Letter.kind)))


def test_leaving_needs_the_box_and_then_takes_everything(app: Flask, session: Session, visitor: Visitor) -> None:
    somebody = listed(app, session)
    page = somebody.post(LEAVING, status=422)
    assert "Tick the box if you want to leave" in page.text()
    assert session.scalar(select(Practitioner.id)) is not None
    page = somebody.post(LEAVING, {"sure": True})
    assert somebody.follow(page).text(".//h1") == "You have left"
    session.expire_all()
    assert session.scalar(select(Account).where(Account.email == "wren.leaves@example.org")) is None
    assert session.scalar(select(Practitioner.id)) is None
    # Neither this browser nor another one is signed in any more.
    assert "/member/sign-in" in somebody.get("/member/account", status=303).response.headers["Location"]


def test_a_session_of_another_browser_ends_with_the_account(app: Flask, session: Session) -> None:
    somebody = listed(app, session)
    assert somebody.account is not None
    other = sign_in_as(app, somebody.account)
    somebody.post(LEAVING, {"sure": True})
    session.expire_all()
    other.get("/member/account", status=303)


def test_the_only_administrator_is_told_why_they_cannot_leave(app: Flask, session: Session) -> None:
    account = AccountFactory(role=Role.ADMINISTRATOR)
    page = sign_in_as(app, account).get(LEAVING)
    assert "only administrator" in page.text()
    assert not [form for form in page.all(".//form") if form.get("action") == LEAVING]
