"""Puts the simulated kernel where the real one was, and takes it away again.

These are all the names that change. What stands above them (event loops, transports, streams,
`socketserver`, libraries) is unmodified code. Not changed are `datetime.now()` and `timeit`,
which read the machine's clock.
"""

from __future__ import annotations

import asyncio.events
import concurrent.futures.thread
import select
import selectors
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from glassloop.lab import errnos, names, tracebacks
from glassloop.lab.deadlock import explain
from glassloop.lab.kernel import NANOSECONDS, Kernel
from glassloop.lab.hosts import Network
from glassloop.lab.selector import Selector, select_for
from glassloop.lab.sockets import Socket
from glassloop.lab.threads import Future, ThreadPoolExecutor, thread_methods

Change = tuple[Any, str, Any]

# What `time.time()` is when a cell starts: 1 January 2026, 00:00 UTC.
EPOCH = 1_767_225_600

# Constants that WebAssembly's `socket` lacks, with Linux's values.
CONSTANTS = {"AF_UNIX": 1, "SO_REUSEADDR": 2, "SO_REUSEPORT": 15, "SO_LINGER": 13}

_ABSENT = object()


@contextmanager
def installed(kernel: Kernel, network: Network) -> Iterator[None]:
    """Let everything that asks the operating system ask `kernel` while the block runs."""
    changes = [
        *_clock(kernel),
        *_sockets(kernel, network),
        *_threads(kernel),
        *_tracebacks(),
        # No event loop set, and the policy of a plain Python: a page in a browser has its own.
        (asyncio.events, "_event_loop_policy", None),
    ]
    outer_loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    with errnos.linux_numbers():
        before = [_change(*change) for change in changes]
        try:
            yield
        finally:
            for change in reversed(before):
                _change(*change)
            asyncio._set_running_loop(outer_loop)


def _change(holder: Any, name: str, value: Any) -> Change:
    """Set an attribute (or take it away) and return the change that undoes it."""
    before = getattr(holder, name, _ABSENT)
    if value is _ABSENT:
        delattr(holder, name)
    else:
        setattr(holder, name, value)
    return holder, name, before


def _clock(kernel: Kernel) -> Iterator[Change]:
    def nanoseconds() -> int:
        return kernel.clock

    def seconds() -> float:
        return kernel.clock / NANOSECONDS

    def since_epoch() -> float:
        return EPOCH + kernel.clock / NANOSECONDS

    def sleep(seconds: float, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        kernel.sleep(seconds)

    for name in ("monotonic", "perf_counter"):
        yield time, name, seconds
        yield time, f"{name}_ns", nanoseconds
    # Code takes no time here, so no processor time either.
    for name in ("process_time", "thread_time"):
        yield time, name, lambda: 0.0
        yield time, f"{name}_ns", lambda: 0
    yield time, "time", since_epoch
    yield time, "time_ns", lambda: EPOCH * NANOSECONDS + kernel.clock
    yield time, "sleep", sleep
    for name in ("gmtime", "localtime", "ctime"):
        yield time, name, _now_by_default(time.ctime if name == "ctime" else time.gmtime, kernel)
    yield time, "strftime", _strftime(time.strftime, time.gmtime, kernel)


def _now_by_default(function: Callable[..., Any], kernel: Kernel) -> Callable[..., Any]:
    def with_default(seconds: float | None = None, /) -> Any:
        return function(EPOCH + kernel.clock / NANOSECONDS if seconds is None else seconds)

    return with_default


def _strftime(strftime: Callable[..., str], gmtime: Callable[..., Any], kernel: Kernel) -> Any:
    def with_default(format: str, moment: Any = None, /) -> str:
        if moment is None:
            moment = gmtime(EPOCH + kernel.clock / NANOSECONDS)
        return strftime(format, moment)

    return with_default


def _sockets(kernel: Kernel, network: Network) -> Iterator[Change]:
    cls = Socket.for_kernel(kernel, network)
    selector = Selector.for_kernel(kernel, explain)
    yield socket, "socket", cls
    yield socket, "SocketType", cls
    yield socket, "socketpair", cls.pair
    for name, function in names.functions_of(network):
        yield socket, name, function
    for name, value in CONSTANTS.items():
        if not hasattr(socket, name):
            yield socket, name, value
    for name in ("Default", "Select", "Poll", "Epoll", "Kqueue", "Devpoll"):
        if hasattr(selectors, f"{name}Selector"):
            yield selectors, f"{name}Selector", selector
    yield select, "select", select_for(kernel)


def _threads(kernel: Kernel) -> Iterator[Change]:
    future = type("Future", (Future,), {"kernel": kernel})
    members = {"kernel": kernel, "future": future}
    pool = type("ThreadPoolExecutor", (ThreadPoolExecutor,), members)
    yield concurrent.futures, "ThreadPoolExecutor", pool
    yield concurrent.futures.thread, "ThreadPoolExecutor", pool
    for name, method in thread_methods(kernel).items():
        yield threading.Thread, name, method


def _tracebacks() -> Iterator[Change]:
    yield traceback.StackSummary, "format_frame_summary", tracebacks.format_frame
