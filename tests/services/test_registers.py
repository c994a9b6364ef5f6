"""Registers: what is held of them, with both clocks, through lists that come and are undone."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import (
    Account,
    Event,
    ImportState,
    InvalidTransition,
    NotFound,
    Proposal,
    Register,
    RegisterFile,
    RegisterImport,
    RegisterRow,
    RegisterStep,
    Role,
    Tie,
)
from directory.services import ledger, register_imports, registers
from directory.services.registers import contacts
from directory.services.registers.timelines import Span, overwrite
from tests.factories import AccountFactory, make_practitioner
from tests.factories.lists import AT, BODY, LISTED_ON, bring, row, rows, take_in

DAY = dt.timedelta(days=1)
MONTH = dt.timedelta(days=30)


@pytest.fixture
def two(session: Session) -> tuple[Account, Account]:
    return AccountFactory(role=Role.VERIFIER), AccountFactory(role=Role.VERIFIER)


def standing_rows(known_at: dt.datetime | None = None) -> dict[str, tuple[str, dt.date, dt.date | None]]:
    return {
        line.number_key: (line.name, line.listed_from, line.listed_until)
        for line in registers.rows(BODY, known_at=known_at)
    }


def test_a_row_that_disappears_was_listed_until_that_day(session: Session) -> None:
    take_in([*rows(40), row()])
    later = LISTED_ON + MONTH
    take_in(rows(40), on=later, at=AT + MONTH)
    line = registers.find(BODY, number_key="12345")[0]
    assert (line.listed_from, line.listed_until) == (LISTED_ON, later)
    assert registers.listed(BODY, line.key, later - DAY) is not None
    assert registers.listed(BODY, line.key, later) is None
    assert registers.lists(BODY).dates == (LISTED_ON, later)


def test_what_was_known_then_can_still_be_asked_for(session: Session) -> None:
    take_in([*rows(40), row()])
    take_in([*rows(40), row(town="Hove")], on=LISTED_ON + MONTH, at=AT + MONTH)
    assert {line.town for line in registers.find(BODY, number_key="12345")} == {"Brighton", "Hove"}
    known = registers.find(BODY, number_key="12345", known_at=AT + DAY)
    assert [(line.town, line.listed_until) for line in known] == [("Brighton", None)]
    assert registers.rows(BODY, known_at=AT - DAY) == []
    assert registers.lists(BODY, known_at=AT + DAY).latest == LISTED_ON


def test_one_step_undoes_an_import_and_what_was_known_meanwhile_stays(session: Session) -> None:
    take_in([*rows(60), row()])
    before = registers.view_hash(BODY)
    changed = take_in([*rows(59), row(town="Hove"), row("777", "Ann Marsh")], on=LISTED_ON + MONTH, at=AT + MONTH)
    during = registers.view_hash(BODY)
    assert during != before
    step = register_imports.undo(changed, by=None, at=AT + MONTH + DAY)
    assert registers.view_hash(BODY) == before == step.view_hash
    assert registers.view_hash(BODY, known_at=AT + MONTH) == during
    assert "777" in standing_rows(AT + MONTH)
    assert "777" not in standing_rows()
    assert changed.state is ImportState.UNDONE
    assert registers.lists(BODY).dates == (LISTED_ON,)


def test_only_the_latest_list_is_undone_and_for_thirty_days(session: Session) -> None:
    first = take_in(rows(40))
    second = take_in([*rows(40), row()], on=LISTED_ON + DAY, at=AT + DAY)
    with pytest.raises(InvalidTransition):
        register_imports.undo(first, by=None, at=AT + DAY)
    register_imports.undo(second, by=None, at=AT + 2 * DAY)
    with pytest.raises(InvalidTransition):
        register_imports.undo(first, by=None, at=AT + 31 * DAY)
    register_imports.undo(first, by=None, at=AT + 30 * DAY)
    assert registers.rows(BODY) == []


def test_the_same_file_makes_no_step(session: Session) -> None:
    first = take_in(rows(10))
    again = bring(rows(10), on=None, at=AT + MONTH)
    assert again.id == first.id
    same_rows = bring(list(reversed(rows(10))), at=AT + DAY)
    register_imports.apply(same_rows, by=None, at=AT + DAY)
    assert same_rows.state is ImportState.DISCARDED
    assert session.scalar(select(func.count()).select_from(RegisterStep)) == 1


def test_the_same_rows_on_a_later_day_are_a_list_of_that_day(session: Session) -> None:
    take_in(rows(10))
    before = registers.view_hash(BODY)
    take_in(rows(10), on=LISTED_ON + MONTH, at=AT + MONTH)
    assert registers.lists(BODY).latest == LISTED_ON + MONTH
    assert registers.view_hash(BODY) == before


def test_an_older_list_is_refused_unless_said_so_and_then_tells_the_past(session: Session) -> None:
    take_in([*rows(40), row()])
    earlier = LISTED_ON - MONTH
    with pytest.raises(register_imports.Refused):
        bring([*rows(40), row("777", "Ann Marsh")], on=earlier, at=AT + DAY)
    take_in([*rows(40), row("777", "Ann Marsh")], on=earlier, at=AT + DAY, is_older=True)
    known = standing_rows()
    assert known["777"] == ("Ann Marsh", earlier, LISTED_ON)
    assert known["12345"] == ("Wren Hallowby", LISTED_ON, None)
    assert known["20001"][1:] == (earlier, None)


def test_a_number_is_known_again_however_it_is_written(session: Session) -> None:
    take_in([*rows(40), row("ab 0012-3")])
    found = register_imports.difference(bring([*rows(40), row("AB0012 3")], on=LISTED_ON + DAY), by=None, at=AT + DAY)
    assert found.counts == {"new": 0, "changed": 1, "gone": 0, "same": 40, "unreadable": 0}
    zeroless = bring([*rows(40), row("ab 12-3")], on=LISTED_ON + 2 * DAY, at=AT + 2 * DAY)
    counts = register_imports.difference(zeroless, by=None, at=AT + 2 * DAY).counts
    assert (counts["new"], counts["gone"]) == (1, 1)


def test_people_without_a_number_are_never_one(session: Session) -> None:
    take_in([row("", "Ann Marsh"), row("", "Ann Marsh", grade="Fellow"), row("", "Tom Fell")])
    assert len(registers.rows(BODY)) == 3
    assert registers.find(BODY, number_key="") == []
    assert len(registers.find(BODY, name_keys=["ann marsh"])) == 2


def test_a_row_that_cannot_be_read_leaves_what_is_held(session: Session) -> None:
    take_in([*rows(40), row()])
    broken = [*rows(40), row(valid="the 40th of May")]
    found = register_imports.difference(bring(broken, on=LISTED_ON + DAY, at=AT + DAY), by=None, at=AT + DAY)
    assert found.counts == {"new": 0, "changed": 0, "gone": 0, "same": 40, "unreadable": 1}


def test_contacts_can_be_compared_and_not_read(session: Session) -> None:
    take_in([row(email="Wren@Example.org")])
    line = registers.find(BODY, number_key="12345")[0]
    register = registers.get(BODY)
    assert "example" not in str(line)
    assert registers.ties(register, line, emails=["wren@example.org"]) == [Tie.EMAIL]
    assert registers.ties(register, line, emails=["robin@example.org"], websites=["example.org"]) == []
    assert line.outward == "BN2"
    hashed = contacts.hashed(register, Tie.TELEPHONE, "+44 (0)1273 496 000")
    assert hashed == contacts.hashed(register, Tie.TELEPHONE, "01273 496000")
    assert contacts.hashed(register, Tie.WEBSITE, "https://www.wren.example/") == contacts.hashed(
        register, Tie.WEBSITE, "wren.example"
    )


def test_a_pair_is_judged_once_and_that_is_written_down(session: Session, two: tuple[Account, Account]) -> None:
    listing = make_practitioner()
    for at in (AT, AT + DAY):
        registers.judge_other(listing.id, BODY, 7, by=two[0], at=at)
    assert registers.judged_other(listing.id, BODY) == {7}
    kind = "register-row-judged"
    assert [entry.kind for entry in ledger.list_latest()].count(kind) == 1
    assert session.scalars(select(Event).where(Event.kind == kind)).one().actor_id == two[0].id


def test_an_unknown_body_has_no_register(session: Session) -> None:
    with pytest.raises(NotFound):
        bring(rows(2), body_id="uk-nobody")
    with pytest.raises(NotFound):
        registers.get(BODY)


# ---------- rules ----------

DAYS = st.integers(0, 12).map(lambda n: LISTED_ON + dt.timedelta(days=n))


@given(st.lists(st.tuples(DAYS, st.sampled_from([None, b"a", b"b"])), max_size=12))
def test_the_timeline_of_a_line_is_what_the_last_list_before_each_day_said(lists: list[tuple[dt.date, bytes]]) -> None:
    spans: list[Span] = []
    held: dict[dt.date, bytes | None] = {}
    for day, digest in lists:
        after = min((other for other in held if other > day), default=None)
        spans = overwrite(spans, day, after, digest)
        held[day] = digest
    for offset in range(-1, 14):
        on = LISTED_ON + dt.timedelta(days=offset)
        said = [held[day] for day in sorted(held) if day <= on]
        found = [span.digest for span in spans if span.since <= on and (span.until is None or on < span.until)]
        assert found == ([said[-1]] if said and said[-1] is not None else [])
    assert all(one.until is not None and one.until <= other.since for one, other in pairwise(spans))


@dataclass
class Model:
    """The simplest register: the lists that are held, in the order in which they came."""

    lists: list[tuple[dt.date, frozenset[str]]] = field(default_factory=list)

    def listed(self, on: dt.date) -> frozenset[str]:
        latest = max((day for day, _ in self.lists if day <= on), default=None)
        return next((names for day, names in reversed(self.lists) if day == latest), frozenset())


def forget_everything() -> None:
    """Hypothesis asks the same test again and again."""
    for table in (RegisterRow, RegisterStep, RegisterFile, Proposal, RegisterImport, Register):
        db.session.execute(delete(table))
    db.session.commit()
    db.session.expunge_all()


MOVES = st.lists(
    st.one_of(st.none(), st.tuples(st.integers(0, 6), st.frozensets(st.sampled_from("abcd"), max_size=4))),
    min_size=1,
    max_size=7,
)


@settings(max_examples=15)
@given(MOVES)
def test_lists_and_undos_in_any_order_agree_with_the_lists_themselves(
    session: Session, moves: list[tuple[int, frozenset[str]] | None]
) -> None:
    """A move is a list of a day, or None: the latest is undone."""
    forget_everything()
    first, second = AccountFactory(role=Role.VERIFIER), AccountFactory(role=Role.VERIFIER)
    model, clock = Model(), count()
    hashes: list[str] = [registers.view_hash(BODY)]
    told: list[tuple[dt.datetime, str, dict[dt.date, frozenset[str]]]] = []
    days = [LISTED_ON + dt.timedelta(days=n) for n in range(-1, 8)]
    for move in moves:
        at = AT + dt.timedelta(days=9, minutes=next(clock))
        if move is None:
            latest = register_imports.undoable(BODY, at=at)
            assert (latest is not None) == bool(model.lists)
            if latest is not None:
                register_imports.undo(latest, by=None, at=at)
                model.lists.pop()
                hashes.pop()
                assert registers.view_hash(BODY) == hashes[-1]
        else:
            day = LISTED_ON + dt.timedelta(days=move[0])
            # Somebody is always listed: an empty file is refused.
            lines = [row(f"9{ord(one)}", f"Person {one}") for one in sorted(move[1] | {"z"})]
            import_ = bring(lines, on=day, at=at, is_older=True)
            if import_.state is ImportState.STAGED:
                register_imports.propose(import_, by=first, at=at)
                register_imports.agree(import_, by=second, at=at)
            if import_.applied_at == at:
                model.lists.append((day, move[1] | {"z"}))
                hashes.append(registers.view_hash(BODY))
        told.append((at, registers.view_hash(BODY), {day: model.listed(day) for day in days}))
    for at, view, listed in told:
        assert registers.view_hash(BODY, known_at=at) == view
        lines_then = registers.rows(BODY, known_at=at)
        for day, names in listed.items():
            found = [
                line.name[-1]
                for line in lines_then
                if line.listed_from <= day and (line.listed_until is None or day < line.listed_until)
            ]
            assert sorted(found) == sorted(names)


def test_nothing_that_was_known_is_deleted(session: Session) -> None:
    take_in(rows(40))
    second = take_in(rows(39), on=LISTED_ON + DAY, at=AT + DAY)
    before = session.scalar(select(func.count()).select_from(RegisterRow)) or 0
    register_imports.undo(second, by=None, at=AT + 2 * DAY)
    assert (session.scalar(select(func.count()).select_from(RegisterRow)) or 0) > before
