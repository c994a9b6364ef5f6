"""The writer reads what somebody has against a note, answers once, and appeals once."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Audience, Complaint, RecommendationState, Role, Ruling
from directory.services import complaints, exports
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_recommendation
from tests.members import Member, sign_in_as

LIST = "/member/complaints"


@pytest.fixture
def case(member: Member, session: Session) -> Complaint:
    note = make_recommendation(None, member.account, Audience.PUBLIC, state=RecommendationState.SHOWN)
    session.flush()
    return complaints.make(note, "untrue", "It is not so.", reply_to="osric@example.net", at=clock.now())


def page_of(case: Complaint) -> str:
    return f"{LIST}/{case.public_id}"


def test_the_writer_reads_it_and_answers_once(member: Member, case: Complaint) -> None:
    assert member.get("/member/recommendations").links()["Objections to your notes"] == LIST
    assert page_of(case) in member.get(LIST).links().values()
    page = member.get(page_of(case))
    assert "It is not so." in page.text()
    assert "osric" not in page.html
    wrong = member.send(page, f"{page_of(case)}/answer", {"text": " "}, status=422)
    assert "Write your answer" in wrong.text(".//section[@class='errors']")
    sent = member.send(page, f"{page_of(case)}/answer", {"text": "I was there."})
    assert "I was there." in member.follow(sent).text()
    member.send(page, f"{page_of(case)}/answer", {"text": "And again."}, status=409)


def test_the_writer_appeals_once_against_hiding(member: Member, case: Complaint) -> None:
    boss = AccountFactory(role=Role.ADMINISTRATOR)
    complaints.decide(case.id, Ruling.HIDE, "untrue", by=boss, at=clock.now(), revision=case.revision)
    page = member.get(page_of(case))
    assert "It states something as a fact that was shown to be wrong. You can change" in page.text()
    member.send(page, f"{page_of(case)}/appeal", {"text": ""}, status=422)
    sent = member.send(page, f"{page_of(case)}/appeal", {"text": "It was not shown."})
    assert "It is decided again, for good." in member.follow(sent).text(".//body")
    member.send(page, f"{page_of(case)}/appeal", {"text": "And again."}, status=409)


@sqlite_only
def test_what_is_not_ones_own_is_not_there(app: Flask, case: Complaint) -> None:
    other = sign_in_as(app, AccountFactory())
    assert "Nobody has objected to a note of yours." in other.get(LIST).text()
    other.get(page_of(case), status=404)


@sqlite_only
def test_the_export_has_what_was_said_and_not_by_whom(member: Member, case: Complaint) -> None:
    assert member.account is not None
    found = exports.everything(member.account)
    sections = {one["name"]: one["rows"] for one in found["sections"]}
    assert [row["text"] for row in sections["complaint_words"]] == ["It is not so."]
    assert sections["complaint"][0]["ground"] == "untrue"
    assert "osric" not in str(found)
    assert str(case.token) not in str(found)
