"""Datagrams: whole messages that may be lost and are never split, by the rules of UDP."""

from __future__ import annotations

import socket
from collections import deque

from glassloop.lab import errnos
from glassloop.lab.addresses import Address, complete, host_and_port
from glassloop.lab.endpoints import Endpoint
from glassloop.lab.hosts import Network
from glassloop.lab.kernel import Kernel

# How many messages wait unread before further ones are lost.
BACKLOG = 128

# The longest message, in bytes: what the length field of an IPv4 datagram leaves.
LONGEST = 65_507


class DatagramEndpoint(Endpoint):
    """A mailbox for messages."""

    kind = socket.SOCK_DGRAM

    def __init__(self, kernel: Kernel, network: Network, family: int) -> None:
        super().__init__(kernel, network, family)
        self._inbox: deque[tuple[bytes, Address | None]] = deque()

    def readable(self) -> bool:
        return bool(self._inbox) or self._deaf or self._error is not None

    def writable(self) -> bool:
        return True

    def receives(self) -> bool:
        return True

    def connected(self) -> bool:
        return self.peer_address is not None

    def connect(self, address: Address) -> None:
        """Remember to whom `send` sends, and from whom alone to receive."""
        host, port = host_and_port(address)
        self.bind_anywhere()
        self.address = self._source()
        self.peer_address = complete(self.family, host, port)

    def receive(self, size: int, peek: bool = False) -> tuple[bytes, Address | None]:
        """The oldest message, cut to `size` bytes, and its sender."""
        self._raise_error()
        if not self._inbox:
            if self._deaf:
                return b"", None
            raise errnos.error("EAGAIN")
        data, sender = self._inbox[0] if peek else self._inbox.popleft()
        return data[:size], sender

    def send(self, data: memoryview) -> int:
        if self.peer_address is None:
            raise errnos.error("EDESTADDRREQ")
        return self.send_to(data, self.peer_address)

    def send_to(self, data: memoryview, address: Address) -> int:
        """Send one message. That nobody is there is no error, as with UDP."""
        host, port = host_and_port(address)
        if not port:
            raise errnos.error("EINVAL")
        if self._finished:
            raise errnos.error("EPIPE")
        if len(data) > LONGEST:
            raise errnos.error("EMSGSIZE")
        self._raise_error()
        self.bind_anywhere()
        if not self._host_at(host).silent:
            where, source = complete(self.family, host, port), self._source()
            message = bytes(data)
            latency = self.network.latency(host_and_port(source)[0], host)
            self.kernel.after(latency, lambda: self._reach(where, message, source, latency))
        return len(data)

    def shutdown(self, how: int) -> None:
        if self.peer_address is None:
            raise errnos.error("ENOTCONN")
        self._deaf = self._deaf or how != socket.SHUT_WR
        self._finished = self._finished or how != socket.SHUT_RD
        self.update()

    def _reach(self, where: Address, data: bytes, source: Address, latency: int) -> None:
        """A message has come to where it was sent."""
        mailbox = self.network.ports.receiver(self.kind, where)
        if isinstance(mailbox, DatagramEndpoint):
            mailbox._deliver(data, source)
        elif self.peer_address == where:
            # A connected socket learns that nobody is there, as by ICMP.
            self.kernel.after(latency, self._be_refused)

    def _deliver(self, data: bytes, sender: Address | None) -> None:
        expected = self.peer_address in (None, sender)
        if expected and len(self._inbox) < BACKLOG:
            self._inbox.append((data, sender))
            self.update()

    def _be_refused(self) -> None:
        self._error = "ECONNREFUSED"
        self.update()


class DatagramPairEndpoint(DatagramEndpoint):
    """One of two mailboxes of one machine that only know each other (AF_UNIX)."""

    _peer: DatagramPairEndpoint | None = None

    def join(self, peer: DatagramPairEndpoint) -> None:
        """Be connected with `peer` from now on, both ways."""
        self._peer, peer._peer = peer, self

    def connect(self, address: Address) -> None:
        raise errnos.error("EOPNOTSUPP")

    def send_to(self, data: memoryview, address: Address) -> int:
        if self._peer is None:
            raise errnos.error("EOPNOTSUPP")
        if self._peer.closed:
            raise errnos.error("ECONNREFUSED")
        self._peer._deliver(bytes(data), "")
        return len(data)
