"""A loop that serves: it finds the sockets to listen on, and makes servers of them."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any

from . import addresses
from .datagrams import DatagramLoop
from .log import logger
from .servers import Server
from .sockets import check_not_tls
from .streamtransports import SocketTransport
from .waiting import gather, sleep

# With an address in use for a minute after its server has ended, no server could be restarted.
REUSE_ADDRESS = os.name == "posix" and sys.platform != "cygwin"


class ServingLoop(DatagramLoop):
    """Makes servers, for TCP and for Unix sockets."""

    async def create_server(
        self,
        protocol_factory: Callable[[], Any],
        host: str | Iterable[str] | None = None,
        port: int | str | None = None,
        *,
        family: int = socket.AF_UNSPEC,
        flags: int = socket.AI_PASSIVE,
        sock: socket.socket | None = None,
        backlog: int = 100,
        ssl: Any = None,
        reuse_address: bool | None = None,
        reuse_port: bool | None = None,
        keep_alive: bool | None = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
        start_serving: bool = True,
    ) -> Server:
        """A server at all the addresses that `host` and `port` stand for, or on `sock`.

        `host` may be several; None or an empty one stands for all of this machine's addresses.
        """
        check_server_context(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
        if sock is not None:
            check_not_tls(sock)
        if host is not None or port is not None:
            if sock is not None:
                raise ValueError("host/port and sock can not be specified at the same time")
            infos = await self._addresses_of(host, port, family, flags)
            options = {
                socket.SO_REUSEADDR: REUSE_ADDRESS if reuse_address is None else reuse_address,
                socket.SO_KEEPALIVE: keep_alive,
            }
            sockets = self._bind_all(infos, options, bool(reuse_port))
        else:
            if sock is None:
                raise ValueError("Neither host/port nor sock were specified")
            check_stream_socket(sock)
            sockets = [sock]
        timeouts = (ssl_handshake_timeout, ssl_shutdown_timeout)
        server = Server(self, sockets, protocol_factory, ssl, backlog, *timeouts)
        return await self._begin_serving(server, start_serving)

    async def create_unix_server(
        self,
        protocol_factory: Callable[[], Any],
        path: Any = None,
        *,
        sock: socket.socket | None = None,
        backlog: int = 100,
        ssl: Any = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
        start_serving: bool = True,
        cleanup_socket: bool = True,
    ) -> Server:
        """A server at this path, or on `sock`; at its end `cleanup_socket` removes the file."""
        check_server_context(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
        if path is not None:
            if sock is not None:
                raise ValueError("path and sock can not be specified at the same time")
            sock = _bind_path(os.fspath(path))
        elif sock is None:
            raise ValueError("path was not specified, and no sock specified")
        check_unix_socket(sock)
        timeouts = (ssl_handshake_timeout, ssl_shutdown_timeout)
        server = Server(self, [sock], protocol_factory, ssl, backlog, *timeouts)
        if cleanup_socket:
            server._remove_files_at_end()
        return await self._begin_serving(server, start_serving)

    async def _begin_serving(self, server: Server, start_serving: bool) -> Server:
        for sock in server._sockets or ():
            sock.setblocking(False)
        if start_serving:
            server._start_serving()
            await sleep(0)  # the first are accepted when this returns
        if self._debug:
            logger.info("%r is serving", server)
        return server

    # What servers do with their sockets.

    def _start_serving(self, accept: Callable[[socket.socket], None], sock: socket.socket) -> None:
        """Call `accept(sock)` whenever somebody connects."""
        self._add_reader(sock.fileno(), accept, sock)

    def _stop_serving(self, sock: socket.socket) -> None:
        self._remove_reader(sock.fileno())
        sock.close()

    def _make_socket_transport(
        self, sock: socket.socket, protocol: Any, waiter: Any = None, **more: Any
    ) -> SocketTransport:
        self._check_no_transport(sock)
        return SocketTransport(self, sock, protocol, waiter, **more)

    # Addresses to listen at.

    async def _addresses_of(
        self, host: Any, port: Any, family: int, flags: int
    ) -> list[addresses.Info]:
        """What these hosts stand for, each address once."""
        if host == "":
            hosts: list[Any] = [None]
        elif isinstance(host, str) or not isinstance(host, Iterable):
            hosts = [host]
        else:
            hosts = list(host)
        found = await gather(*[self._addresses_of_one(each, port, family, flags) for each in hosts])
        return list(dict.fromkeys(info for infos in found for info in infos))

    async def _addresses_of_one(
        self, host: Any, port: Any, family: int, flags: int
    ) -> list[addresses.Info]:
        infos = await self._ensure_resolved((host, port), family=family, flags=flags)
        if not infos:
            raise OSError(f"getaddrinfo({host!r}) returned empty list")
        return infos

    def _bind_all(
        self, infos: list[addresses.Info], options: dict[int, Any], reuse_port: bool
    ) -> list[socket.socket]:
        """A socket for each address that this machine has."""
        sockets: list[socket.socket] = []
        try:
            for info in infos:
                sock = self._socket_for(info)
                if sock is None:
                    continue
                sockets.append(sock)
                _set_options(sock, options, reuse_port)
                if not self._bind(sock, info[4]):
                    sockets.pop().close()
            if not sockets:
                tried = [info[4] for info in infos]
                raise OSError(f"could not bind on any address out of {tried!r}")
        except BaseException:
            for sock in sockets:
                sock.close()
            raise
        return sockets

    def _socket_for(self, info: addresses.Info) -> socket.socket | None:
        """A socket of this kind; None where the system has none, as without IPv6."""
        try:
            return socket.socket(*info[:3])
        except OSError:
            if self._debug:
                logger.warning(
                    "create_server() failed to create socket.socket(%r, %r, %r)",
                    *info[:3],
                    exc_info=True,
                )
            return None

    def _bind(self, sock: socket.socket, address: Any) -> bool:
        """Bind it; False where this machine does not have the address after all."""
        try:
            sock.bind(address)
        except OSError as error:
            reason = str(error).lower()
            message = f"error while attempting to bind on address {address!r}: {reason}"
            if error.errno != errno.EADDRNOTAVAIL:
                raise OSError(error.errno, message) from None
            if self._debug:
                logger.warning(message)
            return False
        return True


def _set_options(sock: socket.socket, options: dict[int, Any], reuse_port: bool) -> None:
    for option, value in options.items():
        if value:
            sock.setsockopt(socket.SOL_SOCKET, option, True)
    if reuse_port:
        addresses.share_port(sock)
    if sock.family == socket.AF_INET6 and hasattr(socket, "IPPROTO_IPV6"):
        # Or it would listen on IPv4 too, where another socket of the same server does.
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, True)


def _bind_path(path: str | bytes) -> socket.socket:
    """A socket that is known by this path."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        addresses.remove_stale(path)
        sock.bind(path)
    except BaseException as error:
        sock.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise OSError(errno.EADDRINUSE, f"Address {path!r} is already in use") from None
        raise
    return sock


# What may be asked for together ---------------------------------------------------------------


def check_server_context(context: Any, *timeouts: float | None) -> None:
    """The arguments of a server that have to do with TLS."""
    if isinstance(context, bool):
        raise TypeError("ssl argument must be an SSLContext or None")
    check_tls_timeouts(context, *timeouts)


def check_tls_timeouts(context: Any, handshake: float | None, shutdown: float | None) -> None:
    """They mean nothing without TLS."""
    if handshake is not None and not context:
        raise ValueError("ssl_handshake_timeout is only meaningful with ssl")
    if shutdown is not None and not context:
        raise ValueError("ssl_shutdown_timeout is only meaningful with ssl")


def check_stream_socket(sock: socket.socket) -> None:
    """Only a stream can carry connections; of which family it is does not matter."""
    if sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A Stream Socket was expected, got {sock!r}")


def check_unix_socket(sock: socket.socket) -> None:
    """The same, of Unix sockets."""
    if sock.family != socket.AF_UNIX or sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A UNIX Domain Stream Socket was expected, got {sock!r}")
