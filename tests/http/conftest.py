"""Sites whose pages go wrong."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from directory.app import create_app
from directory.config import Environment, Settings
from tests.sites import opened

MakeSite = Callable[..., Flask]
PRODUCTION = {"environment": "production", "secret_key": "s" * 40, "trusted_hosts": "example.org"}


@pytest.fixture(scope="session")
def compressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Static files as a site lays them for itself, which takes seconds; copy them, do not change them."""
    folder = tmp_path_factory.mktemp("compressed")
    create_app(Settings(data_dir=folder, **PRODUCTION))  # type: ignore[arg-type]
    return folder / "static"


@pytest.fixture
def make_site(own_database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeSite]:
    """Makes a site with the trials on a database of its own; settings may be given."""
    with ExitStack() as end:

        def make(**changes: object) -> Flask:
            values: dict[str, object] = {
                "environment": Environment.TEST,
                "data_dir": tmp_path,
                "database_url": own_database,
            }
            settings = Settings(**(values | changes))  # type: ignore[arg-type]
            static = settings.data_dir / "static"
            if settings.environment is not Environment.TEST and not static.exists():
                shutil.copytree(request.getfixturevalue("compressed"), static)
            return end.enter_context(opened(settings))

        yield make


@pytest.fixture
def site(make_site: MakeSite) -> Flask:
    """The site with the trials. Forms need no token; the tests of that turn it on."""
    made = make_site()
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@contextmanager
def _reading(database: Path, folder: Path) -> Iterator[Flask]:
    with opened(Settings(environment=Environment.TEST, data_dir=folder, database_url=f"sqlite:///{database}")) as made:
        made.config["WTF_CSRF_ENABLED"] = False
        yield made


@pytest.fixture(scope="session")
def one_site(seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One site for all tests where the kind of database does not matter. Nothing may write to it or change it."""
    with _reading(seeded_sqlite, tmp_path_factory.mktemp("one-site")) as made:
        yield made


@pytest.fixture
def fresh_site(seeded_sqlite: Path, tmp_path: Path) -> Iterator[Flask]:
    """The same, for a test that looks at what a site keeps in its memory from its start."""
    with _reading(seeded_sqlite, tmp_path) as made:
        yield made
