"""tsubo serve: the web server as an operator starts it, with every process of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from directory.config import ROOT
from directory.http.headers import HEADERS
from tests.sites import CANARY

TSUBO = Path(sys.executable).with_name("tsubo")


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of a running site; the lines of its error output are added to the list when it ends."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")},
        "DIRECTORY_ENVIRONMENT": "test",
        "DIRECTORY_DATABASE_URL": url,
        "DIRECTORY_DATA_DIR": str(folder),
        "PORT": str(port),
    }
    with (folder / "stderr").open("w+") as errors:
        server = subprocess.Popen([TSUBO, "serve"], env=environment, cwd=ROOT, stderr=errors, stdout=errors)
        said: list[str] = []
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server)
            yield address, said
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
            errors.seek(0)
            said += errors.read().splitlines()
            print(*said, sep="\n")
    assert server.returncode == 0


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended"
        try:
            ask(address + "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


def ask(address: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(address, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def raw(address: str, sent: bytes) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        connection.sendall(sent)
        return connection.recv(65536)


def test_the_site_is_served_by_several_processes_and_says_where(own_database: str, tmp_path: Path) -> None:
    with served(own_database, tmp_path) as (address, said):
        assert ask(address + "/readyz")[0] == 200
        for _ in range(30):
            status, headers, _ = ask(address + "/modalities")
            assert status == 200
        assert {name: headers[name] for name in HEADERS} == HEADERS
        # Every process counts, and each of them tells the counts of all.
        counts = ask(address + "/metrics")[2]
        assert 'directory_requests_total{endpoint="public_modalities.index",method="GET",status="200"} 30.0' in counts
        assert ask(address + "/" + "x" * 5_000)[0] == 414
        assert b"400" in raw(address, f"GET /{CANARY} HTTP/9.9 {CANARY}\r\n\r\n".encode())[:40]
        assert b" 4" in raw(address, f"GET /x HTTP/1.1\r\nHost: localhost\r\n{CANARY} : x\r\n\r\n".encode())[:20]
    first = said[0]
    assert first == f"Tsubo is at {address}/ (Ctrl+C ends it)"
    logged = [json.loads(line) for line in said[1:]]
    assert len([line for line in logged if line["event"] == "request"]) >= 30
    assert CANARY not in "\n".join(said)
    assert "127.0.0.1" not in "\n".join(said[1:])


def test_a_port_that_is_taken_is_told(seeded_sqlite: Path, tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")},
            "DIRECTORY_ENVIRONMENT": "test",
            "DIRECTORY_DATABASE_URL": f"sqlite:///{seeded_sqlite}",
            "DIRECTORY_DATA_DIR": str(tmp_path),
            "PORT": str(taken.getsockname()[1]),
        }
        ended = subprocess.run([TSUBO, "serve"], env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode != 0
    port = environment["PORT"]
    assert f"The site cannot be served at 127.0.0.1, port {port}: Address already in use" in ended.stderr
    assert "Choose another port with PORT." in ended.stderr
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
