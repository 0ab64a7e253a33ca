"""`selectors` and `select.select` on the simulated kernel.

Registering is the standard library's own code; only the question "who is ready?" is put to
another kernel.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterable
from typing import Any

from glassloop.lab.kernel import Kernel

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

Ready = list[tuple[selectors.SelectorKey, int]]


class Selector(selectors._BaseSelectorImpl):  # type: ignore[name-defined,misc]  # private, but where the standard selectors keep their register
    """What `selectors.DefaultSelector()` makes in the lab."""

    kernel: Kernel
    explain: Callable[[], str]

    @classmethod
    def for_kernel(cls, kernel: Kernel, explain: Callable[[], str]) -> type[Selector]:
        """The selectors of one kernel; `explain()` is what a wait without end reports."""
        members = {"kernel": kernel, "explain": staticmethod(explain), "__module__": "selectors"}
        return type("SimulatedSelector", (cls,), members)

    def __init__(self) -> None:
        super().__init__()
        self._writers: dict[int, None] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key: selectors.SelectorKey = super().register(fileobj, events, data)
        if key.fd not in self.kernel.files:
            self.unregister(fileobj)
            raise ValueError(
                f"file descriptor {key.fd} belongs to the real kernel and this selector to the "
                "lab's: give a cell that needs real files or pipes the option `:needs: os`"
            )
        if events & WRITE:
            self._writers[key.fd] = None
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        key: selectors.SelectorKey = super().unregister(fileobj)
        self._writers.pop(key.fd, None)
        return key

    def select(self, timeout: float | None = None) -> Ready:
        """Who is ready, after at most `timeout` seconds; who waits longest comes first."""
        ready: Ready = self.kernel.wait(self._ready, timeout, self.explain)
        return ready

    def _ready(self) -> Ready:
        masks: dict[int, int] = {}
        for fd in self.kernel.readable:
            if fd in self._fd_to_key and self._fd_to_key[fd].events & READ:
                masks[fd] = READ
        for fd in self._writers:
            if fd in self.kernel.writable:
                masks[fd] = masks.get(fd, 0) | WRITE
        return [(self._fd_to_key[fd], mask) for fd, mask in masks.items()]


def select_for(kernel: Kernel) -> Callable[..., tuple[list[Any], list[Any], list[Any]]]:
    """`select.select` on `kernel`."""

    def select(
        rlist: Iterable[Any], wlist: Iterable[Any], xlist: Iterable[Any], timeout: Any = None
    ) -> tuple[list[Any], list[Any], list[Any]]:
        readers, writers = list(rlist), list(wlist)

        def ready() -> tuple[list[Any], list[Any]] | None:
            reading = [file for file in readers if _fd(file) in kernel.readable]
            writing = [file for file in writers if _fd(file) in kernel.writable]
            return (reading, writing) if reading or writing else None

        reason = "select() waits for something that cannot come: no socket can become ready"
        found = kernel.wait(ready, timeout, reason)
        return (*(found or ([], [])), [])

    return select


def _fd(file: Any) -> int:
    return file if isinstance(file, int) else int(file.fileno())
