"""One direction of a connection: bytes under way, and bytes that have arrived."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from glassloop.lab.kernel import Kernel

# Bytes that a sender may have under way, and that a receiver keeps unread, unless SO_SNDBUF
# and SO_RCVBUF say otherwise. Linux has more and lets it grow; a small fixed number makes
# back-pressure easy to meet.
BUFFER_SIZE = 65_536


class Stream:
    """Bytes from a sender to a receiver, who are told when something has changed for them.

    `latency` is in nanoseconds. `segment` is the number of bytes that travel together; no read
    returns bytes of two segments (None: bytes that have arrived are read together).
    """

    def __init__(self, kernel: Kernel, latency: int = 0, segment: int | None = None) -> None:
        self.capacity_sent = BUFFER_SIZE
        self.capacity_received = BUFFER_SIZE
        self.on_arrival: Callable[[], None] = lambda: None
        self.on_room: Callable[[], None] = lambda: None
        self.ended = False  # the end of the stream has arrived
        self._kernel = kernel
        self._latency = latency
        self._segment = segment
        # What is sent, with the time at which it can arrive. None is the end of the stream.
        self._under_way: deque[tuple[int, bytes | None]] = deque()
        self._sent = 0  # bytes under way
        self._arrived: deque[bytes] = deque()
        self._unread = 0  # bytes arrived

    @property
    def room(self) -> int:
        """How many bytes the sender may still hand over."""
        return max(0, self.capacity_sent - self._sent)

    @property
    def unread(self) -> int:
        """How many bytes wait for the reader."""
        return self._unread

    def write(self, data: memoryview) -> int:
        """Send as much of `data` as there is room for; returns how many bytes that is."""
        accepted = bytes(data[: self.room])
        step = self._segment or len(accepted) or 1
        for start in range(0, len(accepted), step):
            self._send(accepted[start : start + step])
        return len(accepted)

    def finish(self) -> None:
        """Send the end of the stream, behind all bytes sent before."""
        self._send(None)

    def read(self, size: int, peek: bool = False) -> bytes:
        """At least one and up to `size` of the bytes that have arrived; `peek` leaves them."""
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
        if peek:
            self._arrived.extendleft(reversed(taken))
        else:
            self._unread -= size - missing
            self._deliver()
        return b"".join(taken)

    def cut(self) -> None:
        """Lose what has not arrived."""
        self._under_way.clear()
        self._sent = 0

    def _send(self, piece: bytes | None) -> None:
        self._under_way.append((self._kernel.now + self._latency, piece))
        self._sent += len(piece or b"")
        self._kernel.after(self._latency, self._deliver)

    def _deliver(self) -> None:
        """Let arrive what has travelled long enough and finds room."""
        while self._under_way and self._under_way[0][0] <= self._kernel.now:
            time, piece = self._under_way.popleft()
            if piece is None:
                self.ended = True
                continue
            fits = min(len(piece), self.capacity_received - self._unread)
            if fits > 0:
                self._arrived.append(piece[:fits])
                self._unread += fits
                self._sent -= fits
            if fits < len(piece):
                self._under_way.appendleft((time, piece[max(0, fits) :]))
                break
        self.on_arrival()
        self.on_room()
