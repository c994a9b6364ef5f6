"""The key that seals enquiries: a private file beside the database, that forgets."""

import datetime as dt
from pathlib import Path

import pytest

from directory.config import UnsafeSettings
from directory.services import sealing
from tests.conftest import make_settings
from tests.crowds import at_once

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
DAYS = dt.timedelta(days=1)


def test_the_key_is_made_at_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "")
    text = sealing.seal({"message": "canary"}, "x", settings, at=AT)
    path = tmp_path / "enquiry-key.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "canary" not in text
    assert sealing.unseal(text, "x", settings, at=AT) == {"message": "canary"}


def test_it_may_be_elsewhere_and_the_same_for_several_machines(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one.json"
    here, there = (make_settings(tmp_path / name, "", enquiry_key_file=path) for name in ("here", "there"))
    text = sealing.seal({"a": 1}, "x", here, at=AT)
    assert sealing.unseal(text, "x", there, at=AT) == {"a": 1}


def test_machines_with_copies_of_it_go_on_understanding_each_other(tmp_path: Path) -> None:
    here, there = (make_settings(tmp_path / name, "") for name in ("here", "there"))
    sealing.seal({}, "x", here, at=AT)
    sealing.path_of(there).parent.mkdir()
    sealing.path_of(there).write_text(sealing.path_of(here).read_text())
    assert sealing.forget(here, at=AT + 30 * DAYS)
    text = sealing.seal({"a": 1}, "x", here, at=AT + 30 * DAYS)
    assert sealing.unseal(text, "x", there, at=AT + 30 * DAYS) == {"a": 1}


def test_the_keys_of_days_gone_by_are_forgotten_and_the_others_kept(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "")
    first = sealing.seal({"a": 1}, "x", settings, at=AT)
    before = sealing.path_of(settings).read_text()
    later = AT + sealing.KEPT
    assert sealing.forget(settings, at=later)
    assert not sealing.forget(settings, at=later)
    assert sealing.unseal(first, "x", settings, at=later) == {"a": 1}
    assert sealing.forget(settings, at=later + DAYS)
    assert sealing.unseal(first, "x", settings, at=later + DAYS) is None
    assert sealing.path_of(settings).read_text() != before
    assert sealing.path_of(settings).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["enquiry-key.json"]


def test_a_damaged_key_is_named_in_one_line_that_does_not_quote_it(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "")
    sealing.path_of(settings).write_text("canary")
    with pytest.raises(UnsafeSettings, match="holds no key") as raised:
        sealing.seal({}, "x", settings, at=AT)
    assert "canary" not in str(raised.value)


def test_a_key_that_cannot_be_written_anew_stays_and_no_piece_of_another_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, "")
    sealing.seal({}, "x", settings, at=AT)
    before = sealing.path_of(settings).read_text()
    monkeypatch.setattr(sealing.os, "fsync", _refuse)
    with pytest.raises(UnsafeSettings, match="cannot be written anew: No space left on device"):
        sealing.forget(settings, at=AT + 30 * DAYS)
    assert sealing.path_of(settings).read_text() == before
    assert list(tmp_path.rglob("*")) == [sealing.path_of(settings)]


def _refuse(*_args: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_clock_that_was_ahead_for_a_day_loses_what_waited_and_nothing_that_comes_later(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "")
    assert not sealing.is_ahead(settings, at=AT)
    waiting = sealing.seal({"a": 1}, "x", settings, at=AT)
    assert not sealing.is_ahead(settings, at=AT)
    sealing.forget(settings, at=AT + 400 * DAYS)
    assert sealing.unseal(waiting, "x", settings, at=AT) is None
    later = sealing.seal({"a": 1}, "x", settings, at=AT)
    assert not sealing.forget(settings, at=AT + 9 * DAYS)
    assert sealing.unseal(later, "x", settings, at=AT + 9 * DAYS) == {"a": 1}
    # But nothing is forgotten for more than a year, so somebody must be told.
    assert sealing.is_ahead(settings, at=AT + 9 * DAYS)


def test_several_that_forget_at_once_leave_one_whole_key(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "")
    sealing.seal({}, "x", settings, at=AT)
    later = AT + 30 * DAYS
    at_once(lambda _turn: sealing.forget(settings, at=later), 10)
    text = sealing.seal({"a": 1}, "x", settings, at=later)
    assert sealing.unseal(text, "x", settings, at=later) == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["enquiry-key.json"]
