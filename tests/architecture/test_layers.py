"""Who may know whom: the import contracts, and that low parts do not start the application."""

import subprocess
import sys

import pytest
from importlinter.cli import lint_imports

from directory.config import ROOT

HIGH = ("directory.app", "directory.web", "directory.cli", "directory.http")


def test_the_import_contracts_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, is_debug_mode=False)
    assert status == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("part", "not_loaded"),
    [
        ("directory.lib.folding", (*HIGH, "directory.models", "directory.db", "flask", "sqlalchemy")),
        ("directory.lib.geography", (*HIGH, "flask", "sqlalchemy")),
        ("directory.config", (*HIGH, "directory.models", "flask")),
        ("directory.models", (*HIGH, "directory.db", "flask")),
        ("directory.services.indexing", HIGH),
        ("directory.http.access", ("directory.app", "directory.web", "directory.cli")),
    ],
)
def test_a_low_part_does_not_load_a_higher_one(part: str, not_loaded: tuple[str, ...]) -> None:
    program = f"import sys, {part}; print([name for name in {not_loaded!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
