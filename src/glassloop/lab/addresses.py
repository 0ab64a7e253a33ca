"""Addresses as socket programs write them: a host and a port, or a path of AF_UNIX."""

from __future__ import annotations

import enum
import socket
from typing import Any

AF_INET, AF_INET6 = int(socket.AF_INET), int(socket.AF_INET6)
AF_UNIX = int(getattr(socket, "AF_UNIX", 1))  # WebAssembly's `socket` lacks it


class AddressFamily(enum.IntEnum):
    """What `socket.AddressFamily` lacks in WebAssembly."""

    AF_UNIX = AF_UNIX


LOOPBACK = {AF_INET: "127.0.0.1", AF_INET6: "::1"}
# What stands for all addresses of a machine.
ANY = {AF_INET: "0.0.0.0", AF_INET6: "::"}

Address = tuple[Any, ...] | str


def complete(family: int, host: str, port: int) -> tuple[Any, ...]:
    """The address of a port, as programs of this family get to see it."""
    return (host, port, 0, 0) if family == AF_INET6 else (host, port)


def unbound(family: int) -> Address:
    """The address of a socket that has none yet."""
    return complete(family, ANY[family], 0) if family in ANY else ""


def host_and_port(address: Address) -> tuple[str, Any]:
    """The parts of an address; a path counts as a port of no host."""
    return (address[0], address[1]) if isinstance(address, tuple) else ("", address)


def overlap(one: str, other: str) -> bool:
    """Whether two hosts can be the same one."""
    return one == other or one in ANY.values() or other in ANY.values()


def family_of(host: str) -> int:
    """AF_INET or AF_INET6, by the looks of a numeric address."""
    return AF_INET6 if ":" in host else AF_INET


def family(number: int) -> enum.IntEnum:
    """The family of this number, with its name."""
    return AddressFamily(number) if number == AF_UNIX else socket.AddressFamily(number)
