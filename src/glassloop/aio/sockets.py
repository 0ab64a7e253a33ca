"""A loop whose coroutines use sockets themselves: they try, and wait where that would block."""

from __future__ import annotations

import socket
import sys
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from . import addresses
from .futures import Future
from .threads import ThreadLoop

T = TypeVar("T")

# What a socket that must not wait says when it would have to.
NOT_NOW = (BlockingIOError, InterruptedError)


class SocketLoop(ThreadLoop):
    """Waits until a socket can be read or written. Each method is the socket's own, awaited."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        # By descriptor: sockets that a transport reads and writes are not for anybody else.
        self._transports: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        super().__init__(*args, **keywords)

    # Reading.

    async def sock_recv(self, sock: socket.socket, n: int) -> bytes:
        """At most `n` bytes, as soon as there are any; none at the end of the stream."""
        return await self._read(sock, sock.recv, n)

    async def sock_recv_into(self, sock: socket.socket, buf: Any) -> int:
        """The same into a buffer; how many bytes."""
        return await self._read(sock, sock.recv_into, buf)

    async def sock_recvfrom(self, sock: socket.socket, bufsize: int) -> tuple[bytes, Any]:
        """A datagram of at most `bufsize` bytes, the rest of it cut off, and where it came from."""
        return await self._read(sock, sock.recvfrom, bufsize)

    async def sock_recvfrom_into(
        self, sock: socket.socket, buf: Any, nbytes: int = 0
    ) -> tuple[int, Any]:
        """The same into a buffer; how many bytes, and where they came from."""
        return await self._read(sock, sock.recvfrom_into, buf, nbytes or len(buf))

    async def sock_accept(self, sock: socket.socket) -> tuple[socket.socket, Any]:
        """The next connection to a socket that listens: a socket for it, and who it is."""
        connection, address = await self._read(sock, sock.accept)
        connection.setblocking(False)
        return connection, address

    async def _read(self, sock: socket.socket, attempt: Callable[..., T], *args: Any) -> T:
        self._check_socket(sock)
        while True:
            try:
                return attempt(*args)
            except NOT_NOW:
                await self._until_readable(sock)

    # Writing.

    async def sock_sendall(self, sock: socket.socket, data: Any) -> None:
        """Send all of `data`. After an error nobody can say how much of it was sent."""
        self._check_socket(sock)
        rest = memoryview(data).cast("B")
        while True:
            try:
                rest = rest[sock.send(rest) :]
                if not rest:
                    return
            except NOT_NOW:
                pass  # none of it was sent
            await self._until_writable(sock)

    async def sock_sendto(self, sock: socket.socket, data: Any, address: Any) -> int:
        """Send a datagram to this address; how many bytes of it were sent."""
        self._check_socket(sock)
        while True:
            try:
                return sock.sendto(data, address)
            except NOT_NOW:
                await self._until_writable(sock)

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """Connect to this address. A host's name is looked up first."""
        self._check_socket(sock)
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            found = await self._ensure_resolved(
                address, family=sock.family, type=sock.type, proto=sock.proto
            )
            address = found[0][4]
        try:
            sock.connect(address)
            return
        except NOT_NOW:
            pass  # it goes on by itself
        # The socket can be written to when it has succeeded, and also when it has failed.
        await self._until_writable(sock)
        problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            raise OSError(problem, f"Connect call failed {address}")

    # Waiting.

    async def _until_readable(self, sock: socket.socket) -> None:
        await self._until_ready(sock, self._add_reader, self._remove_reader)

    async def _until_writable(self, sock: socket.socket) -> None:
        await self._until_ready(sock, self._add_writer, self._remove_writer)

    async def _until_ready(
        self, sock: socket.socket, watch: Callable[..., Any], unwatch: Callable[[int], bool]
    ) -> None:
        # The socket may be closed meanwhile and not know its number any more.
        descriptor = sock.fileno()
        self._check_no_transport(descriptor)
        ready = self.create_future()
        handle = watch(descriptor, _set_ready, ready)
        try:
            await ready
        finally:
            # Where somebody else waits for the same socket by now, our handle was cancelled.
            if not handle._cancelled:
                unwatch(descriptor)

    # Checks.

    def _check_socket(self, sock: socket.socket) -> None:
        check_not_tls(sock)
        if self._debug and sock.gettimeout() != 0:
            raise ValueError("the socket must be non-blocking")

    def _check_no_transport(self, fd: Any) -> None:
        number = fd
        if not isinstance(fd, int):
            try:
                number = int(fd.fileno())
            except (AttributeError, TypeError, ValueError):
                raise ValueError(f"Invalid file object: {fd!r}") from None
        transport = self._transports.get(number)
        if transport is not None and not transport.is_closing():
            raise RuntimeError(f"File descriptor {fd!r} is used by transport {transport!r}")

    # Addresses.

    async def _ensure_resolved(
        self,
        address: Any,
        *,
        family: int = 0,
        type: int = socket.SOCK_STREAM,
        proto: int = 0,
        flags: int = 0,
    ) -> list[addresses.Info]:
        """All that `getaddrinfo` knows of an address; nobody is asked where it is numbers."""
        host, port, *rest = address
        info = addresses.known(host, port, family, type, proto, *rest)
        if info is not None:
            return [info]
        return await self.getaddrinfo(
            host, port, family=family, type=type, proto=proto, flags=flags
        )


def check_not_tls(sock: Any) -> None:
    """A socket of `ssl` makes calls of its own and cannot tell when they would block."""
    ssl = sys.modules.get("ssl")  # where nobody has imported it, nobody has such a socket
    if ssl is not None and isinstance(sock, ssl.SSLSocket):
        raise TypeError("Socket cannot be of type SSLSocket")


def _set_ready(future: Future[None]) -> None:
    if not future.done():
        future.set_result(None)
