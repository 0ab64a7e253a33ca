"""Who waits for what, said of a program in which nothing can happen any more."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Iterator
from typing import Any

from glassloop.lab.tracebacks import is_readers

HEADLINE = "every task waits for something that cannot come:"


def explain() -> str:
    """The report for the loop that is running in this thread, one line for each of its tasks."""
    loop = asyncio._get_running_loop()
    if loop is None:
        return "the selector waits, but no socket can become ready and no timer is set"
    tasks = sorted(asyncio.all_tasks(loop), key=_number)
    if not tasks:
        return "the loop runs, but it has no task, no timer and no socket that could become ready"
    return "\n".join([HEADLINE, *("  " + _line(task) for task in tasks)])


def _line(task: asyncio.Task[Any]) -> str:
    frames = list(_frames(task.get_coro()))
    own = [frame for frame in frames if is_readers(frame.f_code)]
    place = f", line {own[-1].f_lineno} in {own[-1].f_code.co_name}" if own else ""
    return f"{task.get_name()}{place}: waits for {_awaited(task, frames)}"


def _awaited(task: asyncio.Task[Any], frames: list[types.FrameType]) -> str:
    waiter = getattr(task, "_fut_waiter", None)
    if isinstance(waiter, asyncio.Task):
        return f"the task {waiter.get_name()}"
    if children := getattr(waiter, "_children", None):
        pending = [child.get_name() for child in children if not child.done()]
        return "the tasks " + ", ".join(pending)
    if frames and not is_readers(frames[-1].f_code):
        return _library_call(frames[-1])
    return "a future that nobody holds" if waiter is None else repr(waiter)


def _library_call(frame: types.FrameType) -> str:
    """A method of asyncio that a task waits in, as its caller knows it."""
    owner, method = frame.f_locals.get("self"), frame.f_code.co_name
    if owner is None:
        return f"{method}()"
    if method in ("__aexit__", "_aexit"):
        return f"the end of {owner!r}"
    return f"{method}() of {owner!r}"


def _frames(awaitable: Any) -> Iterator[types.FrameType]:
    """The frames of a chain of awaits, outermost first."""
    while awaitable is not None:
        frame = getattr(awaitable, "cr_frame", None) or getattr(awaitable, "gi_frame", None)
        if frame is None:
            return
        yield frame
        awaitable = getattr(awaitable, "cr_await", None) or getattr(awaitable, "gi_yieldfrom", None)


def _number(task: asyncio.Task[Any]) -> tuple[int, str]:
    name = task.get_name()
    digits = name.rpartition("-")[2]
    return (int(digits) if digits.isdigit() else 0, name)
