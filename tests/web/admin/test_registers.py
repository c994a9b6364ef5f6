"""Verifiers bring lists of bodies, see what they would change, and decide about them, alone or together."""

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from directory.models import ImportState, Role
from directory.services import register_imports, registers
from tests import factories
from tests.factories.lists import AT, BODY, LISTED_ON, bring, content, row, rows, take_in
from tests.members import Member, sign_in_as
from tests.pages import Page

PAGE = f"/admin/registers/{BODY}"
LATER = LISTED_ON + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(AT + dt.timedelta(days=1), tick=False):
        yield


@pytest.fixture
def second(app: Flask, session: Session) -> Member:
    return sign_in_as(app, factories.AccountFactory(role=Role.VERIFIER))


def at(page: Page) -> str:
    return page.response.request.path


def press(somebody: Member, page: Page, noun: str) -> None:
    """Press a button that the page does not offer, or no longer."""
    token = page.token
    somebody.send_raw(f"{at(page)}/{noun}", {"csrf_token": token}, status=409)


def upload(somebody: Member, lines: Any, *, on: dt.date = LATER, status: int = 303, **said: Any) -> Any:
    file = lines if isinstance(lines, bytes) else content(lines)
    fields = {"file": (BytesIO(file), "list.csv"), "listed_on": on.isoformat(), "permission": "they sent it", **said}
    return somebody.post(f"{PAGE}/imports", fields, on=PAGE, status=status)


def test_one_person_brings_looks_and_applies(verifier: Member, session: Session) -> None:
    assert "No list is held yet" in verifier.get("/admin/registers").text()
    page = verifier.follow(upload(verifier, rows(30)))
    assert "Nothing is changed yet" in page.text(".//body")
    assert "New 30" in page.text()
    address = at(page)
    done = verifier.follow(verifier.send(page, f"{address}/application"))
    assert "It can be undone for 30 days" in done.text(".//body")
    index = verifier.get("/admin/registers").text()
    assert "Shiatsu Society" in index
    assert "30" in index
    assert len(registers.rows(BODY)) == 30
    assert registers.get(BODY).permission == "they sent it"


def test_an_example_of_a_changed_row_tells_what_changed(verifier: Member) -> None:
    take_in([row(valid="31/03/2027"), row("12346", "Ines Quarrish", email="ines@example.org"), *rows(60)])
    again = [row(valid="31/03/2028"), row("12346", "Ines Quarrish", email="quarrish@example.org"), *rows(60)]
    text = verifier.follow(upload(verifier, again)).text().replace("\u00a0", " ")
    assert "31 March 2028 (before: 31 March 2027)" in text
    assert "in another column 12346 Ines Quarrish" in text


def test_only_a_body_with_lists_is_asked_for_older_ones(verifier: Member) -> None:
    assert "older than the latest list" not in verifier.get(PAGE).text()
    take_in(rows(3))
    assert "older than the latest list" in verifier.get(PAGE).text()


def test_what_would_change_much_needs_a_second_person(verifier: Member, second: Member, session: Session) -> None:
    take_in(rows(30))
    page = verifier.follow(upload(verifier, rows(20)))
    assert "10 of 30 rows would end or change" in page.text()
    assert not page.all(f".//form[@action='{at(page)}/application']")
    waiting = verifier.follow(verifier.send(page, f"{at(page)}/proposal"))
    assert "somebody else must agree" in waiting.text()
    press(verifier, page, "agreement")
    assert len([line for line in registers.rows(BODY) if line.listed_until is None]) == 30
    offered = second.get(at(page))
    index = second.get("/admin/registers")
    assert at(page) in index.links().values()
    assert "List of 17 November 2026: Shiatsu Society (UK)" in index.text().replace("\u00a0", " ")
    second.follow(second.send(offered, f"{at(page)}/agreement"))
    assert len([line for line in registers.rows(BODY) if line.listed_until is None]) == 20
    import_ = register_imports.imports(BODY)[0]
    assert (import_.second_by_id, import_.applied_by_id) == (
        second.account and second.account.id,
        verifier.account and verifier.account.id,
    )


def test_the_second_person_may_refuse(verifier: Member, second: Member, session: Session) -> None:
    take_in(rows(30))
    page = verifier.follow(upload(verifier, rows(20)))
    verifier.send(page, f"{at(page)}/proposal")
    second.post(f"{at(page)}/refusal", on=at(page))
    assert register_imports.imports(BODY)[0].state is ImportState.STAGED
    verifier.post(f"{at(page)}/disposal", on=at(page))
    assert register_imports.imports(BODY)[0].state is ImportState.DISCARDED


def test_whoever_decides_has_seen_what_happens(verifier: Member, second: Member, session: Session) -> None:
    take_in(rows(60))
    first = verifier.follow(upload(verifier, [*rows(60), row()]))
    other = second.follow(upload(second, [*rows(60), row("777", "Ann Marsh")]))
    verifier.send(first, f"{at(first)}/application")
    late = second.send(other, f"{at(other)}/application", status=409)
    assert "not as you saw it" in late.text()
    assert "Gone 1" in late.text()
    assert registers.find(BODY, number_key="777") == []


def test_a_list_is_undone_on_its_page(verifier: Member, session: Session) -> None:
    take_in(rows(30))
    before = registers.view_hash(BODY)
    page = verifier.follow(upload(verifier, [*rows(30), row()]))
    done = verifier.follow(verifier.send(page, f"{at(page)}/application"))
    undone = verifier.follow(verifier.send(done, f"{at(page)}/reversal"))
    assert "what is held is as before" in undone.text(".//body")
    assert registers.view_hash(BODY) == before
    press(verifier, page, "reversal")


def test_columns_are_said_by_a_person_and_kept(verifier: Member, session: Session) -> None:
    headings = ("Ref", "Who is it", "Membership grades", "x", "Wohnort", "y", "z", "Until when", "w")
    file = content(rows(10), headings=headings)
    refused = upload(verifier, file, status=422)
    assert "No column says the name" in refused.text()
    guessed = ("Ref", "Full nameS", "Grade", "x", "Town", "y", "z", "Until when", "w")
    page = verifier.follow(upload(verifier, content(rows(10), headings=guessed)))
    assert "The headings were guessed" in page.text()
    press(verifier, page, "application")
    fields = {"say_number": "Ref", "say_valid_to": "Until when"}
    chosen = verifier.follow(verifier.send(page, f"{at(page)}/columns", fields))
    verifier.send(chosen, f"{at(page)}/application")
    assert registers.get(BODY).columns["number"] == ["Ref"]
    again = verifier.follow(upload(verifier, content([*rows(10), row()], headings=guessed), on=LATER))
    assert "The headings were guessed" not in again.text()


def test_a_column_cannot_say_two_things(verifier: Member, session: Session) -> None:
    page = verifier.follow(upload(verifier, rows(10)))
    twice = verifier.send(page, f"{at(page)}/columns", {"say_town": "Grade"}, status=422)
    assert "cannot say two things" in twice.text()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"listed_on": ""}, "on which day the body made"),
        ({"listed_on": "2027-05-01"}, "has not come yet"),
        ({"listed_on": "soon"}, "Write a day"),
        ({"permission": ""}, "under which permission"),
        ({"source_url": "javascript:alert(1)"}, "begins with https"),
        ({"file": b"PK\x03\x04 zip"}, "spreadsheet"),
        ({"file": b""}, "empty"),
    ],
)
def test_a_form_that_is_wrong_says_so_beside_the_field(verifier: Member, fields: dict[str, Any], words: str) -> None:
    said = {"file": content(rows(3)), "listed_on": "2026-11-16", "permission": "x"} | fields
    page = verifier.post(
        f"{PAGE}/imports",
        {**said, "file": (BytesIO(said["file"]), "list.csv")},
        on=PAGE,
        status=422,
    )
    assert words in page.text()


def test_an_older_list_is_taken_on_purpose_only(verifier: Member, session: Session) -> None:
    take_in(rows(30))
    early = LISTED_ON - dt.timedelta(days=300)
    assert "is held already" in upload(verifier, rows(31), on=early, status=422).text()
    upload(verifier, rows(31), on=early, is_older=True)


def test_the_same_file_is_not_taken_in_twice(verifier: Member, session: Session) -> None:
    take_in(rows(30))
    page = verifier.follow(upload(verifier, rows(30), on=LISTED_ON))
    assert "held already" in page.text(".//body")
    assert len(register_imports.imports(BODY)) == 1


def test_only_an_administrator_lets_lists_confirm_by_themselves(
    verifier: Member, administrator: Member, session: Session
) -> None:
    take_in(rows(30))
    assert "by themselves" not in verifier.get(PAGE).text(".//button[last()]")
    verifier.send_raw(f"{PAGE}/automatic-confirmation", {}, status=403)
    administrator.post(f"{PAGE}/automatic-confirmation", on=PAGE)
    assert registers.get(BODY).confirms_automatically
    administrator.post(f"{PAGE}/confirmation-by-hand", on=PAGE)
    assert not registers.get(BODY).confirms_automatically


def test_what_could_not_be_read_stands_with_its_line_and_column(verifier: Member, session: Session) -> None:
    page = verifier.follow(upload(verifier, [*rows(30), row(valid="never ever")]))
    assert "32 Valid to never ever This is no date" in " ".join(page.text().split())


def test_markup_in_a_list_is_shown_and_not_run(verifier: Member, session: Session) -> None:
    import_ = bring([row("1", "Ann Marsh", town="<script>alert(1)</script>"), *rows(30)], on=LATER, at=AT)
    page = verifier.get(f"/admin/registers/imports/{import_.id}")
    assert "<script>alert(1)" in page.text()
    assert not [one for one in page.all(".//script") if "alert" in "".join(one.itertext())]


@pytest.mark.parametrize("address", ["/admin/registers/nobody", "/admin/registers/imports/999"])
def test_what_is_not_there_is_not_found(verifier: Member, address: str) -> None:
    verifier.get(address, status=404)
