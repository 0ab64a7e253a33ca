"""Datagrams: messages that arrive whole or not at all, each with an address of its own."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import Any

from . import addresses
from .interfaces import DatagramTransport
from .log import logger
from .sendfile import CopyingLoop
from .sockets import NOT_NOW
from .streamtransports import BYTES
from .transports import SelectorTransport

# How the wrong kind of socket is complained of.
EXPECTED = "datagram socket" if sys.version_info >= (3, 13) else "UDP Socket"
# What a datagram counts for in the buffer, beside its bytes: an empty one takes room too.
HEADER = 8


class SelectorDatagramTransport(SelectorTransport, DatagramTransport):
    """A socket for datagrams. One that was given a remote address sends to that one only."""

    def __init__(
        self,
        loop: Any,
        sock: socket.socket,
        protocol: Any,
        address: Any = None,
        waiter: Any = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(loop, sock, protocol, waiter, extra)
        self._address = address

    def _read_ready(self) -> None:
        assert self._sock is not None
        try:
            data, address = self._sock.recvfrom(self.max_size)
        except NOT_NOW:
            return
        except OSError as error:
            self._protocol.error_received(error)
        except BaseException as error:
            self._fatal_error(error, "Fatal read error on datagram transport")
        else:
            self._protocol.datagram_received(data, address)

    def sendto(self, data: Any, addr: Any = None) -> None:
        """Send a datagram; to `addr`, where the transport has no remote address of its own."""
        if not isinstance(data, BYTES):
            kind = type(data).__name__
            raise TypeError(f"data argument must be a bytes-like object, not {kind!r}")
        if self._address:
            if addr not in (None, self._address):
                raise ValueError(f"Invalid address: must be None or {self._address}")
            addr = self._address
            if self._conn_lost:
                self._write_was_lost()
                return
        if not self._buffer:
            if self._sent(data, addr):
                return
            self._loop._add_writer(self._sock_fd, self._send_ready)
        self._buffer.append((bytes(data), addr))  # the caller's may change before it is sent
        self._buffer_size += len(data) + HEADER
        self._maybe_pause_protocol()

    def _sent(self, data: Any, address: Any) -> bool:
        """Try to send; False where it would block. An error is the protocol's to hear of."""
        assert self._sock is not None
        try:
            # One of a pair of sockets has a peer, though it has no name.
            if self._extra["peername"] or address is None:
                self._sock.send(data)
            else:
                self._sock.sendto(data, address)
        except NOT_NOW:
            return False
        except OSError as error:
            self._protocol.error_received(error)
        except BaseException as error:
            self._fatal_error(error, "Fatal write error on datagram transport")
        return True

    def _send_ready(self) -> None:
        """The socket takes more."""
        while self._buffer:
            data, address = self._buffer[0]
            if not self._sent(data, address):
                break
            if self._conn_lost:  # its protocol has aborted it, and the buffer is gone
                return
            self._buffer.popleft()
            self._buffer_size -= len(data) + HEADER
        self._maybe_resume_protocol()  # who may send more
        if not self._buffer:
            self._loop._remove_writer(self._sock_fd)
            if self._closing:
                self._conn_lost = 1
                self._call_connection_lost(None)


class DatagramLoop(CopyingLoop):
    """Makes sockets for datagrams."""

    async def create_datagram_endpoint(
        self,
        protocol_factory: Callable[[], Any],
        local_addr: Any = None,
        remote_addr: Any = None,
        *,
        family: int = 0,
        proto: int = 0,
        flags: int = 0,
        reuse_port: bool | None = None,
        allow_broadcast: bool | None = None,
        sock: socket.socket | None = None,
    ) -> tuple[Any, Any]:
        """A transport and its protocol, on a socket for these addresses, or on `sock`."""
        remote = None
        if sock is None:
            choices = await self._datagram_addresses(local_addr, remote_addr, family, proto, flags)
            options = (bool(reuse_port), bool(allow_broadcast))
            sock, remote = await self._first_datagram_socket(choices, options)
        else:
            options_given = {
                "local_addr": local_addr,
                "remote_addr": remote_addr,
                "family": family,
                "proto": proto,
                "flags": flags,
                "reuse_port": reuse_port,
                "allow_broadcast": allow_broadcast,
            }
            _check_datagram_socket(sock, options_given)
            sock.setblocking(False)
        protocol = protocol_factory()
        waiter = self.create_future()
        transport = self._make_datagram_transport(sock, protocol, remote, waiter)
        if self._debug:
            logger.debug(
                "Datagram endpoint local_addr=%r remote_addr=%r created: (%r, %r)",
                *(local_addr, remote_addr, transport, protocol),
            )
        try:
            await waiter
        except BaseException:
            transport.close()
            raise
        return transport, protocol

    def _make_datagram_transport(
        self, sock: socket.socket, protocol: Any, *args: Any, **more: Any
    ) -> SelectorDatagramTransport:
        self._check_no_transport(sock)
        return SelectorDatagramTransport(self, sock, protocol, *args, **more)

    async def _datagram_addresses(
        self, local: Any, remote: Any, family: int, protocol: int, flags: int
    ) -> list[tuple[int, int, Any, Any]]:
        """What can be tried: (family, protocol, local address, remote address), the best first."""
        if not local and not remote:
            if family == 0:
                raise ValueError("unexpected address family")
            return [(family, protocol, None, None)]
        if hasattr(socket, "AF_UNIX") and family == socket.AF_UNIX:
            for path in (local, remote):
                if path is not None and not isinstance(path, str):
                    raise TypeError("string is expected")
            if local:
                addresses.remove_stale(local)
            return [(family, protocol, local, remote)]
        found = [
            await self._datagram_address(each, family, protocol, flags) for each in (local, remote)
        ]
        locals_, remotes = found
        # A socket has one family: both addresses must be there in it.
        choices = [
            (*key, locals_.get(key), remotes.get(key))
            for key in {**locals_, **remotes}
            if (not local or key in locals_) and (not remote or key in remotes)
        ]
        if not choices:
            raise ValueError("can not get address information")
        return choices

    async def _datagram_address(
        self, address: Any, family: int, protocol: int, flags: int
    ) -> dict[tuple[int, int], Any]:
        """By family and protocol: what the system knows of this address."""
        if address is None:
            return {}
        if not (isinstance(address, tuple) and len(address) == 2):
            raise TypeError("2-tuple is expected")
        infos = await self._ensure_resolved(
            address, family=family, type=socket.SOCK_DGRAM, proto=protocol, flags=flags
        )
        if not infos:
            raise OSError("getaddrinfo() returned empty list")
        return {(info[0], info[2]): info[4] for info in infos}

    async def _first_datagram_socket(
        self, choices: list[tuple[int, int, Any, Any]], options: tuple[bool, bool]
    ) -> tuple[socket.socket, Any]:
        """The first socket that can be bound and connected; the first problem where none can."""
        problems = []
        for choice in choices:
            try:
                return await self._datagram_socket(choice, options), choice[3]
            except OSError as error:
                problems.append(error)
        try:
            raise problems[0]
        finally:
            problems.clear()  # they hold this frame

    async def _datagram_socket(
        self, choice: tuple[int, int, Any, Any], options: tuple[bool, bool]
    ) -> socket.socket:
        family, protocol, local, remote = choice
        share_port, broadcast = options
        sock = socket.socket(family=family, type=socket.SOCK_DGRAM, proto=protocol)
        try:
            if share_port:
                addresses.share_port(sock)
            if broadcast:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.setblocking(False)
            if local:
                sock.bind(local)
            # One that broadcasts stays open for answers from everybody.
            if remote and not broadcast:
                await self.sock_connect(sock, remote)
        except BaseException:
            sock.close()
            raise
        return sock


def _check_datagram_socket(sock: socket.socket, options: dict[str, Any]) -> None:
    if sock.type == socket.SOCK_STREAM:
        raise ValueError(f"A {EXPECTED} was expected, got {sock!r}")
    problems = ", ".join(f"{name}={value}" for name, value in options.items() if value)
    if problems:
        raise ValueError(
            "socket modifier keyword arguments can not be used when sock is specified. "
            f"({problems})"
        )
