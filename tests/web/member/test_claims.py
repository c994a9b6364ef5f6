"""A practitioner's own statements, through the pages: what they see, answer, send, correct and take back."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Account, Claim, Evidence, Kept, Method, Role, Tie
from directory.services import claims, listings
from directory.services.claims import Finding
from tests.factories import AccountFactory
from tests.factories.listings import SHOWN, make_listed
from tests.members import Member, sign_in_as

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@pytest.fixture
def vera(session: Session) -> Account:
    made: Account = AccountFactory(role=Role.VERIFIER)
    return made


@pytest.fixture
def wren(app: Flask, session: Session) -> Member:
    """Somebody whose published listing states a membership."""
    account = AccountFactory(email="wren@example.org")
    make_listed(account)
    return sign_in_as(app, account)


def kept_of(wren: Member) -> Kept:
    assert wren.account is not None
    kept = listings.of_account(wren.account)
    assert kept is not None
    return kept


def claim_of(wren: Member) -> Claim:
    return claims.of_listing(kept_of(wren).practitioner_id, clock.today(clock.now().tzinfo))[0].claim  # type: ignore[arg-type]


def address(wren: Member) -> str:
    return f"/member/claims/{claim_of(wren).id}"


def seen() -> Finding:
    return Finding(method=Method.PUBLIC_REGISTER, checked_on=clock.now().date(), tie=Tie.EMAIL, grade="MRSS")


def test_the_dashboard_says_what_the_public_sees_and_what_comes_next(wren: Member, vera: Account) -> None:
    text = wren.get("/member/listing").text()
    assert "Says they are a member of the Shiatsu Society" in text
    assert "number 1 in the queue" in text
    claims.confirm(claim_of(wren), replace(seen(), valid_to=dt.date(2027, 3, 31)), by=vera, at=clock.now())
    text = wren.get("/member/listing").text()
    assert "We look again by 31 March 2027." in text
    assert "shown there as valid to 31 March 2027" in text


def test_what_a_verifier_has_does_not_wait_in_the_queue(wren: Member, vera: Account) -> None:
    claims.take(claim_of(wren), by=vera, at=clock.now())
    text = wren.get(address(wren)).text()
    assert "One of us is looking." in text
    assert "queue" not in text


def test_a_public_listing_does_not_wait_to_be_public_while_a_second_person_is_asked(
    wren: Member, vera: Account
) -> None:
    found = replace(seen(), tie=None, notice_url="https://example.org/notices/7")
    claims.restrict(claim_of(wren), found, by=vera, at=clock.now())
    text = wren.get(address(wren)).text()
    assert "One of us is looking." in text
    assert "until your listing is public" not in text
    assert "notice" not in text


def test_a_first_not_found_is_told_to_the_practitioner_alone(wren: Member, vera: Account) -> None:
    claims.not_found(claim_of(wren), replace(seen(), tie=None), by=vera, at=clock.now())
    page = wren.get(address(wren))
    assert "The public sees that from" in page.text()
    assert "found nobody" in page.text()
    assert "Not checked." in page.text()


def test_a_question_is_answered(wren: Member, vera: Account) -> None:
    claims.ask(claim_of(wren), "Under which name are you on the register?", by=vera, at=clock.now())
    page = wren.get(address(wren))
    assert "Under which name are you on the register?" in page.text()
    assert "We have asked you something" in page.text()
    wrong = wren.post(f"{address(wren)}/answers", {"text": " "}, on=address(wren), status=422)
    assert "Write what you want to tell us" in wrong.text()
    done = wren.follow(wren.post(f"{address(wren)}/answers", {"text": "Wren Ashdown."}, on=address(wren)))
    assert "Wren Ashdown." in done.text()
    assert claim_of(wren).answered_at is not None


def test_evidence_is_for_verifiers_and_its_sender_only(wren: Member, app: Flask, session: Session) -> None:
    where = f"{address(wren)}/evidence"
    file = io.BytesIO()
    Image.new("RGB", (60, 40)).save(file, "PNG")
    for content, name in ((PDF, "card.pdf"), (file.getvalue(), "card.png")):
        wren.post(where, {"file": (io.BytesIO(content), name)}, on=address(wren))
    sent = session.scalars(select(Evidence).order_by(Evidence.id)).all()
    assert [one.media_type for one in sent] == ["application/pdf", "image/jpeg"]
    answer = wren.raw(f"{where}/{sent[0].id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    robin = sign_in_as(app, AccountFactory())
    assert robin.raw(f"{where}/{sent[0].id}").status_code == 404
    wren.post(f"{where}/{sent[1].id}/removal", on=address(wren))
    assert session.scalars(select(Evidence.name)).all() == ["card.pdf"]


@pytest.mark.parametrize(("content", "name"), [(b"MZ\x90\x00", "card.pdf"), (b"", "")])
def test_a_file_that_is_none_is_refused_beside_its_field(wren: Member, content: bytes, name: str) -> None:
    page = wren.post(f"{address(wren)}/evidence", {"file": (io.BytesIO(content), name)}, on=address(wren), status=422)
    assert "There is one thing to put right" in page.text()


def test_a_number_is_corrected_and_keeps_its_listing_in_step(wren: Member) -> None:
    page = wren.post(f"{address(wren)}/number", {"number": " - "}, on=address(wren), status=422)
    assert "Write the number as the body writes it" in page.text()
    wren.post(f"{address(wren)}/number", {"number": "54321"}, on=address(wren))
    assert claim_of(wren).number == "54321"
    assert listings.answers_now(kept_of(wren)).private["claim_numbers"] == ["54321"]


def test_a_statement_is_taken_back_after_a_question(wren: Member, vera: Account) -> None:
    claims.take(claim_of(wren), by=vera, at=clock.now())
    page = wren.get(f"{address(wren)}/withdrawal")
    assert "will no longer say that you are a member of the Shiatsu Society" in page.text()
    done = wren.follow(wren.post(f"{address(wren)}/withdrawal"))
    assert "You have taken the statement back." in done.text(".//body")
    assert "Taken back on" in done.text()
    assert claim_of(wren).withdrawn_on is not None


def test_somebody_elses_statement_is_not_there(wren: Member, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # noqa: FBT003  a value, not a flag
    robin = sign_in_as(app, AccountFactory())
    for path in ("", "/withdrawal"):
        assert robin.raw(address(wren) + path).status_code == 404
    for path in ("/withdrawal", "/answers", "/number", "/evidence"):
        robin.send_raw(address(wren) + path, {"text": "x", "number": "1"}, status=404)
    assert claim_of(wren).number == "12345"


def test_a_membership_is_stated_for_kinds_of_treatment(wren: Member) -> None:
    wren.post("/member/listing/memberships", {"claims-0-disciplines": ["shiatsu"]})
    assert listings.answers_now(kept_of(wren)).shown["claims"] == [
        {**SHOWN["claims"][0], "disciplines": ["shiatsu"]},
    ]
    assert "for Shiatsu" in wren.get("/member/listing/check").text()
