"""Every test of a search is asked twice: of plain SQL, and of the copy in the process."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from directory.db import set_mode


@pytest.fixture(params=["plain SQL", "replica"])
def session(session: Session, request: pytest.FixtureRequest) -> Iterator[Session]:
    """The database. A transaction that may write is answered in plain SQL, one that only reads from the copy."""
    set_mode("writing" if request.param == "plain SQL" else "reading")
    yield session
    set_mode("writing")
