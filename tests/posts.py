"""Mail servers that misbehave."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that treats each caller in its own way; its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = threading.Thread(target=_accept, args=(server, answer), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        # Closing it does not wake whoever waits for a call.
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(server: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            caller, _ = server.accept()
        except OSError:
            return
        with closing(caller), suppress(OSError):
            caller.settimeout(5)
            answer(caller)


def silent(caller: socket.socket) -> None:
    """Says nothing until the caller has gone."""
    while caller.recv(1024):
        pass


def busy(caller: socket.socket) -> None:
    """Wants nothing from anybody."""
    caller.sendall(b"554 no service here\r\n")
    caller.recv(1024)


def dropping_after_data(caller: socket.socket) -> None:
    """Takes all of a message, and hangs up without a word."""
    for command in _heard(caller):
        if command == b"DATA":
            return
        caller.sendall(b"250 OK\r\n")


def rude_at_the_end(caller: socket.socket) -> None:
    """Takes a message, and hangs up instead of taking leave."""
    for command in _heard(caller):
        if command == b"QUIT":
            return
        caller.sendall(b"250 OK\r\n")


def _heard(caller: socket.socket) -> Iterator[bytes]:
    """Greets, and gives each command that comes; that of a message once all of the message is there."""
    lines = caller.makefile("rb")
    caller.sendall(b"220 ready\r\n")
    for line in lines:
        command = line[:4].upper()
        if command == b"DATA":
            caller.sendall(b"354 go on\r\n")
            for content in lines:
                if content == b".\r\n":
                    break
        yield command


def dripping(caller: socket.socket) -> None:
    """Sends a greeting that never ends, one byte at a time, each before anybody loses patience."""
    gone = threading.Event()
    while not gone.wait(0.01):
        caller.sendall(b"2")
