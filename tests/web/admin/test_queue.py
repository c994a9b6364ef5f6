"""The queue of listings: what waits, what is different, and one decision at a time."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib import clock
from directory.models import (
    Event,
    Kept,
    Letter,
    ListingState,
    Practitioner,
    Report,
    ReportKind,
    ReportState,
    Role,
)
from directory.services import listings
from tests import factories
from tests.conftest import sqlite_only
from tests.factories.listings import change, make_kept, open_version
from tests.members import Member, sign_in_as

pytestmark = pytest.mark.usefixtures("session")


def sent(name: str = "Wren Hallowby", days_ago: int = 1, **answers: Any) -> Kept:
    """A new listing that waits."""
    return make_kept(
        factories.AccountFactory(),
        ListingState.SUBMITTED,
        at=clock.now() - dt.timedelta(days=days_ago),
        name=name,
        **answers,
    )


def decision(kept: Kept) -> str:
    return f"/admin/listings/{kept.practitioner_id}/decision"


def case(kept: Kept) -> str:
    return f"/admin/listings/{kept.practitioner_id}"


def reported(kept: Kept, days_ago: int = 1) -> Report:
    report = Report(
        practitioner_id=kept.practitioner_id,
        kind=ReportKind.DANGER,
        text="Something happened.",
        state=ReportState.WITH_ADMINISTRATORS,
        made_at=clock.now() - dt.timedelta(days=days_ago),
    )
    db.session.add(report)
    db.session.flush()
    return report


def test_everything_that_waits_stands_in_the_queue_oldest_first(administrator: Member) -> None:
    sent("Second Larkhope", 2)
    sent("First Fenwold", 5)
    sent("Third Quarrish", 0)
    page = administrator.get("/admin")
    names = ["".join(row.itertext()).strip() for row in page.all(".//main//tbody/tr/th")]
    assert names == ["First Fenwold", "Second Larkhope", "Third Quarrish"]
    assert "3 listings wait" in page.text()
    assert "The oldest has waited 5 days." in page.text()
    assert "New" in page.text(".//main//tbody")


def test_nothing_that_is_unfinished_or_decided_waits(administrator: Member) -> None:
    make_kept(factories.AccountFactory(), ListingState.DRAFT, name="Draft Ottershaw")
    make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=administrator.account, name="Done Coldwater")
    page = administrator.get("/admin")
    assert "Nothing waits." in page.text()
    assert "Half of what was decided in the last three months had waited" in page.text()


def test_the_queue_can_be_cut_to_one_reason_and_says_how_many_each_has(administrator: Member) -> None:
    sent("New Larkhope")
    changed = make_kept(
        factories.AccountFactory(), ListingState.CHANGES_WAITING, by=administrator.account, name="Changed Fenwold"
    )
    told = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=administrator.account, name="Told Quarrish")
    reported(told)
    alike = sent("Alike Ottershaw")
    open_version(alike).flags = [
        {"kind": "invisible", "field": "name", "value": "Alike\u200b", "code_points": ["U+200B"], "other": None}
    ]
    db.session.flush()
    links = administrator.get("/admin").links()
    assert {"All 4", "New 2", "Changed 1", "Look-alike 1", "Reported 1"} <= set(links)
    for reason, kept in (("changed", changed), ("reported", told), ("look-alike", alike)):
        page = administrator.get("/admin", query={"why": reason})
        rows = page.all(".//main//tbody/tr/th/a")
        assert [row.get("href") for row in rows] == [f"{case(kept)}?why={reason}"]


@sqlite_only
def test_a_new_listing_shows_everything_that_is_needed_to_decide(administrator: Member) -> None:
    kept = sent(claims=[{"body_id": "uk-shiatsu-society", "body_name": None, "grade": "MRSS", "claimed_until": None}])
    main = administrator.get(case(kept)).text()
    for said in ("Wren Hallowby", "7 Hidden Street", "Wren Secretname", "wren@example.org", "Breathing with sound"):
        assert said in main
    assert "Shiatsu Society (UK), MRSS" in main
    assert "Shiatsu Society (UK): 12345" in main
    assert "Address confirmed" in main
    assert "Listing sent" in main
    page = administrator.get(case(kept))
    assert not [field for field in page.all(".//input[@type='radio']") if field.get("checked") is not None]


@sqlite_only
def test_wording_to_look_at_again_is_named_with_the_reason(administrator: Member) -> None:
    page = administrator.get(case(sent(text="My treatment cures migraine.")))
    assert "cures" in page.text(".//aside[@id='wording']/p/mark")
    assert "The practitioner saw these hints" in page.text()
    assert not administrator.get(case(sent(text="I work slowly."))).all(".//aside")


@sqlite_only
def test_of_a_changed_listing_the_words_that_differ_are_marked(administrator: Member) -> None:
    kept = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=administrator.account)
    change(kept, "words", text="I work slowly, on a table.")
    page = administrator.get(case(kept))
    assert ["".join(mark.itertext()) for mark in page.all(".//section[@aria-labelledby='different']//mark")] == [
        "futon.",
        "table.",
    ]
    assert "7 Hidden Street" in page.text()


def test_a_listing_is_published_and_the_next_one_follows(administrator: Member, session: Session) -> None:
    first, second = sent("First Fenwold", 5), sent("Second Larkhope", 2)
    page = administrator.post(decision(first), {"decision": "approve"}, on=case(first))
    assert page.response.headers["Location"] == case(second)
    session.expire_all()
    assert session.get(Practitioner, first.practitioner_id).state is ListingState.PUBLISHED  # type: ignore[union-attr]
    assert "First Fenwold is published." in administrator.get(case(second)).text(".//body")
    page = administrator.post(decision(second), {"decision": "approve"}, on=case(second))
    assert page.response.headers["Location"] == "/admin"


@sqlite_only
def test_the_next_one_is_of_the_same_reason(administrator: Member) -> None:
    first = sent("First Fenwold", 5)
    make_kept(factories.AccountFactory(), ListingState.CHANGES_WAITING, by=administrator.account)
    third = sent("Third Larkhope", 0)
    page = administrator.get(case(first) + "?why=new")
    assert "Number 1 of 2." in page.text()
    form = next(form for form in page.all(".//form") if "decision" in (form.get("action") or ""))
    sent_to = administrator.send(page, form.get("action", ""), {"decision": "approve"})
    assert sent_to.response.headers["Location"] == f"{case(third)}?why=new"


@sqlite_only
@pytest.mark.parametrize(
    ("chosen", "kind", "state"),
    [("ask", "listing-changes-asked", "returned"), ("refuse", "listing-refused", "refused")],
)
def test_a_reason_goes_to_the_practitioner_word_for_word(
    administrator: Member, session: Session, chosen: str, kind: str, state: str
) -> None:
    kept = sent()
    version = open_version(kept).id
    said = "Please say whom you work with — not what you “cure”."
    administrator.post(decision(kept), {"decision": chosen, "reason": said}, on=case(kept))
    letter = session.scalars(select(Letter).where(Letter.kind == kind)).one()
    assert letter.values["reason"] == said
    event = session.scalars(select(Event).where(Event.kind == kind)).one()
    assert administrator.account is not None
    assert event.actor_id == administrator.account.id
    row = next(one for one in listings.versions(kept.practitioner_id) if one.id == version)
    session.refresh(row)
    assert row.state == state
    assert said in administrator.get(case(kept)).text()


@sqlite_only
@pytest.mark.parametrize("chosen", ["ask", "refuse"])
def test_a_decision_that_needs_a_reason_is_not_taken_without_one(
    administrator: Member, session: Session, chosen: str
) -> None:
    kept = sent()
    page = administrator.post(decision(kept), {"decision": chosen, "reason": "  "}, on=case(kept), status=422)
    assert "There is one thing to put right" in page.text()
    assert page.links()["Say why: the practitioner reads this"] == "#reason"
    checked = [field.get("value") for field in page.all(".//input[@type='radio']") if field.get("checked") is not None]
    assert checked == [chosen]
    assert not session.scalars(
        select(Letter).where(Letter.kind.in_(["listing-refused", "listing-changes-asked"]))
    ).all()


@sqlite_only
def test_no_decision_is_taken_when_none_was_chosen_and_what_was_typed_stays(administrator: Member) -> None:
    kept = sent()
    page = administrator.post(decision(kept), {"reason": "Half a thought"}, on=case(kept), status=422)
    assert page.links()["Choose what you decide"] == "#decision-0"
    assert page.text(".//textarea") == "Half a thought"


@sqlite_only
def test_a_text_to_start_from_is_put_into_the_field_without_a_script(administrator: Member) -> None:
    kept = sent()
    page = administrator.get(case(kept))
    link = page.links()["Words that promise a cure"]
    page = administrator.get(link.split("#")[0])
    assert "Advertising rules ask for evidence" in page.text(".//textarea")
    assert not [field for field in page.all(".//input[@type='radio']") if field.get("checked") is not None]
    administrator.get(case(kept) + "?text=ask-nothing&why=nothing")


def test_a_published_listing_is_suspended_with_a_reason_and_lifted_again(
    administrator: Member, session: Session
) -> None:
    kept = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=administrator.account)
    listing = session.get(Practitioner, kept.practitioner_id)
    assert listing is not None
    administrator.post(decision(kept), {"decision": "suspend", "reason": "We could not reach you."}, on=case(kept))
    session.refresh(listing)
    assert listing.state is ListingState.SUSPENDED
    page = administrator.get(case(kept))
    assert "The practitioner was told: “We could not reach you.”" in page.text()
    administrator.send(page, decision(kept), {"decision": "lift"})
    session.refresh(listing)
    assert listing.state is ListingState.PUBLISHED


@sqlite_only
def test_an_imported_listing_that_nobody_keeps_can_be_suspended(administrator: Member, session: Session) -> None:
    made = factories.make_practitioner(name="Imported Vane")
    page = administrator.get(f"/admin/listings/{made.id}")
    assert "Nobody keeps it" in page.text()
    administrator.send(page, f"/admin/listings/{made.id}/decision", {"decision": "suspend", "reason": "Not theirs."})
    session.refresh(made)
    assert made.state is ListingState.SUSPENDED


def test_the_second_of_two_administrators_sees_who_decided_what_and_when(
    app: Flask, administrator: Member, session: Session
) -> None:
    other = sign_in_as(app, factories.AccountFactory(role=Role.ADMINISTRATOR, email="second@example.org"))
    kept = sent()
    theirs = other.get(case(kept))
    administrator.post(decision(kept), {"decision": "refuse", "reason": "Listed already."}, on=case(kept))
    page = other.send(theirs, decision(kept), {"decision": "approve"}, status=409)
    assert administrator.account is not None
    assert f"{administrator.account.email} decided about version 1" in page.text()
    assert "It is now: Refused." in page.text()
    assert "Listed already." in page.text()
    assert (
        len(session.scalars(select(Letter).where(Letter.kind.in_(["listing-approved", "listing-refused"]))).all()) == 1
    )


def test_a_listing_that_changed_since_the_page_was_opened_is_not_decided(
    administrator: Member, session: Session
) -> None:
    kept = sent()
    page = administrator.get(case(kept))
    change(kept, "words", text="I cure everything.")
    db.session.flush()
    answer = administrator.send(page, decision(kept), {"decision": "approve"}, status=409)
    assert "changed since you opened it" in answer.text()
    session.expire_all()
    assert session.get(Practitioner, kept.practitioner_id).state is ListingState.SUBMITTED  # type: ignore[union-attr]


@sqlite_only
def test_nobody_decides_their_own_listing(administrator: Member, session: Session) -> None:
    account = administrator.account
    assert account is not None
    kept = make_kept(account, ListingState.SUBMITTED)
    page = administrator.get(case(kept))
    assert "This is your own listing." in page.text()
    assert not page.all(".//form[@class='decide']")
    other = administrator.get(case(sent()))
    values = {"csrf_token": other.token, "decision": "approve"}
    values |= {"version": str(open_version(kept).id), "revision": str(kept.revision), "reason": ""}
    answer = administrator.send_raw(decision(kept), values, status=409)
    assert "Nobody decides about their own listing" in answer.text()
    session.expire_all()
    assert session.get(Practitioner, kept.practitioner_id).state is ListingState.SUBMITTED  # type: ignore[union-attr]


def test_look_alikes_stand_beside_what_they_look_like_letter_by_letter(administrator: Member) -> None:
    checked = factories.make_practitioner(name="Sunniva Larkhope", town="Chepstow")
    factories.CheckFactory(practitioner_id=checked.id)
    factories.ClaimFactory(practitioner_id=checked.id, number="5127")
    kept = sent("Sunniva L\u0430rkhope")
    open_version(kept).flags = [
        {
            "kind": "came-back",
            "field": "number",
            "value": "5127",
            "code_points": [],
            "other": None,
            "outcome": "restricted",
            "checked_on": "2026-05-12",
        },
        {
            "kind": "same-skeleton",
            "field": "name",
            "value": "Sunniva L\u0430rkhope",
            "code_points": ["U+0430"],
            "other": {
                "practitioner_id": checked.id,
                "public_id": checked.public_id,
                "name": checked.name,
                "town": "Chepstow",
            },
        },
        {
            "kind": "same-skeleton",
            "field": "number",
            "value": "5l27",
            "code_points": [],
            "other": {
                "practitioner_id": checked.id,
                "public_id": checked.public_id,
                "name": checked.name,
                "town": None,
            },
        },
    ]
    db.session.flush()
    page = administrator.get(case(kept))
    alike = page.text(".//section[@aria-labelledby='alike']")
    assert "U+0430 Cyrillic Small Letter A" in alike
    assert "U+0061 Latin Small Letter A" in alike
    assert "Sunniva Larkhope, checked, Chepstow" in alike
    assert "5127: a check on 12 May 2026 found the membership restricted by the body." in alike.replace("\u00a0", " ")
    assert "U+006C Latin Small Letter L" in alike


def test_other_listings_of_the_same_name_address_or_number_are_named(administrator: Member) -> None:
    factories.make_practitioner(name="Somebody Else", contact_email="wren@example.org")
    factories.make_practitioner(name="Wren Hallowby", public_id="twin")
    main = administrator.get(case(sent())).text()
    assert "Somebody Else Published: same e-mail address" in main
    assert "same name" in main


@sqlite_only
def test_the_history_says_who_decided_each_version_and_what_changed(administrator: Member) -> None:
    kept = make_kept(factories.AccountFactory(), ListingState.CHANGES_WAITING, by=administrator.account)
    assert administrator.account is not None
    history = administrator.get(case(kept)).text(".//section[@aria-labelledby='history']")
    assert f"by {administrator.account.email}" in history
    assert "Version 2: Waits for us to look" in history
    assert "1 answer differs from the version before" in history
    assert "Listing published by an administrator" in history


def test_listings_are_found_in_any_state_by_name_town_and_public_id(administrator: Member) -> None:
    draft = make_kept(factories.AccountFactory(), ListingState.DRAFT, name="Perpetua Vane-Lisk")
    hidden = make_kept(
        factories.AccountFactory(), ListingState.HIDDEN, by=administrator.account, name="Idris Coldwater"
    )
    public_id = db.session.get(Practitioner, draft.practitioner_id).public_id  # type: ignore[union-attr]

    def found(**query: str) -> set[str | None]:
        page = administrator.get("/admin/listings", query=query)
        return {link.get("href") for link in page.all(".//main//tbody/tr/th/a")}

    assert found(q="perpetua") == {case(draft)}
    assert found(q="vane lisk") == {case(draft)}
    assert found(q=public_id) == {case(draft)}
    assert found(q="Wren Ashdown") >= {case(hidden)}
    assert found(q="brighton") >= {case(hidden)}
    assert found(state="hidden") == {case(hidden)}
    assert found(q="idris", state="draft") == set()
    assert found(q="100%_\\", state="nothing", before="99999999999999999999") == set()


def test_long_lists_of_listings_go_on_on_the_next_page(administrator: Member) -> None:
    for number in range(51):
        factories.PractitionerFactory(name=f"Numbered {number}")
    page = administrator.get("/admin/listings", query={"q": "Numbered"})
    assert len(page.all(".//main//tbody/tr")) == 50
    page = administrator.get(page.links()["Older ones"])
    assert page.text(".//main//tbody/tr/th") == "Numbered 0"
    assert "Older ones" not in page.links()


@sqlite_only
@pytest.mark.parametrize("address", ["/admin/listings", "/admin/listings/1", "/admin/accounts", "/admin/accounts/1"])
def test_the_desk_is_for_administrators(
    app: Flask, visitor: Any, member: Member, verifier: Member, address: str
) -> None:
    assert visitor.raw(address, headers={"Accept": "text/html"}).headers["Location"].startswith("/member/sign-in?next=")
    member.get(address, status=403)
    verifier.get(address, status=403)


@sqlite_only
def test_a_verifier_is_told_what_they_may_open(member: Member, verifier: Member) -> None:
    member.get("/admin", status=403)
    page = verifier.get("/admin")
    assert "You are a verifier" in page.text()
    assert "/admin/events" in page.links().values()
    assert "/admin/accounts" not in page.links().values()


@sqlite_only
def test_a_listing_that_is_not_there_is_not_found(administrator: Member) -> None:
    administrator.get("/admin/listings/999999", status=404)
    administrator.get("/admin/listings/99999999999999999999", status=404)
