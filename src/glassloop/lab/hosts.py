"""The simulated network: which hosts there are, how far away they are, who listens where.

A cell starts with one host, its own: `localhost`, 127.0.0.1, no latency. More are added by
name, and everything in the cell can then serve and connect there:

    from glassloop.lab import network
    network.add_host("bakery.example", latency=1)
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassloop.lab.endpoints import Endpoint

LOOPBACK = "127.0.0.1"
ANY = ("0.0.0.0", "::", "")
FIRST_EPHEMERAL_PORT = 49152  # the first of the dynamic ports of RFC 6335

Address = tuple[Any, ...] | str | bytes


@dataclass(frozen=True)
class Host:
    """A machine of the simulated network.

    `latency` is the time in seconds that bytes need to get there, and again to get back.
    `segment` is the number of bytes that travel together: no read returns bytes of two
    segments (None: bytes that have arrived are read together). A host that is `silent`
    swallows every packet and never answers.
    """

    name: str
    address: str
    latency: float = 0.0
    segment: int | None = None
    silent: bool = False


class Network:
    """The hosts, and the sockets that are bound to their ports."""

    def __init__(self) -> None:
        self._hosts = {LOOPBACK: Host("localhost", LOOPBACK)}
        self._bound: dict[tuple[int, Any, Any], Endpoint] = {}
        self._next_port = FIRST_EPHEMERAL_PORT

    def add_host(
        self,
        name: str,
        latency: float = 0.0,
        *,
        address: str | None = None,
        segment: int | None = None,
        silent: bool = False,
    ) -> Host:
        """Add a host, or replace the one of this name; returns it. See `Host` for the units."""
        if latency < 0:
            raise ValueError(f"latency must be 0 or more seconds, not {latency!r}")
        if segment is not None and segment < 1:
            raise ValueError(f"segment must be at least 1 byte, not {segment!r}")
        known = self._named(name)
        if address is None:
            address = known.address if known else f"10.0.0.{len(self._hosts)}"
        if known:
            del self._hosts[known.address]
        host = Host(name, address, latency, segment, silent)
        self._hosts[address] = host
        return host

    def at(self, address: str) -> Host | None:
        """The host with this address; all of 127.0.0.0/8 is the cell's own."""
        if address in ANY or address == "::1" or address.startswith("127."):
            return self._hosts[LOOPBACK]
        return self._hosts.get(address)

    def resolve(self, name: str) -> str:
        """The address of a name. Raises `socket.gaierror` where nobody has that name."""
        try:
            return str(ipaddress.ip_address(name))
        except ValueError:
            pass
        if host := self._named(name):
            return host.address
        # The number is the one of glibc; Emscripten's differs.
        raise socket.gaierror(-2, "Name or service not known")

    def free_port(self, kind: int) -> int:
        """The next port that nobody on any host is bound to."""
        taken = {port for bound_kind, _, port in self._bound if bound_kind == kind}
        while self._next_port in taken:
            self._next_port += 1
        self._next_port += 1
        return self._next_port - 1

    def bind(self, kind: int, address: Address, endpoint: Endpoint) -> bool:
        """Bind a socket of this kind (`SOCK_STREAM`, …); False where the address is taken."""
        host, port = _host_and_port(address)
        rivals = (host,) if host not in ANY else tuple(h for k, h, p in self._bound if p == port)
        if any((kind, rival, port) in self._bound for rival in (*rivals, *ANY)):
            return False
        self._bound[kind, host, port] = endpoint
        return True

    def release(self, kind: int, address: Address) -> None:
        """Free an address that was bound."""
        self._bound.pop((kind, *_host_and_port(address)), None)

    def bound_to(self, kind: int, address: Address) -> Endpoint | None:
        """The socket that gets what is sent to `address`."""
        host, port = _host_and_port(address)
        for name in (host, *ANY):
            if found := self._bound.get((kind, name, port)):
                return found
        return None

    def _named(self, name: str) -> Host | None:
        return next((host for host in self._hosts.values() if host.name == name), None)


def _host_and_port(address: Address) -> tuple[Any, Any]:
    if isinstance(address, tuple):
        return address[0], address[1]
    return address, None  # a path of the AF_UNIX family
