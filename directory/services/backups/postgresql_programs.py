"""Dumps of a PostgreSQL database, made and read by the programs that come with PostgreSQL."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, text

from directory.services.backups.files import BackupRefused

PART = "database.dump"
# Where Debian and Red Hat keep the programs of each version, which need not be in the path.
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
# In the transaction that fills the tables again. The role owns the database, and so its schema.
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def program(name: str, server_version: int) -> str:
    """The path of pg_dump, pg_restore or psql that is not older than the server. Raises BackupRefused."""
    folders = [Path(one) for one in os.get_exec_path()]
    folders += [folder for pattern in FOLDERS for folder in sorted(Path("/").glob(pattern[1:]), reverse=True)]
    found = []
    for folder in folders:
        path = shutil.which(name, path=str(folder))
        if path is None:
            continue
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        version = _VERSION.search(said)
        if version is not None and int(version[1]) >= server_version:
            return path
        found.append(f"{path} is of version {version[1] if version else '?'}")
    what = "; ".join(dict.fromkeys(found)) or "there is none"
    raise BackupRefused(
        f"{name} of PostgreSQL {server_version} or later is needed ({what}); install postgresql-client-{server_version}"
    )


def server_version(connection: Connection) -> int:
    """The major version of the server."""
    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000


def others(connection: Connection) -> int:
    """How many other connections to the database there are."""
    return connection.scalar(text(_OTHERS)) or 0


_OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'"""


def dump(url: str, connection: Connection, target: Path) -> None:
    """Dump what the transaction of `connection` sees. Raises BackupRefused."""
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    _run(
        [
            program("pg_dump", server_version(connection)),
            *("--format=custom", "--no-owner", "--no-privileges"),
            f"--snapshot={snapshot}",
            f"--file={target}",
        ],
        url,
    )
    target.chmod(0o600)


def check(path: Path, version: int) -> None:
    """Whether a dump can be read to its end. Raises BackupRefused."""
    _run([program("pg_restore", version), "--file=/dev/null", str(path)], None)


def load(url: str, path: Path, version: int) -> None:
    """Put a dump in the place of all tables, in one transaction. Raises BackupRefused; then nothing has changed."""
    script = path.with_suffix(".sql")
    # Whole before it is begun: what ends early would be kept as if it were all.
    _run([program("pg_restore", version), "--no-owner", "--no-privileges", f"--file={script}", str(path)], None)
    psql = [program("psql", version), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run([*psql, "--output=/dev/null", f"--command={EMPTY}", f"--file={script}"], url)


def _run(command: list[str], url: str | None) -> None:
    done = subprocess.run(  # noqa: S603  our own words, and programs that the operator has installed
        command, env=_environment(url), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        raise BackupRefused(f"{Path(command[0]).name} failed: {_last_line(done.stderr)}")


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"


def _environment(url: str | None) -> dict[str, str]:
    """How to reach the database, in variables: other people of the machine can read the words of a command."""
    given = dict(os.environ)
    if url is None:
        return given
    known = {option.keyword.decode(): option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
    for name, value in conninfo_to_dict(url).items():
        if name in known and value is not None:
            given[known[name]] = str(value)
    return given
