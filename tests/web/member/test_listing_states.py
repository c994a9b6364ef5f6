"""What a practitioner sees of their listing at each stage, and what everybody else does."""

import datetime as dt
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import db, transaction
from directory.models import Account, Event, Kept, Letter, ListingState, ListingVersion, Role, VersionState
from directory.services import listings
from tests import factories, sites
from tests.conftest import make_settings, sqlite_only
from tests.factories.accounts import AccountFactory
from tests.factories.listings import change, make_kept, open_version
from tests.members import Member, sign_in_as
from tests.pages import Visitor

SECRETS = ("Secretname", "496012", "7 Hidden Street")


def make(member: Member, state: ListingState) -> Kept:
    assert member.account is not None
    return make_kept(member.account, state, by=AccountFactory(role=Role.ADMINISTRATOR))


def address(kept: Kept) -> str:
    return f"/practitioners/{kept.practitioner.public_id}/{kept.practitioner.slug}"


@sqlite_only
@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ListingState.DRAFT, "The public sees nothing yet: you have not sent it."),
        (ListingState.SUBMITTED, "The public sees nothing yet: it waits for us to look at it."),
        (ListingState.PUBLISHED, "The public sees your listing as it is now."),
        (ListingState.CHANGES_WAITING, "The public sees your listing as it was"),
        (ListingState.HIDDEN, "The public sees nothing: you hid your listing."),
        (ListingState.SUSPENDED, "The public sees nothing: we suspended your listing."),
        (ListingState.WITHDRAWN, "The public sees nothing: you withdrew your listing."),
    ],
)
def test_one_sentence_says_what_the_public_sees(member: Member, state: ListingState, said: str) -> None:
    kept = make(member, state)
    page = member.get("/member/listing")
    assert said in page.text(".//p[@class='lead']")
    assert (address(kept) in page.links().values()) == (state in {ListingState.PUBLISHED, ListingState.CHANGES_WAITING})
    member.get("/member/listing/check")
    member.get("/member/listing/history")
    for step in listings.STEPS:
        member.get(f"/member/listing/{step}")


def test_hiding_takes_effect_everywhere_at_once_and_one_button_brings_it_back(member: Member, visitor: Visitor) -> None:
    kept = make(member, ListingState.PUBLISHED)
    public_id = kept.practitioner.public_id
    assert "Wren Hallowby" in visitor.get("/practitioners?q=hallowby").text()
    page = member.follow(member.post("/member/listing/hiding", on="/member/listing"))
    assert "Your listing is hidden." in page.text(".//body")
    for path in ("", "/history"):
        assert "Hallowby" not in visitor.get(address(kept) + path, status=410).html
    assert visitor.raw(f"{address(kept)}/contact.vcf").status_code == 410
    assert "Wren Hallowby" not in visitor.get("/practitioners?q=hallowby").text()
    assert "Wren Hallowby" not in visitor.get("/practitioners?near=Brighton").text()
    assert "Nobody is on it yet." in visitor.get(f"/practitioners/compare?keep={public_id}").text()
    assert "Hallowby" not in visitor.raw("/practitioners/suggest?q=hallo").get_data(as_text=True)
    member.post("/member/listing/showing", on="/member/listing")
    assert "Wren Hallowby" in visitor.get(address(kept)).text()
    assert "Wren Hallowby" in visitor.get("/practitioners?q=hallowby").text()


def test_a_price_is_public_at_once_and_a_name_waits(member: Member, visitor: Visitor) -> None:
    kept = make(member, ListingState.PUBLISHED)
    page = member.follow(member.post("/member/listing/prices", {"prices-0-price": "£65"}))
    assert "Saved, and public at once." in page.text(".//body")
    assert "£65" in visitor.get(address(kept)).text()
    page = member.follow(member.post("/member/listing/about", {"name": "Wren Newname"}))
    assert "What is new waits until we have looked at it" in page.text(".//body")
    assert "Name Wren Newname" in page.text()
    assert "Newname" not in visitor.get(address(kept)).html
    history = visitor.get(f"{address(kept)}/history")
    assert "60 minutes, £65" in history.text()
    assert "Newname" not in history.html


def test_what_was_asked_and_why_it_was_refused_is_told(member: Member, session: Session) -> None:
    kept = make(member, ListingState.SUBMITTED)
    desk: Account = AccountFactory(role=Role.ADMINISTRATOR)
    at = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
    listings.ask_for_changes(open_version(kept).id, revision=kept.revision, reason="Say where.", by=desk, at=at)
    for page in ("/member/listing", "/member/listing/check"):
        assert "What we asked you to change Say where." in member.get(page).text()
    member.post("/member/listing/check", {"consent": True})
    session.expire_all()
    kept = listings.get_kept(kept.practitioner_id)
    listings.refuse(open_version(kept).id, revision=kept.revision, reason="Not you.", by=desk, at=at)
    assert "Why we refused what you sent Not you." in member.get("/member/listing").text()
    assert "Not you." in member.get("/member/listing/history").text()


def test_the_reason_of_a_suspension_is_told(member: Member) -> None:
    make(member, ListingState.SUSPENDED)
    assert "Why it is suspended We could not reach you." in member.get("/member/listing").text()


def test_one_button_says_that_all_is_still_right(member: Member, visitor: Visitor) -> None:
    kept = make(member, ListingState.PUBLISHED)
    page = member.follow(member.post("/member/listing/confirmation", on="/member/listing"))
    assert "You confirmed it today." in page.text()
    assert "By the practitioner, today" in visitor.get(address(kept)).text()
    assert "Confirmed today" in visitor.get("/practitioners?q=hallowby").text()


def test_a_listing_is_withdrawn_after_a_page_that_says_what_it_means(member: Member, visitor: Visitor) -> None:
    kept = make(member, ListingState.PUBLISHED)
    page = member.follow(member.post("/member/listing/withdrawal"))
    assert "you withdrew your listing" in page.text()
    visitor.get(address(kept), status=410)
    member.get("/member/listing/withdrawal", status=409)


def test_a_button_that_does_not_fit_any_more_is_refused(member: Member) -> None:
    make(member, ListingState.PUBLISHED)
    page = member.get("/member/listing")
    member.send(page, "/member/listing/hiding")
    member.send(page, "/member/listing/hiding", status=409)


def test_the_public_history_never_shows_what_is_private(member: Member, visitor: Visitor) -> None:
    kept = make(member, ListingState.PUBLISHED)
    change(kept, "about", private={"contact_telephone": "+44 1273 496999", "search_only_names": ["Another Secretname"]})
    change(kept, "places", private={"places": [{"address": "8 Hidden Street"}]})
    change(kept, "words", text="Waits.")
    for path in ("", "/history"):
        html = visitor.get(address(kept) + path).html
        assert not [word for word in (*SECRETS, "8 Hidden Street", "496999", "Waits.", "12345") if word in html]
    assert "Another Secretname" in member.get("/member/listing/history").text()


def test_a_listing_that_was_not_written_here_has_no_history(visitor: Visitor) -> None:
    person = factories.make_practitioner(name="Ada Larkhope")
    page = visitor.get(f"/practitioners/{person.public_id}/{person.slug}/history")
    assert "Nothing is kept of earlier versions" in page.text()
    answer = visitor.raw(f"/practitioners/{person.public_id}/another/history")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        f"/practitioners/{person.public_id}/{person.slug}/history",
    )
    visitor.get("/practitioners/nobodyhere/at-all/history", status=404)


def test_further_methods_and_the_link_to_the_history_stand_on_the_profile(member: Member, visitor: Visitor) -> None:
    kept = make(member, ListingState.PUBLISHED)
    page = visitor.get(address(kept))
    assert "And, in their own words: Breathing with sound." in page.text()
    assert page.links()["What this page said before"] == f"{address(kept)}/history"
    assert "Breathing with sound" in visitor.get("/practitioners?q=hallowby").text(".//section[@class='list']")


def test_nobody_reaches_the_listing_of_another(member: Member, app: Flask, session: Session) -> None:
    make(member, ListingState.PUBLISHED)
    other = sign_in_as(app, AccountFactory())
    assert "Hallowby" not in other.get("/member/listing").html
    assert "Hallowby" not in other.get("/member/listing/about").html
    other.post("/member/listing/about", {"name": "Ada Larkhope"})
    assert session.scalar(select(func.count()).select_from(Kept)) == 2


# ---------- at once ----------


def test_fifty_approvals_at_once_make_one_success_one_mail_and_one_event(own_database: str, tmp_path: Path) -> None:
    with ExitStack() as end:
        # As in processes of their own. Whoever has the row asks for a second connection in the end: where all of a
        # process are with those who wait for the row, it comes only when they have given up.
        own = [end.enter_context(sites.made(make_settings(tmp_path, own_database))) for _ in range(4)]
        end.enter_context(own[0].app_context())
        factories.bind(db.session)
        with transaction():
            wren: Account = AccountFactory()
            desks = [AccountFactory(role=Role.ADMINISTRATOR) for _ in range(2)]
            kept = make_kept(wren, ListingState.SUBMITTED)
            waiting, revision = open_version(kept).id, kept.revision
            ids = [desk.id for desk in desks]
        outcomes: list[str] = []
        gate = threading.Barrier(50)

        def approve(number: int) -> None:
            gate.wait()
            with own[number % len(own)].app_context():
                try:
                    with transaction():
                        by = db.session.get_one(Account, ids[number % 2])
                        listings.approve(waiting, revision=revision, by=by, at=dt.datetime.now(dt.UTC))
                    outcomes.append("approved")
                except Exception as error:
                    outcomes.append(type(error).__name__)

        threads = [threading.Thread(target=approve, args=(number,)) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.rollback()
        assert len(outcomes) == 50
        assert outcomes.count("approved") == 1, outcomes
        assert _count(Event, Event.kind == "listing-approved") == 1
        assert _count(Letter, Letter.kind == "listing-approved") == 1
        assert _count(ListingVersion, ListingVersion.state == VersionState.PUBLISHED) == 1


def _count(model: type, condition: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(condition)) or 0  # type: ignore[arg-type]


def test_the_first_form_sent_by_many_at_once_makes_one_listing(own_site: Flask) -> None:
    with own_site.app_context():
        factories.bind(db.session)
        with transaction():
            account: Account = AccountFactory()
            somebody = sign_in_as(own_site, account)
        page = somebody.get("/member/listing/about")
        cookie = somebody._client.get_cookie("session", domain="localhost")
        assert cookie is not None
        answers: list[tuple[int, str | None]] = []
        gate = threading.Barrier(20)

        def send() -> None:
            with own_site.app_context():
                other = Member(own_site)
            other._client.set_cookie("session", cookie.value, domain="localhost")
            gate.wait()
            found = other.send(page, "/member/listing/about", {"name": "Wren Hallowby"})
            answers.append((found.status, found.response.headers.get("Location")))

        threads = [threading.Thread(target=send) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.rollback()
        assert answers == [(303, "/member/listing/methods")] * 20
        assert _count(Kept, Kept.account_id == account.id) == 1
