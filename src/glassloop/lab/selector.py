"""`selectors` and `select.select` on the simulated kernel.

Registering is the standard library's own code; only the question "who is ready?" is put to
another kernel.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterable
from typing import Any

from glassloop.lab import errnos
from glassloop.lab.endpoints import Endpoint
from glassloop.lab.kernel import Kernel

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

Key = selectors.SelectorKey
Ready = list[tuple[Key, int]]


class Selector(selectors._BaseSelectorImpl):
    """What `selectors.DefaultSelector()` makes in the lab.

    As epoll does, it keeps a list of sockets that may be ready, in the order in which they
    became so, and takes a socket off that list when it is asked and finds it not ready.
    """

    kernel: Kernel
    explain: Callable[[], str]
    _fd_to_key: dict[int, Key]

    @classmethod
    def for_kernel(cls, kernel: Kernel, explain: Callable[[], str]) -> type[Selector]:
        """The selectors of one kernel; `explain()` is what a wait without end reports."""
        members = {"kernel": kernel, "explain": staticmethod(explain), "__module__": "selectors"}
        return type("SimulatedSelector", (cls,), members)

    def __init__(self) -> None:
        super().__init__()
        self._watched: dict[int, Endpoint] = {}
        self._perhaps: dict[int, None] = {}  # who may be ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> Key:
        key: Key = super().register(fileobj, events, data)
        endpoint = self.kernel.files.get(key.fd)
        if endpoint is None:
            super().unregister(fileobj)
            raise ValueError(
                f"file descriptor {key.fd} belongs to the real kernel and this selector to the "
                "lab's: give a cell that needs real files or pipes the option `:needs: os`"
            )
        self._watched[key.fd] = endpoint
        endpoint.watchers.add(self)
        self.notice(endpoint)
        return key

    def unregister(self, fileobj: Any) -> Key:
        key: Key = super().unregister(fileobj)
        self._forget(key.fd)
        return key

    def modify(self, fileobj: Any, events: int, data: Any = None) -> Key:
        key = self.get_key(fileobj)._replace(events=events, data=data)
        self._fd_to_key[key.fd] = key
        self.notice(self._watched[key.fd])
        return key

    def select(self, timeout: float | None = None) -> Ready:
        """Who is ready, after at most `timeout` seconds; who is so for longest comes first."""
        ready: Ready = self.kernel.wait(self._ready, timeout, self.explain)
        return ready

    def close(self) -> None:
        for fd in list(self._watched):
            self._forget(fd)
        super().close()

    def _ready(self) -> Ready:
        masks = {fd: self._mask(fd) for fd in self._perhaps}
        self._perhaps = {fd: None for fd, mask in masks.items() if mask}
        return [(self._fd_to_key[fd], mask) for fd, mask in masks.items() if mask]

    def _mask(self, fd: int) -> int:
        """What a watched descriptor is ready for, of what was asked."""
        endpoint = self._watched[fd]
        if endpoint.closed:
            return 0
        mask = (READ if endpoint.readable() else 0) | (WRITE if endpoint.writable() else 0)
        return mask & self._fd_to_key[fd].events

    def notice(self, endpoint: Endpoint) -> None:
        """`endpoint` may have become ready."""
        if self._watched.get(endpoint.fd) is endpoint and self._mask(endpoint.fd):
            self._perhaps.setdefault(endpoint.fd)

    def _forget(self, fd: int) -> None:
        self._watched.pop(fd).watchers.discard(self)
        self._perhaps.pop(fd, None)


def select_for(kernel: Kernel) -> Callable[..., tuple[list[Any], list[Any], list[Any]]]:
    """`select.select` on `kernel`."""

    def select(
        rlist: Any, wlist: Any, xlist: Any, timeout: float | None = None, /
    ) -> tuple[list[Any], list[Any], list[Any]]:
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be non-negative")
        readers, writers, _ = (_endpoints(kernel, files) for files in (rlist, wlist, xlist))

        def ready() -> tuple[list[Any], list[Any]] | None:
            reading = [file for file, endpoint in readers if endpoint.readable()]
            writing = [file for file, endpoint in writers if endpoint.writable()]
            return (reading, writing) if reading or writing else None

        reason = "select() waits for something that cannot come: no socket can become ready"
        found = kernel.wait(ready, timeout, reason)
        return (*(found or ([], [])), [])

    return select


def _endpoints(kernel: Kernel, files: Any) -> list[tuple[Any, Endpoint]]:
    """Each of `files`, as the program named it, with its endpoint."""
    if not isinstance(files, Iterable):
        raise TypeError("arguments 1-3 must be sequences")
    return [(file, _endpoint(kernel, file)) for file in files]


def _endpoint(kernel: Kernel, file: Any) -> Endpoint:
    if not isinstance(file, int) and not hasattr(file, "fileno"):
        raise TypeError("argument must be an int, or have a fileno() method.")
    fd = file if isinstance(file, int) else file.fileno()
    if fd < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({fd})")
    if fd not in kernel.files:
        raise errnos.error("EBADF")
    return kernel.files[fd]
