"""A loop that runs tasks: it makes futures and tasks, and runs until one of them is done."""

from __future__ import annotations

import sys
import warnings
import weakref
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, TypeVar

from .futures import Future, isfuture
from .readiness import SelectorLoop
from .tasks import Task

T = TypeVar("T")


class TaskLoop(SelectorLoop):
    """Knows futures and tasks, and closes the async generators that are left half-way."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._task_factory: Callable[..., Any] | None = None
        # Those that have begun and are not closed.
        self._asyncgens: weakref.WeakSet[AsyncGenerator[Any, Any]] = weakref.WeakSet()
        self._asyncgens_shutdown_called = False
        self._hooks_before: Any = None

    def create_future(self) -> Future[Any]:
        """A future of this loop."""
        if self._debug:
            return Future(loop=self)
        # All that a new future has to know is its loop. Not to call `__init__` saves half its cost.
        future: Future[Any] = Future.__new__(Future)
        future._loop = self
        return future

    def create_task(
        self, coro: Any, *, name: object = None, context: Any = None, **options: Any
    ) -> Any:
        """A task that runs this coroutine on this loop, from the next turn on.

        `options` are the task's own (`eager_start`). A task factory makes the task where one is
        set.
        """
        if self._closed:
            self._check_closed()
        if context is not None:
            options["context"] = context
        if self._task_factory is None:
            task: Any = Task(coro, loop=self, name=name, **options)
            if task._source_traceback:
                del task._source_traceback[-1]
            return task
        if sys.version_info >= (3, 13, 3):
            return self._task_factory(self, coro, name=name, **options)
        task = self._task_factory(self, coro, **options)
        if name is not None and hasattr(task, "set_name"):
            task.set_name(name)
        return task

    def set_task_factory(self, factory: Callable[..., Any] | None) -> None:
        """Have `factory(loop, coroutine, **options)` make the tasks; None for plain ones."""
        if factory is not None and not callable(factory):
            raise TypeError("task factory must be a callable or None")
        self._task_factory = factory

    def get_task_factory(self) -> Callable[..., Any] | None:
        """The function that was given to `set_task_factory`."""
        return self._task_factory

    # Running until something is done.

    def run_until_complete(self, future: Awaitable[T]) -> T:
        """Run until this future is done, and return its result or raise its exception.

        A coroutine is made a task first.
        """
        from .waiting import ensure_future

        self._check_closed()
        self._check_not_running()
        is_ours = not isfuture(future)
        waited: Any = ensure_future(future, loop=self)
        if is_ours:
            # Should the loop be stopped before the task is done, an error of its own says so.
            waited._log_destroy_pending = False
        waited.add_done_callback(_stop_its_loop)
        try:
            self.run_forever()
        except BaseException:
            if is_ours and waited.done() and not waited.cancelled():
                waited.exception()  # it is raised already: nobody is to be told once more
            raise
        finally:
            waited.remove_done_callback(_stop_its_loop)
        if not waited.done():
            raise RuntimeError("Event loop stopped before Future completed.")
        result: T = waited.result()
        return result

    # Async generators.

    def _run_forever_setup(self) -> None:
        super()._run_forever_setup()
        self._hooks_before = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_begins, finalizer=self._asyncgen_is_dropped)

    def _run_forever_cleanup(self) -> None:
        super()._run_forever_cleanup()
        sys.set_asyncgen_hooks(*self._hooks_before)

    def _asyncgen_begins(self, generator: AsyncGenerator[Any, Any]) -> None:
        if self._asyncgens_shutdown_called:
            warnings.warn(
                f"asynchronous generator {generator!r} was scheduled after "
                f"loop.shutdown_asyncgens() call",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )
        self._asyncgens.add(generator)

    def _asyncgen_is_dropped(self, generator: AsyncGenerator[Any, Any]) -> None:
        """Nobody holds it any more. Its clean-up may await, so that a task has to do it."""
        self._asyncgens.discard(generator)
        if not self.is_closed():
            self.call_soon_threadsafe(self.create_task, generator.aclose())

    async def shutdown_asyncgens(self) -> None:
        """Close all async generators that are left half-way; one that begins now is warned of."""
        from .waiting import gather

        self._asyncgens_shutdown_called = True
        closing = list(self._asyncgens)
        self._asyncgens.clear()
        results = await gather(
            *[generator.aclose() for generator in closing], return_exceptions=True
        )
        for result, generator in zip(results, closing, strict=True):
            if isinstance(result, Exception):
                message = (
                    f"an error occurred during closing of asynchronous generator {generator!r}"
                )
                self.call_exception_handler(
                    {"message": message, "exception": result, "asyncgen": generator}
                )


def _stop_its_loop(future: Future[Any]) -> None:
    if not future.cancelled():
        error = future.exception()
        # These have left the loop already, through the turn in which they were raised.
        if isinstance(error, SystemExit | KeyboardInterrupt):
            return
    future.get_loop().stop()
