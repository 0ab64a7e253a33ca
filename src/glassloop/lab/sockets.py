"""`socket.socket` on the simulated kernel.

The class is the standard library's own with the system calls replaced, so `accept`,
`makefile`, `with` and `repr` are Python's code. What a call means stands in `endpoints`; here
is what a socket adds to it: a timeout, and with it the choice between waiting and
`BlockingIOError`.
"""

from __future__ import annotations

import socket
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from glassloop.lab import errnos
from glassloop.lab.endpoints import DatagramEndpoint, Endpoint, StreamEndpoint
from glassloop.lab.kernel import Kernel
from glassloop.lab.hosts import Address, Network

T = TypeVar("T")

SO_ERROR = getattr(socket, "SO_ERROR", 4)


class Socket(socket.socket):
    """A socket whose system calls go to `kernel` and `network`, set by `for_kernel`."""

    kernel: Kernel
    network: Network

    def __init__(
        self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None
    ) -> None:
        self._io_refs = 0
        self._closed = False
        self._fd = -1
        self._timeout = socket.getdefaulttimeout()
        self._family = socket.AF_INET if family == -1 else family
        self._type = socket.SOCK_STREAM if type == -1 else type & 0xF  # less SOCK_NONBLOCK
        self._proto = 0 if proto == -1 else proto
        self._endpoint = self._existing(fileno) if fileno is not None else self._new()
        self._fd = self._endpoint.fd

    @classmethod
    def for_kernel(cls, kernel: Kernel, network: Network) -> type[Socket]:
        """The class of sockets of one kernel, named as readers know it."""
        members = {"kernel": kernel, "network": network, "__module__": "socket"}
        return type("socket", (cls,), members)

    def _new(self) -> Endpoint:
        if self._type == socket.SOCK_DGRAM:
            return DatagramEndpoint(self.kernel, self.network)
        if self._type == socket.SOCK_STREAM:
            return StreamEndpoint(self.kernel, self.network)
        raise OSError(94, "Socket type not supported")

    def _existing(self, fileno: int) -> Endpoint:
        try:
            return self.kernel.files[fileno]
        except KeyError:
            raise errnos.error("EBADF") from None

    @classmethod
    def pair(cls, family: int | None = None, type: int = 1, proto: int = 0) -> tuple[Socket, Socket]:
        """Two connected sockets, as `socket.socketpair` makes them."""
        one, other = (cls(family or _unix_family(), type, proto) for _ in range(2))
        for end in (one, other):
            end._endpoint.address = end._endpoint.peer_address = ""
        one._stream().join(other._stream())
        return one, other

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) != -1 and not sys.is_finalizing():
            warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self, stacklevel=2)
            self._real_close()

    @property
    def family(self) -> Any:
        return _named(self._family, socket.AddressFamily)

    @property
    def type(self) -> Any:
        return _named(self._type, socket.SocketKind)

    @property
    def proto(self) -> int:
        return self._proto

    @property
    def timeout(self) -> float | None:
        return self._timeout

    # Waiting.

    def setblocking(self, flag: bool) -> None:
        self.settimeout(None if flag else 0.0)

    def settimeout(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = None if value is None else float(value)

    def gettimeout(self) -> float | None:
        return self._timeout

    def getblocking(self) -> bool:
        return self._timeout != 0.0

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        reason = f"{what} waits for something that cannot come: nobody is left who could act"
        if not self.kernel.wait(ready, self._timeout, reason):
            raise TimeoutError("timed out")

    def _call(self, ready: Callable[[], bool], call: Callable[[], T], what: str) -> T:
        """Make a system call; where it would block and we may wait, wait and make it again."""
        while True:
            try:
                return call()
            except BlockingIOError:
                if self._timeout == 0.0:
                    raise
            self._wait(ready, what)

    # Names and options.

    def fileno(self) -> int:
        return self._fd

    def bind(self, address: Address) -> None:
        self._open().bind(address)

    def getsockname(self) -> Any:
        return self._open().address

    def getpeername(self) -> Any:
        endpoint = self._open()
        connected = not isinstance(endpoint, StreamEndpoint) or endpoint.incoming is not None
        if endpoint.peer_address is None or not connected:
            raise errnos.error("ENOTCONN")
        return endpoint.peer_address

    def setsockopt(self, level: int, name: int, value: Any, length: int = 0) -> None:
        endpoint = self._open()
        if name == getattr(socket, "SO_LINGER", 13) and isinstance(value, bytes):
            value = (value[0], value[len(value) // 2])
        endpoint.options[level, name] = value
        if isinstance(endpoint, StreamEndpoint):
            endpoint.apply_option(level, name, value)

    def getsockopt(self, level: int, name: int, length: int = 0) -> Any:
        endpoint = self._open()
        if (level, name) == (socket.SOL_SOCKET, SO_ERROR):
            error = endpoint.take_error()
            return errnos.LINUX[error][0] if error else 0
        return endpoint.options.get((level, name), 0)

    # Meeting.

    def listen(self, backlog: int = 128) -> None:
        self._stream().listen()

    def _accept(self) -> tuple[int, Any]:
        stream = self._stream()
        endpoint = self._call(stream.readable, stream.accept, "accept()")
        return endpoint.fd, endpoint.peer_address

    def connect(self, address: Address) -> None:
        endpoint = self._open()
        if not isinstance(endpoint, StreamEndpoint | DatagramEndpoint):
            raise errnos.error("EOPNOTSUPP")
        try:
            endpoint.connect(address)
        except BlockingIOError:
            if self._timeout == 0.0:
                raise
            self._wait(endpoint.connection_settled, "connect()")
            if error := endpoint.take_error():
                raise errnos.error(error) from None

    def connect_ex(self, address: Address) -> int:
        try:
            self.connect(address)
        except TimeoutError:
            return errnos.LINUX["EAGAIN"][0]
        except OSError as error:
            if error.errno is None or isinstance(error, socket.gaierror):
                raise
            return error.errno
        return 0

    # Talking.

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        if bufsize < 0:
            raise ValueError("negative buffersize in recv")
        endpoint, peek = self._talking(), bool(flags & socket.MSG_PEEK)
        return self._call(endpoint.readable, lambda: endpoint.receive(bufsize, peek), "recv()")

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        view = memoryview(buffer).cast("B")
        data = self.recv(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data)

    def recvfrom(self, bufsize: int, flags: int = 0) -> tuple[bytes, Any]:
        endpoint = self._open()
        if not isinstance(endpoint, DatagramEndpoint):
            return self.recv(bufsize, flags), None
        peek = bool(flags & socket.MSG_PEEK)
        return self._call(
            endpoint.readable, lambda: endpoint.receive_from(bufsize, peek), "recvfrom()"
        )

    def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        view = memoryview(buffer).cast("B")
        data, sender = self.recvfrom(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data), sender

    def send(self, data: Any, flags: int = 0) -> int:
        endpoint, payload = self._talking(), bytes(data)
        return self._call(endpoint.writable, lambda: endpoint.send(payload), "send()")

    def sendall(self, data: Any, flags: int = 0) -> None:
        left = memoryview(data).cast("B")
        while left:
            left = left[self.send(left) :]

    def sendmsg(
        self, buffers: Iterable[Any], ancdata: Any = (), flags: int = 0, address: Any = None
    ) -> int:
        data = b"".join(bytes(piece) for piece in buffers)
        return self.send(data) if address is None else self.sendto(data, address)

    def sendto(self, data: Any, *flags_and_address: Any) -> int:
        endpoint, address = self._open(), flags_and_address[-1]
        if not isinstance(endpoint, DatagramEndpoint):
            return self.send(data)
        return endpoint.send_to(bytes(data), address)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        sent: int = self._sendfile_use_send(file, offset, count)  # type: ignore[attr-defined]  # private, but the one that needs no kernel
        return sent

    # Parting.

    def shutdown(self, how: int) -> None:
        self._talking().shutdown(how)

    def detach(self) -> int:
        self._closed = True
        fd, self._fd = self._fd, -1
        return fd

    def dup(self) -> Any:
        raise OSError("the lab's sockets cannot be duplicated: share the socket object instead")

    def _real_close(self, *_: Any) -> None:
        fd, self._fd = self._fd, -1
        if fd != -1 and not self._endpoint.closed:
            self._endpoint.close()

    def _open(self) -> Endpoint:
        if self._fd == -1:
            raise errnos.error("EBADF")
        return self._endpoint

    def _stream(self) -> StreamEndpoint:
        endpoint = self._open()
        if not isinstance(endpoint, StreamEndpoint):
            raise errnos.error("EOPNOTSUPP")
        return endpoint

    def _talking(self) -> StreamEndpoint | DatagramEndpoint:
        endpoint = self._open()
        assert isinstance(endpoint, StreamEndpoint | DatagramEndpoint)
        return endpoint


def _unix_family() -> int:
    return int(getattr(socket, "AF_UNIX", 1))


def _named(value: int, names: Any) -> Any:
    try:
        return names(value)
    except ValueError:
        return value
