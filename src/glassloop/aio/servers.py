"""A server: sockets that listen, and a protocol and a transport for each connection that comes."""

from __future__ import annotations

import contextvars
import errno
import os
import socket
import sys
import weakref
from collections.abc import Callable
from typing import Any

from . import addresses
from .exceptions import CancelledError
from .futures import Future
from .interfaces import AbstractServer
from .log import logger
from .trsock import TransportSocket
from .waiting import sleep

# The system has no descriptor or no memory for one more connection.
OUT_OF_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
# For so many seconds nothing is accepted then: the socket stays ready, and the loop would spin.
ACCEPT_RETRY_DELAY = 1
# Before Python 3.12, once a server was closed, nobody waited for its connections.
WAITS_FOR_CONNECTIONS = sys.version_info >= (3, 12)


class Server(AbstractServer):
    """What `create_server` gives: it can be started, waited for, and closed."""

    def __init__(
        self,
        loop: Any,
        sockets: list[socket.socket],
        protocol_factory: Callable[[], Any],
        ssl_context: Any,
        backlog: int,
        ssl_handshake_timeout: float | None,
        ssl_shutdown_timeout: float | None = None,
    ) -> None:
        self._loop = loop
        # None when it is closed.
        self._sockets: list[socket.socket] | None = sockets
        self._protocol_factory = protocol_factory
        self._ssl_context = ssl_context
        self._backlog = backlog
        self._tls_timeouts = {
            "ssl_handshake_timeout": ssl_handshake_timeout,
            "ssl_shutdown_timeout": ssl_shutdown_timeout,
        }
        # The transports of its connections. Weak: that one is dropped unclosed is to be noticed.
        self._clients: weakref.WeakSet[Any] = weakref.WeakSet()
        # Who waits for the end of the server and of all its connections; None when that has come.
        self._waiters: list[Future[None]] | None = []
        self._serving = False
        self._serving_forever: Future[None] | None = None
        # Files to remove at the end: each by its socket, with the number that it had.
        self._files: dict[socket.socket, tuple[str | bytes, int]] = {}

    # What can be asked of it.

    @property
    def sockets(self) -> tuple[TransportSocket, ...]:
        """The sockets that listen; none when it is closed."""
        return tuple(TransportSocket(sock) for sock in self._sockets or ())

    def get_loop(self) -> Any:
        """The loop that it belongs to."""
        return self._loop

    def is_serving(self) -> bool:
        """Whether it accepts connections."""
        return self._serving

    async def start_serving(self) -> None:
        """Accept connections, if it does not yet."""
        self._start_serving()
        await sleep(0)  # the first are accepted when this returns

    async def serve_forever(self) -> None:
        """Accept connections until this is cancelled, and then close."""
        if self._sockets is None:
            raise RuntimeError(f"server {self!r} is closed")
        if self._serving_forever is not None:
            raise RuntimeError(f"server {self!r} is already being awaited on serve_forever()")
        self._start_serving()
        self._serving_forever = self._loop.create_future()
        try:
            await self._serving_forever
        except CancelledError:
            try:
                self.close()
                await self.wait_closed()
            finally:
                raise
        finally:
            self._serving_forever = None

    def close(self) -> None:
        """Accept nothing more. The connections go on."""
        sockets, self._sockets = self._sockets, None
        if sockets is None:
            return
        self._serving = False
        for sock in sockets:
            self._loop._stop_serving(sock)
            self._remove_file(sock)
        if self._serving_forever is not None:
            self._serving_forever.cancel()
            self._serving_forever = None
        self._wake_if_ended()

    def close_clients(self) -> None:
        """Close all its connections, each when it has sent what waits."""
        for transport in list(self._clients):
            transport.close()

    def abort_clients(self) -> None:
        """Close all its connections at once."""
        for transport in list(self._clients):
            transport.abort()

    async def wait_closed(self) -> None:
        """Wait until it is closed and its last connection has ended, in either order."""
        if self._waiters is None or (self._sockets is None and not WAITS_FOR_CONNECTIONS):
            return
        waiter = self._loop.create_future()
        self._waiters.append(waiter)
        await waiter

    def __repr__(self) -> str:
        return f"<{type(self).__name__} sockets={self.sockets!r}>"

    # Its connections.

    def _attach(self, transport: Any) -> None:
        """For transports: this one belongs to a connection of the server."""
        self._clients.add(transport)

    def _detach(self, transport: Any) -> None:
        """For transports: it has ended."""
        self._clients.discard(transport)
        self._wake_if_ended()

    def _wake_if_ended(self) -> None:
        if self._sockets is not None or self._clients or self._waiters is None:
            return
        waiters, self._waiters = self._waiters, None
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _start_serving(self) -> None:
        if self._serving:
            return
        self._serving = True
        assert self._sockets is not None
        for sock in self._sockets:
            sock.listen(self._backlog)
            self._watch(sock)

    def _watch(self, sock: socket.socket) -> None:
        if self._sockets is not None:  # it may have been closed while it paused
            self._loop._start_serving(self._accept, sock)

    def _accept(self, sock: socket.socket) -> None:
        """Somebody connects; and since accepting is quick, all who do are let in at once."""
        for _ in range(self._backlog + 1):
            if self._sockets is None:  # the last one's protocol has closed the server
                return
            try:
                connection, address = sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in OUT_OF_RESOURCES:
                    raise
                self._pause(sock, error)
                return
            if self._loop.get_debug():
                logger.debug("%r got a new connection from %r: %r", self, address, connection)
            # Each connection has its own context, so that one's variables are not another's.
            contextvars.copy_context().run(self._let_in, connection, address)

    def _pause(self, sock: socket.socket, error: OSError) -> None:
        self._loop.call_exception_handler(
            {
                "message": "socket.accept() out of system resource",
                "exception": error,
                "socket": TransportSocket(sock),
            }
        )
        self._loop._remove_reader(sock.fileno())
        self._loop.call_later(ACCEPT_RETRY_DELAY, self._watch, sock)

    def _let_in(self, connection: socket.socket, address: Any) -> None:
        """Make a protocol and a transport. What goes wrong here ends this connection only."""
        protocol = None
        try:
            connection.setblocking(False)
            protocol = self._protocol_factory()
            extra = {"peername": address}
            if self._ssl_context is None:
                self._loop._make_socket_transport(connection, protocol, extra=extra, server=self)
            else:
                self._loop.create_task(self._shake_hands(connection, protocol, extra))
        except BaseException as error:
            connection.close()
            self._report(error, protocol)

    async def _shake_hands(
        self, connection: socket.socket, protocol: Any, extra: dict[str, Any]
    ) -> None:
        transport = None
        waiter = self._loop.create_future()
        try:
            transport = self._loop._make_tls_transport(
                connection,
                protocol,
                self._ssl_context,
                waiter,
                server_side=True,
                extra=extra,
                server=self,
                **self._tls_timeouts,
            )
            await waiter
        except BaseException as error:
            if transport is None:
                connection.close()
            else:
                transport.close()
            self._report(error, protocol, transport)
        finally:
            waiter = None  # its exception holds this frame

    def _report(self, error: BaseException, protocol: Any, transport: Any = None) -> None:
        """Tell in debug mode. Any stranger can make a connection fail, and could fill the log."""
        if isinstance(error, SystemExit | KeyboardInterrupt):
            raise error
        if not self._loop.get_debug():
            return
        context = {
            "message": "Error on transport creation for incoming connection",
            "exception": error,
            "protocol": protocol,
            "transport": transport,
        }
        self._loop.call_exception_handler(
            {key: value for key, value in context.items() if value is not None}
        )

    # Files of Unix sockets.

    def _remove_files_at_end(self) -> None:
        """When it closes, remove the files that its sockets are known by."""
        for sock in self._sockets or ():
            path = sock.getsockname()
            if path and not addresses.is_abstract(path):
                try:
                    self._files[sock] = (path, os.stat(path).st_ino)
                except FileNotFoundError:
                    continue

    def _remove_file(self, sock: socket.socket) -> None:
        """Remove it, unless somebody has removed it, or put a file of their own in its place."""
        if sock not in self._files:
            return
        path, number = self._files.pop(sock)
        try:
            if os.stat(path).st_ino == number:
                os.unlink(path)
        except FileNotFoundError:
            pass
        except OSError as error:
            logger.error("Unable to clean up listening UNIX socket %r: %r", path, error)
