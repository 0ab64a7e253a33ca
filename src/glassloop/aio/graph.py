"""Who awaits whom: the frames that a task is paused in, and the tasks that wait for it.

Nothing is written down for this while tasks run. A future knows its waiting task, and what it has
to call when it is done; from these the graph is read when somebody asks.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any, TextIO

from . import running
from .futures import Future
from .tasks import Task

_KINDS = (
    (inspect.CO_COROUTINE, "async "),
    (inspect.CO_ASYNC_GENERATOR, "async generator "),
    (inspect.CO_GENERATOR, "generator "),
)
_PAUSED = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_GENERATOR


@dataclass(frozen=True, slots=True)
class FrameCallGraphEntry:
    """One call."""

    frame: FrameType


@dataclass(frozen=True, slots=True)
class FutureCallGraph:
    """A future, the calls that it is in (the innermost first), and the graphs of who awaits it."""

    future: Future[Any]
    call_stack: tuple[FrameCallGraphEntry, ...]
    awaited_by: tuple[FutureCallGraph, ...]


def future_add_to_awaited_by(fut: Any, waiter: Any, /) -> None:
    """Say that `waiter` waits for `fut` in a way that no callback of the fut tells."""
    if isinstance(fut, Future) and isinstance(waiter, Future):
        fut._awaited_otherwise = fut._awaited_otherwise | {waiter}


def future_discard_from_awaited_by(fut: Any, waiter: Any, /) -> None:
    """Say that it does so no more."""
    if isinstance(fut, Future) and isinstance(waiter, Future):
        fut._awaited_otherwise = fut._awaited_otherwise - {waiter}


def capture_call_graph(
    future: Future[Any] | None = None, /, *, depth: int = 1, limit: int | None = None
) -> FutureCallGraph | None:
    """The graph of a future, by default of the current task; None where there is no such task.

    Of the current task the `depth` innermost calls are left out. `limit` keeps so many calls of
    each stack: the outermost where it is positive, the innermost where it is negative.
    """
    loop = running._get_running_loop()
    if future is None and loop is None:
        raise RuntimeError(
            "capture_call_graph() is called outside of a running event loop and no *future* "
            "to introspect was provided"
        )
    current = None if loop is None else running.current_task(loop)
    if future is not None and future is not current:
        return _graph_of(future, limit)
    if current is None:
        return None
    frames = [] if limit == 0 else _calls_of_current_task(sys._getframe(depth))
    return FutureCallGraph(current, _entries(frames, limit), _graphs_of_awaiters(current, limit))


def _graph_of(future: Any, limit: int | None) -> FutureCallGraph:
    if not isinstance(future, Future):
        raise TypeError(f"{future!r} object does not appear to be compatible with asyncio.Future")
    coroutine = future.get_coro() if isinstance(future, Task) and limit != 0 else None
    frames = _paused_frames(coroutine)[::-1]
    return FutureCallGraph(future, _entries(frames, limit), _graphs_of_awaiters(future, limit))


def _paused_frames(awaited: Any) -> list[FrameType]:
    """The frames of a coroutine and of what it awaits, as far as the interpreter shows them."""
    frames = []
    while (paused := _paused(awaited)) is not None:
        frame, awaited = paused
        frames.append(frame)
    return frames


def _paused(awaited: Any) -> tuple[FrameType, Any] | None:
    """The frame of a coroutine or an async generator that is paused, and what it awaits."""
    for frame, inner in (("cr_frame", "cr_await"), ("ag_frame", "ag_await")):
        if getattr(awaited, frame, None) is not None:
            return getattr(awaited, frame), getattr(awaited, inner)
    return None


def _calls_of_current_task(frame: FrameType | None) -> list[FrameType]:
    """From this call out to the task's own coroutine, which a plain function of the loop called."""
    frames: list[FrameType] = []
    while frame is not None:
        was_async = bool(frames) and bool(frames[-1].f_code.co_flags & _PAUSED)
        if was_async and not frame.f_code.co_flags & _PAUSED:
            break
        frames.append(frame)
        frame = frame.f_back
    return frames


def _entries(frames: list[FrameType], limit: int | None) -> tuple[FrameCallGraphEntry, ...]:
    if limit is not None:
        frames = frames[max(0, len(frames) - limit) :] if limit >= 0 else frames[:-limit]
    return tuple(FrameCallGraphEntry(frame) for frame in frames)


def _graphs_of_awaiters(future: Future[Any], limit: int | None) -> tuple[FutureCallGraph, ...]:
    return tuple(_graph_of(awaiter, limit) for awaiter in future._asyncio_awaited_by or ())


def format_call_graph(
    future: Future[Any] | None = None, /, *, depth: int = 1, limit: int | None = None
) -> str:
    """The same in lines of text; empty where there is no task."""
    graph = capture_call_graph(future, depth=depth + 1, limit=limit)
    return "" if graph is None else "\n".join(_lines(graph))


def _lines(graph: FutureCallGraph) -> list[str]:
    future = graph.future
    name = f"name={future.get_name()!r}, " if isinstance(future, Task) else ""
    lines = [f"* {'Task' if name else 'Future'}({name}id={id(future):#x})"]
    if graph.call_stack:
        lines.append("  + Call stack:")
        lines += [f"  |   {_place(entry.frame)}" for entry in graph.call_stack]
    if graph.awaited_by:
        lines.append("  + Awaited by:")
        lines += [f"    {line}" for awaiter in graph.awaited_by for line in _lines(awaiter)]
    return lines


def _place(frame: FrameType) -> str:
    code = frame.f_code
    kind = next((word for flag, word in _KINDS if code.co_flags & flag), "")
    return f"File {code.co_filename!r}, line {frame.f_lineno}, in {kind}{code.co_qualname}()"


def print_call_graph(
    future: Future[Any] | None = None,
    /,
    *,
    file: TextIO | None = None,
    depth: int = 1,
    limit: int | None = None,
) -> None:
    """Print it, to standard output or to a file."""
    print(format_call_graph(future, depth=depth + 1, limit=limit), file=file)
