"""A transport: stands between a socket and a protocol, and acts when the loop says that it can."""

from __future__ import annotations

import selectors
import socket
import warnings
from collections import deque
from typing import Any

from .flow import FlowControl
from .flow import FlowControl as _FlowControlMixin
from .futures import Future
from .interfaces import (
    BaseTransport,
    DatagramTransport,
    ReadTransport,
    SubprocessTransport,
    Transport,
    WriteTransport,
)
from .log import logger
from .trsock import TransportSocket

# A module of this name has these in every asyncio.
__all__ = (
    "BaseTransport",
    "DatagramTransport",
    "ReadTransport",
    "SubprocessTransport",
    "Transport",
    "WriteTransport",
    "_FlowControlMixin",
)

# After a connection is lost, so many writes to it pass in silence; the next ones are logged.
QUIET_LOST_WRITES = 5


class SelectorTransport(FlowControl):
    """A socket that a loop watches: all that streams and datagrams have in common."""

    # The most that is read at once, in bytes. From 128 KiB on, the C library may ask the system for
    # new pages at each read, and give them back: then reading a few bytes costs six times as much.
    max_size = 120 * 1024

    _sock: socket.socket | None = None
    _server: Any = None
    _closing = False
    _paused = False
    # How often somebody wrote since the end of the connection was decided on; 0 before that.
    _conn_lost = 0
    # How many bytes wait in the buffer.
    _buffer_size = 0

    def __init__(
        self,
        loop: Any,
        sock: socket.socket,
        protocol: Any,
        waiter: Future[None] | None = None,
        extra: dict[str, Any] | None = None,
        server: Any = None,
    ) -> None:
        super().__init__(extra, loop)
        self._extra["socket"] = TransportSocket(sock)
        self._extra["sockname"] = _address(sock.getsockname)
        if "peername" not in self._extra:
            self._extra["peername"] = _address(sock.getpeername)
        self._buffer: deque[Any] = deque()
        self._sock_fd = sock.fileno()
        self.set_protocol(protocol)
        self._sock = sock
        if server is not None:
            self._server = server
            server._attach(self)
        loop._transports[self._sock_fd] = self
        # In a turn of its own, so that whoever makes a transport has it before it says anything.
        loop.call_soon(self._begin, waiter)

    def _begin(self, waiter: Future[None] | None) -> None:
        """Tell the protocol, then read, then tell who waits for the connection."""
        try:
            self._protocol.connection_made(self)
        finally:
            if self.is_reading():
                self._watch_for_reading()
            if waiter is not None and not waiter.done():
                waiter.set_result(None)

    def _watch_for_reading(self) -> None:
        self._loop._add_reader(self._sock_fd, self._read_ready)

    def _read_ready(self) -> None:
        raise NotImplementedError

    # What can be asked of it.

    def set_protocol(self, protocol: Any) -> None:
        """Talk to this protocol from now on."""
        self._protocol = protocol

    def get_protocol(self) -> Any:
        """The protocol that it talks to."""
        return self._protocol

    def get_write_buffer_size(self) -> int:
        return self._buffer_size

    def is_closing(self) -> bool:
        """Whether it is closed, or will be when all is sent."""
        return self._closing

    def is_reading(self) -> bool:
        """Whether the protocol may hear of something."""
        return not self._closing and not self._paused

    def pause_reading(self) -> None:
        """Read nothing more: the other end notices when the system's own buffers are full."""
        if not self.is_reading():
            return
        self._note("pauses reading")
        self._paused = True
        self._loop._remove_reader(self._sock_fd)

    def resume_reading(self) -> None:
        """Read again."""
        if self._paused and not self._closing:
            self._note("resumes reading")
            self._paused = False
            self._watch_for_reading()

    def _note(self, what: str) -> None:
        """In debug mode, log what it does."""
        if self._loop.get_debug():
            logger.debug("%r %s", self, what)

    # Its end.

    def close(self) -> None:
        """Read nothing more, send what waits, then close the socket."""
        if self._closing:
            return
        self._closing = True
        self._loop._remove_reader(self._sock_fd)
        if not self._buffer:
            self._end_soon(None)

    def abort(self) -> None:
        """Close the socket without sending what waits."""
        self._force_close(None)

    def _fatal_error(self, error: BaseException, message: str = "Fatal error on transport") -> None:
        """Give up, from where `error` is handled. That a peer has vanished is not logged."""
        if isinstance(error, SystemExit | KeyboardInterrupt):
            raise error
        if not isinstance(error, OSError):
            self._loop.call_exception_handler(
                {
                    "message": message,
                    "exception": error,
                    "transport": self,
                    "protocol": self._protocol,
                }
            )
        elif self._loop.get_debug():
            logger.debug("%r: %s", self, message, exc_info=True)
        self._force_close(error)

    def _force_close(self, error: BaseException | None) -> None:
        if self._conn_lost:
            return
        if self._buffer:
            self._buffer.clear()
            self._buffer_size = 0
            self._loop._remove_writer(self._sock_fd)
        if not self._closing:
            self._closing = True
            self._loop._remove_reader(self._sock_fd)
        self._end_soon(error)

    def _end_soon(self, error: BaseException | None) -> None:
        self._conn_lost = 1
        self._loop.call_soon(self._call_connection_lost, error)

    def _call_connection_lost(self, error: BaseException | None) -> None:
        """Tell the protocol, close the socket, and let go of all that this transport held."""
        try:
            self._protocol.connection_lost(error)
        finally:
            assert self._sock is not None
            self._sock.close()
            self._sock = self._protocol = self._loop = None
            server, self._server = self._server, None
            if server is not None:
                server._detach(self)

    def _write_was_lost(self) -> None:
        if self._conn_lost >= QUIET_LOST_WRITES:
            logger.warning("socket.send() raised exception.")
        self._conn_lost += 1

    def __del__(self) -> None:
        if self._sock is not None:
            warnings.warn(
                f"unclosed transport {self!r}", ResourceWarning, stacklevel=2, source=self
            )
            self._sock.close()
            if self._server is not None:
                self._server._detach(self)

    def __repr__(self) -> str:
        facts = [type(self).__name__]
        if self._sock is None:
            facts.append("closed")
        elif self._closing:
            facts.append("closing")
        facts.append(f"fd={self._sock_fd}")
        if self._loop is not None and not self._loop.is_closed():
            key = self._loop._selector.get_map().get(self._sock_fd)
            events = 0 if key is None else key.events
            reads = "polling" if events & selectors.EVENT_READ else "idle"
            writes = "polling" if events & selectors.EVENT_WRITE else "idle"
            facts.append(f"read={reads}")
            facts.append(f"write=<{writes}, bufsize={self.get_write_buffer_size()}>")
        return f"<{' '.join(facts)}>"


def _address(ask: Any) -> Any:
    """What a socket says of an end of its connection; None where it says nothing."""
    try:
        return ask()
    except OSError:
        return None
