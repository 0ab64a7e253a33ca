"""Ways to wait: for a time, for one thing, for several at once, or not for ever."""

from __future__ import annotations

import concurrent.futures
import contextvars
import functools
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from inspect import isawaitable
from typing import Any, TypeVar

from . import running
from .coroutines import iscoroutine
from .exceptions import CancelledError
from .futures import Future, _chain_future, isfuture, set_result_unless_done
from .tasks import Task
from .timeouts import timeout as timeout_after

T = TypeVar("T")

FIRST_COMPLETED = concurrent.futures.FIRST_COMPLETED
FIRST_EXCEPTION = concurrent.futures.FIRST_EXCEPTION
ALL_COMPLETED = concurrent.futures.ALL_COMPLETED


def create_task(coro: Coroutine[Any, Any, T], **options: Any) -> Task[T]:
    """Have the running loop run a coroutine by itself; see `TaskLoop.create_task`.

    Hold on to the task: the loop does not.
    """
    task: Task[T] = running.get_running_loop().create_task(coro, **options)  # type: ignore[attr-defined]
    return task


def ensure_future(coro_or_future: Awaitable[T], *, loop: Any = None) -> Future[T]:
    """A future for anything that can be awaited: itself, or a task that awaits it."""
    if isfuture(coro_or_future):
        if loop is not None and loop is not coro_or_future.get_loop():  # type: ignore[attr-defined]
            raise ValueError(
                "The future belongs to a different loop than the one specified as the loop argument"
            )
        return coro_or_future  # type: ignore[return-value]
    coroutine: Any = coro_or_future
    if not iscoroutine(coro_or_future):
        if not isawaitable(coro_or_future):
            raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")
        coroutine = _await(coro_or_future)
    if loop is None:
        loop = running.loop_for_new_objects()
    try:
        task: Future[T] = loop.create_task(coroutine)
    except RuntimeError:
        coroutine.close()  # or it would be said that it was never awaited
        raise
    return task


async def _await(thing: Awaitable[T]) -> T:
    return await thing


# For a time ------------------------------------------------------------------------------------


class _GiveWay:
    """Awaiting it pauses the task for one turn, and for nothing that happens in it."""

    # It hands out one None, as a bare `yield` would do.
    __await__ = staticmethod(functools.partial(iter, (None,)))


_give_way = _GiveWay()


async def sleep(delay: float, result: T | None = None) -> T | None:
    """Pause for `delay` seconds and return `result`. With 0 or less, only give way to others."""
    if delay <= 0:
        await _give_way
        return result
    if delay != delay:
        raise ValueError("Invalid delay: NaN (not a number)")
    loop: Any = running.get_running_loop()
    future = loop.create_future()
    timer = loop.call_later(delay, _set_result_unless_cancelled, future, result)
    try:
        slept: T | None = await future
        return slept
    finally:
        timer.cancel()


def _set_result_unless_cancelled(future: Future[Any], result: Any) -> None:
    if not future.cancelled():
        future.set_result(result)


# For all of several ----------------------------------------------------------------------------


class _GatheringFuture(Future[list[Any]]):
    """What `gather` returns. To cancel it is to cancel what it gathers."""

    _cancel_requested = False

    def __init__(self, children: list[Future[Any]], *, loop: Any) -> None:
        super().__init__(loop=loop)
        self._children = children

    def cancel(self, msg: Any = None) -> bool:
        """Cancel those of its children that are not done. False where all of them are."""
        if self.done():
            return False
        # It must not be done before they are: they may refuse, or have something to clean up.
        cancelled = [child.cancel(msg=msg) for child in self._children]
        if any(cancelled):
            self._cancel_requested = True
        return any(cancelled)


def gather(*coros_or_futures: Awaitable[Any], return_exceptions: bool = False) -> Future[list[Any]]:
    """Run all of them at once; the future's result is the list of their results, in order.

    The first exception among them is the future's, and the others run on. With
    `return_exceptions` exceptions are put into the list like results.
    """
    if not coros_or_futures:
        empty: Future[list[Any]] = running.loop_for_new_objects().create_future()
        empty.set_result([])
        return empty
    futures: dict[Any, Future[Any]] = {}
    loop: Any = None
    for thing in coros_or_futures:
        if thing in futures:
            continue
        future = futures[thing] = ensure_future(thing, loop=loop)
        if loop is None:
            loop = future.get_loop()
        if future is not thing:
            future._log_destroy_pending = False  # type: ignore[attr-defined]
    gathering = _Gathering([futures[thing] for thing in coros_or_futures], return_exceptions, loop)
    # None of the calls changes the context: one copy is enough for all.
    context = contextvars.copy_context()
    for future in futures.values():
        if future.done():  # as those are that ran eagerly: a callback would come a turn late
            gathering.child_done(future)
        else:
            future.add_done_callback(gathering.child_done, context=context)
    return gathering.future


class _Gathering:
    """Counts the children of a `gather` that are done, and knows when it is over."""

    def __init__(self, children: list[Future[Any]], return_exceptions: bool, loop: Any) -> None:
        self.future = self._leads_to = _GatheringFuture(children, loop=loop)
        self._left = len(set(children))
        self._return_exceptions = return_exceptions

    def child_done(self, child: Future[Any]) -> None:
        """One of them is done."""
        self._left -= 1
        future = self.future
        if future.done():
            if not child.cancelled():
                child.exception()  # it comes too late to be raised, and is not to be complained of
            return
        if not self._return_exceptions and (error := _error_of(child)) is not None:
            future.set_exception(error)
        elif self._left == 0:
            self._finish()

    def _finish(self) -> None:
        future = self.future
        if future._cancel_requested:
            # The children were asked, and are done; what they answered is not asked for.
            error = future._children[-1]._make_cancelled_error()
            future.set_exception(error)
        elif self._return_exceptions:
            future.set_result([_outcome_of(child) for child in future._children])
        else:
            future.set_result([child.result() for child in future._children])


def _error_of(child: Future[Any]) -> BaseException | None:
    return child._make_cancelled_error() if child.cancelled() else child.exception()


def _outcome_of(child: Future[Any]) -> Any:
    if child.cancelled():
        # Not the very exception that ended it: that one is raised where the child is awaited.
        message = child._cancel_message
        return CancelledError("" if message is None else message)
    error = child.exception()
    return child.result() if error is None else error


# For some of several ---------------------------------------------------------------------------


async def wait(
    fs: Iterable[Future[Any]],
    *,
    timeout: float | None = None,  # noqa: ASYNC109  # CPython's signature
    return_when: str = ALL_COMPLETED,
) -> tuple[set[Future[Any]], set[Future[Any]]]:
    """Wait until the first, the first failed, or all of these futures are done.

    Returns those that are done and those that are not. It raises nothing of theirs, and when
    `timeout` seconds have passed it cancels nothing.
    """
    if isfuture(fs) or iscoroutine(fs):
        kind = type(fs).__name__
        raise TypeError(f"expect a list of futures, not {kind}")
    if not fs:
        raise ValueError("Set of Tasks/Futures is empty.")
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f"Invalid return_when value: {return_when}")
    futures = set(fs)
    if any(iscoroutine(each) for each in futures):
        raise TypeError("Passing coroutines is forbidden, use tasks explicitly.")
    return await _wait(futures, timeout, return_when, running.get_running_loop())


def _has_failed(child: Future[Any]) -> bool:
    """Whether it has ended with an exception, which from then on counts as asked for."""
    return not child.cancelled() and child.exception() is not None


async def _wait(
    futures: set[Future[Any]], seconds: float | None, return_when: str, loop: Any
) -> tuple[set[Future[Any]], set[Future[Any]]]:
    enough = loop.create_future()
    left = len(futures)

    def child_done(child: Future[Any]) -> None:
        nonlocal left
        left -= 1
        if (
            left <= 0
            or return_when == FIRST_COMPLETED
            or (return_when == FIRST_EXCEPTION and _has_failed(child))
        ) and not enough.done():
            enough.set_result(None)

    child_done._leads_to = enough  # type: ignore[attr-defined]  # for the call graph
    timer = None
    if seconds is not None:
        timer = loop.call_later(seconds, set_result_unless_done, enough)
    for future in futures:
        future.add_done_callback(child_done)
    try:
        await enough
    finally:
        if timer is not None:
            timer.cancel()
        for future in futures:
            future.remove_done_callback(child_done)
    done = {future for future in futures if future.done()}
    return done, futures - done


class _AsCompletedIterator:
    """What `as_completed` returns: loop over it with `async for`, or with `for` and `await`."""

    def __init__(self, things: Iterable[Awaitable[Any]], timeout: float | None) -> None:
        self._done: deque[Future[Any] | None] = deque()
        self._waiting: deque[Future[Any]] = deque()
        loop: Any = running.loop_for_new_objects()
        self._loop = loop
        self._pending = {ensure_future(thing, loop=loop) for thing in set(things)}
        self._left_to_give = len(self._pending)
        self._timer = None
        if self._pending and timeout is not None:
            self._timer = loop.call_later(timeout, self._timed_out)
        for future in self._pending:
            future.add_done_callback(self._child_done)

    def __aiter__(self) -> _AsCompletedIterator:
        return self

    def __iter__(self) -> _AsCompletedIterator:
        return self

    async def __anext__(self) -> Future[Any]:
        if not self._left_to_give:
            raise StopAsyncIteration
        self._left_to_give -= 1
        return await self._next_done()

    def __next__(self) -> Coroutine[Any, Any, Any]:
        if not self._left_to_give:
            raise StopIteration
        self._left_to_give -= 1
        return self._result_of_next()

    async def _result_of_next(self) -> Any:
        return (await self._next_done()).result()

    async def _next_done(self) -> Future[Any]:
        while not self._done:
            waiter = self._loop.create_future()
            self._waiting.append(waiter)
            await waiter
        future = self._done.popleft()
        if future is None:
            raise TimeoutError
        return future

    def _child_done(self, child: Future[Any]) -> None:
        if child not in self._pending:
            return  # the time is over
        self._pending.discard(child)
        self._put(child)
        if not self._pending and self._timer is not None:
            self._timer.cancel()

    def _timed_out(self) -> None:
        for future in self._pending:
            future.remove_done_callback(self._child_done)
            self._put(None)
        self._pending.clear()

    def _put(self, future: Future[Any] | None) -> None:
        self._done.append(future)
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return


def as_completed(
    fs: Iterable[Awaitable[Any]], *, timeout: float | None = None
) -> _AsCompletedIterator:
    """Run all of them, and give them in the order in which they are done.

    With `async for` they are given as what they are: a task that was passed in is the task that
    comes out. With a plain `for` a coroutine comes out for each, to be awaited for the next result.
    Those that are not done when `timeout` seconds have passed raise `TimeoutError` in their place.
    """
    if isfuture(fs) or iscoroutine(fs):
        raise TypeError(f"expect an iterable of futures, not {type(fs).__name__}")
    return _AsCompletedIterator(fs, timeout)


# Not for ever, and not to be disturbed ---------------------------------------------------------


async def wait_for(
    fut: Awaitable[T],
    timeout: float | None,  # noqa: ASYNC109  # CPython's signature
) -> T:
    """Wait for it at most `timeout` seconds. Then it is cancelled, and `TimeoutError` is raised."""
    if timeout is not None and timeout <= 0:
        future = ensure_future(fut)
        if future.done():
            return future.result()
        await _cancel_and_wait(future)
        try:
            return future.result()
        except CancelledError as error:
            raise TimeoutError from error
    async with timeout_after(timeout):
        return await fut


async def _cancel_and_wait(future: Future[Any]) -> None:
    """Ask it to cancel, and wait until it is done, whatever its answer."""
    loop: Any = future.get_loop()
    done = loop.create_future()

    def it_is_done(_: Future[Any]) -> None:
        set_result_unless_done(done)

    future.add_done_callback(it_is_done)
    try:
        future.cancel()
        await done
    finally:
        future.remove_done_callback(it_is_done)


def shield(arg: Awaitable[T]) -> Future[T]:
    """Wait for it so that who is cancelled while waiting does not cancel it.

    Hold on to `arg`: when the waiting is over, nobody else may.
    """
    inner = ensure_future(arg)
    if inner.done():
        return inner
    loop: Any = inner.get_loop()
    outer: Future[T] = loop.create_future()

    def inner_done(inner: Future[T]) -> None:
        if outer.cancelled():
            if not inner.cancelled() and sys.version_info < (3, 15):
                inner.exception()  # there is nobody left to be told
            return
        if inner.cancelled():
            outer.cancel()
        elif (error := inner.exception()) is not None:
            outer.set_exception(error)
        else:
            outer.set_result(inner.result())

    def outer_done(outer: Future[T]) -> None:
        if not inner.done():
            inner.remove_done_callback(inner_done)

    inner_done._leads_to = outer  # type: ignore[attr-defined]  # for the call graph
    inner.add_done_callback(inner_done)
    outer.add_done_callback(outer_done)
    return outer


# From other threads ----------------------------------------------------------------------------


def run_coroutine_threadsafe(
    coro: Coroutine[Any, Any, T], loop: Any
) -> concurrent.futures.Future[T]:
    """Have the loop of another thread run a coroutine; a future that this thread can ask."""
    if not iscoroutine(coro):
        raise TypeError("A coroutine object is required")
    outcome: concurrent.futures.Future[T] = concurrent.futures.Future()

    def start() -> None:
        try:
            _chain_future(ensure_future(coro, loop=loop), outcome)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            if outcome.set_running_or_notify_cancel():
                outcome.set_exception(error)
            raise

    loop.call_soon_threadsafe(start)
    return outcome


# Eager tasks -----------------------------------------------------------------------------------


def create_eager_task_factory(
    custom_task_constructor: Callable[..., Task[Any]],
) -> Callable[..., Task[Any]]:
    """A task factory whose tasks take their first step before `create_task` returns."""

    def factory(
        loop: Any,
        coro: Coroutine[Any, Any, Any],
        *,
        eager_start: bool = True,
        name: object = None,
        context: contextvars.Context | None = None,
        **options: Any,
    ) -> Task[Any]:
        return custom_task_constructor(
            coro, loop=loop, name=name, context=context, eager_start=eager_start, **options
        )

    return factory


eager_task_factory = create_eager_task_factory(Task)
