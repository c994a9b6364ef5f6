"""The summary to bring along: red flags first, nothing stored, and no way round the signs that need a doctor."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import zip_longest
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import Guidance, Modality
from directory.services import consultation
from directory.web.public import body_map
from tests import sites
from tests.conftest import make_settings, sqlite_only
from tests.factories import make_practitioner
from tests.factories.listings import make_listed
from tests.members import Member, Value, filled, form_of
from tests.pages import Page

START = "/consultation"
LATER = ("/consultation/summary", "/consultation/suggestions", "/consultation/self-help")
STEPS = ("/consultation/signs", *LATER, "/consultation/file")
CANARY = "Canary-xq7-meadowlark"
FLAGS = (
    "rf-back-999", "rf-sciatica", "rf-head", "rf-pregnancy", "rf-mood", "rf-back-111", "rf-hip", "rf-neck",
)  # fmt: skip
EMERGENCIES = FLAGS[:5]
LEADING_ON = ("/modalities", "/practitioners", "/concerns", "/enquiries")
# What to ring in an emergency, and every other number that may be named there.
NUMBERS = {
    "IE": ({"112", "999"}, {"116123"}),
    "FR": ({"112"}, {"3114"}),
    "US": ({"911"}, {"988"}),
    "CA": ({"911"}, {"988", "811"}),
    "ZZ": (set(), set()),
}  # fmt: skip
ANSWERS: Mapping[str, Value] = {
    "where": ["lower-back-left", "lower-back-right", "shoulder-right"],
    "feelings": ["knot", "spasm"],
    "lasting": "weeks",
    "began": "After moving house.\nSlowly.",
    "eases": "Walking",
    "worsens": "Sitting",
    "tried": "A warm bath",
    "pregnancy": "no",
    "conditions": "None that I know of",
    "medicines": "Paracetamol",
    "pressure": "medium",
    "avoid": "My feet",
    "hopes": "To sleep through",
}


@pytest.fixture
def somebody(app: Flask, session: Session) -> Member:
    """A visitor without an account."""
    return Member(app)


def signs(yes: Iterable[str] = (), **more: str) -> dict[str, Value]:
    return {**{f"sign-{flag}": "yes" if flag in yes else "no" for flag in FLAGS}, **more}


def second(somebody: Member, **more: str) -> Page:
    """The second page, reached by answering no to everything."""
    return somebody.send(somebody.get(START), f"{START}/signs", signs(**more), status=200)


def summary(somebody: Member, **more: Value) -> Page:
    return somebody.send(second(somebody), f"{START}/summary", {**ANSWERS, **more}, status=200)


def everything(somebody: Member, yes: Iterable[str] = (), **more: Value) -> dict[str, Value]:
    """What the last step would send, with other answers to the red flags, as somebody might who makes it up."""
    page = second(somebody)
    return {**filled(form_of(page, f"{START}/summary"), ANSWERS), **signs(yes), **more}


def recommends(page: Page) -> list[str]:
    """Every kind of treatment that is named in the middle of a page, or to which, or to practitioners, it leads."""
    main = page.tree.find(".//main")
    assert main is not None
    for parent in list(main.iter()):
        for child in [one for one in parent if "sources" in (one.get("class") or "").split()]:
            parent.remove(child)  # the name of a site may be that of a treatment
    words = page.text()
    names = [name for name in db.session.scalars(select(Modality.name)) if re.search(rf"\b{name}\b", words, re.I)]
    inside = {link.get("href", "") for link in page.all(".//main//a[@href]")}
    return names + [href for href in inside if href.startswith(LEADING_ON)]


@sqlite_only
def test_nothing_is_answered_beforehand_and_each_flag_is_asked_first(somebody: Member) -> None:
    page = somebody.get(START)
    asked = {field.get("name") for field in page.all(".//input[@type='radio']")}
    assert asked == {f"sign-{flag}" for flag in FLAGS}
    assert not [field for field in page.all(".//input") if field.get("checked") is not None]
    assert recommends(page) == ["Massage"]  # "a doctor and not a massage"
    assert page.response.headers["Cache-Control"] == "no-store"


@sqlite_only
def test_a_flag_without_an_answer_is_asked_again_beside_it(somebody: Member) -> None:
    page = somebody.send(somebody.get(START), f"{START}/signs", {"sign-rf-hip": "no"}, status=422)
    assert "There are 7 things to put right" in page.text()
    assert "Answer yes or no: Back pain: emergency signs" in page.text()
    ids = {element.get("id") for element in page.tree.iter()}
    leads = [link.get("href", "") for link in page.all(".//main//section[@role='alert']//a")]
    assert all(href.removeprefix("#") in ids for href in leads)
    kept = [field for field in page.all(".//input[@checked]") if field.get("name") == "sign-rf-hip"]
    assert [field.get("value") for field in kept] == ["no"]


@pytest.mark.parametrize("flag", FLAGS)
@sqlite_only
def test_yes_ends_the_journey_with_the_right_words_and_recommends_nothing(
    somebody: Member, session: Session, flag: str
) -> None:
    page = somebody.send(somebody.get(START), f"{START}/signs", signs([flag]), status=200)
    words = page.text()
    record = session.get_one(Guidance, flag)
    assert page.text(".//h1") == ("Get help now" if flag in EMERGENCIES else "See a doctor first")
    assert record.text in words
    assert "999" in words
    if flag in EMERGENCIES:
        assert "Call 999" in words
    else:
        assert "urgent appointment today" in words
        assert "111, NHS 111" in words
    assert ("midwife" in words.split("Why")[0]) is (flag == "rf-pregnancy")
    assert ("116 123, Samaritans" in words) is (flag == "rf-mood")
    assert recommends(page) == []
    assert {form.get("action") for form in page.all(".//main//form")} == {f"{START}/signs"}
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("flag", FLAGS)
@sqlite_only
def test_no_later_page_can_be_had_by_somebody_who_answered_yes(somebody: Member, flag: str) -> None:
    sent = everything(somebody, [flag])
    for step in STEPS:
        page = somebody.send_raw(step, sent, status=200)
        assert page.text(".//h1") in {"Get help now", "See a doctor first"}
        assert recommends(page) == []


@sqlite_only
def test_no_later_page_can_be_had_without_the_answers_to_the_flags(somebody: Member) -> None:
    sent = everything(somebody)
    for step, missing in zip_longest(STEPS, FLAGS, fillvalue=STEPS[-1]):
        page = somebody.send_raw(
            step, {name: one for name, one in sent.items() if name != f"sign-{missing}"}, status=422
        )
        assert page.text(".//h1") == "A summary to bring along"
    page = somebody.send_raw(STEPS[1], {**sent, "sign-rf-hip": "perhaps"}, status=422)
    assert page.text(".//h1") == "A summary to bring along"


@sqlite_only
def test_the_address_of_a_later_step_leads_to_the_first(somebody: Member) -> None:
    for step in STEPS:
        assert somebody.get(step, status=303).response.location == START


@sqlite_only
def test_yes_goes_before_mistakes_and_beside_a_no(somebody: Member) -> None:
    token = {"csrf_token": everything(somebody)["csrf_token"]}
    page = somebody.send_raw(f"{START}/summary", {**token, "sign-rf-head": "yes"}, status=200)
    assert page.text(".//h1") == "Get help now"


@pytest.mark.parametrize(
    ("country", "number", "more"),
    [
        ("IE", "Call 112", "116 123, Samaritans"),
        ("US", "Call 911", "988, 988 Suicide & Crisis Lifeline"),
        ("DE", "Call 112", "TelefonSeelsorge"),
        ("JP", "Call 119", "crisis line of your country"),
        ("ZZ", "Call the emergency number of the country you are in.", "crisis line of your country"),
    ],
)
@sqlite_only
def test_the_numbers_are_those_of_the_country_that_was_chosen(
    somebody: Member, country: str, number: str, more: str
) -> None:
    page = somebody.send(somebody.get(START), f"{START}/signs", signs(["rf-mood"], country=country), status=200)
    assert number in page.text()
    assert more in page.text()
    assert ("999" in page.text()) is (country == "IE")
    again = somebody.send(page, f"{START}/signs", {"country": "GB"}, status=200)
    assert "Call 999" in again.text()


@sqlite_only
def test_no_sign_sends_anybody_to_a_number_of_another_country(somebody: Member) -> None:
    token = second(somebody).token
    for country, (emergency, others) in NUMBERS.items():
        for flag in FLAGS:
            answers = signs([flag], country=country, csrf_token=token)
            page = somebody.send_raw(f"{START}/signs", answers, status=200)
            called = {link.get("href", "").removeprefix("tel:") for link in page.all(".//main//a")}
            called = {number for number in called if number.isdigit()}
            assert called <= emergency | others, (country, flag)
            assert bool(called & emergency) is (flag in EMERGENCIES and bool(emergency)), (country, flag)
            what_to_do = page.text(".//section[@aria-labelledby='do']")
            assert country == "IE" or "999" not in what_to_do
            assert "111" not in what_to_do
            assert ("doctor who is on duty" in what_to_do) is (flag not in EMERGENCIES and country != "CA")
            assert recommends(page) == []


@sqlite_only
def test_a_blood_clot_ends_the_journey_on_the_second_page(somebody: Member) -> None:
    page = somebody.send(second(somebody), f"{START}/summary", {**ANSWERS, "warnings": ["ci-clot"]}, status=200)
    assert page.text(".//h1") == "See a doctor first"
    assert "Not with a blood clot" in page.text()
    assert recommends(page) == []


@sqlite_only
def test_other_answers_advise_and_go_on(somebody: Member) -> None:
    page = summary(somebody, warnings=["ci-cancer", "ci-fever", "ci-device"], pregnancy="yes", lasting="longer")
    words = page.text()
    assert page.text(".//h1") == "Your summary"
    for heading in ("Ask a doctor first", "Wait", "Tell the practitioner before the session", "A doctor’s word first"):
        assert heading in words
    assert "Ask the medical team first" in words
    assert "Choose someone trained" in words
    assert "Long-lasting pain" in words


@sqlite_only
def test_the_place_is_the_only_thing_that_must_be_said(somebody: Member) -> None:
    page = second(somebody)
    wrong = somebody.send(page, f"{START}/summary", {"hopes": "To rest", "avoid": "x" * 501}, status=422)
    assert "Mark a place, or tick what is in no one place" in wrong.text()
    assert "Use 500 characters at most" in wrong.text()
    assert "To rest" in wrong.html
    for said in ({"where": ["jaw"]}, {"whole": ["well"]}):
        found = somebody.send(page, f"{START}/summary", said, status=200)
        assert found.text(".//h1") == "Your summary"


@sqlite_only
def test_values_that_were_never_offered_are_refused(somebody: Member) -> None:
    for name, value in (("where", "heart"), ("lasting", "x"), ("pressure", "x"), ("warnings", "rf-hip")):
        page = somebody.send_raw(f"{START}/summary", everything(somebody, **{name: [value]}), status=422)
        assert page.text(".//h1") == "What you come with"


@sqlite_only
def test_the_summary_says_what_was_answered_and_nothing_else(somebody: Member) -> None:
    page = summary(somebody)
    words = page.text(".//main//section")
    assert "Shoulder (right); Lower back (both sides)" in words
    for said in ("There is a sore knot", "Some weeks", "After moving house.", "Paracetamol", "My feet", "Medium"):
        assert said in words
    assert "no to each" in words
    assert "To be careful of" not in words
    marked = [
        path for path in page.all(".//main//{http://www.w3.org/2000/svg}path") if path.get("class") == "is-marked"
    ]
    assert len(marked) == 4  # a shoulder from both sides, and two halves of the lower back


@sqlite_only
def test_the_same_is_a_file_of_plain_text(somebody: Member) -> None:
    page = somebody.send(summary(somebody), f"{START}/file", status=200)
    response = page.response
    assert response.content_type == "text/plain; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="summary-\d{4}-\d\d-\d\d\.txt"', response.headers["Content-Disposition"])
    assert response.headers["Cache-Control"] == "no-store"
    text = response.get_data(as_text=True)
    assert "Where: Shoulder (right); Lower back (both sides)\n" in text
    assert "How it began: After moving house.\nSlowly.\n" in text


@sqlite_only
def test_the_longest_summary_fits_into_an_enquiry(somebody: Member) -> None:
    long = {name: "W" * 500 for name, said in ANSWERS.items() if isinstance(said, str) and name not in
            {"lasting", "pregnancy", "pressure"}}  # fmt: skip
    warnings = [piece.id for piece in consultation.list_warnings() if piece.id != "ci-clot"]
    page = summary(
        somebody, where=list(consultation.MARKS), whole=list(consultation.WHOLE), feelings=list(consultation.FEELINGS),
        warnings=warnings, **long,
    )  # fmt: skip
    carried = next(field for field in page.all(".//input[@name='summary']"))
    assert 4_000 < len(carried.get("value", "")) <= 6_000


@sqlite_only
def test_a_summary_goes_into_the_form_of_an_enquiry_with_those_it_was_begun_for(somebody: Member) -> None:
    listed = make_practitioner(name="Wren Hallowby")
    begun = somebody.get(f"{START}?to={listed.public_id}&to=%27%3Cx%3E")
    page = somebody.send(begun, f"{START}/signs", signs(), status=200)
    page = somebody.send(page, f"{START}/summary", ANSWERS, status=200)
    changed = somebody.send(page, f"{START}/signs", status=200)
    page = somebody.send(changed, f"{START}/summary", {"hopes": "To rest"}, status=200)
    form = somebody.send(page, "/enquiries", status=200)
    assert "Paracetamol" in form.text(".//textarea[@name='summary']")
    assert "To rest" in form.text(".//textarea[@name='summary']")
    consent = next(iter(form.all(".//input[@name='health_consent']")))
    assert consent.get("checked") is None
    assert "Wren Hallowby" in form.text()


@sqlite_only
def test_what_was_answered_can_be_changed(somebody: Member) -> None:
    page = somebody.send(summary(somebody), f"{START}/signs", status=200)
    values = filled(form_of(page, f"{START}/summary"), {})
    for name, said in ANSWERS.items():
        assert sorted(values[name]) == sorted([said] if isinstance(said, str) else said), name  # type: ignore[type-var]


@sqlite_only
def test_what_might_suit_names_methods_with_who_says_so_and_that_it_may_be_something_else(somebody: Member) -> None:
    page = somebody.send(summary(somebody), f"{START}/suggestions", status=200)
    words = page.text()
    assert "Trigger point therapy" in words
    assert "Says the article Best Massage for Lower Back Pain" in words
    assert "That a method is named does not mean that it works." in words
    assert words.index("It may not be muscular at all") < words.index("Trigger point therapy")
    assert words.index("Why the work may be elsewhere") < words.index("Trigger point therapy")
    assert "bones" not in words
    nothing = somebody.send(
        summary(somebody, where=["foot-left"], feelings=["ache"]), f"{START}/suggestions", status=200
    )
    assert "None of our sources connects a method" in nothing.text()


@sqlite_only
def test_self_help_has_its_limits_and_a_partner_comes_last(somebody: Member) -> None:
    page = somebody.send(summary(somebody), f"{START}/self-help", status=200)
    words = page.text()
    order = [
        words.index(said) for said in ("Back pain: emergency signs.", "A sore knot", "Nobody walks", "A spasm you")
    ]
    assert order == sorted(order)
    for limit in ("for about 20 seconds", "for 7 seconds", "2 times a day at the most", "more than a slight wince"):
        assert limit in words
    for unsaid in ("injection", "better than", "tablet"):
        assert unsaid not in words
    seconds = [part.get("data-seconds") for part in page.all(".//*[@data-seconds]")]
    assert seconds == ["5", "20", "7"]
    assert page.all(".//*[@data-timer]")[0].get("hidden") is not None
    plain = somebody.send(summary(somebody, feelings=["ache"]), f"{START}/self-help", status=200)
    assert "A spasm you cannot move with" not in plain.text()


@sqlite_only
def test_self_help_is_left_out_where_a_doctor_is_asked_first(somebody: Member) -> None:
    page = somebody.send(summary(somebody, warnings=["ci-bleeding"]), f"{START}/self-help", status=200)
    assert "press nothing yourself" in page.text()
    assert "20 seconds" not in page.text()
    none = somebody.send(summary(somebody, where=["foot-left"], feelings=[]), f"{START}/self-help", status=200)
    assert "The articles name nothing" in none.text()


@sqlite_only
def test_every_place_of_the_list_is_in_the_drawing_and_works_without_it(somebody: Member) -> None:
    page = second(somebody)
    boxes = page.all(".//input[@name='where']")
    assert [box.get("value") for box in boxes] == list(consultation.MARKS)
    for label in page.all(".//label[@class='mark']"):
        assert len(label.findall(".//input[@type='checkbox']")) == 1
        assert label.findall(".//{http://www.w3.org/2000/svg}path")
    for area in consultation.AREAS:
        for mark in area.marks:
            assert body_map.shapes(area.key, mark.side)


def test_left_is_on_the_right_of_a_figure_that_looks_at_us() -> None:
    front, back = body_map.shapes("knee", "left")
    assert "scale(-1 1)" not in front.transform
    assert "scale(-1 1)" in back.transform


@sqlite_only
def test_an_error_in_the_middle_tells_nothing_of_it(
    app: Flask, somebody: Member, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    page = second(somebody)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(consultation, "advice_for", fail)
    answer = somebody.send(page, f"{START}/summary", {**ANSWERS, "hopes": CANARY}, status=500)
    assert CANARY not in answer.html
    said = capfd.readouterr().err
    assert "RuntimeError" in said
    assert CANARY not in said


def _session(app: Flask, value: str) -> Mapping[str, object]:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found: Mapping[str, object] = signer.loads(value)
    return found


def test_a_journey_waits_for_no_writer_and_changes_no_byte_of_any_file_and_no_line_of_the_log(
    seeded_sqlite: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(seeded_sqlite, tmp_path / "directory.sqlite3")
    with sites.made(make_settings(tmp_path, "")) as site:
        somebody = Member(site)
        somebody.get("/")
        before = _files(tmp_path)
        capfd.readouterr()
        with closing(sqlite3.connect(tmp_path / "directory.sqlite3")) as writer:
            writer.execute("BEGIN IMMEDIATE")
            page = summary(somebody, hopes=CANARY, warnings=["ci-cancer"])
            for step in set(STEPS) - {f"{START}/summary"}:
                somebody.send(page, step, status=200)
            somebody.send_raw(f"{START}/summary", {**everything(somebody, ["rf-head"]), "hopes": CANARY}, status=200)
            somebody.send_raw(f"{START}/summary", {**everything(somebody), "hopes": CANARY, "where": []}, status=422)
            writer.rollback()
        assert _files(tmp_path) == before
        lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
        assert len(lines) > len(STEPS)
        # Of each request a line: which page, when and how long. Of what was answered nothing.
        for line in lines:
            assert set(line) == {
                "endpoint",
                "method",
                "status",
                "milliseconds",
                "request_id",
                "event",
                "level",
                "timestamp",
            }
            assert line["endpoint"].startswith("public_consultation.")
        for cookie in somebody._client._cookies.values():
            assert cookie.key == site.config["SESSION_COOKIE_NAME"]
            assert set(_session(site, cookie.value)) == {"csrf_token"}


def _files(folder: Path) -> dict[str, bytes]:
    """Every byte that is kept. What stands beside the database is of whoever reads: there is nothing in its log."""
    return {
        path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".sqlite3-shm"
    }


@sqlite_only
def test_the_guide_leads_here(somebody: Member) -> None:
    for address in ("/guide", "/before-you-go"):
        assert START in somebody.get(address).links().values()


@sqlite_only
def test_the_form_of_an_enquiry_leads_here_and_back(somebody: Member) -> None:
    listed = make_listed()
    page = somebody.get(f"/enquiries/new?to={listed.public_id}")
    begin = next(link for link in page.links().values() if link.startswith(START))
    assert begin == f"{START}?to={listed.public_id}"
    page = somebody.send(somebody.get(begin), f"{START}/signs", signs(), status=200)
    page = somebody.send(page, f"{START}/summary", ANSWERS, status=200)
    form = somebody.send(page, "/enquiries", status=200)
    chosen = [box.get("value") for box in form.all(".//input[@name='to']") if box.get("checked") is not None]
    assert chosen == [listed.public_id]


@sqlite_only
def test_a_sign_that_only_advises_stands_in_the_summary_and_above_what_might_suit(
    somebody: Member, session: Session
) -> None:
    session.get_one(Guidance, "rf-hip").severity = "routine_urgent"
    session.flush()
    page = somebody.send(somebody.get(START), f"{START}/signs", signs(["rf-hip"]), status=200)
    page = somebody.send(page, f"{START}/summary", ANSWERS, status=200)
    assert "yes to Hip pain: see someone." in page.text()
    assert "Get help soon if you cannot put weight on" in page.text()
    suits = somebody.send(page, f"{START}/suggestions", status=200).text()
    assert suits.index("Get help soon if you cannot put weight on") < suits.index("Shiatsu")
    alone = somebody.send(page, f"{START}/self-help", status=200).text()
    assert "20 seconds" not in alone
    assert "Get help soon if you cannot put weight on" in alone
