"""Bytes from a connection and to it, for tasks that wait: what protocols hear, made awaitable."""

from __future__ import annotations

import collections
import functools
import sys
import warnings
import weakref
from collections.abc import Callable, Iterable
from typing import Any

from . import coroutines, running
from .exceptions import IncompleteReadError, LimitOverrunError
from .futures import Future
from .interfaces import Protocol
from .log import logger
from .waiting import sleep

# More bytes than twice this are not read ahead, and a line or a block may not be longer than this.
DEFAULT_LIMIT = 2**16

_LONE_SEPARATOR = "Separator should be at least one-byte string"


async def open_connection(
    host: Any = None, port: Any = None, *, limit: int = DEFAULT_LIMIT, **options: Any
) -> tuple[StreamReader, StreamWriter]:
    """Connect, and return a reader and a writer; options are those of `loop.create_connection`."""
    loop: Any = running.get_running_loop()
    return await _connect(loop.create_connection, host, port, limit=limit, **options)


async def start_server(
    client_connected_cb: Callable[..., Any],
    host: Any = None,
    port: Any = None,
    *,
    limit: int = DEFAULT_LIMIT,
    **options: Any,
) -> Any:
    """Listen, and call `client_connected_cb(reader, writer)` for each connection that comes.

    A coroutine function is run as a task. Options are those of `loop.create_server`.
    """
    loop: Any = running.get_running_loop()
    factory = _protocol_factory(client_connected_cb, limit, loop)
    return await loop.create_server(factory, host, port, **options)


async def open_unix_connection(
    path: Any = None, *, limit: int = DEFAULT_LIMIT, **options: Any
) -> tuple[StreamReader, StreamWriter]:
    """The same for a Unix socket."""
    loop: Any = running.get_running_loop()
    return await _connect(loop.create_unix_connection, path, limit=limit, **options)


async def start_unix_server(
    client_connected_cb: Callable[..., Any],
    path: Any = None,
    *,
    limit: int = DEFAULT_LIMIT,
    **options: Any,
) -> Any:
    """The same for a Unix socket."""
    loop: Any = running.get_running_loop()
    factory = _protocol_factory(client_connected_cb, limit, loop)
    return await loop.create_unix_server(factory, path, **options)


async def _connect(
    connect: Callable[..., Any], *address: Any, limit: int, **options: Any
) -> tuple[StreamReader, StreamWriter]:
    loop: Any = running.get_running_loop()
    reader = StreamReader(limit=limit, loop=loop)
    protocol = StreamReaderProtocol(reader, loop=loop)
    transport, _ = await connect(lambda: protocol, *address, **options)
    return reader, StreamWriter(transport, protocol, reader, loop)


def _protocol_factory(
    client_connected: Callable[..., Any], limit: int, loop: Any
) -> Callable[[], StreamReaderProtocol]:
    def factory() -> StreamReaderProtocol:
        reader = StreamReader(limit=limit, loop=loop)
        return StreamReaderProtocol(reader, client_connected, loop=loop)

    return factory


class FlowControlMixin(Protocol):
    """Lets tasks wait while the transport has too much to send."""

    def __init__(self, loop: Any = None) -> None:
        self._loop = running.loop_for_new_objects() if loop is None else loop
        self._paused = False
        self._drain_waiters: collections.deque[Future[None]] = collections.deque()
        self._connection_lost = False

    def pause_writing(self) -> None:
        """Above the high-water mark: `drain` waits."""
        assert not self._paused
        self._paused = True
        if self._loop.get_debug():
            logger.debug("%r pauses writing", self)

    def resume_writing(self) -> None:
        """Below the low-water mark: who waits in `drain` goes on."""
        assert self._paused
        self._paused = False
        if self._loop.get_debug():
            logger.debug("%r resumes writing", self)
        for waiter in self._drain_waiters:
            if not waiter.done():
                waiter.set_result(None)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Who waits in `drain` waits for nothing now."""
        self._connection_lost = True
        if not self._paused:
            return
        for waiter in self._drain_waiters:
            if not waiter.done():
                if exc is None:
                    waiter.set_result(None)
                else:
                    waiter.set_exception(exc)

    async def _drain_helper(self) -> None:
        if self._connection_lost:
            raise ConnectionResetError("Connection lost")
        if not self._paused:
            return
        waiter = self._loop.create_future()
        self._drain_waiters.append(waiter)
        try:
            await waiter
        finally:
            self._drain_waiters.remove(waiter)

    def _get_close_waiter(self, stream: StreamWriter) -> Future[None]:
        raise NotImplementedError


class StreamReaderProtocol(FlowControlMixin):
    """Hears what a transport says, and feeds a reader with it."""

    def __init__(
        self,
        stream_reader: StreamReader | None,
        client_connected_cb: Callable[..., Any] | None = None,
        loop: Any = None,
    ) -> None:
        super().__init__(loop=loop)
        self._stream_reader_wr: weakref.ref[StreamReader] | None = None
        self._source_traceback: Any = None
        if stream_reader is not None:
            # Whoever holds the reader keeps the connection alive, and nobody else.
            self._stream_reader_wr = weakref.ref(stream_reader)
            self._source_traceback = stream_reader._source_traceback
        self._strong_reader: StreamReader | None = None
        if client_connected_cb is not None:
            # Nobody can hold the reader of a connection that has yet to come.
            self._strong_reader = stream_reader
        self._reject_connection = False
        self._task: Any = None
        self._transport: Any = None
        self._client_connected_cb = client_connected_cb
        self._over_ssl = False
        self._closed: Future[None] = self._loop.create_future()

    @property
    def _stream_reader(self) -> StreamReader | None:
        return None if self._stream_reader_wr is None else self._stream_reader_wr()

    def _replace_transport(self, transport: Any) -> None:
        """TLS has begun: from now on this transport is the one."""
        self._transport = transport
        self._over_ssl = transport.get_extra_info("sslcontext") is not None

    def connection_made(self, transport: Any) -> None:
        """A client of ours, or of the server that we belong to, is connected."""
        if self._reject_connection:
            message = "An open stream was garbage collected prior to establishing network "
            context = {"message": f'{message}connection; call "stream.close()" explicitly.'}
            if self._source_traceback:
                context["source_traceback"] = self._source_traceback
            self._loop.call_exception_handler(context)
            transport.abort()
            return
        self._replace_transport(transport)
        reader = self._stream_reader
        if reader is not None:
            reader.set_transport(transport)
        if self._client_connected_cb is not None:
            self._hand_over(transport, reader)

    def _hand_over(self, transport: Any, reader: Any) -> None:
        """Give the server's function its reader and its writer, and run it."""
        assert self._client_connected_cb is not None
        writer = StreamWriter(transport, self, reader, self._loop)
        result = self._client_connected_cb(reader, writer)
        if coroutines.iscoroutine(result):
            self._task = self._loop.create_task(result)
            self._task.add_done_callback(functools.partial(self._client_done, transport))
        self._strong_reader = None

    def _client_done(self, transport: Any, task: Any) -> None:
        if task.cancelled():
            transport.close()
        elif (error := task.exception()) is not None:
            message = "Unhandled exception in client_connected_cb"
            self._loop.call_exception_handler(
                {"message": message, "exception": error, "transport": transport}
            )
            transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Who reads, writes or waits for the end hears of it."""
        reader = self._stream_reader
        if reader is not None:
            if exc is None:
                reader.feed_eof()
            else:
                reader.set_exception(exc)
        if not self._closed.done():
            if exc is None:
                self._closed.set_result(None)
            else:
                self._closed.set_exception(exc)
        super().connection_lost(exc)
        self._stream_reader_wr = None
        self._task = None
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Put them into the reader's buffer."""
        reader = self._stream_reader
        if reader is not None:
            reader.feed_data(data)

    def eof_received(self) -> bool:
        """The other side sends no more. We may still send, but not over TLS, which cannot."""
        reader = self._stream_reader
        if reader is not None:
            reader.feed_eof()
        return not self._over_ssl

    def _get_close_waiter(self, stream: StreamWriter) -> Future[None]:
        return self._closed

    def __del__(self) -> None:
        # An exception that nobody asked for is not worth a complaint: it ended a connection.
        closed = getattr(self, "_closed", None)
        if closed is not None and closed.done() and not closed.cancelled():
            closed.exception()


class StreamWriter:
    """Where to write to. `write` never waits; `await drain()` does, while too much is unsent."""

    def __init__(
        self, transport: Any, protocol: Any, reader: StreamReader | None, loop: Any
    ) -> None:
        self._transport = transport
        self._protocol = protocol
        self._reader = reader
        self._loop = loop
        self._complete_fut: Future[None] = loop.create_future()
        self._complete_fut.set_result(None)

    @property
    def transport(self) -> Any:
        """The transport under it."""
        return self._transport

    def write(self, data: bytes) -> None:
        """Send these bytes, as soon as they can be."""
        self._transport.write(data)

    def writelines(self, data: Iterable[bytes]) -> None:
        """Send several pieces, one behind the other."""
        self._transport.writelines(data)

    def write_eof(self) -> None:
        """Say that this was all. The other side may go on sending."""
        self._transport.write_eof()

    def can_write_eof(self) -> bool:
        """Whether the transport can say so."""
        answer: bool = self._transport.can_write_eof()
        return answer

    def close(self) -> None:
        """Close the connection when what was written is sent."""
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        answer: bool = self._transport.is_closing()
        return answer

    async def wait_closed(self) -> None:
        """Wait until it is closed. Raises what broke it."""
        await self._protocol._get_close_waiter(self)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the transport knows under this name: `socket`, `peername` and others."""
        return self._transport.get_extra_info(name, default)

    async def drain(self) -> None:
        """Wait while more is unsent than the transport likes. Raises what broke the connection."""
        if self._reader is not None and (error := self._reader.exception()) is not None:
            raise error
        if self._transport.is_closing():
            # The end may be on its way through the queue: let it come first, and then be raised.
            await sleep(0)
        await self._protocol._drain_helper()

    async def start_tls(
        self,
        sslcontext: Any,
        *,
        server_hostname: str | None = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
    ) -> None:
        """From here on, speak TLS over this connection."""
        protocol = self._protocol
        server_side = protocol._client_connected_cb is not None
        await self.drain()
        transport = await self._loop.start_tls(
            self._transport,
            protocol,
            sslcontext,
            server_side=server_side,
            server_hostname=server_hostname,
            ssl_handshake_timeout=ssl_handshake_timeout,
            ssl_shutdown_timeout=ssl_shutdown_timeout,
        )
        self._transport = transport
        protocol._replace_transport(transport)

    def __del__(self, warnings: Any = warnings) -> None:
        transport = getattr(self, "_transport", None)
        if transport is None or transport.is_closing():
            return
        if self._loop.is_closed():
            warnings.warn("loop is closed", ResourceWarning)
        else:
            self.close()
            warnings.warn(f"unclosed {self!r}", ResourceWarning)

    def __repr__(self) -> str:
        facts = [type(self).__name__, f"transport={self._transport!r}"]
        if self._reader is not None:
            facts.append(f"reader={self._reader!r}")
        return f"<{' '.join(facts)}>"


class StreamReader:
    """Where to read from. A protocol feeds it, and one task at a time takes from it."""

    _source_traceback: Any = None

    def __init__(self, limit: int = DEFAULT_LIMIT, loop: Any = None) -> None:
        if limit <= 0:
            raise ValueError("Limit cannot be <= 0")
        self._limit = limit
        self._loop = running.loop_for_new_objects() if loop is None else loop
        self._buffer = bytearray()
        self._eof = False  # nothing more will be fed
        self._waiter: Future[None] | None = None
        self._exception: BaseException | None = None
        self._transport: Any = None
        self._paused = False
        if self._loop.get_debug():
            from . import describing

            self._source_traceback = describing.extract_stack(sys._getframe(1))

    # From the protocol.

    def exception(self) -> BaseException | None:
        """What broke the connection."""
        return self._exception

    def set_exception(self, exc: BaseException) -> None:
        """The connection is broken: whoever reads is told."""
        self._exception = exc
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.cancelled():
            waiter.set_exception(exc)

    def set_transport(self, transport: Any) -> None:
        """Where the bytes come from: it is paused when there are too many of them."""
        assert self._transport is None, "Transport already set"
        self._transport = transport

    def feed_data(self, data: bytes) -> None:
        """Some bytes have come."""
        assert not self._eof, "feed_data after feed_eof"
        if not data:
            return
        self._buffer.extend(data)
        self._wakeup_waiter()
        if self._transport is None or self._paused or len(self._buffer) <= 2 * self._limit:
            return
        try:
            self._transport.pause_reading()
        except NotImplementedError:
            self._transport = None  # it cannot be paused, and is not asked again
        else:
            self._paused = True

    def feed_eof(self) -> None:
        """No more will come."""
        self._eof = True
        self._wakeup_waiter()

    def at_eof(self) -> bool:
        """Whether all has been read, and no more will come."""
        return self._eof and not self._buffer

    def _wakeup_waiter(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.cancelled():
            waiter.set_result(None)

    def _maybe_resume_transport(self) -> None:
        if self._paused and len(self._buffer) <= self._limit:
            self._paused = False
            self._transport.resume_reading()

    async def _wait_for_data(self, reader: str) -> None:
        """Wait until something has come, or is known not to."""
        if self._waiter is not None:
            raise RuntimeError(
                f"{reader}() called while another coroutine is already waiting for incoming data"
            )
        assert not self._eof, "_wait_for_data after EOF"
        if self._paused:  # or nothing would ever come
            self._paused = False
            self._transport.resume_reading()
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    # For tasks.

    async def readline(self) -> bytes:
        """A line with its newline; the rest, perhaps nothing, where the end comes first.

        Raises `ValueError` where the line is longer than the limit; the line is dropped.
        """
        try:
            return await self.readuntil(b"\n")
        except IncompleteReadError as error:
            return error.partial
        except LimitOverrunError as error:
            if self._buffer.startswith(b"\n", error.consumed):
                del self._buffer[: error.consumed + 1]
            else:
                self._buffer.clear()
            self._maybe_resume_transport()
            raise ValueError(error.args[0]) from None

    async def readuntil(self, separator: bytes | tuple[bytes, ...] = b"\n") -> bytes:
        """The bytes up to the separator, or to the first of several, and the separator.

        Raises `IncompleteReadError` with what there is where the end comes first, and
        `LimitOverrunError` where the separator does not come within the limit: the bytes stay.
        """
        separators = self._separators(separator)
        longest = max(map(len, separators))
        if self._exception is not None:
            raise self._exception
        looked_at = 0
        while True:
            if len(self._buffer) - looked_at >= min(map(len, separators)):
                found = self._find(separators, looked_at)
                if found is not None:
                    start, end = found
                    break
                # The beginning of a separator may stand at the end.
                looked_at = max(0, len(self._buffer) + 1 - longest)
                if looked_at > self._limit:
                    raise LimitOverrunError(
                        "Separator is not found, and chunk exceed the limit", looked_at
                    )
            if self._eof:
                partial = bytes(self._buffer)
                self._buffer.clear()
                raise IncompleteReadError(partial, None)
            await self._wait_for_data("readuntil")
        if start > self._limit:
            raise LimitOverrunError("Separator is found, but chunk is longer than limit", start)
        return self._take(end)

    def _separators(self, separator: Any) -> list[bytes]:
        separators = list(separator) if isinstance(separator, tuple) else [separator]
        if not separators:
            raise ValueError("Separator should contain at least one element")
        if not all(separators):
            raise ValueError(_LONE_SEPARATOR)
        return separators

    def _find(self, separators: list[bytes], begin: int) -> tuple[int, int] | None:
        """Where the first separator to end begins and ends; of two that end there, the shorter."""
        found = [
            (at, at + len(each))
            for each in separators
            if (at := self._buffer.find(each, begin)) != -1
        ]
        return min(found, key=lambda place: (place[1], -place[0])) if found else None

    async def read(self, n: int = -1) -> bytes:
        """At most `n` bytes, as soon as there are any; nothing at the end. All of them with -1."""
        if self._exception is not None:
            raise self._exception
        if n == 0:
            return b""
        if n < 0:
            blocks = []
            while block := await self.read(self._limit):
                blocks.append(block)
            return b"".join(blocks)
        if not self._buffer and not self._eof:
            await self._wait_for_data("read")
        return self._take(n)

    async def readexactly(self, n: int) -> bytes:
        """Exactly `n` bytes. Raises `IncompleteReadError` with what there is at an earlier end."""
        if n < 0:
            raise ValueError("readexactly size can not be less than zero")
        if self._exception is not None:
            raise self._exception
        while len(self._buffer) < n:
            if self._eof:
                raise IncompleteReadError(self._take(n), n)
            await self._wait_for_data("readexactly")
        return self._take(n)

    def _take(self, n: int) -> bytes:
        if n >= len(self._buffer):
            data = bytes(self._buffer)
            self._buffer.clear()
        else:
            data = bytes(memoryview(self._buffer)[:n])
            del self._buffer[:n]
        if self._paused:
            self._maybe_resume_transport()
        return data

    def __aiter__(self) -> StreamReader:
        return self

    async def __anext__(self) -> bytes:
        line = await self.readline()
        if not line:
            raise StopAsyncIteration
        return line

    def __repr__(self) -> str:
        facts = ["StreamReader"]
        if self._buffer:
            facts.append(f"{len(self._buffer)} bytes")
        if self._eof:
            facts.append("eof")
        if self._limit != DEFAULT_LIMIT:
            facts.append(f"limit={self._limit}")
        if self._waiter:
            facts.append(f"waiter={self._waiter!r}")
        if self._exception:
            facts.append(f"exception={self._exception!r}")
        if self._transport:
            facts.append(f"transport={self._transport!r}")
        if self._paused:
            facts.append("paused")
        return f"<{' '.join(facts)}>"
