"""What the programs of these tests share. It runs as a cell before each of them."""

import contextlib
import selectors
import socket
from collections.abc import Callable, Iterator
from typing import Any

LOOPBACK = ("127.0.0.1", 0)


def connected() -> tuple[socket.socket, socket.socket]:
    """Both ends of a new TCP connection: the one that asked, the one that accepted."""
    with socket.create_server(LOOPBACK) as server:
        client = socket.create_connection(server.getsockname())
        return client, server.accept()[0]


def datagrams() -> socket.socket:
    """A UDP socket with an address of its own."""
    mailbox = socket.socket(type=socket.SOCK_DGRAM)
    mailbox.bind(LOOPBACK)
    return mailbox


def unused() -> tuple[str, int]:
    """An address where nobody listens."""
    with socket.create_server(LOOPBACK) as server:
        return server.getsockname()


def attempt(call: Callable[..., Any], *arguments: Any) -> None:
    """Call, and print what comes back or what is raised."""
    print(f"{call.__name__}: {outcome(call, *arguments)}")


def outcome(call: Callable[..., Any], *arguments: Any) -> str:
    """What a call returns or raises, without the number of its port."""
    try:
        return repr(call(*arguments))
    except (OSError, TypeError, ValueError, OverflowError) as error:
        number = f" {error.errno}" if isinstance(error, OSError) else ""
        return f"{type(error).__name__}{number}: {error}"


def ready(sock: socket.socket, events: int = selectors.EVENT_READ | selectors.EVENT_WRITE) -> str:
    """What a selector says that a socket is ready for."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, events)
        mask = sum(mask for _, mask in selector.select(0))
    names = {selectors.EVENT_READ: "read", selectors.EVENT_WRITE: "write"}
    return " ".join(name for event, name in names.items() if mask & event) or "nothing"


def fill(sock: socket.socket) -> int:
    """Send until nothing more fits; returns how many bytes that were."""
    sock.setblocking(False)
    sent = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            sent += sock.send(bytes(60_000))
    return sent


def drain(sock: socket.socket) -> int:
    """Receive until nothing is left; returns how many bytes that were."""
    sock.setblocking(False)
    return sum(map(len, pieces(sock)))


def pieces(sock: socket.socket) -> Iterator[bytes]:
    """What is received until nothing is left or the stream ends."""
    with contextlib.suppress(BlockingIOError):
        while piece := sock.recv(65_536):
            yield piece
