"""What every test may ask for: the application on each database, a visitor, and a clock."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Environment, Settings
from directory.db import db, set_mode
from directory.models import Role
from tests import factories, mail, postgres
from tests.members import Member, sign_in_as
from tests.pages import Visitor

BACKENDS = ("sqlite", "postgresql")


def make_settings(folder: Path, url: str, **changes: object) -> Settings:
    """Settings of a site under test."""
    return Settings(environment=Environment.TEST, data_dir=folder, database_url=url, **changes)  # type: ignore[arg-type]


def command(*words: str, folder: Path, url: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command `tsubo` as an operator would, on a database of its own."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")}
    given |= {"DIRECTORY_ENVIRONMENT": "test", "DIRECTORY_DATA_DIR": str(folder), "DIRECTORY_DATABASE_URL": url}
    program = Path(sys.executable).with_name("tsubo")
    return subprocess.run([program, *words], env=given | environment, capture_output=True, text=True, check=False)


def prepare(folder: Path, url: str = "") -> None:
    """Make the tables and load the facts that every site has."""
    for words in (("db", "upgrade"), ("seed", "reference")):
        done = command(*words, folder=folder, url=url)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def seeded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with tables and facts; copy it, do not change it."""
    folder = tmp_path_factory.mktemp("seeded")
    prepare(folder)
    return folder / "directory.sqlite3"


@pytest.fixture(scope="session")
def postgres_server() -> postgres.Server:
    """A real PostgreSQL server for this run."""
    return postgres.start()


@pytest.fixture(scope="session")
def seeded_postgresql(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with tables and facts; use it as a template."""
    name = postgres_server.create("seeded")
    prepare(tmp_path_factory.mktemp("seeding"), postgres_server.url(name))
    return name


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture(scope="session")
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of one's own with tables and facts, on each kind of database."""
    if backend == "sqlite":
        path = tmp_path_factory.mktemp("database") / "directory.sqlite3"
        shutil.copy(request.getfixturevalue("seeded_sqlite"), path)
        return f"sqlite:///{path}"
    template = request.getfixturevalue("seeded_postgresql")
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.url(server.create("tests", template))


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site, on each kind of database."""
    site = create_app(make_settings(tmp_path_factory.mktemp("site"), database_url))
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site before it has a database: for words, addresses and settings."""
    return create_app(make_settings(tmp_path_factory.mktemp("bare"), ""))


@pytest.fixture
def own_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with tables and facts that a test may write to and break, on each kind of database."""
    if backend == "sqlite":
        path = tmp_path / "own.sqlite3"
        shutil.copy(request.getfixturevalue("seeded_sqlite"), path)
        return f"sqlite:///{path}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.url(server.create("own", request.getfixturevalue("seeded_postgresql")))


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database, as it was before, whatever the test does to it."""
    with app.app_context(), _isolation():
        factories.bind(db.session)
        yield db.session
        db.session.rollback()


@contextmanager
def _isolation() -> Iterator[None]:
    """Let every session work inside one transaction that is undone at the end.

    The extension's own way binds sessions to the engine, and then the first rollback of a request undoes everything.
    """
    set_mode("writing")
    with db.engine.connect() as connection:
        outer = connection.begin()
        if connection.dialect.name == "postgresql":
            # The transaction is never kept, and what waits for its end would never come.
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        before = dict(db.sessionmaker.kw)
        db.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            db.sessionmaker.kw.clear()
            db.sessionmaker.kw.update(before)
            outer.rollback()


@pytest.fixture
def visitor(app: Flask, session: Session) -> Visitor:
    """Somebody who opens pages; each page is checked for what every page owes."""
    return Visitor(app)


@pytest.fixture
def post_office() -> Iterator[mail.PostOffice]:
    """A real mail server that keeps what it is given; `mail.deliver(app, post_office.way)` sends there."""
    with mail.open_post_office() as office:
        yield office


@pytest.fixture
def member(app: Flask, session: Session) -> Member:
    """A practitioner who confirmed their address, signed in."""
    return sign_in_as(app, factories.AccountFactory())


@pytest.fixture
def administrator(app: Flask, session: Session) -> Member:
    """An administrator who has shown a second factor."""
    return sign_in_as(app, factories.AccountFactory(role=Role.ADMINISTRATOR))


@pytest.fixture
def verifier(app: Flask, session: Session) -> Member:
    """A verifier who has shown a second factor."""
    return sign_in_as(app, factories.AccountFactory(role=Role.VERIFIER))


@pytest.fixture(scope="session", autouse=True)
def _leave_no_open_server() -> Iterator[None]:
    yield
    postgres.stop_all()
