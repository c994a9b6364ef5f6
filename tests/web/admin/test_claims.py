"""The desk of the verifiers: what waits, one claim on one screen, and one decision at a time."""

import datetime as dt
import hashlib
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib import clock
from directory.models import (
    Account,
    Audit,
    Check,
    Claim,
    Evidence,
    Judgement,
    Kept,
    ListingState,
    Method,
    Outcome,
    Proposal,
    ProposalKind,
    Role,
    Tie,
    Training,
)
from directory.services import claims, indexing, ledger, listings, proposals
from directory.services.claims import Finding
from tests import factories
from tests.conftest import sqlite_only
from tests.factories.listings import change, make_kept
from tests.factories.lists import bring, row, take_in
from tests.members import Member, sign_in_as
from tests.pages import Page, Visitor

pytestmark = pytest.mark.usefixtures("session")

BLANK = {
    **dict.fromkeys(("tie", "grade", "valid_from", "valid_to", "due_on", "ended_on", "notice_url", "evidence_url"), ""),
    "decision": None,
    "checked_on": "2026-11-20",
    "note": "",
    "question": "",
}
CONFIRM = {"decision": "confirm", "method": "public-register", "tie": "body-answer", "grade": "MRSS"}


@pytest.fixture
def boss(session: Session) -> Account:
    """Who publishes the listings, and decides no claim here."""
    made: Account = factories.AccountFactory(role=Role.ADMINISTRATOR)
    return made


def stated(
    boss: Account, name: str = "Wren Hallowby", number: str | None = "12345", days_ago: int = 1, **shown: Any
) -> Claim:
    """A published listing that states a membership."""
    return claim_of(published(boss, name, number, days_ago, **shown))


def published(boss: Account, name: str, number: str | None, days_ago: int = 1, **shown: Any) -> Kept:
    return make_kept(
        factories.AccountFactory(),
        ListingState.PUBLISHED,
        by=boss,
        at=clock.now() - dt.timedelta(days=days_ago),
        private={"claim_numbers": [number]},
        name=name,
        **shown,
    )


def claim_of(kept: Kept) -> Claim:
    found = db.session.scalars(select(Claim.id).where(Claim.practitioner_id == kept.practitioner_id)).one()
    return claims.get(found)


def screen(claim: Claim) -> str:
    return f"/admin/claims/{claim.id}"


def decide(somebody: Member, claim: Claim, status: int = 303, **fields: Any) -> Page:
    """Open the screen of a claim, fill in the form and send it."""
    return somebody.post(f"{screen(claim)}/decision", fields, on=screen(claim), status=status)


def checks(claim: Claim) -> list[Check]:
    db.session.expire_all()
    query = select(Check).where(Check.practitioner_id == claim.practitioner_id).order_by(Check.id)
    return list(db.session.scalars(query))


def lines(page: Page) -> list[str]:
    return ["".join(line.itertext()).strip() for line in page.all(".//main//tbody/tr/th")]


def again(claim: Claim) -> Claim:
    db.session.expire_all()
    return claims.get(claim.id)


# ---------- the queue ----------


def test_claims_wait_oldest_first_and_lead_to_the_next(verifier: Member, boss: Account) -> None:
    stated(boss, "Second Larkhope", "2", 2)
    first = stated(boss, "First Fenwold", "1", 5)
    stated(boss, "Third Quarrish", "3", 0)
    page = verifier.get("/admin/claims")
    assert lines(page) == ["First Fenwold", "Second Larkhope", "Third Quarrish"]
    assert "3 statements wait, oldest first." in page.text()
    assert page.links()["Begin with the oldest J"] == screen(first)
    assert "Claims 3" in page.links()
    assert "Nothing was decided in the last 90 days." in page.text()


def test_the_queue_can_be_cut_by_whose_it_is_by_body_by_outcome_and_by_day(
    verifier: Member, boss: Account, app: Flask
) -> None:
    mine, theirs, asked = (stated(boss, f"{name} Fenwold", name) for name in ("mine", "theirs", "asked"))
    other = sign_in_as(app, factories.AccountFactory(role=Role.VERIFIER))
    verifier.post(f"{screen(mine)}/taking", on=screen(mine))
    other.post(f"{screen(theirs)}/taking", on=screen(theirs))
    decide(verifier, asked, decision="ask", question="Which number?")
    assert lines(verifier.get("/admin/claims?part=mine")) == ["mine Fenwold"]
    assert lines(verifier.get("/admin/claims?part=asked")) == ["asked Fenwold"]
    assert lines(verifier.get("/admin/claims?part=nobody")) == []
    assert lines(verifier.get("/admin/claims")) == ["mine Fenwold", "theirs Fenwold"]
    decide(verifier, mine, decision="inconclusive", note="The page did not open.")
    assert lines(verifier.get("/admin/claims?outcome=inconclusive")) == ["mine Fenwold"]
    assert lines(verifier.get("/admin/claims?body=uk-cnhc")) == []
    assert lines(verifier.get("/admin/claims?why=new&body=uk-shiatsu-society&page=9&part=odd&due=odd")) != []
    until = (clock.now().date() + dt.timedelta(days=20)).isoformat()
    decide(verifier, mine, **CONFIRM, valid_to=until)
    assert lines(verifier.get("/admin/claims")) == ["theirs Fenwold"]
    assert lines(verifier.get("/admin/claims?due=month")) == ["theirs Fenwold", "mine Fenwold"]
    assert "Nothing waits that fits." in verifier.get("/admin/claims?due=week&outcome=confirmed").text()


def test_a_long_queue_has_pages_and_the_screen_stays_on_its_page(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    kept = [
        factories.ClaimFactory(practitioner=factories.make_practitioner(), number=str(n), stated_on=dt.date(2026, 1, 1))
        for n in range(50)
    ]
    indexing.refresh([one.practitioner_id for one in kept])
    page = verifier.get("/admin/claims?page=2")
    assert lines(page) == ["Wren Hallowby"]
    shown = verifier.get(page.links()["Wren Hallowby"])
    assert "Number 51 of 51." in shown.text()
    assert shown.links()["Wren HallowbyShiatsu Society (UK), 1 day"] == f"{screen(claim)}?page=2"


# ---------- one claim on one screen ----------


@sqlite_only
def test_everything_that_is_needed_to_decide_stands_on_one_screen(verifier: Member, boss: Account) -> None:
    claim = stated(boss, "Wren Hallowby", "12345")
    take_in([row("12345", "W. Hallowby", town="Hove", grade="Student", valid="31/03/2027")])
    page = verifier.get(screen(claim))
    said = page.text()
    for words in (
        "Wren Hallowby says: member of the Shiatsu Society (UK)",
        "Wren Secretname",
        "wren@example.org",
        "+44 1273 496012",
        "Distinguish MRSS (registered) from student",
        "One, of 16 November 2026.",
        "The number is the same.",
        "One of the names has initials that fit the other.",
        "The register shows another grade: Student.",
        "Says they are a member of the Shiatsu Society (UK). Not checked.",
        "Nobody has looked yet.",
    ):
        assert words in said, words
    assert "shiatsusociety.org" in page.links()
    marked = ["".join(one.itertext()) for one in page.all(".//table//mark")]
    assert marked == ["W.", "Student", "Hove"]
    assert not [one for one in page.all(".//input[@type='radio']") if one.get("checked") is not None]


@sqlite_only
def test_a_row_that_is_chosen_fills_the_form_in_and_shows_what_the_public_would_read(
    verifier: Member, boss: Account
) -> None:
    claim = stated(boss, "Bram Ottershaw", "5128")
    take_in([row("5182", "Bram Ottershaw", valid="31/03/2027", grade="MRSS(T)")])
    field = ".//input[@name='{}']"
    page = verifier.get(screen(claim))
    assert "This may be the same person, but it is no match." in page.text()
    assert page.all(field.format("grade"))[0].get("value") == ""
    page = verifier.get(page.links()["Fill in what row A shows 1"].partition("#")[0])
    assert page.all(field.format("grade"))[0].get("value") == "MRSS(T)"
    assert page.all(field.format("checked_on"))[0].get("value") == "2026-11-16"
    assert "on the register of the Shiatsu Society (UK) as MRSS(T), shown there as valid to" in page.text()


def test_the_e_mail_address_that_both_have_ties_them(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    keeper = select(Account.email).join(Kept, Kept.account_id == Account.id)
    email = db.session.scalars(keeper.where(Kept.practitioner_id == claim.practitioner_id)).one()
    take_in([row("12345", "Wren Hallowby", email=email)])
    page = verifier.get(screen(claim))
    assert "The register shows the e-mail address that the practitioner confirmed to us." in page.text()
    chosen = [one.get("value") for one in page.all(".//select[@name='tie']/option") if one.get("selected") is not None]
    assert chosen == ["email"]


def test_a_row_that_was_judged_to_be_somebody_else_is_never_shown_again(
    verifier: Member, boss: Account, session: Session
) -> None:
    claim = stated(boss)
    take_in([row("12345", "Wren Hallowby")])
    verifier.post(f"{screen(claim)}/judgements", on=screen(claim))
    assert session.scalars(select(Judgement.practitioner_id)).all() == [claim.practitioner_id]
    assert "No row of the lists that we hold may be this person." in verifier.get(screen(claim)).text()
    values = {"csrf_token": "x", "row": "1"}
    verifier.send_raw(f"{screen(claim)}/judgements", values, status=400)


def test_what_looks_alike_and_who_has_the_same_number_is_named(verifier: Member, boss: Account) -> None:
    first = stated(boss, "Wren Hallowby", "12345", 5)
    claims.confirm(first, seen(), by=boss, at=clock.now())
    second = stated(boss, "Wren Hallowby", "12345", 1)
    said = verifier.get(screen(second)).text()
    assert "Looks like that of somebody whom we checked" in said
    assert "The same number under another listing" in said


def test_a_namesake_with_something_against_them_is_named_for_comparison(verifier: Member, boss: Account) -> None:
    first = stated(boss, "Wren Hallowby", "777", 5)
    claims.ended(first, seen(tie=None, ended_on=dt.date(2026, 10, 31)), by=boss, at=clock.now())
    said = verifier.get(screen(stated(boss, "Wren Hallowby", "12345", 1))).text()
    assert "Another listing of this name, at this body: Wren Hallowby (Ended," in said


def seen(**more: Any) -> Finding:
    values = {"method": Method.PUBLIC_REGISTER, "checked_on": clock.now().date(), "tie": Tie.BODY_ANSWER, **more}
    return Finding(**values)


# ---------- deciding ----------


def test_a_claim_is_confirmed_and_the_next_one_follows(verifier: Member, boss: Account) -> None:
    first, second = stated(boss, "First Fenwold", "1", 5), stated(boss, "Second Larkhope", "2", 2)
    page = decide(verifier, first, **CONFIRM, valid_to="2027-03-31", evidence_url="https://example.org/r", note="Seen.")
    assert page.response.headers["Location"] == screen(second)
    (check,) = checks(first)
    assert (check.outcome, check.tie, check.seen_grade) == (Outcome.CONFIRMED, Tie.BODY_ANSWER, "MRSS")
    assert (check.valid_to, check.note) == (dt.date(2027, 3, 31), "Seen.")
    assert "First Fenwold, Shiatsu Society (UK): confirmed." in verifier.follow(page).text(".//body")
    assert "Checked on" in verifier.get(screen(first)).text()
    assert decide(verifier, second, **CONFIRM).response.headers["Location"] == "/admin/claims"


def test_a_row_of_a_list_is_kept_with_the_check_that_saw_it(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    take_in([row("12345", "Wren Hallowby")])
    decide(verifier, claim, decision="confirm", tie="body-answer")
    (check,) = checks(claim)
    assert check.method is Method.REGISTER_FILE
    assert check.register_row_id is not None
    assert (check.checked_on, check.seen_name) == (dt.date(2026, 11, 16), "Wren Hallowby")


OTHERS = (
    ({"decision": "not-found"}, Outcome.NOT_FOUND),
    ({"decision": "ended", "ended_on": "2026-10-31"}, Outcome.ENDED),
    ({"decision": "inconclusive", "note": "Two of this name."}, Outcome.INCONCLUSIVE),
)


@sqlite_only
def test_other_outcomes_are_recorded_with_what_they_need(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    for fields, outcome in OTHERS:
        decide(verifier, claim, **fields)
        check = checks(claim)[-1]
        assert (check.outcome, check.tie, check.checked_on) == (outcome, None, clock.now().date())
        assert check.by_id == verifier.account.id  # type: ignore[union-attr]


@sqlite_only
def test_a_first_not_found_counts_from_today_whatever_the_form_says(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    assert "if nothing else is found by then" in verifier.get(screen(claim)).text()
    decide(verifier, claim, decision="not-found", checked_on="2026-01-01")
    assert [check.checked_on for check in checks(claim)] == [clock.now().date()]
    assert "Not checked." in verifier.get(screen(claim)).text()


@sqlite_only
def test_half_an_hour_after_midnight_is_the_new_day_whatever_day_it_is_in_utc(app: Flask) -> None:
    with time_machine.travel(dt.datetime(2027, 7, 1, 23, 30, tzinfo=dt.UTC), tick=False):
        verifier = sign_in_as(app, factories.AccountFactory(role=Role.VERIFIER), second_factor=True)
        claim = stated(factories.AccountFactory(role=Role.ADMINISTRATOR), days_ago=0)
        decide(verifier, claim, decision="not-found", checked_on="2027-07-02")
        (check,) = checks(claim)
        assert claim.stated_on == check.checked_on == dt.date(2027, 7, 2)


@sqlite_only
def test_an_answer_half_an_hour_after_midnight_waits_since_that_day(app: Flask, boss: Account) -> None:
    with time_machine.travel(dt.datetime(2027, 7, 1, 23, 30, tzinfo=dt.UTC), tick=False):
        claim, vera = stated(boss), factories.AccountFactory(role=Role.VERIFIER)
        found = Finding(method=Method.PUBLIC_REGISTER, checked_on=dt.date(2027, 7, 2), tie=Tie.BODY_ANSWER)
        claims.confirm(claim, found, by=vera, at=clock.now())
        sent = claims.answer(again(claim), "My name is another now.", by=boss, at=clock.now())
        assert sent.sent_at.date() == dt.date(2027, 7, 1)
        page = sign_in_as(app, vera, second_factor=True).get("/admin/claims")
        assert "2 July 2027" in page.text(".//main//tbody")
        assert "The oldest has waited since 2 July 2027." in Visitor(app).get("/how-we-check").text()


LACKS: list[tuple[dict[str, str], str]] = [
    ({}, "Choose what you decide"),
    ({**CONFIRM, "tie": ""}, "Choose what ties this listing to that person: without it nothing is confirmed"),
    ({**CONFIRM, "checked_on": ""}, "Say on which day you looked"),
    ({**CONFIRM, "checked_on": "2999-01-01"}, "This day has not come yet"),
    ({**CONFIRM, "checked_on": "soon"}, "Write a day with its month and year"),
    ({**CONFIRM, "valid_to": "2020-01-01"}, "This day had passed when you looked"),
    ({**CONFIRM, "valid_from": "2999-01-02", "valid_to": "2999-01-01"}, "This is after the day"),
    ({**CONFIRM, "due_on": "2020-01-01"}, "Choose a day that is still to come"),
    ({**CONFIRM, "evidence_url": "javascript:alert(1)"}, "Write an address that begins with"),
    ({"decision": "ended"}, "Say when it ended"),
    ({"decision": "ended", "ended_on": "2999-01-01"}, "This day has not come yet"),
    ({"decision": "restrict"}, "Give the address at which the body publishes its notice"),
    ({"decision": "restrict", "notice_url": "example.org"}, "Write an address that begins with"),
    ({"decision": "inconclusive"}, "Say what could not be told"),
    ({"decision": "ask"}, "Write your question"),
]


@sqlite_only
def test_what_a_decision_lacks_is_said_and_everything_typed_stays(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    page = verifier.get(screen(claim))
    for fields, problem in LACKS:
        page = verifier.send(page, f"{screen(claim)}/decision", {**BLANK, **fields, "name": "Typed Name"}, status=422)
        assert problem in page.text(".//section[@role='alert']"), fields
        assert page.all(".//input[@name='name']")[0].get("value") == "Typed Name"
    assert not checks(claim)


@sqlite_only
def test_what_the_register_does_not_cover_is_refused_in_words(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    claim.disciplines = ["shiatsu", "reflexology"]
    db.session.flush()
    page = decide(verifier, claim, status=422, **CONFIRM, disciplines=["shiatsu"])
    assert "a kind of treatment that the register does not show" in page.text(".//section[@role='alert']")
    decide(verifier, claim, **CONFIRM, disciplines=["shiatsu", "reflexology"])
    assert checks(claim)[0].seen_disciplines == ["shiatsu", "reflexology"]


@sqlite_only
def test_a_question_goes_to_the_practitioner_and_the_claim_waits_for_them(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    decide(verifier, claim, decision="ask", question="Which number does the register show?")
    page = verifier.get(screen(claim))
    assert "Which number does the register show?" in page.text()
    assert "has not answered" in page.text()
    assert lines(verifier.get("/admin/claims")) == []


def test_somebody_who_comes_too_late_sees_what_the_other_decided(
    verifier: Member, administrator: Member, boss: Account
) -> None:
    claim = stated(boss)
    opened = verifier.get(screen(claim))
    decide(administrator, claim, **CONFIRM)
    page = verifier.send(opened, f"{screen(claim)}/decision", {"decision": "not-found"}, status=409)
    assert "Somebody was first" in page.text()
    assert administrator.account.email in page.text()  # type: ignore[union-attr]
    assert "Confirmed, on" in page.text()
    assert "Checked on" in page.text()
    assert len(checks(claim)) == 1


@sqlite_only
@pytest.mark.parametrize("said", [(), ({"grade": "Other"},), ({"disciplines": ["shiatsu"]},)], ids=str)
def test_whoever_has_a_claim_open_that_is_stated_in_other_words_sees_them_first(
    said: tuple[dict[str, Any], ...], verifier: Member, boss: Account
) -> None:
    claim = stated(boss)
    verifier.post(f"{screen(claim)}/taking", on=screen(claim))
    opened = verifier.get(screen(claim))
    kept = listings.get_kept(claim.practitioner_id)
    (before,) = listings.answers_now(kept).shown["claims"]
    # Taken back and stated again in the same words, or in others at once.
    for claims_said in [[{**before, **one}] for one in said] or [[], [before]]:
        change(kept, "memberships", claims=claims_said, private={"claim_numbers": ["12345"] * len(claims_said)})
        waiting = listings.open_version(kept.practitioner_id)
        if waiting is not None:
            listings.approve(waiting.id, revision=kept.revision, by=boss, at=clock.now())
    sent = {"decision": "inconclusive", "note": "The page did not open."}
    assert "Somebody was first" in verifier.send(opened, f"{screen(claim)}/decision", sent, status=409).text()
    assert not checks(claim)
    decide(verifier, claim, **sent)
    assert len(checks(claim)) == 1
    stated_times = sum(entry.kind == "claim-stated" for entry in ledger.list_entries())
    assert stated_times == (1 if said else 2)


@sqlite_only
def test_nobody_decides_a_claim_of_their_own(app: Flask, boss: Account) -> None:
    own = factories.AccountFactory(role=Role.VERIFIER)
    claim = claim_of(make_kept(own, ListingState.PUBLISHED, by=boss))
    take_in([row("12345", "Wren Hallowby")])
    somebody = sign_in_as(app, own)
    page = somebody.get(screen(claim))
    assert "This is a statement of your own." in page.text()
    assert not [one for one in page.all(".//main//form") if one.get("method") == "post"]
    token = sign_in_token(page)
    sent = {**CONFIRM, "csrf_token": token, "checked_on": "2026-11-20", "revision": str(claim.revision)}
    assert "Nobody checks their own statements" in refused(somebody, f"{screen(claim)}/decision", sent)
    for address in ("taking", "release", "judgements", "training"):
        fields = {"csrf_token": token, "row": "1", "modality": "shiatsu", "seen_on": "2026-11-20"}
        refused(somebody, f"{screen(claim)}/{address}", fields)
    assert not checks(claim)


def sign_in_token(page: Page) -> str:
    """The token of the form at the head of every page of the desk."""
    return page.token


def refused(somebody: Member, address: str, fields: dict[str, str]) -> str:
    return somebody.send_raw(address, fields, status=409).text()


@sqlite_only
def test_a_body_that_is_not_assessed_leaves_nothing_to_decide(verifier: Member, boss: Account) -> None:
    claims_said = [{"body_id": None, "body_name": "A Body Nobody Knows", "grade": None, "claimed_until": None}]
    claim = stated(boss, claims=claims_said)
    page = verifier.get(screen(claim))
    assert "There is nothing to decide now" in page.text()
    assert "A Body Nobody Knows: not a body that we know" in page.text()


# ---------- undoing ----------


@sqlite_only
def test_a_decision_can_be_undone_for_ten_minutes_by_who_made_it(
    verifier: Member, administrator: Member, boss: Account
) -> None:
    claim, other = stated(boss), stated(boss, "Second Larkhope", "2", 0)
    decide(verifier, claim, **CONFIRM)
    (check,) = checks(claim)
    address = f"/admin/checks/{check.id}/undoing"
    assert "You can undo this for another 10 minutes." in verifier.get(screen(other)).text()
    assert "You can undo" not in administrator.get(screen(other)).text()
    page = administrator.get(screen(other))
    said = refused(administrator, address, {"csrf_token": sign_in_token(page)})
    assert "Somebody else decided this: only they can undo it." in said
    page = verifier.post(address, on=screen(other))
    assert page.response.headers["Location"] == screen(claim)
    assert "taken back" in verifier.get(screen(claim)).text()
    assert [one.undoes_id for one in checks(claim)] == [None, check.id]
    assert "You can undo" not in verifier.get(screen(other)).text()


@sqlite_only
def test_after_ten_minutes_a_decision_is_followed_and_not_undone(verifier: Member, boss: Account) -> None:
    claim = stated(boss)
    decide(verifier, claim, **CONFIRM)
    (check,) = checks(claim)
    page = verifier.get("/admin/claims")
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11), tick=False):
        assert "You can undo" not in verifier.get("/admin/claims").text()
        said = refused(verifier, f"/admin/checks/{check.id}/undoing", {"csrf_token": sign_in_token(page)})
    assert "Ten minutes have passed" in said
    verifier.send_raw("/admin/checks/999999/undoing", {"csrf_token": sign_in_token(page)}, status=404)


# ---------- who has it ----------


@sqlite_only
def test_a_claim_is_taken_given_and_put_back(verifier: Member, administrator: Member, boss: Account) -> None:
    claim = stated(boss)
    verifier.post(f"{screen(claim)}/taking", on=screen(claim))
    assert again(claim).taken_by_id == verifier.account.id  # type: ignore[union-attr]
    page = administrator.get(screen(claim))
    assert f"{verifier.account.email} has it." in page.text()  # type: ignore[union-attr]
    assert "Somebody was first" in refused(
        administrator, f"{screen(claim)}/taking", {"csrf_token": sign_in_token(page)}
    )
    to = str(administrator.account.id)  # type: ignore[union-attr]
    verifier.post(f"{screen(claim)}/assignment", {"to": to}, on=screen(claim))
    assert again(claim).taken_by_id == administrator.account.id  # type: ignore[union-attr]
    administrator.post(f"{screen(claim)}/release", on=screen(claim))
    assert again(claim).taken_by_id is None
    assert "We have been checking since" in verifier.get(screen(claim)).text()
    sent = {"csrf_token": sign_in_token(page), "to": str(factories.AccountFactory().id)}
    refused(administrator, f"{screen(claim)}/assignment", sent)


# ---------- files ----------


def test_a_file_that_was_sent_is_saved_and_never_opened_here(
    verifier: Member, member: Member, boss: Account, session: Session
) -> None:
    claim = stated(boss)
    content = b"%PDF-1.4 certificate"
    file = Evidence(
        claim_id=claim.id,
        name="../my <b>certificate</b>.pdf",
        media_type="application/pdf",
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        received_at=clock.now(),
    )
    session.add(file)
    session.flush()
    page = verifier.get(screen(claim))
    assert "../my <b>certificate</b>.pdf" in page.text()
    address = f"{screen(claim)}/evidence/{file.id}"
    answer = verifier.raw(address)
    assert answer.get_data() == content
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "certificate" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    member.get(address, status=403)
    verifier.get(f"{screen(stated(boss, 'Other Name', '9'))}/evidence/{file.id}", status=404)
    file.content, file.erased_at = None, clock.now()
    session.flush()
    verifier.get(address, status=404)
    assert "A file that has been erased" in verifier.get(screen(claim)).text()


@sqlite_only
def test_a_certificate_that_was_seen_is_recorded_on_the_training(
    verifier: Member, boss: Account, session: Session
) -> None:
    claim = stated(boss)
    page = verifier.post(f"{screen(claim)}/training", {"seen_on": "2999-01-01"}, on=screen(claim), status=422)
    assert "This day has not come yet" in page.text(".//section[@role='alert']")
    page = verifier.post(f"{screen(claim)}/training", {"seen_on": ""}, on=screen(claim), status=422)
    assert "Say on which day you saw the certificate" in page.text(".//section[@role='alert']")
    verifier.post(f"{screen(claim)}/training", {"seen_on": "2026-11-19"}, on=screen(claim))
    session.expire_all()
    query = select(Training.seen_on).where(Training.practitioner_id == claim.practitioner_id)
    assert session.scalars(query).all() == [dt.date(2026, 11, 19)]
    assert "A certificate was seen on 19 November 2026." in verifier.get(screen(claim)).text().replace("\xa0", " ")


# ---------- a second person ----------

NOTICE = {"decision": "restrict", "notice_url": "https://example.org/notices/7", "note": "On their news page."}


def test_a_notice_is_shown_once_a_second_person_agrees(verifier: Member, administrator: Member, boss: Account) -> None:
    claim = stated(boss)
    decide(verifier, claim, **NOTICE)
    assert not checks(claim)
    assert "A second person is asked" in verifier.get(screen(claim)).text()
    mine = verifier.get("/admin/proposals")
    assert "You proposed this, so somebody else must agree." in mine.text()
    assert not [one for one in mine.all(".//main//form") if "agreement" in one.get("action", "")]
    page = administrator.get("/admin/proposals")
    assert "https://example.org/notices/7" in page.text()
    assert "On their news page." in page.text()
    assert "A notice about this person is published by" in page.text()
    proposal = db.session.scalars(select(Proposal)).one()
    address = f"/admin/proposals/{proposal.id}/agreement"
    assert "somebody else who may decide it" in refused(verifier, address, {"csrf_token": sign_in_token(mine)})
    administrator.send(page, address)
    (check,) = checks(claim)
    assert (check.outcome, check.by_id, check.second_by_id) == (
        Outcome.RESTRICTED,
        verifier.account.id,  # type: ignore[union-attr]
        administrator.account.id,  # type: ignore[union-attr]
    )
    assert "Nothing waits." in administrator.get("/admin/proposals").text()
    assert "Somebody was first" in refused(verifier, address, {"csrf_token": sign_in_token(mine)})


@sqlite_only
def test_a_second_person_who_does_not_agree_lets_nothing_be_shown(
    verifier: Member, administrator: Member, boss: Account
) -> None:
    claim = stated(boss)
    decide(verifier, claim, **NOTICE)
    page = administrator.get("/admin/proposals")
    proposal = db.session.scalars(select(Proposal)).one()
    administrator.send(page, f"/admin/proposals/{proposal.id}/refusal")
    assert not checks(claim)
    assert lines(administrator.get("/admin/claims")) == ["Wren Hallowby"]
    token = {"csrf_token": sign_in_token(page)}
    refused(administrator, f"/admin/proposals/{proposal.id}/refusal", token)
    administrator.send_raw("/admin/proposals/999999/refusal", token, status=404)


@sqlite_only
def test_whoever_is_alone_waits_a_day_and_may_then_do_it_alone(app: Flask, boss: Account) -> None:
    claim = stated(boss)
    alone = sign_in_as(app, boss)
    decide(alone, claim, **NOTICE)
    page = alone.get("/admin/proposals")
    assert "There is nobody else here who may." in page.text()
    proposal = db.session.scalars(select(Proposal)).one()
    address = f"/admin/proposals/{proposal.id}/agreement"
    assert "You can do it alone from" in refused(alone, address, {"csrf_token": sign_in_token(page)})
    with time_machine.travel(clock.now() + dt.timedelta(hours=24, minutes=1), tick=False):
        later = sign_in_as(app, boss)
        page = later.get("/admin/proposals")
        assert "you may do it alone now" in page.text()
        later.send(page, address)
    assert [check.outcome for check in checks(claim)] == [Outcome.RESTRICTED]


@sqlite_only
def test_a_register_that_waits_for_a_second_person_leads_to_its_own_page(
    verifier: Member, administrator: Member
) -> None:
    brought = bring([row()], by=verifier.account)
    assert verifier.account is not None
    proposals.propose(ProposalKind.REGISTER_IMPORT, brought.id, by=verifier.account, at=clock.now())
    page = administrator.get("/admin/proposals")
    assert "List of 16 November 2026: Shiatsu Society" in page.text().replace("\u00a0", " ")
    assert page.links()["See what it would change, and decide"] == f"/admin/registers/imports/{brought.id}"
    proposal = db.session.scalars(select(Proposal)).one()
    token = {"csrf_token": sign_in_token(page)}
    administrator.send_raw(f"/admin/proposals/{proposal.id}/agreement", token, status=404)


# ---------- second looks ----------


def drawn(boss: Account, verifier: Member) -> Claim:
    """A claim that `verifier` confirmed and that the lot sends to somebody else."""
    claim = stated(boss)
    decide(verifier, claim, **CONFIRM, note="The first note.")
    (check,) = checks(claim)
    audit = Audit(check_id=check.id, claim_id=claim.id, considered_at=clock.now(), due_on=clock.now().date())
    db.session.add(audit)
    db.session.flush()
    return claim


@sqlite_only
def test_a_second_look_does_not_see_what_the_first_one_saw(
    verifier: Member, administrator: Member, boss: Account
) -> None:
    claim = drawn(boss, verifier)
    assert lines(administrator.get("/admin/claims?part=second-look")) == ["Wren Hallowby"]
    page = administrator.get(screen(claim)).text()
    assert "This is a second look" in page
    assert "The first note." not in page
    assert "Now it reads" not in page
    assert "Checked on" not in page.partition("Looked at before")[2]
    assert "The first note." in verifier.get(screen(claim)).text()
    decide(administrator, claim, decision="not-found")
    assert "The first note." in administrator.get(screen(claim)).text()
    said = administrator.get("/admin/second-looks")
    assert lines(said) == ["Wren Hallowby"]
    assert "Confirmed" in said.text(".//main//tbody")
    assert "Not found" in said.text(".//main//tbody")
    assert "Of these, the two differ 1" in said.text()


# ---------- who may, and what everybody reads ----------


@sqlite_only
def test_verifiers_and_administrators_alone_see_the_desk_of_claims(
    verifier: Member, administrator: Member, member: Member, boss: Account
) -> None:
    claim = stated(boss)
    for address in ("/admin/claims", screen(claim), "/admin/proposals", "/admin/second-looks"):
        verifier.get(address)
        administrator.get(address)
        member.get(address, status=403)
    verifier.get("/admin/claims/999999", status=404)
    assert "Claims to check" in verifier.get("/admin").text()


def test_everybody_reads_how_long_it_takes_what_waits_and_what_came_out(verifier: Member, boss: Account) -> None:
    page = verifier.get("/how-we-check").text()
    assert "Nothing was decided in the last 90 days. No statement waits for us now." in page
    first, second = stated(boss, "First Fenwold", "1", 4), stated(boss, "Second Larkhope", "2", 2)
    decide(verifier, first, **CONFIRM)
    page = verifier.get("/how-we-check").text()
    assert "had waited no more than 4 days." in page
    assert "1 statement waits for us now." in page
    assert "On the register, and tied to the listing 1 Not found on the register 0" in page
    decide(verifier, second, decision="ended", ended_on="2026-10-31")
    page = verifier.get("/how-we-check").text()
    assert "had waited no more than 3 days. No statement waits for us now." in page
    assert "Shown there as ended 1" in page
