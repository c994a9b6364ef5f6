"""tsubo accounts: the first administrator, and what an operator does when somebody is locked out."""

import re
from pathlib import Path

from tests.conftest import run_here


def test_an_operator_invites_sees_and_stops_people(seeded_sqlite: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    (tmp_path / "own.sqlite3").write_bytes(seeded_sqlite.read_bytes())
    wrong = run_here("accounts", "invite", "nobody", folder=tmp_path, url=url)
    assert (wrong.exit_code, wrong.stderr) == (2, "tsubo: nobody is not an address that mail can go to\n")
    invited = run_here("accounts", "invite", "Ada@example.org", "--role", "administrator", folder=tmp_path, url=url)
    assert invited.exit_code == 0, invited.output
    assert re.search(r"http://\S+/member/invitation/[\w-]{43}\n", invited.stdout)
    assert run_here("accounts", "list", folder=tmp_path, url=url).stdout == ""
    for step in ("end-sessions", "deactivate", "activate"):
        unknown = run_here("accounts", step, "ada@example.org", folder=tmp_path, url=url)
        assert (unknown.exit_code, unknown.stderr) == (2, "tsubo: no account has the address ada@example.org\n")
