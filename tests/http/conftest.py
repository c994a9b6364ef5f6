"""Sites whose pages go wrong."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from directory.config import Environment, Settings
from tests.sites import opened

MakeSite = Callable[..., Flask]


@pytest.fixture
def make_site(own_database: str, tmp_path: Path) -> Iterator[MakeSite]:
    """Makes a site with the trials on a database of its own; settings may be given."""
    with ExitStack() as end:

        def make(**changes: object) -> Flask:
            values: dict[str, object] = {
                "environment": Environment.TEST,
                "data_dir": tmp_path,
                "database_url": own_database,
            }
            return end.enter_context(opened(Settings(**(values | changes))))  # type: ignore[arg-type]

        yield make


@pytest.fixture
def site(make_site: MakeSite) -> Flask:
    """The site with the trials. Forms need no token; the tests of that turn it on."""
    made = make_site()
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def one_site(seeded_sqlite: Path, tmp_path: Path) -> Iterator[Flask]:
    """The same where the kind of database does not matter. Nothing may write to it."""
    with opened(
        Settings(environment=Environment.TEST, data_dir=tmp_path, database_url=f"sqlite:///{seeded_sqlite}")
    ) as made:
        made.config["WTF_CSRF_ENABLED"] = False
        yield made
