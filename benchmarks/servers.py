"""Starts servers on this machine, and ends them."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.sites import PROGRAMS, ROOT, Site

READY_SECONDS = 60
FIRST_PORT = 8510
PORTS = 20
SITE = "wsgi:app"
HELLO = "benchmarks.peers.hellos:app"


@contextmanager
def running(
    command: list[str], port: int, environment: Mapping[str, str], *, silent: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens on `port` of the loopback address, until the block ends."""
    process = start(command, environment, silent=silent)
    try:
        _wait(port, process)
        yield process
    finally:
        end(process)


def start(command: list[str], environment: Mapping[str, str], *, silent: bool = False) -> subprocess.Popen[bytes]:
    """A process of which only complaints are heard, or nothing."""
    complaints = subprocess.DEVNULL if silent else None
    return subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=complaints)


def end(process: subprocess.Popen[Any]) -> None:
    """End a process and, of a server, its workers."""
    workers = children(process.pid)
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        for worker in workers:
            if Path(f"/proc/{worker}").exists():
                os.kill(worker, signal.SIGKILL)


def children(process_id: int) -> list[int]:
    """The processes that a process started."""
    path = Path(f"/proc/{process_id}/task/{process_id}/children")
    return [int(number) for number in path.read_text().split()] if path.exists() else []


def free_port() -> int:
    """A port that nobody listens on, another each time until all were given."""
    for _ in range(PORTS):
        port = next(_ports)
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port of {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free")


_ports = cycle(range(FIRST_PORT, FIRST_PORT + PORTS))


def gunicorn(application: str, port: int, workers: int = 1) -> list[str]:
    """As `tsubo serve` does it: threads, and the program loaded once for all workers."""
    options = ["--worker-class", "gthread", "--threads", "4", "--preload", "--log-level", "error", "--timeout", "120"]
    options += ["--logger-class", "directory.http.server_logs.ServerLog", "--limit-request-line", "8190"]
    bind = ["--workers", str(workers), "--bind", f"127.0.0.1:{port}"]
    return [sys.executable, "-m", "gunicorn", *options, *bind, application]


def datasette(database: Path, port: int) -> list[str]:
    """Datasette on a flat table, without the time limits that would make it leave facets out."""
    settings = {"sql_time_limit_ms": 180_000, "facet_time_limit_ms": 180_000, "facet_suggest_time_limit_ms": 1}
    options = [word for name, value in settings.items() for word in ("--setting", name, str(value))]
    options += ["--setting", "suggest_facets", "off", "--metadata", str(database.with_name("metadata.json"))]
    return [str(PROGRAMS / "datasette"), "serve", "-i", str(database), "-h", "127.0.0.1", "-p", str(port), *options]


@contextmanager
def serving(site: Site, workers: int = 1) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The site itself, with the port that it listens on."""
    port = free_port()
    with running(gunicorn(SITE, port, workers), port, site.environment) as process:
        yield port, process


@contextmanager
def saying_hello(site: Site) -> Iterator[int]:
    """The bare page; its port."""
    port = free_port()
    with running(gunicorn(HELLO, port), port, site.environment):
        yield port


def first_answer(port: int, path: str, process: subprocess.Popen[bytes], seconds: float) -> float:
    """The moment (time.monotonic) at which a server that is starting first answered with 200."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            if answer.status == http.HTTPStatus.OK:
                return time.monotonic()
            raise SystemExit(f"{path}: {answer.status}; nothing that follows would mean anything")
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"the server on port {port} ended with {process.returncode}") from None
            time.sleep(0.005)
    raise RuntimeError(f"the server on port {port} did not answer")


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server on port {port} did not answer")
