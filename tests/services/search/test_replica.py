"""The copy in a process answers as plain SQL does, whatever changed and wherever."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from directory.db import db, set_mode, transaction
from directory.models import Change, ListingState, Modality, Practitioner, Status
from directory.services import changes, indexing, search
from directory.services.search import Criteria, Facet, engine, plain_sql
from directory.services.search.replica import keeping
from tests import drills, factories
from tests.conftest import Inhabited, inhabited_url, make_settings
from tests.services.search import asking
from tests.sites import made

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def url(backend: str, inhabited: Inhabited, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with invented people, of one's own, on each kind of database."""
    return inhabited_url(backend, inhabited, request, tmp_path)


@pytest.fixture
def sites(url: str, tmp_path: Path) -> Iterator[list[Flask]]:
    """Two processes of one site, as far as their copies go: each has its own."""
    with ExitStack() as end:
        yield [end.enter_context(made(make_settings(tmp_path / str(number), url))) for number in range(2)]
        set_mode("writing")


def found(site: Flask, criteria: Criteria) -> search.Answer:
    """What a page would show: asked in a transaction that only reads."""
    with site.app_context():
        set_mode("reading")
        return engine.answer(criteria)


def test_after_each_change_every_process_answers_as_plain_sql_does(sites: list[Flask]) -> None:
    source, day = random.Random(3), asking.today()
    somebody = 0
    for number in range(40):
        with sites[number % 2].app_context():
            asking.change(source, day)
        with sites[source.randrange(2)].app_context():
            somebody += asking.engine_found(source, day)
    assert somebody > 13


@pytest.mark.soak
@pytest.mark.parametrize("seed", [11])
def test_processes_that_change_and_ask_at_once_agree_with_plain_sql(url: str, tmp_path: Path, seed: int) -> None:
    processes, times = 4, 500
    work = [
        drills.Drill(partial(asking.change_and_ask, seed=seed + number, times=times), url, tmp_path / "shared")
        for number in range(processes)
    ]
    for one in work:
        one.begin()
    somebody = [one.end() for one in work]
    print(f"{url.split(':')[0]}: {processes} processes, {processes * times} changes, as many questions, no difference;")
    print(f"{sum(somebody)} of the questions found somebody")
    assert sum(somebody) > processes * times / 4


def test_a_listing_that_is_hidden_is_in_no_answer_from_then_on(sites: list[Flask]) -> None:
    everybody = Criteria(day=DAY, sort=search.Sort.NAME)
    before = [found(site, everybody) for site in sites]
    gone = before[0].hits[0].practitioner_id
    with sites[0].app_context(), transaction():
        db.session.execute(update(Practitioner).where(Practitioner.id == gone).values(state=ListingState.HIDDEN))
    for site in sites:
        after = found(site, everybody)
        assert after.total == before[0].total - 1
        assert gone not in [hit.practitioner_id for hit in after.hits]


def test_a_change_gives_a_listing_another_edition_and_no_other(sites: list[Flask]) -> None:
    first = found(sites[0], Criteria(day=DAY)).hits
    with sites[0].app_context(), transaction():
        indexing.refresh([first[0].practitioner_id])
    second = found(sites[0], Criteria(day=DAY)).hits
    assert first == second
    assert [one.edition == other.edition for one, other in zip(first, second, strict=True)] == [False] + [True] * 19


def test_a_status_lapses_at_midnight_without_any_change(sites: list[Flask]) -> None:
    with sites[0].app_context(), transaction():
        factories.bind(db.session)
        person = factories.make_practitioner(name="Midnight Lapser")
        factories.ClaimFactory(practitioner_id=person.id)
        factories.CheckFactory(practitioner_id=person.id, valid_to=DAY, due_on=DAY)
        indexing.refresh([person.id])
    for day, status in ((DAY, Status.CHECKED), (DAY + dt.timedelta(days=1), Status.CHECK_DUE)):
        asked = Criteria(day=day, words="midnight lapser", sort=search.Sort.RELEVANCE)
        assert [name for name, number in found(sites[0], asked).counts[Facet.STATUS].items() if number] == [status]


def test_what_a_transaction_writes_it_also_finds(sites: list[Flask]) -> None:
    with sites[0].app_context():
        before = found(sites[0], Criteria(day=DAY)).total
        set_mode("writing")
        factories.bind(db.session)
        factories.make_practitioner()
        assert engine.count(Criteria(day=DAY)) == before + 1
        db.session.rollback()
    assert found(sites[0], Criteria(day=DAY)).total == before


def test_a_transaction_that_is_older_than_the_copy_sees_what_it_saw(sites: list[Flask]) -> None:
    site = sites[0]
    before = found(site, Criteria(day=DAY)).total
    with site.app_context():
        set_mode("reading")
        changes.latest()  # what this transaction sees is fixed from here on
        with sites[1].app_context(), transaction():
            factories.bind(db.session)
            factories.make_practitioner()
        set_mode("reading")
        with site.app_context():
            assert engine.count(Criteria(day=DAY)) == before + 1
        assert engine.count(Criteria(day=DAY)) == before


def test_a_database_that_was_put_back_is_read_anew(sites: list[Flask], capsys: pytest.CaptureFixture[str]) -> None:
    site = sites[0]
    with site.app_context():
        kept = changes.latest()
    with site.app_context(), transaction():
        factories.bind(db.session)
        late = factories.make_practitioner().id
    before = found(site, Criteria(day=DAY)).total
    with site.app_context(), transaction():
        # As it was before, without a trace.
        db.session.execute(delete(Practitioner).where(Practitioner.id == late))
        db.session.flush()
    found(site, Criteria(day=DAY))
    with site.app_context(), transaction():
        db.session.execute(delete(Change).where(Change.id > kept.number))
    assert [found(site, Criteria(day=DAY)).total for _ in range(2)] == [before - 1] * 2
    assert "the database has gone back" in capsys.readouterr().err


def test_another_history_with_the_same_numbers_is_noticed(
    sites: list[Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    before = found(sites[0], Criteria(day=DAY)).total
    with sites[0].app_context(), transaction():
        newest = changes.latest()
        somebody = db.session.scalar(select(func.min(Practitioner.id)))
        db.session.execute(update(Practitioner).where(Practitioner.id == somebody).values(state=ListingState.HIDDEN))
        db.session.flush()
    with sites[0].app_context(), transaction():
        db.session.execute(delete(Change).where(Change.id > newest.number))
        db.session.execute(update(Change).where(Change.id == newest.number).values(mark=newest.mark + 1))
    assert found(sites[0], Criteria(day=DAY)).total == before - 1
    assert "does not go back so far" in capsys.readouterr().err


def test_when_the_log_was_shortened_too_far_the_copy_is_made_anew(
    sites: list[Flask], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = found(sites[0], Criteria(day=DAY)).total
    monkeypatch.setattr(changes, "KEPT", 1)
    with sites[1].app_context(), transaction():
        factories.bind(db.session)
        factories.make_practitioner()
        factories.make_practitioner()
    with sites[1].app_context(), transaction():
        changes.forget_old()
    assert found(sites[0], Criteria(day=DAY)).total == before + 2
    assert "does not go back so far" in capsys.readouterr().err


def test_after_very_many_changes_the_copy_is_made_anew(sites: list[Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    found(sites[0], Criteria(day=DAY))
    monkeypatch.setattr(keeping, "FEW_CHANGES", 3)
    with sites[1].app_context(), transaction():
        indexing.refresh_all()
    with sites[0].app_context():
        set_mode("reading")
        asked = Criteria(day=DAY, words="shiatsu", sort=search.Sort.RELEVANCE)
        quick, plain = engine.answer(asked), plain_sql.answer(asked)
        assert (quick.hits, asking.counted(quick)) == (plain.hits, asking.counted(plain))
        assert quick.hits[0].edition is not None


def test_a_change_of_facts_alone_is_taken_in(sites: list[Flask]) -> None:
    before = found(sites[0], Criteria(day=DAY))
    with sites[1].app_context(), transaction():
        db.session.execute(update(Modality).where(Modality.id == "shiatsu").values(description="Another."))
    with sites[0].app_context():
        newest = changes.latest()
    after = found(sites[0], Criteria(day=DAY))
    assert after == before
    with sites[0].app_context():
        assert changes.latest() == newest


def test_old_changes_are_forgotten_and_new_ones_kept(sites: list[Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "KEPT", 5)
    with sites[0].app_context(), transaction():
        for number in range(8):
            db.session.execute(update(Modality).where(Modality.id == "shiatsu").values(description=str(number)))
    with sites[0].app_context(), transaction():
        newest = changes.latest()
        changes.forget_old()
        assert db.session.scalar(select(func.count()).select_from(Change)) == 5
        assert changes.latest() == newest


def test_every_way_to_change_a_listing_is_logged(sites: list[Flask]) -> None:
    with sites[0].app_context():
        somebody = db.session.scalar(select(func.min(Practitioner.id)))
        db.session.rollback()
        assert somebody is not None
        for statement in (
            update(Practitioner).where(Practitioner.id == somebody).values(text="Another text."),
            delete(Practitioner).where(Practitioner.id == somebody),
        ):
            before = changes.latest()
            with transaction():
                db.session.execute(statement)
            assert changes.since(before).practitioner_ids == {somebody}
            db.session.rollback()
        with transaction():
            before = changes.latest()
            db.session.execute(insert(Change).values(practitioner_id=None, mark=1))
        assert changes.since(before).facts


def test_the_order_of_the_day_is_another_tomorrow(sites: list[Flask]) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        today, tomorrow = (found(sites[0], Criteria(day=DAY + dt.timedelta(days=days))) for days in (0, 1))
    assert today.total == tomorrow.total
    assert today.hits != tomorrow.hits
