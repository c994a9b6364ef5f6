"""tsubo seed: the facts, once; again they change nothing."""

import re
import shutil
from pathlib import Path

from tests.conftest import run_here, sqlite_only


def test_loading_the_facts_again_changes_nothing(own_database: str, tmp_path: Path) -> None:
    done = run_here("seed", "reference", folder=tmp_path, url=own_database)
    assert done.exit_code == 0, done.stderr
    told = re.findall(r"^(.+): (\d+) in all; (\d+) new, (\d+) changed, (\d+) gone$", done.stdout, re.MULTILINE)
    assert [kind for kind, *_ in told] == [
        "modalities",
        "concerns",
        "bodies",
        "regulation",
        "guidance",
        "places",
        "postcode areas",
    ]
    assert all(int(total) > 0 for _, total, *_ in told)
    assert {change for _, _, *changes in told for change in changes} == {"0"}


def test_loading_the_facts_from_nothing_says_how_many(tmp_path: Path) -> None:
    assert run_here("db", "upgrade", folder=tmp_path).exit_code == 0
    done = run_here("seed", "reference", folder=tmp_path)
    assert "bodies: 78 in all; 78 new, 0 changed, 0 gone" in done.stdout


@sqlite_only
def test_without_tables_the_facts_are_refused_in_one_line(own_database: str, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "empty", ignore_errors=True)
    done = run_here("seed", "reference", folder=tmp_path / "empty")
    assert done.exit_code == 2
    assert done.stderr.startswith("tsubo: the database refused (OperationalError)")
