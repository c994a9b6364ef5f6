"""A small client: several connections that stay open, each with one request under way at a time."""

import http.client
import selectors
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

CONNECTIONS = 4
SECONDS = 120
Request = tuple[str, dict[str, str]]  # a path, and headers beside the usual


# As http.client sends them: a page is another one, with another ETag, where another encoding is accepted.
_USUAL = ("Accept: text/html", "Accept-Encoding: identity")


class NotAnswered(Exception):
    """An answer was another than the one that is measured."""


@dataclass(frozen=True)
class Reply:
    """An answer, with the seconds that it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@dataclass
class _Line:
    """One connection."""

    socket: socket.socket
    host: str
    path: str = ""
    began: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    length: int = -1  # of the whole answer, once its head is here

    def send(self, request: Request) -> None:
        self.path, headers = request
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {self.host}", *_USUAL]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.received.clear()
        self.length = -1
        self.began = time.perf_counter()
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def receive(self, wanted: int) -> bool:
        """Whether the answer is whole."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise NotAnswered(f"{self.path}: the connection was closed")
        self.received += piece
        if self.length < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.received[:end]).decode("latin-1").lower()
            status = int(head.split(" ", 2)[1])
            if status != wanted:
                raise NotAnswered(
                    f"{self.path}: {status} instead of {wanted}; nothing that follows would mean anything"
                )
            _, _, rest = head.partition("content-length: ")
            self.length = end + 4 + (int(rest.split("\r\n", 1)[0]) if rest else 0)
        return len(self.received) >= self.length


def ask_all(port: int, requests: Iterable[Request], wanted: int = 200, connections: int = CONNECTIONS) -> list[float]:
    """Seconds of each request; all of them are sent as fast as the connections take them. Raises NotAnswered."""
    waiting = iter(requests)
    seconds: list[float] = []
    with selectors.DefaultSelector() as selector:
        opened = (socket.create_connection(("127.0.0.1", port), SECONDS) for _ in range(connections))
        lines = [_Line(one, f"127.0.0.1:{port}") for one in opened]
        try:
            for line in lines:
                request = next(waiting, None)
                if request is not None:
                    selector.register(line.socket, selectors.EVENT_READ, line)
                    line.send(request)
            while selector.get_map():
                ready = selector.select(SECONDS)
                if not ready:
                    raise NotAnswered(f"no answer within {SECONDS} seconds")
                for key, _ in ready:
                    line = key.data
                    if line.receive(wanted):
                        seconds.append(time.perf_counter() - line.began)
                        request = next(waiting, None)
                        if request is None:
                            selector.unregister(line.socket)
                        else:
                            line.send(request)
        finally:
            for line in lines:
                line.socket.close()
    return seconds


def ask(port: int, path: str, headers: dict[str, str] | None = None) -> Reply:
    """One request on a connection of its own. Raises NotAnswered unless it is 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2 * SECONDS)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html", **(headers or {})})
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise NotAnswered(f"{path}: {answer.status}; nothing that follows would mean anything")
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body, seconds)


def rate(port: int, requests: Sequence[Request], wanted: int = 200, connections: int = CONNECTIONS) -> float:
    """Seconds from the first request to the last answer."""
    began = time.perf_counter()
    ask_all(port, requests, wanted, connections)
    return time.perf_counter() - began
