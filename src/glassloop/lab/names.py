"""The functions of `socket` that turn names into addresses, asked of the simulated network."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

from glassloop.lab.addresses import AF_INET, ANY, LOOPBACK, complete, family_of
from glassloop.lab.hosts import UNKNOWN_NAME, Network

# Names that may stand for a port.
SERVICES = {"echo": 7, "ftp": 21, "ssh": 22, "smtp": 25, "domain": 53, "http": 80, "https": 443}
UNKNOWN_SERVICE = (-8, "Servname not supported for ai_socktype")

# Each kind of socket with the protocol that comes with it.
KINDS = [
    (socket.SOCK_STREAM, 6),
    (socket.SOCK_DGRAM, 17),
    (getattr(socket, "SOCK_RAW", 3), 0),
]


def functions_of(network: Network) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each function that asks for names, with its name in `socket`."""

    def getaddrinfo(
        host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple[Any, ...]]:
        where = _address(network, host, port, family, bool(flags & socket.AI_PASSIVE))
        found = family_of(where)
        return [
            (socket.AddressFamily(found), kind, number, "", complete(found, where, _port(port)))
            for kind, number in KINDS
            if type in (0, kind) and proto in (0, number)
        ]

    def getnameinfo(address: tuple[Any, ...], flags: int, /) -> tuple[str, str]:
        host, port = network.at(address[0]), address[1]
        services = {number: name for name, number in SERVICES.items()}
        named = host is not None and not flags & socket.NI_NUMERICHOST
        numeric = flags & socket.NI_NUMERICSERV or port not in services
        return (
            host.name if host and named else address[0],
            str(port) if numeric else services[port],
        )

    def gethostbyname(name: str, /) -> str:
        return network.resolve(name, AF_INET)

    def gethostbyname_ex(name: str, /) -> tuple[str, list[str], list[str]]:
        return name, [], [gethostbyname(name)]

    def gethostname() -> str:
        return "localhost"

    def getfqdn(name: str = "") -> str:
        return name or gethostname()

    for function in (
        getaddrinfo,
        getnameinfo,
        gethostbyname,
        gethostbyname_ex,
        gethostname,
        getfqdn,
    ):
        yield function.__name__, function


def _address(network: Network, host: Any, port: Any, family: int, passive: bool) -> str:
    """The numeric address that `getaddrinfo` finds for `host`; no host is our own machine."""
    if host is None and port is not None:
        return (ANY if passive else LOOPBACK)[family or AF_INET]
    if not host:
        raise socket.gaierror(*UNKNOWN_NAME)
    return network.resolve(host.decode() if isinstance(host, bytes) else host, family)


def _port(port: Any) -> int:
    """A port that is given as a number, as digits, or by the name of its service."""
    name = port.decode() if isinstance(port, bytes) else port or 0
    if isinstance(name, str) and not name.isdigit():
        if name not in SERVICES:
            raise socket.gaierror(*UNKNOWN_SERVICE)
        return SERVICES[name]
    return int(name)
