"""The commands themselves, in this process: what they print and how they end."""

import os
from pathlib import Path

import pytest
from flask import Flask

from directory.app import main
from directory.cli.database import db as db_group
from directory.cli.doctor import doctor
from directory.cli.seed import seed
from directory.cli.serve import serve
from directory.db import db
from directory.http.metrics import FOLDER_VARIABLE
from directory.models import Modality
from tests import factories
from tests.cli.conftest import Run


def test_tables_and_facts_are_there_already(run: Run) -> None:
    assert run(db_group, "upgrade") == (0, "The tables are up to date (0014).\n")
    status, said = run(seed, "reference")
    assert status == 0
    assert "59 in all; 0 new, 0 changed, 0 gone" in said
    assert "found anew" not in said


def test_listings_are_made_ready_anew_when_a_fact_has_changed(run: Run, site: Flask) -> None:
    with site.app_context():
        factories.bind(db.session)
        factories.make_practitioner()
        db.session.get_one(Modality, "shiatsu").digest = "of another day"
        db.session.commit()
    _, said = run(seed, "reference")
    assert "modalities: 59 in all; 0 new, 1 changed, 0 gone" in said
    assert "1 listings were made ready to be found anew." in said


def test_a_whole_installation_is_well(run: Run) -> None:
    status, said = run(doctor)
    assert status == 0, said
    assert said.endswith("The installation is well.\n")


def test_what_is_wrong_is_counted(run: Run, site: Flask) -> None:
    site.extensions["settings"].data_dir.chmod(0o755)
    status, said = run(doctor)
    assert status == 1
    assert said.splitlines()[-1].startswith("1 of ")


def test_the_server_takes_over_with_its_counts_cleared(run: Run, site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = site.extensions["settings"].data_dir / "counts"
    counts.mkdir()
    (counts / "old.db").touch()
    taken: list[list[str]] = []
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    monkeypatch.setattr(os, "execv", lambda _program, words: taken.append(words))
    status, said = run(serve)
    assert status == 0
    assert said == "Tsubo is at http://127.0.0.1:8000/ (Ctrl+C ends it)\n"
    assert os.environ[FOLDER_VARIABLE] == str(counts)
    assert list(counts.iterdir()) == []
    [words] = taken
    assert words[1:3] == ["-m", "gunicorn"]
    assert words[words.index("--bind") + 1] == "127.0.0.1:8000"


def test_a_database_that_refuses_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "directory.sqlite3").write_text("no database" * 1000)
    monkeypatch.setenv("DIRECTORY_ENVIRONMENT", "test")
    monkeypatch.setenv("DIRECTORY_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DIRECTORY_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit) as end:
        main.main(args=["db", "upgrade"], prog_name="tsubo")
    assert end.value.code == 2
    assert capsys.readouterr().err == "tsubo: the database refused (DatabaseError); tsubo doctor says more\n"
