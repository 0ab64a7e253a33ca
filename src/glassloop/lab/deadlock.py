"""Who waits for what, said of a program in which nothing can happen any more."""

from __future__ import annotations

import asyncio
import gc
import sys
import types
from collections.abc import Iterator
from typing import Any

from glassloop.lab.tracebacks import is_readers

HEADLINE = "every task waits for something that cannot come:"

# Where a coroutine, a generator and an asynchronous generator keep their frame, and what they
# wait for.
_FRAMES = ("cr_frame", "gi_frame", "ag_frame")
_AWAITED = ("cr_await", "gi_yieldfrom", "ag_await")


def explain() -> str:
    """The report for the loop that is running in this thread, one line for each of its tasks.

    Afterwards the tasks can be cancelled, as `asyncio.run` does when it ends.
    """
    loop = asyncio._get_running_loop()
    if loop is None:
        return "the selector waits, but no socket can become ready and no timer is set"
    tasks = sorted(asyncio.all_tasks(loop), key=_number)
    if not tasks:
        return "the loop runs, but it has no task, no timer and no socket that could become ready"
    report = "\n".join([HEADLINE, *("  " + _line(task, loop) for task in tasks)])
    if asyncio.current_task(loop) is None:
        for task in tasks:
            if _waits_for_itself(task):
                _cancel_alone(task)
    return report


def _line(task: asyncio.Task[Any], loop: asyncio.AbstractEventLoop) -> str:
    frames = list(frames_of(task.get_coro()))
    own = [index for index, frame in enumerate(frames) if is_readers(frame.f_code)]
    last = own[-1] if own else -1
    place = f", line {frames[last].f_lineno} in {frames[last].f_code.co_name}" if own else ""
    if task is asyncio.current_task(loop):
        return f"{task.get_name()}{place}: holds up the loop with a wait of its own"
    return f"{task.get_name()}{place}: waits for {_awaited(task, frames[last + 1 :])}"


def _awaited(task: asyncio.Task[Any], library: list[types.FrameType]) -> str:
    """What a task waits for; `library` are the frames that its own code has called."""
    waiter = _waiter(task)
    if isinstance(waiter, task_classes()):
        return f"the task {waiter.get_name()}"
    if children := getattr(waiter, "_children", None):
        pending = [child.get_name() for child in children if not child.done()]
        return f"the task{'s' if len(pending) > 1 else ''} {', '.join(pending)}"
    return _library_call(library[0]) if library else "a future that nobody has set"


def _library_call(frame: types.FrameType) -> str:
    """A method of asyncio that a task waits in, as its caller knows it."""
    owner, method = frame.f_locals.get("self"), frame.f_code.co_name
    if owner is None:
        return f"{method}()"
    if method == "__aenter__":
        return repr(owner)
    if method == "__aexit__":
        return f"the end of {owner!r}"
    return f"{method}() of {owner!r}"


def frames_of(awaitable: Any) -> Iterator[types.FrameType]:
    """The frames of a chain of awaits, outermost first."""
    while awaitable is not None:
        frame = _first(awaitable, _FRAMES)
        if frame is None:
            # `anext(…)` and `.asend(…)` do not tell which generator they are for.
            generators = gc.get_referents(awaitable)
            awaitable = next((it for it in generators if _first(it, _FRAMES)), None)
        else:
            yield frame
            awaitable = _first(awaitable, _AWAITED)


def _first(thing: Any, names: tuple[str, ...]) -> Any:
    """The first of these attributes that `thing` has and that is not None."""
    found = (getattr(thing, name, None) for name in names)
    return next((value for value in found if value is not None), None)


def task_classes() -> tuple[Any, ...]:
    """What is a task here: the standard library's, and ours where a program has imported it."""
    ours = getattr(sys.modules.get("glassloop.aio"), "Task", None)
    return (asyncio.Task,) if ours is None else (asyncio.Task, ours)


def _number(task: asyncio.Task[Any]) -> tuple[int, str]:
    name = task.get_name()
    digits = name.rpartition("-")[2]
    return (int(digits) if digits.isdigit() else 0, name)


# A task hands its cancellation on to what it waits for, so a circle of tasks that wait for each
# other would hand it on until the stack is full. In a browser that is the end of Python.


def _waits_for_itself(task: asyncio.Task[Any]) -> bool:
    """Whether what `task` waits for waits, over others, for `task`."""
    following, seen = [_waiter(task)], set()
    while following:
        future = following.pop()
        if future is task:
            return True
        if future is not None and future not in seen:
            seen.add(future)
            following += [_waiter(future), *getattr(future, "_children", ())]
    return False


def _cancel_alone(task: asyncio.Task[Any]) -> None:
    """Cancel a task, and not what it waits for: as if that had been cancelled already."""
    waiter = _waiter(task)
    cancelled = task.get_loop().create_future()
    cancelled.cancel()
    # Nobody is left who would look at how that ends.
    waiter.add_done_callback(lambda future: future.cancelled() or future.exception())
    if getattr(waiter, "_waiter", None) is task:  # tasks of ours are no callbacks
        waiter._waiter = None
        plain: Any = task
        plain._step(asyncio.CancelledError())
        return
    for callback, context in list(waiter._callbacks):
        if getattr(callback, "__self__", None) is task:
            waiter.remove_done_callback(callback)
            context.run(callback, cancelled)


def _waiter(future: Any) -> Any:
    """The future that a task waits for; None for other futures."""
    return getattr(future, "_fut_waiter", None)
