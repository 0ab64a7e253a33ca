"""A transport's socket as a program may see it: to ask and to set options, and no more."""

from __future__ import annotations

import socket
from typing import Any, NoReturn

from . import guest


class TransportSocket:
    """What `get_extra_info("socket")` gives. To read, write and close is for the transport."""

    __slots__ = ("_sock",)

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    @property
    def family(self) -> int:
        """The kind of its addresses, such as `socket.AF_INET`."""
        return self._sock.family

    @property
    def type(self) -> int:
        """A stream or datagrams, such as `socket.SOCK_STREAM`."""
        return self._sock.type

    @property
    def proto(self) -> int:
        """The number of its protocol."""
        return self._sock.proto

    def fileno(self) -> int:
        """The descriptor; -1 when the transport is closed."""
        return self._sock.fileno()

    def dup(self) -> socket.socket:
        """A socket of the program's own for the same connection."""
        return self._sock.dup()

    def get_inheritable(self) -> bool:
        """Whether a child process has it too."""
        return self._sock.get_inheritable()

    def shutdown(self, how: int) -> None:
        """End one direction, or both."""
        self._sock.shutdown(how)

    def getsockopt(self, *args: Any) -> Any:
        """`socket.getsockopt`."""
        return self._sock.getsockopt(*args)

    def setsockopt(self, *args: Any) -> None:
        """`socket.setsockopt`."""
        self._sock.setsockopt(*args)

    def getpeername(self) -> Any:
        """The address at the other end."""
        return self._sock.getpeername()

    def getsockname(self) -> Any:
        """The address at this end."""
        return self._sock.getsockname()

    def getsockbyname(self) -> Any:
        """Asyncio names it, but no socket has it: it raises `AttributeError`."""
        return self._sock.getsockbyname()  # type: ignore[attr-defined]

    def gettimeout(self) -> int:
        """0: it never waits."""
        return 0

    def settimeout(self, value: float | None) -> None:
        """Anything but 0 raises `ValueError`: the loop must not be made to wait."""
        if value != 0:
            raise ValueError("settimeout(): only 0 timeout is allowed on transport sockets")

    def setblocking(self, flag: bool) -> None:
        """Anything but False raises `ValueError`, for the same reason."""
        if flag:
            raise ValueError("setblocking(): transport sockets cannot be blocking")

    def __getstate__(self) -> NoReturn:
        raise TypeError("Cannot serialize asyncio.TransportSocket object")

    def __repr__(self) -> str:
        facts = [
            f"fd={self.fileno()}",
            f"family={self.family!s}",
            f"type={self.type!s}",
            f"proto={self.proto}",
        ]
        if self.fileno() != -1:
            for name, ask in (("laddr", self.getsockname), ("raddr", self.getpeername)):
                try:
                    address = ask()
                except OSError:
                    continue
                if address:
                    facts.append(f"{name}={address}")
        return f"<asyncio.TransportSocket {', '.join(facts)}>"


guest.borrow(globals(), "trsock", ["TransportSocket"])
