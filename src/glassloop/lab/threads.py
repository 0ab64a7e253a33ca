"""Threads and thread pools on the simulated clock.

WebAssembly has no threads, and real ones would make outputs differ from run to run. Here a
call in a thread runs to its end when the thread starts, its sleeps are taken back, and its
result arrives that much later (`Kernel.run_as_thread`). Calls that compute, sleep and return
behave as in a real thread. Threads that talk to each other while they run do not: their cells
need the real thing (`:needs: os`).
"""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import threading
from collections import deque
from collections.abc import Callable
from concurrent import futures
from typing import Any

from glassloop.lab.kernel import Kernel


class Future(futures.Future[Any]):
    """A thread pool's future whose `result` waits on the simulated clock."""

    kernel: Kernel

    def result(self, timeout: float | None = None) -> Any:
        self._wait(timeout)
        return super().result(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._wait(timeout)
        return super().exception(0)

    def _wait(self, timeout: float | None) -> None:
        self.kernel.wait(self.done, timeout, "result() waits for a thread that never ends")


class ThreadPoolExecutor(futures.Executor):
    """What `concurrent.futures.ThreadPoolExecutor` is in the lab."""

    kernel: Kernel
    future: type[Future]
    _names = itertools.count()

    def __init__(
        self,
        max_workers: int | None = None,
        thread_name_prefix: str = "",
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
    ) -> None:
        # Eight cores are assumed, so that the default is the same everywhere: min(32, 8 + 4).
        self._max_workers = 12 if max_workers is None else max_workers
        if self._max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._prefix = thread_name_prefix or f"ThreadPoolExecutor-{next(self._names)}"
        self._initializer = initializer
        self._initargs = initargs
        self._idle: list[str] = []
        self._started = 0
        self._busy = 0
        self._queue: deque[tuple[Future, Callable[[], Any]]] = deque()
        self._shut = False

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        if self._shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = self.future()
        self._queue.append((future, lambda: call(*args, **kwargs)))
        self._start_calls()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._shut = True
        if cancel_futures:
            for future, _ in self._queue:
                future.cancel()
        if wait:
            self.kernel.wait(lambda: not self._busy and not self._queue)

    def _start_calls(self) -> None:
        while self._queue and self._busy < self._max_workers:
            future, call = self._queue.popleft()
            if future.set_running_or_notify_cancel():
                self._run(future, call)

    def _run(self, future: Future, call: Callable[[], Any]) -> None:
        worker = self._idle.pop() if self._idle else self._new_worker()
        self._busy += 1
        settle: Callable[[], None] = lambda: None

        def attempt() -> None:
            nonlocal settle
            try:
                result = call()
            except BaseException as error:
                failure = error
                settle = lambda: future.set_exception(failure)
            else:
                settle = lambda: future.set_result(result)

        def finish() -> None:
            self._busy -= 1
            self._idle.append(worker)
            settle()
            self._start_calls()

        elapsed = self.kernel.run_as_thread(lambda: in_thread(worker, attempt))
        self.kernel.after(elapsed, finish)

    def _new_worker(self) -> str:
        name = f"{self._prefix}_{self._started}"
        self._started += 1
        if self._initializer is not None:
            in_thread(name, lambda: self._initializer(*self._initargs))  # type: ignore[misc]  # it was checked on the line above
        return name


def in_thread(name: str, call: Callable[[], object]) -> None:
    """Run `call` as a new thread would: under its own name, in an empty context, with no loop."""
    thread, loop = threading.current_thread(), asyncio._get_running_loop()
    name_before = thread.name
    asyncio._set_running_loop(None)
    thread.name = name
    try:
        contextvars.Context().run(call)
    finally:
        thread.name = name_before
        asyncio._set_running_loop(loop)


def thread_methods(kernel: Kernel) -> dict[str, Callable[..., Any]]:
    """`start`, `join` and `is_alive` for `threading.Thread` on the simulated clock."""
    ended: dict[threading.Thread, bool] = {}

    def start(self: threading.Thread) -> None:
        if self in ended:
            raise RuntimeError("threads can only be started once")
        ended[self] = False

        def run() -> None:
            try:
                self.run()
            except Exception as error:
                details = (type(error), error, error.__traceback__, self)
                threading.excepthook(threading.ExceptHookArgs(details))

        elapsed = kernel.run_as_thread(lambda: in_thread(self.name, run))
        kernel.after(elapsed, lambda: ended.update({self: True}))

    def join(self: threading.Thread, timeout: float | None = None) -> None:
        if self not in ended:
            raise RuntimeError("cannot join thread before it is started")
        kernel.wait(lambda: ended[self], timeout, f"join() waits for {self.name}, which never ends")

    def is_alive(self: threading.Thread) -> bool:
        return ended.get(self) is False

    return {"start": start, "join": join, "is_alive": is_alive}
