"""Starts servers on this machine, one process each, and ends them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
READY_SECONDS = 60


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """A server that listens on `port` of the loopback address, until the block ends."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def gunicorn(application: str, port: int) -> list[str]:
    """One worker with four threads, as the site itself is served."""
    server = [sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "4"]
    return [*server, "--bind", f"127.0.0.1:{port}", "--log-level", "error", application]


def datasette(database: Path, port: int) -> list[str]:
    """Datasette on a flat table, without the time limits that would make it leave facets out."""
    settings = {"sql_time_limit_ms": 60000, "facet_time_limit_ms": 60000, "facet_suggest_time_limit_ms": 1}
    options = [word for name, value in settings.items() for word in ("--setting", name, str(value))]
    options += ["--setting", "suggest_facets", "off", "--metadata", str(database.with_name("metadata.json"))]
    return [str(PROGRAMS / "datasette"), "serve", "-i", str(database), "-h", "127.0.0.1", "-p", str(port), *options]


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server on port {port} did not answer")
