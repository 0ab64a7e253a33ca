"""Pipes: their ends are one-way transports, on a descriptor in place of a socket."""

from __future__ import annotations

import errno
import os
import stat
import sys
import warnings
from collections.abc import Callable
from typing import Any

from .flow import FlowControl
from .futures import Future
from .interfaces import BaseTransport, ReadTransport
from .log import logger
from .sockets import NOT_NOW
from .streamtransports import BYTES
from .tls import TlsLoop
from .transports import QUIET_LOST_WRITES


class PipeEnd(BaseTransport):
    """What both ends have in common. A socket and a terminal can be used in the same way."""

    _pipe: Any = None
    _closing = False
    _protocol: Any = None

    def _open(self, loop: Any, pipe: Any, protocol: Any, waiter: Future[None] | None) -> None:
        """Take the pipe over; the protocol hears of it in a turn of its own."""
        number = pipe.fileno()
        kind = os.fstat(number).st_mode
        if not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind) or stat.S_ISCHR(kind)):
            raise ValueError("Pipe transport is only for pipes, sockets and character devices")
        os.set_blocking(number, False)
        self._extra["pipe"] = pipe
        self._loop, self._pipe, self._fileno, self._protocol = loop, pipe, number, protocol
        loop.call_soon(self._begin, waiter)

    def _begin(self, waiter: Future[None] | None) -> None:
        """Tell the protocol, then watch the pipe, then tell who waits for this."""
        try:
            self._protocol.connection_made(self)
        finally:
            if not self._closing:
                self._watch()
            if waiter is not None and not waiter.done():
                waiter.set_result(None)

    def _watch(self) -> None:
        raise NotImplementedError

    def set_protocol(self, protocol: Any) -> None:
        """Talk to this protocol from now on."""
        self._protocol = protocol

    def get_protocol(self) -> Any:
        """The protocol that it talks to."""
        return self._protocol

    def is_closing(self) -> bool:
        """Whether it is closed, or will be when all is sent."""
        return self._closing

    def _note(self, what: str) -> None:
        """In debug mode, log what it does."""
        if self._loop.get_debug():
            logger.debug("%r %s", self, what)

    def _fatal_error(
        self, error: BaseException, message: str = "Fatal error on pipe transport"
    ) -> None:
        """Give up, from where `error` is handled."""
        if not self._says_gone(error):
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
        self._close(error)

    def _says_gone(self, error: BaseException) -> bool:
        """Whether it is no more than the way in which one hears that the other end is gone."""
        return isinstance(error, OSError)

    def _close(self, error: BaseException | None) -> None:
        """Close it now; what waits is lost."""
        self._end_soon(error)

    def _end_soon(self, error: BaseException | None) -> None:
        """Watch the pipe no more, and close it in a turn of its own."""
        self._closing = True
        self._loop._remove_reader(self._fileno)
        self._loop.call_soon(self._call_connection_lost, error)

    def _call_connection_lost(self, error: BaseException | None) -> None:
        if self._pipe is None:  # it was ended twice in one turn
            return
        try:
            self._protocol.connection_lost(error)
        finally:
            self._pipe.close()
            self._pipe = self._protocol = self._loop = None

    def __del__(self) -> None:
        if self._pipe is not None:
            warnings.warn(
                f"unclosed transport {self!r}", ResourceWarning, stacklevel=2, source=self
            )
            self._pipe.close()

    def __repr__(self) -> str:
        facts = [type(self).__name__]
        if self._pipe is None:
            facts.append("closed")
        else:
            facts += ["closing" if self._closing else "open", f"fd={self._fileno}"]
        return f"<{' '.join(facts)}>"


class ReadPipeTransport(PipeEnd, ReadTransport):
    """The end that is read from."""

    # The most that is read at once, in bytes: as much as a pipe holds on Linux.
    max_size = 64 * 1024
    _paused = False

    def __init__(
        self,
        loop: Any,
        pipe: Any,
        protocol: Any,
        waiter: Future[None] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(extra)
        self._open(loop, pipe, protocol, waiter)

    def _watch(self) -> None:
        if self.is_reading():
            self._loop._add_reader(self._fileno, self._read_ready)

    def _read_ready(self) -> None:
        try:
            data = os.read(self._fileno, self.max_size)
        except NOT_NOW:
            return
        except OSError as error:
            self._fatal_error(error, "Fatal read error on pipe transport")
            return
        if data:
            self._protocol.data_received(data)
            return
        self._note("was closed by peer")
        self._close(None)
        self._protocol.eof_received()

    def _says_gone(self, error: BaseException) -> bool:
        # Of a pipe one hears by its end, of a terminal in this way.
        return isinstance(error, OSError) and error.errno == errno.EIO

    def is_reading(self) -> bool:
        """Whether the protocol may hear of something."""
        return not self._closing and not self._paused

    def pause_reading(self) -> None:
        """Read nothing more: who writes has to wait when the pipe is full."""
        if self.is_reading():
            self._note("pauses reading")
            self._paused = True
            self._loop._remove_reader(self._fileno)

    def resume_reading(self) -> None:
        """Read again."""
        if self._paused and not self._closing:
            self._note("resumes reading")
            self._paused = False
            self._watch()

    def close(self) -> None:
        """Read nothing more, and close the pipe."""
        if not self._closing:
            self._close(None)


class WritePipeTransport(PipeEnd, FlowControl):
    """The end that is written to."""

    # How often somebody wrote although it was closed, or broken.
    _conn_lost = 0

    def __init__(
        self,
        loop: Any,
        pipe: Any,
        protocol: Any,
        waiter: Future[None] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(extra, loop)
        self._buffer = bytearray()
        self._open(loop, pipe, protocol, waiter)

    def _watch(self) -> None:
        """Nothing can be read here, but the system says "readable" when nobody reads any more."""
        kind = os.fstat(self._fileno).st_mode
        aix = sys.platform.startswith("aix")  # which does not say so of pipes
        if stat.S_ISSOCK(kind) or (stat.S_ISFIFO(kind) and not aix):
            self._loop._add_reader(self._fileno, self._read_ready)

    def _read_ready(self) -> None:
        self._note("was closed by peer")
        self._close(BrokenPipeError() if self._buffer else None)

    def get_write_buffer_size(self) -> int:
        return len(self._buffer)

    def write(self, data: Any) -> None:
        """Send these bytes; it never waits, and what cannot be sent now is sent later."""
        if not isinstance(data, BYTES):
            kind = type(data).__name__
            raise TypeError(f"data argument must be a bytes-like object, not {kind!r}")
        if not data:
            return
        if self._conn_lost or self._closing:
            if self._conn_lost >= QUIET_LOST_WRITES:
                logger.warning("pipe closed by peer or os.write(pipe, data) raised exception.")
            self._conn_lost += 1
            return
        view = memoryview(data).cast("B")
        if not self._buffer:
            sent = self._send(view)
            if sent is None or sent == len(view):
                return
            view = view[sent:]
            self._loop._add_writer(self._fileno, self._write_ready)
        self._buffer += view
        self._maybe_pause_protocol()

    def _send(self, data: Any) -> int | None:
        """Send as much as the pipe takes; how many bytes that was. None where that broke it."""
        try:
            return os.write(self._fileno, data)
        except NOT_NOW:
            return 0
        except OSError as error:
            self._conn_lost += 1
            self._fatal_error(error, "Fatal write error on pipe transport")
            return None

    def _write_ready(self) -> None:
        """The pipe takes more."""
        sent = self._send(self._buffer)
        if sent is None:
            return
        del self._buffer[:sent]
        if not self._buffer:
            self._loop._remove_writer(self._fileno)
            if self._closing:
                self._loop._remove_reader(self._fileno)
                self._call_connection_lost(None)
                return
        self._maybe_resume_protocol()  # who may write more

    def can_write_eof(self) -> bool:
        """True: to close the pipe is to say that this was all."""
        return True

    def write_eof(self) -> None:
        """Send what waits, then close the pipe."""
        if not self._closing:
            self._closing = True
            if not self._buffer:
                self._end_soon(None)

    def close(self) -> None:
        """The same."""
        if not self._closing:
            self.write_eof()

    def abort(self) -> None:
        """Close the pipe without sending what waits."""
        self._close(None)

    def _close(self, error: BaseException | None) -> None:
        if self._pipe is None:
            return
        if self._buffer:
            self._buffer.clear()
            self._loop._remove_writer(self._fileno)
        self._end_soon(error)


class PipeLoop(TlsLoop):
    """Makes transports of pipes. Each method returns a transport and its protocol."""

    async def connect_read_pipe(
        self, protocol_factory: Callable[[], Any], pipe: Any
    ) -> tuple[Any, Any]:
        """Read from this end of a pipe, a file object that the transport closes at its end."""
        return await self._connect_pipe(self._make_read_pipe_transport, protocol_factory, pipe)

    async def connect_write_pipe(
        self, protocol_factory: Callable[[], Any], pipe: Any
    ) -> tuple[Any, Any]:
        """Write to this end of a pipe."""
        return await self._connect_pipe(self._make_write_pipe_transport, protocol_factory, pipe)

    async def _connect_pipe(
        self, make: Callable[..., Any], protocol_factory: Callable[[], Any], pipe: Any
    ) -> tuple[Any, Any]:
        protocol = protocol_factory()
        waiter = self.create_future()
        transport = make(pipe, protocol, waiter)
        try:
            await waiter
        except BaseException:
            transport.close()
            raise
        if self._debug:
            logger.debug("Pipe %r connected: (%r, %r)", pipe.fileno(), transport, protocol)
        return transport, protocol

    def _make_read_pipe_transport(self, *args: Any) -> ReadPipeTransport:
        return ReadPipeTransport(self, *args)

    def _make_write_pipe_transport(self, *args: Any) -> WritePipeTransport:
        return WritePipeTransport(self, *args)
