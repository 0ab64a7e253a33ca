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

from glassloop.lab.addresses import AF_INET, ANY, LOOPBACK, family_of
from glassloop.lab.kernel import nanoseconds
from glassloop.lab.ports import Ports

# The number and text that glibc has for a name that nobody has; Emscripten's differ.
UNKNOWN_NAME = (-2, "Name or service not known")
WRONG_FAMILY = (-9, "Address family for hostname not supported")


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
    """The hosts, and the ports that are taken."""

    def __init__(self) -> None:
        self.ports = Ports()
        self._own = Host("localhost", LOOPBACK[AF_INET])
        self._hosts: dict[str, Host] = {}

    def add_host(
        self,
        name: str,
        latency: float = 0.0,
        *,
        address: str | None = None,
        segment: int | None = None,
        silent: bool = False,
    ) -> Host:
        """Add a host, or replace the one of this name; returns it. See `Host` for the units.

        Without an `address` it gets the next of 10.0.0.1, 10.0.0.2, … Raises ValueError for a
        latency below 0, a segment below 1, and an address that is none or belongs to another.
        """
        if not latency >= 0:
            raise ValueError(f"latency must be 0 or more seconds, not {latency!r}")
        if segment is not None and segment < 1:
            raise ValueError(f"segment must be at least 1 byte, not {segment!r}")
        if name == self._own.name:
            raise ValueError("localhost is the cell's own machine: give the other host a name")
        known = self._hosts.pop(name, None)
        if address is None:
            address = known.address if known else f"10.0.0.{len(self._hosts) + 1}"
        elif self.at(str(ipaddress.ip_address(address))) is not None:
            raise ValueError(f"{address} is the address of another host")
        host = Host(name, address, latency, segment, silent)
        self._hosts[name] = host
        return host

    def at(self, address: str) -> Host | None:
        """The host with this address; all of 127.0.0.0/8 is the cell's own."""
        if address in ANY.values() or address == "::1" or address.startswith("127."):
            return self._own
        return next((host for host in self._hosts.values() if host.address == address), None)

    def latency(self, one: str, other: str) -> int:
        """The time that bytes need from one address to another, in nanoseconds.

        All ways lead through the cell's own machine, from which latencies are measured.
        """
        ends = {host for host in (self.at(one), self.at(other)) if host is not None}
        return sum(nanoseconds(host.latency) for host in ends) if len(ends) > 1 else 0

    def resolve(self, name: str, family: int = 0) -> str:
        """The address of a name. Raises `socket.gaierror` where nobody has that name."""
        try:
            address = str(ipaddress.ip_address(name))
        except ValueError:
            if name == self._own.name:
                return LOOPBACK[family or AF_INET]
            if name not in self._hosts:
                raise socket.gaierror(*UNKNOWN_NAME) from None
            address = self._hosts[name].address
        if family not in (0, family_of(address)):
            raise socket.gaierror(*WRONG_FAMILY)
        return address
