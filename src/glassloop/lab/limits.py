"""How long a cell may run: a number of steps, not of seconds, so that it is the same everywhere.

A step is a jump back in a loop, a call, or the resumption of a generator or coroutine. Counting
these finds every program that never ends, and costs little beside counting lines.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

from glassloop.lab.tracebacks import is_readers

STEP_LIMIT = 5_000_000

# Events of a trace function for each step, about.
INSTRUCTIONS_PER_STEP = 4

# Code that is never stopped: the lab itself must be able to end a cell that has gone too far.
_EXEMPT = (os.path.dirname(__file__), contextlib.__file__)


class StepLimit(BaseException):
    """A cell has run for more steps than it may. No `except Exception` catches it."""


class _Counter:
    """Counts down, and from zero on stops the program at every further step.

    At every one, since `except:` would catch a single exception and go on.
    """

    def __init__(self, limit: int) -> None:
        self.left = limit

    def step(self, code: types.CodeType, *_: object) -> None:
        """Count a step made in `code`."""
        self.left -= 1
        if self.left < 0 and not code.co_filename.startswith(_EXEMPT):
            self.stop()

    def stop(self) -> None:
        raise StepLimit


class _TraceCounter(_Counter):
    """The same for `sys.settrace`, which is switched off by a trace function that raises."""

    def stop(self) -> None:
        _raise_soon(StepLimit)


@contextlib.contextmanager
def step_limit(limit: int = STEP_LIMIT) -> Iterator[None]:
    """Raise `StepLimit` in the program once it has made more than `limit` steps."""
    with _monitored(limit) if sys.version_info >= (3, 12) else _traced(limit):
        yield


@contextlib.contextmanager
def _monitored(limit: int) -> Iterator[None]:
    counter = _Counter(limit)
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # from 3.12
    events = monitoring.events
    watched = (events.JUMP, events.PY_START, events.PY_RESUME)
    tool = next(number for number in range(6) if monitoring.get_tool(number) is None)
    monitoring.use_tool_id(tool, "glassloop step limit")
    for event in watched:
        monitoring.register_callback(tool, event, counter.step)
    monitoring.set_events(tool, sum(watched))
    try:
        yield
    finally:
        monitoring.set_events(tool, 0)
        for event in watched:
            monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)


@contextlib.contextmanager
def _traced(limit: int) -> Iterator[None]:
    """For Python 3.11, whose trace functions know of instructions and lines instead of jumps.

    Instructions too, since `while True: pass` on one line never comes to another line.
    """
    counter = _TraceCounter(limit * INSTRUCTIONS_PER_STEP)

    def trace(frame: types.FrameType, event: str, argument: object) -> Any:
        if event == "call":
            frame.f_trace_opcodes = is_readers(frame.f_code)
        counter.step(frame.f_code)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
        if counter.left < 0:
            _raise_soon(None)


def _raise_soon(error: type[BaseException] | None) -> None:
    """Let the interpreter raise `error` in this thread at its next check; None takes it back."""
    import ctypes  # not in a browser, which has sys.monitoring

    argument = ctypes.py_object() if error is None else ctypes.py_object(error)
    thread = ctypes.c_ulong(threading.get_ident())
    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, argument)
