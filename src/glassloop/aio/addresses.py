"""Knows the addresses of sockets: which need no look-up, and in which order to try them."""

from __future__ import annotations

import itertools
import os
import socket
import stat
from collections.abc import Iterable
from typing import Any

from .log import logger

# What `socket.getaddrinfo` answers with: family, type, protocol, name, address.
Info = tuple[int, int, int, str, Any]

# The protocol of each kind of socket.
_PROTOCOLS: dict[int, int] = {
    socket.SOCK_STREAM: socket.IPPROTO_TCP,
    socket.SOCK_DGRAM: socket.IPPROTO_UDP,
}


def known(
    host: str | bytes | None,
    port: int | str | bytes | None,
    family: int,
    kind: int,
    protocol: int,
    flowinfo: int = 0,
    scope: int = 0,
) -> Info | None:
    """The answer, where host and port are numbers already; None where somebody has to be asked."""
    if host is None or kind not in _PROTOCOLS or not hasattr(socket, "inet_pton"):
        return None
    if protocol not in (0, socket.IPPROTO_TCP, socket.IPPROTO_UDP):
        return None
    number = _port_number(port)
    text = host.decode("idna") if isinstance(host, bytes) else host
    if number is None or "%" in text:  # a zone is the system's to understand
        return None
    for each in _families(family):
        if _is_numeric(each, text):
            address: Any = (text, number)
            if each == socket.AF_INET6:
                address = (text, number, flowinfo, scope)
            return each, kind, _PROTOCOLS[kind], "", address
    return None


def _port_number(port: int | str | bytes | None) -> int | None:
    """The port as a number; None for the name of a service."""
    if port in (None, "", b""):
        return 0
    try:
        return int(port)
    except (TypeError, ValueError):
        return None


def _families(family: int) -> list[int]:
    if family != socket.AF_UNSPEC:
        return [family]
    return [socket.AF_INET, socket.AF_INET6] if socket.has_ipv6 else [socket.AF_INET]


def _is_numeric(family: int, host: str) -> bool:
    try:
        socket.inet_pton(family, host)
    except (OSError, ValueError):
        return False
    return True


def interleave(infos: Iterable[Info], first_family_count: int = 1) -> list[Info]:
    """Put the families in turns, so that one that does not work here costs one try only.

    The first family has so many tries before the second has its first (RFC 8305, section 4).
    """
    by_family: dict[int, list[Info]] = {}
    for info in infos:
        by_family.setdefault(info[0], []).append(info)
    first, *others = by_family.values()
    head = first[: first_family_count - 1]
    turns = itertools.zip_longest(first[len(head) :], *others)
    return head + [info for turn in turns for info in turn if info is not None]


# Unix sockets have paths for addresses ----------------------------------------------------------


def is_abstract(path: str | bytes) -> bool:
    """Whether it is a name that only looks like a path: no file stands for it (Linux)."""
    return path[0] in (0, "\x00")


def remove_stale(path: str | bytes) -> None:
    """Remove the file that a server has left there: where one is, no socket can be bound."""
    if is_abstract(path):
        return
    try:
        if stat.S_ISSOCK(os.stat(path).st_mode):
            os.remove(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        # The folder may let us make sockets and nothing else: binding will tell.
        logger.error("Unable to check or remove stale UNIX socket %r: %r", path, error)


def share_port(sock: socket.socket) -> None:
    """Let several sockets be bound to one port. Raises `ValueError` where the system cannot."""
    if not hasattr(socket, "SO_REUSEPORT"):
        raise ValueError("reuse_port not supported by socket module")
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError as error:
        raise ValueError(
            "reuse_port not supported by socket module, SO_REUSEPORT defined but not implemented."
        ) from error
