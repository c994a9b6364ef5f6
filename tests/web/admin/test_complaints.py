"""The desk of objections: the queue, one case, and decisions that count once."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Audience,
    Complaint,
    ComplaintState,
    ListingState,
    Practitioner,
    Recommendation,
    RecommendationState,
    Relation,
    Role,
)
from directory.services import complaints, recommendations
from tests import factories
from tests.conftest import sqlite_only
from tests.factories.listings import make_kept
from tests.factories.recommendations import make_recommendation
from tests.members import Member, sign_in_as

QUEUE = "/admin/complaints"
SHOWN, HIDDEN = RecommendationState.SHOWN, RecommendationState.HIDDEN


@pytest.fixture
def listing(administrator: Member, session: Session) -> Practitioner:
    kept = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=administrator.account)
    return session.get_one(Practitioner, kept.practitioner_id)


def noted(listing: Practitioner, audience: Audience = Audience.PUBLIC, **values: object) -> Recommendation:
    note = make_recommendation(listing, None, audience, state=SHOWN, **values)
    complaints.how_many()  # flushes
    return note


def objected(note: Recommendation, ground: str = "untrue", reply_to: str | None = "osric@example.net") -> Complaint:
    return complaints.make(note, ground, "It is not so.", reply_to=reply_to, at=clock.now())


def page_of(case: Complaint) -> str:
    return f"{QUEUE}/{case.id}"


@sqlite_only
def test_the_queue_shows_what_waits_and_the_tab_counts_it(administrator: Member, listing: Practitioner) -> None:
    assert "Nothing waits." in administrator.get(QUEUE).text()
    case = objected(noted(listing))
    page = administrator.get(QUEUE)
    assert "Objections 1" in page.links()
    assert page.links()[listing.name] == page_of(case)
    assert "States a fact that is wrong" in page.text()
    assert "not decided in 48 hours is hidden until we have" in page.text()


def test_a_case_shows_both_sides_and_is_decided(administrator: Member, listing: Practitioner, session: Session) -> None:
    note = noted(listing, text="They cured my asthma.")
    case = objected(note)
    complaints.answer(case, "It went away.", by=note.writer, at=clock.now())
    page = administrator.get(page_of(case))
    for words in ("It is not so.", "It went away.", "osric@example.net", note.writer.email):
        assert words in page.text()
    assert page.all(".//blockquote//mark")
    sent = administrator.send(page, f"{page_of(case)}/decision", {"decision": "hide", "reason": "untrue"})
    assert "the note is hidden, and both sides were told why." in administrator.follow(sent).text(".//body")
    session.refresh(note)
    assert note.state is HIDDEN
    ended = administrator.get(f"{QUEUE}?list=ended")
    assert listing.name in ended.text()
    assert not administrator.get(page_of(case)).all(".//input[@name='decision']")


@pytest.mark.parametrize("audience", [Audience.FRIEND, Audience.CIRCLE])
@sqlite_only
def test_a_private_note_is_read_here_only_because_somebody_objected(
    administrator: Member, listing: Practitioner, audience: Audience
) -> None:
    note = noted(listing, audience, text="Between us.")
    administrator.get(f"/admin/recommendations/{note.id}", status=404)
    assert "Between us." in administrator.get(page_of(objected(note))).text()


@sqlite_only
@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"was_treated": True, "relation": Relation.CLIENT, "modality_id": "zen-shiatsu"},
            "A client, was treated by them; October 2026. Zen shiatsu. Had no reward for it.",
        ),
        (
            {"was_treated": False, "relation": Relation.FAMILY, "reward": "Tea."},
            "One of the family, was not treated by them; October 2026. Shiatsu. Had for it, in their words: Tea.",
        ),
    ],
)
def test_whoever_decides_sees_who_wrote_a_note_as_its_readers_do(
    administrator: Member, listing: Practitioner, values: dict[str, object], words: str
) -> None:
    page = administrator.get(page_of(objected(noted(listing, **values))))
    assert words in page.text(".//figcaption")


@sqlite_only
def test_single_keys_are_shown_beside_what_they_choose_and_can_be_turned_off(
    administrator: Member, listing: Practitioner
) -> None:
    page = administrator.get(page_of(objected(noted(listing))))
    choices = {"".join(one.itertext()).split()[0]: one for one in page.all(".//ul[@class='choices plain']//label")}
    found = {key: label.find("input") for key, label in choices.items()}
    assert [(one.get("data-key"), one.get("value")) for one in found.values() if one is not None] == [
        ("S", "keep"),
        ("H", "hide"),
    ]
    assert list(found) == ["S", "H"]
    assert page.all(".//button[@data-keys-switch]")


@sqlite_only
def test_a_reason_must_fit(administrator: Member, listing: Practitioner) -> None:
    case = objected(noted(listing))
    to = f"{page_of(case)}/decision"
    page = administrator.post(to, {}, on=page_of(case), status=422)
    assert "Choose what you decide" in page.text(".//section[@class='errors']")
    for decision, reason in (("keep", "untrue"), ("hide", "own-view"), ("hide", "")):
        page = administrator.post(to, {"decision": decision, "reason": reason}, on=page_of(case), status=422)
        assert "Choose the reason that fits best" in page.text(".//section[@class='errors']")
    assert case.state is ComplaintState.OPEN


def test_who_comes_second_or_has_a_part_in_it_is_told(app: Flask, administrator: Member, listing: Practitioner) -> None:
    other = sign_in_as(app, factories.AccountFactory(role=Role.ADMINISTRATOR, email="osric@example.net"))
    mine, case = objected(noted(listing)), objected(noted(listing), reply_to=None)
    assert "You have a part in this" in other.get(page_of(mine)).text()
    page = other.get(page_of(case))
    to = f"{page_of(case)}/decision"
    administrator.post(to, {"decision": "keep", "reason": "own-view"}, on=page_of(case))
    late = other.send(page, to, {"decision": "hide", "reason": "untrue"}, status=409)
    assert administrator.account is not None
    assert administrator.account.email in late.text()
    assert "What you decided was not kept." in late.text()
    assert recommendations.public_of(listing.id)
