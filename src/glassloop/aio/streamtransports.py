"""A stream's transport: hands over bytes as they come, and sends them as the socket takes them."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Iterable, Sequence
from typing import Any

from .futures import Future
from .interfaces import BufferedProtocol
from .sendfile import SendfileMode
from .sockets import NOT_NOW
from .transports import SelectorTransport

# What can be written.
BYTES = (bytes, bytearray, memoryview)


def _most_pieces() -> int:
    """How many pieces the system takes in one call."""
    try:
        return os.sysconf("SC_IOV_MAX")
    except (AttributeError, OSError, ValueError):
        return 16  # what every system takes, by the X/Open standard


MOST_PIECES = _most_pieces()


class SocketTransport(SelectorTransport):
    """A stream of bytes over TCP or a Unix socket.

    Reading is one call of the socket and one of the protocol. Writing is one call of the socket;
    only what that did not take goes into a buffer, which is sent when the socket takes more.
    """

    _start_tls_compatible = True
    _sendfile_compatible = SendfileMode.TRY_NATIVE
    _eof = False
    # Whether the protocol brings a buffer to read into.
    _buffered = False
    # While a file is sent: done when all that was written before is sent. Nobody may write then.
    _empty_waiter: Future[None] | None = None

    def __init__(self, loop: Any, sock: socket.socket, *args: Any, **more: Any) -> None:
        _send_at_once(sock)
        super().__init__(loop, sock, *args, **more)

    # Reading.

    def set_protocol(self, protocol: Any) -> None:
        super().set_protocol(protocol)
        was_buffered, self._buffered = self._buffered, isinstance(protocol, BufferedProtocol)
        if self._sock is not None and was_buffered != self._buffered and self.is_reading():
            self._watch_for_reading()

    def _watch_for_reading(self) -> None:
        read = self._read_into_buffer if self._buffered else self._read_data
        self._loop._add_reader(self._sock_fd, read)

    def _read_data(self) -> None:
        try:
            data = self._sock.recv(self.max_size)  # type: ignore[union-attr]
        except NOT_NOW:
            return
        except BaseException as error:
            self._fatal_error(error, "Fatal read error on socket transport")
            return
        if not data:
            self._read_eof()
            return
        try:
            self._protocol.data_received(data)
        except BaseException as error:
            self._fatal_error(error, "Fatal error: protocol.data_received() call failed.")

    def _read_into_buffer(self) -> None:
        assert self._sock is not None
        try:
            buffer = self._protocol.get_buffer(-1)
            if not len(buffer):
                raise RuntimeError("get_buffer() returned an empty buffer")
        except BaseException as error:
            self._fatal_error(error, "Fatal error: protocol.get_buffer() call failed.")
            return
        try:
            count = self._sock.recv_into(buffer)
        except NOT_NOW:
            return
        except BaseException as error:
            self._fatal_error(error, "Fatal read error on socket transport")
            return
        if not count:
            self._read_eof()
            return
        try:
            self._protocol.buffer_updated(count)
        except BaseException as error:
            self._fatal_error(error, "Fatal error: protocol.buffer_updated() call failed.")

    def _read_eof(self) -> None:
        """The other end sends no more, but still reads, for a protocol that has more to write."""
        self._note("received EOF")
        try:
            keep_open = self._protocol.eof_received()
        except BaseException as error:
            self._fatal_error(error, "Fatal error: protocol.eof_received() call failed.")
            return
        if keep_open:
            self._loop._remove_reader(self._sock_fd)
        else:
            self.close()

    # Writing.

    def write(self, data: Any) -> None:
        """Send these bytes; it never waits, and what cannot be sent now is sent later."""
        if not isinstance(data, BYTES):
            kind = type(data).__name__
            raise TypeError(f"data argument must be a bytes-like object, not {kind!r}")
        if self._eof or self._empty_waiter is not None:
            raise self._why_not_write("write")
        if not data:
            return
        if self._conn_lost:
            self._write_was_lost()
            return
        sent = 0
        if not self._buffer:
            try:
                sent = self._sock.send(data)  # type: ignore[union-attr]
            except NOT_NOW:
                pass
            except BaseException as error:
                self._fatal_error(error, "Fatal write error on socket transport")
                return
            if sent == len(data):
                return
        self._keep([data], sent)

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        """Send several pieces, in one call and without joining them first."""
        if self._eof or self._empty_waiter is not None:
            raise self._why_not_write("writelines")
        pieces = [memoryview(data) for data in list_of_data if len(data)]
        if not pieces:
            return
        if self._conn_lost:
            self._write_was_lost()
            return
        sent = 0
        if not self._buffer:
            try:
                sent = self._send_pieces(pieces)
            except NOT_NOW:
                pass
            except BaseException as error:
                self._fatal_error(error, "Fatal write error on socket transport")
                return
        self._keep(pieces, sent)

    def _why_not_write(self, method: str) -> RuntimeError:
        if self._eof:
            return RuntimeError(f"Cannot call {method}() after write_eof()")
        return RuntimeError(f"unable to {method}; sendfile is in progress")

    def _keep(self, pieces: Iterable[Any], sent: int) -> None:
        """Put into the buffer what is left of these pieces, when so many bytes of them are sent."""
        was_empty = not self._buffer
        for piece in pieces:
            view = memoryview(piece).cast("B")
            left = view[sent:]
            sent -= len(view) - len(left)
            if left:
                # Bytes cannot change any more. Whatever else it is, the caller may change it.
                self._buffer.append(left if isinstance(view.obj, bytes) else bytes(left))
                self._buffer_size += len(left)
        if was_empty and self._buffer:
            self._loop._add_writer(self._sock_fd, self._write_ready)
        self._maybe_pause_protocol()

    def _write_ready(self) -> None:
        """The socket takes more: send as much as it takes of what waits."""
        try:
            sent = self._send_pieces(self._buffer)
        except NOT_NOW:
            return
        except BaseException as error:
            self._fatal_error(error, "Fatal write error on socket transport")
            self._fail_empty_waiter(error)
            return
        self._drop(sent)
        self._maybe_resume_protocol()  # who may write more
        if not self._buffer:
            self._all_is_sent()

    def _send_pieces(self, pieces: Sequence[Any]) -> int:
        """Send as much as the socket takes of several pieces; how many bytes that was."""
        assert self._sock is not None
        if len(pieces) == 1 or not hasattr(self._sock, "sendmsg"):
            return self._sock.send(pieces[0])
        return self._sock.sendmsg(itertools.islice(pieces, MOST_PIECES))

    def _drop(self, sent: int) -> None:
        """Take so many bytes out of the buffer."""
        buffer = self._buffer
        self._buffer_size -= sent
        while sent:
            piece = buffer.popleft()
            if len(piece) > sent:
                buffer.appendleft(memoryview(piece)[sent:])
                return
            sent -= len(piece)

    def _all_is_sent(self) -> None:
        self._loop._remove_writer(self._sock_fd)
        waiter = self._empty_waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
        if self._closing:
            self._conn_lost = 1
            self._call_connection_lost(None)
        elif self._eof:
            try:
                self._shut_down()
            except OSError as error:
                self._fatal_error(error, "Fatal error: the end of the stream could not be sent.")

    # Half-close.

    def can_write_eof(self) -> bool:
        """True: a stream's two directions end each by itself."""
        return True

    def write_eof(self) -> None:
        """Send what waits and then nothing more. What the other end sends is still read."""
        if self._closing or self._eof:
            return
        self._eof = True
        if not self._buffer:
            self._shut_down()

    def _shut_down(self) -> None:
        assert self._sock is not None
        self._sock.shutdown(socket.SHUT_WR)

    # Files, which the system sends past this transport.

    def _make_empty_waiter(self) -> Future[None]:
        """Nobody may write from now on; a future that is done when the buffer is empty."""
        if self._empty_waiter is not None:
            raise RuntimeError("Empty waiter is already set")
        waiter: Future[None] = self._loop.create_future()
        self._empty_waiter = waiter
        if not self._buffer:
            waiter.set_result(None)
        return waiter

    def _reset_empty_waiter(self) -> None:
        self._empty_waiter = None

    def _call_connection_lost(self, error: BaseException | None) -> None:
        super()._call_connection_lost(error)
        self._fail_empty_waiter(ConnectionError("Connection is closed by peer"))

    def _fail_empty_waiter(self, error: BaseException) -> None:
        waiter = self._empty_waiter
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)


def _send_at_once(sock: socket.socket) -> None:
    """Let a small write go out at once.

    By itself TCP holds it back, in case more comes, until the other end has acknowledged the last
    one (Nagle's algorithm).
    """
    is_tcp = sock.family in (socket.AF_INET, socket.AF_INET6) and sock.proto in (
        0,
        socket.IPPROTO_TCP,
    )
    if is_tcp and hasattr(socket, "TCP_NODELAY"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
