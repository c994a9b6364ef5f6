"""What every test may ask for: the application on each database, a visitor, and a clock."""

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import Context
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from directory import config
from directory.app import create_app, main
from directory.config import Environment, Settings
from directory.db import db, set_mode
from directory.models import Role
from tests import factories, mail, postgres, shared, sites
from tests.crowds import Sites
from tests.members import Member, sign_in_as
from tests.pages import Visitor

BACKENDS = ("sqlite", "postgresql")
# For what is the same on both: words, pages, forms, and what is said of mistakes.
sqlite_only = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
INHABITANTS = 300


# No test depends on how quick a machine is; and what a fixture made is made anew by each example that changes it.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Before the processes of the run begin: a folder that is theirs together."""
    if shared.begin():
        config.add_cleanup(_end)
    # Hundreds of sites are made from the same templates; a template that is changed is compiled anew.
    Flask.jinja_options = {
        **Flask.jinja_options,
        "bytecode_cache": FileSystemBytecodeCache(str(shared.folder("templates"))),
    }
    # They have the same addresses, too; to write out how each is built is half of making a site.
    Rule._compile_builder = _builder_of  # type: ignore[method-assign]


_compile_builder = Rule._compile_builder
_builders: dict[object, Any] = {}


def _builder_of(rule: Rule, append_unknown: bool = True) -> Any:
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    # What the parts of an address are made with is looked up at the rule itself.
    key = (rule.rule, *rule._trace, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def _end() -> None:
    postgres.stop()
    shared.end()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stories in a browser first: they are the longest, and at the end of a run nobody is to wait for one."""
    items.sort(key=lambda item: "chromium" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """What is there by now stays until the end, so it need not be looked through again and again for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def make_settings(folder: Path, url: str, **changes: object) -> Settings:
    """Settings of a site under test."""
    return Settings(environment=Environment.TEST, data_dir=folder, database_url=url, **changes)  # type: ignore[arg-type]


def command(*words: str, folder: Path, url: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command `tsubo` as an operator would, on a database of its own."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")}
    given |= _environment(folder, url) | environment
    program = Path(sys.executable).with_name("tsubo")
    return subprocess.run([program, *words], env=given, capture_output=True, text=True, check=False)


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {"DIRECTORY_ENVIRONMENT": "test", "DIRECTORY_DATA_DIR": str(folder), "DIRECTORY_DATABASE_URL": url}


def run_here(*words: str, folder: Path, url: str = "", **environment: str) -> Result:
    """The same inside this process, for a test of what a command says and does: the start of a process takes two
    seconds. As there, `stdout`, `stderr` and the status (`exit_code`) are those of the operator."""
    given: dict[str, str | None] = {name: None for name in os.environ if name.startswith("DIRECTORY_")}
    # The framework sets the last in the process that it takes for its own.
    given |= {**_environment(folder, url), **environment, "FLASK_RUN_FROM_CLI": "false"}
    made: list[Flask] = []

    def make() -> Flask:
        made.append(create_app(config.load(), for_commands=True))
        return made[-1]

    try:
        invoke = partial(CliRunner().invoke, main, words, prog_name="tsubo", env=given)
        # In a context of its own, as in a process: it must not share the session of the test.
        return Context().run(invoke, obj=ScriptInfo(create_app=make))
    finally:
        for site in made:
            sites.close(site)


def prepare(folder: Path, url: str = "") -> None:
    """Make the tables and load the facts that every site has."""
    for words in (("db", "upgrade"), ("seed", "reference")):
        done = run_here(*words, folder=folder, url=url)
        assert done.exit_code == 0, done.output


@pytest.fixture(scope="session")
def seeded_sqlite() -> Path:
    """A SQLite file with tables and facts; copy it, do not change it."""

    def make(folder: Path) -> str:
        prepare(folder)
        return str(folder / "directory.sqlite3")

    return Path(shared.once("seeded-sqlite", make))


@pytest.fixture(scope="session")
def postgres_server() -> postgres.Server:
    """A real PostgreSQL server for this run."""
    return postgres.start()


@pytest.fixture(scope="session")
def seeded_postgresql(postgres_server: postgres.Server) -> str:
    """The name of a PostgreSQL database with tables and facts; use it as a template."""

    def make(folder: Path) -> str:
        name = postgres_server.create("seeded")
        prepare(folder, postgres_server.url(name))
        return name

    return shared.once("seeded-postgresql", make)


# Towns that tests, too, can name; all others are ninety-five places of a hundred.
FEW_PLACES = (
    "DELETE FROM place WHERE population < CASE WHEN country IN ('GB', 'IE') THEN 5000 ELSE 500000 END",
    "DELETE FROM place_name WHERE place_id NOT IN (SELECT id FROM place)",
)


@pytest.fixture(scope="session")
def few_places_sqlite(seeded_sqlite: Path) -> Path:
    """The same with few places, for what copies, reads or writes out all that there is."""

    def make(folder: Path) -> str:
        path = folder / "directory.sqlite3"
        shutil.copy(seeded_sqlite, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for statement in (*FEW_PLACES, "VACUUM"):
                connection.execute(statement)
        return str(path)

    return Path(shared.once("few-places-sqlite", make))


@pytest.fixture(scope="session")
def few_places_postgresql(postgres_server: postgres.Server, seeded_postgresql: str) -> str:
    """The same as a template."""

    def make(_folder: Path) -> str:
        name = postgres_server.create("few_places", seeded_postgresql)
        postgres_server.execute(name, *FEW_PLACES, "VACUUM FULL place", "VACUUM FULL place_name")
        return name

    return shared.once("few-places-postgresql", make)


Inhabited = Callable[[str], str]


@pytest.fixture(scope="session")
def inhabited(request: pytest.FixtureRequest) -> Inhabited:
    """What a kind of database is copied from that has invented people, too: a file of SQLite, or the name of a
    template. Inventing them takes seconds, so all tests of a run have the same."""

    def copied(backend: str, folder: Path) -> str:
        if backend == "sqlite":
            shutil.copy(request.getfixturevalue("seeded_sqlite"), folder / "directory.sqlite3")
            url, made = "", str(folder / "directory.sqlite3")
        else:
            server: postgres.Server = request.getfixturevalue("postgres_server")
            made = server.create("inhabited", request.getfixturevalue("seeded_postgresql"))
            url = server.url(made)
        loaded = run_here("demo", "load", "--listings", str(INHABITANTS), folder=folder, url=url)
        assert loaded.exit_code == 0, loaded.output
        return made

    return lambda backend: shared.once(f"inhabited-{backend}", partial(copied, backend))


def inhabited_url(backend: str, inhabited: Inhabited, request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a copy of it that a test may write to and break."""
    if backend == "sqlite":
        shutil.copy(inhabited(backend), folder / "directory.sqlite3")
        return f"sqlite:///{folder / 'directory.sqlite3'}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.url(server.create("own", inhabited(backend)))


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
    with _patient_site(tmp_path_factory.mktemp("site"), database_url) as site:
        yield site


@contextmanager
def _patient_site(folder: Path, url: str) -> Iterator[Flask]:
    with sites.made(make_settings(folder, url)) as site:
        with site.app_context():
            if db.engine.dialect.name == "postgresql":
                event.listen(db.engine, "connect", _be_patient)
        yield site


def _be_patient(connection: Any, _record: object) -> None:
    """A test may think for longer within a transaction than a page would."""
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '5min'")
    connection.commit()


@pytest.fixture(scope="session")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site before it has a database: for words, addresses and settings."""
    return create_app(make_settings(tmp_path_factory.mktemp("bare"), ""))


@pytest.fixture
def own_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with tables, facts and few places that a test may write to and break, on each kind of database."""
    return _few_places(backend, request, tmp_path / "own.sqlite3")


def _few_places(backend: str, request: pytest.FixtureRequest, path: Path) -> str:
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("few_places_sqlite"), path)
        return f"sqlite:///{path}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.url(server.create("own", request.getfixturevalue("few_places_postgresql")))


@pytest.fixture(scope="session")
def app_with_few_places(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The site with few places: whatever reads a spreadsheet learns all of them by heart first."""
    folder = tmp_path_factory.mktemp("few-places")
    with _patient_site(folder, _few_places(backend, request, folder / "few.sqlite3")) as site:
        yield site


@pytest.fixture
def own_site(own_database: str, tmp_path: Path) -> Iterator[Flask]:
    """A site on such a database, where what is done is kept."""
    with sites.made(make_settings(tmp_path, own_database)) as site:
        yield site


@pytest.fixture
def two_sites(own_database: str, tmp_path: Path) -> Iterator[Sites]:
    """Two sites on one database and with one key, as two processes would be; their forms need no token."""
    with ExitStack() as end:
        one, other = (end.enter_context(sites.made(make_settings(tmp_path, own_database))) for _ in range(2))
        for site in (one, other):
            site.config["WTF_CSRF_ENABLED"] = False
        yield one, other


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database, as it was before, whatever the test does to it."""
    with isolated(app) as own:
        yield own


@contextmanager
def isolated(app: Flask) -> Iterator[Session]:
    """The same for a block, which may be longer than a test."""
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
def stranger(app: Flask, session: Session) -> Member:
    """Somebody without an account, who fills in forms, too."""
    return Member(app)


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
