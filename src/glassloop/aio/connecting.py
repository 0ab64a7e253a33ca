"""A loop that connects: it tries a host's addresses until one answers, and makes a transport."""

from __future__ import annotations

import functools
import os
import socket
from collections.abc import Callable
from typing import Any

from . import addresses
from .log import logger
from .serving import (
    ServingLoop,
    check_stream_socket,
    check_tls_timeouts,
    check_unix_socket,
)
from .sockets import check_not_tls
from .staggered import staggered_race

Connection = tuple[Any, Any]


class ConnectingLoop(ServingLoop):
    """Makes connections. Each method returns a transport and its protocol."""

    _make_tls_transport: Callable[..., Any]  # of a layer above

    async def create_connection(
        self,
        protocol_factory: Callable[[], Any],
        host: Any = None,
        port: Any = None,
        *,
        ssl: Any = None,
        family: int = 0,
        proto: int = 0,
        flags: int = 0,
        sock: socket.socket | None = None,
        local_addr: Any = None,
        server_hostname: str | None = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
        happy_eyeballs_delay: float | None = None,
        interleave: int | None = None,
        all_errors: bool = False,
    ) -> Connection:
        """Connect to a host's port, or use `sock`, which is connected.

        A host has several addresses. With `happy_eyeballs_delay` the next one is tried when the
        last one has not answered for so many seconds, in turns of `interleave` between the
        families (RFC 8305); without, when it has failed.
        """
        server_hostname = _name_to_check(ssl, server_hostname, host)
        check_tls_timeouts(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
        if sock is not None:
            check_not_tls(sock)
        if host is not None or port is not None:
            if sock is not None:
                raise ValueError("host/port and sock can not be specified at the same time")
            resolve = functools.partial(self._resolve_all, family=family, proto=proto, flags=flags)
            infos = await resolve((host, port))
            local_infos = None if local_addr is None else await resolve(local_addr)
            if interleave is None and happy_eyeballs_delay is not None:
                interleave = 1
            if interleave:
                infos = addresses.interleave(infos, interleave)
            sock = await self._connect_one_of(infos, local_infos, happy_eyeballs_delay, all_errors)
        elif sock is None:
            raise ValueError("host and port was not specified and no sock specified")
        else:
            check_stream_socket(sock)
        return await self._make_connection(
            sock,
            protocol_factory,
            ssl,
            server_hostname=server_hostname,
            ssl_handshake_timeout=ssl_handshake_timeout,
            ssl_shutdown_timeout=ssl_shutdown_timeout,
        )

    async def create_unix_connection(
        self,
        protocol_factory: Callable[[], Any],
        path: Any = None,
        *,
        ssl: Any = None,
        sock: socket.socket | None = None,
        server_hostname: str | None = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
    ) -> Connection:
        """Connect to the server at this path, or use `sock`, which is connected."""
        if ssl and server_hostname is None:
            raise ValueError("you have to pass server_hostname when using ssl")
        server_hostname = _name_to_check(ssl, server_hostname, None)
        check_tls_timeouts(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
        if path is not None:
            if sock is not None:
                raise ValueError("path and sock can not be specified at the same time")
            sock = await self._connect_path(os.fspath(path))
        elif sock is None:
            raise ValueError("no path and sock were specified")
        check_unix_socket(sock)
        return await self._make_connection(
            sock,
            protocol_factory,
            ssl,
            server_hostname=server_hostname,
            ssl_handshake_timeout=ssl_handshake_timeout,
            ssl_shutdown_timeout=ssl_shutdown_timeout,
        )

    async def connect_accepted_socket(
        self,
        protocol_factory: Callable[[], Any],
        sock: socket.socket,
        *,
        ssl: Any = None,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
    ) -> Connection:
        """Serve a connection that was accepted elsewhere."""
        check_stream_socket(sock)
        check_tls_timeouts(ssl, ssl_handshake_timeout, ssl_shutdown_timeout)
        check_not_tls(sock)
        return await self._make_connection(
            sock,
            protocol_factory,
            ssl,
            server_side=True,
            server_hostname="",
            ssl_handshake_timeout=ssl_handshake_timeout,
            ssl_shutdown_timeout=ssl_shutdown_timeout,
        )

    async def _make_connection(
        self,
        sock: socket.socket,
        protocol_factory: Callable[[], Any],
        ssl: Any,
        **tls_options: Any,
    ) -> Connection:
        """A transport on a socket that is connected, and its protocol, when that has been told."""
        sock.setblocking(False)
        transport: Any = None
        waiter: Any = self.create_future()
        try:
            protocol = protocol_factory()
            if ssl:
                context = None if isinstance(ssl, bool) else ssl
                transport = self._make_tls_transport(sock, protocol, context, waiter, **tls_options)
            else:
                transport = self._make_socket_transport(sock, protocol, waiter)
            await waiter
        except BaseException:
            (transport or sock).close()
            raise
        finally:
            waiter = None  # its exception holds this frame
        if self._debug:
            logger.debug("%r is connected: (%r, %r)", sock, transport, protocol)
        return transport, protocol

    # Addresses to connect to.

    async def _resolve_all(self, address: Any, **how: int) -> list[addresses.Info]:
        infos = await self._ensure_resolved(address, type=socket.SOCK_STREAM, **how)
        if not infos:
            raise OSError("getaddrinfo() returned empty list")
        return infos

    async def _connect_one_of(
        self,
        infos: list[addresses.Info],
        local_infos: list[addresses.Info] | None,
        delay: float | None,
        all_errors: bool,
    ) -> socket.socket:
        """A socket that is connected to the first address that answers."""
        errors: list[OSError] = []
        connected: list[socket.socket] = []

        async def attempt(info: addresses.Info) -> socket.socket:
            sock = await self._connect_sock(errors, info, local_infos)
            connected.append(sock)
            return sock

        try:
            if delay is None:
                await _first(attempt, infos)
            else:
                attempts = (functools.partial(attempt, info) for info in infos)
                await staggered_race(attempts, delay, loop=self)
            if not connected:
                raise _summary(errors, all_errors)
            return connected.pop(0)
        finally:
            errors.clear()  # they hold this frame
            for unused in connected:  # one that answered in the same turn, or when nobody waits
                unused.close()

    async def _connect_sock(
        self,
        errors: list[OSError],
        info: addresses.Info,
        local_infos: list[addresses.Info] | None = None,
    ) -> socket.socket:
        """A socket that is connected to this one address; what went wrong goes to `errors` too."""
        family, kind, protocol, _, address = info
        sock = None
        try:
            sock = socket.socket(family=family, type=kind, proto=protocol)
            sock.setblocking(False)
            if local_infos is not None:
                _bind_one_of(sock, family, local_infos, errors)
            await self.sock_connect(sock, address)
        except BaseException as error:
            if sock is not None:
                sock.close()
            if isinstance(error, OSError):
                errors.append(error)
            raise
        return sock

    async def _connect_path(self, path: str | bytes) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            await self.sock_connect(sock, path)
        except BaseException:
            sock.close()
            raise
        return sock


def _name_to_check(context: Any, name: str | None, host: Any) -> str | None:
    """The name that a certificate must have: by default the host's. An empty one is not checked."""
    if not context:
        if name is not None:
            raise ValueError("server_hostname is only meaningful with ssl")
        return None
    if name is not None:
        return name
    if not host:
        raise ValueError("You must set server_hostname when using ssl without a host")
    checked: str = host
    return checked


async def _first(attempt: Callable[[Any], Any], infos: list[addresses.Info]) -> None:
    """Try one after the other until one succeeds."""
    for info in infos:
        try:
            await attempt(info)
        except OSError:
            continue
        return


def _bind_one_of(
    sock: socket.socket, family: int, infos: list[addresses.Info], errors: list[OSError]
) -> None:
    """Bind it to the first address of its family that the system allows.

    Raises for the last one; what was wrong with those before goes to `errors`.
    """
    problem = None
    for address in [info[4] for info in infos if info[0] == family]:
        if problem is not None:
            errors.append(problem)
        try:
            sock.bind(address)
        except OSError as error:
            reason = str(error).lower()
            message = f"error while attempting to bind on address {address!r}: {reason}"
            problem = OSError(error.errno, message)
        else:
            return
    raise problem or OSError(f"no matching local address with {family=} found")


def _summary(errors: list[OSError], all_errors: bool) -> Exception:
    """One exception for all that went wrong."""
    if all_errors:
        return ExceptionGroup("create_connection failed", list(errors))
    texts = [str(error) for error in errors]
    if len(set(texts)) == 1:
        return errors[0]
    return OSError(f"Multiple exceptions: {', '.join(texts)}")
