"""The guide: statuses, and what to know before a session."""

import pytest
import time_machine
from sqlalchemy.orm import Session

from directory.models import Guidance, GuidanceKind, Status
from directory.services import guide
from directory.web.public.guide import MEANINGS
from tests.pages import Visitor

SVG = "{http://www.w3.org/2000/svg}"

pytestmark = pytest.mark.usefixtures("session")


def test_every_page_of_the_guide_opens(visitor: Visitor) -> None:
    for address in ("/guide", "/statuses", "/before-you-go"):
        page = visitor.get(address)
        assert page.tree.find(".//meta[@name='description']") is not None
        link = page.tree.find(".//link[@rel='canonical']")
        assert link is not None
        assert link.get("href") == f"http://localhost{address}"


def test_the_guide_leads_only_to_pages_that_exist(visitor: Visitor) -> None:
    for address in sorted(set(visitor.get("/guide").links().values())):
        if address.startswith("/"):
            assert visitor.raw(address.partition("#")[0]).status_code == 200, address


@time_machine.travel("2026-11-20 10:00", tick=False)
def test_each_status_has_its_sentence_three_seals_and_what_it_leaves_open(visitor: Visitor) -> None:
    page = visitor.get("/statuses")
    for status in Status:
        assert status in MEANINGS
        entry = next(found for found in page.all(".//li[@id]") if found.get("id") == status.value)
        assert len(entry.findall(f".//{SVG}svg")) == 3
        assert "Left open:" in "".join(entry.itertext())
    words = page.text()
    assert "Checked on 9 November 2026: on the register of the Society of Quiet Hands as MSQH" in words
    assert "This does not mean that the person is unqualified." in words
    assert "States no membership of a professional body." in words


def test_what_is_never_checked_is_not_folded_away(visitor: Visitor) -> None:
    page = visitor.get("/statuses")
    assert page.all(".//details") == []
    for words in ("How skilled somebody is", "Insurance.", "Criminal record."):
        assert words in page.text(".//div[@class='untold']")


def test_the_rule_of_the_holistic_label_is_told_in_plain_words(visitor: Visitor) -> None:
    words = visitor.get("/statuses").text()
    assert "at least 1 other deep method" in words
    assert "that is not itself a form of shiatsu" in words
    assert "by their own account" in words


def test_signs_that_need_a_doctor_come_before_everything_else(visitor: Visitor) -> None:
    page = visitor.get("/before-you-go")
    main = page.text()
    first = main.index("Back pain: emergency signs")
    for later in ("What a session is like", "Ask a doctor first", "A sore knot you can reach", "Nobody can say before"):
        assert first < main.index(later)
    for flag in guide.public_red_flags():
        assert flag.title in main
    assert "Clinicians also weigh" not in main


def test_every_contraindication_is_shown_under_what_to_do(visitor: Visitor) -> None:
    main = visitor.get("/before-you-go").text()
    for piece in guide.list_kind(GuidanceKind.CONTRAINDICATION):
        assert main.count(f"{piece.title} {piece.text}") == 1
    doctor, wait, tell = (
        main.index("Ask a doctor first Blood clot"),
        main.index("Wait Fever"),
        main.index("Tell the practitioner before the session Bleeding"),
    )
    assert doctor < wait < tell


def test_self_help_has_its_limits(visitor: Visitor) -> None:
    main = visitor.get("/before-you-go").text()
    tips = main[main.index("What people try at home") :]
    assert "for about 20 seconds" in tips
    assert "for 7 seconds" in tips
    assert "2 times a day at the most" in tips
    assert "Stop, or press less, if it hurts more than a slight wince." in tips
    assert "Leave the throat and the front and side of the neck alone." in tips
    assert "A spasm that stops you from moving may need a doctor" in tips
    assert "let nobody do it" in tips


@pytest.mark.parametrize("address", ["/before-you-go", "/concerns/lower-back-pain", "/concerns/muscle-spasm"])
def test_what_the_articles_claim_without_evidence_is_left_out(visitor: Visitor, address: str) -> None:
    main = visitor.get(address).text().lower()
    for claim in ("perfect solution", "scrap", "break down", "breaks down", "breaking down", "fix", "pill"):
        assert claim not in main


def test_a_method_is_named_with_who_says_so(visitor: Visitor) -> None:
    main = visitor.get("/before-you-go").text()
    assert "Says the article Best Massage for Lower Back Pain: pressure in areas away from the pain." in main
    assert "That a method is named does not mean that it works." in main


def test_the_page_stands_when_records_are_gone(visitor: Visitor, session: Session) -> None:
    for piece in session.query(Guidance).filter(Guidance.kind != GuidanceKind.RED_FLAG):
        session.delete(piece)
    session.flush()
    assert "Back pain: emergency signs" in visitor.get("/before-you-go").text()
    assert "Holistic practitioner" not in visitor.get("/statuses").text()
