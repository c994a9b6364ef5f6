"""Pages of what people come with."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.models import Concern, Confidence
from directory.services import concerns, guide
from tests import factories
from tests.pages import Visitor
from tests.web.public.test_home import with_settings

pytestmark = pytest.mark.usefixtures("session")


def test_every_concern_has_a_page_with_its_signs_first_and_without_words_to_avoid(visitor: Visitor) -> None:
    for concern in concerns.list_all():
        main = visitor.get(f"/concerns/{concern.id}").text()
        for flag in guide.red_flags({concern.id}):
            assert main.index(flag.title) < main.index("Practitioners ")
        stated = [method["as_stated"] for method in concern.methods]
        assert all(words in main for words in stated)
        # A source may say that something does not treat cancer.
        quoted = " ".join([concern.evidence_note, *stated])
        for words in concern.avoid_wording:
            if len(words.split()) > 1 and words not in quoted:
                assert words not in main, (concern.id, words)


def test_an_unknown_concern_is_not_found(visitor: Visitor) -> None:
    visitor.get("/concerns/no-such-thing", status=404)


def test_the_index_has_counts_and_leads_to_the_pages(visitor: Visitor, session: Session) -> None:
    factories.make_practitioner(concerns=("sleep",))
    links = visitor.get("/concerns").links()
    assert links["Sleep 1 listing"] == "/concerns/sleep"
    assert links["Headache"] == "/concerns/headache"


def test_a_method_is_named_with_who_names_it(visitor: Visitor) -> None:
    main = visitor.get("/concerns/low-energy").text()
    assert "Says one of the sources named on this page: one of the three main reasons" in main
    assert "Our own judgement, without a source: commonly offered." in main
    assert "Says the article Lower Back and Hip Pain Relief" in visitor.get("/concerns/lower-back-pain").text()


def test_it_leads_to_those_who_say_they_often_work_with_it(visitor: Visitor, session: Session) -> None:
    assert "Nobody who is listed here says" in visitor.get("/concerns/stress").text()
    factories.make_practitioner(concerns=("stress",))
    factories.make_practitioner(concerns=("stress",), country="DE", town=None)
    links = visitor.get("/concerns/stress").links()
    assert links["1 practitioner who says they often work with it"] == "/practitioners?concern=stress"


def test_what_needs_a_doctor_has_no_list(visitor: Visitor, session: Session) -> None:
    factories.make_practitioner(concerns=("headache",))
    page = visitor.get("/concerns/headache")
    assert "There is no list of practitioners for this." in page.text()
    assert "/practitioners?concern=headache" not in page.html


@pytest.mark.parametrize("changes", [{"concern_pairing": False}, {"country": "DE"}])
def test_pairing_can_be_switched_off(
    visitor: Visitor, session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    factories.make_practitioner(concerns=("stress",))
    with_settings(app, monkeypatch, **changes)
    assert "concern=stress" not in visitor.get("/concerns/stress").html
    page = visitor.get("/concerns")
    assert page.links()["Stress and tension"] == "/concerns/stress"
    assert "listing" not in page.text()


def test_self_help_stands_below_the_signs_of_all_that_it_is_for(visitor: Visitor) -> None:
    main = visitor.get("/concerns/muscle-knots").text()
    assert main.index("Back pain: emergency signs") < main.index("A sore knot you can reach")
    assert main.index("Neck pain: urgent signs") < main.index("A sore knot you can reach")


def test_distress_comes_first_for_stress_and_for_sleep(visitor: Visitor) -> None:
    for concern_id in ("stress", "sleep"):
        main = visitor.get(f"/concerns/{concern_id}").text()
        assert "ask for help now" in main
        assert "The emergency number here is 999." in main


def test_what_has_not_been_reviewed_is_hidden_but_for_its_signs(visitor: Visitor, session: Session) -> None:
    concern = session.get(Concern, "lower-back-pain")
    assert concern is not None
    concern.confidence = Confidence.LOW
    session.flush()
    main = visitor.get("/concerns/lower-back-pain").text()
    assert "has not been reviewed yet" in main
    assert concern.evidence_note not in main
    assert "Back pain: emergency signs" in main
    assert concern.evidence_note not in visitor.get("/before-you-go").text()
