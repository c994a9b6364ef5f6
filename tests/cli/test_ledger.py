"""tsubo ledger: files of the ledger, and whether they are whole."""

import json
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from directory.cli.ledger import ledger as group
from directory.config import Settings
from directory.db import db, transaction
from directory.lib import clock
from directory.services import backups, ledger
from tests.cli.conftest import Run
from tests.conftest import make_settings, sqlite_only


@pytest.fixture
def run(run: Run) -> Run:
    """Runs `tsubo ledger`; how it ended and what it printed."""
    return partial(run, group)


def append(site: Flask, how_many: int, *, sign: bool = True) -> None:
    settings: Settings = site.extensions["settings"]
    with site.app_context(), transaction():
        for number in range(how_many):
            ledger.append("claim-stated", at=clock.now(), by=None, subject="practitioner:abc", check=number)
        if sign:
            ledger.heads.sign(settings, at=clock.now())


def test_what_was_exported_is_verified_offline_with_an_older_head(site: Flask, run: Run, tmp_path: Path) -> None:
    head, export = tmp_path / "head", tmp_path / "ledger.ndjson"
    assert run("head", head)[0] == 2
    append(site, 3)
    status, said = run("head", head)
    assert (status, "the head of 4 entries" in said) == (0, True)
    append(site, 2)
    assert run("export", export)[1] == f"{export}: 6 entries.\n"
    status, said = run("verify", "--export", export, "--head", head)
    assert status == 0, said
    assert said.startswith("The ledger is whole: its first 4 of 6 entries are those of the head of ")
    assert run("verify")[1] == "The ledger is whole: 6 entries. Signed heads that were compared: 2.\n"
    assert run("verify", "--head", head)[0] == 0
    assert run("export", export) == (2, f"tsubo: {export} is there already; nothing is written over\n")

    lines = export.read_text().splitlines(keepends=True)
    changed = tmp_path / "changed.ndjson"
    for made in (
        [*lines[:2], lines[2].replace("claim-stated", "claim-forged"), *lines[3:]],
        lines[:3],
        [lines[0], *lines[2:]],
        [lines[0], lines[2], lines[1], *lines[3:]],
        [lines[0]],
    ):
        changed.write_text("".join(made))
        status, said = run("verify", "--export", changed, "--head", head)
        assert (status, said.count("\n")) == (1, 1), said


@sqlite_only
def test_an_older_copy_of_the_database_is_told_by_a_later_head(site: Flask, run: Run, tmp_path: Path) -> None:
    settings: Settings = site.extensions["settings"]
    append(site, 2)
    backup, head = tmp_path / "backup.tsubo", tmp_path / "head"
    with site.app_context():
        backups.make(settings, backup, at=clock.now())
    append(site, 3)
    run("head", head)
    assert run("verify", "--head", head)[0] == 0
    with site.app_context():
        db.engine.dispose()
        backups.restore(settings, backup, at=clock.now())
        db.engine.dispose()
    # What there is fits, and says that it was put back; but it is not what the head covers.
    assert run("verify")[1] == "The ledger is whole: 4 entries. Signed heads that were compared: 1.\n"
    with site.app_context():
        assert [one.kind for one in ledger.list_latest(1)] == ["database-restored"]
        db.session.rollback()
        db.engine.dispose()
    status, said = run("verify", "--head", head)
    assert status == 1
    assert "or an older copy was put in place" in said


def test_files_that_cannot_be_read_are_said_in_one_line(site: Flask, run: Run, tmp_path: Path) -> None:
    append(site, 1)
    head, export, other = tmp_path / "head", tmp_path / "export", tmp_path / "other"
    run("head", head)
    run("export", export)
    other.write_text("nothing of the kind")
    binary = tmp_path / "binary"
    binary.write_bytes(export.read_bytes() + b"\xff")
    for words, status in (
        (("--export", export), 2),
        (("--export", tmp_path / "absent", "--head", head), 2),
        (("--export", other, "--head", head), 2),
        (("--export", export, "--head", other), 2),
        (("--export", export, "--head", tmp_path / "absent"), 2),
        (("--export", export, "--head", head, "--key", other), 2),
        (("--export", binary, "--head", head), 1),
        (("--head", other), 2),
    ):
        found, said = run("verify", *words)
        assert (found, said.count("\n")) == (status, 1), said
        assert "Traceback" not in said


def test_a_head_is_believed_only_with_the_key_that_signed_it(site: Flask, run: Run, tmp_path: Path) -> None:
    append(site, 1)
    head, export, key = (tmp_path / name for name in ("head", "export", "key.json"))
    run("head", head)
    run("export", export)
    with site.app_context():
        public = [json.loads(one) for one in ledger.keys.list_public()]
        stranger = ledger.keys.signing_key(make_settings(tmp_path / "stranger", ""))
        db.session.rollback()
        db.engine.dispose()
    key.write_text(json.dumps({"keys": public}))
    assert run("verify", "--export", export, "--head", head, "--key", key)[0] == 0
    key.write_text(json.dumps(public[0]))
    assert run("verify", "--export", export, "--head", head, "--key", key)[0] == 0
    key.write_text(ledger.keys.public_text(stranger))
    assert run("verify", "--export", export, "--head", head, "--key", key)[0] == 2
    # Somebody signs another head under the name of the key.
    token = head.read_text()
    head.write_text(token[:-8] + "AAAAAAA\n")
    assert run("verify", "--export", export, "--head", head)[0] == 2
