"""Every test of a search is asked twice: of plain SQL, and of the copy in the process."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session

from directory.db import set_mode

ENGINES = ("plain SQL", "replica")


@pytest.fixture(params=ENGINES)
def session(session: Session, request: pytest.FixtureRequest) -> Iterator[Session]:
    """The database, asked in each way."""
    with asked_of(request.param):
        yield session


@contextmanager
def asked_of(engine: str) -> Iterator[None]:
    """A transaction that may write is answered in plain SQL, one that only reads from the copy."""
    set_mode("writing" if engine == "plain SQL" else "reading")
    yield
    set_mode("writing")
