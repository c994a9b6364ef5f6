"""The public checker: what it answers, what it asks back, and what it never says."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import db
from directory.lib import clock
from directory.models import Attempt, Base, ListingState, Objection, OtherName, Outcome, Practitioner
from directory.services import limits, register_imports
from directory.services.checker import names
from tests.conftest import sqlite_only
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.lists import BODY, bring
from tests.members import Member
from tests.pages import Page, Visitor

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
FIRST, SECOND = dt.date(2025, 3, 1), dt.date(2026, 6, 1)
OONA = "Oona Pelmarsh,5127,MRSS,Hexham"
ON_LIST = f"/check?name=Oona+Pelmarsh&number=5127&body={BODY}"

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    """It is noon on 20 November 2026."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def listed(name: str = "Wren Hallowby", number: str = "4471", **values: object) -> Practitioner:
    """Somebody whose membership was found on 9 November 2026."""
    made = make_practitioner(name=name, **values)  # type: ignore[arg-type]
    ClaimFactory(practitioner=made, number=number)
    CheckFactory(practitioner=made, number_key=number)
    db.session.commit()
    return made


def said(page: Page, path: str = ".//main") -> str:
    return page.text(path).replace("\xa0", " ")


def ask(visitor: Visitor, address: str, status: int = 200) -> str:
    return said(visitor.get(address, status=status))


# ---- people who are listed here ----


@pytest.mark.parametrize("asked", ["name=wren+hallowby", "number=44-71", "name=4471", "name=Wren+Hallowby&number=4471"])
def test_a_name_or_number_is_answered_with_the_sentence_of_its_status(visitor: Visitor, asked: str) -> None:
    listed()
    raw = visitor.raw(f"/check?{asked}", follow_redirects=True)
    text = said(Page(raw))
    assert "Wren Hallowby is listed here" in text
    assert "Checked on 9 November 2026: on the register of the Shiatsu Society (UK) as MRSS" in text
    assert "We looked at the body’s public register. That was on 9 November 2026." in text
    assert "Found each time that we looked, from 9 November 2026." in text
    assert "Insurance and criminal record. Not checked" in text


@sqlite_only
def test_an_answer_is_kept_by_nobody_and_found_by_no_search_engine(visitor: Visitor) -> None:
    listed()
    page = visitor.get("/check?name=Wren+Hallowby")
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.all(".//meta[@name='robots']")
    assert not visitor.get("/check").all(".//meta[@name='robots']")
    assert "Set-Cookie" not in page.response.headers


def test_several_people_of_one_name_are_shown_beside_each_other_and_never_put_together(visitor: Visitor) -> None:
    listed(town="Brighton")
    other = make_practitioner(name="Wren Hallowby", town="Leeds", postcode_area="LS6")
    ClaimFactory(practitioner=other, number="99")
    page = visitor.get("/check?name=Wren+Hallowby")
    assert "2 people fit what you asked" in said(page)
    assert "They are different people." in said(page)
    leeds, brighton = (said(page, f".//article[{n}]") for n in (2, 1))
    assert "Brighton" in brighton
    assert "Checked on" in brighton
    assert "Leeds" in leeds
    assert "Not checked." in leeds
    assert "Checked on" not in leeds
    assert "Leeds" not in ask(visitor, "/check?name=Wren+Hallowby&place=Brighton")
    assert "Leeds" in ask(visitor, "/check?name=Wren+Hallowby&place=LS6+2AB")


@pytest.mark.parametrize(
    ("typed", "difference", "marked"),
    [
        ("Oona Pelmarsh", "One letter differs.", "l"),
        ("Oona Pelmarhs", "2 letters differ.", None),
        ("Pellmarsh Oona", "The same names in another order.", None),
        ("Oona Maria Pellmarsh", "Not every part of the name is the same.", None),
    ],
)
def test_a_near_name_is_asked_back_and_answers_nothing(
    visitor: Visitor, typed: str, difference: str, marked: str | None
) -> None:
    listed("Oona Pellmarsh", town="Keynsham", postcode_area="BS31")
    page = visitor.get("/check", query={"name": typed})
    assert "Do you mean this person?" in said(page)
    assert difference in said(page)
    assert "Keynsham BS31" in said(page)
    assert "Checked on" not in said(page)
    assert "Society" not in said(page, ".//main//form[@aria-labelledby='near']")
    if marked:
        assert ["".join(one.itertext()) for one in page.all(".//mark")] == [marked]


@pytest.mark.parametrize(
    ("typed", "name"), [("Ann Smith", "Rose Smith"), ("Ann Smith", "Jo Smith"), ("Tom Reed", "Tim Rees Ash")]
)
def test_another_short_name_is_no_slip_of_the_one_that_was_typed(typed: str, name: str) -> None:
    assert names.differ(typed, name) is None
    assert names.differ(name, typed) is None


def test_who_is_chosen_is_answered_about_and_who_chooses_none_is_told_that_nobody_was_found(visitor: Visitor) -> None:
    made = listed("Oona Pellmarsh")
    page = visitor.get("/check?name=Oona+Pelmarsh")
    values = [field.get("value") for field in page.all(".//fieldset//input[@type='radio']")]
    assert values == [made.public_id, "nobody"]
    text = ask(visitor, f"/check?name=Oona+Pelmarsh&who={made.public_id}")
    assert "Checked on 9 November 2026" in text
    assert "You chose this person from several." in text
    nobody = ask(visitor, "/check?name=Oona+Pelmarsh&who=nobody")
    assert "Nobody of exactly this name is listed here." in nobody
    assert "does not mean that the person is unqualified" in nobody


def test_a_name_with_the_number_of_somebody_else_is_no_answer(visitor: Visitor) -> None:
    listed()
    for asked, difference in (
        ("name=Wren+Hallowby&number=4472", "This number does not stand in the listing."),
        ("name=Somebody+Else&number=4471", "This number, and another name."),
        ("name=Wren+Hallowby&place=Leeds", "The place is another one."),
    ):
        text = ask(visitor, f"/check?{asked}")
        assert difference in text
        assert "Checked on" not in text


def test_another_name_finds_a_person_and_one_that_is_not_shown_is_not_told(visitor: Visitor) -> None:
    made = make_practitioner(name="Wren Hallowby", other_names=("Wren Lisk",))
    hidden = OtherName(practitioner=made, name="Robin Lisk", is_shown=False)
    db.session.add(hidden)
    db.session.flush()
    from_former = ask(visitor, "/check?name=Wren+Lisk")
    assert "Wren Hallowby is listed here" in from_former
    assert "Another name of theirs, exactly." in from_former


@pytest.mark.parametrize("state", [ListingState.HIDDEN, ListingState.SUSPENDED, ListingState.DRAFT])
def test_a_listing_that_is_not_shown_is_not_answered_about(visitor: Visitor, state: ListingState) -> None:
    made = listed(state=state)
    for asked in ("name=Wren+Hallowby", "number=4471", f"name=Wren+Hallowby&who={made.public_id}"):
        assert "Nobody is found" in ask(visitor, f"/check?{asked}")


def test_somebody_who_states_no_membership_of_the_body_is_said_to_state_none(visitor: Visitor) -> None:
    listed()
    text = ask(visitor, "/check?name=Wren+Hallowby&body=uk-cnhc")
    assert "Wren Hallowby states no membership of the Complementary and Natural Healthcare Council" in text
    assert "Checked on" not in text


# ---- the day ----


def test_a_day_in_the_past_is_answered_as_it_stood_and_as_it_was_known(visitor: Visitor) -> None:
    made = make_practitioner(name="Wren Hallowby", listed_on=dt.date(2025, 2, 12))
    ClaimFactory(practitioner=made)
    late = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
    CheckFactory(practitioner=made, checked_on=dt.date(2025, 6, 1), recorded_at=late)
    asked = "/check?name=Wren+Hallowby"
    assert "Checked on 1 June 2025" in ask(visitor, f"{asked}&on=2025-06-14")
    then = ask(visitor, f"{asked}&on=2025-06-14&known=2025-06-30")
    assert "As it stood on 14 June 2025, as known on 30 June 2025." in then
    assert "Not checked." in then
    assert "Checked on 1 June 2025" in ask(visitor, f"{asked}&on=2025-06-14&known=2025-07-01")
    assert "was not in this directory on 1 February 2025" in ask(visitor, f"{asked}&on=2025-02-01")


@sqlite_only
def test_three_fields_make_a_day_and_the_address_can_be_kept(visitor: Visitor) -> None:
    answer = visitor.raw("/check?name=+Wren++Hallowby&number=&body=&place=&day=14&month=6&year=2025&known_day=")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/check?name=Wren+Hallowby&on=2025-06-14"
    page = visitor.get(answer.headers["Location"])
    fields = {field.get("name"): field.get("value") for field in page.all(".//aside//input")}
    assert [fields[name] for name in ("name", "day", "month", "year")] == ["Wren Hallowby", "14", "6", "2025"]
    today = visitor.raw("/check?name=Wren+Hallowby&day=20&month=11&year=2026")
    assert today.headers["Location"] == "/check?name=Wren+Hallowby"


@sqlite_only
@pytest.mark.parametrize(
    ("query", "mistake"),
    [
        ({"name": "", "number": " "}, "Type a name, or a membership number"),
        ({"number": "--"}, "A membership number has at least one letter or digit"),
        ({"name": "x" * 121}, "This is longer than a name"),
        ({"name": "Wren", "day": "31", "month": "2", "year": "2026"}, "Type a day, a month and a year in numbers"),
        ({"name": "Wren", "day": "1", "month": "1", "year": "9" * 10}, "Type a day, a month and a year in numbers"),
        ({"name": "Wren", "day": "x"}, "Type a day, a month and a year in numbers"),
        ({"name": "Wren", "on": "yesterday"}, "Type a day, a month and a year in numbers"),
        ({"name": "Wren", "on": "2026-11-21"}, "This day has not come yet"),
        ({"name": "Wren", "known_year": "2026"}, "Type a day, a month and a year in numbers"),
        ({"name": "Wren", "body": "nothing"}, "Not a valid choice"),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_what_was_typed_stays(
    visitor: Visitor, query: dict[str, str], mistake: str
) -> None:
    page = visitor.get("/check", query=query, status=422)
    assert mistake in said(page, ".//section[@class='errors']")
    assert said(page, ".//title").startswith("Mistake:")
    typed = {field.get("name"): field.get("value") for field in page.all(".//aside//input")}
    assert all(typed.get(name) == value for name, value in query.items() if name in typed and value.strip())


# ---- lists of bodies ----


def test_a_line_of_a_register_is_confirmed_to_whoever_names_it_with_its_number(visitor: Visitor) -> None:
    bring(FIRST, [OONA])
    text = ask(visitor, ON_LIST)
    assert "Not listed here, and on a list that we hold" in text
    assert "On the list of 1 March 2025: the Shiatsu Society (UK) shows this name with this number as MRSS." in text
    assert "The number is the same. The name is the same." in text
    assert "From the first list that we hold, of 1 March 2025. Not known before that." in text
    assert "Hexham" not in text
    assert "On the list of 1 March 2025" in ask(visitor, "/check?name=Oona+Pelmarsh&number=5127")


def test_a_number_that_somebody_else_has_now_answers_for_each_of_them(visitor: Visitor) -> None:
    others = [f"Filler {chr(65 + n)}rden,{90000 + n},MRSS,Leeds" for n in range(40)]
    bring(FIRST, [OONA, *others])
    bring(SECOND, ["Ash Thorn,5127,MRSS,Leeds", *others])
    text = ask(visitor, ON_LIST)
    assert "Was listed until 1 June 2026" in text
    assert "Ash" not in text
    assert "On the list of 1 June 2026" in ask(visitor, "/check?name=Ash+Thorn&number=5127")


@pytest.mark.parametrize(
    "asked",
    [
        "name=Oona+Pelmarsh",
        "number=5127",
        "name=Oona+Pelmarsh&place=Hexham",
        f"name=Oona+Pelmarsh&body={BODY}",
        "name=Oona+Pelmarsh&number=5128",
        "name=Oona+Pelmarch&number=5127",
        "name=Somebody+Else&number=5127",
        "name=Oona+Smith+Pelmarsh+Jones+Brown+Green&number=5127",
        "name=O%CE%BFna+Pelmarsh&number=5127",
    ],
)
def test_nobody_leafs_through_the_lines_of_a_register(visitor: Visitor, asked: str) -> None:
    bring(FIRST, [OONA])
    answer = visitor.raw(f"/check?{asked}", follow_redirects=True)
    text = said(Page(answer))
    assert "On the list of" not in text
    assert "MRSS" not in text
    assert "Hexham" not in text.split("Ask again")[0].replace("Hexham, any body", "")


@sqlite_only
def test_the_answer_says_no_more_of_the_name_than_the_question_did(visitor: Visitor) -> None:
    bring(FIRST, [OONA])
    page = visitor.get("/check?name=O+Pelmarsh&number=5127")
    assert "On the list of 1 March 2025" in said(page)
    assert "initials that fit" in said(page)
    assert "Oona" not in page.html


def test_three_answers_are_kept_apart(visitor: Visitor) -> None:
    bring(FIRST, [OONA])
    bring(SECOND, [])
    assert "Was listed until 1 June 2026" in ask(visitor, ON_LIST)
    assert "On the list of 1 March 2025" in ask(visitor, ON_LIST + "&on=2026-05-31")
    absent = ask(visitor, f"/check?name=Oona+Pelmarsh&number=5128&body={BODY}")
    assert "on no list that we hold of the Shiatsu Society (UK) (the first is of 1 March 2025)" in absent
    assert "does not mean that the person is unqualified" in absent
    before = ask(visitor, ON_LIST + "&on=2025-02-28")
    assert "the first is of 1 March 2025, so we cannot say what was so on 28 February 2025" in before
    shape = ask(visitor, "/check?name=Oona+Pelmarsh&number=5127&body=uk-hcpc")
    assert "This is not shaped like a number of the Health and Care Professions Council" in shape
    assert "Profession code then up to six digits" in shape
    fits = ask(visitor, "/check?name=Oona+Pelmarsh&number=ph+12345&body=uk-hcpc")
    assert "We hold no list of the Health and Care Professions Council" in fits
    # A format without a source is no reason to refuse a number.
    assert "not shaped" not in ask(visitor, "/check?name=Oona+Pelmarsh&number=x&body=uk-gosc")


def test_a_list_that_was_undone_is_known_only_by_those_who_ask_about_then(visitor: Visitor) -> None:
    bring(FIRST, [])
    at = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
    second = bring(SECOND, [OONA], at=at)
    assert "On the list of 1 June 2026" in ask(visitor, ON_LIST)
    register_imports.undo(second, by=None, at=dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC))
    db.session.commit()
    assert "on no list that we hold" in ask(visitor, ON_LIST)
    assert "On the list of 1 June 2026" in ask(visitor, ON_LIST + "&known=2026-11-05")
    assert "on no list that we hold" in ask(visitor, ON_LIST + "&known=2026-10-31")


def test_a_listing_and_a_list_are_two_answers(visitor: Visitor) -> None:
    """Whoever copies a name and a number is on no list for it."""
    bring(FIRST, [OONA])
    impostor = make_practitioner(name="Oona Pelmarsh")
    ClaimFactory(practitioner=impostor, number="5127")
    page = visitor.get(ON_LIST)
    listing, line = said(page, ".//article[1]"), said(page, ".//article[2]")
    assert "Says they are a member of the Shiatsu Society (UK). Not checked." in listing
    assert "On the list of 1 March 2025" in line
    assert "Whether the person before you is that person, it cannot say" in line


def test_what_a_list_no_longer_shows_is_told_of_no_listing_before_its_status_says_so(visitor: Visitor) -> None:
    bring(FIRST, [OONA])
    bring(SECOND, [])
    assert "Was listed until" in ask(visitor, ON_LIST)
    listed("Oona Pelmarsh", number="5127")
    for name in ("Oona+Pelmarsh", "O+Pelmarsh"):
        text = ask(visitor, f"/check?name={name}&number=5127&body={BODY}")
        assert "Was listed until" not in text
        assert "no list that we hold" not in text
    assert "On the list of 1 March 2025" in ask(visitor, ON_LIST + "&on=2026-05-31")


def test_nobody_makes_a_list_silent_by_stating_the_number_of_somebody_else(visitor: Visitor) -> None:
    bring(FIRST, [OONA])
    bring(SECOND, [])
    listed("Zed Impson", number="5127")
    assert "Was listed until" in ask(visitor, ON_LIST)


# ---- objections ----


def object_to(app: Flask, **values: str) -> Page:
    stranger = Member(app)
    given = {"name": "Oona Pelmarsh", "number": "5127", "body": BODY, "understood": "y", **values}
    is_wrong = not all(given.values())
    page = stranger.post("/check/objection", given, status=422 if is_wrong else 303)
    return page if is_wrong else stranger.follow(page)


def test_who_objects_is_answered_about_no_more_and_nothing_is_looked_up(app: Flask, visitor: Visitor) -> None:
    assert "It holds from now on" in said(object_to(app))
    silent = ask(visitor, ON_LIST)
    assert "We give no answer about this name with this number, because we were asked not to." in silent
    bring(FIRST, [OONA])
    after = ask(visitor, ON_LIST)
    assert after == silent
    # Neither an initial nor another order is a way round it.
    for name in ("O+Pelmarsh", "oona+pelmarsh", "Pelmarsh+Oona"):
        assert "We give no answer" in ask(visitor, f"/check?name={name}&number=5127&body={BODY}")
    assert "On the list" not in ask(visitor, "/check?name=Oona+Pelmarsh&number=5127")
    kept = db.session.scalars(select(Objection)).all()
    assert len(kept) == 2
    assert not any("pelmarsh" in one.digest.lower() or "5127" in one.digest for one in kept)


def test_an_objection_is_for_one_number_and_leaves_listings_as_they_are(app: Flask, visitor: Visitor) -> None:
    bring(FIRST, [OONA, "Wren Hallowby,4471,MRSS,Brighton"])
    object_to(app)
    listed("Oona Pelmarsh", number="5127")
    text = ask(visitor, ON_LIST)
    assert "Checked on 9 November 2026" in text
    assert "We give no answer" in text
    assert "On the list of" in ask(visitor, f"/check?name=Wren+Hallowby&number=4471&body={BODY}")


@sqlite_only
def test_an_objection_with_a_mistake_is_not_kept(app: Flask) -> None:
    page = object_to(app, number="")
    assert page.status == 422
    assert "Type your membership number" in said(page, ".//section[@class='errors']")
    assert db.session.scalar(select(func.count()).select_from(Objection)) == 0
    object_to(app, homepage="https://example.org")
    assert db.session.scalar(select(func.count()).select_from(Objection)) == 0


def test_objecting_twice_is_objecting_once(app: Flask) -> None:
    object_to(app)
    object_to(app)
    assert db.session.scalar(select(func.count()).select_from(Objection)) == 2


# ---- limits ----


def test_guessing_ends_long_before_asking_does(visitor: Visitor, travel: time_machine.Traveller) -> None:
    listed()
    for _ in range(40):
        ask(visitor, "/check?name=Wren+Hallowby")
    misses = 0
    while visitor.raw("/check?name=Xqzw+Xqzw&number=77").status_code == 200:
        misses += 1
        assert misses < 100
    assert 20 <= misses <= 30
    page = visitor.get("/check?name=Wren+Hallowby", status=429)
    assert "Too many requests" in said(page)
    assert int(page.response.headers["Retry-After"]) > 0
    # Who only opens the form is not refused.
    visitor.get("/check")
    travel.shift(dt.timedelta(hours=2))
    assert "Wren Hallowby is listed here" in ask(visitor, "/check?name=Wren+Hallowby")


def test_nothing_of_a_question_is_kept_but_a_fingerprint_of_the_network(visitor: Visitor, session: Session) -> None:
    listed()
    before = {table.name: _rows(table.name) for table in Base.metadata.sorted_tables}
    ask(visitor, "/check?name=Canary+Xqzw&number=1234567")
    after = {table.name: _rows(table.name) for table in Base.metadata.sorted_tables}
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {Attempt.__tablename__}
    assert "canary" not in str(after[Attempt.__tablename__]).lower()


def _rows(name: str) -> list[object]:
    table = Base.metadata.tables[name]
    return [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]


def test_points_that_are_added_are_counted_in_the_same_stretch() -> None:
    at = clock.now()
    limits.spend("check", network="192.0.2.0/24", at=at)
    limits.add("check", 299, network="192.0.2.0/24", at=at)
    with pytest.raises(limits.TooMany):
        limits.spend("check", network="192.0.2.0/24", at=at)
    limits.spend("check", network="198.51.100.0/24", at=at)


def test_a_status_that_ended_is_not_hidden_by_asking_by_name(visitor: Visitor) -> None:
    made = make_practitioner(name="Wren Hallowby")
    ClaimFactory(practitioner=made)
    ended = dt.date(2026, 8, 31)
    CheckFactory(practitioner=made, outcome=Outcome.ENDED, ended_on=ended, valid_to=None, seen_grade=None)
    text = ask(visitor, "/check?name=Wren+Hallowby")
    assert "showed on 9 November 2026 that this membership had ended on 31 August 2026" in text
    assert "Seen so each time that we looked, from 9 November 2026." in text
