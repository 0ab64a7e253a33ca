"""Sends files: the loop copies them block by block, or has the system do it where that can."""

from __future__ import annotations

import enum
import errno
import os
import socket
import sys
from typing import Any

from .exceptions import SendfileNotAvailableError
from .flow import FlowControl
from .futures import Future
from .interfaces import Protocol
from .sockets import NOT_NOW, SocketLoop

# Bytes that are read from the file at once where the loop copies: to a socket, to a transport.
SOCKET_BLOCK = 256 * 1024
TRANSPORT_BLOCK = 16 * 1024
# The system takes a size that fits into its word.
LARGEST_BLOCK = sys.maxsize // 2 + 1


class SendfileMode(enum.Enum):
    """How a transport can be given a file: not at all, by the system, or in blocks."""

    UNSUPPORTED = enum.auto()
    TRY_NATIVE = enum.auto()
    FALLBACK = enum.auto()


class CopyingLoop(SocketLoop):
    """Sends the bytes of a file, from `offset`, `count` of them or all; returns how many were sent.

    Afterwards the file's position is behind the last one, also where sending has failed. Where the
    system cannot do it and `fallback` is false, `SendfileNotAvailableError` is raised.
    """

    async def sock_sendfile(
        self,
        sock: socket.socket,
        file: Any,
        offset: int = 0,
        count: int | None = None,
        *,
        fallback: bool = True,
    ) -> int:
        """Send a file to a socket."""
        self._check_socket(sock)
        _check(sock, file, offset, count)
        try:
            return await self._sock_sendfile_native(sock, file, offset, count)
        except SendfileNotAvailableError:
            if not fallback:
                raise
        return await self._sock_sendfile_fallback(sock, file, offset, count)

    async def sendfile(
        self,
        transport: Any,
        file: Any,
        offset: int = 0,
        count: int | None = None,
        *,
        fallback: bool = True,
    ) -> int:
        """Send a file to a transport, behind what was written before."""
        if transport.is_closing():
            raise RuntimeError("Transport is closing")
        # By name: the standard library's transports have a mode of its own kind.
        mode = getattr(transport, "_sendfile_compatible", SendfileMode.UNSUPPORTED).name
        if mode == SendfileMode.UNSUPPORTED.name:
            raise RuntimeError(f"sendfile is not supported for transport {transport!r}")
        if mode == SendfileMode.TRY_NATIVE.name:
            try:
                return await self._sendfile_native(transport, file, offset, count)
            except SendfileNotAvailableError:
                if not fallback:
                    raise
        if not fallback:
            raise RuntimeError(
                "fallback is disabled and native sendfile is not supported "
                f"for transport {transport!r}"
            )
        return await self._sendfile_fallback(transport, file, offset, count)

    # By the loop.

    async def _sock_sendfile_fallback(
        self, sock: socket.socket, file: Any, offset: int, count: int | None
    ) -> int:
        blocks = _Blocks(self, file, offset, count, SOCKET_BLOCK)
        try:
            while block := await blocks.read():
                await self.sock_sendall(sock, block)
                blocks.sent += len(block)
        finally:
            blocks.leave()
        return blocks.sent

    async def _sendfile_fallback(
        self, transport: Any, file: Any, offset: int, count: int | None
    ) -> int:
        blocks = _Blocks(self, file, offset, count, TRANSPORT_BLOCK)
        gate = _Gate(transport)
        try:
            while block := await blocks.read():
                await gate.open()
                transport.write(block)
                blocks.sent += len(block)
        finally:
            blocks.leave()
            gate.give_back()
        return blocks.sent

    # By the system. This loop does not know how.

    async def _sock_sendfile_native(
        self, sock: socket.socket, file: Any, offset: int, count: int | None
    ) -> int:
        raise SendfileNotAvailableError(
            f"syscall sendfile is not available for socket {sock!r} and file {file!r} combination"
        )

    async def _sendfile_native(
        self, transport: Any, file: Any, offset: int, count: int | None
    ) -> int:
        raise SendfileNotAvailableError("sendfile syscall is not supported")


class SendfileMixin(CopyingLoop):
    """Has the system copy from the file to the socket: the bytes never come to this process."""

    async def _sock_sendfile_native(
        self, sock: socket.socket, file: Any, offset: int, count: int | None
    ) -> int:
        if not hasattr(os, "sendfile"):
            raise SendfileNotAvailableError("os.sendfile() is not available")
        number = _descriptor_of(file)
        if not (count or os.fstat(number).st_size):
            return 0
        sent = 0
        try:
            while count is None or sent < count:
                left = LARGEST_BLOCK if count is None else count - sent
                try:
                    step = os.sendfile(sock.fileno(), number, offset + sent, left)
                except NOT_NOW:
                    pass
                except OSError as error:
                    raise _named(error, sent) from error
                else:
                    if step == 0:
                        break
                    sent += step
                await self._until_writable(sock)
        finally:
            if sent:
                os.lseek(number, offset + sent, os.SEEK_SET)
        return sent

    async def _sendfile_native(
        self, transport: Any, file: Any, offset: int, count: int | None
    ) -> int:
        """Borrow the transport's socket, once all that was written before is sent."""
        was_reading = transport.is_reading()
        transport.pause_reading()
        self._transports.pop(transport._sock_fd, None)
        try:
            await transport._make_empty_waiter()
            return await self.sock_sendfile(transport._sock, file, offset, count, fallback=False)
        finally:
            transport._reset_empty_waiter()
            if not transport.is_closing():
                self._transports[transport._sock_fd] = transport
            if was_reading:
                transport.resume_reading()


def _check(sock: socket.socket, file: Any, offset: int, count: int | None) -> None:
    if "b" not in getattr(file, "mode", "b"):
        raise ValueError("file should be opened in binary mode")
    if sock.type != socket.SOCK_STREAM:
        raise ValueError("only SOCK_STREAM type sockets are supported")
    if count is not None:
        problem = f"count must be a positive integer (got {count!r})"
        if not isinstance(count, int):
            raise TypeError(problem)
        if count <= 0:
            raise ValueError(problem)
    problem = f"offset must be a non-negative integer (got {offset!r})"
    if not isinstance(offset, int):
        raise TypeError(problem)
    if offset < 0:
        raise ValueError(problem)


def _descriptor_of(file: Any) -> int:
    """The number by which the system knows this file. Raises where it knows none."""
    if not hasattr(os, "sendfile"):
        raise SendfileNotAvailableError("os.sendfile() is not available")
    try:
        number: int = file.fileno()
        os.fstat(number)
    except (AttributeError, OSError) as error:  # io.UnsupportedOperation is an OSError
        raise SendfileNotAvailableError("not a regular file") from error
    return number


def _named(error: OSError, sent: int) -> Exception:
    """The same error by the name that tells the caller what to do about it."""
    if not sent:  # whatever the reason, nothing is lost by copying in place of this
        return SendfileNotAvailableError("os.sendfile call failed")
    if error.errno == errno.ENOTCONN and type(error) is not ConnectionError:
        return ConnectionError("socket is not connected", errno.ENOTCONN)
    return error


class _Blocks:
    """A file, read block by block in a thread. What is sent of it the caller adds up in `sent`."""

    def __init__(self, loop: Any, file: Any, offset: int, count: int | None, size: int) -> None:
        self.sent = 0
        self._loop, self._file, self._offset, self._count = loop, file, offset, count
        self._buffer = memoryview(bytearray(size if count is None else min(size, count)))
        if offset:
            file.seek(offset)

    async def read(self) -> memoryview:
        """The next block, empty at the end. It is good until the next one is read."""
        left = len(self._buffer) if self._count is None else self._count - self.sent
        room = self._buffer[:left]
        if not room:
            return room
        return room[: await self._loop.run_in_executor(None, self._file.readinto, room)]

    def leave(self) -> None:
        """Set the file's position behind the last byte that was sent."""
        if self.sent and hasattr(self._file, "seek"):
            self._file.seek(self._offset + self.sent)


class _Gate(Protocol):
    """Takes a protocol's place while a file is sent: where that one would pause, the file does."""

    _transport: Any

    def __init__(self, transport: object) -> None:
        if not isinstance(transport, FlowControl):
            raise TypeError("transport should be _FlowControlMixin instance")
        self._transport = transport
        self._protocol = self._transport.get_protocol()
        self._loop = transport._loop
        self._was_reading = self._transport.is_reading()
        self._was_paused = transport._protocol_paused
        self._opened: Future[None] | None = self._loop.create_future() if self._was_paused else None
        self._transport.pause_reading()
        self._transport.set_protocol(self)

    async def open(self) -> None:
        """Wait until the transport takes more."""
        if self._transport.is_closing():
            raise ConnectionError("Connection closed by peer")
        if self._opened is not None:
            await self._opened

    def pause_writing(self) -> None:
        if self._opened is None:
            self._opened = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._opened is not None:
            opened, self._opened = self._opened, None
            if not opened.done():
                opened.set_result(None)

    def connection_lost(self, exc: BaseException | None) -> None:
        # Whatever the reason, who sends a file has not seen the end of it.
        if self._opened is not None and not self._opened.done():
            self._opened.set_exception(exc or ConnectionError("Connection is closed by peer"))
        self._protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        raise RuntimeError("Invalid state: reading should be paused")

    def eof_received(self) -> bool | None:
        raise RuntimeError("Invalid state: reading should be paused")

    def give_back(self) -> None:
        """Put the protocol in its place again, and tell it what it has missed."""
        if self._opened is not None:
            self._opened.cancel()
        self._transport.set_protocol(self._protocol)
        if self._was_reading:
            self._transport.resume_reading()
        is_paused = self._transport._protocol_paused
        if is_paused and not self._was_paused:
            self._protocol.pause_writing()
        elif self._was_paused and not is_paused:
            self._protocol.resume_writing()
