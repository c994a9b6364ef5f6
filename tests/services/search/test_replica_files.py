"""The file from which a process starts: whole, of this version and of this database, or made anew without a word to
the visitor."""

import datetime as dt
import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update

from directory.app import create_app
from directory.db import db, set_mode, transaction
from directory.lib import clock
from directory.models import Change, ListingState, Practitioner
from directory.services import search
from directory.services.search import Criteria, engine, plain_sql
from directory.services.search.replica import files, keeping
from directory.services.search.replica.words import Unreadable
from tests import drills, factories, sites
from tests.conftest import Inhabited, inhabited_url, make_settings
from tests.services.search import asking


@pytest.fixture
def folder(inhabited: Inhabited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a site for which a few hundred listings are already so many that they need a file."""
    shutil.copy(inhabited("sqlite"), tmp_path / "directory.sqlite3")
    monkeypatch.setattr(keeping, "FEW_LISTINGS", 10)
    return tmp_path


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "search" / keeping.FILE


_END = ExitStack()


def new_process(folder: Path, url: str = "") -> Flask:
    """A site as a process would have it that has just started."""
    return _END.enter_context(sites.made(make_settings(folder, url)))


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    _END.close()


def asks(site: Flask) -> search.Answer:
    """A search for everybody, equal to plain SQL."""
    with site.app_context():
        set_mode("reading")
        found = engine.answer(Criteria(day=asking.today()))
        set_mode("writing")
        plain = engine.answer(Criteria(day=asking.today()))
        db.session.rollback()
    assert (found.total, found.hits, asking.counted(found)) == (plain.total, plain.hits, asking.counted(plain))
    return found


def is_from_memory(found: search.Answer) -> bool:
    return found.hits[0].edition is not None


def wait_for(happens: Callable[[], bool]) -> None:
    """Until a thread or a process beside has done its part."""
    patience = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < patience, "it did not happen"
        threading.Event().wait(0.01)


def prepare(site: Flask, folder: Path) -> int:
    with site.app_context():
        return search.prepare(folder / "search")


def hide_somebody(site: Flask) -> None:
    with site.app_context(), transaction():
        one = db.session.scalar(select(func.min(Practitioner.id)))
        db.session.execute(update(Practitioner).where(Practitioner.id == one).values(state=ListingState.HIDDEN))


def test_while_there_is_no_copy_plain_sql_answers_and_a_file_is_made(folder: Path, file: Path) -> None:
    site = new_process(folder)
    assert not is_from_memory(asks(site))
    wait_for(file.exists)
    wait_for(lambda: is_from_memory(asks(site)))
    assert oct(file.parent.stat().st_mode & 0o777) == "0o700"


def test_a_process_starts_from_the_file_and_takes_in_what_came_since(folder: Path, file: Path) -> None:
    assert prepare(new_process(folder), folder) == asks(new_process(folder)).total
    before = file.stat().st_mtime_ns
    hide_somebody(new_process(folder))
    found = asks(new_process(folder))
    assert is_from_memory(found)
    assert file.stat().st_mtime_ns == before


def test_few_listings_need_no_file(folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FEW_LISTINGS", 1_000)
    file.parent.mkdir()
    file.write_text("of better times")
    assert prepare(new_process(folder), folder) > 10
    assert is_from_memory(asks(new_process(folder)))
    assert not file.exists()


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: random.Random(1).randrange(100, file.stat().st_size)])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _another_version(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(files.FORMAT, b"tsubo replica 0\n", 1))


def _one_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _letter(file: Path) -> None:
    file.write_text("A letter that got into the wrong folder. " * 40)


@pytest.mark.parametrize("damage", [_cut, _empty, _another_version, _one_bit, _letter])
def test_a_damaged_file_is_made_anew_and_the_log_says_so(
    folder: Path, file: Path, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(new_process(folder), folder)
    whole = file.read_bytes()
    damage(file)
    site = new_process(folder)
    asks(site)
    wait_for(lambda: is_from_memory(asks(site)))
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {"replica-file-not-used", "replica-built"} <= {line["event"] for line in told}
    assert file.stat().st_size == len(whole)
    assert is_from_memory(asks(new_process(folder)))


@pytest.mark.parametrize("harm", [_cut, _empty])
def test_a_file_cut_while_it_is_in_use_gives_nobody_an_error(
    folder: Path, file: Path, harm: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(new_process(folder), folder)
    site = new_process(folder)
    assert is_from_memory(asks(site))
    harm(file)
    source = random.Random(6)
    with site.app_context():
        for _ in range(40):
            criteria = search.understand(asking.random_parameters(source), asking.today(), asking.SITE).criteria
            set_mode("reading")
            quick = engine.answer(criteria)
            plain = plain_sql.answer(criteria)
            assert (quick.hits, asking.counted(quick)) == (plain.hits, asking.counted(plain))
            db.session.rollback()
    assert "cut while it was in use" in capsys.readouterr().err
    wait_for(lambda: is_from_memory(asks(site)))


def test_a_file_cut_anywhere_is_unreadable(folder: Path, file: Path) -> None:
    prepare(new_process(folder), folder)
    whole = file.read_bytes()
    for end in (*range(0, 60, 3), *range(60, len(whole), len(whole) // 40), len(whole) - 1):
        file.write_bytes(whole[:end])
        with pytest.raises(Unreadable):
            files.load(file)


def test_a_file_of_another_database_is_not_used(folder: Path, file: Path, tmp_path: Path) -> None:
    prepare(new_process(folder), folder)
    with new_process(folder).app_context(), transaction():
        db.session.execute(update(Change).values(mark=1))
    site = new_process(folder)
    asks(site)
    wait_for(lambda: is_from_memory(asks(site)))


def test_the_file_is_renewed_when_many_listings_changed(
    folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(new_process(folder), folder)
    monkeypatch.setattr(keeping, "RENEWED_AFTER", 20)
    monkeypatch.setattr(keeping, "FEW_CHANGES", 15)
    before = file.read_bytes()
    one, other = new_process(folder), new_process(folder)
    source = random.Random(4)
    for _ in range(60):
        with one.app_context():
            asking.change(source, asking.today())
            asking.ask(source, asking.today())
    wait_for(lambda: file.read_bytes() != before)
    for site in (one, other, new_process(folder)):
        wait_for(lambda site=site: is_from_memory(asks(site)))
        with site.app_context():
            for _ in range(30):
                asking.ask(source, asking.today())


def test_whoever_was_erased_is_out_of_the_file_and_of_every_process_at_once(folder: Path, file: Path) -> None:
    site, other = new_process(folder), new_process(folder)
    with site.app_context(), transaction():
        factories.bind(db.session)
        gone = factories.make_practitioner(name="Quillon Vanterpool").id
    prepare(new_process(folder), folder)
    assert b"vanterpool" in file.read_bytes()
    assert all(is_from_memory(asks(one)) for one in (site, other))
    with site.app_context(), transaction():
        db.session.execute(delete(Practitioner).where(Practitioner.id == gone))
    asks(site)
    wait_for(lambda: b"vanterpool" not in file.read_bytes())
    for one in (site, other):
        wait_for(lambda one=one: is_from_memory(asks(one)))


def test_a_day_later_nothing_is_left_of_a_listing_that_went(
    folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LOOKS_EACH_SECONDS", 0)
    site = new_process(folder)
    with site.app_context(), transaction():
        factories.bind(db.session)
        gone = factories.make_practitioner(name="Quillon Vanterpool", other_names=("Zebedee Oxenbould",)).id
    prepare(new_process(folder), folder)
    assert b"vanterpool" in file.read_bytes()
    assert is_from_memory(asks(site))
    with site.app_context(), transaction():
        db.session.execute(update(Practitioner).where(Practitioner.id == gone).values(state=ListingState.HIDDEN))
    asks(site)
    later = new_process(folder)
    assert is_from_memory(asks(later))
    with time_machine.travel(clock.now() + dt.timedelta(hours=25)):
        asks(later)
        wait_for(lambda: b"vanterpool" not in file.read_bytes())
    content = file.read_bytes()
    assert b"quillon" not in content
    assert b"oxenbould" not in content
    assert is_from_memory(asks(new_process(folder)))


def test_where_no_file_can_be_written_the_copy_is_made_without(
    folder: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    file.with_suffix(".partial").symlink_to("/dev/full")
    site = new_process(folder)
    assert not is_from_memory(asks(site))
    wait_for(lambda: is_from_memory(asks(site)))
    assert "replica-file-not-written" in capsys.readouterr().err
    assert not file.exists()


def test_a_failure_beside_is_logged_and_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(keeping, "build", fail)
        site = new_process(folder)
        told: list[str] = []

        def is_told() -> bool:
            assert not is_from_memory(asks(site))
            told.append(capsys.readouterr().err)
            return "replica-not-renewed" in "".join(told)

        wait_for(is_told)
    wait_for(lambda: is_from_memory(asks(site)))


def save_for_ever(url: str, folder: Path) -> None:
    """Write the file again and again, until killed."""
    with create_app(make_settings(folder, url)).app_context():
        while True:
            with keeping.reading(db.engine) as connection:
                keeping.build(connection, folder / "search")


@pytest.mark.parametrize("times", [3, pytest.param(40, marks=pytest.mark.soak)])
def test_a_process_killed_while_it_saves_leaves_a_file_that_is_whole(folder: Path, file: Path, times: int) -> None:
    prepare(new_process(folder), folder)
    source = random.Random(5)
    begun = [drills.Drill(save_for_ever, "", folder) for _ in range(times)]
    for drill in begun:
        drill.begin()
        threading.Event().wait(source.uniform(0.2, 0.6))
        assert drill.kill()
        files.load(file)
        assert is_from_memory(asks(new_process(folder)))
    print(f"{times} processes were killed while they saved; each time the file was whole and the answer right")


def test_a_worker_killed_with_the_lock_in_its_hands_holds_up_nobody(folder: Path, file: Path) -> None:
    drill = drills.Drill(hold_the_lock, "", folder)
    drill.begin()
    wait_for((folder / "holding").exists)
    site = new_process(folder)
    assert not is_from_memory(asks(site))
    assert drill.kill()
    wait_for(lambda: is_from_memory(asks(site)))


def hold_the_lock(_url: str, folder: Path) -> None:
    with files.alone(folder / "search"):
        (folder / "holding").touch()
        threading.Event().wait()


def test_postgresql_starts_from_a_file_too(
    inhabited: Inhabited, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = inhabited_url("postgresql", inhabited, request, tmp_path)
    monkeypatch.setattr(keeping, "FEW_LISTINGS", 10)
    assert prepare(new_process(tmp_path, url), tmp_path) > 10
    assert is_from_memory(asks(new_process(tmp_path, url)))
