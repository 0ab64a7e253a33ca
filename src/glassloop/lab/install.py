"""Puts the simulated kernel where the real one was, and takes it away again.

These are all the names that change, with those in `names` and `threads`. What stands above them
(event loops, transports, streams, `socketserver`, libraries) is unmodified code. Not changed are
`datetime.now()` and `timeit`, which read the machine's clock.
"""

from __future__ import annotations

import _socket
import queue
import select
import selectors
import socket
import socketserver
import threading
import time
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from glassloop.lab import errnos, names, threads
from glassloop.lab.addresses import AF_UNIX, family
from glassloop.lab.deadlock import explain
from glassloop.lab.endpoints import SO_LINGER, SO_REUSEADDR, SO_REUSEPORT
from glassloop.lab.hosts import Network
from glassloop.lab.kernel import NANOSECONDS, Kernel, only_in_cells
from glassloop.lab.selector import Selector, select_for
from glassloop.lab.sockets import Socket

# An object, the name of an attribute, and the attribute's value.
Change = tuple[Any, str, Any]

# What `time.time()` is when a cell starts: 1 January 2026, 00:00 UTC.
EPOCH = 1_767_225_600

# What clocks say of their steps, in seconds. An event loop adds it to the time to see what is
# due, so it has to be more than the last digit of a time that is years away.
RESOLUTION = 1e-6

# Constants that WebAssembly's `socket` lacks. Some of it looks for them in `_socket`.
CONSTANTS = {
    "AF_UNIX": family(AF_UNIX),
    "SO_LINGER": SO_LINGER,
    "SO_REUSEADDR": SO_REUSEADDR,
    "SO_REUSEPORT": SO_REUSEPORT,
}

_ABSENT = object()


@contextmanager
def installed(kernel: Kernel, network: Network) -> Iterator[None]:
    """Let everything that asks the operating system ask `kernel` while the block runs."""
    with (
        errnos.linux_numbers(),
        changed([*_clock(kernel), *_sockets(kernel, network), *threads.changes(kernel)]),
        kernel.running(),
    ):
        yield


@contextmanager
def changed(changes: Iterable[Change]) -> Iterator[None]:
    """Give attributes other values while the block runs."""
    before = [_change(*change) for change in list(changes)]
    try:
        yield
    finally:
        for change in reversed(before):
            _change(*change)


def _change(holder: Any, name: str, value: Any) -> Change:
    """Set an attribute (or take it away) and return the change that undoes it."""
    before = getattr(holder, name, _ABSENT)
    if value is _ABSENT:
        delattr(holder, name)
    else:
        setattr(holder, name, value)
    return holder, name, before


def _clock(kernel: Kernel) -> Iterator[Change]:
    functions = _clock_functions(kernel)
    for name, function in functions.items():
        real = getattr(time, name, function)  # WebAssembly has no `thread_time`
        yield time, name, only_in_cells(real, function)
    # Modules that have taken the clock by its name.
    monotonic = only_in_cells(time.monotonic, functions["monotonic"])
    for module, name in ((threading, "_time"), (queue, "time"), (socketserver, "time")):
        yield module, name, monotonic


def _clock_functions(kernel: Kernel) -> dict[str, Callable[..., Any]]:
    gmtime, ctime, strftime = time.gmtime, time.ctime, time.strftime

    def elapsed() -> float:
        return kernel.clock / NANOSECONDS

    def now() -> float:
        return EPOCH + elapsed()

    def sleep(seconds: float, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        kernel.sleep(seconds)

    def gmtime_(seconds: float | None = None, /) -> time.struct_time:
        return gmtime(now() if seconds is None else seconds)

    def ctime_(seconds: float | None = None, /) -> str:
        return ctime(now() if seconds is None else seconds)

    def strftime_(format: str, moment: Any = None, /) -> str:
        return strftime(format, gmtime_() if moment is None else moment)

    return {
        "monotonic": elapsed,
        "monotonic_ns": lambda: kernel.clock,
        "perf_counter": elapsed,
        "perf_counter_ns": lambda: kernel.clock,
        # Code takes no time here, so no processor time either.
        "process_time": lambda: 0.0,
        "process_time_ns": lambda: 0,
        "thread_time": lambda: 0.0,
        "thread_time_ns": lambda: 0,
        "get_clock_info": lambda name: types.SimpleNamespace(
            implementation="simulated",
            monotonic=name != "time",
            adjustable=False,
            resolution=RESOLUTION,
        ),
        "time": now,
        "time_ns": lambda: EPOCH * NANOSECONDS + kernel.clock,
        "sleep": sleep,
        "gmtime": gmtime_,
        "localtime": gmtime_,
        "ctime": ctime_,
        "strftime": strftime_,
    }


def _sockets(kernel: Kernel, network: Network) -> Iterator[Change]:
    cls = Socket.for_kernel(kernel, network)
    selector = Selector.for_kernel(kernel, explain)
    yield socket, "socket", cls
    yield socket, "SocketType", cls
    yield socket, "socketpair", cls.pair
    for name, function in names.functions_of(network):
        yield socket, name, function
    yield socket, "_blocking_errnos", {errnos.LINUX["EAGAIN"][0]}
    for name, value in CONSTANTS.items():
        for module in (socket, _socket):
            if not hasattr(module, name):
                yield module, name, value
    for name in ("Default", "Select", "Poll", "Epoll", "Kqueue", "Devpoll"):
        if hasattr(selectors, f"{name}Selector"):
            yield selectors, f"{name}Selector", selector
    yield socketserver, "_ServerSelector", selector
    yield select, "select", select_for(kernel)
