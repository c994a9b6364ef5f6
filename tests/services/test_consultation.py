"""Red flags as questions, whom to call where, and what is said to somebody who answered no to each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.lib.fingerprints import fingerprint
from directory.models import Concern, Confidence, Guidance, GuidanceKind
from directory.services import concerns, consultation, modalities
from directory.services.consultation import Answered
from directory.services.consultation.places import FEELINGS, WHOLE
from directory.services.consultation.signs import ADVICE, LISTENING, WORDINGS
from tests.conftest import sqlite_only

EMERGENCIES = {"rf-back-999", "rf-sciatica", "rf-head", "rf-pregnancy", "rf-mood"}

pytestmark = [pytest.mark.usefixtures("session"), sqlite_only]


def ids(pieces: object) -> list[str]:
    return [piece.id for piece in pieces]  # type: ignore[attr-defined]


def test_every_red_flag_for_the_public_is_asked_in_plain_words(session: Session) -> None:
    asked = consultation.list_questions()
    flags = session.scalars(select(Guidance).where(Guidance.kind == GuidanceKind.RED_FLAG)).all()
    assert {question.flag.id for question in asked} == {flag.id for flag in flags} - {"rf-back-clinician"}
    assert all(question.about for question in asked)
    severities = [question.flag.severity for question in asked]
    assert severities == sorted(severities, key=["emergency", "urgent"].index)


def test_the_plain_words_are_for_the_records_as_they_are(session: Session) -> None:
    for flag_id, wording in WORDINGS.items():
        flag = session.get_one(Guidance, flag_id)
        assert fingerprint(flag.text) == wording.text, f"{flag_id}: read the record again, and ask what it says now"


def test_a_record_that_was_edited_is_asked_in_its_own_words(session: Session) -> None:
    flag = session.get_one(Guidance, "rf-neck")
    flag.text = "Something new."
    session.flush()
    question = next(one for one in consultation.list_questions() if one.flag.id == "rf-neck")
    assert question.flag.text == "Something new."
    assert question.about is None
    assert question.signs == ()


@pytest.mark.parametrize(
    ("country", "number"),
    [("GB", "999"), ("IE", "112 or 999"), ("DE", "112"), ("CH", "112"), ("US", "911"), ("CA", "911"), ("AU", "000"),
     ("NZ", "111"), ("JP", "119"), ("IM", "999"), ("ZZ", None), ("nonsense", None)],
)  # fmt: skip
def test_the_number_for_emergencies_is_that_of_the_country(country: str, number: str | None) -> None:
    for flag_id in ("rf-back-999", "rf-mood"):
        stop = consultation.stop_for([flag_id], [], country)
        assert stop is not None
        assert stop.is_emergency
        assert stop.number == number


def test_a_flag_without_a_number_of_its_own_has_that_of_the_country_all_the_same() -> None:
    for country, number in (("GB", "999"), ("FR", "112"), ("JP", "119"), ("NZ", "111")):
        stop = consultation.stop_for(["rf-pregnancy"], [], country)
        assert stop is not None
        assert stop.number == number


def test_a_country_of_the_union_has_its_number_wherever_signs_are_shown(session: Session) -> None:
    assert session.get_one(Guidance, "rf-back-999").emergency_number("FR") == "112"
    assert session.get_one(Guidance, "rf-back-999").emergency_number("CH") is None


def test_every_country_that_can_be_chosen_has_a_number_and_other_lines_belong_to_one_of_them() -> None:
    flags = [question.flag for question in consultation.list_questions()]
    for country in consultation.COUNTRIES:
        assert all(consultation.emergency_number(flag, country) for flag in flags)
    assert set(ADVICE) | set(LISTENING) <= consultation.COUNTRIES


def test_the_most_urgent_of_several_comes_first() -> None:
    stop = consultation.stop_for(["rf-hip", "rf-pregnancy", "rf-back-999"], ["ci-clot"], "GB")
    assert stop is not None
    assert ids(stop.flags) == ["rf-back-999", "rf-pregnancy", "rf-hip", "ci-clot"]
    assert stop.actions == ["call_999", "contact_maternity", "urgent_gp_or_111"]


def test_only_a_flag_that_is_called_routine_lets_somebody_go_on(session: Session) -> None:
    flag = session.get_one(Guidance, "rf-hip")
    for severity, stops in (("routine_urgent", False), (None, True), ("something-new", True)):
        flag.severity = severity
        session.flush()
        assert (consultation.stop_for(["rf-hip"], [], "GB") is not None) is stops
    flag.severity = "routine_urgent"
    session.flush()
    advice = consultation.advice_for(Answered(flags=["rf-hip"]))
    assert ids(advice.flags) == ["rf-hip"]
    assert consultation.self_help(Answered(flags=["rf-hip"], marked=["hip-left"])).tips == ()


def test_every_place_is_connected_with_concerns_that_exist() -> None:
    everything = [key for mark in consultation.MARKS.values() for key in mark.area.concerns]
    everything += [key for _, keys in FEELINGS.values() for key in keys] + [key for _, key in WHOLE.values()]
    assert set(everything) <= set(concerns.by_id())


def test_methods_are_those_that_sources_connect_with_the_place() -> None:
    suits = consultation.suits(Answered(marked=["lower-back-left", "lower-back-right"]))
    assert ids(suit.concern for suit in suits) == ["lower-back-pain"]
    named = ids(modality for modality, _ in suits[0].methods)
    assert {"shiatsu", "trigger-point-therapy", "deep-tissue-massage", "swedish-massage"} <= set(named)
    assert set(named) <= set(modalities.by_id())


def test_what_needs_a_doctor_names_no_method() -> None:
    for marked in (["head"], ["knee-left"], ["hand-right"]):
        assert consultation.suits(Answered(marked=marked)) == []
        advice = consultation.advice_for(Answered(marked=marked))
        assert advice.doctor_first
    long = consultation.advice_for(Answered(marked=["hip-left"], lasting="longer"))
    assert ids(long.doctor_first) == ["long-lasting-pain"]


def test_statements_of_low_confidence_are_not_among_what_might_suit(session: Session) -> None:
    assert consultation.suits(Answered(marked=["lower-back-left"]))
    concern = session.get_one(Concern, "lower-back-pain")
    concern.confidence, concern.reviewed_on = Confidence.LOW, None
    session.flush()
    assert consultation.suits(Answered(marked=["lower-back-left"])) == []


def test_self_help_is_for_places_in_reach_and_a_partners_steps_for_a_spasm() -> None:
    def tips(marked: list[str], feelings: list[str]) -> list[str]:
        return ids(consultation.self_help(Answered(pregnancy="no", marked=marked, feelings=feelings)).tips)

    assert tips(["shoulder-left"], ["ache"]) == ["sc-knot"]
    assert tips(["lower-back-left"], []) == ["sc-knot", "sc-never-walk"]
    assert tips(["lower-back-left"], ["spasm"]) == ["sc-knot", "sc-never-walk", "sc-partner"]
    assert tips(["foot-left", "head"], []) == []
    # Nobody else presses where one would not press oneself, and nobody where a wince would not be felt.
    assert tips(["head"], ["spasm"]) == ["sc-never-walk"]
    assert tips(["lower-back-left"], ["spasm", "numb"]) == ["sc-never-walk"]


@pytest.mark.parametrize("warning", ["ci-bleeding", "ci-fracture", "ci-cancer", "ci-fever"])
def test_who_should_ask_a_doctor_presses_nothing_alone(warning: str) -> None:
    found = consultation.self_help(Answered(warnings=[warning], marked=["lower-back-left"], feelings=["spasm"]))
    assert found.tips == ()
    assert ids(found.withheld) == [warning]


@pytest.mark.parametrize("pregnancy", ["yes", "perhaps"])
def test_in_pregnancy_nobody_presses_anything_alone(pregnancy: str) -> None:
    found = consultation.self_help(Answered(pregnancy=pregnancy, marked=["lower-back-left"]))
    assert ids(found.withheld) == ["ci-pregnancy"]


def test_what_the_articles_should_not_have_said_is_never_among_the_tips() -> None:
    every = consultation.self_help(Answered(marked=list(consultation.MARKS), feelings=["spasm"])).tips
    assert ids(every) == ["sc-knot", "sc-never-walk", "sc-partner"]


@settings(max_examples=30)
@given(data=st.data())
def test_there_is_no_way_on_with_an_emergency_or_an_urgent_sign(data: st.DataObject) -> None:
    flags = [question.flag.id for question in consultation.list_questions()]
    warnings = [piece.id for piece in consultation.list_warnings()]
    yes = data.draw(st.sets(st.sampled_from([*flags, "rf-unknown"])))
    ticked = data.draw(st.sets(st.sampled_from(warnings)))
    country = data.draw(st.sampled_from([*sorted(consultation.COUNTRIES), consultation.ELSEWHERE, ""]))
    stop = consultation.stop_for(yes, ticked, country)
    assert (stop is not None) is bool(yes & set(flags) or "ci-clot" in ticked)
    if stop is not None:
        assert stop.actions
        assert stop.is_emergency is bool(yes & EMERGENCIES)
        assert (stop.number is None) is (country not in consultation.COUNTRIES)
