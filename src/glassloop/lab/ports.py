"""Which socket holds which port: who may bind, and who gets what is sent there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glassloop.lab import errnos
from glassloop.lab.addresses import Address, host_and_port, overlap

if TYPE_CHECKING:
    from glassloop.lab.endpoints import Endpoint

# Ports that are handed out: the dynamic ports of RFC 6335.
FIRST_PORT, LAST_PORT = 49_152, 65_535

# The endpoints of a kind (SOCK_STREAM, …) and a port. A dict is the ordered set of the language.
Register = dict[tuple[int, Any], dict["Endpoint", None]]


class Ports:
    """The holders of every port of TCP and of UDP."""

    def __init__(self) -> None:
        self._holders: Register = {}
        self._receivers: Register = {}  # the same without accepted connections
        self._next = FIRST_PORT

    def restart(self) -> None:
        """Hand out ports from the first one again, and forget who only lingers."""
        self._next = FIRST_PORT
        for holders in list(self._holders.values()):
            for holder in [holder for holder in holders if holder.closed]:
                self.release(holder)

    def unused(self, kind: int) -> int:
        """The next port that nobody holds on any address."""
        for _ in range(FIRST_PORT, LAST_PORT + 1):
            port = self._next
            self._next = port + 1 if port < LAST_PORT else FIRST_PORT
            if (kind, port) not in self._holders:
                return port
        raise errnos.error("EADDRINUSE")

    def take(self, endpoint: Endpoint, address: Address) -> None:
        """Let `endpoint` hold `address` and receive there; EADDRINUSE where it may not."""
        if not self.may_hold(endpoint, address):
            raise errnos.error("EADDRINUSE")
        endpoint.address = address
        self.add(endpoint)
        self._receivers.setdefault(_key(endpoint), {})[endpoint] = None

    def add(self, endpoint: Endpoint) -> None:
        """Let `endpoint` hold its address, whoever else does."""
        self._holders.setdefault(_key(endpoint), {})[endpoint] = None

    def release(self, endpoint: Endpoint) -> None:
        """Take the port of `endpoint` back."""
        key = _key(endpoint)
        for register in (self._holders, self._receivers):
            if endpoint in register.get(key, {}):
                del register[key][endpoint]
                if not register[key]:
                    del register[key]

    def may_hold(self, endpoint: Endpoint, address: Address) -> bool:
        """Whether all that hold `address` already would share it with `endpoint`."""
        host, port = host_and_port(address)
        return all(
            holder is endpoint or holder.has_left() or endpoint.shares_port(holder)
            for holder in self._holders.get((endpoint.kind, port), {})
            if overlap(host, host_and_port(holder.address)[0])
        )

    def receiver(self, kind: int, address: Address) -> Endpoint | None:
        """Who gets what is sent to `address`: who holds just this host before who holds any."""
        host, port = host_and_port(address)
        holders = self._receivers.get((kind, port), {})
        hosts = {holder: host_and_port(holder.address)[0] for holder in holders}
        found = [it for it in holders if it.receives() and overlap(host, hosts[it])]
        return min(found, key=lambda it: hosts[it] != host, default=None)


def _key(endpoint: Endpoint) -> tuple[int, Any]:
    return endpoint.kind, host_and_port(endpoint.address)[1]
