"""A future: a place for an outcome that is not there yet, and for those who wait for it."""

from __future__ import annotations

import concurrent.futures
import contextvars
import reprlib
import sys
import traceback
from collections.abc import Callable, Generator
from types import GenericAlias, TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import describing, running
from .exceptions import CancelledError, InvalidStateError

if TYPE_CHECKING:
    from .tasks import Task
    from .turns import ReadyLoop

T = TypeVar("T")

PENDING, CANCELLED, FINISHED = "PENDING", "CANCELLED", "FINISHED"


class Future(Generic[T]):
    """An outcome to come: a result, an exception, or that it was cancelled.

    It runs nothing. Somebody else makes the outcome known, once; whoever awaits the future is
    resumed then. It is for the thread of its loop only.
    """

    # What most futures never change is kept here and not in each of them.
    _state = PENDING
    _result: Any = None
    _exception: BaseException | None = None
    _exception_tb: TracebackType | None = None
    _cancel_message: Any = None
    _cancelled_exc: CancelledError | None = None
    _source_traceback: traceback.StackSummary | None = None
    _unretrieved = False
    # The task that waits, where there is one; the callbacks, where there are any, come after it.
    _waiter: Task[Any] | None = None
    _callbacks: list[tuple[Callable[..., object], contextvars.Context]] | None = None
    # Those who wait for it although it does not know of them; see `_asyncio_awaited_by`.
    _awaited_otherwise: frozenset[Future[Any]] = frozenset()
    # By this attribute a task tells a future from other objects; that it is true says that the
    # future was awaited, and not yielded by mistake. All asyncios use the same name for it.
    _asyncio_future_blocking = False

    __class_getitem__: Any = classmethod(GenericAlias)

    def __init_subclass__(cls) -> None:
        """A class that has an `add_done_callback` of its own hears of waiting tasks by it."""
        if cls.add_done_callback is not Future.add_done_callback:
            cls._add_waiter = Future._add_waiter_as_callback  # type: ignore[method-assign]

    def __init__(self, *, loop: ReadyLoop | None = None) -> None:
        self._loop = running.loop_for_new_objects() if loop is None else loop
        if self._loop.get_debug():
            self._source_traceback = describing.extract_stack(sys._getframe(1))

    def __await__(self) -> Generator[Future[T], None, T]:
        if self._state is PENDING:
            self._asyncio_future_blocking = True
            # The one yield in this package. It goes out through all the frames that await, up to
            # the step of a task, which comes back here when there is an outcome.
            yield self
            if self._state is PENDING:
                raise RuntimeError("await wasn't used with future")
        return self.result()

    __iter__ = __await__  # for `yield from`

    # The outcome, for those who want it.

    def done(self) -> bool:
        """Whether there is an outcome: a result, an exception, or a cancellation."""
        return self._state is not PENDING

    def cancelled(self) -> bool:
        """Whether the outcome is that it was cancelled."""
        return self._state is CANCELLED

    def result(self) -> T:
        """The result. Raises the exception, where that is the outcome, or `CancelledError`.

        Where there is no outcome yet this does not wait: it raises `InvalidStateError`.
        """
        if self._state is not FINISHED:
            raise self._why_no_outcome("Result is not ready.")
        self._unretrieved = False
        if self._exception is not None:
            raise self._exception.with_traceback(self._exception_tb)
        result: T = self._result
        return result

    def exception(self) -> BaseException | None:
        """The exception, or None where there is a result; raises in the same cases."""
        if self._state is not FINISHED:
            raise self._why_no_outcome("Exception is not set.")
        self._unretrieved = False
        return self._exception

    def _why_no_outcome(self, not_ready: str) -> BaseException:
        if self._state is CANCELLED:
            return self._make_cancelled_error()
        return InvalidStateError(not_ready)

    def _make_cancelled_error(self) -> CancelledError:
        """What to raise for the cancellation: at first, the very exception that ended a task."""
        error, self._cancelled_exc = self._cancelled_exc, None
        if error is not None:
            return error
        message = self._cancel_message
        return CancelledError() if message is None else CancelledError(message)

    # The outcome, from those who have it.

    def set_result(self, result: T) -> None:
        """Make the result known. Raises `InvalidStateError` where there is an outcome already."""
        if self._state is not PENDING:
            raise InvalidStateError(f"{self._state}: {self!r}")
        self._result = result
        self._state = FINISHED
        self._wake()

    def set_exception(self, exception: BaseException | type[BaseException]) -> None:
        """Make known that there is an exception in place of a result."""
        if self._state is not PENDING:
            raise InvalidStateError(f"{self._state}: {self!r}")
        if isinstance(exception, type):
            exception = exception()
        if isinstance(exception, StopIteration):
            exception = _not_a_stop_iteration(exception)
        self._exception = exception
        self._exception_tb = exception.__traceback__
        self._state = FINISHED
        self._wake()
        self._unretrieved = True

    def cancel(self, msg: Any = None) -> bool:
        """Give up waiting for an outcome. False where there is one already."""
        self._unretrieved = False
        if self._state is not PENDING:
            return False
        self._cancel_message = msg
        self._state = CANCELLED
        self._wake()
        return True

    # Who waits.

    def add_done_callback(
        self, fn: Callable[[Any], object], *, context: contextvars.Context | None = None
    ) -> None:
        """Have the loop call `fn(self)` in the turn after the outcome is known."""
        if self._state is not PENDING:
            self._loop.call_soon(fn, self, context=context)
            return
        if context is None:
            context = contextvars.copy_context()
        if self._callbacks is None:
            self._callbacks = [(fn, context)]
        else:
            self._callbacks.append((fn, context))

    def remove_done_callback(self, fn: Callable[[Any], object]) -> int:
        """Take `fn` out of the callbacks; returns how often it was there."""
        callbacks = self._callbacks or []
        kept = [entry for entry in callbacks if entry[0] != fn]
        self._callbacks = kept
        return len(callbacks) - len(kept)

    def _add_waiter(self, task: Task[Any]) -> None:
        """Have this task resumed when there is an outcome, in its turn among the callbacks."""
        if self._waiter is None and not self._callbacks:
            self._waiter = task
        else:
            self.add_done_callback(task._wakeup)

    def _add_waiter_as_callback(self, task: Task[Any]) -> None:
        self.add_done_callback(task._wakeup)

    def _wake(self) -> None:
        """There is an outcome: put the waiting task and the callbacks into the ready queue."""
        task, callbacks = self._waiter, self._callbacks
        if task is not None:
            self._waiter = None
            self._loop._resume_soon(task)
        if callbacks:
            self._callbacks = None
            for callback, context in callbacks:
                self._loop.call_soon(callback, self, context=context)

    def _all_callbacks(self) -> list[tuple[Callable[..., object], contextvars.Context]]:
        """All who will hear of the outcome, in the order in which they will."""
        waiting = [] if self._waiter is None else [(self._waiter._wakeup, self._waiter._context)]
        return [*waiting, *(self._callbacks or ())]

    @property
    def _asyncio_awaited_by(self) -> frozenset[Future[Any]] | None:
        """The tasks that wait for it, themselves or through a `gather`, a `wait` or a group."""
        waiting = set(self._awaited_otherwise)
        for callback, _ in self._all_callbacks():
            owner: Any = getattr(callback, "__self__", callback)
            if getattr(callback, "__name__", "") == "_wakeup":
                waiting.add(owner)
            elif isinstance(through := getattr(owner, "_leads_to", None), Future):
                is_task = hasattr(through, "get_coro")
                waiting |= {through} if is_task else through._asyncio_awaited_by or set()
        return frozenset(waiting) or None

    # The rest.

    def get_loop(self) -> ReadyLoop:
        """The loop that it belongs to."""
        try:
            return self._loop
        except AttributeError:
            raise RuntimeError("Future object is not initialized.") from None

    @property
    def _log_traceback(self) -> bool:
        return self._unretrieved

    @_log_traceback.setter
    def _log_traceback(self, value: bool) -> None:
        if value:
            raise ValueError("_log_traceback can only be set to False")
        self._unretrieved = False

    def __del__(self) -> None:
        if not self._unretrieved:
            return
        context: dict[str, Any] = {
            "message": f"{type(self).__name__} exception was never retrieved",
            "exception": self._exception,
            "future": self,
        }
        if self._source_traceback:
            context["source_traceback"] = self._source_traceback
        self._loop.call_exception_handler(context)

    @reprlib.recursive_repr()
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {' '.join(self._facts())}>"

    def _facts(self) -> list[str]:
        """What `repr` says, beside the class."""
        return describing.future_facts(self)


def _not_a_stop_iteration(error: StopIteration) -> RuntimeError:
    """In the frame that awaits, a `StopIteration` would look like the end of a coroutine."""
    substitute = RuntimeError(
        "StopIteration interacts badly with generators and cannot be raised into a Future"
    )
    substitute.__cause__ = substitute.__context__ = error
    return substitute


def set_result_unless_done(future: Future[Any], result: Any = None) -> None:
    """Make a result known, for those who may come too late: the outcome there is stays."""
    if not future.done():
        future.set_result(result)


def isfuture(obj: object) -> bool:
    """Whether `obj` is a future, of ours or of another asyncio."""
    # Asked of `__class__` and not of `type`: what only plays a future, as mocks do, is one.
    return (
        hasattr(obj.__class__, "_asyncio_future_blocking")
        and obj._asyncio_future_blocking is not None  # type: ignore[attr-defined]
    )


# Futures of threads ----------------------------------------------------------------------------


def wrap_future(
    future: concurrent.futures.Future[T] | Future[T], *, loop: ReadyLoop | None = None
) -> Future[T]:
    """A future of this thread's loop with the outcome of one that belongs to a thread pool."""
    if isfuture(future):
        return future  # type: ignore[return-value]
    if not isinstance(future, concurrent.futures.Future):
        raise AssertionError(f"concurrent.futures.Future is expected, got {future!r}")
    target_loop: Any = running.loop_for_new_objects() if loop is None else loop
    wrapped: Future[T] = target_loop.create_future()
    _chain_future(future, wrapped)
    return wrapped


def _chain_future(source: Any, target: Any) -> None:
    """Let `target` have the outcome of `source`, and let its cancellation cancel the source.

    One of them, or both, may belong to a thread pool, which has no loop.
    """
    for end, name in ((source, "source"), (target, "destination")):
        if not isfuture(end) and not isinstance(end, concurrent.futures.Future):
            raise TypeError(f"A future is required for {name} argument")
    source_loop = source.get_loop() if isfuture(source) else None
    target_loop = target.get_loop() if isfuture(target) else None

    def cancel_source(target: Any) -> None:
        if target.cancelled():
            if source_loop is None or source_loop is target_loop:
                source.cancel()
            else:
                source_loop.call_soon_threadsafe(source.cancel)

    def take_outcome(source: Any) -> None:
        if target.cancelled() and target_loop is not None and target_loop.is_closed():
            return
        if target_loop is None or target_loop is source_loop:
            copy_outcome(source, target)
        elif not target_loop.is_closed():
            target_loop.call_soon_threadsafe(copy_outcome, source, target)

    target.add_done_callback(cancel_source)
    source.add_done_callback(take_outcome)


def copy_outcome(source: Any, target: Any) -> None:
    """Give `target` the outcome that `source` has, unless somebody has cancelled it meanwhile."""
    if source.cancelled():
        target.cancel()
    if isfuture(target):
        if target.cancelled():
            return
    elif not target.set_running_or_notify_cancel():  # nobody waits there any more
        return
    if (error := source.exception()) is not None:
        target.set_exception(_in_our_terms(error))
    else:
        target.set_result(source.result())


def _in_our_terms(error: BaseException) -> BaseException:
    """A thread pool has exceptions of its own for cancelled futures and for double outcomes."""
    ours: type[BaseException]
    if type(error) is concurrent.futures.CancelledError:
        ours = CancelledError
    elif type(error) is concurrent.futures.InvalidStateError:
        ours = InvalidStateError
    else:
        return error
    return ours(*error.args).with_traceback(error.__traceback__)
