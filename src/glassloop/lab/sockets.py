"""`socket.socket` on the simulated kernel.

The class is the standard library's own with the system calls replaced, so `accept`,
`makefile`, `with` and `repr` are Python's code. What a call means stands in `connections` and
`datagrams`; here is what a socket adds to it: a timeout, and with it the choice between waiting
and `BlockingIOError`; and the checks that Python makes before it asks the kernel.
"""

from __future__ import annotations

import operator
import socket
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from glassloop.lab import errnos
from glassloop.lab.addresses import AF_INET, AF_INET6, AF_UNIX, ANY, Address, family
from glassloop.lab.connections import PairEndpoint, StreamEndpoint
from glassloop.lab.datagrams import DatagramEndpoint, DatagramPairEndpoint
from glassloop.lab.endpoints import Endpoint
from glassloop.lab.hosts import Network
from glassloop.lab.kernel import NANOSECONDS, Kernel, nanoseconds, running

T = TypeVar("T")

SO_ERROR = getattr(socket, "SO_ERROR", 4)
MSG_PEEK = getattr(socket, "MSG_PEEK", 2)
MSG_DONTWAIT = getattr(socket, "MSG_DONTWAIT", 0x40)

# What the flags of SOCK_NONBLOCK and SOCK_CLOEXEC leave of a type.
TYPE_MASK = 0xF

ENDPOINTS: dict[tuple[bool, int], type[Endpoint]] = {
    (True, socket.SOCK_STREAM): StreamEndpoint,
    (True, socket.SOCK_DGRAM): DatagramEndpoint,
    (False, socket.SOCK_STREAM): PairEndpoint,
    (False, socket.SOCK_DGRAM): DatagramPairEndpoint,
}


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
        self._proto = 0 if proto == -1 else proto
        if fileno is None:
            self._family = AF_INET if family == -1 else int(family)
            self._type = int(socket.SOCK_STREAM) if type == -1 else type & TYPE_MASK
            self._endpoint = self._new_endpoint()
            self.kernel.open(self._endpoint)
        else:
            self._endpoint = self._endpoint_at(fileno)
            self._family, self._type = self._endpoint.family, int(self._endpoint.kind)
        self._fd = self._endpoint.fd

    @classmethod
    def for_kernel(cls, kernel: Kernel, network: Network) -> type[Socket]:
        """The class of sockets of one kernel, named as readers know it."""
        members = {"kernel": kernel, "network": network, "__module__": "socket"}
        return type("socket", (cls,), members)

    @classmethod
    def pair(
        cls, family: int = AF_UNIX, type: int = socket.SOCK_STREAM, proto: int = 0
    ) -> tuple[Socket, Socket]:
        """Two connected sockets, as `socket.socketpair` makes them."""
        if family != AF_UNIX:
            raise errnos.error("EOPNOTSUPP")
        one, other = (cls(family, type, proto) for _ in range(2))
        left: Any = one._endpoint  # both are of the kind that belongs to `type`
        left.join(other._endpoint)
        left.peer_address = other._endpoint.peer_address = ""
        return one, other

    def _new_endpoint(self) -> Endpoint:
        if self._family not in (AF_INET, AF_INET6, AF_UNIX):
            raise errnos.error("EAFNOSUPPORT")
        kind = ENDPOINTS.get((self._family != AF_UNIX, self._type))
        if kind is None:
            raise errnos.error("EINVAL")
        return kind(self.kernel, self.network, self._family)

    def _endpoint_at(self, fileno: int) -> Endpoint:
        if fileno not in self.kernel.files:
            raise errnos.error("EBADF")
        return self.kernel.files[fileno]

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) == -1 or sys.is_finalizing():
            return
        if running() is self.kernel:
            warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self, stacklevel=2)
        self._real_close()

    @property
    def family(self) -> Any:
        return family(self._family)

    @property
    def type(self) -> Any:
        return socket.SocketKind(self._type)

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
        if value is not None:
            # Not `float`, which would read text.
            value = value if isinstance(value, float) else float(operator.index(value))
            if value < 0:
                raise ValueError("Timeout value out of range")
        self._open()
        self._timeout = value

    def gettimeout(self) -> float | None:
        return self._timeout

    def getblocking(self) -> bool:
        return self._timeout != 0.0

    def _call(
        self,
        ready: Callable[[], bool],
        call: Callable[[], T],
        what: str,
        flags: int = 0,
        deadline: int | None = None,
    ) -> T:
        """Make a system call; where it would block and we may wait, wait and make it again."""
        if deadline is None:
            deadline = self._deadline()
        while True:
            try:
                return call()
            except BlockingIOError:
                if self._timeout == 0.0 or flags & MSG_DONTWAIT:
                    raise
            self._wait(ready, what, deadline)

    def _wait(self, ready: Callable[[], bool], what: str, deadline: int | None) -> None:
        reason = f"{what} waits for something that cannot come: nobody is left who could act"
        left = None if deadline is None else (deadline - self.kernel.now) / NANOSECONDS
        if not self.kernel.wait(ready, left, reason):
            raise TimeoutError("timed out")

    def _deadline(self) -> int | None:
        if self._timeout is None:
            return None
        return self.kernel.now + nanoseconds(self._timeout)

    # Names and options.

    def fileno(self) -> int:
        return self._fd

    def bind(self, address: Any) -> None:
        self._open().bind(self._resolved(address, "bind"))

    def getsockname(self) -> Any:
        return self._open().address

    def getpeername(self) -> Any:
        endpoint = self._open()
        if not endpoint.connected():
            raise errnos.error("ENOTCONN")
        return endpoint.peer_address

    def setsockopt(self, level: int, name: int, value: Any, length: int = 0) -> None:
        self._open().set_option(level, name, value if isinstance(value, bytes) else int(value or 0))

    def getsockopt(self, level: int, name: int, length: int = 0) -> Any:
        endpoint = self._open()
        if (level, name) == (socket.SOL_SOCKET, SO_ERROR):
            error = endpoint.take_error()
            return errnos.LINUX[error][0] if error else 0
        value = endpoint.options.get((level, name), 0)
        if isinstance(value, int) and length:
            return value.to_bytes(length, sys.byteorder)
        return value

    def _resolved(self, address: Any, call: str) -> Address:
        """An address with its host as a number; refuses what is no address, as Python does."""
        if self._family == AF_UNIX:
            return str(address)
        family = "AF_INET6" if self._family == AF_INET6 else "AF_INET"
        if not isinstance(address, tuple):
            kind = address.__class__.__name__
            raise TypeError(f"{call}(): {family} address must be tuple, not {kind}")
        if self._family == AF_INET and len(address) != 2:
            raise TypeError("AF_INET address must be a pair (host, port)")
        host, port = address[0], operator.index(address[1])
        if not isinstance(host, str | bytes | bytearray):
            kind = host.__class__.__name__
            raise TypeError(f"str, bytes or bytearray expected, not {kind}")
        name = host if isinstance(host, str) else host.decode()
        where = self.network.resolve(name, self._family) if name else ANY[self._family]
        if not 0 <= port <= 65_535:
            raise OverflowError(f"{call}(): port must be 0-65535.")
        return (where, port)

    # Meeting.

    def listen(self, backlog: int = 128) -> None:
        self._stream().listen(backlog)

    def _accept(self) -> tuple[int, Any]:
        stream = self._stream()
        endpoint = self._call(stream.readable, stream.accept, "accept()")
        return endpoint.fd, endpoint.peer_address

    def connect(self, address: Any) -> None:
        self._connect(address, "connect")

    def connect_ex(self, address: Any) -> int:
        try:
            self._connect(address, "connect_ex")
        except TimeoutError as error:
            return error.errno or errnos.LINUX["EAGAIN"][0]
        except OSError as error:
            if error.errno is None or isinstance(error, socket.gaierror):
                raise
            return error.errno
        return 0

    def _connect(self, address: Any, call: str) -> None:
        endpoint = self._open()
        try:
            endpoint.connect(self._resolved(address, call))
        except BlockingIOError:
            if self._timeout == 0.0 or not isinstance(endpoint, StreamEndpoint):
                raise
            self._wait(endpoint.settled, "connect()", self._deadline())
            if self._timeout is None:
                endpoint.conclude()
            elif error := endpoint.take_error():
                # With a timeout Python does not ask the kernel again how connecting has ended.
                raise errnos.error(error) from None

    # Talking.

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        return self._receive("recv", bufsize, flags)[0]

    def recvfrom(self, bufsize: int, flags: int = 0) -> tuple[bytes, Any]:
        return self._receive("recvfrom", bufsize, flags)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        return self._receive_into("recv_into", buffer, nbytes, flags)[0]

    def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        return self._receive_into("recvfrom_into", buffer, nbytes, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        return self._send(_view(data), flags, self._deadline())

    def sendall(self, data: Any, flags: int = 0) -> None:
        left, deadline = _view(data), self._deadline()
        while left:
            left = left[self._send(left, flags, deadline) :]

    def sendmsg(
        self, buffers: Iterable[Any], ancdata: Any = (), flags: int = 0, address: Any = None
    ) -> int:
        data = b"".join(map(_view, buffers))
        return self.send(data, flags) if address is None else self.sendto(data, flags, address)

    def sendto(self, data: Any, *flags_and_address: Any) -> int:
        if not 1 <= len(flags_and_address) <= 2:
            given = len(flags_and_address) + 1
            raise TypeError(f"sendto() takes 2 or 3 arguments ({given} given)")
        endpoint, payload = self._open(), _view(data)
        address = self._resolved(flags_and_address[-1], "sendto")
        if not isinstance(endpoint, DatagramEndpoint):
            return self.send(payload)  # a stream ignores to whom it is sent
        return endpoint.send_to(payload, address)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        sent: int = self._sendfile_use_send(file, offset, count)  # type: ignore[attr-defined]  # private, but the one that needs no kernel
        return sent

    def _receive(self, call: str, size: int, flags: int) -> tuple[bytes, Any]:
        if size < 0:
            raise ValueError(f"negative buffersize in {call}")
        endpoint, peek = self._open(), bool(flags & MSG_PEEK)
        if not size and call == "recv":
            return b"", None  # Python does not ask the kernel for nothing
        data, sender = self._call(
            endpoint.readable, lambda: endpoint.receive(size, peek), f"{call}()", flags
        )
        return data, sender or None

    def _receive_into(self, call: str, buffer: Any, size: int, flags: int) -> tuple[int, Any]:
        view = _writable(buffer, call)
        if size < 0:
            raise ValueError(f"negative buffersize in {call}")
        if size > len(view):
            raise ValueError("buffer too small for requested bytes")
        data, sender = self._receive(call, size or len(view), flags)
        view[: len(data)] = data
        return len(data), sender

    def _send(self, data: memoryview, flags: int, deadline: int | None) -> int:
        endpoint = self._open()
        return self._call(endpoint.writable, lambda: endpoint.send(data), "send()", flags, deadline)

    # Parting.

    def shutdown(self, how: int) -> None:
        self._open().shutdown(how)

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


def _view(data: Any) -> memoryview:
    try:
        return memoryview(data).cast("B")
    except TypeError:
        kind = type(data).__name__
        raise TypeError(f"a bytes-like object is required, not {kind!r}") from None


def _writable(buffer: Any, call: str) -> memoryview:
    view = memoryview(buffer).cast("B")
    if view.readonly:
        kind = type(buffer).__name__
        raise TypeError(f"{call}() argument 1 must be read-write bytes-like object, not {kind}")
    return view
