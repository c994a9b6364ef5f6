"""Administrators look after the facts of reference, and the public reads what they wrote at once."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.config import ROOT
from directory.models import Body, Concern, Confidence, Event, Guidance, Modality, ReferenceEdit, Role, SearchText
from directory.services import reference
from directory.services.reference_edits import COLLECTIONS
from tests import factories
from tests.members import Member, sign_in_as
from tests.pages import Page, Visitor

SHIATSU = "/admin/reference/modalities/shiatsu"
EDIT = f"{SHIATSU}/statements"


def rows(page: Page) -> list[str]:
    return [" ".join("".join(row.itertext()).split()) for row in page.all(".//tbody/tr")]


def test_the_desk_leads_to_everything_that_waits(administrator: Member, session: Session) -> None:
    start = administrator.get("/admin/reference")
    assert len(rows(start)) == len(COLLECTIONS)
    for collection in COLLECTIONS.values():
        index = administrator.get(start.links()[collection.label])
        first = index.all(".//tbody//a[@href]")[0].get("href", "")
        assert first in {
            f"/admin/reference/{collection.key}/{one}" for one in session.scalars(select(collection.model.id))
        }


def test_every_record_has_a_page_and_a_form(administrator: Member, session: Session) -> None:
    for key, collection in COLLECTIONS.items():
        ids = session.scalars(select(collection.model.id).where(~collection.model.is_demo)).all()
        for record_id in (ids[0], ids[-1]):
            address = f"/admin/reference/{key}/{record_id}"
            page = administrator.get(address)
            assert "What else is kept of it" in page.text()
            administrator.post(f"{address}/statements")
            assert "Last reviewed" in administrator.get(address).text()


def test_lists_are_narrowed_by_words_review_and_confidence_oldest_first(
    administrator: Member, session: Session
) -> None:
    index = "/admin/reference/bodies"
    everything = rows(administrator.get(index))
    assert len(everything) == 78
    [society] = rows(administrator.get(index, query={"q": "zen SHIATSU zss"}))
    assert "uk-zen-shiatsu-society" in society
    low = rows(administrator.get(index, query={"waits": "low"}))
    assert 0 < len(low) < 78
    assert all("low" in row for row in low)
    body = session.get_one(Body, "uk-shiatsu-society")
    body.reviewed_on = dt.date(2026, 11, 20)
    session.flush()
    assert len(rows(administrator.get(index, query={"waits": "unreviewed"}))) == 77
    assert "uk-shiatsu-society" in rows(administrator.get(index))[-1]
    assert "Nothing was found" in administrator.get(index, query={"q": "nothing at all like it"}).text()
    assert rows(administrator.get(index, query={"waits": "nonsense"}))


def test_what_is_edited_is_public_found_and_written_down(
    administrator: Member, visitor: Visitor, session: Session
) -> None:
    assert administrator.account is not None
    factories.make_practitioner(name="Wren Hallowby", modalities=("shiatsu",))
    factories.make_practitioner(name="Ann Lee", modalities=("thai-massage",))
    before = session.get_one(Modality, "shiatsu").synonyms
    assert "Wren" not in visitor.get("/practitioners", query={"q": "quietpress"}).text()
    fields = {
        "synonyms": "\n".join([*before, " quietpress ", "", "quietpress"]),
        "description": "Pressure with the thumbs,\r\nand quiet.",
        "note": "A new word for it",
    }
    page = administrator.follow(administrator.post(EDIT, fields))
    assert "Changed, and reviewed today" in page.html
    assert "A new word for it" in page.text()
    assert administrator.account.email in page.text()
    public = visitor.get("/modalities/shiatsu").text("body")
    assert "Pressure with the thumbs, and quiet." in public
    assert "Last reviewed" in public
    found = visitor.get("/practitioners", query={"q": "quietpress"}).text()
    assert "Wren Hallowby" in found
    assert "Ann Lee" not in found
    edit = session.scalars(select(ReferenceEdit)).one()
    assert (edit.collection, edit.record_id, edit.edited_by) == ("modality", "shiatsu", administrator.account.id)
    assert edit.before["synonyms"] == before
    assert edit.after["synonyms"] == [*before, "quietpress"]
    assert edit.after["description"] == "Pressure with the thumbs,\nand quiet."
    assert set(edit.before) == set(edit.after) == {"synonyms", "description"}
    event = session.scalars(select(Event).where(Event.kind == "reference-edited")).one()
    assert event.actor_id == administrator.account.id
    assert event.details == {"collection": "modality", "record": "shiatsu", "fields": "description, synonyms"}


def test_what_somebody_looked_at_stays_as_it_is_when_the_files_are_loaded_anew(
    administrator: Member, session: Session
) -> None:
    administrator.post(EDIT, {"description": "Ours."})
    session.get_one(Modality, "thai-massage").description = "Changed without a review"
    session.get_one(Modality, "thai-massage").digest = ""
    session.flush()
    reference.load(ROOT / "seeds" / "reference")
    assert session.get_one(Modality, "shiatsu").description == "Ours."
    assert session.get_one(Modality, "thai-massage").description != "Changed without a review"


def test_a_review_without_a_change_lets_a_body_of_low_confidence_be_assessed(
    administrator: Member, visitor: Visitor, session: Session
) -> None:
    body = next(
        one
        for one in session.scalars(select(Body).order_by(Body.id))
        if one.confidence is Confidence.LOW and one.lists_individuals
    )
    someone = factories.make_practitioner(name="Wren Hallowby")
    factories.ClaimFactory(practitioner=someone, body_id=body.id)
    from_search = {"body": body.id, "status": "self-reported"}
    session.flush()
    administrator.follow(
        administrator.post(f"/admin/reference/bodies/{body.id}/review", on=f"/admin/reference/bodies/{body.id}")
    )
    session.refresh(body)
    assert body.reviewed_on is not None
    assert body.is_assessed
    assert "Wren Hallowby" in visitor.get("/practitioners", query=from_search).text()
    page = administrator.get(f"/admin/reference/bodies/{body.id}")
    assert "nothing to change" in page.text()
    assert session.scalars(select(Event.kind).where(Event.kind.startswith("reference"))).all() == ["reference-reviewed"]


def test_a_concern_that_needs_a_doctor_finds_nobody_from_then_on(administrator: Member, session: Session) -> None:
    made = factories.make_practitioner(concerns=("lower-back-pain",))
    assert "lumbago" in session.get_one(SearchText, made.id).concerns
    administrator.post("/admin/reference/concerns/lower-back-pain/statements", {"claim_status": "medical_supervision"})
    session.expire_all()
    assert session.get_one(SearchText, made.id).concerns == ""
    assert not session.get_one(Concern, "lower-back-pain").lists_practitioners


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "cannot be empty"),
        ({"description": ""}, "cannot be empty"),
        ({"name": "x" * 301}, "Say it in 300 characters at most"),
        ({"description": "x" * 5_001}, "Say it in 5000 characters at most"),
        ({"sources": "https://example.org\nsomewhere"}, "Line 2 is no address"),
        ({"sources": "javascript:alert(1)"}, "Line 1 is no address"),
        ({"synonyms": "\n".join(f"word {number}" for number in range(90))}, "Write 80 lines at most"),
        ({"synonyms": "x" * 400}, "Write 300 characters a line at most"),
        ({"note": "x" * 501}, "Say it in 500 characters at most"),
        ({"confidence": None}, "Choose one"),
        ({"confidence": "certain"}, "Not a valid choice"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    administrator: Member, session: Session, fields: dict[str, Any], said: str
) -> None:
    [name] = fields
    page = administrator.post(EDIT, {"clothing": "typed before", **fields}, status=422)
    assert "There is one thing to put right" in page.text(".//section[@class='errors']")
    assert said in page.text(f".//*[@id='{name}-error']")
    assert page.tree.find(".//input[@id='clothing']").get("value") == "typed before"  # type: ignore[union-attr]
    assert session.scalars(select(ReferenceEdit)).all() == []


def test_addresses_of_a_body_are_whole(administrator: Member) -> None:
    address = "/admin/reference/bodies/uk-shiatsu-society/statements"
    page = administrator.post(address, {"website": "www.example.org"}, status=422)
    assert "begins with https://" in page.text(".//*[@id='website-error']")
    administrator.post(address, {"website": "", "register_url": "on paper, at its office"})
    assert administrator.get(address).tree.find(".//input[@id='website']").get("value") == ""  # type: ignore[union-attr]


def test_the_second_of_two_sees_both_and_overwrites_nothing_unseen(
    app: Flask, administrator: Member, session: Session
) -> None:
    other = sign_in_as(app, factories.AccountFactory(role=Role.ADMINISTRATOR))
    mine, theirs = administrator.get(EDIT), other.get(EDIT)
    review = administrator.get(SHIATSU)
    other.send(theirs, EDIT, {"clothing": "theirs"})
    page = administrator.send(mine, EDIT, {"clothing": "mine"}, status=409)
    assert "Somebody changed this since you opened it" in page.text()
    assert "It says now: theirs" in page.text()
    assert "You typed: mine" in page.text()
    assert session.get_one(Modality, "shiatsu").clothing == "theirs"
    late = administrator.send(review, f"{SHIATSU}/review", status=409)
    assert "Somebody changed this since you opened it" in late.text()
    administrator.send(page, EDIT)
    session.expire_all()
    assert session.get_one(Modality, "shiatsu").clothing == "mine"


def test_nobody_else_gets_in(member: Member, verifier: Member, visitor: Visitor) -> None:
    for address in ("/admin/reference", "/admin/reference/modalities", SHIATSU, EDIT):
        assert visitor.raw(address).status_code == 303
        for somebody in (member, verifier):
            somebody.get(address, status=403)
            assert somebody._raw_post(f"{SHIATSU}/review").status_code in {400, 403}


def test_what_is_not_there_is_not_found(administrator: Member, session: Session) -> None:
    for path in ("users", "modalities/nothing", "modalities/nothing/statements", "guidance/shiatsu", "bodies/%20"):
        administrator.get(f"/admin/reference/{path}", status=404)


def test_fields_that_the_form_does_not_own_are_not_changed(administrator: Member, session: Session) -> None:
    before = session.get_one(Guidance, "cap-health")
    kept = (before.kind, before.severity, before.digest, before.compiled_on, before.is_demo)
    address = "/admin/reference/guidance/cap-health/statements"
    page = administrator.get(address)
    hidden = {
        one.get("name", ""): one.get("value", "") for one in page.all(".//form[@method='post']//input[@type='hidden']")
    }
    values = {"title": "T", "text": "T", "confidence": "high", "sources": "", "countries": "GB", "action": ""}
    odd = {"id": "x", "kind": "rule", "severity": "stop", "digest": "x", "is_demo": "1", "reviewed_on": "2000-01-01"}
    administrator.send_raw(address, {**hidden, **values, **odd})
    session.expire_all()
    after = session.get_one(Guidance, "cap-health")
    assert (after.kind, after.severity, after.digest, after.compiled_on, after.is_demo) == kept
    assert (after.title, after.sources, after.countries) == ("T", [], ["GB"])
    assert after.reviewed_on is not None
    assert after.reviewed_on.year > 2000
