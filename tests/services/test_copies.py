"""What is kept of the database until it changes, and is never kept a moment longer."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from directory.db import db, mode, set_mode, transaction
from directory.models import Base, Change, Modality
from directory.services import changes, copies, modalities, practitioners
from tests import factories, sites
from tests.conftest import make_settings
from tests.factories import make_practitioner


@pytest.fixture
def own_site(own_database: str, tmp_path: Path) -> Iterator[Flask]:
    """A site of the test's own, where what it does is kept."""
    with sites.made(make_settings(tmp_path, own_database), for_commands=True) as site:
        yield site


class Asked:
    """Counts how often it was read."""

    def __init__(self) -> None:
        self.times = 0
        self.names = copies.of_facts(self._read)
        self.anybody = copies.of_everything(self._read)

    def _read(self, key: str = "shiatsu", *, upper: bool = False) -> str:
        self.times += 1
        name = db.session.scalars(select(Modality.name).where(Modality.id == key)).one()
        return name.upper() if upper else name


def change_listing(session: Session) -> None:
    make_practitioner()


def change_fact(session: Session) -> None:
    session.get_one(Modality, "reiki").tier = "another"
    session.flush()


def change_several(session: Session) -> None:
    change_fact(session)
    change_listing(session)


def test_facts_are_read_once_until_one_changes(session: Session) -> None:
    asked = Asked()
    with mode("reading"):
        assert {asked.names() for _ in range(3)} == {"Shiatsu"}
    assert asked.times == 1
    change_listing(session)
    session.commit()
    with mode("reading"):
        asked.names()
    assert asked.times == 1, "a listing is no fact"
    change_fact(session)
    session.commit()
    with mode("reading"):
        asked.names()
        asked.names()
    assert asked.times == 2


@pytest.mark.parametrize("change", [change_listing, change_fact, change_several])
def test_everything_is_read_once_until_anything_changes(session: Session, change: object) -> None:
    asked = Asked()
    with mode("reading"):
        asked.anybody()
        asked.anybody()
    assert asked.times == 1
    change(session)  # type: ignore[operator]
    session.commit()
    with mode("reading"):
        asked.anybody()
        asked.anybody()
    assert asked.times == 2


def test_each_set_of_arguments_is_kept_by_itself(session: Session) -> None:
    asked = Asked()
    with mode("reading"):
        found = [asked.names(), asked.names("reiki"), asked.names(upper=True), asked.names("reiki"), asked.names()]
    assert found == ["Shiatsu", "Reiki", "SHIATSU", "Reiki", "Shiatsu"]
    assert asked.times == 3


def test_so_much_is_kept_and_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MOST", 2)
    asked = Asked()
    with mode("reading"):
        for key in ("shiatsu", "reiki", "anma", "tui-na", "shiatsu"):
            asked.names(key)
    assert asked.times == 5


def test_while_a_transaction_writes_it_reads_each_time(session: Session) -> None:
    asked = Asked()
    asked.names()
    session.get_one(Modality, "shiatsu").name = "Another"
    session.flush()
    assert asked.names() == "Another"
    session.rollback()
    with mode("reading"):
        assert asked.names() == "Shiatsu"


def test_what_was_undone_is_not_shown(session: Session) -> None:
    asked = Asked()
    with mode("reading"):
        asked.names()
    session.commit()
    inside = session.begin_nested()
    session.get_one(Modality, "shiatsu").name = "Another"
    session.flush()
    with mode("reading"):
        assert asked.names() == "Another"
    session.info.clear()
    inside.rollback()
    with mode("reading"):
        assert asked.names() == "Shiatsu"


def test_a_log_that_goes_on_from_another_copy_is_noticed(session: Session) -> None:
    with mode("reading"):
        before = copies.facts_version()
    newest = session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert newest is not None
    newest.mark += 1
    session.commit()
    with mode("reading"):
        after = copies.facts_version()
    assert after != before
    assert after.number == before.number


def test_one_look_is_enough_for_a_transaction(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    latest = changes.latest
    monkeypatch.setattr(changes, "latest", lambda *given: looks.append(1) or latest(*given))
    with mode("reading"):
        for _ in range(3):
            modalities.list_all()
            practitioners.has_demo()
            copies.version()
    assert len(looks) == 1
    copies.version()
    copies.version()
    assert len(looks) == 3, "while something is written, each look may see more"


def test_what_is_kept_outlives_its_session(app: Flask, session: Session) -> None:
    with mode("reading"):
        method = modalities.get("shiatsu")
        assert method not in session
    session.rollback()
    assert method.terms[0] == "Shiatsu"
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(method.name))
    thread.start()
    thread.join()
    assert found == ["Shiatsu"]


@pytest.mark.parametrize("table", ["modality", "concern", "body", "guidance", "regulation"])
def test_the_database_logs_every_change_of_a_fact(session: Session, table: str) -> None:
    before = changes.latest()
    session.execute(Base.metadata.tables[table].update().values(digest="other"))
    after = changes.latest()
    assert after != before
    assert changes.since(before, session.connection()).facts


def test_a_glance_sees_what_was_kept_and_nothing_else(own_site: Flask) -> None:
    with own_site.app_context():
        factories.bind(db.session)
        before = changes.glance(db.engine)
        with transaction():
            make_practitioner()
            assert changes.glance(db.engine) == before
        after = changes.glance(db.engine)
        assert after != before
        assert after == changes.latest()
        db.session.rollback()
        set_mode("writing")
        with transaction():
            db.session.execute(insert(Change).values(practitioner_id=None, mark=1))
        assert changes.glance(db.engine) != after
        db.session.connection().exec_driver_sql("ALTER TABLE change RENAME TO gone")
        db.session.commit()
        assert changes.glance(db.engine) is None
