"""Connections: how two ends meet, talk and part, by the rules of TCP as Linux keeps them.

A connection is two streams of bytes, one each way, and two endpoints that each read one and
write the other.
"""

from __future__ import annotations

import enum
import socket
from collections import deque

from glassloop.lab import errnos
from glassloop.lab.addresses import ANY, LOOPBACK, Address, complete, host_and_port
from glassloop.lab.endpoints import SO_LINGER, SO_RCVBUF, SO_SNDBUF, SOL_SOCKET, Endpoint, Hold
from glassloop.lab.hosts import Host, Network
from glassloop.lab.kernel import NANOSECONDS, Kernel
from glassloop.lab.streams import Stream

# Linux repeats a request to connect that nobody answers after 1, 2, 4, … seconds, and gives up
# after the seventh pause, at 127 seconds (net.ipv4.tcp_syn_retries).
FIRST_PAUSE, LAST_PAUSE = NANOSECONDS, 64 * NANOSECONDS

# How long the end that parted first keeps its port, so that bytes of the old connection that
# come late do not reach a new one (TIME_WAIT).
LINGERING = 60 * NANOSECONDS


class State(enum.Enum):
    """What a stream socket is at the moment."""

    ALONE = "alone"  # fresh, refused, or its connection is over
    LISTENING = "listening"
    CONNECTING = "connecting"
    CONNECTED = "connected"


class Told(enum.Enum):
    """What calls of connect have told the program."""

    NOTHING = "nothing"
    BEGUN = "begun"  # EINPROGRESS
    CONNECTED = "connected"


class StreamEndpoint(Endpoint):
    """One end of a connection, before, while and after it is one; or a listener for them."""

    kind = socket.SOCK_STREAM

    def __init__(self, kernel: Kernel, network: Network, family: int) -> None:
        super().__init__(kernel, network, family)
        self.state = State.ALONE
        self._told = Told.NOTHING
        self._incoming: Stream | None = None
        self._outgoing: Stream | None = None
        self._peer: StreamEndpoint | None = None
        self._latency = 0  # nanoseconds from here to the peer
        self._waiting: deque[StreamEndpoint] = deque()  # connections that nobody has accepted
        self._backlog = 0
        self._parted_first = False  # we sent the end of our stream before we had the peer's
        self._held_until: int | None = None  # when a port that lingers is free again

    # Readiness.

    def readable(self) -> bool:
        if self.state is State.LISTENING:
            return bool(self._waiting)
        if self.state is State.CONNECTING:
            return False
        return self.state is State.ALONE or self._deaf or self._ended() or self._unread() > 0

    def writable(self) -> bool:
        if self.state is State.CONNECTED:
            return self._finished or self._room() > 0
        return self.state is State.ALONE

    # Meeting.

    def listening(self) -> bool:
        return self.state is State.LISTENING

    receives = listening

    def connected(self) -> bool:
        return self.state is State.CONNECTED

    def settled(self) -> bool:
        """Whether connecting has come to an end, good or bad."""
        return self.state is not State.CONNECTING

    def listen(self, backlog: int) -> None:
        """Become a listener, for whom `backlog` connections and one more may wait."""
        if self._told is not Told.NOTHING or self.state in (State.CONNECTING, State.CONNECTED):
            raise errnos.error("EINVAL")
        self.bind_anywhere()
        if not self.network.ports.may_hold(self, self.address):
            raise errnos.error("EADDRINUSE")
        self.state = State.LISTENING
        self._backlog = max(0, backlog)
        self.update()

    def accept(self) -> StreamEndpoint:
        """The oldest connection that nobody has accepted yet."""
        if self.state is not State.LISTENING:
            raise errnos.error("EINVAL")
        if not self._waiting:
            raise errnos.error("EAGAIN")
        endpoint = self._waiting.popleft()
        self.kernel.open(endpoint)
        self.update()
        return endpoint

    def connect(self, address: Address) -> None:
        """Begin to connect (EINPROGRESS); the next call tells how that has ended."""
        if self._told is Told.BEGUN:
            if not self.settled():
                raise errnos.error("EALREADY")
            self.conclude()
            return
        if self._told is Told.CONNECTED or self.state is not State.ALONE:
            raise errnos.error("EISCONN")
        host = self._set_out(address)
        self._told, self.state = Told.BEGUN, State.CONNECTING
        self.kernel.after(self._latency, lambda: self._ask(host, FIRST_PAUSE))
        raise errnos.error("EINPROGRESS")

    def conclude(self) -> None:
        """Tell the program how connecting has ended; after a failure all is as it was before."""
        if self.state is State.CONNECTED:
            self._told = Told.CONNECTED
            return
        error = self.take_error() or "ECONNABORTED"
        self._told = Told.NOTHING
        self._deaf = self._finished = False
        raise errnos.error(error)

    def join(self, peer: StreamEndpoint, segment: int | None = None) -> None:
        """Be connected with `peer` from now on, both ways."""
        there = Stream(self.kernel, self._latency, segment)
        back = Stream(self.kernel, self._latency, segment)
        self._become_connected(peer, back, there)
        peer._become_connected(self, there, back)

    def _set_out(self, address: Address) -> Host:
        """Find the way to `address`, and a port of our own from which to go there."""
        host, port = host_and_port(address)
        if host in ANY.values():
            host = LOOPBACK[self.family]
        self.peer_address = complete(self.family, host, port)
        found = self._host_at(host)
        self.bind_anywhere()
        self.address = self._source()
        self._latency = 0 if found.silent else self.network.latency(self.address[0], host)
        return found

    def _ask(self, host: Host, pause: int) -> None:
        """Our request to connect has reached the other host."""
        if self.state is not State.CONNECTING or self.peer_address is None:
            return  # the program has given up meanwhile
        listener = self.network.ports.receiver(self.kind, self.peer_address)
        if host.silent or (isinstance(listener, StreamEndpoint) and listener.is_full()):
            self._ask_again(host, pause)
        elif isinstance(listener, StreamEndpoint):
            other = listener._end_for(self)
            self.kernel.after(self._latency, lambda: self._meet(listener, other, host.segment))
        else:
            self.kernel.after(self._latency, lambda: self._fail("ECONNREFUSED"))

    def _ask_again(self, host: Host, pause: int) -> None:
        """Nobody has answered: repeat the request after `pause` nanoseconds."""
        if pause > LAST_PAUSE:
            self._fail("ETIMEDOUT")
        else:
            self.kernel.after(pause, lambda: self._ask(host, 2 * pause))

    def is_full(self) -> bool:
        """Whether a listener ignores further requests until somebody accepts."""
        return len(self._waiting) > self._backlog

    def _end_for(self, client: StreamEndpoint) -> StreamEndpoint:
        """A listener's own end of a connection with `client`."""
        end = type(self)(self.kernel, self.network, self.family)
        end.address, end.peer_address = client.peer_address or self.address, client.address
        end.options = dict(self.options)
        end._latency = client._latency
        end._told = Told.CONNECTED
        return end

    def _meet(self, listener: StreamEndpoint, other: StreamEndpoint, segment: int | None) -> None:
        """The other host's answer has reached us; ours now travels back to its listener."""
        if self.state is State.CONNECTING:
            self.join(other, segment)
            other._inherit_port()
            self.kernel.after(self._latency, lambda: listener._enqueue(other))

    def _inherit_port(self) -> None:
        """Keep the listener's port taken, as each of its connections does."""
        self.network.ports.add(self)
        self._hold = Hold.INHERITED

    def _enqueue(self, endpoint: StreamEndpoint) -> None:
        if self.state is State.LISTENING:
            self._waiting.append(endpoint)
            self.update()
        else:
            endpoint.abort()

    def _become_connected(self, peer: StreamEndpoint, incoming: Stream, outgoing: Stream) -> None:
        self._peer, self.state = peer, State.CONNECTED
        self._incoming, self._outgoing = incoming, outgoing
        incoming.on_arrival = self._arrived
        outgoing.on_room = self.update
        for (level, name), value in self.options.items():
            self._apply(level, name, value)
        self.update()

    # Talking.

    def receive(self, size: int, peek: bool = False) -> tuple[bytes, None]:
        """Up to `size` bytes; none at the end of the stream."""
        if self._incoming is not None and self._incoming.unread:
            data = self._incoming.read(size, peek)
            self.update()
            return data, None
        if not self._ended():
            self._raise_error()
        if self._ended() or self._deaf:
            return b"", None
        waits = self.state in (State.CONNECTING, State.CONNECTED)
        raise errnos.error("EAGAIN" if waits else "ENOTCONN")

    def send(self, data: memoryview) -> int:
        """Hand over as many bytes as there is room for; returns how many."""
        self._raise_error()
        if self.state is State.CONNECTING:
            raise errnos.error("EAGAIN")
        if self.state is not State.CONNECTED or self._finished or self._outgoing is None:
            raise errnos.error("EPIPE")
        if data and not self._room():
            raise errnos.error("EAGAIN")
        return self._outgoing.write(data)

    def set_option(self, level: int, name: int, value: int | bytes) -> None:
        super().set_option(level, name, value)
        self._apply(level, name, value)

    def _apply(self, level: int, name: int, value: int | bytes) -> None:
        """Let the sizes of the two buffers take effect, which are in bytes."""
        if level == SOL_SOCKET and isinstance(value, int):
            if name == SO_SNDBUF and self._outgoing is not None:
                self._outgoing.capacity_sent = value
            if name == SO_RCVBUF and self._incoming is not None:
                self._incoming.capacity_received = value

    def _arrived(self) -> None:
        """Bytes have come, or the end of the peer's stream."""
        if self.closed and self._unread():
            self.reset_peer()  # those are bytes for somebody who has gone
        self._end_if_both_have_finished()
        self.update()

    def _unread(self) -> int:
        return self._incoming.unread if self._incoming is not None else 0

    def _room(self) -> int:
        return self._outgoing.room if self._outgoing is not None else 0

    def _ended(self) -> bool:
        """Whether the peer's stream has come to its end."""
        return self._incoming is not None and self._incoming.ended

    # Parting.

    def shutdown(self, how: int) -> None:
        if how not in (socket.SHUT_RD, socket.SHUT_WR, socket.SHUT_RDWR):
            raise errnos.error("EINVAL")
        if self.state is State.LISTENING:
            if how != socket.SHUT_WR:
                self._stop_listening()
            return
        was_alone = self.state is State.ALONE
        if how != socket.SHUT_WR:
            self._deaf = True
        if how != socket.SHUT_RD:
            self._finish()
        self.update()
        if was_alone:
            raise errnos.error("ENOTCONN")

    def close(self) -> None:
        """Part: politely with the end of the stream, or with a reset where bytes stay unread."""
        self._stop_listening()
        if self._unread() or self._lingers_for_no_time():
            self.reset_peer()
        self._finish()
        if self.state is State.CONNECTING:
            self.state = State.ALONE
        super().close()

    def abort(self) -> None:
        """Close with a reset."""
        self.reset_peer()
        self.close()

    def reset_peer(self) -> None:
        """End the connection at once; what is under way to us is lost."""
        peer = self._peer
        if peer is not None:
            self._parted_first = False
            self._end()
            self.kernel.after(self._latency, peer._be_reset)

    def release_port(self) -> None:
        if self._parted_first and self._hold in (Hold.CHOSEN, Hold.INHERITED):
            self._held_until = self.kernel.now + LINGERING
        else:
            super().release_port()

    def has_left(self) -> bool:
        return self._held_until is not None and self._held_until <= self.kernel.now

    def _finish(self) -> None:
        """Send the end of our stream."""
        if not self._finished and self.state is State.CONNECTED and self._outgoing is not None:
            self._parted_first = not self._ended()
            self._outgoing.finish()
        self._finished = True
        self._end_if_both_have_finished()

    def _end_if_both_have_finished(self) -> None:
        if self.state is State.CONNECTED and self._finished and self._ended():
            self._end()

    def _be_reset(self) -> None:
        """The peer has ended the connection at once."""
        if self.state is State.CONNECTED and self._incoming is not None:
            self._incoming.cut()
            self._parted_first = False
            # Linux: who has seen the end of the stream and still writes has a broken pipe.
            self._fail("EPIPE" if self._ended() and not self._finished else "ECONNRESET")

    def _fail(self, error: str) -> None:
        """Connecting or the connection has come to an end with this error."""
        self._error = error
        self._end()

    def _end(self) -> None:
        """From now on there is no connection."""
        self.state = State.ALONE
        self._peer = None
        self._deaf = self._finished = True
        if self._hold is not Hold.CHOSEN:
            self.release_port()
        self.update()

    def _stop_listening(self) -> None:
        if self.state is State.LISTENING:
            self.state = State.ALONE
            while self._waiting:
                self._waiting.popleft().abort()
            if self._hold is not Hold.CHOSEN:
                self.release_port()
            self.update()

    def _lingers_for_no_time(self) -> bool:
        """Whether SO_LINGER asks for a reset: switched on, with a time of 0."""
        linger = self.options.get((SOL_SOCKET, SO_LINGER), b"")
        if not isinstance(linger, bytes):
            return False
        half = len(linger) // 2
        return any(linger[:half]) and not any(linger[half:])


class PairEndpoint(StreamEndpoint):
    """An end of a connection inside the machine (AF_UNIX), which knows at once what happens."""

    def connect(self, address: Address) -> None:
        """Connect with the listener at a path."""
        if self.state is not State.ALONE:
            raise errnos.error("EISCONN")
        listener = self.network.ports.receiver(self.kind, address)
        if not isinstance(listener, StreamEndpoint):
            if self.network.ports.may_hold(self, address):
                raise FileNotFoundError(2, "No such file or directory")
            raise errnos.error("ECONNREFUSED")
        self.peer_address = address
        other = listener._end_for(self)
        self.join(other)
        listener._enqueue(other)

    def shutdown(self, how: int) -> None:
        if self.state is State.ALONE:
            raise errnos.error("ENOTCONN")
        super().shutdown(how)
        if how != socket.SHUT_WR and self._peer is not None:
            self._peer._finished = True
            self._peer.update()

    def close(self) -> None:
        peer = self._peer
        super().close()
        if peer is not None:
            peer._finished = peer._deaf = True
            peer.update()

    def _end_if_both_have_finished(self) -> None:
        """The two stay a pair until one of them closes."""
