"""A task: a coroutine, the loop that runs it, and the step that takes it from wait to wait."""

from __future__ import annotations

import contextvars
import itertools
import reprlib
from collections.abc import Coroutine
from types import CoroutineType, FrameType
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from . import describing, running
from .coroutines import iscoroutine
from .exceptions import CancelledError
from .futures import FINISHED, PENDING, Future
from .running import current_tasks

if TYPE_CHECKING:
    from .turns import ReadyLoop

T = TypeVar("T")

_numbers = itertools.count(1)


class Task(Future[T]):
    """A coroutine that runs on a loop by itself; as a future, its outcome is the coroutine's.

    The loop runs it step by step. A step resumes the coroutine and lets it run until it awaits a
    future without an outcome. The task then sleeps in that future and is in no queue, until the
    outcome puts it back into the ready queue.
    """

    _must_cancel = False
    _num_cancels_requested = 0
    # What it waits for, while it waits.
    _fut_waiter: Future[Any] | None = None
    # Whether to complain when nobody holds it any more although it is not done.
    _log_destroy_pending = True
    # Set last, so that it also tells whether there is a task yet.
    _coro: Coroutine[Any, Any, T] | None = None

    def __init__(
        self,
        coro: Coroutine[Any, Any, T],
        *,
        loop: ReadyLoop | None = None,
        name: object = None,
        context: contextvars.Context | None = None,
        eager_start: bool = False,
    ) -> None:
        super().__init__(loop=loop)
        if self._source_traceback:
            del self._source_traceback[-1]
        if type(coro) is not CoroutineType and not iscoroutine(coro):
            self._log_destroy_pending = False
            raise TypeError(f"a coroutine was expected, got {coro!r}")
        # A number becomes a name when somebody asks for it.
        self._name: str | int = next(_numbers) if name is None else str(name)
        self._context = contextvars.copy_context() if context is None else context
        self._coro = coro
        if eager_start and self._loop.is_running():
            self._start_now()
        else:
            self._loop._resume_soon(self)
            running._register_task(self)

    # A step.

    def _step(self, error: BaseException | None = None) -> None:
        """Resume the coroutine, with an error thrown into it or without, and see what it says."""
        if self._must_cancel:
            error = self._cancellation_in_place_of(error)
        self._fut_waiter = None
        loop = self._loop
        current_tasks[loop] = self
        try:
            if error is None:
                awaited = self._context.run(self._coro.send, None)  # type: ignore[union-attr]
            else:
                awaited = self._context.run(self._coro.throw, error)  # type: ignore[union-attr]
        except BaseException as ending:
            self._end(ending)
        else:
            if awaited is None:  # a bare yield: it only gives way
                loop._resume_soon(self)
            else:
                self._wait_for(awaited)
        finally:
            del current_tasks[loop]
            # Whoever keeps an error's traceback keeps this frame: it must not keep the task too.
            self = error = None  # type: ignore[assignment]

    # What the loop calls when the task's turn has come, as it does with a handle.
    _run = _step

    def _cancellation_in_place_of(self, error: BaseException | None) -> BaseException:
        """The task was cancelled after what it waits for had an outcome, and before it has heard.

        It will not ask for that outcome any more, so nobody is to be told that it is lost.
        """
        self._must_cancel = False
        awaited = self._fut_waiter
        if awaited is not None and awaited.done() and not awaited.cancelled():
            awaited.exception()
        return error if isinstance(error, CancelledError) else self._make_cancelled_error()

    def _end(self, ending: BaseException) -> None:
        """The coroutine has returned or has raised: that is the outcome."""
        running._unregister_task(self)
        if isinstance(ending, StopIteration):
            if not self._must_cancel:
                self._result = ending.value
                self._state = FINISHED
                self._wake()
                return
            self._must_cancel = False  # it was cancelled in its last step, by itself
            super().cancel(self._cancel_message)
        elif isinstance(ending, CancelledError):
            self._cancelled_exc = ending
            super().cancel()
        else:
            super().set_exception(ending)
            if isinstance(ending, KeyboardInterrupt | SystemExit):
                raise ending

    def _wait_for(self, awaited: Any) -> None:
        """The coroutine has paused: sleep in the future that it awaits."""
        is_ours = isinstance(awaited, Future)
        # A future of ours and of this loop, awaited by another task, is what comes nearly always.
        if not (
            is_ours
            and awaited._asyncio_future_blocking
            and awaited._loop is self._loop
            and awaited is not self
        ) and (problem := self._problem_with(awaited)):
            self._loop.call_soon(self._step, RuntimeError(problem))
            return
        awaited._asyncio_future_blocking = False
        if is_ours:
            awaited._add_waiter(self)
        else:
            awaited.add_done_callback(self._wakeup)
        self._fut_waiter = awaited
        if self._must_cancel and awaited.cancel(msg=self._cancel_message):
            self._must_cancel = False

    def _problem_with(self, awaited: Any) -> str | None:
        """Why a task cannot wait for what its coroutine has handed out; None where it can."""
        blocking = getattr(awaited, "_asyncio_future_blocking", None)
        if blocking is None:
            if hasattr(awaited, "gi_frame"):
                return f"Task {self!r} yielded a generator; write `yield from` for {awaited!r}"
            return f"Task got bad yield: {awaited!r}"
        if not blocking:
            return f"yield was used instead of yield from in task {self!r} with {awaited!r}"
        if awaited is self:
            return f"Task cannot await on itself: {self!r}"
        loop = awaited._loop if isinstance(awaited, Future) else running.loop_of(awaited)
        if loop is not self._loop:
            return f"Task {self!r} got Future {awaited!r} attached to a different loop"
        return None

    def _wakeup(self, future: Future[Any]) -> None:
        """What it waited for has an outcome. The coroutine asks the future itself which."""
        self._step()

    def _start_now(self) -> None:
        """Take the first step in the middle of another task's, before the loop knows this one."""
        previous = running._swap_current_task(self._loop, None)
        running._register_eager_task(self)
        try:
            self._step()
        finally:
            running._unregister_eager_task(self)
            running._swap_current_task(self._loop, previous)
            if self._state is PENDING:
                running._register_task(self)

    # Cancellation.

    def cancel(self, msg: Any = None) -> bool:
        """Ask the coroutine to stop: where it is paused, `CancelledError` is raised in it.

        It is thrown at the task's next step, not now, and the coroutine can clean up first, or
        refuse. False where the task is done already.
        """
        self._unretrieved = False
        if self._state is not PENDING:
            return False
        self._num_cancels_requested += 1
        # What it waits for is cancelled, and that wakes it: nothing is thrown past the future,
        # which may belong to a task that refuses.
        if self._fut_waiter is not None and self._fut_waiter.cancel(msg=msg):
            return True
        self._must_cancel = True
        self._cancel_message = msg
        return True

    def cancelling(self) -> int:
        """How many requests to cancel have been made and not been taken back."""
        return self._num_cancels_requested

    def uncancel(self) -> int:
        """Take one request back, as who made it; returns how many are left."""
        if self._num_cancels_requested > 0:
            self._num_cancels_requested -= 1
            if self._num_cancels_requested == 0:
                self._must_cancel = False
        return self._num_cancels_requested

    def set_result(self, result: T) -> None:
        """A task's outcome is its coroutine's: raises `RuntimeError`."""
        raise RuntimeError("Task does not support set_result operation")

    def set_exception(self, exception: BaseException | type[BaseException]) -> None:
        """A task's outcome is its coroutine's: raises `RuntimeError`."""
        raise RuntimeError("Task does not support set_exception operation")

    # What can be asked of it.

    def get_coro(self) -> Coroutine[Any, Any, T] | None:
        """The coroutine."""
        return self._coro

    def get_context(self) -> contextvars.Context:
        """The context that the coroutine runs in."""
        return self._context

    def get_name(self) -> str:
        """The name: the one that was given, or `Task-` and a number."""
        return f"Task-{self._name}" if isinstance(self._name, int) else self._name

    def set_name(self, value: object) -> None:
        """Give it another name, which may be anything that `str` takes."""
        self._name = str(value)

    def get_stack(self, *, limit: int | None = None) -> list[FrameType]:
        """The frames of the coroutine where it is paused, or of its exception's traceback."""
        return describing.task_stack(self, limit)

    def print_stack(self, *, limit: int | None = None, file: TextIO | None = None) -> None:
        """Print them as a traceback is printed, to standard error or to a file."""
        describing.print_task_stack(self, limit, file)

    def __del__(self) -> None:
        if self._unretrieved:
            super().__del__()
        if self._state is not PENDING or self._coro is None:
            return
        running._unregister_task(self)
        if self._log_destroy_pending:
            context = {"task": self, "message": "Task was destroyed but it is pending!"}
            if self._source_traceback:
                context["source_traceback"] = self._source_traceback
            self._loop.call_exception_handler(context)

    @reprlib.recursive_repr()
    def __repr__(self) -> str:
        return super().__repr__()

    def _facts(self) -> list[str]:
        return describing.task_facts(self)
