"""A loop that lets threads do what would block it: calls in a pool, and asking for addresses."""

from __future__ import annotations

import concurrent.futures
import contextvars
import functools
import socket
import threading
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from . import running
from .futures import Future, set_result_unless_done, wrap_future
from .log import logger
from .taskloop import TaskLoop

T = TypeVar("T")


class ThreadLoop(TaskLoop):
    """Has a pool of threads, made when it is first needed."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._default_executor: concurrent.futures.Executor | None = None
        self._executor_shutdown_called = False

    def run_in_executor(
        self, executor: concurrent.futures.Executor | None, func: Callable[..., T], *args: Any
    ) -> Future[T]:
        """Call `func(*args)` in a pool, by default in the loop's own; a future for its result.

        To cancel the future keeps a call from beginning; one that has begun runs on.
        """
        self._check_closed()
        if self._debug:
            self._check_callback(func, "run_in_executor")
        if executor is None:
            self._check_default_executor()
            if self._default_executor is None:
                self._default_executor = concurrent.futures.ThreadPoolExecutor(
                    thread_name_prefix="asyncio"
                )
            executor = self._default_executor
        return wrap_future(executor.submit(func, *args), loop=self)

    def _check_default_executor(self) -> None:
        if self._executor_shutdown_called:
            raise RuntimeError("Executor shutdown has been called")

    def set_default_executor(self, executor: concurrent.futures.ThreadPoolExecutor) -> None:
        """Have `executor` do what is given to no other."""
        if not isinstance(executor, concurrent.futures.ThreadPoolExecutor):
            raise TypeError("executor must be ThreadPoolExecutor instance")
        self._default_executor = executor

    async def shutdown_default_executor(
        self,
        timeout: float | None = None,  # noqa: ASYNC109  # CPython's signature
    ) -> None:
        """Take no more calls, and wait until the last one has returned, or `timeout` seconds."""
        self._executor_shutdown_called = True
        executor = self._default_executor
        if executor is None:
            return
        ended = self.create_future()
        # Waiting for threads blocks, so that a thread has to do it.
        thread = threading.Thread(target=self._shut_down, args=(executor, ended))
        thread.start()
        try:
            from .timeouts import timeout as timeout_after

            async with timeout_after(timeout):
                await ended
        except TimeoutError:
            warnings.warn(
                f"The executor did not finishing joining its threads within {timeout} seconds.",
                RuntimeWarning,
                stacklevel=2,
            )
            executor.shutdown(wait=False)
        else:
            thread.join()

    def _shut_down(self, executor: concurrent.futures.Executor, ended: Future[None]) -> None:
        try:
            executor.shutdown(wait=True)
            if not self.is_closed():
                self.call_soon_threadsafe(set_result_unless_done, ended)
        except Exception as error:
            if not self.is_closed() and not ended.cancelled():
                self.call_soon_threadsafe(ended.set_exception, error)

    def close(self) -> None:
        super().close()
        self._executor_shutdown_called = True
        executor, self._default_executor = self._default_executor, None
        if executor is not None:
            executor.shutdown(wait=False)

    # The system has no way to ask for an address without waiting for the answer.

    async def getaddrinfo(
        self,
        host: Any,
        port: Any,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        """`socket.getaddrinfo`, asked in a thread."""
        ask = self._getaddrinfo_debug if self._debug else socket.getaddrinfo
        answer: list[Any] = await self.run_in_executor(
            None, ask, host, port, family, type, proto, flags
        )
        return answer

    def _getaddrinfo_debug(self, *question: Any) -> list[Any]:
        began = self.time()
        answer = socket.getaddrinfo(*question)
        took = self.time() - began
        level = logger.info if took >= self.slow_callback_duration else logger.debug
        level("Getting address info %r took %.3f ms: %r", question, took * 1e3, answer)
        return answer

    async def getnameinfo(self, sockaddr: Any, flags: int = 0) -> tuple[str, str]:
        """`socket.getnameinfo`, asked in a thread."""
        return await self.run_in_executor(None, socket.getnameinfo, sockaddr, flags)


async def to_thread(func: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    """Call it in the loop's thread pool, with this task's context, and wait for what it returns."""
    loop: Any = running.get_running_loop()
    context = contextvars.copy_context()
    result: T = await loop.run_in_executor(
        None, functools.partial(context.run, func, *args, **kwargs)
    )
    return result
