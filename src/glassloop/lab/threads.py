"""Threads and thread pools on the simulated clock.

WebAssembly has no threads, and real ones would make outputs differ from run to run. Here a
call in a thread runs to its end when the thread starts, its sleeps are taken back, and its
result arrives that much later (`Kernel.run_thread`), as does what it prints. Calls that
compute, sleep, print and return behave as in a real thread. Threads that talk to each other
while they run do not: their cells need the real thing (`:needs: os`).
"""

from __future__ import annotations

import _threading_local
import asyncio
import contextvars
import itertools
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import thread as futures_thread
from typing import Any

from glassloop.lab import tracebacks
from glassloop.lab.kernel import Kernel, only_in_cells
from glassloop.lab.limits import Limit
from glassloop.lab.locks import Lock

# Eight cores are assumed, so that the default is the same everywhere: min(32, 8 + 4).
WORKERS = 12


class Threads:
    """The simulated threads of one cell."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.pools = itertools.count()
        self._inside: list[threading.Thread] = []  # the threads that are running, outermost first
        self._ended: dict[threading.Thread, bool] = {}  # of all that were started
        self._main = threading.current_thread()
        self._identifiers = itertools.count(2)

    def run(
        self,
        thread: threading.Thread,
        call: Callable[[], object],
        then: Callable[[], object],
    ) -> None:
        """Run `call` in `thread`, and `then` in nobody's when the time for it has come."""
        if thread.ident is None:
            thread._ident = next(self._identifiers)  # type: ignore[attr-defined]  # what `ident` shows
        self.kernel.run_thread(lambda: self._enter(thread, call), then, not thread.daemon)

    def _enter(self, thread: threading.Thread, call: Callable[[], object]) -> None:
        """Run `call` as a thread does: under its name, in an empty context, with no loop."""
        loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        self._inside.append(thread)
        try:
            contextvars.Context().run(call)
        finally:
            self._inside.pop()
            asyncio._set_running_loop(loop)

    def current(self) -> threading.Thread:
        """What `threading.current_thread` returns."""
        return self._inside[-1] if self._inside else self._main

    def identifier(self) -> int:
        """What `threading.get_ident` returns: 1 for the cell's own thread."""
        return (self._inside[-1].ident or 0) if self._inside else 1

    def start(self, thread: threading.Thread) -> None:
        """What `Thread.start` does."""
        if thread in self._ended:
            raise RuntimeError("threads can only be started once")
        self._ended[thread] = False
        thread._started.set()  # type: ignore[attr-defined]  # what `repr` shows

        def attempt() -> None:
            try:
                thread.run()
            except Limit:
                raise
            except BaseException as error:
                details = (type(error), error, error.__traceback__, thread)
                threading.excepthook(threading.ExceptHookArgs(details))

        self.run(thread, attempt, lambda: self._ended.update({thread: True}))

    def join(self, thread: threading.Thread, timeout: float | None = None) -> None:
        """What `Thread.join` does."""
        if thread not in self._ended:
            raise RuntimeError("cannot join thread before it is started")
        if thread in self._inside:
            raise RuntimeError("cannot join current thread")
        reason = f"join() waits for {thread.name}, which never ends"
        self.kernel.wait(lambda: self._ended[thread], timeout, reason)

    def is_alive(self, thread: threading.Thread) -> bool:
        """What `Thread.is_alive` does."""
        return thread is self._main or self._ended.get(thread) is False


class ThreadPoolExecutor(futures.Executor):
    """What `concurrent.futures.ThreadPoolExecutor` is in the lab."""

    threads: Threads

    def __init__(
        self,
        max_workers: int | None = None,
        thread_name_prefix: str = "",
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
    ) -> None:
        self._max_workers = WORKERS if max_workers is None else max_workers
        if self._max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._prefix = thread_name_prefix or f"ThreadPoolExecutor-{next(self.threads.pools)}"
        self._initializer, self._initargs = initializer, initargs
        self._idle: list[threading.Thread] = []
        self._workers = 0
        self._busy = 0
        self._starting = False
        self._queue: deque[tuple[futures.Future[Any], Callable[[], Any]]] = deque()
        self._shut = False

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> futures.Future[Any]:
        if self._shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: futures.Future[Any] = futures.Future()
        self._queue.append((future, lambda: call(*args, **kwargs)))
        self._start_calls()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._shut = True
        if cancel_futures:
            while self._queue:
                self._queue.popleft()[0].cancel()
        if wait:
            self.threads.kernel.wait(lambda: not self._busy and not self._queue)

    def _start_calls(self) -> None:
        if self._starting:
            return  # we are called for a call that has ended at once, and go on below
        self._starting = True
        try:
            while self._queue and self._busy < self._max_workers:
                future, call = self._queue.popleft()
                if future.set_running_or_notify_cancel():
                    self._run(future, call)
        finally:
            self._starting = False

    def _run(self, future: futures.Future[Any], call: Callable[[], Any]) -> None:
        self._busy += 1
        if self._idle:
            worker = self._idle.pop()
        else:
            worker, call = self._new_worker(), self._with_initializer(call)
        attempt = _Attempt(call)

        def finish() -> None:
            self._busy -= 1
            self._idle.append(worker)
            attempt.settle(future)
            self._start_calls()

        self.threads.run(worker, attempt.make, finish)

    def _new_worker(self) -> threading.Thread:
        self._workers += 1
        return threading.Thread(name=f"{self._prefix}_{self._workers - 1}")

    def _with_initializer(self, call: Callable[[], Any]) -> Callable[[], Any]:
        """The first call of a new worker, which has to be made ready."""

        def both() -> Any:
            if self._initializer is not None:
                self._initializer(*self._initargs)
            return call()

        return both


class _Attempt:
    """A call, and what came of it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._result: Any = None
        self._error: BaseException | None = None

    def make(self) -> None:
        """Make the call and keep what comes of it."""
        try:
            self._result = self._call()
        except Limit:
            raise
        except BaseException as error:
            self._error = error

    def settle(self, future: futures.Future[Any]) -> None:
        """Hand on what came of it."""
        if self._error is not None:
            future.set_exception(self._error)
        else:
            future.set_result(self._result)


def changes(kernel: Kernel) -> Iterator[tuple[Any, str, Any]]:
    """What has to change so that threads are simulated: object, attribute, new value."""
    threads = Threads(kernel)
    pool = type("ThreadPoolExecutor", (ThreadPoolExecutor,), {"threads": threads})
    for module in (futures, futures_thread):
        yield module, "ThreadPoolExecutor", pool
    thread = threading.Thread
    yield thread, "start", only_in_cells(thread.start, lambda self: threads.start(self))
    yield thread, "is_alive", only_in_cells(thread.is_alive, lambda self: threads.is_alive(self))
    yield (
        thread,
        "join",
        only_in_cells(thread.join, lambda self, timeout=None: threads.join(self, timeout)),
    )
    current = only_in_cells(threading.current_thread, threads.current)
    for module in (threading, _threading_local):
        yield module, "current_thread", current
    yield threading, "get_ident", only_in_cells(threading.get_ident, threads.identifier)
    yield threading, "excepthook", _print_exception
    yield threading, "_counter", itertools.count(1).__next__
    # The one of the standard library's two that asks for the current thread by its name above.
    yield threading, "local", _threading_local.local
    for name in ("Lock", "_allocate_lock"):
        yield threading, name, Lock
    yield queue, "SimpleQueue", queue._PySimpleQueue  # type: ignore[attr-defined]  # the one that is made of locks


def _print_exception(report: Any) -> None:
    """What `threading.excepthook` is in the lab: every Python prints it in the same words."""
    if report.exc_type is not SystemExit:
        print(f"Exception in thread {report.thread.name}:", file=sys.stderr)
        print(tracebacks.render(report.exc_value), end="", file=sys.stderr)
