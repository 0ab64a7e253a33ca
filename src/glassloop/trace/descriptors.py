"""What objects hold, read without running their code: attributes, sockets, pipes."""

from __future__ import annotations

import _socket
from typing import Any

_MISSING = object()


def attribute(thing: Any, name: str) -> Any:
    """An attribute that `thing` keeps in its dictionary, or None."""
    try:
        found = object.__getattribute__(thing, "__dict__")
    except (AttributeError, TypeError):
        return None  # a subclass of the task in C on Python 3.11 raises the second
    return dict.get(found, name) if type(found) is dict else None


def is_future(value: Any) -> bool:
    """Whether asyncio takes `value` for a future, told by its class, which nobody has to ask."""
    return hasattr(type(value), "_asyncio_future_blocking")


def state_of(future: Any) -> str:
    """ "pending", "cancelled" or "finished", read past the methods that a subclass may have."""
    try:
        return str(getattr(future, "_state", "PENDING")).lower()
    except RuntimeError:  # its __init__ has not run yet
        return "pending"


def number_of(socket: Any) -> int | None:
    """The number of a socket, also of a simulated one; None for what is no socket."""
    return _number(socket) if hasattr(type(socket), "fileno") else None


def channel(thing: Any) -> str:
    """ "socket 7" or "pipe 9" for a socket, a transport, a stream, or a selector's key; else ""."""
    number = _number(thing)
    if number is None:
        return ""
    return f"{'pipe' if 'Pipe' in type(thing).__name__ else 'socket'} {number}"


def _number(thing: Any) -> int | None:
    # A simulated socket comes first: its class may be a real one's too, for `isinstance`.
    if _is_simulated(type(thing)) and hasattr(type(thing), "fileno"):
        return int(thing.fileno())  # our own code
    if issubclass(type(thing), _socket.socket):
        return _socket.socket.fileno(thing)
    for name in ("_sock_fd", "_fileno"):  # of a transport
        if type(number := attribute(thing, name)) is int:
            return number
    return None


def _is_simulated(kind: type) -> bool:
    """Whether a class is one of the simulated machine's, or made from one."""
    return any(base.__module__.startswith("glassloop.lab") for base in type.mro(kind))
