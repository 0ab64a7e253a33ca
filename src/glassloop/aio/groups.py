"""Tasks that belong together: none of them outlives the block that they are started in."""

from __future__ import annotations

import contextvars
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

from . import running
from .exceptions import CancelledError
from .futures import Future
from .tasks import Task

T = TypeVar("T")


class TaskGroup:
    """`async with` it: the block ends when all tasks that it has started are done.

    When one of them fails, or the block does, all others are cancelled. What failed is raised
    after the block, in an `ExceptionGroup`.
    """

    def __init__(self) -> None:
        self._entered = False
        self._exiting = False  # the block is over, and tasks are waited for
        self._aborting = False  # the tasks have been cancelled
        self._cancelled_by_itself = False  # by `cancel`: nobody is told
        self._loop: Any = None
        self._parent: Task[Any] | None = None  # the task that runs the block
        self._parent_cancel_requested = False  # by us, to end the block
        self._tasks: set[Task[Any]] = set()
        self._errors: list[BaseException] = []
        self._base_error: BaseException | None = None
        self._all_done: Future[bool] | None = None

    async def __aenter__(self) -> TaskGroup:
        if self._entered:
            raise RuntimeError(f"TaskGroup {self!r} has already been entered")
        self._loop = running.get_running_loop()
        self._parent = running.current_task(self._loop)
        if self._parent is None:
            raise RuntimeError(f"TaskGroup {self!r} cannot determine the parent task")
        self._entered = True
        # Of each task that ends the group is told in this context, which nobody changes.
        self._context = contextvars.copy_context()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        try:
            return await self._leave(error)
        finally:
            # These hold tracebacks, whose frames hold this group.
            self._parent = None
            self._errors = []
            self._base_error = None

    def create_task(self, coro: Coroutine[Any, Any, T], **options: Any) -> Task[T]:
        """Start a task of this group; the options are those of `asyncio.create_task`."""
        if (problem := self._why_no_more_tasks()) is not None:
            coro.close()  # or it would be said, besides, that it was never awaited
            raise RuntimeError(f"TaskGroup {self!r} {problem}")
        task: Task[T] = self._loop.create_task(coro, **options)
        if task.done():  # it ran eagerly, to its end
            self._task_done(task)
        else:
            self._tasks.add(task)
            task.add_done_callback(self._task_done, context=self._context)
        return task

    def cancel(self) -> None:
        """End the group early: cancel its tasks and its block. Who leaves it is told nothing."""
        self._cancelled_by_itself = True
        if self._entered and not self._aborting:
            self._abort()
            self._end_block()

    def _why_no_more_tasks(self) -> str | None:
        if self._entered and not self._exiting and not self._aborting:
            return None
        if not self._entered:
            return "has not been entered"
        if self._exiting and not self._tasks:
            return "is finished"
        return "is shutting down" if self._aborting else None

    async def _leave(self, error: BaseException | None) -> bool | None:
        assert self._parent is not None
        self._exiting = True
        if isinstance(error, SystemExit | KeyboardInterrupt):
            self._base_error = error
        outside: BaseException | None = error if isinstance(error, CancelledError) else None
        if self._parent_cancel_requested and self._parent.uncancel() == 0:
            outside = None  # the request was ours
        if error is not None and not self._aborting:
            self._abort()
        # A cancellation from outside while they are waited for cancels them too.
        while self._tasks:
            if self._all_done is None:
                self._all_done = self._loop.create_future()
            try:
                await self._all_done
            except CancelledError as cancelled:
                if not self._aborting:
                    outside = cancelled
                    self._abort()
            self._all_done = None
        return self._raise_what_failed(error, outside)

    def _raise_what_failed(
        self, error: BaseException | None, outside: BaseException | None
    ) -> bool | None:
        assert self._parent is not None
        if self._base_error is not None:
            raise self._base_error
        if outside is not None and not self._errors:
            raise outside
        if error is not None and not isinstance(error, CancelledError):
            self._errors.append(error)
        if not self._errors:
            # The block's own cancellation was the group's doing, and ends here.
            return True if self._cancelled_by_itself and error is not None else None
        if self._parent.cancelling():
            # Somebody outside asked too, and is answered at the next await.
            self._parent.uncancel()
            self._parent.cancel()
        try:
            raise BaseExceptionGroup("unhandled errors in a TaskGroup", self._errors) from None
        finally:
            error = None

    def _task_done(self, task: Task[Any]) -> None:
        self._tasks.discard(task)
        if self._all_done is not None and not self._tasks and not self._all_done.done():
            self._all_done.set_result(True)
        if task.cancelled() or (error := task.exception()) is None:
            return
        self._errors.append(error)
        if isinstance(error, SystemExit | KeyboardInterrupt) and self._base_error is None:
            self._base_error = error
        assert self._parent is not None
        if self._parent.done():
            message = (
                f"Task {task!r} has errored out but its parent task {self._parent} "
                f"is already completed"
            )
            self._loop.call_exception_handler(
                {"message": message, "exception": error, "task": task}
            )
        elif not self._aborting and not self._parent_cancel_requested:
            self._abort()
            self._end_block()

    def _abort(self) -> None:
        """Cancel all tasks of the group."""
        self._aborting = True
        for task in self._tasks:
            if not task.done():
                task.cancel()

    def _end_block(self) -> None:
        """Cancel the block, wherever it waits, if it is not over yet."""
        if not self._exiting and self._parent is not None:
            self._parent_cancel_requested = True
            self._parent.cancel()

    @property
    def _leads_to(self) -> Task[Any] | None:
        """Who waits for the group's tasks, for the call graph."""
        return self._parent

    def __repr__(self) -> str:
        facts = []
        if self._tasks:
            facts.append(f"tasks={len(self._tasks)}")
        if self._errors:
            facts.append(f"errors={len(self._errors)}")
        if self._aborting:
            facts.append("cancelling")
        elif self._entered:
            facts.append("entered")
        return f"<TaskGroup {' '.join(facts)}>" if facts else "<TaskGroup>"
