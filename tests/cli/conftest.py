"""A site that an operator keeps, and the commands of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from directory.db import db
from tests import sites
from tests.conftest import make_settings

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def site(own_database: str, tmp_path: Path) -> Iterator[Flask]:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    tmp_path.chmod(0o700)
    with sites.made(make_settings(folder, own_database), for_commands=True) as made:
        yield made


@pytest.fixture
def run(site: Flask) -> Run:
    """Runs a command of the site; how it ended and what it printed."""

    def invoke(group: object, *words: object) -> tuple[int, str]:
        done = site.test_cli_runner().invoke(group, [str(word) for word in words])  # type: ignore[arg-type]
        with site.app_context():
            db.engine.dispose()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return invoke
