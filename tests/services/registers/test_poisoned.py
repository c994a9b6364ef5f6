"""Files that are wrong are never applied by one person."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from directory.models import ImportState, Role
from directory.services import register_imports, registers
from directory.services.register_imports import Alarm, NeedsSecond, Refused
from tests.factories import AccountFactory
from tests.factories.lists import AT, BODY, LISTED_ON, bring, content, row, take_in
from tests.services.registers.poisoned import FILES, people

LATER = LISTED_ON + dt.timedelta(days=30)
NOW = AT + dt.timedelta(days=30)


def test_there_are_thirty_of_them() -> None:
    assert len(FILES) >= 30


def test_none_is_applied_without_a_second_person(session: Session) -> None:
    account = AccountFactory(role=Role.ADMINISTRATOR)
    take_in(people())
    session.commit()
    before = registers.view_hash(BODY)
    outcomes = {}
    for name, poisoned in FILES.items():
        try:
            import_ = bring(poisoned, on=LATER, at=NOW, by=account)
            register_imports.apply(import_, by=account, at=NOW)
        except (Refused, NeedsSecond) as error:
            outcomes[name] = type(error)
        session.rollback()
        assert outcomes.get(name) in {Refused, NeedsSecond}, name
        assert registers.view_hash(BODY) == before, name
    assert list(outcomes.values()).count(NeedsSecond) > 20


def test_the_same_people_without_poison_are_applied_by_one(session: Session) -> None:
    take_in(people())
    assert take_in([*people(), row()], on=LATER, at=NOW).state is ImportState.APPLIED


def test_even_a_first_list_is_not_applied_when_it_is_poisoned(session: Session) -> None:
    for name in ("formula as a name", "numbers and names swapped", "encodings mixed", "a number with two names"):
        with pytest.raises((NeedsSecond, Refused)):
            register_imports.apply(bring(FILES[name]), by=None, at=AT)


TOWNS = ("Brighton", "Leeds", "Bristol", "York", "Hove", "Bath")


@pytest.mark.parametrize(
    ("headings", "alarms"),
    [
        (("Number", "Name", "Town"), []),
        (("Number", "Town", "Name"), [Alarm.TOWNS_FOR_NAMES]),
        (("Number", "Remarks", "Name"), [Alarm.TOWNS_FOR_NAMES]),
    ],
)
def test_a_first_list_with_towns_for_names_needs_a_second_person(
    headings: tuple[str, ...], alarms: list[Alarm], session: Session
) -> None:
    # One of them is called as a place is, and one town is none that is known.
    lines = [[str(n), f"Person {chr(65 + n)}", town] for n, town in enumerate(TOWNS)]
    lines[0][1], lines[1][2] = "York", "Nowhere in particular"
    import_ = bring(content(lines, headings=headings))
    assert register_imports.difference(import_, by=None, at=AT).alarms == alarms
    if alarms:
        with pytest.raises(NeedsSecond):
            register_imports.apply(import_, by=None, at=AT)


def test_the_list_of_another_body_is_noticed(session: Session) -> None:
    take_in(people(), body_id="uk-cnhc")
    import_ = bring(people())
    with pytest.raises(NeedsSecond) as raised:
        register_imports.apply(import_, by=None, at=AT)
    assert Alarm.OTHER_BODY in raised.value.difference.alarms


def test_what_a_spreadsheet_would_run_is_never_kept(session: Session) -> None:
    poisoned = content([*people(), row("1", "Ann Marsh", town='=HYPERLINK("http://example.org")', grade="'=1")])
    import_ = bring(poisoned)
    first, second = AccountFactory(role=Role.VERIFIER), AccountFactory(role=Role.VERIFIER)
    register_imports.propose(import_, by=first, at=AT)
    register_imports.agree(import_, by=second, at=AT)
    line = registers.find(BODY, number_key="1")[0]
    assert (line.town, line.name) == (None, "Ann Marsh")
    assert import_.second_by_id == second.id
