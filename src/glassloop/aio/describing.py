"""Puts callbacks, futures, coroutines and stacks into the words that `repr` and the log show."""

from __future__ import annotations

import functools
import inspect
import linecache
import reprlib
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from .futures import Future
    from .tasks import Task

# How many calls are remembered of the stack that led to a future or a callback.
DEBUG_STACK_DEPTH = 10


def extract_stack(frame: FrameType | None) -> traceback.StackSummary:
    """The calls that led to this frame, the outermost first, without reading any source."""
    calls = traceback.walk_stack(frame)
    stack = traceback.StackSummary.extract(calls, limit=DEBUG_STACK_DEPTH, lookup_lines=False)
    stack.reverse()
    return stack


def callback(function: Any, args: Sequence[Any], *, debug: bool = True) -> str:
    """A call as it would be written, and where the function is defined."""
    call = call_of(function, args, {}, debug=debug)
    place = _place_of(function)
    return f"{call} at {place[0]}:{place[1]}" if place else call


def call_of(
    function: Any, args: Sequence[Any], keywords: Mapping[str, Any], *, debug: bool = True
) -> str:
    """A call as it would be written. Arguments may be secrets: only debug mode shows them."""
    written = _arguments(args, keywords) if debug else "()"
    if isinstance(function, functools.partial):
        return call_of(function.func, function.args, function.keywords, debug=debug) + written
    name = getattr(function, "__qualname__", None) or getattr(function, "__name__", None)
    return (name or repr(function)) + written


def _arguments(args: Sequence[Any], keywords: Mapping[str, Any]) -> str:
    written = [reprlib.repr(value) for value in args]
    written += [f"{name}={reprlib.repr(value)}" for name, value in keywords.items()]
    return f"({', '.join(written)})"


def _place_of(function: Any) -> tuple[str, int] | None:
    function = inspect.unwrap(function)
    while isinstance(function, functools.partial | functools.partialmethod):
        function = function.func
    if not inspect.isfunction(function):
        return None
    return function.__code__.co_filename, function.__code__.co_firstlineno


def entry(entry: Any) -> str:
    """What stands in a loop's queue: a task, or a handle; of one that steps a task, that task."""
    owner = getattr(getattr(entry, "_callback", None), "__self__", None)
    return repr(owner if hasattr(owner, "get_coro") else entry)


# Futures and tasks ---------------------------------------------------------------------------


def future_facts(future: Future[Any]) -> list[str]:
    """What there is to say of a future: its state, its outcome, who waits for it."""
    facts = [future._state.lower()]
    if future._exception is not None:
        facts.append(f"exception={future._exception!r}")
    elif future._state == "FINISHED":
        facts.append(f"result={reprlib.repr(future._result)}")
    if callbacks := future._all_callbacks():
        shown = [callback(function, (), debug=False) for function, _ in callbacks]
        if len(shown) > 2:
            shown[1:-1] = [f"<{len(shown) - 2} more>"]
        facts.append(f"cb=[{', '.join(shown)}]")
    if future._source_traceback:
        origin = future._source_traceback[-1]
        facts.append(f"created at {origin.filename}:{origin.lineno}")
    return facts


def task_facts(task: Task[Any]) -> list[str]:
    """The same of a task: also its name, its coroutine, and what it waits for."""
    facts = future_facts(task)
    if task.cancelling() and not task.done():
        facts[0] = "cancelling"
    facts.insert(1, f"name={task.get_name()!r}")
    if task._fut_waiter is not None:
        facts.insert(2, f"wait_for={task._fut_waiter!r}")
    if task._coro is not None:
        facts.insert(2, f"coro=<{coroutine(task._coro)}>")
    return facts


def coroutine(coroutine: Any) -> str:
    """A coroutine's call, and where it is: running, paused at a line, or done."""
    name = getattr(coroutine, "__qualname__", None) or getattr(coroutine, "__name__", None)
    call = f"{name or f'<{type(coroutine).__name__} without __name__>'}()"
    code = getattr(coroutine, "cr_code", None) or getattr(coroutine, "gi_code", None)
    running = getattr(coroutine, "cr_running", None) or getattr(coroutine, "gi_running", None)
    if code is None:
        return f"{call} running" if running else call
    file = code.co_filename or "<empty co_filename>"
    frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
    if frame is None:
        return f"{call} done, defined at {file}:{code.co_firstlineno}"
    return f"{call} running at {file}:{frame.f_lineno}"


# Stacks --------------------------------------------------------------------------------------


def task_stack(task: Task[Any], limit: int | None) -> list[FrameType]:
    """The frames of a task, the oldest first; of one that has failed, those of its traceback.

    Of a suspended coroutine the interpreter shows the outermost frame only.
    """
    frame = next(_frames_of(task._coro), None)
    if frame is not None:
        frames = [each for each, _ in traceback.walk_stack(frame)]
        return frames[:limit][::-1]
    if task._exception is None:
        return []
    frames = [each for each, _ in traceback.walk_tb(task._exception.__traceback__)]
    return frames[:limit]


def _frames_of(coroutine: Any) -> Iterator[FrameType]:
    for attribute in ("cr_frame", "gi_frame", "ag_frame"):
        if (frame := getattr(coroutine, attribute, None)) is not None:
            yield frame


def print_task_stack(task: Task[Any], limit: int | None, file: TextIO | None) -> None:
    """Print what `task_stack` gives, as a traceback is printed."""
    out = sys.stderr if file is None else file
    frames = task_stack(task, limit)
    error = task._exception
    if not frames:
        print(f"No stack for {task!r}", file=out)
    elif error is not None:
        print(f"Traceback for {task!r} (most recent call last):", file=out)
    else:
        print(f"Stack for {task!r} (most recent call last):", file=out)
    traceback.print_list([_entry(frame) for frame in frames], file=out)
    if error is not None:
        for line in traceback.format_exception_only(type(error), error):
            print(line, file=out, end="")


def _entry(frame: FrameType) -> tuple[str, int, str, str | None]:
    code = frame.f_code
    linecache.checkcache(code.co_filename)
    line = linecache.getline(code.co_filename, frame.f_lineno, frame.f_globals)
    return code.co_filename, frame.f_lineno, code.co_name, line
