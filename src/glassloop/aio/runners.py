"""A program's way into the loop and out of it, with nothing left behind."""

from __future__ import annotations

import contextvars
import enum
import functools
import signal
import threading
from collections.abc import Callable, Coroutine
from types import FrameType, TracebackType
from typing import Any, TypeVar

from . import coroutines, policies, running
from .exceptions import CancelledError
from .tasks import Task
from .waiting import gather

T = TypeVar("T")

# So many seconds the threads of the loop's pool have to come to an end.
THREAD_JOIN_TIMEOUT = 300


class _State(enum.Enum):
    CREATED = "created"
    INITIALIZED = "initialized"
    CLOSED = "closed"


class Runner:
    """A loop that several coroutines are run on, one after the other.

    Ctrl+C cancels the coroutine, so that it can clean up; a second one raises `KeyboardInterrupt`
    wherever the program is.
    """

    def __init__(
        self, *, debug: bool | None = None, loop_factory: Callable[[], Any] | None = None
    ) -> None:
        self._state = _State.CREATED
        self._debug = debug
        self._loop_factory = loop_factory
        self._loop: Any = None
        self._context: contextvars.Context | None = None
        self._interrupt_count = 0
        self._set_event_loop = False

    def __enter__(self) -> Runner:
        self._lazy_init()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Cancel what still runs, close async generators and threads, then the loop."""
        if self._state is not _State.INITIALIZED:
            return
        loop = self._loop
        try:
            _cancel_all_tasks(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor(THREAD_JOIN_TIMEOUT))
        finally:
            if self._set_event_loop:
                policies.set_event_loop(None)
            loop.close()
            self._loop = None
            self._state = _State.CLOSED

    def get_loop(self) -> Any:
        """The loop, which is made when it is first needed."""
        self._lazy_init()
        return self._loop

    def run(self, coro: Coroutine[Any, Any, T], *, context: contextvars.Context | None = None) -> T:
        """Run this coroutine to its end, and return its result or raise its exception."""
        if not coroutines.iscoroutine(coro):
            raise ValueError(f"a coroutine was expected, got {coro!r}")
        if running._get_running_loop() is not None:
            raise RuntimeError("Runner.run() cannot be called from a running event loop")
        self._lazy_init()
        task: Task[T] = self._loop.create_task(
            coro, context=self._context if context is None else context
        )
        on_interrupt = self._watch_for_interrupts(task)
        self._interrupt_count = 0
        try:
            result: T = self._loop.run_until_complete(task)
            return result
        except CancelledError:
            # Ctrl+C did this, unless somebody else has asked besides.
            uncancel = getattr(task, "uncancel", None)  # tasks of others may not have it
            if self._interrupt_count > 0 and uncancel is not None and uncancel() == 0:
                raise KeyboardInterrupt from None
            raise
        finally:
            if on_interrupt is not None and signal.getsignal(signal.SIGINT) is on_interrupt:
                signal.signal(signal.SIGINT, signal.default_int_handler)

    def _lazy_init(self) -> None:
        if self._state is _State.CLOSED:
            raise RuntimeError("Runner is closed")
        if self._state is _State.INITIALIZED:
            return
        if self._loop_factory is None:
            self._loop = policies.new_event_loop()
            if not self._set_event_loop:
                policies.set_event_loop(self._loop)
                self._set_event_loop = True
        else:
            self._loop = self._loop_factory()
        if self._debug is not None:
            self._loop.set_debug(self._debug)
        self._context = contextvars.copy_context()
        self._state = _State.INITIALIZED

    def _watch_for_interrupts(self, task: Task[Any]) -> Callable[..., None] | None:
        """Have Ctrl+C cancel the task, unless the program has made arrangements of its own."""
        if threading.current_thread() is not threading.main_thread():
            return None
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return None
        handler = functools.partial(self._on_interrupt, main_task=task)
        try:
            signal.signal(signal.SIGINT, handler)
        except ValueError:  # this interpreter is not the main one
            return None
        return handler

    def _on_interrupt(self, number: int, frame: FrameType | None, main_task: Task[Any]) -> None:
        self._interrupt_count += 1
        if self._interrupt_count == 1 and not main_task.done():
            main_task.cancel()
            # It may be waiting in its selector: something to do ends that.
            self._loop.call_soon_threadsafe(lambda: None)
            return
        raise KeyboardInterrupt


def run(
    main: Coroutine[Any, Any, T],
    *,
    debug: bool | None = None,
    loop_factory: Callable[[], Any] | None = None,
) -> T:
    """Run a coroutine on a new loop, and close the loop: the whole program, as a rule."""
    if running._get_running_loop() is not None:
        raise RuntimeError("asyncio.run() cannot be called from a running event loop")
    with Runner(debug=debug, loop_factory=loop_factory) as runner:
        return runner.run(main)


def _cancel_all_tasks(loop: Any) -> None:
    """Ask all that still runs to stop, wait for it, and report what failed on the way."""
    tasks = running.all_tasks(loop)
    if not tasks:
        return
    for task in tasks:
        task.cancel()
    loop.run_until_complete(gather(*tasks, return_exceptions=True))
    for task in tasks:
        if not task.cancelled() and task.exception() is not None:
            message = "unhandled exception during asyncio.run() shutdown"
            loop.call_exception_handler(
                {"message": message, "exception": task.exception(), "task": task}
            )
