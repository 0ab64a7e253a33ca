"""What stands behind a file descriptor in the simulated kernel: the ends of connections.

A connection is two streams of bytes, one each way, and two endpoints that each read one and
write the other. The rules are those of TCP as Linux keeps them; the tests run the same
programs on both. An operation that cannot be done now raises `BlockingIOError`; waiting is
the business of the socket above.
"""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from glassloop.lab import errnos
from glassloop.lab.kernel import Kernel, nanoseconds
from glassloop.lab.hosts import Address, Host, Network

# Bytes that a sender may have under way, and that a receiver keeps unread, unless SO_SNDBUF
# and SO_RCVBUF say otherwise. Linux has more and lets it grow; a small fixed number makes
# back-pressure easy to meet.
BUFFER_SIZE = 65_536

# Seconds until Linux gives up connecting to a host that never answers: six retries, with
# pauses that double (net.ipv4.tcp_syn_retries).
CONNECT_TIMEOUT = 127.0

# How many datagrams wait unread before further ones are lost.
DATAGRAM_BACKLOG = 128


class Stream:
    """One direction of a connection: bytes under way, and bytes that have arrived."""

    def __init__(self, kernel: Kernel, latency: int, segment: int | None) -> None:
        self.capacity_sent = BUFFER_SIZE
        self.capacity_received = BUFFER_SIZE
        self.on_arrival: Callable[[], None] = lambda: None
        self.on_room: Callable[[], None] = lambda: None
        self.ended = False  # the sender's FIN has arrived
        self._kernel = kernel
        self._latency = latency
        self._segment = segment
        self._under_way: deque[tuple[int, bytes | None]] = deque()
        self._sent = 0  # bytes under way
        self._arrived: deque[bytes] = deque()
        self._unread = 0  # bytes arrived

    @property
    def room(self) -> int:
        """How many bytes the sender may still hand over."""
        return self.capacity_sent - self._sent

    @property
    def unread(self) -> int:
        """How many bytes wait for the reader."""
        return self._unread

    def write(self, data: bytes) -> int:
        """Send as much of `data` as there is room for; returns how many bytes that is."""
        accepted = data[: self.room]
        step = self._segment or len(accepted) or 1
        for start in range(0, len(accepted), step):
            self._send(accepted[start : start + step])
        return len(accepted)

    def finish(self) -> None:
        """Send the end of the stream, behind all bytes sent before."""
        self._send(None)

    def read(self, size: int, peek: bool = False) -> bytes:
        """Up to `size` of the bytes that have arrived, never of two segments where they count."""
        taken: list[bytes] = []
        missing = size
        while missing and self._arrived:
            piece = self._arrived.popleft()
            taken.append(piece[:missing])
            if len(piece) > missing:
                self._arrived.appendleft(piece[missing:])
            missing -= len(taken[-1])
            if self._segment:
                break
        data = b"".join(taken)
        if peek:
            self._arrived.appendleft(data)
        else:
            self._unread -= len(data)
            self._deliver()
        return data

    def _send(self, piece: bytes | None) -> None:
        self._under_way.append((self._kernel.now + self._latency, piece))
        self._sent += len(piece or b"")
        if self._latency:
            self._kernel.at(self._latency, self._deliver)
        else:
            self._deliver()

    def _deliver(self) -> None:
        """Let arrive what has travelled long enough and finds room."""
        while self._under_way and self._under_way[0][0] <= self._kernel.now:
            time, piece = self._under_way[0]
            if piece is None:
                self.ended = True
                self._under_way.popleft()
                continue
            fits = min(len(piece), self.capacity_received - self._unread)
            if fits <= 0:
                break
            self._arrived.append(piece[:fits])
            self._unread += fits
            self._sent -= fits
            self._under_way.popleft()
            if fits < len(piece):
                self._under_way.appendleft((time, piece[fits:]))
        self.on_arrival()
        self.on_room()


class Endpoint:
    """What every endpoint has: a descriptor, an address, options, and an error to report."""

    kind: int

    def __init__(self, kernel: Kernel, network: Network) -> None:
        self.kernel = kernel
        self.network = network
        self.address: Address = ("0.0.0.0", 0)
        self.peer_address: Address | None = None
        self.options: dict[tuple[int, int], Any] = {}
        self.closed = False
        self._bound: Address | None = None
        self._error: str | None = None  # the name of the error that the next call gets
        self.fd = kernel.open(self)

    def bind(self, address: Address) -> None:
        """Take `address`, and a free port where its port is 0."""
        if self._bound is not None:
            raise errnos.error("EINVAL")
        if isinstance(address, tuple):
            host, port = address[:2]
            host = self.network.resolve(host) if host else "0.0.0.0"
            if self.network.at(host) is None:
                raise errnos.error("EADDRNOTAVAIL")
            address = (host, port or self.network.free_port(self.kind), *address[2:])
        if not self.network.bind(self.kind, address, self):
            raise errnos.error("EADDRINUSE")
        self.address = self._bound = address

    def take_error(self) -> str | None:
        """The error that is to be reported; it is reported once (SO_ERROR)."""
        error, self._error = self._error, None
        self.update()
        return error

    def close(self) -> None:
        """Give back the descriptor and the address."""
        self.closed = True
        if self._bound is not None:
            self.network.release(self.kind, self._bound)
        self.kernel.release(self.fd)

    def update(self) -> None:
        """Tell the kernel what this descriptor is ready for now."""
        if not self.closed:
            self.kernel.mark(self.fd, self.readable(), self.writable())

    def readable(self) -> bool:
        raise NotImplementedError

    def writable(self) -> bool:
        raise NotImplementedError

    def _after(self, latency: int, action: Callable[[], object]) -> None:
        if latency:
            self.kernel.at(latency, action)
        else:
            action()

    def _fail(self, error: str) -> None:
        self._error = error
        self.update()

    def _raise_error(self) -> None:
        if error := self.take_error():
            raise errnos.error(error)


class StreamEndpoint(Endpoint):
    """One end of a connection, before, while and after it is one; or a listener for them."""

    kind = socket.SOCK_STREAM

    def __init__(self, kernel: Kernel, network: Network) -> None:
        self.incoming: Stream | None = None
        self.outgoing: Stream | None = None
        self._peer: StreamEndpoint | None = None
        self._accepted: deque[StreamEndpoint] | None = None  # a deque: this is a listener
        self._connecting = False
        self._unannounced = False  # connected, and no call of connect has said so yet
        self._finished = False  # we sent the end of our stream
        self._deaf = False  # shutdown(SHUT_RD)
        self._latency = 0
        super().__init__(kernel, network)
        self.update()

    # Readiness: an operation on a ready descriptor does not block. That is all it promises.

    def readable(self) -> bool:
        if self._accepted is not None:
            return bool(self._accepted)
        if self.incoming is None:
            return not self._connecting
        return bool(self.incoming.unread or self.incoming.ended or self._deaf or self._failed())

    def writable(self) -> bool:
        if self._accepted is not None or self._connecting:
            return False
        if self.outgoing is None:
            return True
        return self.outgoing.room > 0 or self._finished or self._failed()

    def _failed(self) -> bool:
        return self._error is not None or (self.incoming is not None and self._peer is None)

    # Meeting.

    def listen(self) -> None:
        """Become a listener: `accept` hands out the connections that arrive."""
        if self.incoming is not None or self._connecting:
            raise errnos.error("EINVAL")
        if self._bound is None:
            self.bind(("0.0.0.0", 0))
        if self._accepted is None:
            self._accepted = deque()
        self.update()

    def accept(self) -> StreamEndpoint:
        """The oldest connection that nobody has accepted yet."""
        if self._accepted is None:
            raise errnos.error("EINVAL")
        if not self._accepted:
            raise errnos.error("EAGAIN")
        endpoint = self._accepted.popleft()
        self.update()
        return endpoint

    def connect(self, address: Address) -> None:
        """Begin to connect. As on Linux the first call begins (`EINPROGRESS`), the next tells."""
        if self._connecting:
            raise errnos.error("EALREADY")
        self._raise_error()
        if self._unannounced:
            self._unannounced = False
            return
        if self.incoming is not None or self._accepted is not None:
            raise errnos.error("EISCONN")
        host = self._route(address)
        self._connecting = True
        self._latency = nanoseconds(host.latency)
        self.update()
        if host.silent:
            self.kernel.at(nanoseconds(CONNECT_TIMEOUT), lambda: self._refuse("ETIMEDOUT"))
        else:
            self._after(self._latency, lambda: self._arrive_at(host, address))
        raise errnos.error("EINPROGRESS")

    def connection_settled(self) -> bool:
        """Whether connecting has come to an end, good or bad."""
        return not self._connecting

    def join(self, peer: StreamEndpoint, latency: int = 0, segment: int | None = None) -> None:
        """Be connected with `peer` from now on, both ways."""
        there = Stream(self.kernel, latency, segment)
        back = Stream(self.kernel, latency, segment)
        self._connected(peer, back, there, latency)
        peer._connected(self, there, back, latency)

    def _route(self, address: Address) -> Host:
        name = address[0] if isinstance(address, tuple) else "127.0.0.1"
        where = self.network.resolve(name) if name else "127.0.0.1"
        if isinstance(address, tuple):
            self.peer_address = ("127.0.0.1" if where == "0.0.0.0" else where, *address[1:])
            if self._bound is None:
                self.address = ("127.0.0.1", self.network.free_port(self.kind))
        else:
            self.peer_address = address
        host = self.network.at(where)
        if host is None:
            raise errnos.error("EHOSTUNREACH")
        return host

    def _arrive_at(self, host: Host, address: Address) -> None:
        """Our request to connect has reached the other host."""
        listener = self.network.bound_to(self.kind, self.peer_address or address)
        if not isinstance(listener, StreamEndpoint) or listener._accepted is None:
            self._after(self._latency, lambda: self._refuse("ECONNREFUSED"))
            return
        other = StreamEndpoint(self.kernel, self.network)
        other.address = self.peer_address or address
        other.peer_address = self.address
        other.inherit(listener)
        self._after(self._latency, lambda: self._established(listener, other, host.segment))

    def _established(
        self, listener: StreamEndpoint, other: StreamEndpoint, segment: int | None
    ) -> None:
        """The other host's answer has reached us; ours now travels back to its listener."""
        self._connecting = False
        self._unannounced = True
        if self.closed:
            other.close()
            return
        self.join(other, self._latency, segment)
        self._after(self._latency, lambda: listener._enqueue(other))

    def _refuse(self, error: str) -> None:
        self._connecting = False
        self._fail(error)

    def _enqueue(self, endpoint: StreamEndpoint) -> None:
        if self._accepted is None or self.closed:
            endpoint.abort()
        else:
            self._accepted.append(endpoint)
            self.update()

    def inherit(self, listener: StreamEndpoint) -> None:
        """Take the options of the listener that accepts us, as Linux does."""
        self.options = dict(listener.options)

    def _connected(
        self, peer: StreamEndpoint, incoming: Stream, outgoing: Stream, latency: int
    ) -> None:
        self._peer, self._latency = peer, latency
        self.incoming, self.outgoing = incoming, outgoing
        incoming.on_arrival = self._data_arrived
        outgoing.on_room = self.update
        for (level, name), value in self.options.items():
            self.apply_option(level, name, value)
        self.update()

    def _data_arrived(self) -> None:
        # Bytes for a socket that is closed are answered with a reset.
        if self.closed and self.incoming is not None and self.incoming.unread:
            self.incoming.read(self.incoming.unread)
            self._reset_peer()
        self.update()

    # Talking.

    def receive(self, size: int, peek: bool = False) -> bytes:
        """Up to `size` bytes; b"" at the end of the stream."""
        if self.incoming is None:
            if self._connecting:
                raise errnos.error("EAGAIN")
            self._raise_error()
            raise errnos.error("ENOTCONN")
        if self.incoming.unread:
            data = self.incoming.read(size, peek)
            self.update()
            return data
        self._raise_error()
        if self.incoming.ended or self._deaf or self._peer is None:
            return b""
        raise errnos.error("EAGAIN")

    def send(self, data: bytes) -> int:
        """Hand over as many bytes as there is room for; returns how many."""
        if self._connecting:
            raise errnos.error("EAGAIN")
        self._raise_error()
        if self.outgoing is None:
            raise errnos.error("EPIPE")
        if self._finished or self._peer is None:
            raise errnos.error("EPIPE")
        if data and self.outgoing.room <= 0:
            raise errnos.error("EAGAIN")
        sent = self.outgoing.write(data)
        self.update()
        return sent

    # Parting.

    def shutdown(self, how: int) -> None:
        """Stop reading, writing or both, without closing."""
        if self.incoming is None or self.outgoing is None or self._peer is None:
            raise errnos.error("ENOTCONN")
        if how in (socket.SHUT_RD, socket.SHUT_RDWR):
            self._deaf = True
        if how in (socket.SHUT_WR, socket.SHUT_RDWR) and not self._finished:
            self._finished = True
            self.outgoing.finish()
        self.update()

    def close(self) -> None:
        """Part: politely with the end of the stream, or with a reset where bytes stay unread."""
        if self._accepted is not None:
            for endpoint in self._accepted:
                endpoint.abort()
        super().close()
        if self._peer is None or self.incoming is None or self.outgoing is None:
            return
        linger = self.options.get((socket.SOL_SOCKET, socket.SO_LINGER))
        if self.incoming.unread or linger == (1, 0):
            self._reset_peer()
        elif not self._finished:
            self._finished = True
            self.outgoing.finish()

    def abort(self) -> None:
        """Close with a reset."""
        self.options[socket.SOL_SOCKET, socket.SO_LINGER] = (1, 0)
        self.close()

    def _reset_peer(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            self._after(self._latency, peer._reset)

    def _reset(self) -> None:
        self._peer = None
        # Linux: a socket that has already seen the end of the stream reports a broken pipe.
        ended = self.incoming is not None and self.incoming.ended
        self._fail("EPIPE" if ended else "ECONNRESET")

    def apply_option(self, level: int, name: int, value: Any) -> None:
        """Let an option act that has an effect here: the two sizes of buffers, in bytes."""
        if level == socket.SOL_SOCKET and isinstance(value, int):
            if name == socket.SO_SNDBUF and self.outgoing is not None:
                self.outgoing.capacity_sent = value
            if name == socket.SO_RCVBUF and self.incoming is not None:
                self.incoming.capacity_received = value


class DatagramEndpoint(Endpoint):
    """A mailbox for whole messages that may be lost and are never split."""

    kind = socket.SOCK_DGRAM

    def __init__(self, kernel: Kernel, network: Network) -> None:
        self._inbox: deque[tuple[bytes, Address]] = deque()
        super().__init__(kernel, network)
        self.update()

    def readable(self) -> bool:
        return bool(self._inbox) or self._error is not None

    def writable(self) -> bool:
        return True

    def connect(self, address: Address) -> None:
        """Remember to whom `send` sends, and from whom alone to receive."""
        name, *rest = address
        self.peer_address = (self.network.resolve(str(name)), *rest)
        self._ensure_bound()

    def connection_settled(self) -> bool:
        return True

    def receive_from(self, size: int, peek: bool = False) -> tuple[bytes, Address]:
        """The oldest message, cut to `size` bytes, and its sender."""
        self._raise_error()
        if not self._inbox:
            raise errnos.error("EAGAIN")
        data, sender = self._inbox[0]
        if not peek:
            self._inbox.popleft()
        self.update()
        return data[:size], sender

    def receive(self, size: int, peek: bool = False) -> bytes:
        return self.receive_from(size, peek)[0]

    def send(self, data: bytes) -> int:
        if self.peer_address is None:
            raise errnos.error("EDESTADDRREQ")
        return self.send_to(data, self.peer_address)

    def send_to(self, data: bytes, address: Address) -> int:
        """Send one message. That nobody is there is no error, as with UDP."""
        self._raise_error()
        if len(data) > 65_507:  # what the length field of an IPv4 datagram leaves
            raise errnos.error("EMSGSIZE")
        self._ensure_bound()
        where = (self.network.resolve(str(address[0])), *address[1:])
        host = self.network.at(str(where[0]))
        if host is None:
            raise errnos.error("EHOSTUNREACH")
        if not host.silent:
            latency = nanoseconds(host.latency)
            self._after(latency, lambda: self._arrive_at(where, bytes(data), latency))
        return len(data)

    def _arrive_at(self, address: Address, data: bytes, latency: int) -> None:
        mailbox = self.network.bound_to(self.kind, address)
        if isinstance(mailbox, DatagramEndpoint):
            mailbox._deliver(data, self.address)
        elif self.peer_address is not None:
            # A connected socket learns that nobody listens there, as from ICMP.
            self._after(latency, lambda: self._fail("ECONNREFUSED"))

    def _deliver(self, data: bytes, sender: Address) -> None:
        expected = self.peer_address is None or self.peer_address == sender
        if expected and len(self._inbox) < DATAGRAM_BACKLOG:
            self._inbox.append((data, sender))
            self.update()

    def _ensure_bound(self) -> None:
        if self._bound is None:
            self.bind(("0.0.0.0", 0))
            self.address = ("127.0.0.1", self.address[1])

    def shutdown(self, how: int) -> None:
        if self.peer_address is None:
            raise errnos.error("ENOTCONN")

    def apply_option(self, level: int, name: int, value: Any) -> None:
        """Datagrams have no option with an effect here."""
