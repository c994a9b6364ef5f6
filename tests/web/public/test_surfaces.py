"""One claim, one status: search, card, profile, its data for machines, history, comparison, the checker and the
command line say the same, whatever happened and whatever day it is."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from directory.cli.check import check
from directory.db import db
from directory.models import Claim, Outcome, Practitioner, Status
from directory.models.standings import Standing
from directory.services import indexing, profiles
from tests.conftest import sqlite_only
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.pages import Page, Visitor

BODY = "uk-shiatsu-society"
STATED = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
NAME = "Wren Hallowby"
# Another person, in every state at every time, so that nobody is found by being alone.
OTHER = "Robin Pelmarsh"

Happened = list[tuple[str, int, dict[str, Any]]]
# What happened, in days after the statement, and on which days to look.
STORIES: dict[str, tuple[Happened, list[int]]] = {
    "said": ([], [0, 40]),
    "taken": ([("taken", 3, {})], [2, 3, 90]),
    "checked, and lapsed by itself": (
        [("check", 5, {"valid_to": STATED + 30 * DAY, "due_on": None})],
        [4, 5, 30, 31],
    ),
    "for some treatments": ([("check", 5, {"seen_disciplines": ["shiatsu", "reflexology"]})], [5]),
    "not found": ([("check", 5, {"outcome": Outcome.NOT_FOUND})], [5, 11, 12]),
    "ended": ([("check", 5, {}), ("check", 50, {"outcome": Outcome.ENDED, "ended_on": STATED + 45 * DAY})], [49, 50]),
    "a notice": (
        [
            ("check", 5, {}),
            ("check", 20, {"outcome": Outcome.RESTRICTED, "notice_url": "https://example.org/notice"}),
            ("withdrawn", 25, {}),
        ],
        [19, 20, 25],
    ),
    "taken back": ([("check", 5, {}), ("withdrawn", 25, {})], [24, 25]),
    "inconclusive": ([("check", 5, {"outcome": Outcome.INCONCLUSIVE})], [5]),
}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


def tell(happened: Happened) -> Practitioner:
    """The listing to which all this happened; nothing is done later, only the clock moves."""
    made = make_practitioner(name=NAME, listed_on=STATED)
    claim: Claim = ClaimFactory(practitioner=made, stated_on=STATED, recorded_at=_moment(STATED))
    for kind, after, values in happened:
        on = STATED + after * DAY
        if kind == "check":
            empty = values.get("outcome", Outcome.CONFIRMED) is not Outcome.CONFIRMED
            bare: dict[str, Any] = {"seen_grade": None, "valid_to": None, "due_on": None} if empty else {}
            CheckFactory(practitioner=made, checked_on=on, **{**bare, **values})
        elif kind == "taken":
            claim.taken_on = on
        else:
            claim.withdrawn_on = on
    db.session.flush()
    indexing.refresh([made.id])
    db.session.commit()
    return made


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC)


def expected(made: Practitioner, day: dt.date) -> Standing:
    found = profiles.standings(profiles.people([made.id])[0], day)
    return found[0]


def sentences(page: Page) -> list[str]:
    """The sentences that stand beside seals, or where a seal would be."""
    found = []
    # On a profile, trainings have seals, too.
    for box in page.all(".//section[@class='claims']//div") or page.all(".//div"):
        if "statement" in (box.get("class") or "").split():
            paragraph = box.find(".//p")
            assert paragraph is not None
            # The link to a notice is no part of the sentence.
            link = paragraph.find("a")
            text = " ".join("".join(paragraph.itertext()).split())
            found.append(text.removesuffix("".join(link.itertext()).strip()).strip() if link is not None else text)
    return [one.replace("\xa0", " ") for one in found]


class Surfaces:
    """Every place where the status of a claim is told."""

    def __init__(self, app: Flask, visitor: Visitor, made: Practitioner) -> None:
        self.app, self.visitor, self.made = app, visitor, made
        self.profile = f"/practitioners/{made.public_id}/{made.slug}"

    def told(self) -> dict[str, list[str]]:
        """The sentences of each surface."""
        printed = self.app.test_cli_runner().invoke(check, ["--name", NAME, "--json"]).stdout
        by_command = json.loads(printed[printed.index("{\n") :])["people"][0]["statements"]
        return {
            "card": sentences(self.visitor.get(f"/practitioners?q={NAME.replace(' ', '+')}")),
            "profile": sentences(self.visitor.get(self.profile)),
            "history": sentences(self.visitor.get(f"{self.profile}/history")),
            "comparison": sentences(self.visitor.get(f"/practitioners/compare?keep={self.made.public_id}")),
            "checker": sentences(self.visitor.get(f"/check?name={NAME.replace(' ', '+')}")),
            "checker, by number": sentences(self.visitor.get(f"/check?number=12345&body={BODY}")),
            "command": [one["sentence"] for one in by_command],
        }

    def facets(self) -> set[str]:
        """The statuses that search counts for the person, and finds them under."""
        page = self.visitor.get(f"/practitioners?q={NAME.replace(' ', '+')}&body={BODY}")
        counted = {
            str(box.get("value"))
            for label in page.all(".//label")
            for box in label.findall(".//input[@name='status']")
            if any(count.text == "1" for count in label.findall(".//*[@class='n']"))
        }
        for value in counted:
            assert self.visitor.get(f"/practitioners?body={BODY}&status={value}").all(".//li[@class='entry']")
        return counted

    def members(self) -> list[str]:
        """What the data for machines says of memberships."""
        page = self.visitor.get(self.profile)
        script = page.tree.find(".//script[@type='application/ld+json']")
        assert script is not None
        data = json.loads(script.text or "")
        return [one["description"].replace("\xa0", " ") for one in data["mainEntity"].get("memberOf", [])]

    def card_for_an_address_book(self) -> str:
        text = self.visitor.raw(f"{self.profile}/contact.vcf").get_data(as_text=True)
        return text.replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";").replace("\xa0", " ")


@pytest.mark.parametrize("story", list(STORIES))
def test_all_surfaces_say_the_same(app: Flask, session: Session, visitor: Visitor, story: str) -> None:
    happened, days = STORIES[story]
    made = tell(happened)
    make_practitioner(name=OTHER)
    db.session.commit()
    surfaces = Surfaces(app, visitor, made)
    for after in days:
        day = STATED + after * DAY
        # One minute after midnight in the site's zone: whatever lapses did so just now, and nobody did anything.
        midnight = dt.datetime.combine(day, dt.time(0, 1), tzinfo=app.extensions["settings"].zone)
        with time_machine.travel(midnight, tick=False):
            standing, told = expected(made, day), surfaces.told()
            said = told["command"]
            assert len(said) == 1
            assert told == dict.fromkeys(told, said)
            assert surfaces.facets() == {standing.status.value}
            assert surfaces.members() == (said if standing.status is Status.CHECKED else [])
            assert said[0] in surfaces.card_for_an_address_book()


@sqlite_only
@pytest.mark.parametrize("story", list(STORIES))
def test_a_day_in_the_past_is_told_as_it_was_on_that_day(
    app: Flask, session: Session, visitor: Visitor, story: str
) -> None:
    happened, days = STORIES[story]
    made = tell(happened)
    address = f"/practitioners/{made.public_id}/{made.slug}"
    then = {}
    for after in days:
        with time_machine.travel(_moment(STATED + after * DAY) + dt.timedelta(hours=8), tick=False):
            then[after] = sentences(visitor.get(address))
    with time_machine.travel(_moment(STATED + 400 * DAY), tick=False):
        for after, said in then.items():
            on = f"on={STATED + after * DAY}"
            assert sentences(visitor.get(f"{address}?{on}")) == said
            assert sentences(visitor.get(f"{address}/history?{on}")) == said
            assert sentences(visitor.get(f"/check?name={NAME.replace(' ', '+')}&{on}")) == said
            both = f"{on}&known={STATED + after * DAY}"
            assert sentences(visitor.get(f"{address}?{both}")) == said
        before = visitor.get(f"{address}?on={STATED - DAY}")
        assert sentences(before) == ["No statement of membership stood here then."]


@sqlite_only
def test_the_page_of_another_day_says_so_and_is_not_for_search_engines(session: Session, visitor: Visitor) -> None:
    made = tell(STORIES["taken back"][0])
    address = f"/practitioners/{made.public_id}/{made.slug}"
    with time_machine.travel(_moment(STATED + 400 * DAY), tick=False):
        page = visitor.get(f"{address}?on=2026-03-10&known=2026-03-20")
        text = page.text().replace("\xa0", " ")
        assert "As it stood on 10 March 2026, as known on 20 March 2026." in text
        assert page.links()["Show today"] == address
        assert page.all(".//meta[@name='robots'][@content='noindex']")
        assert not page.all(".//script[@type='application/ld+json']")
        assert page.tree.find(".//link[@rel='canonical']").get("href").endswith(address)  # type: ignore[union-attr]
        today = visitor.get(address)
        assert "as we know it now" not in today.text()
        assert today.all(".//script[@type='application/ld+json']")
        wrong = visitor.get(f"{address}?on=2999-01-01&known=x").text()
        assert "a day that we could not read, or that has not come yet. It was left out." in wrong


@sqlite_only
def test_the_history_is_asked_for_a_day_with_three_fields(session: Session, visitor: Visitor) -> None:
    made = tell(STORIES["ended"][0])
    address = f"/practitioners/{made.public_id}/{made.slug}/history"
    with time_machine.travel(_moment(STATED + 400 * DAY), tick=False):
        all_of_it = visitor.get(address).text(".//ol[@class='thread plain']")
        assert "The register showed that this membership had ended." in all_of_it
        answer = visitor.raw(f"{address}?day=10&month=3&year=2026&known_day=&known_month=&known_year=")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}?on=2026-03-10")
        then = visitor.get(answer.headers["Location"])
        assert "Found on the register." in then.text(".//ol[@class='thread plain']")
        assert "ended" not in then.text(".//ol[@class='thread plain']")
        wrong = visitor.get(f"{address}?day=40&month=3&year=2026", status=422)
        assert "Type a day, a month and a year in numbers" in wrong.text(".//section[@class='errors']")
        assert [one.get("value") for one in wrong.all(".//form//input")][:3] == ["40", "3", "2026"]


@sqlite_only
def test_the_profile_tells_the_whole_chain_of_a_check(session: Session, visitor: Visitor) -> None:
    made = make_practitioner()
    ClaimFactory(practitioner=made, disciplines=["shiatsu"])
    CheckFactory(practitioner=made, checked_on=dt.date(2026, 2, 1))
    CheckFactory(practitioner=made, checked_on=dt.date(2026, 2, 20), seen_disciplines=["shiatsu"])
    db.session.commit()
    said = visitor.get(f"/practitioners/{made.public_id}/{made.slug}").text(".//article").replace("\xa0", " ")
    for words in (
        "since 12 February 2025; and the register of the body.",
        "Says: for Shiatsu. The register shows: Shiatsu. It says nothing of any other.",
        "We looked at the body’s public register.",
        "The register shows the website that the practitioner confirmed to us.",
        "That of the Shiatsu Society (UK).",
        "We looked on 20 February 2026. We saw the same each time from 1 February 2026.",
        "We look again by 31 March 2027.",
    ):
        assert words in said
