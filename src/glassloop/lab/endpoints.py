"""What stands behind a file descriptor in the simulated kernel, whatever its kind.

The rules are those of Linux; the tests run the same programs on both. An operation that cannot
be done now raises `BlockingIOError`; waiting is the business of the socket above.
"""

from __future__ import annotations

import enum
import socket
import weakref
from typing import Protocol

from glassloop.lab import errnos
from glassloop.lab.addresses import ANY, LOOPBACK, Address, complete, host_and_port, unbound
from glassloop.lab.hosts import Host, Network
from glassloop.lab.kernel import Kernel
from glassloop.lab.streams import BUFFER_SIZE

SOL_SOCKET = socket.SOL_SOCKET
SO_TYPE, SO_SNDBUF, SO_RCVBUF = socket.SO_TYPE, socket.SO_SNDBUF, socket.SO_RCVBUF
# WebAssembly's `socket` lacks these; the numbers are Linux's.
SO_REUSEADDR = getattr(socket, "SO_REUSEADDR", 2)
SO_LINGER = getattr(socket, "SO_LINGER", 13)
SO_REUSEPORT = getattr(socket, "SO_REUSEPORT", 15)


class Hold(enum.Enum):
    """How a socket has come by the port of its address."""

    NONE = "none"
    GIVEN = "given"  # whichever was free
    CHOSEN = "chosen"  # by its number
    INHERITED = "inherited"  # from a listener


class Watcher(Protocol):
    """Who wants to hear of every change of what an endpoint is ready for."""

    def notice(self, endpoint: Endpoint) -> None:
        """`endpoint` may have become ready."""


class Endpoint:
    """A descriptor, an address, options, and an error that is still to be reported."""

    kind: int  # SOCK_STREAM or SOCK_DGRAM

    def __init__(self, kernel: Kernel, network: Network, family: int) -> None:
        self.kernel = kernel
        self.network = network
        self.family = family
        self.fd = -1  # `Kernel.open` gives it
        self.address = unbound(family)
        self.peer_address: Address | None = None
        self.options: dict[tuple[int, int], int | bytes] = {
            (SOL_SOCKET, SO_TYPE): int(self.kind),
            (SOL_SOCKET, SO_SNDBUF): BUFFER_SIZE,
            (SOL_SOCKET, SO_RCVBUF): BUFFER_SIZE,
        }
        self.closed = False
        # Weak, since a program may drop a selector, or a loop, without closing it.
        self.watchers: weakref.WeakSet[Watcher] = weakref.WeakSet()
        self._hold = Hold.NONE
        self._deaf = False  # nothing more will arrive
        self._finished = False  # nothing more will be sent
        self._error: str | None = None  # the name of the error that the next call gets

    # What every kind does in its own way.

    def connect(self, address: Address) -> None:
        """Connect, or begin to, which raises BlockingIOError."""
        raise NotImplementedError

    def connected(self) -> bool:
        """Whether there is a peer."""
        raise NotImplementedError

    def receive(self, size: int, peek: bool = False) -> tuple[bytes, Address | None]:
        """Up to `size` bytes, and who sent them where bytes come as messages."""
        raise NotImplementedError

    def send(self, data: memoryview) -> int:
        """Send to the peer; returns how many bytes were taken."""
        raise NotImplementedError

    def shutdown(self, how: int) -> None:
        """Stop reading, writing or both, without closing."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Whether a call that reads would not have to wait."""
        raise NotImplementedError

    def writable(self) -> bool:
        """Whether a call that writes would not have to wait."""
        raise NotImplementedError

    def receives(self) -> bool:
        """Whether what others send to our address is for us."""
        raise NotImplementedError

    def listening(self) -> bool:
        """Whether we accept connections."""
        return False

    def has_left(self) -> bool:
        """Whether we hold our port in name only."""
        return False

    def set_option(self, level: int, name: int, value: int | bytes) -> None:
        """Keep an option."""
        self.options[level, name] = value

    # What is the same for all.

    def bind(self, address: Address) -> None:
        """Take `address`, and a free port where its port is 0."""
        if self._hold is not Hold.NONE:
            raise errnos.error("EINVAL")
        host, port = host_and_port(address)
        if isinstance(address, tuple):
            if self.network.at(host) is None:
                raise errnos.error("EADDRNOTAVAIL")
            address = complete(self.family, host, port or self.network.ports.unused(self.kind))
        self.network.ports.take(self, address)
        self._hold = Hold.CHOSEN if port else Hold.GIVEN

    def bind_anywhere(self) -> None:
        """Take a free port, as who never called `bind` gets one."""
        if self._hold is Hold.NONE and isinstance(self.address, tuple):
            port = self.network.ports.unused(self.kind)
            self.network.ports.take(self, complete(self.family, self.address[0], port))
            self._hold = Hold.GIVEN

    def release_port(self) -> None:
        """Give the port back. The socket still shows which one it was."""
        self.network.ports.release(self)
        self._hold = Hold.NONE

    def shares_port(self, other: Endpoint) -> bool:
        """Whether we may have the port that `other` has."""
        if self._both_set(other, SO_REUSEPORT):
            return True
        return self._both_set(other, SO_REUSEADDR) and not other.listening()

    def close(self) -> None:
        """Give back the descriptor and the port."""
        self.closed = True
        self.kernel.release(self)
        self.release_port()

    def take_error(self) -> str | None:
        """The error that is to be reported; it is reported once (SO_ERROR)."""
        error, self._error = self._error, None
        self.update()
        return error

    def update(self) -> None:
        """Tell whoever watches that this endpoint may have become ready."""
        for watcher in tuple(self.watchers):
            watcher.notice(self)

    def _source(self) -> Address:
        """Our address as the other side sees it."""
        host, port = host_and_port(self.address)
        return complete(self.family, LOOPBACK[self.family] if host in ANY.values() else host, port)

    def _host_at(self, address: str) -> Host:
        host = self.network.at(address)
        if host is None:
            raise errnos.error("EHOSTUNREACH")
        return host

    def _both_set(self, other: Endpoint, option: int) -> bool:
        key = (SOL_SOCKET, option)
        return bool(self.options.get(key) and other.options.get(key))

    def _raise_error(self) -> None:
        if error := self.take_error():
            raise errnos.error(error)
