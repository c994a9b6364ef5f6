"""Column types that all tables share."""

import datetime as dt

import pytest
from sqlalchemy.dialects import sqlite

from directory.models.base import Moment


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(dt.datetime(2026, 11, 9, 9, 0), sqlite.dialect())  # noqa: DTZ001  the mistake itself
